"""The picture that is shown where a comparison is shared: title, versions, change map, figures; 1200 by 630 pixels.

In: settings, facts of a story. Out: PNG files, one for each page of the story. Same input, same bytes: the fonts are the
package's own, nothing is dated, and the program that sets and packs the picture is Pillow's, with its own copies of FreeType,
HarfBuzz and zlib, whatever the machine has.

    Variorum
    Title of the story, over up to three lines
    ■ Version A   ■ Version B
    ▇▇▁▇  ▇ ▇▇▁▇    the strip of the change map
    46%     34      6

The fonts have Latin, Greek, Cyrillic, Hebrew and Arabic letters. What they cannot write is left out of the picture, never shown
as boxes: a page in Japanese has its map and figures. A site without an address has no pictures, for no page could name one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, features

from generator.config import SiteConfig, Theme
from generator.site.changemap import Strip
from generator.site.facts import PairFacts, StoryFacts
from generator.site.frame import discrepancy_count
from generator.site.language import Language, direction, language_of
from generator.site.metadata import card_route, has_cards

WIDTH, HEIGHT = 1200, 630
"""The size that Facebook, LinkedIn and X ask for."""

FONTS = Path(__file__).resolve().parent.parent / "fonts"
"""Fonts cut down to the letters of their scripts; beside each, `*.txt` names the code points it has."""

_MARGIN = 64
_SITE_LINE, _TITLE_TOP, _TITLE_END = 84, 104, 306
_LABEL_LINE, _MAP_TOP, _MAP_END = 352, 376, 468
_WITHOUT_TITLE = 180
"""How much higher the map begins where no font can write the title."""
_NUMBER_LINE, _FIGURE_LINE = 548, 586
_SMALL, _LARGE = 26, 58
_TITLE_SIZES = (60, 52, 44)
_FIGURE_SIZES = (26, 24, 22, 20, 18)
_TITLE_LEADING = 1.14
_SQUARE = 20
_STRIPS = 3
"""Pairs of a story that have room for their strips."""


class _Face(NamedTuple):
    """A font at a size in pixels."""

    name: str
    size: int


class _Figure(NamedTuple):
    number: str
    label: str


class _Picture(NamedTuple):
    """What stands on a picture, as words and strips. `labels`: of two versions with their colours, of more without."""

    site: str
    title: str
    labels: tuple[str, ...]
    strips: tuple[Strip, ...]
    figures: tuple[_Figure, ...]
    is_rtl: bool


def cards(config: SiteConfig, story: StoryFacts) -> dict[str, bytes]:
    """The pictures of a story by their paths in the site; none if the site has none."""
    if not has_cards(config):
        return {}
    language = language_of(config.language)
    names = {witness.name: _on_one_line(witness.label) for witness in story.witnesses}
    palette = _palette(config.theme)
    pictures = {
        card_route(pair.route): _Picture(
            site=_on_one_line(config.title),
            title=_on_one_line(story.title),
            labels=(names[pair.a], names[pair.b]),
            strips=(pair.strip,),
            figures=tuple(_pair_figures(pair, language)),
            is_rtl=direction(language.tag) == "rtl",
        )
        for pair in story.pairs
    }
    if len(story.pairs) > 1:
        pictures[card_route(story.route)] = _Picture(
            site=_on_one_line(config.title),
            title=_on_one_line(story.title),
            labels=tuple(names[name] for name in _compared(story)),
            strips=tuple(pair.strip for pair in story.pairs[:_STRIPS]),
            figures=tuple(_story_figures(story, language)),
            is_rtl=direction(language.tag) == "rtl",
        )
    return {route: _drawn(picture, palette) for route, picture in pictures.items()}


def _pair_figures(pair: PairFacts, language: Language) -> Iterator[_Figure]:
    found = discrepancy_count(pair.counts)
    yield _Figure(language.percent(pair.kept), language.text("of A’s words kept"))
    yield _Figure(language.number(found), language.plural("discrepancy", "discrepancies", found))
    yield _Figure(language.number(pair.omitted), language.plural("passage omitted", "passages omitted", pair.omitted))
    yield _Figure(language.number(pair.added), language.plural("passage added", "passages added", pair.added))


def _story_figures(story: StoryFacts, language: Language) -> Iterator[_Figure]:
    found, versions = discrepancy_count(story.counts), len(_compared(story))
    least, most = (pick(pair.kept for pair in story.pairs) for pick in (min, max))
    share = language.percent(most) if least == most else f"{language.number(least)}–{language.percent(most)}"
    yield _Figure(language.number(versions), language.plural("version", "versions", versions))
    yield _Figure(language.number(found), language.plural("discrepancy", "discrepancies", found))
    yield _Figure(share, language.text("of the words kept"))


def _compared(story: StoryFacts) -> tuple[str, ...]:
    """The versions that a pair compares, by name: those that the story's page shows, and gives letters to."""
    compared = {name for pair in story.pairs for name in (pair.a, pair.b)}
    return tuple(witness.name for witness in story.witnesses if witness.name in compared)


# ------------------------------------------------------------------ colours

_PAPER, _INK = 0, 7
_INKS = ("paper", "ink")
_NAMED = ("a", "b", "a-mid", "b-mid", "kept", "a-soft", "b-soft")
"""The colours after the eight steps from paper to ink: fewer than sixteen in all, so that a pixel takes four bits."""

_COLOURS = {
    "paper": "#fdfcf9", "ink": "#1d1b18", "a": "#9a3c1a", "b": "#1f5b94", "a-mid": "#c48166", "b-mid": "#6b95be",
    "kept": "#d3ccbd", "a-soft": "#f0ddd3", "b-soft": "#d9e4ef",
}  # fmt: skip
"""Those of the default style sheet on a light page."""

_FORMS = {
    "k": "kept",
    "xa": "a-mid",
    "xb": "b-mid",
    "na": "a",
    "nb": "b",
    "mv-a": "a-soft",
    "mv-b": "b-soft",
    "oa": "a-mid",
    "ob": "b-mid",
}
_HEX = re.compile(r"#([0-9a-fA-F]{6})\b")
_SECOND = 0.72
"""How dark words are that stand back, between paper and ink."""


@cache
def _palette(theme: Theme) -> bytes:
    """All colours: a theme's own where it gives six hexadecimal digits (of two colours, the light page's)."""
    own = {name: f"#{found[1]}" for name, value in theme.colours if (found := _HEX.search(value))}
    named = {name: _rgb(own.get(name, colour)) for name, colour in _COLOURS.items()}
    paper, ink = (named[name] for name in _INKS)
    steps = [bytes(round(p + (i - p) * step / _INK) for p, i in zip(paper, ink, strict=True)) for step in range(_INK + 1)]
    return b"".join([*steps, *(named[name] for name in _NAMED)])


def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


def _index(name: str) -> int:
    return _INK + 1 + _NAMED.index(name)


# ------------------------------------------------------------------ drawing

_RUN_LENGTHS = 3
"""zlib's Z_RLE: 13 kB in 2.7 ms, against 11 kB in 5 ms of the usual way, and 14 kB in 2.9 of its quickest."""


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Line(NamedTuple):
    """Words on the base line `y`, `x` from the side where reading begins. `tone`: from 0, paper, to 1, ink."""

    x: int
    y: int
    text: str
    size: int
    tone: float = 1


@lru_cache(maxsize=64)
def _drawn(picture: _Picture, palette: bytes) -> bytes:
    """A picture as PNG. Those of the stories that somebody writes on are kept: an edited note changes no picture."""
    # Numbers of colours in a picture of greys until the end: pasting into a palette's picture would convert each letter.
    canvas = Image.new("L", (WIDTH, HEIGHT), _PAPER)
    _maps(canvas, picture.strips, _MAP_TOP - _raised(picture))
    _squares(canvas, picture)
    for line in (
        _Line(_MARGIN, _SITE_LINE, picture.site, _SMALL, _SECOND),
        *_title(picture.title),
        *_labels(picture),
        *_figures(picture),
    ):
        _write(canvas, line, is_rtl=picture.is_rtl)
    canvas.putpalette(palette)
    file = BytesIO()
    canvas.save(file, "PNG", compress_type=_RUN_LENGTHS)
    return file.getvalue()


def _title(title: str) -> Iterator[_Line]:
    """The title as large as it fits; what does not fit in the smallest size ends in an ellipsis."""
    name = font_of(title)
    for size in _TITLE_SIZES if name else ():
        leading = round(size * _TITLE_LEADING)
        rows = (_TITLE_END - _TITLE_TOP) // leading
        lines = _wrapped(title, _Face(name, size), WIDTH - 2 * _MARGIN)
        if len(lines) <= rows or size == _TITLE_SIZES[-1]:
            shown = lines if len(lines) <= rows else [*lines[: rows - 1], f"{lines[rows - 1].rsplit(' ', 1)[0]} …"]
            yield from (_Line(_MARGIN, _TITLE_TOP + number * leading, line, size) for number, line in enumerate(shown, start=1))
            return


def _labels(picture: _Picture) -> Iterator[_Line]:
    """The versions, as many as there is room for, by letter where no font can write them; two of them have squares before them."""
    x = _MARGIN
    square = _SQUARE + _SQUARE // 2 if len(picture.labels) == 2 else 0
    y = _LABEL_LINE - _raised(picture)
    for letter, name in zip(_LETTERS, picture.labels, strict=False):
        label = name if font_of(name) else letter
        width = square + _width(label, _SMALL)
        if x + width > WIDTH - _MARGIN:
            return
        yield _Line(x + square, y, label, _SMALL, _SECOND)
        x += width + _SQUARE * 2


def _squares(canvas: Image.Image, picture: _Picture) -> None:
    """Two versions with the colours of the map."""
    lines = list(_labels(picture)) if len(picture.labels) == 2 else []
    for line, colour in zip(lines, ("a", "b"), strict=False):
        x = line.x - _SQUARE - _SQUARE // 2
        start = WIDTH - x - _SQUARE if picture.is_rtl else x
        canvas.paste(_index(colour), (start, line.y - _SQUARE + 1, start + _SQUARE, line.y + 1))


def _figures(picture: _Picture) -> Iterator[_Line]:
    """The figures, all labels of one size: the largest in which each fits its column."""
    step = (WIDTH - 2 * _MARGIN) // 4
    widest = [max(_width(figure.label, size) for figure in picture.figures) for size in _FIGURE_SIZES]
    small = next(
        (size for size, width in zip(_FIGURE_SIZES, widest, strict=True) if width <= step - _SQUARE // 2), _FIGURE_SIZES[-1]
    )
    for place, figure in enumerate(picture.figures):
        x = _MARGIN + place * step
        yield _Line(x, _NUMBER_LINE, figure.number, _LARGE)
        yield _Line(x, _FIGURE_LINE, figure.label, small, _SECOND)


def _raised(picture: _Picture) -> int:
    return 0 if font_of(picture.title) else _WITHOUT_TITLE


# ------------------------------------------------------------------ the map

_RECTANGLE = re.compile(r"M(\d+) (\d+)h(\d+)")
"""A rectangle of `changemap`: its place and width in words, and the line it stands in."""

_GAP = 14
_LINES = 20 / 43
"""How much of a strip's height each of its two lines takes, as on pages."""


def _maps(canvas: Image.Image, strips: Sequence[Strip], start: int) -> None:
    """The strips, one above the other, from `start` down."""
    height = (_MAP_END - start - _GAP * (len(strips) - 1)) // len(strips)
    line = round(height * _LINES)
    for place, strip in enumerate(strips):
        top = start + place * (height + _GAP)
        for row, y in zip(_rows(strip), (top, top + height - line), strict=True):
            pixels = Image.frombytes("L", (len(row), 1), bytes(row))
            canvas.paste(pixels.resize((len(row), line)), (_MARGIN, y))


def _rows(strip: Strip) -> tuple[bytearray, bytearray]:
    """The two lines of a strip, a pixel high: later kinds of columns stand over earlier ones, as on pages."""
    width = WIDTH - 2 * _MARGIN
    scale = width / strip.width
    rows = bytearray(width), bytearray(width)
    for kind, data in strip.paths:
        colour = bytes([_index(_FORMS[kind])])
        for x, y, words in _RECTANGLE.findall(data):
            start = int(int(x) * scale)
            end = max(start + 1, int((int(x) + int(words)) * scale))
            rows[y != "0"][start:end] = colour * (min(end, width) - start)
    return rows


# ------------------------------------------------------------------ words


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def font_of(text: str) -> str:
    """The font that can write all of `text`; empty if none can, or there is nothing to write."""
    wanted = set(map(ord, text))
    return text and next((name for name in ("serif", "rtl") if wanted <= _covered(name) and (name == "serif" or _SHAPES)), "")


_SHAPES = features.check("raqm")
"""Whether Pillow joins Arabic letters; its wheels do."""


@cache
def _covered(name: str) -> frozenset[int]:
    """The code points that a font has, from the list beside it."""
    spans = (span.split("-") for span in (FONTS / f"{name}.txt").read_text(encoding="ascii").split())
    return frozenset(code for span in spans for code in range(int(span[0], 16), int(span[-1], 16) + 1))


@cache
def _font(face: _Face) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{face.name}.ttf"), face.size)


def _wrapped(text: str, face: _Face, width: float) -> list[str]:
    """Lines no wider than `width`, unless a single word is."""
    space = _advance(face, " ")
    lines: list[list[str]] = [[]]
    room = width
    for word in text.split():
        length = _length(face, word)
        if lines[-1] and length > room:
            lines.append([])
            room = width
        lines[-1].append(word)
        room -= length + space
    return [" ".join(line) for line in lines]


def _width(text: str, size: int) -> int:
    name = font_of(text)
    return round(_length(_Face(name, size), text)) if name else 0


def _length(face: _Face, text: str) -> float:
    if face.name == "serif":
        return sum([_advance(face, *pair) for pair in zip(text, [*text[1:], ""], strict=True)])
    return _font(face).getlength(text)


def _write(canvas: Image.Image, line: _Line, *, is_rtl: bool) -> None:
    """Sets a line; one that no font can write is left out."""
    name = font_of(line.text)
    if not name:
        return
    face = _Face(name, line.size)
    start = WIDTH - line.x - _length(face, line.text) if is_rtl else line.x
    shape = _set(face, line.text, line.tone)
    canvas.paste(shape.ink, (round(start) + shape.left, line.y + shape.top), shape.mask)


class _Shape(NamedTuple):
    """Letters in steps of ink, where there are any, and how far their corner stands from the pen."""

    ink: Image.Image
    mask: Image.Image
    left: int
    top: int


@lru_cache(maxsize=1024)
def _set(face: _Face, text: str, tone: float) -> _Shape:
    """A line. Its letters are drawn once and set one by one, which takes a fifth of the time; but for those that join."""
    if face.name != "serif":
        return _shape(face, text, tone)
    pen = 0.0
    found = []
    for character, follower in zip(text, [*text[1:], ""], strict=True):
        found.append((round(pen), _shape(face, character, tone)))
        pen += _advance(face, character, follower)
    left = min(x + shape.left for x, shape in found)
    right = max(x + shape.left + shape.ink.width for x, shape in found)
    top = min(shape.top for _, shape in found)
    bottom = max(shape.top + shape.ink.height for _, shape in found)
    ink = Image.new("L", (right - left, bottom - top), _PAPER)
    for x, shape in found:
        ink.paste(shape.ink, (x + shape.left - left, shape.top - top), shape.mask)
    return _Shape(ink, _mask(ink), left, top)


@lru_cache(maxsize=4096)
def _advance(face: _Face, character: str, follower: str = "") -> float:
    """How far the next letter stands from this one."""
    font = _font(face)
    return font.getlength(character + follower) - (font.getlength(follower) if follower else 0)


@lru_cache(maxsize=4096)
def _shape(face: _Face, text: str, tone: float) -> _Shape:
    """What the font draws of a letter, or of a whole line."""
    left, top, right, bottom = (int(edge) for edge in _font(face).getbbox(text, anchor="ls"))
    drawn = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(drawn).text((-left, -top), text, fill=255, font=_font(face), anchor="ls")
    ink = drawn.point([round(value / 255 * tone * _INK) for value in range(256)])
    return _Shape(ink, _mask(ink), left, top)


def _mask(ink: Image.Image) -> Image.Image:
    return ink.point([255 if value else 0 for value in range(256)]).convert("1")
