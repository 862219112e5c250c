"""Cuts each row of a comparison at the union of all boundaries: edits, passages of notes, inline styles, blocks.

In: a `Comparison`. Out: for each row its two sides (what cuts them, and what covers each stretch between two cuts), its steps,
and pieces: stretches of text that are set in one way. Ids, numbers and references come later (`runs`).

    Kim ⟦first|initially⟧ said, a note on "first"   →   step 2, side a: one piece "first", covered by the note

Law: the pieces of the steps of one side, in order, are that side's text, code point for code point.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
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


Piece = tuple[str, str, int, Cover]
"""Text that is set in one way: form, text, start, cover. A bare tuple: a page makes 600, and a named one costs four times as much.

Forms: `w` white space at the edge of a change, `kp` words kept inside a rewritten sentence, `br` white space between blocks,
`gap` (without text) the place where a note says that something is not.
"""


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
    _place_all(a, [placement.anchors.a for placement in comparison.placements])
    _place_all(b, [placement.anchors.b for placement in comparison.placements])
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


def _place_all(sides: Iterable[RowSide], anchors: Iterable[Iterable[Anchor]]) -> None:
    """Notes the anchors of every note in the rows that they touch."""
    filled = [side for side in sides if side.blocks]
    ends = [side.span.end for side in filled]
    for note, found in enumerate(anchors):
        for anchor in found:
            start, end = anchor.span
            if start == end:
                _place_gap(filled, note, start, is_after=anchor.selector.gap == "after")
            else:
                _place_passage(filled[bisect_right(ends, start) :], note, start, end)


def _place_passage(sides: Iterable[RowSide], note: int, start: int, end: int) -> None:
    """Notes a passage in the rows that it touches, of which the first of `sides` is the first that can be."""
    last = None
    for side in sides:
        if side.span.start >= end:
            break
        passage = _Passage(max(start, side.span.start), min(end, side.span.end), note)
        side.passages.append(passage)
        side.cuts += passage[:2]
        last = side
    if last:
        last.ended.add(note)


def _place_gap(filled: Sequence[RowSide], note: int, offset: int, *, is_after: bool) -> None:
    """Notes a gap in the row of the words that it follows or precedes."""
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
    covers = [BARE] * (len(side.cuts) + 1)
    if not side.passages and not side.styles:
        return covers
    place = {cut: index for index, cut in enumerate(side.cuts, start=1)}
    notes: list[list[int]] = [[] for _ in covers]
    styles: list[list[Style]] = [[] for _ in covers]
    for start, end, note in side.passages:
        for index in range(place[start], place[end]):
            if note not in notes[index]:
                notes[index].append(note)
    for style in side.styles:
        for index in range(place[style.span.start], place[style.span.end]):
            styles[index].append(style)
    for index, (over, set_in) in enumerate(zip(notes, styles, strict=True)):
        if over or set_in:
            covers[index] = Cover(tuple(over), _mark(over, placements), tuple(set_in))
    return covers


def _mark(notes: Sequence[int], placements: Sequence[Placement]) -> Mark | None:
    if not notes:
        return None
    if len(notes) == 1:
        annotation = placements[notes[0]].annotation
        return Mark(annotation.severity, annotation.id)
    annotations = [placements[note].annotation for note in notes]
    severity = min((annotation.severity for annotation in annotations), key=SEVERITIES.index)
    return Mark(severity, " ".join(annotation.id for annotation in annotations))


# ------------------------------------------------------------------ steps


def steps(row: Row, articles: Pair[Article]) -> tuple[Step, ...]:
    """The row's script; the common stem of an inflected word is a kept step of its own."""
    found = []
    for step in row.script:
        if not isinstance(step, Change):
            spans = step.spans
            found.append(Step(None, spans.a, spans.b))
            continue
        spans = step.edit.spans
        a, b = spans.a, spans.b
        stem = _stem(spans, articles) if step.kinds[0] == "inflection" and step.edit.tag == "replace" else 0
        if stem:
            found.append(Step(None, Span(a.start, a.start + stem), Span(b.start, b.start + stem)))
            a, b = Span(a.start + stem, a.end), Span(b.start + stem, b.end)
        found.append(Step(step, a, b))
    return tuple(found)


def _stem(spans: Pair[Span], articles: Pair[Article]) -> int:
    """How many code points both words share at their start, without cutting a letter from its accents."""
    words = (spans.a.of(articles.a.text), spans.b.of(articles.b.text))
    length = next((index for index, (one, other) in enumerate(zip(*words, strict=False)) if one != other), min(map(len, words)))
    while length and any(unicodedata.combining(word[length]) for word in words if length < len(word)):
        length -= 1
    return length


# ------------------------------------------------------------------ pieces


def pieces(side: RowSide, span: Span, kept: Sequence[Span]) -> list[Piece]:
    """The pieces of one side of a change, with the gaps at their edges; `kept`: what a rewritten sentence keeps of it."""
    start, end = span
    if start == end:
        return []
    text, cuts = side.text, side.cuts
    place = bisect_right(cuts, start)
    is_cut = place < len(cuts) and cuts[place] < end
    has_edges = text[start].isspace() or text[end - 1].isspace()
    if not (is_cut or has_edges or kept or side.gaps or side.breaks):
        return [("", text[start:end], start, side.covers[place])]
    points = {start, end}
    if is_cut:
        points.update(cuts[place : bisect_left(cuts, end)])
    if has_edges and not (whole := text[start:end]).isspace():
        points |= {end - len(whole.lstrip()), start + len(whole.rstrip())}
    forms: dict[int, str] = {}
    if kept:
        forms = _kept_forms(text, kept, start, end)
        points.update(forms)
    return _between(side, sorted(points), forms, place)


def _between(side: RowSide, points: Sequence[int], forms: Mapping[int, str], place: int) -> list[Piece]:
    """The pieces between points, among which are the cuts from `place` on; `forms`: where the form changes, and to which."""
    text, cuts, covers, gaps, breaks = side.text, side.cuts, side.covers, side.gaps, side.breaks
    found: list[Piece] = []
    form = ""
    one = points[0]
    cut = cuts[place] if place < len(cuts) else -1
    for other in points[1:]:
        if gaps:
            found += _gaps_at(side, one, is_after=False)
        if forms:
            form = forms.get(one, form)
        words = text[one:other]
        if one == cut:
            place += 1
            cut = cuts[place] if place < len(cuts) else -1
        found.append(("br" if one in breaks else form or ("w" if words.isspace() else ""), words, one, covers[place]))
        if gaps:
            found += _gaps_at(side, other, is_after=True)
        one = other
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


def kept_pieces(sides: Pair[RowSide], step: Step) -> list[tuple[Piece, Piece]]:
    """The pieces of kept words, cut by what cuts either side, as they are in a and in b. A gap of one side is in both."""
    a, b = sides.a, sides.b
    (start_a, end_a), (start, end) = step.a, step.b
    in_a, in_b = bisect_right(a.cuts, start_a), bisect_right(b.cuts, start)
    has_cut = (in_a < len(a.cuts) and a.cuts[in_a] < end_a) or (in_b < len(b.cuts) and b.cuts[in_b] < end)
    if not (has_cut or a.gaps or b.gaps or b.breaks):
        text = b.text[start:end]
        return [(("", text, start_a, a.covers[in_a]), ("", text, start, b.covers[in_b]))]
    shift = start - start_a
    points = {start, end, *(cut + shift for cut in a.cuts[in_a : bisect_left(a.cuts, end_a)])}
    points.update(b.cuts[in_b : bisect_left(b.cuts, end)])
    found: list[tuple[Piece, Piece]] = []
    for one, other in pairwise(sorted(points)):
        found += _gaps(sides, one - shift, one, is_after=False)
        form, text = "br" if one in b.breaks else "", b.text[one:other]
        cover_a, cover_b = a.covers[bisect_right(a.cuts, one - shift)], b.covers[bisect_right(b.cuts, one)]
        found.append(((form, text, one - shift, cover_a), (form, text, one, cover_b)))
        found += _gaps(sides, other - shift, other, is_after=True)
    return found


def _gaps(sides: Pair[RowSide], offset_a: int, offset_b: int, *, is_after: bool) -> list[tuple[Piece, Piece]]:
    """The gaps between kept words: on the side that lacks nothing an empty piece without a form."""
    nothing = ("", "", offset_b, BARE)
    found = [(piece, nothing) for piece in _gaps_at(sides.a, offset_a, is_after=is_after)] if sides.a.gaps else []
    return found + [(nothing, piece) for piece in _gaps_at(sides.b, offset_b, is_after=is_after)] if sides.b.gaps else found


def _gaps_at(side: RowSide, offset: int, *, is_after: bool) -> list[Piece]:
    return [
        ("gap", "", offset, Cover((gap.note,), None, ())) for gap in side.gaps if gap.offset == offset and gap.is_after == is_after
    ]


def joined(a: Cover, b: Cover) -> Cover:
    """What lies over kept words in the inline text: notes of either side, styles of b."""
    if not a.mark:
        return b
    if not b.mark:
        return Cover(a.notes, a.mark, b.styles)
    keys = " ".join(dict.fromkeys(f"{a.mark.keys} {b.mark.keys}".split()))
    severity = min(a.mark.severity, b.mark.severity, key=SEVERITIES.index)
    return Cover(tuple(dict.fromkeys(a.notes + b.notes)), Mark(severity, keys), b.styles)
