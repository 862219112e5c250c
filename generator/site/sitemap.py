"""What a search engine asks for: a list of all pages with the day each changed, and leave to read them.

In: settings, facts of stories, the other files of the site. Out: `sitemap.xml`, in parts with an index above them when it is long;
`robots.txt`. Days come from facts, never from a clock or a file. A sitemap is of addresses: a site without one has none.

Stories stand in the order of their dates, the oldest first, so that a new one changes the last part only.
Sources: sitemaps.org protocol 0.9; RFC 9309 (robots.txt).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple
from xml.etree import ElementTree as ET

from generator.config import SiteConfig
from generator.site.around import Planned
from generator.site.facts import StoryFacts
from generator.site.frame import address

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"

PART_LENGTH = 1_000
"""Addresses in a part. The protocol allows 50,000; fewer make an edited note rewrite less. From 100 to 50,000."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_UNLISTED = frozenset({"404.html"})


class Listed(NamedTuple):
    """A page in a sitemap; `changed` may be empty. `slug`: of the story it belongs to, or empty."""

    route: str
    changed: str
    slug: str


def planned(config: SiteConfig, stories: Sequence[StoryFacts], others: Iterable[Planned]) -> tuple[Planned, ...]:
    """The sitemap and robots.txt. `others`: the site's other files, of which the pages are listed."""
    robots = Planned(ROBOTS, "", (), "", partial(robots_text, config))
    if not config.base_url:
        return (robots,)
    parts = chunks(pages(stories, others))
    if len(parts) == 1:
        return (_part(config, SITEMAP, parts[0]), robots)
    routes = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    entries = tuple(Listed(route, max(page.changed for page in part), "") for route, part in zip(routes, parts, strict=True))
    index = Planned(SITEMAP, "", (), _said(entries), partial(sitemap_index, config, entries))
    return (index, *(_part(config, route, part) for route, part in zip(routes, parts, strict=True)), robots)


def pages(stories: Sequence[StoryFacts], others: Iterable[Planned]) -> tuple[Listed, ...]:
    """Every page of the site, once: those around the stories first, as they seldom change in number."""
    around = sorted({other.route for other in others if other.route.endswith(".html") and other.route not in _UNLISTED})
    listed = [Listed(route, "", "") for route in around]
    for story in sorted((story for story in stories if story.pairs), key=_AGE):
        listed.append(Listed(story.route, story.updated, story.slug))
        if len(story.pairs) > 1:
            listed += [Listed(pair.route, story.updated, story.slug) for pair in story.pairs]
    return tuple(listed)


_AGE = attrgetter("published", "slug")


def chunks(listed: Sequence[Listed]) -> tuple[tuple[Listed, ...], ...]:
    """The parts of a sitemap; of no pages, one that is empty."""
    starts = range(0, max(len(listed), 1), PART_LENGTH)
    return tuple(tuple(listed[start : start + PART_LENGTH]) for start in starts)


def _part(config: SiteConfig, route: str, part: Sequence[Listed]) -> Planned:
    slugs = tuple(dict.fromkeys(page.slug for page in part if page.slug))
    return Planned(route, "", slugs, _said(page for page in part if not page.slug), partial(url_set, config, part))


def _said(entries: Iterable[Listed]) -> str:
    return "\n".join(f"{entry.route} {entry.changed}" for entry in entries)


def url_set(config: SiteConfig, part: Sequence[Listed]) -> bytes:
    """A list of pages."""
    return _written("urlset", "url", config, part)


def sitemap_index(config: SiteConfig, entries: Sequence[Listed]) -> bytes:
    """A list of lists."""
    return _written("sitemapindex", "sitemap", config, entries)


def _written(root: str, element: str, config: SiteConfig, entries: Sequence[Listed]) -> bytes:
    tree = ET.Element(root, {"xmlns": _NAMESPACE})
    for entry in entries:
        child = ET.SubElement(tree, element)
        ET.SubElement(child, "loc").text = address(config, entry.route)
        if entry.changed:
            ET.SubElement(child, "lastmod").text = entry.changed
    ET.indent(tree, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(tree, encoding="unicode")}\n'.encode()


def robots_text(config: SiteConfig) -> bytes:
    """Everything may be read; and where the sitemap is. Robots ask for it at a host's root: under a sub-path it goes unread."""
    sitemap = f"\nSitemap: {config.base_url}{SITEMAP}\n" if config.base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()
