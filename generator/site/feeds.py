"""The site's feeds: what is new, for programs that people read news with.

In: settings, facts of stories. Out: `feed.xml` (Atom) and `feed.json` (JSON Feed 1.1), one entry a story, those that changed last
first. An entry's id is the address of the story's page, and its date of change the newest of the story and its notes: no clock.

A site without an address has no feeds. Ids would have to be made up, and would change once it has one, so that every reader
would see everything a second time.

Sources: RFC 4287 (Atom); RFC 3339 (dates); JSON Feed 1.1, https://jsonfeed.org/version/1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from heapq import nlargest
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from generator import __version__
from generator.config import SiteConfig
from generator.site.around import Planned
from generator.site.facts import PairFacts, StoryFacts
from generator.site.frame import address, discrepancy_count
from generator.site.language import Language, language_of
from generator.site.metadata import card_route, has_cards, plain

ATOM = "feed.xml"
JSON_FEED = "feed.json"

FEED_LENGTH = 50
"""Entries of a feed. Fewer: a reader back from holidays misses some; more: every visit loads more. From 10 to 100."""

NEVER = "1970-01-01"
"""When a feed without entries was changed last: Atom wants a date."""

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write (§ 2.2)."""

JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"


def planned(config: SiteConfig, stories: Sequence[StoryFacts]) -> tuple[Planned, ...]:
    """The feeds, if the site has an address."""
    if not config.base_url:
        return ()
    chosen = newest(stories)
    slugs = tuple(story.slug for story in chosen)
    return (
        Planned(ATOM, "", slugs, "", partial(atom, config, chosen)),
        Planned(JSON_FEED, "", slugs, "", partial(json_feed, config, chosen)),
    )


def newest(stories: Sequence[StoryFacts]) -> tuple[StoryFacts, ...]:
    """The stories of a feed, by date of change, the newest first. One without a page or any date is in no feed."""
    dated = (story for story in stories if story.pairs and changed(story))
    return tuple(nlargest(FEED_LENGTH, dated, key=lambda story: (changed(story), issued(story), story.slug)))


def issued(story: StoryFacts) -> str:
    """The day of the comparison, or of its newest version where the story names none."""
    return story.published or max(witness.published for witness in story.witnesses)


def changed(story: StoryFacts) -> str:
    """The day of the last change: of the comparison or of a note."""
    return max(story.updated, issued(story))


# ------------------------------------------------------------------ Atom


def atom(config: SiteConfig, stories: Sequence[StoryFacts]) -> bytes:
    """The Atom feed (RFC 4287, § 4.1)."""
    language = language_of(config.language)
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": config.language})
    _add(feed, "id", config.base_url)
    _add(feed, "title", config.title)
    _add(feed, "subtitle", plain(config.description))
    _add(feed, "updated", moment(changed(stories[0]) if stories else NEVER))
    _link(feed, "self", config.base_url + ATOM, "application/atom+xml")
    _link(feed, "alternate", config.base_url, "text/html")
    _add(feed, "generator", "Variorum", version=__version__)
    for name, url in _site_authors(config):
        _person(feed, name, url)
    for story in stories:
        _entry(ET.SubElement(feed, "entry"), config, story, language)
    ET.indent(feed, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'.encode()


def _entry(entry: ET.Element, config: SiteConfig, story: StoryFacts, language: Language) -> None:
    url = address(config, story.route)
    _add(entry, "id", url)
    _add(entry, "title", story.title)
    _add(entry, "published", moment(issued(story)))
    _add(entry, "updated", moment(changed(story)))
    _link(entry, "alternate", url, "text/html")
    for name, link in story.authors:
        _person(entry, name, link)
    for tag in story.tags:
        ET.SubElement(entry, "category", {"term": _sound(tag)})
    if story.summary:
        _add(entry, "summary", plain(story.summary))
    _add(entry, "content", content(config, story, language), type="html")


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _sound(text)


def _link(parent: ET.Element, relation: str, url: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "type": media_type, "href": url})


def _person(parent: ET.Element, name: str, url: str) -> None:
    person = ET.SubElement(parent, "author")
    _add(person, "name", name)
    if url:
        _add(person, "uri", url)


def _sound(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


# ------------------------------------------------------------------ JSON Feed


def json_feed(config: SiteConfig, stories: Sequence[StoryFacts]) -> bytes:
    """The same as JSON Feed 1.1."""
    language = language_of(config.language)
    feed = {
        "version": JSON_FEED_VERSION,
        "title": config.title,
        "home_page_url": config.base_url,
        "feed_url": config.base_url + JSON_FEED,
        "description": plain(config.description),
        "language": config.language,
        "authors": _people(_site_authors(config)),
        "items": [_item(config, story, language) for story in stories],
    }
    return f"{json.dumps(feed, ensure_ascii=False, indent=1)}\n".encode()


def _item(config: SiteConfig, story: StoryFacts, language: Language) -> dict[str, Any]:
    url = address(config, story.route)
    item = {
        "id": url,
        "url": url,
        "title": story.title,
        "summary": plain(story.summary),
        "content_html": content(config, story, language),
        "image": address(config, card_route(story.route)) if has_cards(config) else "",
        "date_published": moment(issued(story)),
        "date_modified": moment(changed(story)),
        "authors": _people(story.authors),
        "tags": list(story.tags),
    }
    return {key: value for key, value in item.items() if value}


def _people(people: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "url": url} if url else {"name": name} for name, url in people]


# ------------------------------------------------------------------ what both say


def moment(day: str) -> str:
    """A day as RFC 3339 writes a moment: its beginning in UTC, because a day is all that is known."""
    return f"{day}T00:00:00Z"


def content(config: SiteConfig, story: StoryFacts, language: Language) -> str:
    """An entry as HTML: the summary, and the figures of each pair with a link to its page. Everything is escaped."""
    parts = [f"<p>{escape(plain(story.summary))}</p>"] if story.summary else []
    labels = {witness.name: witness.label for witness in story.witnesses}
    lines = [
        f'<li><a href="{escape(address(config, pair.route))}">{escape(labels[pair.a])} – {escape(labels[pair.b])}</a>: '
        f"{escape('; '.join(figures(pair, language)))}</li>"
        for pair in story.pairs
    ]
    return "".join([*parts, "<ul>", *lines, "</ul>"])


def figures(pair: PairFacts, language: Language) -> Iterator[str]:
    """What a pair comes to, in words."""
    found = discrepancy_count(pair.counts)
    yield language.text("%(share)s of the words kept", share=language.percent(pair.kept))
    yield language.plural("%(num)s discrepancy", "%(num)s discrepancies", found)
    if pair.omitted:
        yield language.plural("%(num)s passage omitted", "%(num)s passages omitted", pair.omitted)
    if pair.added:
        yield language.plural("%(num)s passage added", "%(num)s passages added", pair.added)


def _site_authors(config: SiteConfig) -> tuple[tuple[str, str], ...]:
    """Who answers for the site; nobody named: the site itself, for a feed has an author (RFC 4287, § 4.1.1)."""
    return tuple((author.name, author.url) for author in config.authors) or ((config.title, ""),)
