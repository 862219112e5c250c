"""Cuts each row of a comparison at the union of all boundaries: edits, passages of notes, inline styles, blocks.

In: a `Comparison`. Out: for each row its two sides (what cuts them, and what covers each stretch between two cuts), its steps,
and pieces: stretches of text that are set in one way. Ids, numbers and references come later (`runs`).

    Kim ⟦first|initially⟧ said, a note on "first"   →   step 2, side a: one piece "first", covered by the note

Law: the pieces of the steps of one side, in order, are that side's text, code point for code point.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from generator.model import Anchor, Article, Block, Change, Comparison, NoteSeverity, Pair, Placement, Row, Span, Style
from generator.site.labels import SEVERITIES, external_link


class Step(NamedTuple):
    """A step of a script; without a `change` both spans hold the same text."""

    change: Change | None
    a: Span
    b: Span


class Mark(NamedTuple):
    """That text belongs to notes: severity of the weightiest, their keys (space separated), and ids that start here."""

    severity: NoteSeverity
    keys: str
    ids: tuple[str, ...] = ()


class Cover(NamedTuple):
    """What lies over a stretch: notes (indices of placements), their mark, and inline styles, the outermost first."""

    notes: tuple[int, ...]
    mark: Mark | None
    styles: tuple[Style, ...]


class Piece(NamedTuple):
    """Text that is set in one way.

    `form`: `w` white space at the edge of a change, `kp` words kept inside a rewritten sentence, `br` white space between
    blocks, `gap` (without text) the place where a note says that something is not.
    """

    form: str
    text: str
    start: int
    cover: Cover


class Gap(NamedTuple):
    """A place between words that a note points at."""

    offset: int
    is_after: bool
    note: int


class _Passage(NamedTuple):
    start: int
    end: int
    note: int


BARE = Cover((), None, ())
"""Over text that no note and no style touches."""


@dataclass(slots=True)
class RowSide:
    """One side of a row.

    `cuts`: sorted offsets; `covers[i]` lies before `cuts[i]`, the last one behind the last cut; `breaks`: offsets at which
    white space between blocks starts; `ended`: notes of which a passage or a gap ends here.
    """

    text: str
    span: Span
    blocks: tuple[Block, ...]
    breaks: frozenset[int]
    styles: list[Style]
    passages: list[_Passage]
    gaps: list[Gap]
    cuts: list[int]
    covers: list[Cover]
    ended: set[int]


# ------------------------------------------------------------------ what cuts


def row_sides(comparison: Comparison) -> tuple[Pair[RowSide], ...]:
    """Both sides of every row, with all that cuts them."""
    a = _article_sides(comparison.articles.a, [(row.blocks.a, row.spans.a) for row in comparison.rows])
    b = _article_sides(comparison.articles.b, [(row.blocks.b, row.spans.b) for row in comparison.rows])
    for note, placement in enumerate(comparison.placements):
        _place(a, note, placement.anchors.a)
        _place(b, note, placement.anchors.b)
    for side in (*a, *b):
        side.cuts = sorted(set(side.cuts))
        side.covers = _covers(side, comparison.placements)
    return tuple(Pair(*both) for both in zip(a, b, strict=True))


def _article_sides(article: Article, rows: Sequence[tuple[range, Span]]) -> list[RowSide]:
    shown = [style for style in article.source.styles if style.tag != "a" or external_link(style.href)]
    sides = []
    for chosen, span in rows:
        blocks = article.blocks[chosen.start : chosen.stop]
        spaces = [(one.span.end, other.span.start) for one, other in pairwise(blocks)]
        styles = [style for style in shown if style.span.start < span.end and style.span.end > span.start]
        cuts = [offset for space in spaces for offset in space] + [offset for style in styles for offset in style.span]
        breaks = frozenset(start for start, _ in spaces)
        sides.append(RowSide(article.text, span, blocks, breaks, styles, [], [], cuts, [], set()))
    return sides


def _place(sides: Sequence[RowSide], note: int, anchors: Iterable[Anchor]) -> None:
    """Notes the anchors of a note in the rows that they touch."""
    for anchor in anchors:
        start, end = anchor.span
        if start == end:
            _place_gap(sides, note, start, is_after=anchor.selector.gap == "after")
            continue
        touched = [side for side in sides if side.blocks and side.span.start < end and side.span.end > start]
        for side in touched:
            passage = _Passage(max(start, side.span.start), min(end, side.span.end), note)
            side.passages.append(passage)
            side.cuts += passage[:2]
        if touched:
            touched[-1].ended.add(note)


def _place_gap(sides: Sequence[RowSide], note: int, offset: int, *, is_after: bool) -> None:
    """Notes a gap in the row of the words that it follows or precedes."""
    filled = [side for side in sides if side.blocks]
    if not filled:
        return
    if is_after:
        side = next((side for side in reversed(filled) if side.span.start < offset), filled[0])
    else:
        side = next((side for side in filled if side.span.end > offset), filled[-1])
    offset = min(max(offset, side.span.start), side.span.end)
    is_after = (is_after or offset == side.span.end) and offset > side.span.start
    side.gaps.append(Gap(offset, is_after, note))
    side.cuts.append(offset)
    side.ended.add(note)


def _covers(side: RowSide, placements: Sequence[Placement]) -> list[Cover]:
    """What lies over each stretch between two cuts."""
    if not side.passages and not side.styles:
        return [BARE] * (len(side.cuts) + 1)
    covers = []
    for start, end in pairwise((-1, *side.cuts, len(side.text) + 1)):
        notes = tuple(dict.fromkeys(note for one, other, note in side.passages if one <= start and end <= other))
        styles = tuple(style for style in side.styles if style.span.start <= start and end <= style.span.end)
        covers.append(Cover(notes, _mark(notes, placements), styles) if notes or styles else BARE)
    return covers


def _mark(notes: tuple[int, ...], placements: Sequence[Placement]) -> Mark | None:
    if not notes:
        return None
    annotations = [placements[note].annotation for note in notes]
    severity = min((annotation.severity for annotation in annotations), key=SEVERITIES.index)
    return Mark(severity, " ".join(annotation.id for annotation in annotations))


# ------------------------------------------------------------------ steps


def steps(row: Row, articles: Pair[Article]) -> tuple[Step, ...]:
    """The row's script; the common stem of an inflected word is a kept step of its own."""
    found = []
    for step in row.script:
        if not isinstance(step, Change):
            found.append(Step(None, step.spans.a, step.spans.b))
            continue
        spans = step.edit.spans
        stem = _stem(spans, articles) if step.kinds[0] == "inflection" and step.edit.tag == "replace" else 0
        if stem:
            found.append(Step(None, Span(spans.a.start, spans.a.start + stem), Span(spans.b.start, spans.b.start + stem)))
            found.append(Step(step, Span(spans.a.start + stem, spans.a.end), Span(spans.b.start + stem, spans.b.end)))
        else:
            found.append(Step(step, spans.a, spans.b))
    return tuple(found)


def _stem(spans: Pair[Span], articles: Pair[Article]) -> int:
    """How many code points both words share at their start, without cutting a letter from its accents."""
    words = (spans.a.of(articles.a.text), spans.b.of(articles.b.text))
    length = next((index for index, (one, other) in enumerate(zip(*words, strict=False)) if one != other), min(map(len, words)))
    while length and any(unicodedata.combining(word[length]) for word in words if length < len(word)):
        length -= 1
    return length


# ------------------------------------------------------------------ pieces


def pieces(side: RowSide, step: Step, name: str) -> Sequence[Piece]:
    """The pieces of one side (`a` or `b`) of a change, with the gaps at their edges."""
    start, end = step.a if name == "a" else step.b
    if start == end:
        return ()
    text, cuts = side.text[start:end], side.cuts
    place = bisect_right(cuts, start)
    kept = _kept(step.change, name)
    has_edges = text[0].isspace() or text[-1].isspace()
    if not (has_edges or kept or side.gaps or side.breaks) and (place == len(cuts) or cuts[place] >= end):
        return (Piece("", text, start, side.covers[place]),)
    points = {start, end, *cuts[place : bisect_left(cuts, end)]}
    if has_edges and not text.isspace():
        points |= {end - len(text.lstrip()), start + len(text.rstrip())}
    forms = _kept_forms(side.text, kept, start, end)
    points.update(forms)
    found: list[Piece] = []
    form = ""
    for one, other in pairwise(sorted(points)):
        if side.gaps:
            _add_gaps(found, side, one, is_after=False)
        form = forms.get(one, form)
        text = side.text[one:other]
        shown = "br" if one in side.breaks else form or ("w" if text.isspace() else "")
        found.append(Piece(shown, text, one, side.covers[bisect_right(cuts, one)]))
        if side.gaps:
            _add_gaps(found, side, other, is_after=True)
    return found


def _kept_forms(text: str, kept: Sequence[Span], start: int, end: int) -> dict[int, str]:
    """Where the form changes between `start` and `end`: at what a rewritten sentence keeps and at the spaces beside it."""
    forms: dict[int, str] = {}
    for one, other in kept:
        if one > start and text[one - 1] == " ":
            forms.setdefault(one - 1, "")
        forms[one] = "kp"
        forms[other] = ""
        if other < end and text[other] == " ":
            forms.setdefault(other + 1, "")
    forms.pop(end, None)
    return forms


def kept_pieces(sides: Pair[RowSide], step: Step) -> Sequence[Pair[Piece]]:
    """The pieces of kept words, cut by what cuts either side, as they are in a and in b. A gap of one side is in both."""
    a, b = sides.a, sides.b
    (start_a, end_a), (start, end) = step.a, step.b
    in_a, in_b = bisect_right(a.cuts, start_a), bisect_right(b.cuts, start)
    has_cut = (in_a < len(a.cuts) and a.cuts[in_a] < end_a) or (in_b < len(b.cuts) and b.cuts[in_b] < end)
    if not (has_cut or a.gaps or b.gaps or b.breaks):
        text = b.text[start:end]
        return (Pair(Piece("", text, start_a, a.covers[in_a]), Piece("", text, start, b.covers[in_b])),)
    shift = start - start_a
    points = {start, end, *(cut + shift for cut in a.cuts[in_a : bisect_left(a.cuts, end_a)])}
    points.update(b.cuts[in_b : bisect_left(b.cuts, end)])
    found: list[Pair[Piece]] = []
    for one, other in pairwise(sorted(points)):
        found += _gaps(sides, one - shift, one, is_after=False)
        form, text = "br" if one in b.breaks else "", b.text[one:other]
        covers = a.covers[bisect_right(a.cuts, one - shift)], b.covers[bisect_right(b.cuts, one)]
        found.append(Pair(Piece(form, text, one - shift, covers[0]), Piece(form, text, one, covers[1])))
        found += _gaps(sides, other - shift, other, is_after=True)
    return found


def _kept(change: Change | None, name: str) -> tuple[Span, ...]:
    """What a rewritten sentence keeps, on one side."""
    if change is None or not change.edit.kept:
        return ()
    return tuple(stretch.a if name == "a" else stretch.b for stretch in change.edit.kept)


def _gaps(sides: Pair[RowSide], offset_a: int, offset_b: int, *, is_after: bool) -> list[Pair[Piece]]:
    """The gaps between kept words: on the side that lacks nothing an empty piece without a form."""
    found: Pair[list[Piece]] = Pair([], [])
    _add_gaps(found.a, sides.a, offset_a, is_after=is_after)
    _add_gaps(found.b, sides.b, offset_b, is_after=is_after)
    nothing = Piece("", "", offset_b, BARE)
    return [Pair(piece, nothing) for piece in found.a] + [Pair(nothing, piece) for piece in found.b]


def _add_gaps(found: list[Piece], side: RowSide, offset: int, *, is_after: bool) -> None:
    found.extend(
        Piece("gap", "", offset, Cover((gap.note,), None, ()))
        for gap in side.gaps
        if gap.offset == offset and gap.is_after == is_after
    )


def joined(a: Cover, b: Cover) -> Cover:
    """What lies over kept words in the inline text: notes of either side, styles of b."""
    if not a.mark:
        return b
    if not b.mark:
        return Cover(a.notes, a.mark, b.styles)
    keys = " ".join(dict.fromkeys(f"{a.mark.keys} {b.mark.keys}".split()))
    severity = min(a.mark.severity, b.mark.severity, key=SEVERITIES.index)
    return Cover(tuple(dict.fromkeys(a.notes + b.notes)), Mark(severity, keys), b.styles)
