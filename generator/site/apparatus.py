"""The notes of a comparison as a page shows them: the list at the end, and what margins, map and lists repeat of it.

In: a story, a comparison, and its layout. Out: `NoteView`s in the order of the page, and those that lost their place. The body
stays Markdown: only `render` turns it into HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import (
    Anchor,
    Annotation,
    Comparison,
    Evidence,
    NoteKind,
    NoteSeverity,
    Orphan,
    Pair,
    Revision,
    Selector,
    Source,
    Story,
)
from generator.site.frame import Link
from generator.site.labels import (
    DIRECTION_LABELS,
    LOSSES,
    ROLE_LABELS,
    STATUS_LABELS,
    fragment_link,
    kind_label,
    kinds_in,
    safe_link,
    severity_title,
    severity_word,
    shortened,
)
from generator.site.language import Language, language_of
from generator.site.looks import Place
from generator.site.runs import Fragment, Layout

QUOTE_LENGTH = 64
"""How many characters of a neighbouring passage say where a gap is. Enough to find it; more would read as a quotation."""


class Reading(NamedTuple):
    """What one version has: `fragments` of a quotation in its `language`, or in their place a sentence on what is not there."""

    side: str
    label: str
    language: str
    fragments: tuple[Fragment, ...]
    absence: str


class Quote(NamedTuple):
    """A quotation of a witness, in its `language`. `side` is a or b, or empty for a witness that is not on the page."""

    side: str
    label: str
    language: str
    text: str


class EvidenceView(NamedTuple):
    """What a note rests on: quotations of witnesses and why they matter, or a source elsewhere."""

    quotes: tuple[Quote, ...]
    why: str
    source: Link
    details: str
    quote: str
    archived: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as templates need it.

    `number` is 0 for a note that lost its place; `weight`: what its severity is called; `name`, `label`: what a reference to it
    says, with its kind or with its title; `status`, `direction`: words, or empty; `backs`: where it is referred to; `losses`:
    passages that were not found, or are not as they were when the note was written; `changes`: the kinds of change it speaks of.
    """

    key: str
    number: int
    changes: str
    severity: NoteSeverity
    weight: str
    kind: str
    name: str
    label: str
    title: str
    body: str
    status: str
    is_withdrawn: bool
    direction: str
    readings: tuple[Reading, ...]
    evidence: tuple[EvidenceView, ...]
    see: tuple[Link, ...]
    history: tuple[Revision, ...]
    by: Link
    backs: tuple[Link, ...]
    losses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """All notes: `placed` by index of placement in the order of the page, and the `lost` ones."""

    placed: dict[int, NoteView]
    lost: tuple[NoteView, ...]


def notes_of(config: SiteConfig, story: Story, comparison: Comparison, layout: Layout, places: Sequence[Place]) -> Notes:
    """The notes that stand in the text, numbered by their first reference, and those that stand nowhere."""
    numbers = {note: number for number, note in enumerate(layout.references, start=1)}
    language = language_of(config.language)
    kinds = kinds_in(config.kinds, language)
    sources = comparison.articles.map(lambda article: article.source)
    writer = _Writer(language, kinds, story, comparison, sources, layout, numbers, places)
    lost = [index for index in range(len(comparison.placements)) if index not in numbers]
    return Notes({index: writer.note(index) for index in numbers}, tuple(writer.note(index) for index in lost))


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every note of a page needs to be written."""

    language: Language
    kinds: Mapping[str, NoteKind]
    story: Story
    comparison: Comparison
    sources: Pair[Source]
    layout: Layout
    numbers: dict[int, int]
    places: Sequence[Place]

    def note(self, index: int) -> NoteView:
        """One note."""
        language = self.language
        annotation = self.comparison.placements[index].annotation
        number = self.numbers.get(index, 0)
        kind = kind_label(annotation.kinds[0], self.kinds) if annotation.kinds else ""
        title = annotation.title or kind
        return NoteView(
            key=annotation.id,
            number=number,
            changes=self.layout.kinds.get(index, ""),
            severity=annotation.severity,
            weight=severity_title(annotation.severity, language),
            kind=kind,
            name=self._named(number, annotation.severity, kind),
            label=self._named(number, annotation.severity, title),
            title=title,
            body=annotation.body,
            status=language.text(STATUS_LABELS[annotation.status]) if annotation.status != "confirmed" else "",
            is_withdrawn=annotation.status == "withdrawn",
            direction=language.text(DIRECTION_LABELS[annotation.direction]) if annotation.direction else "",
            readings=tuple(self._readings(index)),
            evidence=tuple(self._evidence(evidence) for evidence in annotation.evidence),
            see=tuple(self._see(key) for key in annotation.see),
            history=annotation.history,
            by=self._by(annotation),
            backs=tuple(self._backs(index)),
            losses=tuple(self._losses(index)) if number else (),
        )

    def _named(self, number: int, severity: NoteSeverity, title: str) -> str:
        """What a reference to a note says."""
        word = severity_word(severity, self.language)
        return self.language.text("Note %(number)s, %(severity)s: %(title)s", number=number, severity=word, title=title)

    def _losses(self, index: int) -> list[str]:
        """What the note says of its own places: those that are gone, and those that are in doubt."""
        placement = self.comparison.placements[index]
        doubts = [anchor for anchors in placement.anchors for anchor in anchors if anchor.method != "exact"]
        lost = [orphan for orphans in placement.orphans for orphan in orphans]
        return list(dict.fromkeys([*map(self._doubt, doubts), *map(self._loss, lost)]))

    def _readings(self, index: int) -> list[Reading]:
        placement = self.comparison.placements[index]
        found = []
        for side, source, anchors, orphans, quotes in zip(
            "ab", self.sources, placement.anchors, placement.orphans, self.layout.quotes, strict=True
        ):
            if index in quotes:
                found.append(Reading(side, source.label, source.language, quotes[index], ""))
            elif gap := next((anchor for anchor in anchors if anchor.span.start == anchor.span.end), None):
                found.append(Reading(side, source.label, source.language, (), self._absence(gap)))
            elif orphans and index not in self.numbers:
                text = " … ".join(self._quoted(orphan.selector) for orphan in orphans)
                found.append(Reading(side, source.label, source.language, (Fragment(text, differs=False),), ""))
        return found

    def _evidence(self, evidence: Evidence) -> EvidenceView:
        quotes = tuple(self._quote(name, selector) for name, selector in evidence.quotes)
        seen = self.language.text("seen %(date)s", date=self.language.date(evidence.accessed)) if evidence.accessed else ""
        details = evidence.publisher or seen
        if evidence.publisher and seen:
            details = self.language.text("%(publisher)s, %(seen)s", publisher=evidence.publisher, seen=seen)
        source = Link(fragment_link(safe_link(evidence.url), evidence.quote), evidence.title or evidence.url)
        return EvidenceView(quotes, evidence.why, source, details, evidence.quote, safe_link(evidence.archived))

    def _quote(self, name: str, selector: Selector) -> Quote:
        side = "a" if name == self.sources.a.name else "b" if name == self.sources.b.name else ""
        witness = next((source for source in self.story.witnesses if source.name == name), None)
        label, language = (witness.label, witness.language) if witness else (name, self.language.tag)
        return Quote(side, label, language, self._quoted(selector))

    def _see(self, key: str) -> Link:
        for index, number in self.numbers.items():
            annotation = self.comparison.placements[index].annotation
            if annotation.id == key:
                return Link(f"#note-{key}", self._see_label(number, annotation.title))
        return Link("", next((note.title or key for note in self.story.annotations if note.id == key), key))

    def _see_label(self, number: int, title: str) -> str:
        if title:
            return self.language.text("note %(number)s, %(title)s", number=number, title=title)
        return self.language.text("note %(number)s", number=number)

    def _by(self, annotation: Annotation) -> Link:
        writer = next((one for one in self.story.annotators if one.key == annotation.by), None)
        return Link(safe_link(writer.url), writer.name) if writer else Link("", annotation.by)

    def _backs(self, index: int) -> list[Link]:
        backs = []
        for reference, row in self.layout.references.get(index, ()):
            number = self.places[row].number
            if number:
                label = self.language.text("paragraph %(number)s", number=number)
            else:
                label = self.language.text(ROLE_LABELS[self.comparison.rows[row].role])
            backs.append(Link(f"#{reference.id}", label))
        return backs

    def _absence(self, gap: Anchor) -> str:
        """Where a gap is, in words."""
        quote = gap.selector.quote
        short = shortened(quote, QUOTE_LENGTH)
        if gap.selector.gap == "before":
            return self.language.text("Nothing before “%(quote)s”", quote=short)
        if gap.selector.gap == "after":
            return self.language.text("Nothing after “%(quote)s”", quote=short)
        return self.language.text("Nothing at “%(quote)s”", quote=short)

    def _doubt(self, anchor: Anchor) -> str:
        """How a passage that a note stands on differs from what was quoted."""
        quote = self._quoted(anchor.selector)
        if anchor.method == "fuzzy":
            return self.language.text("Fuzzy: the passage was edited after this note, which refers to “%(quote)s”.", quote=quote)
        return self.language.text("Moved? “%(quote)s” stands among other words than when this note was written.", quote=quote)

    def _loss(self, orphan: Orphan) -> str:
        reason = self.language.text(orphan.reason) if orphan.reason in LOSSES else orphan.reason
        return self.language.text("“%(quote)s” was not found: %(reason)s", quote=self._quoted(orphan.selector), reason=reason)

    def _quoted(self, selector: Selector) -> str:
        if selector.quote or selector.position is None:
            return selector.quote
        start, end = selector.position
        return self.language.text("characters %(start)s to %(end)s", start=start, end=end)
