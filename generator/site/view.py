"""Pages as plain data: everything a template prints, ready to print.

In: a site's settings, a story, its comparisons. Out: `ComparisonPage`. Templates only loop and
choose; text is already cut (`runs`), notes are numbered (`apparatus`), the map is drawn (`changemap`). No HTML here, and
nothing is escaped yet: that is `render`'s. Bodies of notes and summaries stay Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import BOILERPLATE, Comparison, Figures, NoteSeverity, Pair, Quotations, Row, Source, Story
from generator.site.apparatus import Notes, NoteView, notes_of
from generator.site.changemap import NARROW, WIDE, Drawing, Laid, Reach, Strip, columns, draw, mirrored, strip
from generator.site.frame import (
    PAIR_DOWNLOADS,
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
    downloads_in,
    kept_share,
    severity_counts,
    site_of,
)
from generator.site.labels import KIND_LABELS, ROLE_LABELS, shortened
from generator.site.language import Language, direction
from generator.site.looks import Place, row_places
from generator.site.metadata import comparison_head
from generator.site.runs import Layout, Paragraph, RowRuns, lay_out


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
    """One row. `notes`: in order.

    `only`: the side that has it, if one alone; `label` then says what is omitted or added, `kinds` what kinds of change it is.
    """

    id: str
    number: int
    only: str
    label: str
    kinds: str
    form: str
    inline: tuple[Paragraph, ...]
    a: tuple[Paragraph, ...]
    b: tuple[Paragraph, ...]
    notes: tuple[NoteView, ...]


class ListedChange(NamedTuple):
    """A change in the list of them: where it is, what only a has and what only b has, shortened, and its kinds."""

    href: str
    a: str
    b: str
    kinds: str


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
    missing_line: str
    map: ChangeMap
    filters: tuple[Option, ...]
    rows: tuple[RowView, ...]
    notes: Mapping[int, NoteView]
    lost: tuple[NoteView, ...]
    changes: tuple[ListedChange, ...]
    downloads: tuple[Download, ...]
    is_coarse: bool
    is_mixed: bool
    is_long: bool


def comparison_page(config: SiteConfig, story: Story, comparison: Comparison) -> ComparisonPage:
    """The page of one comparison of a story."""
    site = site_of(config, comparison_route(story, comparison))
    language = site.words
    layout = lay_out(comparison, language)
    places = row_places(comparison.rows)
    notes = notes_of(config, story, comparison, layout, places)
    severities = {index: note.severity for index, note in notes.placed.items()}
    change_map = _map(layout, places, severities, is_rtl=_is_rtl(comparison))
    sources = comparison.articles.map(lambda article: article.source)
    cards = Pair(
        card_of(story, comparison.articles.a, "a", site, comparison.figures.words.a),
        card_of(story, comparison.articles.b, "b", site, comparison.figures.words.b),
    )
    counts = severity_counts(comparison)
    has_overview = len(story.pairs) > 1
    versions = language.list(source.label for source in sources)
    title = language.text("%(title)s: %(versions)s", title=story.title, versions=versions) if has_overview else story.title
    return ComparisonPage(
        route=site.route,
        template="comparison.html",
        site=site,
        head=comparison_head(config, story, comparison, title, language),
        kicker=versions,
        published=date_of(story.published, language),
        title=story.title,
        summary=story.summary,
        overview=Link(site.link(f"{story.slug}/index.html") if has_overview else "", story.title),
        witnesses=cards,
        majors=tuple(note for note in notes.placed.values() if note.severity == "major" and not note.is_withdrawn),
        figures=tuple(_figures(comparison, language)),
        severities=counts,
        discrepancies=discrepancy_count(counts),
        missing=tuple(
            Missing(language.text(KIND_LABELS[kind]), facts) for kind, facts in comparison.figures.missing if facts
        ),
        missing_line=_missing_line(comparison, language),
        map=change_map,
        filters=_filters(layout, language),
        rows=tuple(
            _row(row, place, notes, sources, language) for row, place in zip(layout.rows, places, strict=True)
        ),
        notes=notes.placed,
        lost=notes.lost,
        changes=tuple(_listed(comparison, layout, language)),
        downloads=downloads_in(PAIR_DOWNLOADS, language),
        is_coarse=comparison.coarse,
        is_mixed=any(source.language != language.tag for source in sources),
        is_long=sum(comparison.figures.words) > LONG_WORDS,
    )  # fmt: skip


# ------------------------------------------------------------------ the head of a comparison


def _missing_line(comparison: Comparison, language: Language) -> str:
    """How many facts of A have no counterpart in B, as a sentence; nothing if all have."""
    counts = {kind: len(facts) for kind, facts in comparison.figures.missing if facts}
    if not counts:
        return ""
    counted = {
        "number": language.plural("%(num)s number", "%(num)s numbers", counts.get("number", 0)),
        "date": language.plural("%(num)s date or time", "%(num)s dates or times", counts.get("date", 0)),
        "name": language.plural("%(num)s name", "%(num)s names", counts.get("name", 0)),
        "attribution": language.plural("%(num)s attribution", "%(num)s attributions", counts.get("attribution", 0)),
    }
    facts = language.list(counted[kind] for kind in counts)
    return language.plural("%(facts)s of A is missing in B", "%(facts)s of A are missing in B", sum(counts.values()), facts=facts)


def _figures(comparison: Comparison, language: Language) -> Iterable[Figure]:
    """The figures beside the count of discrepancies, which has a form of its own."""
    figures = comparison.figures
    number = language.number
    yield _kept_figure(figures, language)
    omitted = figures.passages_omitted + figures.furniture_omitted
    furniture = ""
    if figures.furniture_omitted:
        furniture = language.text("%(number)s of site furniture", number=number(figures.furniture_omitted))
    if omitted and not figures.passages_omitted:
        furniture = language.text("all site furniture")
    yield Figure(number(omitted), "", language.plural("passage omitted", "passages omitted", omitted), furniture)
    added = figures.passages_added
    yield Figure(number(added), "", language.plural("passage added", "passages added", added), _added_detail(comparison, language))
    moved = figures.passages_moved + figures.phrases_moved
    if figures.passages_moved:
        whole = language.plural("%(num)s of them a whole passage", "%(num)s of them whole passages", figures.passages_moved)
        yield Figure(number(moved), "", language.text("moved"), whole)
    else:
        yield Figure(number(moved), "", language.plural("phrase moved", "phrases moved", moved), "")
    yield from _quotation_figure(figures.quotations, language)


def _kept_figure(figures: Figures, language: Language) -> Figure:
    """The share of words kept; its sign stands apart, because it is set smaller."""
    kept = kept_share(figures)
    digits = language.number(kept)
    detail = language.text(
        "%(kept)s of %(words)s", kept=language.number(figures.words_kept), words=language.number(figures.words.a)
    )
    return Figure(digits, language.percent(kept).replace(digits, ""), language.text("of A’s words kept"), detail)


def _quotation_figure(quotations: Quotations, language: Language) -> Iterable[Figure]:
    total = quotations.intact + quotations.altered + quotations.dropped
    if not total:
        return
    parts = []
    if quotations.dropped:
        parts.append(language.plural("%(num)s dropped", "%(num)s dropped", quotations.dropped))
    if quotations.intact:
        parts.append(language.plural("%(num)s intact", "%(num)s intact", quotations.intact))
    label = language.plural("of %(num)s quotation altered", "of %(num)s quotations altered", total)
    yield Figure(language.number(quotations.altered), "", label, language.list(parts))


def _added_detail(comparison: Comparison, language: Language) -> str:
    added = [row.role for row in comparison.rows if row.blocks.b and not row.blocks.a]
    return language.text("the headline") if added == ["headline"] else ""


def _filters(layout: Layout, language: Language) -> tuple[Option, ...]:
    """All, without wording, each kind that occurs, discrepancies only."""
    kinds = {kind for look in layout.looks.values() if look.is_stop for kind in look.kinds.split()}
    return (
        Option("f-all", "all", language.text("All changes")),
        Option("f-main", "main", language.text("Hide wording")),
        Option("f-note", "notes", language.text("Discrepancies only")),
        *(Option(f"f-{kind}", kind, language.text(label)) for kind, label in KIND_LABELS.items() if kind in kinds),
    )


LONG_WORDS = 8_000
"""Words of both texts together from which a browser lays out only the paragraphs in sight.

Then switching the view of 20,000 words takes 0.1 s, else 1.5; but margin notes that are taller than their paragraph push the next
one down. News reports have 300 to 3,000 words; sensible from 5,000 to 15,000.
"""

LISTED_LENGTH = 60
"""Characters of each side of a change in the list of changes. Enough to know it again; a list of whole passages is no list."""


def _listed(comparison: Comparison, layout: Layout, language: Language) -> Iterable[ListedChange]:
    """Every change that is a stop for stepping, in the order of the page."""
    a, b = comparison.articles.map(lambda article: article.text)
    labels = {kind: language.text(label) for kind, label in KIND_LABELS.items()}
    for row in comparison.rows:
        for change in row.changes:
            if layout.looks[change.id].is_stop:
                spans = change.edit.spans
                kinds = ", ".join([labels[kind] for kind in change.kinds])
                yield ListedChange(f"#c-{change.id}", _short(spans.a.of(a)), _short(spans.b.of(b)), kinds)


def _short(text: str) -> str:
    """The words of a change, on one line; a long one ends in the middle of a passage, and a mere space is a sign."""
    return shortened(" ".join(text[: 2 * LISTED_LENGTH].split()) or ("␣" if text else ""), LISTED_LENGTH)


def _map(layout: Layout, places: Sequence[Place], severities: Mapping[int, NoteSeverity], *, is_rtl: bool) -> ChangeMap:
    """The map of a page, read as its texts are. A note has one pin, in the first row that has words of it, or a gap if none has."""
    ranks = [severities.get(note, "minor") for note in range(max(severities, default=-1) + 1)]
    found = [columns(index, row.sides, row.script, ranks) for index, row in enumerate(layout.rows)]
    reaches: dict[int, Reach] = {}
    for reach in sorted((reach for _, reached in found for reach in reached), key=lambda reach: reach.start == reach.end):
        reaches.setdefault(reach.note, reach)
    laid: Laid = [row for row, _ in found], places, [reaches[note] for note in layout.references if note in reaches]
    rows, places, ordered = mirrored(*laid) if is_rtl else laid
    drawn, extents = strip(rows)
    wide, narrow = (draw(frame, drawn, extents, places=places, reaches=ordered, severities=severities) for frame in (WIDE, NARROW))
    return ChangeMap(drawn, wide, narrow)


def _is_rtl(comparison: Comparison) -> bool:
    """Whether both texts are read from right to left."""
    return all(direction(article.source.language) == "rtl" for article in comparison.articles)


# ------------------------------------------------------------------ rows


def _row(runs: RowRuns, place: Place, notes: Notes, sources: Pair[Source], language: Language) -> RowView:
    row = runs.row
    only = "" if place.number else "a" if row.blocks.a else "b"
    shown = [notes.placed[index] for index in runs.notes if index in notes.placed]
    return RowView(
        id=place.id,
        number=place.number,
        only=only,
        label=_only_label(row, only, sources.b.label, language) if only else "",
        kinds=" ".join(dict.fromkeys(kind for change in row.changes for kind in change.kinds)) if only else "",
        form="hd" if row.role == "headline" else "fu" if row.role in BOILERPLATE else "",
        inline=runs.inline,
        a=runs.alone.a,
        b=runs.alone.b,
        notes=tuple(sorted(shown, key=lambda note: note.number)),
    )


def _only_label(row: Row, only: str, version: str, language: Language) -> str:
    """What a passage of one version is: omitted, added, or moved."""
    move = next((change for change in row.changes if change.move), None)
    if move:
        if only == "a":
            return language.text("Moved in %(version)s", version=version)
        return language.text("Moved here in %(version)s", version=version)
    passage = language.text(ROLE_LABELS[row.role])
    if only == "a":
        return language.text("Omitted in %(version)s: %(passage)s", version=version, passage=passage)
    return language.text("Added in %(version)s: %(passage)s", version=version, passage=passage)
