"""A comparison in, proposed notes out: what changed that may mislead a reader, pinned to the words of both texts.

In: the comparison of a pair, with the notes that stand on it. Out: `Suggestion`s in the order of the text, as data in the form of
the sidecar's schema. What a note covers already is left out, and so are typography, case, inflection, plain rewording and
site furniture: those are the page's business. It knows no files, and says what differs, never why.

    suggestions(comparison, taken=frozenset(ids of notes))
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2s
from typing import Any, NamedTuple

from generator.kinds import BUILT_IN_KINDS
from generator.model import Comparison, Pair, Placement, Span
from generator.suggest.facts import fact_proposals
from generator.suggest.inconsistencies import inconsistency_proposals
from generator.suggest.passages import headline_proposals, one_sided_passages, passage_proposals
from generator.suggest.pointing import Pointer, Selection
from generator.suggest.proposals import TOLD_LENGTH, Proposal, Scene, clipped
from generator.suggest.quotations import differing_quotations, quotation_proposals

ANNOTATOR = "suggested"
ANNOTATOR_NAME = "Machine suggestion"

MAX_MARKS = 5
"""Places of one note about a name. More: a note that is everywhere; fewer: it misses places. From 2 to 10."""

_FAMILY = {kind.key: kind.group for kind in BUILT_IN_KINDS}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#&|~])")


class Suggestion(NamedTuple):
    """A proposed note: its id, its data as a sidecar holds it, and where it stands on both sides."""

    id: str
    data: dict[str, Any]


def suggestions(comparison: Comparison, taken: Collection[str] = frozenset()) -> tuple[Suggestion, ...]:
    """The notes that a comparison calls for and does not have, in reading order; ids of other notes are `taken`.

    Laws: the same comparison gives the same suggestions; each selector chooses its place and no other; identical texts give
    none.
    """
    scene = Scene(comparison)
    notes = _covering(comparison.placements)
    found = [each for each in _proposals(scene) if not _is_covered(each, notes)]
    used, made = set(taken), []
    for proposal in sorted(_distinct(found), key=_reading_order):
        data = _data(scene, proposal)
        name = _free(_id(data, comparison), used)
        used.add(name)
        made.append(Suggestion(name, {"id": name, **data}))
    return tuple(made)


def _proposals(scene: Scene) -> Iterator[Proposal]:
    if not any(row.changes for row in scene.comparison.rows):
        return
    quotations = differing_quotations(scene)
    passages = one_sided_passages(scene, quotations.spans)
    gone = Pair(*(tuple(passage.span for passage in passages if passage.side == side) for side in "ab"))
    yield from headline_proposals(scene)
    yield from quotation_proposals(scene, quotations, gone)
    yield from passage_proposals(scene, passages, quotations.one_sided)
    yield from inconsistency_proposals(scene)
    yield from fact_proposals(scene, _in_any(quotations.spans))


def _in_any(taken: Pair[tuple[Span, ...]]) -> Callable[[Pair[Span]], bool]:
    """Whether a piece of a change lies in one of the spans."""

    def is_taken(piece: Pair[Span]) -> bool:
        return any(_meets(spans, span) for spans, span in zip(taken, piece, strict=True))

    return is_taken


def _meets(spans: Sequence[Span], span: Span) -> bool:
    """Whether one of the spans, which are in order and do not overlap, shares a character with the span."""
    first = bisect_left(spans, span.start, key=lambda each: each.end - 1)
    return span.start < span.end and first < len(spans) and spans[first].start < span.end


def _distinct(found: Sequence[Proposal]) -> Iterator[Proposal]:
    """Each place once for each kind (what two rules find is proposed by the first), and names of one fate in one proposal."""
    seen: set[object] = set()
    same: dict[tuple[str, ...], Proposal] = {}
    for proposal in found:
        key = (proposal.kinds[0], proposal.marks.a, proposal.marks.b)
        if key in seen:
            continue
        seen.add(key)
        if proposal.kinds[0] != "entity":
            yield proposal
            continue
        first = same.setdefault((*proposal.kinds, proposal.title), proposal)
        if first is not proposal and len(first.marks.a) < MAX_MARKS:
            marks = Pair(first.marks.a + proposal.marks.a, first.marks.b + proposal.marks.b)
            same[*proposal.kinds, proposal.title] = replace(first, marks=marks)
    yield from same.values()


def _reading_order(proposal: Proposal) -> tuple[Any, ...]:
    """By the place in b, then in a."""
    return proposal.marks.b, proposal.marks.a, proposal.kinds


# ------------------------------------------------------------------ what is covered


class _Covering(NamedTuple):
    """What a note covers: the families of its kinds (None: all), and its places."""

    families: frozenset[str | None] | None
    spans: Pair[tuple[Span, ...]]


def _covering(placements: Sequence[Placement]) -> tuple[_Covering, ...]:
    """What the notes cover; one that was looked at and agrees covers every kind."""
    return tuple(
        _Covering(
            None if placement.annotation.severity == "checked" else frozenset(map(_FAMILY.get, placement.annotation.kinds)),
            placement.anchors.map(lambda found: tuple(anchor.span for anchor in found)),
        )
        for placement in placements
    )


def _is_covered(proposal: Proposal, notes: Sequence[_Covering]) -> bool:
    """Whether a note of the same family of kinds stands on the same words."""
    families = set(map(_FAMILY.get, proposal.kinds))
    return any(
        (note.families is None or not families.isdisjoint(note.families))
        and any(_overlaps(*pair) for pair in zip(proposal.marks, note.spans, strict=True))
        for note in notes
    )


def _overlaps(marks: Sequence[Span], spans: Sequence[Span]) -> bool:
    return any(mark.start < span.end and span.start < mark.end for mark in marks for span in spans)


# ------------------------------------------------------------------ as data


def _data(scene: Scene, proposal: Proposal) -> dict[str, Any]:
    """A proposal in the form of the sidecar's schema, without its id."""
    articles = scene.comparison.articles
    data: dict[str, Any] = {"kind": proposal.kinds[0] if len(proposal.kinds) == 1 else list(proposal.kinds)}
    if proposal.direction:
        data["direction"] = proposal.direction
    data |= {"severity": proposal.severity, "status": "draft", "by": ANNOTATOR, "title": proposal.title}
    for article, pointer, marks in zip(articles, scene.pointers, proposal.marks, strict=True):
        selectors = _selectors(pointer, marks)
        if selectors:
            data[article.source.name] = selectors[0] if len(selectors) == 1 else selectors
    data["note"] = _note(scene, proposal)
    evidence = [
        {getattr(articles, side).source.name: getattr(scene.pointers, side).selector(span), "why": why}
        for side, span, why in proposal.evidence
    ]
    return data | ({"evidence": evidence} if evidence else {})


def _selectors(pointer: Pointer, marks: Sequence[Span]) -> list[Selection]:
    """The selectors of all marks, each once."""
    found: list[Selection] = []
    for mark in marks:
        selector = pointer.selector(mark)
        if selector is not None and selector not in found:
            found.append(selector)
    return found


def _note(scene: Scene, proposal: Proposal) -> str:
    """What each text says there, as Markdown, and what else is to be said."""
    labels = scene.comparison.articles.map(lambda article: article.source.label)
    said = "; ".join(f"{_escaped(label)}: {_said(words)}" for label, words in zip(labels, proposal.said, strict=True))
    end = "" if said.endswith((".”", "!”", "?”")) else "."
    return f"{said}{end}{f' {_escaped(proposal.remark)}' if proposal.remark else ''}"


def _said(words: str) -> str:
    return f"“{_escaped(clipped(words, TOLD_LENGTH).rstrip(',;: '))}”" if words else "nothing in this place"


def _escaped(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def _id(data: dict[str, Any], comparison: Comparison) -> str:
    """The primary kind and a hash of what the note is and where it points: the same words, the same id."""
    names = [article.source.name for article in comparison.articles]
    kinds = data["kind"] if isinstance(data["kind"], str) else data["kind"][0]
    parts = repr((data["kind"], [(name, data.get(name)) for name in names]))
    return f"{kinds}-{blake2s(parts.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"


def _free(name: str, used: Collection[str]) -> str:
    """The name, or with a number behind it where it is taken."""
    number, free = 1, name
    while free in used:
        number += 1
        free = f"{name}-{number}"
    return free
