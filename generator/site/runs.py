"""Sets the cut text of a comparison: paragraphs of flat runs in three renderings, with note references between them.

In: a `Comparison`. Out: a `Layout`: for every row its paragraphs inline, of a alone and of b alone, the order of the notes
on the page, where each is referred to, and what it quotes. All is flat: no mark nests in another, a reference never stands
inside `del` or `ins`. No HTML here; `view` adds words and numbers.

Laws: the inline runs that are not `del` (and not `sp`) are b's text, those that are not `ins` a's; so is each text alone.

Ids: `d-<note>` where a note's passage starts (`d-<note>_2` in the next row that holds some of it), `ref-<note>` where its
number stands, `ref-<note>_a` and `ref-<note>_b` in the texts alone. A note's own id has no underscore, so ids are unique.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from generator.model import Block, Comparison, Pair, Placement, Row, Style
from generator.site.cut import BARE, Cover, Mark, Piece, RowSide, Step, joined, kept_pieces, pieces, row_sides, steps
from generator.site.looks import Look, MoveLink, looks

CLOSING = frozenset(",.;:!?…)]}’”'\"»%")
"""An insertion that starts with one of these stands tight against the deletion before it."""


class Reference(NamedTuple):
    """A place where a note's number stands; `note` is the index of its placement. `is_first`: the margin note belongs here."""

    id: str
    note: int
    is_first: bool


class Run(NamedTuple):
    """Text that is set in one way. What all three renderings share; each heeds what concerns it.

    `tag`: `del`, `ins`, `sp` for the space between a deletion and its insertion, `gap` for a caret, nothing for kept words.
    `form`: `w`, `kp` as in `Piece`, `pb` a paragraph break of a alone. `look`: of the change that it belongs to. Inline, a
    change starts where `opens` and ends where `closes`, and `move` stands behind the text. `styles`: outermost first.
    """

    text: str
    tag: str = ""
    form: str = ""
    mark: Mark | None = None
    styles: tuple[Style, ...] = ()
    look: Look | None = None
    opens: bool = False
    closes: bool = False
    move: MoveLink | None = None
    references: tuple[Reference, ...] = ()


class Paragraph(NamedTuple):
    """A block of text; `block` says how it is set."""

    block: Block
    runs: Sequence[Run]


class Fragment(NamedTuple):
    """A stretch of a note's quotation, and whether it differs from the other text."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class RowRuns:
    """One row in its three renderings. `notes`: those with a reference in the row."""

    row: Row
    sides: Pair[RowSide]
    script: tuple[Step, ...]
    inline: tuple[Paragraph, ...]
    alone: Pair[tuple[Paragraph, ...]]
    notes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Layout:
    """All rows.

    `references`: of each note the inline ones, with the index of the row each stands in; its order is the order of the page.
    A note that is not in it stands nowhere. `quotes`: by note, of each side.
    """

    rows: tuple[RowRuns, ...]
    references: Mapping[int, tuple[tuple[Reference, int], ...]]
    quotes: Pair[Mapping[int, tuple[Fragment, ...]]]


def lay_out(comparison: Comparison) -> Layout:
    """All rows of a comparison, with its notes in the order of the page."""
    setter = _Setter(comparison)
    rows = [
        setter.row(index, row, sides, steps(row, comparison.articles))
        for index, (row, sides) in enumerate(zip(comparison.rows, row_sides(comparison), strict=True))
    ]
    references = {note: tuple(found) for note, found in setter.references.items()}
    return Layout(tuple(rows), references, setter.quotes.map(lambda quotes: quotes.done()))


class _Setter:
    """Sets pieces as runs, and gives out the ids of a page. Duty: every id is given once."""

    def __init__(self, comparison: Comparison) -> None:
        placements = comparison.placements
        self.keys = tuple(placement.annotation.id for placement in placements)
        self.wordless = frozenset(note for note, placement in enumerate(placements) if _is_wordless(placement))
        self.looks = looks(comparison.rows)
        self.references: dict[int, list[tuple[Reference, int]]] = {}
        self.quotes = comparison.articles.map(lambda article: _Quotes(article.text))
        self.counts: Counter[str] = Counter()

    def row(self, index: int, row: Row, sides: Pair[RowSide], script: tuple[Step, ...]) -> RowRuns:
        """A row in its three renderings, set in one pass: they share their runs wherever nothing tells them apart."""
        inline, a, b = _Pen((sides.b if sides.b.blocks else sides.a).blocks), _Pen(sides.a.blocks), _Pen(sides.b.blocks)
        for step in script:
            if step.change is None:
                for piece in kept_pieces(sides, step):
                    self._kept(piece, inline, a, b)
            else:
                self._change(_change_pieces(sides, step), self.looks[step.change.id], inline, a, b)
        notes = inline.last_places(sides.a.ended | sides.b.ended)
        for note, place in notes:
            reference = Reference(self._id("ref-" + self.keys[note]), note, note not in self.references)
            self.references.setdefault(note, []).append((reference, index))
            inline.refer(place, reference)
        found = {note for note, _ in notes} | self._refer(a, sides.a, "a") | self._refer(b, sides.b, "b")
        return RowRuns(row, sides, script, inline.paragraphs(), Pair(a.paragraphs(), b.paragraphs()), frozenset(found))

    def _refer(self, pen: _Pen, side: RowSide, name: str) -> set[int]:
        """The references in the text of one side."""
        notes = pen.last_places(side.ended)
        for note, place in notes:
            pen.refer(place, Reference(self._id(f"ref-{self.keys[note]}_{name}", ""), note, is_first=False))
        return {note for note, _ in notes}

    def _kept(self, piece: Pair[Piece], inline: _Pen, a: _Pen, b: _Pen) -> None:
        """Words of both texts."""
        if piece.a.cover is BARE and piece.b.cover is BARE and piece.a.text:
            run = Run(piece.a.text)
            for pen in (inline, a, b):
                pen.runs.append(run)
        elif piece.a.text:
            for pen, one, quotes in ((a, piece.a, self.quotes.a), (b, piece.b, self.quotes.b)):
                pen.add(Run(one.text, mark=one.cover.mark, styles=one.cover.styles), one.cover)
                quotes.add(one, differs=False)
            cover = joined(piece.a.cover, piece.b.cover)
            inline.add(Run(piece.a.text, mark=self._mark(cover, inline), styles=cover.styles), cover)
        else:
            self._gap(piece.a, inline, a)
            self._gap(piece.b, inline, b)
        if piece.a.form == "br":
            for pen in (inline, a, b):
                pen.stop()

    def _gap(
        self, piece: Piece, inline: _Pen, pen: _Pen, look: Look | None = None, *, opens: bool = False, closes: bool = False
    ) -> None:
        """A caret: in the text of its side, and inline when the note has no words anywhere."""
        if piece.form != "gap":
            return
        pen.add(Run("", "gap"), piece.cover)
        if piece.cover.notes[0] in self.wordless:
            inline.add(Run("", "gap", mark=self._mark(piece.cover, inline), look=look, opens=opens, closes=closes), piece.cover)
        elif opens or closes:
            inline.runs.append(Run("", "sp", look=look, opens=opens, closes=closes))

    def _change(self, chosen: Sequence[tuple[str, Piece]], look: Look, inline: _Pen, a: _Pen, b: _Pen) -> None:
        """The runs of a change. A break of b starts a paragraph; one of a alone only where b has no text."""
        link_at = _link_place(chosen) if look.move else -1
        last = len(chosen) - 1
        opens = True
        is_quiet = look.classes == "ty"
        for index, (tag, (found, text, _, cover)) in enumerate(chosen):
            pen = a if tag == "del" else b
            is_break = found == "br"
            ends_paragraph = is_break and (tag == "ins" or not b.blocks)
            if found == "gap":
                self._gap(chosen[index][1], inline, pen, look, opens=opens, closes=index == last)
                opens = False
                continue
            form = found if not is_break else "w" if ends_paragraph else "pb"
            closes = ends_paragraph or index == last
            move = look.move if index == link_at else None
            if cover is BARE:
                run = Run(text, tag, form, None, (), look, opens, closes, move, ())
                inline.runs.append(run)
                if tag != "sp":
                    pen.runs.append(run)
            else:
                run = Run(text, tag, form, self._mark(cover, inline), cover.styles, look, opens, closes, move, ())
                inline.add(run, cover)
                if tag != "sp":
                    pen.add(run, cover)
                    quotes = self.quotes.a if tag == "del" else self.quotes.b
                    quotes.add(chosen[index][1], differs=not is_quiet and not form)
            if is_break:
                pen.stop()
            opens = ends_paragraph
            if ends_paragraph:
                inline.stop()
                look = look._replace(id="")

    def _mark(self, cover: Cover, pen: _Pen) -> Mark | None:
        """The mark of a piece; in each row the first one of a note carries an id."""
        fresh = [note for note in cover.notes if note not in pen.first]
        if not fresh:
            return cover.mark
        ids = tuple(self._id("d-" + self.keys[note]) for note in fresh)
        return cover.mark._replace(ids=ids) if cover.mark else Mark("minor", "", ids)

    def _id(self, stem: str, joint: str = "_") -> str:
        """`stem`, and from its second use on with its number."""
        self.counts[stem] += 1
        return stem if self.counts[stem] == 1 else f"{stem}{joint}{self.counts[stem]}"


def _is_wordless(placement: Placement) -> bool:
    return all(anchor.span.start == anchor.span.end for anchors in placement.anchors for anchor in anchors)


class _Pen:
    """Writes the runs of one rendering of one row. `first`, `last`: for each note its first and last run."""

    __slots__ = ("blocks", "first", "last", "runs", "stops")

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.runs: list[Run] = []
        self.stops: list[int] = []
        self.first: dict[int, int] = {}
        self.last: dict[int, int] = {}

    def add(self, run: Run, cover: Cover) -> None:
        """A run, and the notes that cover it."""
        for note in cover.notes:
            self.first.setdefault(note, len(self.runs))
            self.last[note] = len(self.runs)
        self.runs.append(run)

    def stop(self) -> None:
        """Ends a paragraph."""
        self.stops.append(len(self.runs))

    def refer(self, place: int, reference: Reference) -> None:
        """Sets a reference behind a run."""
        run = self.runs[place]
        self.runs[place] = run._replace(references=(*run.references, reference))

    def last_places(self, ended: set[int]) -> list[tuple[int, int]]:
        """The notes that end in the row, with their last runs; in the order of the text, then of their first runs."""
        found = [(note, self.last[note]) for note in ended if note in self.last]
        return sorted(found, key=lambda place: (place[1], self.first[place[0]], place[0]))

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The runs of each block; white space between blocks belongs to the one before it."""
        if not self.stops:
            return tuple(Paragraph(block, self.runs) for block in self.blocks[:1])
        bounds = (0, *self.stops[: len(self.blocks) - 1], len(self.runs))
        return tuple(
            Paragraph(block, self.runs[start:end]) for block, (start, end) in zip(self.blocks, pairwise(bounds), strict=False)
        )


def _change_pieces(sides: Pair[RowSide], step: Step) -> list[tuple[str, Piece]]:
    """What a has, a separator, what b has."""
    change = step.change
    dels = [("del", piece) for piece in pieces(sides.a, step, "a")]
    inss = [("ins", piece) for piece in pieces(sides.b, step, "b")]
    if not dels or not inss or change is None or change.kinds[0] in _UNSPACED:
        return dels + inss
    before = next((piece for _, piece in reversed(dels) if piece.text), None)
    after = next((piece for _, piece in inss if piece.text), None)
    if not before or not after or before.text[-1].isspace() or after.text[0].isspace() or after.text[0] in CLOSING:
        return dels + inss
    is_shared = before.cover.notes == after.cover.notes and after.cover.mark is not None
    cover = Cover(after.cover.notes, after.cover.mark, ()) if is_shared else BARE
    return [*dels, ("sp", Piece("", " ", after.start, cover)), *inss]


_UNSPACED = frozenset({"inflection", "typographic"})
"""Kinds of change inside a word."""


def _link_place(chosen: Sequence[tuple[str, Piece]]) -> int:
    """The last piece that is more than white space."""
    return max((index for index, (_, piece) in enumerate(chosen) if piece.text and not piece.text.isspace()), default=-1)


class _Quotes:
    """Collects what each note quotes of one text, row by row."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fragments: dict[int, list[Fragment]] = {}
        self.ends: dict[int, int] = {}

    def add(self, piece: Piece, *, differs: bool) -> None:
        """A piece that notes cover."""
        for note in piece.cover.notes:
            found = self.fragments.setdefault(note, [])
            end = self.ends.get(note, piece.start)
            if end < piece.start:
                found.append(Fragment(" " if self.text[end : piece.start].isspace() else " … ", differs=False))
            found.append(Fragment(piece.text, differs))
            self.ends[note] = piece.start + len(piece.text)

    def done(self) -> dict[int, tuple[Fragment, ...]]:
        """Each note's quotation; where all of it differs, nothing is singled out."""
        return {note: tuple(_joined(fragments)) for note, fragments in self.fragments.items()}


def _joined(fragments: Sequence[Fragment]) -> Iterator[Fragment]:
    """Neighbours of one kind as one."""
    has_kept = any(not fragment.differs and fragment.text.strip(" …") for fragment in fragments)
    text, state = "", False
    for fragment in fragments:
        differs = fragment.differs and has_kept
        if differs != state and text:
            yield Fragment(text, state)
            text = ""
        text, state = text + fragment.text, differs
    if text:
        yield Fragment(text, state)
