"""What all pages share: site and head, addresses, dates, witness cards, counts of notes.

In: a site's settings, a story, a comparison. Out: small values that every kind of page holds. No text is cut here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from generator.config import SiteConfig
from generator.model import Article, Comparison, Figures, NoteSeverity, Story
from generator.site.labels import SEVERITIES, safe_link
from generator.site.language import Language, direction, is_date, language_of, message


class Link(NamedTuple):
    """Words, and where they lead; without a safe address `href` is empty and the words stand alone."""

    href: str
    label: str


class Page(Protocol):
    """What every page has that a template makes."""

    @property
    def template(self) -> str:
        """The file name of its template."""


class NavEntry(NamedTuple):
    """An entry of the navigation: what it is called, and where it lies in the site."""

    route: str
    label: str


class Site(NamedTuple):
    """What every page says of its site. `root` leads to the site's root: empty or `../…` if links are relative, else `base`.

    `language`: of what people write for it; `words`: of what the program says. `route`: of the page itself; `base`: the path of
    the site on its host, or empty if links are relative; `pages`: the site's own pages that the navigation names.
    `logo`: the path of a picture in the site, or empty.
    """

    title: str
    language: str
    root: str
    authors: tuple[Link, ...]
    route: str
    base: str
    pages: tuple[NavEntry, ...]
    words: Language
    has_search: bool
    logo: str
    tagline: str

    def link(self, target: str, fragment: str = "") -> str:
        """From this page to the file `target` of the site; `fragment` with its `#`. Every link between pages is made here.

        Relative links name `index.html`, so that a site opens from a file system; the others leave it out.
        """
        if self.base:
            return f"{self.base}{target.removesuffix('index.html')}{fragment}"
        return fragment if fragment and target == self.route else relative(self.route, target) + fragment


class Share(NamedTuple):
    """What a comparison says of itself where it is shared and found; dates may be empty.

    `publishers` of its versions and `kinds` of its notes (labels): what a search can be narrowed to; `versions`: their labels.
    `image`: the address of its picture, or empty.
    """

    published: str
    modified: str
    tags: tuple[str, ...]
    publishers: tuple[str, ...]
    kinds: tuple[str, ...]
    versions: str
    image: str
    image_alt: str


class Head(NamedTuple):
    """What stands in `<head>`. `description` is Markdown that the renderer makes plain; `canonical` may be empty.

    `name`: the title without the site's; `share`: of a comparison or story, else None; `data`: JSON-LD, or empty.
    """

    title: str
    description: str
    canonical: str
    name: str
    share: Share | None = None
    data: str = ""


class Date(NamedTuple):
    """A date for people and, where it is one, for machines."""

    label: str
    iso: str


class Count(NamedTuple):
    """How many notes of one severity."""

    severity: NoteSeverity
    total: int


@dataclass(frozen=True, slots=True)
class WitnessCard:
    """One version: siglum, label, and what is known of it. `source`: its text as a file of the site."""

    side: str
    siglum: str
    label: str
    publisher: str
    headline: str
    author: str
    published: Date
    language: str
    direction: str
    words: int
    source: str
    url: str
    archived: str
    based_on: str
    generator: str


# ------------------------------------------------------------------ downloads

ANNOTATIONS = "annotations.jsonld"
NOTES_CSV = "notes.csv"
CHANGES_CSV = "changes.csv"
COMPARISON_JSON = "comparison.json"
NOTES_JSON = "notes.json"


class Download(NamedTuple):
    """A file that says in another format what a page says: where it lies, its media type, what a link to it is called."""

    href: str
    type: str
    label: str


PAIR_DOWNLOADS = (
    Download(ANNOTATIONS, 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"', message("Notes as Web Annotations")),
    Download(NOTES_CSV, "text/csv", message("Notes as CSV")),
    Download(CHANGES_CSV, "text/csv", message("Changes as CSV")),
    Download(COMPARISON_JSON, "application/json", message("Everything as JSON")),
)
"""Beside the page of a pair."""

SITE_DOWNLOADS = (
    Download(NOTES_CSV, "text/csv", message("All notes as CSV")),
    Download(NOTES_JSON, "application/json", message("All notes as JSON")),
)
"""At the site's root."""


def downloads_in(downloads: Iterable[Download], language: Language) -> tuple[Download, ...]:
    """The same, called what `language` calls them."""
    return tuple(download._replace(label=language.text(download.label)) for download in downloads)


# ------------------------------------------------------------------ addresses


def comparison_route(story: Story, comparison: Comparison) -> str:
    """Where the page of a comparison lies: in the story's folder, or in one of its own when the story has several pairs."""
    if len(story.pairs) == 1:
        return f"{story.slug}/index.html"
    names = comparison.articles.map(lambda article: article.source.name)
    return f"{story.slug}/{names.a}-{names.b}/index.html"


def relative(route: str, target: str) -> str:
    """From the page at `route` to the file `target` of the site."""
    # Routes are plain, so that this does without posixpath.relpath, which takes 25 µs: a list of notes has hundreds of links.
    here, there = route.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:])


def address(config: SiteConfig, route: str) -> str:
    """Where the file `route` of the site can be fetched: a page without its index.html; empty if the site has no address."""
    return config.base_url and config.base_url + quote(route.removesuffix("index.html"), safe="/-._~")


def base_path(config: SiteConfig) -> str:
    """The path of the site on its host: `/`, or `/name/` under a sub-path."""
    return urlsplit(config.base_url).path or "/"


def site_of(config: SiteConfig, route: str, *, is_relative: bool = True) -> Site:
    """What the page at `route` says of its site. `is_relative` false: a page that is served at any address, as 404.html is."""
    authors = tuple(Link(safe_link(author.url), author.name) for author in config.authors)
    base = "" if is_relative and config.relative_links else base_path(config)
    pages = tuple(NavEntry(f"{name}/index.html", label) for name, label in config.pages)
    root = base or "../" * route.count("/")
    return Site(
        title=config.title,
        language=config.language,
        root=root,
        authors=authors,
        route=route,
        base=base,
        pages=pages,
        words=language_of(config.language),
        has_search=config.search,
        logo=config.theme.logo,
        tagline=config.theme.tagline,
    )


def head_of(config: SiteConfig, route: str, title: str, description: str) -> Head:
    """The `<head>` of the page at `route`."""
    name = f"{title} – {config.title}" if title != config.title else title
    return Head(name, description, address(config, route), title)


def date_of(iso: str, language: Language) -> Date:
    """A date as people and machines read it."""
    return Date(language.date(iso), iso if is_date(iso) else "")


# ------------------------------------------------------------------ witnesses and notes


def card_of(story: Story, article: Article, side: str, site: Site, words: int) -> WitnessCard:
    """A version on a page of `site`; `side` is empty where sides do not matter."""
    source = article.source
    return WitnessCard(
        side=side,
        siglum=side.upper(),
        label=source.label,
        publisher=source.publisher,
        headline=source.headline or _headline(article),
        author=source.author,
        published=date_of(source.published, site.words),
        language=source.language,
        direction=direction(source.language),
        words=words,
        source=site.link(f"{story.slug}/{source.name}.txt"),
        url=safe_link(source.url),
        archived=safe_link(source.archived),
        based_on=next((other.label for other in story.witnesses if other.name == source.based_on), ""),
        generator=source.generator,
    )


def _headline(article: Article) -> str:
    """The headline that stands in the text."""
    return next((block.span.of(article.text) for block in article.blocks if block.role == "headline"), "")


def severity_counts(comparison: Comparison) -> tuple[Count, ...]:
    """How many notes that stand in the text have each severity; withdrawn ones are not counted."""
    counts = Counter(
        placement.annotation.severity
        for placement in comparison.placements
        if not placement.is_orphan and placement.annotation.status != "withdrawn"
    )
    return tuple(Count(severity, counts[severity]) for severity in SEVERITIES if counts[severity])


def discrepancy_count(counts: Iterable[Count]) -> int:
    """All notes but those that found agreement."""
    return sum(found.total for found in counts if found.severity != "checked")


def kept_share(figures: Figures) -> int:
    """The share of the base's words that b keeps, in whole per cent."""
    return round(100 * figures.words_kept / figures.words.a) if figures.words.a else 0
