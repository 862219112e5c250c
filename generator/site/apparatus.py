"""The notes of a comparison as a page shows them: the list at the end, and what margins, map and lists repeat of it.

In: a story, a comparison, and its layout. Out: `NoteView`s in the order of the page, and those that lost their place. The body
stays Markdown: only `render` turns it into HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import Anchor, Annotation, Comparison, Evidence, NoteSeverity, Orphan, Pair, Revision, Selector, Source, Story
from generator.site.frame import Link
from generator.site.labels import ROLE_LABELS, STATUS_LABELS, date_label, fragment_link, kind_label, safe_link
from generator.site.looks import Place
from generator.site.runs import Fragment, Layout

QUOTE_LENGTH = 64
"""How many characters of a neighbouring passage say where a gap is. Enough to find it; more would read as a quotation."""


class Reading(NamedTuple):
    """What one version has: `fragments` of a quotation, or in their place a sentence on what is not there."""

    side: str
    label: str
    fragments: tuple[Fragment, ...]
    absence: str


class Quote(NamedTuple):
    """A quotation of a witness. `side` is a or b, or empty for a witness that is not on the page."""

    side: str
    label: str
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

    `number` is 0 for a note that lost its place; `backs`: where it is referred to; `losses`: passages
    that were not found, or are not as they were when the note was written.
    """

    key: str
    number: int
    severity: NoteSeverity
    kind: str
    label: str
    title: str
    body: str
    status: str
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
    labels = {kind.key: kind.label for kind in config.kinds}
    sources = comparison.articles.map(lambda article: article.source)
    writer = _Writer(labels, story, comparison, sources, layout, numbers, places)
    lost = [index for index in range(len(comparison.placements)) if index not in numbers]
    return Notes({index: writer.note(index) for index in numbers}, tuple(writer.note(index) for index in lost))


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every note of a page needs to be written."""

    labels: Mapping[str, str]
    story: Story
    comparison: Comparison
    sources: Pair[Source]
    layout: Layout
    numbers: dict[int, int]
    places: Sequence[Place]

    def note(self, index: int) -> NoteView:
        """One note."""
        placement = self.comparison.placements[index]
        annotation = placement.annotation
        number = self.numbers.get(index, 0)
        kind = kind_label(annotation.kinds[0], self.labels) if annotation.kinds else ""
        return NoteView(
            key=annotation.id,
            number=number,
            severity=annotation.severity,
            kind=kind,
            label=f"Note {number}, {annotation.severity}: {annotation.title or kind}",
            title=annotation.title or kind,
            body=annotation.body,
            status=STATUS_LABELS[annotation.status],
            direction=annotation.direction,
            readings=tuple(self._readings(index)),
            evidence=tuple(self._evidence(evidence) for evidence in annotation.evidence),
            see=tuple(self._see(key) for key in annotation.see),
            history=annotation.history,
            by=self._by(annotation),
            backs=tuple(self._backs(index)),
            losses=tuple(self._losses(index)) if number else (),
        )

    def _losses(self, index: int) -> list[str]:
        """What the note says of its own places: those that are gone, and those that are in doubt."""
        placement = self.comparison.placements[index]
        doubts = [anchor for anchors in placement.anchors for anchor in anchors if anchor.method != "exact"]
        lost = [orphan for orphans in placement.orphans for orphan in orphans]
        return list(dict.fromkeys([*map(_doubt, doubts), *map(_loss, lost)]))

    def _readings(self, index: int) -> list[Reading]:
        placement = self.comparison.placements[index]
        found = []
        for side, source, anchors, orphans, quotes in zip(
            "ab", self.sources, placement.anchors, placement.orphans, self.layout.quotes, strict=True
        ):
            if index in quotes:
                found.append(Reading(side, source.label, quotes[index], ""))
            elif gap := next((anchor for anchor in anchors if anchor.span.start == anchor.span.end), None):
                found.append(Reading(side, source.label, (), _absence(gap)))
            elif orphans and index not in self.numbers:
                text = " … ".join(_quoted(orphan.selector) for orphan in orphans)
                found.append(Reading(side, source.label, (Fragment(text, differs=False),), ""))
        return found

    def _evidence(self, evidence: Evidence) -> EvidenceView:
        quotes = tuple(self._quote(name, selector) for name, selector in evidence.quotes)
        date = date_label(evidence.accessed)
        details = ", ".join(part for part in (evidence.publisher, f"seen {date}" if date else "") if part)
        source = Link(fragment_link(safe_link(evidence.url), evidence.quote), evidence.title or evidence.url)
        return EvidenceView(quotes, evidence.why, source, details, evidence.quote, safe_link(evidence.archived))

    def _quote(self, name: str, selector: Selector) -> Quote:
        side = "a" if name == self.sources.a.name else "b" if name == self.sources.b.name else ""
        return Quote(side, _label(self.story, name), _quoted(selector))

    def _see(self, key: str) -> Link:
        for index, number in self.numbers.items():
            annotation = self.comparison.placements[index].annotation
            if annotation.id == key:
                return Link(f"#note-{key}", f"note {number}, {annotation.title}" if annotation.title else f"note {number}")
        return Link("", next((note.title or key for note in self.story.annotations if note.id == key), key))

    def _by(self, annotation: Annotation) -> Link:
        writer = next((one for one in self.story.annotators if one.key == annotation.by), None)
        return Link(safe_link(writer.url), writer.name) if writer else Link("", annotation.by)

    def _backs(self, index: int) -> list[Link]:
        backs = []
        for reference, row in self.layout.references.get(index, ()):
            number = self.places[row].number
            label = f"paragraph {number}" if number else ROLE_LABELS[self.comparison.rows[row].role]
            backs.append(Link(f"#{reference.id}", label))
        return backs


def _absence(gap: Anchor) -> str:
    """Where a gap is, in words."""
    quote = gap.selector.quote
    short = quote if len(quote) <= QUOTE_LENGTH else quote[:QUOTE_LENGTH].rsplit(" ", 1)[0] + " …"
    return f"Nothing {gap.selector.gap or 'at'} “{short}”"


def _doubt(anchor: Anchor) -> str:
    """How a passage that a note stands on differs from what was quoted."""
    quote = _quoted(anchor.selector)
    if anchor.method == "fuzzy":
        return f"Fuzzy: the passage was edited after this note, which refers to “{quote}”."
    return f"Moved? “{quote}” stands among other words than when this note was written."


def _loss(orphan: Orphan) -> str:
    return f"“{_quoted(orphan.selector)}” was not found: {orphan.reason}"


def _quoted(selector: Selector) -> str:
    if selector.quote or selector.position is None:
        return selector.quote
    return f"characters {selector.position.start} to {selector.position.end}"


def _label(story: Story, name: str) -> str:
    return next((source.label for source in story.witnesses if source.name == name), name)
