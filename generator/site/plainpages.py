"""Pages that list nothing, or little: how to read, the site's own pages, and what stands where no page is.

In: settings, own pages, the facts of the newest stories. Out: pages as plain data. The Markdown of own pages stays Markdown, with
every link already led to where it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from generator.config import SiteConfig
from generator.model import NoteKind
from generator.ownpages import OwnPage, OwnPages, target_of
from generator.site.facts import StoryFacts
from generator.site.frame import Date, Head, Site, date_of, head_of, site_of
from generator.site.labels import kinds_in
from generator.site.language import direction

PICTURE_FOLDER = "pages"
"""Where pictures of own pages lie in the site."""


@dataclass(frozen=True, slots=True)
class HowPage:
    """How to read a comparison: every mark, every severity, every kind."""

    route: str
    template: str
    site: Site
    head: Head
    title: str
    kinds: tuple[tuple[str, tuple[NoteKind, ...]], ...]


@dataclass(frozen=True, slots=True)
class OwnPageView:
    """A page of the site's own. `links`: where each address in its text leads from this page; empty for one that leads nowhere."""

    route: str
    template: str
    site: Site
    head: Head
    title: str
    language: str
    direction: str
    body: str
    links: Links


class Links(NamedTuple):
    """Where the links of an own page lead. `pages` and `pictures`: those there are."""

    site: Site
    pages: frozenset[str]
    pictures: frozenset[str]

    def __call__(self, href: str) -> str:
        """The address to write for one in the text; empty if it leads nowhere."""
        target = target_of(href)
        if target is None:
            return ""
        match target.form:
            case "page":
                route = f"{target.value}/index.html"
                return self.site.link(route, target.fragment) if target.value in self.pages else ""
            case "picture":
                return self.site.link(f"{PICTURE_FOLDER}/{quote(target.value)}") if target.value in self.pictures else ""
            case "site":
                route = f"{target.value}index.html" if not target.value or target.value.endswith("/") else target.value
                return self.site.link(route, target.fragment)
            case "here":
                return target.fragment
            case "away":
                return target.value


class Newest(NamedTuple):
    """A story in a short list."""

    href: str
    title: str
    published: Date


@dataclass(frozen=True, slots=True)
class MissingPage:
    """What a server sends where there is no page: it is seen at any address, so that its links begin at the host."""

    route: str
    template: str
    site: Site
    head: Head
    title: str
    newest: tuple[Newest, ...]


def how_page(config: SiteConfig) -> HowPage:
    """The page that explains every mark."""
    route = "how-to-read/index.html"
    site = site_of(config, route)
    groups: dict[str, list[NoteKind]] = {}
    for kind in kinds_in(config.kinds, site.words).values():
        groups.setdefault(kind.group, []).append(kind)
    title = site.words.text("How to read a comparison")
    return HowPage(
        route=route,
        template="how.html",
        site=site,
        head=head_of(config, route, title, site.words.text("What every mark, number and figure on these pages means.")),
        title=title,
        kinds=tuple((group, tuple(kinds)) for group, kinds in groups.items()),
    )


def own_page(config: SiteConfig, own: OwnPages, page: OwnPage) -> OwnPageView:
    """A page of the site's own."""
    route = f"{page.name}/index.html"
    site = site_of(config, route)
    return OwnPageView(
        route=route,
        template="own.html",
        site=site,
        head=head_of(config, route, page.title, page.description),
        title=page.title,
        language=page.language,
        direction=direction(page.language),
        body=page.body,
        links=Links(site, frozenset(each.name for each in own.pages), frozenset(picture.name for picture in own.pictures)),
    )


def missing_page(config: SiteConfig, newest: Sequence[StoryFacts]) -> MissingPage:
    """404.html, with the newest comparisons."""
    site = site_of(config, "404.html", is_relative=False)
    title = site.words.text("There is no page here")
    return MissingPage(
        route="404.html",
        template="missing.html",
        site=site,
        head=head_of(config, "404.html", title, "")._replace(canonical=""),
        title=title,
        newest=tuple(Newest(site.link(story.route), story.title, date_of(story.published, site.words)) for story in newest),
    )
