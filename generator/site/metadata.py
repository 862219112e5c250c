"""What a page says of itself to programs: where it lies, what it is about, when it changed, as schema.org has words for it.

In: settings, stories, comparisons, lists. Out: addresses, and the data of `<script type="application/ld+json">` as JSON text.
Only `script_safe` makes that text fit to stand inside an element. Without the site's address nothing that needs one is said.

Sources: schema.org (AnalysisNewsArticle, NewsArticle, CollectionPage, ItemList, BreadcrumbList); JSON-LD 1.1, § 7 (data blocks).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.config import SiteConfig
from generator.model import Comparison, Source, Story
from generator.site.frame import (
    Head,
    Link,
    Share,
    address,
    comparison_route,
    discrepancy_count,
    head_of,
    kept_share,
    severity_counts,
)
from generator.site.labels import kind_label, kinds_in, safe_link
from generator.site.language import Language

CONTEXT = "https://schema.org"

Json: TypeAlias = dict[str, Any]

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What could end the element, begin a comment in it, or end a line of JavaScript."""


def script_safe(text: str) -> str:
    """JSON that may stand inside a script element: the characters replaced stand in strings only, so it means the same."""
    return text.translate(_IN_SCRIPT)


def site_name(config: SiteConfig) -> Json:
    """Who publishes the site: it goes by its own name."""
    return _sparse({"@type": "Organization", "name": config.title, "url": config.base_url})


def agents(people: Iterable[tuple[str, str]]) -> list[Json]:
    """People or desks, by name and address. Their class is left open: nobody says which of the two they are."""
    return [_sparse({"name": name, "url": safe_link(url)}) for name, url in people]


# ------------------------------------------------------------------ comparisons


def comparison_head(config: SiteConfig, story: Story, comparison: Comparison, title: str, language: Language) -> Head:
    """The head of the page of a pair: an analysis of its two texts, and where it stands in the site."""
    route = comparison_route(story, comparison)
    share = _share(config, story, (comparison,), route, language)
    head = head_of(config, route, title, story.summary)._replace(share=share)
    sources = [article.source for article in comparison.articles]
    article = _analysis(config, story, head, sources, annotators_of(story, (comparison,)))
    trail = [Link(f"{story.slug}/index.html", story.title)] if len(story.pairs) > 1 else []
    return head._replace(data=_graph(article, _crumbs(config, [*trail, Link(route, title)])))


def story_head(config: SiteConfig, story: Story, comparisons: Sequence[Comparison], language: Language) -> Head:
    """The head of the page of a story with several pairs: an analysis whose parts are theirs."""
    route = f"{story.slug}/index.html"
    share = _share(config, story, comparisons, route, language)
    head = head_of(config, route, story.title, story.summary)._replace(share=share)
    article = _analysis(config, story, head, story.witnesses, annotators_of(story, comparisons))
    parts = [address(config, comparison_route(story, each)) for each in comparisons] if config.base_url else []
    article |= _sparse({"hasPart": [{"@type": "AnalysisNewsArticle", "url": url} for url in parts]})
    return head._replace(data=_graph(article, _crumbs(config, [Link(route, story.title)])))


def card_route(route: str) -> str:
    """Where the picture of the page at `route` lies: beside it."""
    return posixpath.join(posixpath.dirname(route), "card.png")


def has_cards(config: SiteConfig) -> bool:
    """Whether comparisons have pictures: a page can name one by its address only."""
    return config.share_images and bool(config.base_url)


def annotators_of(story: Story, comparisons: Iterable[Comparison]) -> tuple[tuple[str, str], ...]:
    """Who wrote the notes that stand on these pages, by name and address, in the order of the story."""
    wrote = {each.annotation.by for comparison in comparisons for each in comparison.placements if not each.is_orphan}
    return tuple((each.name, safe_link(each.url)) for each in story.annotators if each.key in wrote)


def _share(config: SiteConfig, story: Story, comparisons: Sequence[Comparison], route: str, language: Language) -> Share:
    notes = [each.annotation for comparison in comparisons for each in comparison.placements if not each.is_orphan]
    kept = [kept_share(comparison.figures) for comparison in comparisons]
    found = sum(discrepancy_count(severity_counts(comparison)) for comparison in comparisons)
    sources = {side.source.name: side.source for comparison in comparisons for side in comparison.articles}.values()
    labels = kinds_in(config.kinds, language)
    image = address(config, card_route(route)) if has_cards(config) else ""
    return Share(
        published=story.published,
        modified=max([story.published, *(revision.date for note in notes for revision in note.history)]),
        tags=story.tags,
        publishers=tuple(dict.fromkeys(source.publisher for source in sources if source.publisher)),
        kinds=tuple(kind_label(key, labels) for key in dict.fromkeys(kind for note in notes for kind in note.kinds)),
        versions=language.list(source.label for source in sources),
        image=image,
        image_alt=image_alt(language, kept, found) if image else "",
    )


def image_alt(language: Language, kept: Sequence[int], discrepancies: int) -> str:
    """What the picture of a comparison shows, in words."""
    share = language.percent(min(kept)) if min(kept) == max(kept) else f"{language.number(min(kept))}–{language.percent(max(kept))}"
    counted = language.plural("%(num)s discrepancy", "%(num)s discrepancies", discrepancies)
    return language.text("A map of where the texts differ; %(share)s of the words kept, %(count)s.", share=share, count=counted)


def _analysis(config: SiteConfig, story: Story, head: Head, sources: Sequence[Source], people: Sequence[tuple[str, str]]) -> Json:
    """A page about several versions. `people`: who wrote its notes; nobody named: those who answer for the site."""
    return _sparse(
        {
            "@type": "AnalysisNewsArticle",
            "@id": head.canonical,
            "url": head.canonical,
            "mainEntityOfPage": head.canonical,
            "headline": head.name,
            "description": plain(story.summary),
            "image": head.share.image if head.share else "",
            "datePublished": story.published,
            "dateModified": head.share.modified if head.share else "",
            "inLanguage": config.language,
            "keywords": list(story.tags),
            "author": agents(people or [(author.name, author.url) for author in config.authors]),
            "publisher": site_name(config),
            "about": [_witness(source, story) for source in sources],
            "isBasedOn": [source.url for source in sources if source.url],
        }
    )


def _witness(source: Source, story: Story) -> Json:
    """A version as a news article of its own; `isBasedOn` only if the story declares it."""
    base = next((each for each in story.witnesses if each.name == source.based_on), None)
    return _sparse(
        {
            "@type": "NewsArticle",
            "name": source.label,
            "headline": source.headline,
            "url": source.url,
            "archivedAt": source.archived,
            "author": agents([(source.author, "")]) if source.author else [],
            "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else {},
            "datePublished": source.published,
            "inLanguage": source.language,
            "isBasedOn": _sparse({"@type": "NewsArticle", "name": base.label, "url": base.url}) if base else {},
        }
    )


# ------------------------------------------------------------------ lists


def list_head(
    config: SiteConfig, route: str, title: str, items: Sequence[Link], *, trail: Sequence[Link] = (), description: str = ""
) -> Head:
    """The head of a page that lists others. `items`: routes and titles; `trail`: the pages above it, itself left out."""
    head = head_of(config, route, title, description)
    elements = [
        _sparse({"@type": "ListItem", "position": place, "name": item.label, "url": address(config, item.href)})
        for place, item in enumerate(items, start=1)
    ]
    page = {
        "@type": "CollectionPage",
        "@id": head.canonical,
        "url": head.canonical,
        "name": title,
        "description": plain(description),
        "inLanguage": config.language,
        "publisher": site_name(config),
        "mainEntity": {"@type": "ItemList", "numberOfItems": len(elements), "itemListElement": elements} if elements else {},
    }
    crumbs = _crumbs(config, [*trail, Link(route, title)]) if route != "index.html" else {}
    return head._replace(data=_graph(_sparse(page), crumbs))


def _crumbs(config: SiteConfig, trail: Sequence[Link]) -> Json:
    """The way to a page from the site's first; a trail is of addresses, so a site without one has none."""
    if not config.base_url:
        return {}
    places = [Link("index.html", config.title), *trail]
    elements = [
        {"@type": "ListItem", "position": place, "name": link.label, "item": address(config, link.href)}
        for place, link in enumerate(places, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": elements}


def _graph(*nodes: Json) -> str:
    return _encoded({"@context": CONTEXT, "@graph": [node for node in nodes if node]})


def _sparse(data: Mapping[str, Any]) -> Json:
    """Without what is empty: a key that says nothing is left out."""
    return {key: value for key, value in data.items() if value not in ("", [], {})}


# ------------------------------------------------------------------ words

_MARKED = re.compile(r"[\\`*_\[\]<>&!]")
"""What inline Markdown begins with. Parsing costs 80 µs, and most summaries have none of it."""

_PARSER = MarkdownIt("commonmark", {"html": False}).disable("image")
_PARSER.validateLink = lambda url: bool(safe_link(url))  # type: ignore[method-assign]  # its documented way


def plain(text: str) -> str:
    """The words of a line of Markdown, for places that hold no markup."""
    text = text.strip()
    return " ".join(("".join(_words(_PARSER.parseInline(text))) if _MARKED.search(text) else text).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children is not None:
            yield from _words(token.children)
        else:
            yield " " if token.type in {"softbreak", "hardbreak"} else token.content


def host_of(config: SiteConfig) -> str:
    """The host that the site's address names, or empty."""
    return urlsplit(config.base_url).hostname or ""
