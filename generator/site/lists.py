"""Pages that list comparisons: the index, the pages of a tag or a publisher, and the lists of all tags and publishers.

In: facts of stories, already chosen and in order, and the terms of the site (`around` finds both). Out: pages as plain data.
Nothing is grouped or sorted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import NoteKind
from generator.site.changemap import Strip
from generator.site.facts import StoryFacts
from generator.site.frame import (
    SITE_DOWNLOADS,
    Count,
    Date,
    Download,
    Head,
    Link,
    Site,
    date_of,
    discrepancy_count,
    downloads_in,
    site_of,
)
from generator.site.labels import SEVERITIES, kind_label, kinds_in, severity_title
from generator.site.language import message
from generator.site.metadata import list_head
from generator.site.paging import Sheet
from generator.site.terms import Term, Terms, publishers_of, tags_of

TERM_WORDS = {"tag": (message("Tag"), message("Tags")), "publisher": (message("Publisher"), message("Publishers"))}
"""What one term and all terms of a form are called. The form is the first part of their addresses too."""


class Browse(NamedTuple):
    """The terms of a site, by which its lists are filtered."""

    tags: Terms
    publishers: Terms


class Choice(NamedTuple):
    """Something that a list can be narrowed to: its key in the address, its name, and a page of its own."""

    key: str
    name: str
    href: str


class Filter(NamedTuple):
    """A control of a list: its name in the address, what it is called, and its choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]


class Sheets(NamedTuple):
    """Where the neighbours of a sheet lie: links, empty where there is none; `number`: 0 of the newest sheet."""

    number: int
    newer: str
    older: str
    first: str


class Version(NamedTuple):
    """A version of a story in a list: who published it, with the page of the publisher, or its label; and its words."""

    name: str
    href: str
    words: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in a list. `keys`: for each filter its name and the keys of the choices that the story answers to."""

    href: str
    title: str
    summary: str
    published: Date
    strip: Strip
    versions: tuple[Version, ...]
    tags: tuple[Choice, ...]
    counts: tuple[Count, ...]
    discrepancies: int
    kept: tuple[int, ...]
    pages: int
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The list of all stories, newest first, or one sheet of it."""

    route: str
    template: str
    site: Site
    head: Head
    headline: str
    description: str
    downloads: tuple[Download, ...]
    entries: tuple[Entry, ...]
    filters: tuple[Filter, ...]
    sheets: Sheets


@dataclass(frozen=True, slots=True)
class TermPage:
    """The stories of a tag or a publisher: `form`; `word`: what that is called. `total`: of all sheets, 0 on a further one."""

    route: str
    template: str
    site: Site
    head: Head
    form: str
    word: str
    every: Choice
    title: str
    total: int
    entries: tuple[Entry, ...]
    filters: tuple[Filter, ...]
    sheets: Sheets


class TermLine(NamedTuple):
    """A tag or a publisher in the list of all, with the number of its stories."""

    href: str
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class TermsPage:
    """All tags, or all publishers, or one sheet of them."""

    route: str
    template: str
    site: Site
    head: Head
    form: str
    title: str
    lines: tuple[TermLine, ...]
    sheets: Sheets


def index_page(config: SiteConfig, browse: Browse, sheet: Sheet[StoryFacts]) -> IndexPage:
    """The site's first page, or a further sheet of its list."""
    site = site_of(config, sheet.route)
    entries = entries_of(site, browse, sheet.items)
    return IndexPage(
        route=sheet.route,
        template="index.html",
        site=site,
        head=list_head(config, sheet.route, config.title, _linked(sheet.items), description=config.description),
        headline=config.headline,
        description=config.description,
        downloads=tuple(each._replace(href=site.link(each.href)) for each in downloads_in(SITE_DOWNLOADS, site.words)),
        entries=entries,
        filters=_filters(config, site, browse, sheet.items),
        sheets=sheets_of(site, sheet, "index.html"),
    )


def term_page(config: SiteConfig, browse: Browse, term: Term, sheet: Sheet[StoryFacts]) -> TermPage:
    """A sheet of the stories of a tag or a publisher."""
    site = site_of(config, sheet.route)
    word, words = (site.words.text(each) for each in TERM_WORDS[term.form])
    return TermPage(
        route=sheet.route,
        template="term.html",
        site=site,
        head=list_head(
            config, sheet.route, f"{word}: {term.name}", _linked(sheet.items), trail=(Link(f"{term.form}s/index.html", words),)
        ),
        form=term.form,
        word=word,
        every=Choice(term.form, words, site.link(f"{term.form}s/index.html")),
        title=term.name,
        total=0 if sheet.number else len(term.stories),
        entries=entries_of(site, browse, sheet.items),
        filters=tuple(each for each in _filters(config, site, browse, sheet.items) if each.name != term.form),
        sheets=sheets_of(site, sheet, term.route),
    )


def terms_page(config: SiteConfig, form: str, sheet: Sheet[Term]) -> TermsPage:
    """A sheet of all tags or publishers."""
    site = site_of(config, sheet.route)
    words = site.words.text(TERM_WORDS[form][1])
    return TermsPage(
        route=sheet.route,
        template="terms.html",
        site=site,
        head=list_head(config, sheet.route, words, tuple(Link(term.route, term.name) for term in sheet.items)),
        form=form,
        title=words,
        lines=tuple(TermLine(site.link(term.route), term.name, len(term.stories)) for term in sheet.items),
        sheets=sheets_of(site, sheet, f"{form}s/index.html"),
    )


def _linked(stories: Sequence[StoryFacts]) -> tuple[Link, ...]:
    return tuple(Link(story.route, story.title) for story in stories)


def sheets_of(site: Site, sheet: Sheet[object], first: str) -> Sheets:
    """The links between the sheets of a list."""
    newer, older = (site.link(route) if route else "" for route in (sheet.newer, sheet.older))
    return Sheets(sheet.number, newer, older, site.link(first))


# ------------------------------------------------------------------ entries


def entries_of(site: Site, browse: Browse, stories: Sequence[StoryFacts]) -> tuple[Entry, ...]:
    """Stories as a list on a page shows them."""
    return tuple(_entry(site, browse, story) for story in stories)


def _entry(site: Site, browse: Browse, story: StoryFacts) -> Entry:
    tags = browse.tags.of(tags_of(story))
    publishers = browse.publishers.of(publishers_of(story))
    return Entry(
        href=site.link(story.route),
        title=story.title,
        summary=story.summary,
        published=date_of(story.published, site.words),
        strip=story.pairs[0].strip,
        versions=tuple(_versions(site, browse, story)),
        tags=_choices(site, tags),
        counts=story.counts,
        discrepancies=discrepancy_count(story.counts),
        kept=tuple(pair.kept for pair in story.pairs),
        pages=len(story.pairs),
        keys=(
            ("severity", " ".join(count.severity for count in story.counts)),
            ("tag", " ".join(term.slug for term in tags)),
            ("publisher", " ".join(term.slug for term in publishers)),
            ("kind", " ".join(kind for kind, _ in story.kinds)),
        ),
    )


def _versions(site: Site, browse: Browse, story: StoryFacts) -> Iterator[Version]:
    """The versions that a pair compares: by publisher; where all are of one publisher, or say nothing of it, by label."""
    shown = [witness for witness in story.witnesses if witness.words]
    are_told_apart = len({witness.publisher for witness in shown}) > 1
    for witness in shown:
        if witness.publisher and are_told_apart:
            yield Version(witness.publisher, site.link(browse.publishers.spelt[witness.publisher].route), witness.words)
        else:
            yield Version(witness.label, "", witness.words)


def _choices(site: Site, terms: Iterable[Term]) -> tuple[Choice, ...]:
    return tuple(Choice(term.slug, term.name, site.link(term.route)) for term in terms)


def severity_filter(site: Site, counts: Iterable[Count]) -> Filter:
    """The choice of a severity; only those that occur."""
    found = {count.severity for count in counts}
    choices = (Choice(severity, severity_title(severity, site.words), "") for severity in SEVERITIES if severity in found)
    return Filter("severity", site.words.text("Severity"), tuple(choices))


def kind_filter(config: SiteConfig, site: Site, keys: Iterable[str]) -> Filter:
    """The choice of a kind of note, of those that occur, in the order of the site's kinds."""
    known = kinds_in(config.kinds, site.words)
    order = {key: place for place, key in enumerate(known)}
    found = sorted(set(keys), key=lambda key: (order.get(key, len(order)), key))
    return Filter("kind", site.words.text("Kind"), kind_choices(site, known, found))


def kind_choices(site: Site, known: Mapping[str, NoteKind], keys: Iterable[str]) -> tuple[Choice, ...]:
    """Kinds of note by their labels; one that the site does not know has no page."""
    return tuple(Choice(key, kind_label(key, known), site.link(f"kind/{key}/index.html") if key in known else "") for key in keys)


def _filters(config: SiteConfig, site: Site, browse: Browse, stories: Sequence[StoryFacts]) -> tuple[Filter, ...]:
    """The controls of a list: severity, then what occurs in it of tags, publishers and kinds, where that is a choice."""
    severity = severity_filter(site, (count for story in stories for count in story.counts))
    tags = browse.tags.of(tag for story in stories for tag in story.tags)
    publishers = browse.publishers.of(name for story in stories for name in publishers_of(story))
    found = (
        severity,
        Filter("tag", site.words.text(TERM_WORDS["tag"][0]), _choices(site, _by_name(tags))),
        Filter("publisher", site.words.text(TERM_WORDS["publisher"][0]), _choices(site, _by_name(publishers))),
        kind_filter(config, site, (kind for story in stories for kind, _ in story.kinds)),
    )
    return tuple(each for each in found if len(each.choices) > 1)


def _by_name(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: term.name.casefold())
