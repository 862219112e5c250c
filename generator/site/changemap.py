"""The change map: where two texts differ, a column a word, a above b, notes as pins.

In: rows as columns of words, and where notes stand. Out: numbers and path strings of one strip, and of the drawings around
it (wide and narrow). The strip is drawn once, in words, and stretched by the drawings; so its numbers are small and whole.

    strip: A ▇▇▁▇  ▇     columns: kept words in both lines, a's own above, b's own below
           B ▇▇▇▁  ▇
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.model import NoteSeverity, Pair, Span
from generator.site.cut import RowSide, Step
from generator.site.labels import SEVERITIES
from generator.site.looks import Place

GAP_WORDS = 7
"""White between two rows, in words. Fewer: rows run together; more: words become too thin. Sensible from 4 to 12."""

PIN_PITCH = 25.0
"""Least distance between two pins on a level, in pixels: the smallest target of WCAG 2.2 (2.5.8) is 24, and one for rounding."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w[^\s\u3040-\u30ff\u3400-\u9fff]*")
"""A column of the map: a word or number, or one character of a script without spaces. `segment` knows better; this is a drawing."""

_LINE = 20
_HEIGHT = 43


Column = tuple[str, int]
"""Consecutive words of one form, and how many: `k` kept, `x` changed, `n` in a discrepancy, `mv-` moved; then the side."""


class Reach(NamedTuple):
    """Where a note stands on the map: columns of a row from `start` to `end`, in words."""

    note: int
    row: int
    start: int
    end: int


class MapPath(NamedTuple):
    """All columns of one kind: class (`k` kept, `x` changed, `n` in a discrepancy, `mv` moved, `o` one version) and path data."""

    kind: str
    data: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip in words: `width` words wide, 43 units high."""

    width: int
    height: int
    paths: tuple[MapPath, ...]


class Pin(NamedTuple):
    """A note on the map: its number, at `x` and `y`."""

    note: int
    severity: NoteSeverity
    x: str
    y: str
    label_y: str


class Area(NamedTuple):
    """A row on the map: a link to it, and its number where there is room for one."""

    href: str
    x: str
    width: str
    label: str
    label_x: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map around the strip, in pixels. `stems`: path data by severity; a note without a place for its pin has a foot only."""

    width: int
    height: int
    strip_x: int
    strip_y: int
    strip_width: int
    strip_height: int
    label_y: str
    sigla_y: tuple[str, str]
    stems: tuple[tuple[NoteSeverity, str], ...]
    pins: tuple[Pin, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of a drawing: whole width, where the strip starts, its height, and how many levels of pins fit."""

    width: int
    strip_x: int
    strip_height: int
    levels: int
    label_pitch: float


WIDE = Frame(width=1120, strip_x=84, strip_height=43, levels=4, label_pitch=16)
NARROW = Frame(width=358, strip_x=1, strip_height=31, levels=8, label_pitch=15)


def columns(
    row: int, sides: Pair[RowSide], script: Iterable[Step], severities: Sequence[NoteSeverity]
) -> tuple[tuple[Column, ...], tuple[Reach, ...]]:
    """The words of a row as columns, in the order of the inline text, and how far each note reaches over them."""
    found: list[tuple[str, int]] = []
    reached: dict[int, tuple[int, int]] = {}
    place, last = 0, ""
    is_noted = bool(sides.a.passages or sides.a.gaps)
    for step in script:
        if step.change is None and is_noted:
            _reach_kept(reached, _counted(sides.a, step.a), place)
        for form, side, span in _stretches(sides, step):
            for words, notes in _counted(side, span):
                shown = form
                if notes:
                    _reach(reached, notes, place, place + words)
                    if form[0] == "x" and any(severities[note] != "checked" for note in notes):
                        shown = "n" + form[1]
                if words:
                    wider = found.pop()[1] if shown == last else 0
                    found.append((shown, wider + words))
                    last = shown
                    place += words
    return tuple(found), tuple([Reach(note, row, start, end) for note, (start, end) in reached.items()])


def _stretches(sides: Pair[RowSide], step: Step) -> tuple[tuple[str, RowSide, Span], ...]:
    """What a step draws, in its form; kept words are counted in b's text, once."""
    if step.change is None:
        return (("k", sides.b, step.b),)
    if step.change.move:
        return (("mv-a", sides.a, step.a), ("mv-b", sides.b, step.b))
    return (("xa", sides.a, step.a), ("xb", sides.b, step.b))


def _reach_kept(reached: dict[int, tuple[int, int]], stretches: Iterable[tuple[int, tuple[int, ...]]], start: int) -> None:
    """Notes what the notes of a reach in kept words."""
    for words, notes in stretches:
        _reach(reached, notes, start, start + words)
        start += words


def _reach(reached: dict[int, tuple[int, int]], notes: tuple[int, ...], start: int, end: int) -> None:
    """Notes that these notes reach from `start`, or where they began before, to `end`, or where they ended before."""
    for note in notes:
        first, last = reached.get(note, (start, end))
        reached[note] = (min(first, start), max(last, end))


def _counted(side: RowSide, span: Span) -> list[tuple[int, tuple[int, ...]]]:
    """Words and notes of each stretch between two cuts; a gap, of no words, stands where it cuts."""
    start, end = span
    if start == end:
        return []
    text, cuts, covers, gaps = side.text, side.cuts, side.covers, side.gaps
    place = bisect_right(cuts, start)
    found: list[tuple[int, tuple[int, ...]]] = []
    for cut in (*cuts[place : bisect_left(cuts, end)], end):
        if gaps:
            found += [(0, (gap.note,)) for gap in gaps if gap.offset == start and not gap.is_after]
        found.append((len(_WORD.findall(text, start, cut)), covers[place].notes))
        if gaps:
            found += [(0, (gap.note,)) for gap in gaps if gap.offset == cut and gap.is_after]
        start = cut
        place += 1
    return found


Laid = tuple[Sequence[Sequence[Column]], Sequence[Place], Sequence[Reach]]
"""Rows as columns, the place of each, and the notes among them."""


def mirrored(rows: Sequence[Sequence[Column]], places: Sequence[Place], reaches: Sequence[Reach]) -> Laid:
    """The same from the last word to the first, for texts that are read from right to left: a map begins where its texts begin."""
    last = len(rows) - 1
    widths = [sum([words for _, words in row]) for row in rows]
    turned = [Reach(note, last - row, widths[row] - end, widths[row] - start) for note, row, start, end in reaches]
    return [row[::-1] for row in reversed(rows)], places[::-1], turned


def strip(rows: Iterable[Sequence[Column]]) -> tuple[Strip, tuple[tuple[int, int], ...]]:
    """The strip, and for each row where it starts and how wide it is, in words."""
    rows = tuple(rows)
    widths = [sum([words for _, words in row]) for row in rows]
    gap = max(GAP_WORDS, sum(widths) // 120)
    paths: dict[str, list[str]] = {kind: [] for kind in _ORDER}
    extents = []
    start = 0
    for row, width in zip(rows, widths, strict=True):
        sides = {form[-1] for form, _ in row}
        columns_shown = [("o" + sides.pop(), width)] if sides in ({"a"}, {"b"}) else row
        place = start
        for form, words in columns_shown:
            paths[form].append(_rectangle(form, place, words))
            place += words
        extents.append((start, width))
        start += width + gap
    found = tuple([MapPath(kind, "".join(parts)) for kind, parts in paths.items() if parts])
    return Strip(max(1, start - gap), _HEIGHT, found), tuple(extents)


_ORDER = ("oa", "ob", "k", "xa", "xb", "mv-a", "mv-b", "na", "nb")


def _rectangle(form: str, x: int, width: int) -> str:
    """A rectangle in a's line, b's line, or (kept words) both."""
    rest = f"h{width}v{_LINE}h-{width}z"
    if form == "k":
        return f"M{x} 0{rest}M{x} {_HEIGHT - _LINE}{rest}"
    return f"M{x} {0 if form[-1] == 'a' else _HEIGHT - _LINE}{rest}"


def draw(
    frame: Frame,
    drawn: Strip,
    extents: Sequence[tuple[int, int]],
    *,
    places: Sequence[Place],
    reaches: Sequence[Reach],
    severities: Mapping[int, NoteSeverity],
) -> Drawing:
    """The map in one of its two forms."""
    scale = (frame.width - frame.strip_x - 2) / drawn.width
    spots = [_spot(frame, scale, extents[reach.row], reach) for reach in reaches]
    levels = _levels(frame, reaches, spots, severities)
    rows_of_pins = max([1, *(level + 1 for level in levels if level is not None)])
    top = 10 + 22 * rows_of_pins
    stems: dict[NoteSeverity, list[str]] = {severity: [] for severity in SEVERITIES}
    pins = []
    for reach, spot, level in zip(reaches, spots, levels, strict=True):
        severity = severities[reach.note]
        stems[severity].append(_stem_path(spot, level, top))
        if level is not None:
            y = _pin_height(level)
            pins.append(Pin(reach.note, severity, f"{spot.x:.0f}", f"{y:.0f}", f"{y + 3.6:.0f}"))
    areas = tuple(_areas(frame, scale, extents, places))
    line = frame.strip_height * _LINE / _HEIGHT
    return Drawing(
        width=frame.width,
        height=top + frame.strip_height + 20,
        strip_x=frame.strip_x,
        strip_y=top,
        strip_width=frame.width - frame.strip_x - 2,
        strip_height=frame.strip_height,
        label_y=str(top + frame.strip_height + 15),
        sigla_y=(f"{top + line / 2 + 4:.0f}", f"{top + frame.strip_height - line / 2 + 4:.0f}"),
        stems=tuple((severity, "".join(paths)) for severity, paths in stems.items() if paths),
        pins=tuple(pins),
        areas=areas,
    )


class _Spot(NamedTuple):
    x: float
    start: float
    end: float


def _spot(frame: Frame, scale: float, extent: tuple[int, int], reach: Reach) -> _Spot:
    start = frame.strip_x + (extent[0] + reach.start) * scale
    end = max(start + 2, frame.strip_x + (extent[0] + reach.end) * scale)
    return _Spot(min(max((start + end) / 2, frame.strip_x + 10), frame.width - 11), start, end)


def _levels(
    frame: Frame, reaches: Sequence[Reach], spots: Sequence[_Spot], severities: Mapping[int, NoteSeverity]
) -> list[int | None]:
    """For each pin the first level on which it keeps its distance; the weightiest choose first, the last may find none."""
    taken: list[list[float]] = [[] for _ in range(frame.levels)]
    found: list[int | None] = [None] * len(reaches)
    order = sorted(range(len(reaches)), key=lambda index: (SEVERITIES.index(severities[reaches[index].note]), spots[index].x))
    for index in order:
        x = spots[index].x
        for level, others in enumerate(taken):
            place = bisect_left(others, x)
            is_free = (not place or x - others[place - 1] >= PIN_PITCH) and (place == len(others) or others[place] - x >= PIN_PITCH)
            if is_free:
                others.insert(place, x)
                found[index] = level
                break
    return found


def _pin_height(level: int) -> float:
    return 10.5 + 22 * level


def _stem_path(spot: _Spot, level: int | None, top: int) -> str:
    """What leads from a pin to its words. In whole pixels: half the size and the time of decimals, and no eye can tell."""
    foot = f"M{spot.start:.0f} {top - 3}H{spot.end:.0f}"
    return foot if level is None else f"M{spot.x:.0f} {_pin_height(level) + 9.5:.0f}V{top - 4}{foot}"


def _areas(frame: Frame, scale: float, extents: Sequence[tuple[int, int]], places: Sequence[Place]) -> Iterable[Area]:
    last = -frame.label_pitch
    for (start, words), place in zip(extents, places, strict=True):
        x, width = frame.strip_x + start * scale, words * scale
        middle = x + width / 2
        label = str(place.number) if place.number and middle - last >= frame.label_pitch else ""
        last = middle if label else last
        yield Area(f"#{place.id}", f"{x:.0f}", f"{width:.0f}", label, f"{middle:.0f}")
