"""How far an attribution reaches: whether "reported by X" covers more or fewer sentences than on the other side.

In: a row and its edits. Out: the attributions to a named speaker whose sentence became several, not all of which name the
speaker. In the pair below the first sentence of b rests on nobody's word any more.

    A  The refinery was hit and supplies the army, X reported.
    B  The refinery was hit. It supplies the army, as reported by X.

It does not know what an attribution that keeps its one sentence covers inside it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.collate.classify.statements import Passage
from generator.collate.classify.vocabulary import Fact
from generator.model import Edit, Pair, Span

MIN_COVER = 0.5
"""Share of a sentence that must correspond to the other side's sentence to be a part of it. From .3 to .7."""

MAX_SENTENCES = 60
"""A row with more sentences is not looked at: work grows with their square, and no paragraph is that long. From 20 to 200."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """The attributions whose reach differs: their spans on both sides, and how much of the other side's sentences they cover."""

    found: tuple[tuple[Pair[Span], str], ...]

    def at(self, row: Pair[Passage], spans: Pair[Span]) -> str | None:
        """What is to say of an edit that touches such an attribution; None if it touches none."""
        for places, detail in self.found:
            for place, span in zip(places, spans, strict=True):
                if place.start < span.end and place.end > span.start and span.start < span.end:
                    return f"{' '.join(places.a.of(row.a.text).split())}: {detail}"
        return None


def changed_scopes(row: Pair[Passage], edits: Sequence[Edit]) -> Scopes:
    """The attributions to a named speaker that both sides have, and that cover another number of sentences."""
    counts = len(row.a.sentences), len(row.b.sentences)
    attributed = row.a.facts.get("attribution") and row.b.facts.get("attribution")
    if counts[0] == counts[1] or max(counts) > MAX_SENTENCES or not attributed:
        return Scopes(())
    spans = [edit.spans for edit in edits]
    turned = [Pair(span.b, span.a) for span in spans]
    narrowed = [(Pair(f, g), f"covers {part} of {whole} sentences in b") for f, g, part, whole in _reaches(row, spans)]
    widened = [
        (Pair(g, f), f"covers {part} of {whole} sentences in a") for f, g, part, whole in _reaches(Pair(row.b, row.a), turned)
    ]
    return Scopes((*narrowed, *widened))


def _reaches(row: Pair[Passage], edits: Sequence[Pair[Span]]) -> Iterator[tuple[Span, Span, int, int]]:
    """Attributions of side a whose sentence is several on side b: their span and their counterpart's, how many name the speaker.

    Of how many sentences is the last number.
    """
    starts = [spans.a.start for spans in edits]
    spans_a, spans_b = row.map(lambda side: [sentence.span for sentence in side.sentences])
    for fact in row.a.facts.get("attribution", ()):
        sentence = next((span for span in spans_a if span.start <= fact.start < span.end), None)
        if fact.unit != "name" or sentence is None:
            continue
        target = Span(_mapped(sentence.start, edits, starts), _mapped(sentence.end, edits, starts))
        parts = [span for span in spans_b if _overlap(span, target) >= MIN_COVER * (span.end - span.start)]
        same = [found for found in row.b.facts.get("attribution", ()) if _is_same_speaker(fact, found)]
        covered = sum(any(part.start <= found.start < part.end for found in same) for part in parts)
        named = next((found for found in same if found.unit == "name"), None)
        if named and 0 < covered < len(parts):
            yield Span(fact.start, fact.end), Span(named.start, named.end), covered, len(parts)


def _mapped(position: int, edits: Sequence[Pair[Span]], starts: Sequence[int]) -> int:
    """Where a position of side a stands on side b: exact in what is equal, at most the end of the edit elsewhere."""
    index = max(0, bisect_right(starts, position) - 1)
    spans = edits[index]
    return min(spans.b.start + position - spans.a.start, spans.b.end)


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _is_same_speaker(fact: Fact, found: Fact) -> bool:
    """Whether both name one speaker; a pronoun or a noun may stand for any."""
    return found.unit != "name" or not set(fact.value.split()).isdisjoint(found.value.split())
