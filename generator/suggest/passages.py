"""Proposals from whole passages: headlines, and sentences and paragraphs that come or go.

In: a scene. Out: proposals. Passages in a row make one proposal; site furniture makes none, nor does what has only moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.collate.classify.quotations import Quotation
from generator.collate.classify.statements import Passage
from generator.model import Change, ChangeKind, Edit, NoteSeverity, Pair, Row, Span
from generator.suggest.pointing import Pointer
from generator.suggest.proposals import TOLD_LENGTH, Marks, Proposal, Scene, clipped, joined, marked, quoted, sentences_in

MAX_MARKS = 5
"""Sentences of one passage that a note points at; a longer passage is quoted at its beginning and its end."""

OPENING_WORDS = 8
"""Words by which a sentence is pointed at."""

_QUIET = frozenset({"typographic", "case", "inflection", "moved"})
_KINDS = (
    ("number", "number"),
    ("date", "circumstance"),
    ("name", "entity"),
    ("quotation", "quote-altered"),
    ("negation", "predicate"),
)


# ------------------------------------------------------------------ headlines


def headline_proposals(scene: Scene) -> Iterator[Proposal]:
    """Headlines that are new, gone, or other."""
    sources = scene.comparison.articles.map(lambda article: article.source.headline)
    for row, here in scene.rows:
        changes = [change for change in row.changes if change.kinds[0] not in _QUIET]
        if row.role != "headline" or not changes:
            continue
        said = Pair(_told(scene, "a", row.spans.a), _told(scene, "b", row.spans.b))
        if not (said.a or sources.a) or not (said.b or sources.b):
            yield _one_headline(scene, row, here, said)
        elif said.a and said.b:
            yield _other_headline(row, changes, said)


def _told(scene: Scene, side: str, span: Span) -> str:
    return clipped(scene.quote(side, span), TOLD_LENGTH) if span.start < span.end else ""


def _one_headline(scene: Scene, row: Row, here: Pair[Passage], said: Pair[str]) -> Proposal:
    """A headline that only one text has."""
    if said.a:
        marks = marked(row.spans.a, Span(row.spans.b.start, row.spans.b.start))
        return Proposal(("headline",), "minor", f"A headline is left out: {quoted(said.a)}", marks, said)
    marks = marked(Span(row.spans.a.start, row.spans.a.start), row.spans.b)
    title = f"A headline is added: {quoted(said.b)}"
    surer = _surer_than_body(scene, here.b)
    if surer is None:
        return Proposal(("headline",), "moderate", title, marks, said)
    verb, body = surer
    remark = f"The headline says {quoted(verb)} where the text below it says {quoted(scene.quote('b', body))}."
    evidence = (("b", body, "the text below the headline is less sure"),)
    return Proposal(("headline", "certainty"), "major", title, marks, said, "stronger", remark, evidence)


def _surer_than_body(scene: Scene, headline: Passage) -> tuple[str, Span] | None:
    """The headline's word of certainty, and the hedged words of the first sentence below that say it less surely."""
    words = [fact for fact in headline.facts.get("certainty", ()) if fact.unit != "hedge"]
    if not words or any(fact.unit == "hedge" for fact in headline.facts["certainty"]):
        return None
    told = scene.told.b
    after = max(sentence.span.end for sentence in headline.sentences)
    first = next((sentence.span for sentence in told.sentences if sentence.span.start >= after), None)
    if first is None:
        return None
    below = told.touched(first).get("certainty", ())
    if not any(fact.unit == "hedge" for fact in below):
        return None
    return headline.text[words[0].start : words[0].end], Span(below[0].start, below[-1].end)


def _other_headline(row: Row, changes: Sequence[Change], said: Pair[str]) -> Proposal:
    """A headline in the place of another."""
    found = {kind for change in changes for kind in change.kinds}
    kinds = ("headline", *(kind for changed, kind in _KINDS if changed in found))
    severity: NoteSeverity = "moderate" if found.isdisjoint({"number", "date", "negation"}) else "major"
    return Proposal(kinds, severity, f"Another headline: {quoted(said.b)}", marked(*row.spans), said)


# ------------------------------------------------------------------ sentences and paragraphs


class Passing(NamedTuple):
    """Sentences of one side that follow each other, and the position of the gap on the other side."""

    side: str
    sentences: tuple[Span, ...]
    gap: int

    @property
    def span(self) -> Span:
        """From the first sentence's start to the last one's end."""
        return Span(self.sentences[0].start, self.sentences[-1].end)


def one_sided_passages(scene: Scene, told: Pair[tuple[Span, ...]]) -> tuple[Passing, ...]:
    """Whole sentences that only one text has, those left out that lie in the spans `told` (of an altered quotation)."""
    found: list[Passing] = []
    waiting: dict[str, Passing] = {}
    for row, _ in scene.rows:
        if row.role == "headline":
            continue
        for step in row.script:
            new = _one_sided(scene, step, told) if isinstance(step, Change) else None
            if new is not None:
                before = waiting.get(new.side)
                waiting[new.side] = before._replace(sentences=before.sentences + new.sentences) if before else new
            elif _says_something(scene, step):
                found += waiting.values()
                waiting = {}
    return (*found, *waiting.values())


def passage_proposals(scene: Scene, passages: Sequence[Passing], quoted_there: Pair[tuple[Quotation, ...]]) -> Iterator[Proposal]:
    """One proposal for each passage; `quoted_there` are the quotations that only one text has."""
    for passage in passages:
        span, there = passage.span, quoted_there.a if passage.side == "a" else quoted_there.b
        has_quotation = any(span.start <= each.inner.start and each.inner.end <= span.end for each in there)
        yield _passage(scene, passage, has_quotation=has_quotation)


def _says_something(scene: Scene, step: Edit | Change) -> bool:
    """Whether a step has words, so that what stands before it and behind it is not one passage."""
    spans = (step.edit if isinstance(step, Change) else step).spans
    return bool(scene.pointers.a.count(spans.a) or scene.pointers.b.count(spans.b))


def _one_sided(scene: Scene, change: Change, told: Pair[tuple[Span, ...]]) -> Passing | None:
    """The whole sentences that a change takes away or adds."""
    if change.kinds[0] not in {"omission", "addition"}:
        return None
    side, spans = ("a", change.edit.spans) if change.kinds[0] == "omission" else ("b", change.edit.spans)
    own, other = (spans.a, spans.b) if side == "a" else (spans.b, spans.a)
    inside = tuple(
        each
        for each in sentences_in(getattr(scene.told, side).sentences, own)
        if not any(span.start <= each.start and each.end <= span.end for span in getattr(told, side))
        and not _stands_elsewhere(scene, side, each)
    )
    return Passing(side, inside, other.start) if inside else None


def _stands_elsewhere(scene: Scene, side: str, sentence: Span) -> bool:
    """Whether the other text has a sentence's words in a row, anywhere; a sentence without words says nothing."""
    here, there = (scene.told.a, scene.words.b) if side == "a" else (scene.told.b, scene.words.a)
    return joined(here.said(sentence)) in there


def _passage(scene: Scene, passage: Passing, *, has_quotation: bool) -> Proposal:
    """One proposal for the sentences, pointed at by how each of them begins."""
    side, spans = passage.side, passage.sentences
    is_gone = side == "a"
    gap: tuple[Span, ...] = (Span(passage.gap, passage.gap),)
    own = tuple(
        _opening(getattr(scene.pointers, side), span) for span in (spans if len(spans) <= MAX_MARKS else (spans[0], spans[-1]))
    )
    told = clipped(scene.quote(side, passage.span), TOLD_LENGTH)
    what = "A sentence is" if len(spans) == 1 else f"{len(spans)} sentences are"
    kind, quotation = ("omission", "quote-dropped") if is_gone else ("addition", "quote-added")
    kinds = (kind, quotation) if has_quotation else (kind,)
    severity: NoteSeverity = "moderate" if has_quotation or _is_news(scene, passage) else "minor"
    marks: Marks = Pair(own, gap) if is_gone else Pair(gap, own)
    said = Pair(told, "") if is_gone else Pair("", told)
    return Proposal(kinds, severity, f"{what} {'left out' if is_gone else 'new'}: {quoted(told)}", marks, said)


def _opening(pointer: Pointer, sentence: Span) -> Span:
    """The first words of a sentence; of a short one, all."""
    return pointer.first_words(sentence, OPENING_WORDS if pointer.count(sentence) > 2 * OPENING_WORDS else 2 * OPENING_WORDS)


def _is_news(scene: Scene, passage: Passing) -> bool:
    """Whether the sentences state a figure, date or name that the other text has nowhere."""
    told, other = (scene.told.a, scene.told.b) if passage.side == "a" else (scene.told.b, scene.told.a)
    facts = told.touched(passage.span)
    kinds: tuple[ChangeKind, ...] = ("number", "date", "name")
    return any(not fact.weak and not other.counts[kind, fact.value] for kind in kinds for fact in facts.get(kind, ()))
