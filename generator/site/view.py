"""Pages as plain data: everything a template prints, ready to print.

In: a site's settings, a story, its comparisons. Out: `ComparisonPage`, `OverviewPage`, `IndexPage`. Templates only loop and
choose; text is already cut (`runs`), notes are numbered (`apparatus`), the map is drawn (`changemap`). No HTML here, and
nothing is escaped yet: that is `render`'s. Bodies of notes and summaries stay Markdown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import BOILERPLATE, ChangeKind, Comparison, NoteSeverity, Pair, Row, Source, Story
from generator.site.apparatus import Notes, NoteView, notes_of
from generator.site.changemap import NARROW, WIDE, Drawing, Reach, Strip, columns, draw, strip
from generator.site.cut import row_sides, steps
from generator.site.frame import (
    PAIR_DOWNLOADS,
    SITE_DOWNLOADS,
    Count,
    Date,
    Download,
    Head,
    Link,
    Site,
    WitnessCard,
    card_of,
    comparison_route,
    date_of,
    discrepancy_count,
    head_of,
    kept_share,
    relative,
    severity_counts,
    site_of,
)
from generator.site.labels import KIND_LABELS, ROLE_LABELS, SEVERITIES, counted, listed
from generator.site.looks import Place, is_quiet, row_places
from generator.site.runs import Layout, Paragraph, RowRuns, lay_out

QUIET_KINDS: frozenset[ChangeKind] = frozenset({"wording", "inflection", "case", "typographic"})
"""Kinds of change that leave facts, voices and structure alone: the filter "Hide wording" hides them."""


class Figure(NamedTuple):
    """A key figure: the number, its unit, what it counts, and a line of detail."""

    number: str
    unit: str
    label: str
    detail: str


class Missing(NamedTuple):
    """Facts of one kind that only the base has, each with its words."""

    label: str
    facts: tuple[str, ...]


class Option(NamedTuple):
    """A choice of the filter."""

    id: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row. `only`: the side that has it, if one alone; `label` then says what is omitted or added; `notes`: in order."""

    id: str
    number: int
    only: str
    label: str
    form: str
    inline: tuple[Paragraph, ...]
    a: tuple[Paragraph, ...]
    b: tuple[Paragraph, ...]
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class ChangeMap:
    """The map: one strip, drawn wide and narrow."""

    strip: Strip
    wide: Drawing
    narrow: Drawing


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The page of one pair."""

    route: str
    template: str
    site: Site
    head: Head
    kicker: str
    published: Date
    title: str
    summary: str
    overview: Link
    witnesses: Pair[WitnessCard]
    majors: tuple[NoteView, ...]
    figures: tuple[Figure, ...]
    severities: tuple[Count, ...]
    discrepancies: int
    missing: tuple[Missing, ...]
    map: ChangeMap
    filters: tuple[Option, ...]
    rows: tuple[RowView, ...]
    notes: Mapping[int, NoteView]
    lost: tuple[NoteView, ...]
    downloads: tuple[Download, ...]
    is_coarse: bool
    is_mixed: bool


def comparison_page(config: SiteConfig, story: Story, comparison: Comparison) -> ComparisonPage:
    """The page of one comparison of a story."""
    route = comparison_route(story, comparison)
    layout = lay_out(comparison)
    places = row_places(comparison.rows)
    notes = notes_of(config, story, comparison, layout, places)
    severities = {index: note.severity for index, note in notes.placed.items()}
    change_map = _map(layout, places, severities)
    sources = comparison.articles.map(lambda article: article.source)
    cards = Pair(
        card_of(story, comparison.articles.a, "a", route, comparison.figures.words.a),
        card_of(story, comparison.articles.b, "b", route, comparison.figures.words.b),
    )
    counts = severity_counts(comparison)
    title = story.title if len(story.pairs) == 1 else f"{story.title}: {sources.a.label} and {sources.b.label}"
    has_overview = len(story.pairs) > 1
    return ComparisonPage(
        route=route,
        template="comparison.html",
        site=site_of(config, route),
        head=head_of(config, route, title, story.summary),
        kicker=f"{sources.a.label} and {sources.b.label}",
        published=date_of(story.published),
        title=story.title,
        summary=story.summary,
        overview=Link("../index.html" if has_overview else "", story.title),
        witnesses=cards,
        majors=tuple(note for note in notes.placed.values() if note.severity == "major" and note.status != "Withdrawn"),
        figures=tuple(_figures(comparison)),
        severities=counts,
        discrepancies=discrepancy_count(counts),
        missing=tuple(
            Missing(KIND_LABELS[kind], facts) for kind, facts in comparison.figures.missing if facts
        ),
        map=change_map,
        filters=_filters(comparison),
        rows=tuple(
            _row(row, place.id, place.number, notes, sources) for row, place in zip(layout.rows, places, strict=True)
        ),
        notes=notes.placed,
        lost=notes.lost,
        downloads=PAIR_DOWNLOADS,
        is_coarse=comparison.coarse,
        is_mixed=sources.a.language != sources.b.language,
    )  # fmt: skip


# ------------------------------------------------------------------ the head of a comparison


def _figures(comparison: Comparison) -> Iterable[Figure]:
    """The figures beside the count of discrepancies, which has a form of its own."""
    figures = comparison.figures
    yield Figure(str(kept_share(figures)), "%", "of A’s words kept", f"{figures.words_kept:,} of {figures.words.a:,}")
    omitted = figures.passages_omitted + figures.furniture_omitted
    furniture = "" if not figures.furniture_omitted else f"{figures.furniture_omitted} of site furniture"
    if omitted and not figures.passages_omitted:
        furniture = "all site furniture"
    yield Figure(str(omitted), "", f"passage{'' if omitted == 1 else 's'} omitted", furniture)
    added = figures.passages_added
    yield Figure(str(added), "", f"passage{'' if added == 1 else 's'} added", _added_detail(comparison))
    moved = figures.passages_moved + figures.phrases_moved
    if figures.passages_moved:
        yield Figure(str(moved), "", "moved", f"{figures.passages_moved} of them whole passages")
    else:
        yield Figure(str(moved), "", f"phrase{'' if moved == 1 else 's'} moved", "")
    quotations = figures.quotations
    total = quotations.intact + quotations.altered + quotations.dropped
    if total:
        parts = [f"{quotations.dropped} dropped"] if quotations.dropped else []
        parts += [f"{quotations.intact} intact"] if quotations.intact else []
        yield Figure(str(quotations.altered), "", f"of {counted(total, 'quotation', 'quotations')} altered", listed(parts))


def _added_detail(comparison: Comparison) -> str:
    added = [ROLE_LABELS[row.role] for row in comparison.rows if row.blocks.b and not row.blocks.a]
    return f"the {added[0]}" if added == ["headline"] else ""


def _filters(comparison: Comparison) -> tuple[Option, ...]:
    """All, without wording, each kind that occurs, discrepancies only."""
    kinds = {kind for row in comparison.rows for change in row.changes if not is_quiet(change) for kind in change.kinds}
    return (
        Option("f-all", "all", "All changes"),
        Option("f-main", "main", "Hide wording"),
        Option("f-note", "notes", "Discrepancies only"),
        *(Option(f"f-{kind}", kind, KIND_LABELS[kind]) for kind in KIND_LABELS if kind in kinds),
    )


def _map(layout: Layout, places: Sequence[Place], severities: Mapping[int, NoteSeverity]) -> ChangeMap:
    """The map of a page. A note has one pin, in the row where it is first referred to."""
    ranks = [severities.get(note, "minor") for note in range(max(severities, default=-1) + 1)]
    found = [columns(index, row.sides, row.script, ranks) for index, row in enumerate(layout.rows)]
    reaches: dict[int, Reach] = {}
    for _, reached in found:
        for reach in reached:
            reaches.setdefault(reach.note, reach)
    drawn, extents = strip(row for row, _ in found)
    ordered = [reaches[note] for note in layout.references if note in reaches]
    wide, narrow = (draw(frame, drawn, extents, places=places, reaches=ordered, severities=severities) for frame in (WIDE, NARROW))
    return ChangeMap(drawn, wide, narrow)


def strip_of(comparison: Comparison) -> Strip:
    """The strip alone, for lists."""
    severities = tuple(placement.annotation.severity for placement in comparison.placements)
    rows = zip(comparison.rows, row_sides(comparison), strict=True)
    return strip(columns(0, sides, steps(row, comparison.articles), severities)[0] for row, sides in rows)[0]


# ------------------------------------------------------------------ rows


def _row(runs: RowRuns, name: str, number: int, notes: Notes, sources: Pair[Source]) -> RowView:
    row = runs.row
    only = "" if number else "a" if row.blocks.a else "b"
    shown = [notes.placed[index] for index in runs.notes if index in notes.placed]
    return RowView(
        id=name,
        number=number,
        only=only,
        label=_only_label(row, only, sources) if only else "",
        form="hd" if row.role == "headline" else "fu" if row.role in BOILERPLATE else "",
        inline=runs.inline,
        a=runs.alone.a,
        b=runs.alone.b,
        notes=tuple(sorted(shown, key=lambda note: note.number)),
    )


def _only_label(row: Row, only: str, sources: Pair[Source]) -> str:
    """What a passage of one version is: omitted, added, or moved."""
    move = next((change for change in row.changes if change.move), None)
    if move:
        return f"Moved in {sources.b.label}" if only == "a" else f"Moved here in {sources.b.label}"
    return f"{'Omitted' if only == 'a' else 'Added'} in {sources.b.label}: {ROLE_LABELS[row.role]}"


# ------------------------------------------------------------------ index and overview


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in the list of the index page."""

    href: str
    title: str
    summary: str
    published: Date
    strip: Strip
    witnesses: tuple[str, ...]
    counts: tuple[Count, ...]
    discrepancies: int
    kept: tuple[int, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The list of all stories, newest first."""

    route: str
    template: str
    site: Site
    head: Head
    headline: str
    description: str
    downloads: tuple[Download, ...]
    entries: tuple[Entry, ...]


def index_page(config: SiteConfig, entries: Sequence[tuple[Story, tuple[Comparison, ...]]]) -> IndexPage:
    """The site's first page."""
    ordered = sorted(entries, key=lambda entry: entry[0].slug)
    ordered.sort(key=lambda entry: entry[0].published, reverse=True)
    return IndexPage(
        route="index.html",
        template="index.html",
        site=site_of(config, "index.html"),
        head=head_of(config, "index.html", config.title, config.description),
        headline=config.headline,
        description=config.description,
        downloads=SITE_DOWNLOADS,
        entries=tuple(_entry(story, comparisons) for story, comparisons in ordered if comparisons),
    )


def _entry(story: Story, comparisons: tuple[Comparison, ...]) -> Entry:
    totals: Counter[NoteSeverity] = Counter()
    for comparison in comparisons:
        for severity, total in severity_counts(comparison):
            totals[severity] += total
    counts = tuple(Count(severity, totals[severity]) for severity in SEVERITIES if totals[severity])
    words = {
        article.source.name: count
        for comparison in comparisons
        for article, count in zip(comparison.articles, comparison.figures.words, strict=True)
    }
    return Entry(
        href=f"{story.slug}/index.html",
        title=story.title,
        summary=story.summary,
        published=date_of(story.published),
        strip=strip_of(comparisons[0]),
        witnesses=tuple(
            f"{source.publisher or source.label}, {counted(words[source.name], 'word', 'words')}"
            for source in story.witnesses
            if source.name in words
        ),
        counts=counts,
        discrepancies=discrepancy_count(counts),
        kept=tuple(kept_share(comparison.figures) for comparison in comparisons),
        pages=len(comparisons),
    )


class PairLine(NamedTuple):
    """A pair in the table of an overview."""

    href: str
    a: str
    b: str
    kept: int
    strip: Strip
    counts: tuple[Count, ...]
    discrepancies: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The page of a story with several pairs: its witnesses in order, and a table of the pairs."""

    route: str
    template: str
    site: Site
    head: Head
    published: Date
    title: str
    summary: str
    witnesses: tuple[WitnessCard, ...]
    pairs: tuple[PairLine, ...]


def overview_page(config: SiteConfig, story: Story, comparisons: Sequence[Comparison]) -> OverviewPage:
    """The overview of a story, whose pairs have pages of their own."""
    route = f"{story.slug}/index.html"
    found = {
        article.source.name: (article, count)
        for comparison in comparisons
        for article, count in zip(comparison.articles, comparison.figures.words, strict=True)
    }
    read = [found[source.name] for source in story.witnesses if source.name in found]
    return OverviewPage(
        route=route,
        template="overview.html",
        site=site_of(config, route),
        head=head_of(config, route, story.title, story.summary),
        published=date_of(story.published),
        title=story.title,
        summary=story.summary,
        witnesses=tuple(card_of(story, article, "", route, words) for article, words in read),
        pairs=tuple(_pair_line(story, route, comparison) for comparison in comparisons),
    )


def _pair_line(story: Story, route: str, comparison: Comparison) -> PairLine:
    labels = comparison.articles.map(lambda article: article.source.label)
    counts = severity_counts(comparison)
    return PairLine(
        href=relative(route, comparison_route(story, comparison)),
        a=labels.a,
        b=labels.b,
        kept=kept_share(comparison.figures),
        strip=strip_of(comparison),
        counts=counts,
        discrepancies=discrepancy_count(counts),
    )
