"""Comparisons made by hand from pictures of rows, for tests of pages.

    rows("Kim {first|initially|wording} said {no||moved#x} {|No|moved#x}.")

A change is `{a|b|kinds}`: kinds separated by spaces, `wording` when none is given; `#x` joins the two ends of a move, `~` marks
kept words inside a rewritten sentence (`{one ~two~ three|four ~two~|wording}`). A row whose change is all of it and has one
side only stands in one text. `¶` is a break between two blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from generator.config import SiteConfig, Theme
from generator.errors import Where
from generator.model import (
    Anchor,
    Annotation,
    Article,
    Block,
    Change,
    Comparison,
    Edit,
    Figures,
    Orphan,
    Pair,
    Placement,
    Quotations,
    Role,
    Row,
    Selector,
    Span,
    Story,
    Style,
)
from tests.stories import source, story

WHERE = Where("content/test/annotations.yaml", 1, 1)
CONFIG = SiteConfig(
    title="The Test",
    headline="Compared",
    description="A *test* site.",
    base_url="",
    language="en",
    authors=(),
    theme=Theme((), ()),
    kinds=(),
)
_CHANGE = re.compile(r"\{([^|}]*)\|([^|}]*)(?:\|([^}]*))?\}")


@dataclass
class _Side:
    text: str = ""
    blocks: list[Block] = field(default_factory=list)

    def add(self, text: str) -> Span:
        start = len(self.text)
        self.text += text.replace("¶", "\n\n")
        return Span(start, len(self.text))


@dataclass
class _Draft:
    a: _Side = field(default_factory=_Side)
    b: _Side = field(default_factory=_Side)
    moves: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def change(self, a: str, b: str, kinds: str) -> Change:
        names, _, move = (kinds or "wording").partition("#")
        spans = Pair(self.a.add(a.replace("~", "")), self.b.add(b.replace("~", "")))
        kept = [Pair(Span(*one), Span(*other)) for one, other in zip(_kept(a, spans.a.start), _kept(b, spans.b.start), strict=True)]
        self.count += 1
        name = f"{self.count:08x}"
        other = self.moves.setdefault(move, name) if move else ""
        tag = "replace" if a and b else "delete" if a else "insert"
        return Change(name, Edit(tag, spans, tuple(kept)), tuple(names.split()), "", other if other != name else "")  # type: ignore[arg-type]


def _kept(text: str, start: int) -> list[tuple[int, int]]:
    found, offset = [], start
    for index, part in enumerate(text.split("~")):
        if index % 2:
            found.append((offset, offset + len(part)))
        offset += len(part)
    return found


def _row(draft: _Draft, picture: str, role: Role) -> Row:
    whole = _CHANGE.fullmatch(picture)
    if draft.a.text and not (whole and not whole[1]):
        draft.a.text += "\n\n"
    if draft.b.text and not (whole and not whole[2]):
        draft.b.text += "\n\n"
    starts, steps, last = (len(draft.a.text), len(draft.b.text)), [], 0
    for match in _CHANGE.finditer(picture):
        steps += _equal(draft, picture[last : match.start()])
        steps.append(draft.change(*match.groups(default="")))
        last = match.end()
    steps += _equal(draft, picture[last:])
    ranges = Pair(_blocks(draft.a, starts[0], role), _blocks(draft.b, starts[1], role))
    spans = Pair(Span(starts[0], len(draft.a.text)), Span(starts[1], len(draft.b.text)))
    return Row(ranges, spans, role, tuple(steps))


def _equal(draft: _Draft, text: str) -> list[Edit | Change]:
    return [Edit("equal", Pair(draft.a.add(text), draft.b.add(text)))] if text else []


def _blocks(side: _Side, start: int, role: Role) -> range:
    first, offset = len(side.blocks), start
    for part in side.text[start:].split("\n\n") if side.text[start:] else ():
        side.blocks.append(Block(role, "paragraph", 0, "", Span(offset, offset + len(part)), ()))
        offset += len(part) + 2
    return range(first, len(side.blocks))


def _linked(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows whose moves know each other: the first end learns of the second."""
    rows = tuple(rows)
    back = {change.move: change.id for row in rows for change in row.changes if change.move}
    return tuple(
        replace(
            row,
            script=tuple(
                step._replace(move=back[step.id]) if isinstance(step, Change) and step.id in back else step for step in row.script
            ),
        )
        for row in rows
    )


def compared(
    *pictures: str | tuple[Role, str],
    notes: Iterable[Placement] = (),
    styles: Pair[tuple[Style, ...]] = Pair((), ()),  # noqa: B008 - a frozen value
    languages: Pair[str] = Pair("en", "en"),  # noqa: B008 - a frozen value
    coarse: bool = False,
) -> Comparison:
    """The comparison that the pictures show, with these notes."""
    draft = _Draft()
    rows = _linked(_row(draft, *((picture, "body") if isinstance(picture, str) else picture[::-1])) for picture in pictures)
    articles = Pair(
        Article(source("a", draft.a.text, styles=styles.a, language=languages.a), draft.a.text, tuple(draft.a.blocks)),
        Article(source("b", draft.b.text, styles=styles.b, language=languages.b), draft.b.text, tuple(draft.b.blocks)),
    )
    figures = Figures(Pair(10, 8), 5, (("wording", 2),), 0, 0, 0, 0, 0, Quotations(1, 1, 0, 0), ())
    return Comparison(articles, rows, tuple(notes), figures, coarse)


def with_notes(comparison: Comparison, *notes: Placement) -> Comparison:
    """The same with these notes."""
    return replace(comparison, placements=notes)


def note(name: str, **fields: object) -> Annotation:
    """An annotation; any field can be given."""
    values: dict[str, object] = {
        "id": name,
        "kinds": ("number",),
        "severity": "major",
        "status": "confirmed",
        "direction": "",
        "title": f"About {name}",
        "body": "A *body*.",
        "by": "desk",
        "targets": (),
        "evidence": (),
        "see": (),
        "history": (),
        "where": WHERE,
    } | fields
    return Annotation(**values)  # type: ignore[arg-type]  # a test's keywords are checked by the dataclass


def placed(
    comparison: Comparison,
    annotation: Annotation,
    a: str | tuple[str, str] | None = None,
    b: str | tuple[str, str] | None = None,
    *more_a: str,
) -> Placement:
    """The note on these words: a quotation, or (`before`, `after`; words) for a gap."""
    texts = comparison.articles.map(lambda article: article.text)
    return Placement(
        annotation,
        Pair((*_anchors(texts.a, a), *(_anchors(texts.a, one)[0] for one in more_a)), _anchors(texts.b, b)),
        Pair((), ()),
    )


def _anchors(text: str, words: str | tuple[str, str] | None) -> tuple[Anchor, ...]:
    if words is None:
        return ()
    if isinstance(words, str):
        start = text.index(words)
        return (Anchor(Span(start, start + len(words)), Selector(words, WHERE)),)
    gap, quote = words
    offset = text.index(quote) + (len(quote) if gap == "after" else 0)
    return (Anchor(Span(offset, offset), Selector(quote, WHERE, gap=gap)),)  # type: ignore[arg-type]


def orphaned(annotation: Annotation, a: str) -> Placement:
    """The note whose quotation of a is found nowhere."""
    return Placement(annotation, Pair((), ()), Pair((Orphan(Selector(a, WHERE), "not found", "", 0.0),), ()))


def told(comparison: Comparison, **fields: object) -> Story:
    """A story of this one comparison."""
    made = story(comparison.articles.a.text, comparison.articles.b.text)
    values: Mapping[str, object] = {
        "witnesses": (comparison.articles.a.source, comparison.articles.b.source),
        "annotations": tuple(placement.annotation for placement in comparison.placements),
        "title": "A title",
        "summary": "A *summary*.",
        "published": "2025-08-22",
    } | fields
    return replace(made, **values)  # type: ignore[arg-type]
