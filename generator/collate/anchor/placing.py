"""Where notes stand: selectors found in the two texts of a pair, as the lock file remembers them, or nowhere.

In: annotations, a pair of articles, and locks. Out: one `Placement` for each annotation that speaks of either witness, and
diagnostics. A note must not point at the wrong words:

    found, and not locked or among the words it was locked with    exact
    found, but among other words                                   `moved?`, or where it stood, or nowhere
    not found, and locked                                          fuzzy where words and surroundings are like enough
    else                                                           an orphan, with the passage nearest to it

Deliberately not here: approximate matches without a lock, and writing locks.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from generator.collate.anchor.find import Fault, find, name_of, paragraph_of, quoted
from generator.collate.anchor.nearest import Index, Nearest, indexed, nearest_passage
from generator.collate.anchor.passages import Text, folded_quote, needle_in, places_of, prepared, raw_span, ready
from generator.collate.anchor.relocate import (
    CONTEXT_AGREES,
    FUZZY_CONTEXT_MIN,
    Candidate,
    accepted,
    candidates,
    context_score,
    overlap,
)
from generator.errors import Diagnostic, error, warning
from generator.model import Anchor, Annotation, Article, Lock, Method, Orphan, Pair, Placement, Selector, Span

DISTINCT_LENGTH = 24
"""Characters from which on a quotation found among other words is taken to have moved there, though the place where it stood
is still to be seen. Shorter: a corrected "15,000" sends its note to another "15,000"; longer: a sentence that was moved loses
its note. Sensible from 16 to 48."""


PLACES_MAX = 20
"""Places of a selector that takes all its matches (`all: true`) whose surroundings are compared, each with each (0.2 s at most).
More: the work grows with the square; fewer: where the beginning of a text is new, all places seem to have moved. From 10 to 60."""


class Finding(NamedTuple):
    """What one selector of a note has in a witness: `spans` of its quotation (beside a gap too), or an orphan.

    `is_quoted`: the spans are what the selector itself chooses, and not only where its lock points. `elsewhere`: of an
    orphan, places with its words that are taken for others unless somebody says so.
    """

    selector: Selector
    lock: Lock | None
    spans: tuple[Span, ...]
    method: Method = "exact"
    score: float = 1.0
    orphan: Orphan | None = None
    told: tuple[Diagnostic, ...] = ()
    is_quoted: bool = True
    elsewhere: tuple[Span, ...] = ()


def anchor(
    annotations: tuple[Annotation, ...], articles: Pair[Article], locks: Sequence[Lock] = ()
) -> tuple[tuple[Placement, ...], tuple[Diagnostic, ...]]:
    """The place of every annotation that has selectors for a witness of the pair, in the order given.

    Laws: each such annotation yields one placement, and each of its selectors there one or more anchors or one orphan; what
    is not `exact` and every orphan is told in a diagnostic; an exact anchor's text folds to its quotation; an anchor neither
    starts nor ends on white space or inside a character, nor, unless somebody gives its code points, inside a word or a number.
    Quotations in evidence are checked too, and only reported.
    """
    names = articles.map(lambda article: article.source.name)
    relevant = tuple(note for note in annotations if note.selectors(names.a) or note.selectors(names.b))
    if not relevant:
        return (), ()
    sides = articles.map(lambda article: findings(relevant, article, locks))
    placements = tuple(
        Placement(note, Pair(_anchors(a), _anchors(b)), Pair(_orphans(a), _orphans(b)))
        for note, a, b in zip(relevant, sides.a[:-1], sides.b[:-1], strict=True)
    )
    return placements, tuple(diagnostic for side in sides for found in side for finding in found for diagnostic in finding.told)


def allot(
    annotations: Sequence[Annotation], pairs: Sequence[Pair[str]]
) -> tuple[tuple[tuple[Annotation, ...], ...], tuple[Diagnostic, ...]]:
    """The annotations that belong to each of a story's pairs of witness names, for `anchor` to place.

    A note belongs to the pairs that hold most of the witnesses it names: one that compares the first version with the
    second would say something untrue beside the third. A note that no pair has a place for is an error.
    """
    chosen: list[list[Annotation]] = [[] for _ in pairs]
    diagnostics: list[Diagnostic] = []
    for note in annotations:
        named = {name for name, selectors in note.targets if selectors}
        counts = [(pair.a in named) + (pair.b in named) for pair in pairs]
        most = max(counts, default=0)
        if most:
            for notes, count in zip(chosen, counts, strict=True):
                if count == most:
                    notes.append(note)
        else:
            hint = f"compared are: {', '.join(f'{pair.a} with {pair.b}' for pair in pairs)}"
            diagnostics.append(error(note.where, f'note "{note.id}" points at no witness that is compared', hint))
    return tuple(map(tuple, chosen)), tuple(diagnostics)


def _anchors(found: Sequence[Finding]) -> tuple[Anchor, ...]:
    return tuple(
        [
            Anchor(_gap_of(span, selector.gap) if selector.gap else span, selector, method, score)
            for selector, _, spans, method, score, *_ in found
            for span in spans
        ]
    )


def _orphans(found: Sequence[Finding]) -> tuple[Orphan, ...]:
    return tuple([finding.orphan for finding in found if finding.orphan is not None])


def _gap_of(span: Span, gap: str) -> Span:
    return Span(span.start, span.start) if gap == "before" else Span(span.end, span.end)


# ------------------------------------------------------------------ one witness


_Memory = Mapping[str, Mapping[tuple[object, ...], Lock]]
"""The locks of one witness: by note, then by what their selectors say."""

_NOTHING: Mapping[tuple[object, ...], Lock] = MappingProxyType({})


class _Missing(NamedTuple):
    """A selector that finds nothing, why, and what the lock file remembers of it."""

    selector: Selector
    lock: Lock | None
    fault: Fault


class _Displaced(NamedTuple):
    """A selector that finds its words among others than its lock remembers; of those, `context` is left."""

    selector: Selector
    lock: Lock
    spans: tuple[Span, ...]
    context: float


_Asked = Finding | _Missing | _Displaced


def findings(annotations: Sequence[Annotation], article: Article, locks: Sequence[Lock]) -> tuple[tuple[Finding, ...], ...]:
    """What every annotation's selectors have in one witness, annotation by annotation; last, what all their evidence has."""
    name = article.source.name
    text = prepared(ready(article), [selector.quote for note in annotations for selector in note.selectors(name)])
    memory = _remembered(locks, name)
    asked = [
        [_asked(selector, memory.get(note.id, _NOTHING) if memory else _NOTHING, text) for selector in note.selectors(name)]
        for note in annotations
    ]
    cited = (selector for note in annotations for item in note.evidence for witness, selector in item.quotes if witness == name)
    asked.append([_asked(selector, _NOTHING, text) for selector in cited])
    has_doubts = any(not isinstance(found, Finding) for of_note in asked for found in of_note)
    index = indexed(article) if has_doubts else Index((), {})
    return tuple([tuple([_settled(found, text, index) for found in of_note]) for of_note in asked])


def _remembered(locks: Iterable[Lock], witness: str) -> _Memory:
    found: defaultdict[str, dict[tuple[object, ...], Lock]] = defaultdict(dict)
    for lock in locks:
        if lock.witness == witness and lock.places:
            found[lock.note][lock.selector.terms] = lock
    return found


def _asked(selector: Selector, memory: Mapping[tuple[object, ...], Lock], text: Text) -> _Asked:
    """What an exact search finds, if that settles it: nothing locked speaks against it."""
    outcome = find(selector, text)
    lock = memory.get(selector.terms) if memory else None
    if lock is None:
        return _Missing(selector, None, outcome) if isinstance(outcome, Fault) else Finding(selector, None, outcome)
    if isinstance(outcome, Fault):
        return _Missing(selector, lock, outcome._replace(severity="warning") if selector.position else outcome)
    if selector.position is not None and not _are_words(lock.places[0].exact, outcome[0], text):
        return _Missing(selector, lock, _other_words(selector.position, lock, text))
    context = _agreement(lock, outcome, text)
    return Finding(selector, lock, outcome) if context >= CONTEXT_AGREES else _Displaced(selector, lock, outcome, context)


def _agreement(lock: Lock, spans: Sequence[Span], text: Text) -> float:
    """How much of what stood around a locked place stands around the words found; of several, where it is most."""
    most = 0.0
    for span, place in product(spans[:PLACES_MAX], lock.places[:PLACES_MAX]):
        most = max(most, context_score(place, text.article.text, span))
        if most >= CONTEXT_AGREES:
            break
    return most


def _are_words(exact: str, span: Span, text: Text) -> bool:
    passage = span.of(text.article.text)
    return passage == exact or folded_quote(passage) == folded_quote(exact)


def _other_words(position: Span, lock: Lock, text: Text) -> Fault:
    """The fault of a position at which other words stand than when it was locked."""
    was = quoted(lock.places[0].exact)
    message = f'{position.start} to {position.end} of "{name_of(text)}" is no longer {was}'
    return Fault("warning", "other words stand there now", message, "a quotation is safer", sought=lock.places[0].exact)


def _settled(asked: _Asked, text: Text, index: Index) -> Finding:
    """What becomes of a selector; an ambiguous quotation is an error, whatever was locked."""
    if isinstance(asked, Finding):
        return asked
    if isinstance(asked, _Displaced):
        return _elsewhere(asked, text, index)
    if asked.lock is None or asked.fault.severity == "error":
        return _lost(asked, None, text, index)
    return _relocated(asked, asked.lock, text, index)


# ------------------------------------------------------------------ under a lock


def _relocated(asked: _Missing, lock: Lock, text: Text, index: Index) -> Finding:
    """A selector that finds nothing: where its lock points, if that is like enough."""
    found = [candidates(place, text, index) for place in lock.places]
    chosen = [best for best in map(accepted, found) if best is not None]
    if not chosen:
        nearest = max((each for every in found for each in every), key=lambda candidate: candidate.weight, default=None)
        return _lost(asked, nearest, text, index)
    spans = tuple(sorted({best.span for best in chosen}))
    worst = min(chosen, key=lambda candidate: candidate.quotation)
    if lock.is_accepted and worst.quotation == 1.0:
        return Finding(asked.selector, lock, spans, is_quoted=False)
    return _fuzzy(asked.selector, lock, spans, worst, (asked.fault.message, text))


def _elsewhere(asked: _Displaced, text: Text, index: Index) -> Finding:
    """A selector whose words stand among others than before: the place where they stood decides whose they are.

    If they, or words like them, still stand there (a `nth` that now counts another match), the note stays there. If the
    place is there without them, a short quotation met elsewhere is another one.
    """
    selector, lock, spans, context = asked
    place = lock.places[0]
    found = [each for each in candidates(place, text, index) if not any(overlap(each.span, span) for span in spans)]
    stays = accepted(found)
    message = f'{quoted(place.exact)} found in "{name_of(text)}", but among other words than when it was locked'
    if stays is not None and selector.position is None:
        return _fuzzy(selector, lock, (stays.span,), stays, (message, text))
    left = next((each for each in found if each.context >= FUZZY_CONTEXT_MIN), None)
    if left is not None and len(folded_quote(place.exact)) < DISTINCT_LENGTH:
        return _gone(asked, left.span, text)
    told = warning(selector.where, f"{message} ({context:.2f}): moved?", f"if the words found are the ones meant: {_accept(lock)}")
    return Finding(selector, lock, spans, "moved?", context, told=(told,))


def _fuzzy(selector: Selector, lock: Lock, spans: tuple[Span, ...], best: Candidate, of: tuple[str, Text]) -> Finding:
    """A selector whose note stands on words like those locked, and the warning that says so; `of`: why, and in which text."""
    message, text = of
    passage = quoted(best.span.of(text.article.text))
    paragraph = paragraph_of(text, best.span.start)
    hint = f"if that is meant: {_pasteable(selector.gap or 'quote', best.span, text)}, or {_accept(lock)}"
    told = warning(selector.where, f"{message}; taken for it ({best.quotation:.2f}), paragraph {paragraph}: {passage}", hint)
    return Finding(selector, lock, spans, "fuzzy", best.quotation, told=(told,))


def _gone(asked: _Displaced, stood: Span, text: Text) -> Finding:
    """A short quotation that is no longer where it `stood`, while the same words stand elsewhere."""
    selector, lock, spans, _ = asked
    raw = text.article.text
    now = f", where there is {quoted(stood.of(raw))} now" if stood.start < stood.end else ""
    message = (
        f'{quoted(lock.places[0].exact)} is gone from where it stood in "{name_of(text)}"{now}; '
        f"the one in paragraph {paragraph_of(text, spans[0].start)} may be another"
    )
    hint = f"if the words found are the ones meant: {_accept(lock)}"
    if now:
        hint = f"if what is there now is meant: {_pasteable(selector.gap or 'quote', stood, text)}; {hint}"
    reason = "gone from where it stood; the same words elsewhere may be others"
    orphan = Orphan(selector, reason, " ".join(spans[0].of(raw).split()), 1.0)
    return Finding(selector, lock, (), orphan=orphan, told=(warning(selector.where, message, hint),), elsewhere=spans)


def _accept(lock: Lock) -> str:
    """The command that takes what was found for what was meant."""
    return f"variorum anchor --accept {lock.note}"


# ------------------------------------------------------------------ orphans


def _lost(asked: _Missing, candidate: Candidate | None, text: Text, index: Index) -> Finding:
    """A selector without a place, as the page shows it and as the writer reads it."""
    selector, lock, fault = asked
    nearest = _nearest(fault, text, index, candidate)
    if nearest is None:
        told = Diagnostic(fault.severity, selector.where, fault.message, fault.hint)
        return Finding(selector, lock, (), orphan=Orphan(selector, fault.reason, "", 0.0), told=(told,))
    passage = " ".join(nearest.span.of(text.article.text).split())
    paragraph = paragraph_of(text, nearest.span.start)
    what = candidate.name if candidate is not None and candidate.span == nearest.span else "nearest"
    message = f"{fault.message}; {what} ({nearest.score:.2f}), paragraph {paragraph}: {quoted(passage)}"
    hint = f"if that is meant: {_pasteable(fault.key, nearest.span, text)}"
    orphan = Orphan(selector, fault.reason, passage, nearest.score)
    return Finding(selector, lock, (), orphan=orphan, told=(Diagnostic(fault.severity, selector.where, message, hint),))


def _nearest(fault: Fault, text: Text, index: Index, candidate: Candidate | None) -> Nearest | None:
    """The passage to show: what stands among the words that the lock remembers; else the one most like the quotation."""
    if candidate is not None and candidate.is_worth_showing:
        return Nearest(candidate.span, candidate.quotation)
    return nearest_passage(fault.sought, text, index) if fault.sought else None


def _pasteable(key: str, span: Span, text: Text) -> str:
    """What to write in the sidecar to select `span` and nothing else; after `within`, which knows no `nth`, as far as words can."""
    passage = " ".join(span.of(text.article.text).split())
    if key == "within":
        return f"within: {_yaml(passage)}"
    needle = needle_in(text, passage)
    spans = [raw_span(text, place, place + len(needle)) for place in places_of(text, needle, text.whole)]
    nth = f", nth: {bisect_right([found.start for found in spans], span.start)}" if len(spans) > 1 else ""
    if key == "quote" and not nth:
        return f"{name_of(text)}: {_yaml(passage)}"
    return f"{name_of(text)}: {{{key}: {_yaml(passage)}{nth}}}"


def _yaml(quote: str) -> str:
    """A quotation as a double-quoted scalar, which YAML shares with JSON."""
    return json.dumps(quote, ensure_ascii=False)
