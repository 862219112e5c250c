"""Pages that list notes: all notes of the site, and those of one kind; and the list of all kinds.

In: facts of stories, already chosen and in order. Out: pages as plain data: notes grouped by story, each with a link to where it
stands. What a note rests on is told on its own page only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import NoteKind, NoteSeverity
from generator.site.facts import NoteFacts, StoryFacts, WitnessFacts
from generator.site.frame import Count, Date, Head, Link, Site, date_of, site_of
from generator.site.labels import STATUS_LABELS, kinds_in, severity_title
from generator.site.lists import Choice, Filter, Sheets, kind_choices, kind_filter, severity_filter, sheets_of
from generator.site.metadata import list_head
from generator.site.paging import Sheet


class NoteLine(NamedTuple):
    """A note in a list. `href`: the note on its page; `place`: the passage it speaks of; `pair`: which page, of several.

    `quotes`: the words it stands on, each with its side (a, b) and its language.
    """

    href: str
    place: str
    number: int
    severity: NoteSeverity
    weight: str
    kinds: tuple[Choice, ...]
    status: str
    is_withdrawn: bool
    title: str
    quotes: tuple[tuple[str, str, str], ...]
    pair: str
    keys: str


class StoryNotes(NamedTuple):
    """The notes of one story in a list."""

    href: str
    title: str
    published: Date
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class NotesPage:
    """All notes of the site, or one sheet of them; or those of the kind `kind`. `total`: 0 on a further sheet."""

    route: str
    template: str
    site: Site
    head: Head
    title: str
    kind: NoteKind | None
    total: int
    groups: tuple[StoryNotes, ...]
    filters: tuple[Filter, ...]
    sheets: Sheets


class KindLine(NamedTuple):
    """A kind in the list of all."""

    href: str
    label: str
    definition: str
    total: int


@dataclass(frozen=True, slots=True)
class KindsPage:
    """All kinds of note, by group."""

    route: str
    template: str
    site: Site
    head: Head
    title: str
    groups: tuple[tuple[str, tuple[KindLine, ...]], ...]


def notes_page(config: SiteConfig, sheet: Sheet[StoryFacts], total: int) -> NotesPage:
    """A sheet of all notes."""
    site = site_of(config, sheet.route)
    return _page(config, site, sheet, None, 0 if sheet.number else total)


def kind_page(config: SiteConfig, key: str, sheet: Sheet[StoryFacts], total: int) -> NotesPage:
    """A sheet of the notes of a kind."""
    site = site_of(config, sheet.route)
    kind = kinds_in(config.kinds, site.words)[key]
    return _page(config, site, sheet, kind, 0 if sheet.number else total)


def _page(config: SiteConfig, site: Site, sheet: Sheet[StoryFacts], kind: NoteKind | None, total: int) -> NotesPage:
    title = kind.label if kind else site.words.text("All notes")
    known = kinds_in(config.kinds, site.words)
    groups = tuple(_group(site, known, story, _wanted(kind)) for story in sheet.items)
    notes = [note for group in groups for note in group.notes]
    severity = severity_filter(site, (Count(note.severity, 1) for note in notes))
    kinds = kind_filter(config, site, (choice.key for note in notes for choice in note.kinds))
    return NotesPage(
        route=sheet.route,
        template="notes.html" if kind is None else "kind.html",
        site=site,
        head=list_head(
            config,
            sheet.route,
            title,
            tuple(Link(story.route, story.title) for story in sheet.items),
            trail=(Link("kinds/index.html", site.words.text("Kinds of notes")),) if kind else (),
            description=kind.definition if kind else "",
        ),
        title=title,
        kind=kind,
        total=total,
        groups=groups,
        filters=tuple(each for each in ((severity, kinds) if kind is None else (severity,)) if len(each.choices) > 1),
        sheets=sheets_of(site, sheet, "notes/index.html" if kind is None else f"kind/{kind.key}/index.html"),
    )


def _wanted(kind: NoteKind | None) -> Callable[[NoteFacts], bool]:
    return lambda note: kind is None or kind.key in note.kinds


def _group(site: Site, known: Mapping[str, NoteKind], story: StoryFacts, is_wanted: Callable[[NoteFacts], bool]) -> StoryNotes:
    witnesses = {witness.name: witness for witness in story.witnesses}
    pairs = {pair.route: (witnesses[pair.a], witnesses[pair.b]) for pair in story.pairs}
    has_several = len(story.pairs) > 1
    notes = tuple(_line(site, known, note, *pairs[note.route], is_named=has_several) for note in story.notes if is_wanted(note))
    return StoryNotes(site.link(story.route), story.title, date_of(story.published, site.words), notes)


def _line(
    site: Site, known: Mapping[str, NoteKind], note: NoteFacts, a: WitnessFacts, b: WitnessFacts, *, is_named: bool
) -> NoteLine:
    """A note on the comparison of two versions, which `is_named` says to name."""
    quotes = (("a", a.language, note.a), ("b", b.language, note.b))
    return NoteLine(
        href=site.link(note.route, f"#note-{note.id}"),
        place=site.link(note.route, f"#ref-{note.id}"),
        number=note.number,
        severity=note.severity,
        weight=severity_title(note.severity, site.words),
        kinds=kind_choices(site, known, note.kinds),
        status=site.words.text(STATUS_LABELS[note.status]) if STATUS_LABELS[note.status] else "",
        is_withdrawn=note.status == "withdrawn",
        title=note.title,
        quotes=tuple(quote for quote in quotes if quote[2]),
        pair=f"{a.label} {site.words.text('→')} {b.label}" if is_named else "",
        keys=" ".join(note.kinds),
    )


def kinds_page(config: SiteConfig, totals: Sequence[tuple[str, int]]) -> KindsPage:
    """All kinds with their definitions; `totals`: how many notes each has."""
    route = "kinds/index.html"
    site = site_of(config, route)
    found = dict(totals)
    groups: dict[str, list[KindLine]] = {}
    known = kinds_in(config.kinds, site.words)
    for kind in known.values():
        line = KindLine(site.link(f"kind/{kind.key}/index.html"), kind.label, kind.definition, found.get(kind.key, 0))
        groups.setdefault(kind.group, []).append(line)
    title = site.words.text("Kinds of notes")
    return KindsPage(
        route=route,
        template="kinds.html",
        site=site,
        head=list_head(config, route, title, tuple(Link(f"kind/{kind.key}/index.html", kind.label) for kind in known.values())),
        title=title,
        groups=tuple((group, tuple(lines)) for group, lines in groups.items()),
    )
