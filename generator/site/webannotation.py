"""Notes as W3C Web Annotations (JSON-LD): what other annotation tools read.

In: settings, a story, its comparisons. Out: the text of an AnnotationCollection with its one page.
Follows the Web Annotation Data Model (W3C Recommendation, 23 February 2017); sections are named where they decide.

A note's target is its passage in the later witness, or in the earlier one if it has no other; its passages in other
witnesses are bodies with `purpose: linking`, as are the notes it refers to and its evidence. Title, text, kinds, severity,
status and direction are textual bodies. What that vocabulary has no word for stands under `variorum:`: the form of a
selector that is no plain quotation, how a passage was found if not exactly, what belongs to a piece of evidence, the history.

The JSON is written as text: from objects it took 1.4 ms for thirty notes instead of 0.6. Every text goes through `quoted`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted
from typing import Any, TypeAlias

from generator.config import SiteConfig
from generator.model import Anchor, Annotation, Annotator, Article, Comparison, Evidence, Orphan, Revision, Selector, Story
from generator.site.frame import ANNOTATIONS, comparison_route

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PREFIX = "variorum"
URN = f"urn:x-{PREFIX}:"
"""What identifies a site that has no address. Nothing can be fetched there; within one site it is unique."""

CONTEXT_LENGTH = 32
"""Code points before and after a passage that go into its selector: the length that Hypothesis and others record."""

Json: TypeAlias = dict[str, Any]

encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""Data as JSON in UTF-8, as small as it gets."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a note has in one witness. `article` is None for a witness that no pair compares."""

    anchors: tuple[Anchor, ...]
    orphans: tuple[Orphan, ...]
    article: Article | None


@dataclass(frozen=True, slots=True)
class _Noted:
    """A note with its page and what it has in each witness, in the order of the story."""

    note: Annotation
    page: str
    places: Mapping[str, _Found]
    target: str


def iri(config: SiteConfig, path: str) -> str:
    """What identifies a file of the site: its address, or a URN where the site has none."""
    return (config.base_url or URN) + path


def page_iri(config: SiteConfig, route: str) -> str:
    """What identifies a page: its canonical address."""
    return iri(config, route.removesuffix("index.html"))


def annotation_collection(
    config: SiteConfig, story: Story, comparisons: Sequence[Comparison], chosen: Comparison | None = None
) -> str:
    """All notes of a story, each once, or those of one pair. No notes: a collection without a page (§ 5.1, § 5.2)."""
    noted = _noted(story, comparisons)
    pages = dict.fromkeys((note.id for note in story.annotations), f"{story.slug}/index.html")
    pages |= {each.note.id: each.page for each in reversed(noted)}
    if chosen is None:
        route = f"{story.slug}/index.html"
        first = {each.note.id: each for each in reversed(noted)}
        shown = [first[note.id] for note in story.annotations if note.id in first]
        label = story.title
    else:
        route = comparison_route(story, chosen)
        shown = [each for each in noted if each.page == route]
        pages |= {each.note.id: route for each in shown}
        label = f"{story.title}: {' and '.join(article.source.label for article in chosen.articles)}"
    writer = _Writer(
        language=quoted(config.language),
        pages={name: quoted(f"{page_iri(config, page)}#note-{name}") for name, page in pages.items()},
        sources={source.name: quoted(iri(config, f"{story.slug}/{source.name}.txt")) for source in story.witnesses},
        creators={each.key: _agent(each) for each in story.annotators},
    )
    file = iri(config, f"{route.removesuffix('index.html')}{ANNOTATIONS}")
    head: Json = {
        "@context": [CONTEXT, {PREFIX: f"{URN}terms:"}],
        "id": file,
        "type": "AnnotationCollection",
        "label": label,
        "total": len(shown),
    }
    if not shown:
        return encoded(head)
    head["last"] = f"{file}#page-1"
    page = encoded({"id": f"{file}#page-1", "type": "AnnotationPage", "partOf": file, "startIndex": 0})
    return f'{encoded(head)[:-1]},"first":{page[:-1]},"items":[{",".join(map(writer.annotation, shown))}]}}}}'


# ------------------------------------------------------------------ where notes stand


def _noted(story: Story, comparisons: Sequence[Comparison]) -> list[_Noted]:
    """Every note on every page it stands on, with its places in all witnesses that any pair compares."""
    found: dict[tuple[str, str], _Found] = {}
    articles: dict[str, Article] = {}
    for comparison in comparisons:
        for placement in comparison.placements:
            for article, anchors, orphans in zip(comparison.articles, placement.anchors, placement.orphans, strict=True):
                articles[article.source.name] = article
                if anchors or orphans:
                    found[placement.annotation.id, article.source.name] = _Found(anchors, orphans, article)
    names = [source.name for source in story.witnesses]
    noted = []
    for comparison in comparisons:
        route = comparison_route(story, comparison)
        sides = comparison.articles.map(lambda article: article.source.name)
        for placement in comparison.placements:
            note = placement.annotation
            places = {
                name: found.get((note.id, name)) or _Found((), (), articles.get(name)) for name in names if note.selectors(name)
            }
            target = next(
                (name for name in (sides.b, sides.a) if name in places and places[name].anchors),
                sides.b if sides.b in places else sides.a,
            )
            noted.append(_Noted(note, route, places, target))
    return noted


# ------------------------------------------------------------------ annotations


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every annotation of a document needs, as JSON: what identifies each note, each witness's text, each annotator."""

    language: str
    pages: Mapping[str, str]
    sources: Mapping[str, str]
    creators: Mapping[str, str]

    def annotation(self, noted: _Noted) -> str:
        """One note (§ 3.1)."""
        note = noted.note
        targets = list(self._passages(noted, noted.target))
        target = targets[0] if len(targets) == 1 else f"[{','.join(targets)}]"
        creator = f',"creator":{self.creators[note.by]}' if note.by in self.creators else ""
        history = _history(note.history) if note.history else ""
        return (
            f'{{"@context":"{CONTEXT}","id":{self.pages[note.id]},"type":"Annotation","motivation":"commenting"{creator}{history},'
            f'"body":[{",".join([*self._texts(note), *self._links(noted)])}],'
            f'"target":{target}}}'
        )

    def _texts(self, note: Annotation) -> Iterator[str]:
        """Textual bodies (§ 3.2.4), each with its purpose (§ 3.3.5)."""
        if note.title:
            yield _text("describing", note.title, f',"language":{self.language}')
        if note.body:
            yield _text("commenting", note.body, f',"format":"text/markdown","language":{self.language}')
        for kind in note.kinds:
            yield _text("classifying", kind)
        yield _text("tagging", f"severity:{note.severity}")
        yield _text("tagging", f"status:{note.status}")
        if note.direction:
            yield _text("tagging", f"direction:{note.direction}")

    def _links(self, noted: _Noted) -> Iterator[str]:
        """Specific resources that the target is to be seen with (§ 4.1): passages of other witnesses, notes, evidence."""
        for name in noted.places:
            if name != noted.target:
                yield from self._passages(noted, name, _LINKING)
        for name in noted.note.see:
            yield f'{{"type":"SpecificResource"{_LINKING},"source":{self.pages[name]}}}'
        for number, evidence in enumerate(noted.note.evidence, start=1):
            yield from self._evidence(evidence, number)

    def _passages(self, noted: _Noted, name: str, purpose: str = "") -> Iterator[str]:
        """A note's passages in one witness, one specific resource each (§ 4)."""
        found = noted.places[name]
        head = f'{{"type":"SpecificResource"{purpose},"source":{self.sources[name]},"selector":'
        for anchor in found.anchors:
            if found.article is not None:
                yield f"{head}{_placed(anchor, found.article.text)}{_form(anchor.selector)}{_doubt(anchor)}}}"
        lost: Iterable[Selector] = (orphan.selector for orphan in found.orphans)
        for selector in lost if found.anchors or found.orphans else noted.note.selectors(name):
            yield f"{head}{_unplaced(selector)}{_form(selector)}}}"

    def _evidence(self, evidence: Evidence, number: int) -> Iterator[str]:
        """A piece of evidence: its passages and its source; what else is known of it goes with the first of them."""
        known: Json = {"number": number}
        known |= {key: value for key in _EVIDENCE_KEYS if (value := getattr(evidence, key))}
        bodies = [
            f'{{"type":"SpecificResource"{_LINKING},"source":{self.sources[name]},"selector":{_unplaced(selector)}{_form(selector)}'
            for name, selector in evidence.quotes
        ]
        if evidence.url:
            bodies.append(f'{{"type":"SpecificResource"{_LINKING},"source":{quoted(evidence.url)}')
        elif not bodies:
            bodies.append(_text("linking", known.pop("title", ""))[:-1])
        for body in bodies:
            yield f'{body},"{PREFIX}:evidence":{encoded(known)}}}'
            known = {"number": number}


_LINKING = ',"purpose":"linking"'
_EVIDENCE_KEYS = ("why", "title", "publisher", "accessed", "quote", "archived")


def _agent(annotator: Annotator) -> str:
    """An agent (§ 3.3.2). Its class is left open: an annotator may be a person or a desk."""
    homepage = {"homepage": annotator.url} if annotator.url else {}
    return encoded({"name": annotator.name, "nickname": annotator.key, **homepage})


def _history(history: Sequence[Revision]) -> str:
    changes = [{"date": each.date, "change": each.change} for each in history]
    return f',"modified":{quoted(f"{history[-1].date}T00:00:00Z")},"{PREFIX}:history":{encoded(changes)}'


def _text(purpose: str, value: str, more: str = "") -> str:
    return f'{{"type":"TextualBody","purpose":"{purpose}","value":{quoted(value)}{more}}}'


# ------------------------------------------------------------------ selectors


def _placed(anchor: Anchor, text: str) -> str:
    """A passage by its words and by its place, both in code points (§ 4.2.4, § 4.2.5). A gap has no words."""
    start, end = anchor.span
    return (
        f'[{{"type":"TextQuoteSelector","exact":{quoted(text[start:end])},'
        f'"prefix":{quoted(text[max(0, start - CONTEXT_LENGTH) : start])},"suffix":{quoted(text[end : end + CONTEXT_LENGTH])}}},'
        f'{{"type":"TextPositionSelector","start":{start},"end":{end}}}]'
    )


def _doubt(anchor: Anchor) -> str:
    """That a passage is perhaps not the one that was meant."""
    return "" if anchor.method == "exact" else f',"{PREFIX}:method":"{anchor.method}"'


def _unplaced(selector: Selector) -> str:
    """A passage as its note quotes it, without a place."""
    if selector.position is not None:
        return encoded({"type": "TextPositionSelector", "start": selector.position.start, "end": selector.position.end})
    if selector.gap:
        beside = "suffix" if selector.gap == "before" else "prefix"
        return encoded({"type": "TextQuoteSelector", "exact": "", beside: selector.quote})
    prefix = f',"prefix":{quoted(selector.prefix)}' if selector.prefix else ""
    suffix = f',"suffix":{quoted(selector.suffix)}' if selector.suffix else ""
    return f'{{"type":"TextQuoteSelector","exact":{quoted(selector.quote)}{prefix}{suffix}}}'


def _form(selector: Selector) -> str:
    """The selector as its sidecar has it, unless it is nothing but a quotation."""
    if selector.position is not None:
        form: Json = {"start": selector.position.start, "end": selector.position.end}
    elif selector.gap or selector.within or selector.nth or selector.every or selector.prefix or selector.suffix:
        said = {
            selector.gap or "quote": selector.quote,
            "within": selector.within,
            "nth": selector.nth,
            "all": selector.every,
            "prefix": selector.prefix,
            "suffix": selector.suffix,
        }
        form = {key: value for key, value in said.items() if value}
    else:
        return ""
    return f',"{PREFIX}:selector":{encoded(form)}'
