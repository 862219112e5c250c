"""One side of a row as the checks of changes see it: its facts by kind, its quotations, its words.

In: the facts and words of the sentences of a passage. Out: a `Passage`, which answers quickly what a span of it holds and
what stands anywhere in it. It judges nothing; `kinds` does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator.collate.quotations import Quotation
from generator.collate.vocabulary import Fact
from generator.model import ChangeKind, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """One side of a row: what it states, quotes and says.

    `facts` by kind, in order; `counts`: how often each value of a kind occurs; `quoted`: the words of each quotation; `words`:
    all its words, folded, with the initials of its names.
    """

    text: str
    facts: Mapping[ChangeKind, Sequence[Fact]]
    counts: Mapping[tuple[ChangeKind, str], int]
    quotations: tuple[Quotation, ...]
    quoted: frozenset[tuple[str, ...]]
    sentences: tuple[Span, ...]
    words: frozenset[str]

    def within(self, kind: ChangeKind, span: Span) -> list[Fact]:
        """The facts of a kind that the span overlaps; for an empty span those that it stands inside."""
        facts = self.facts.get(kind, ())
        first = max(0, bisect_left(facts, (span.start,)) - 2)
        found = []
        for fact in facts[first:]:
            if fact.start >= span.end:
                break
            if fact.end > span.start:
                found.append(fact)
        return found


def passage(
    text: str, facts: Iterable[Fact], found: tuple[Quotation, ...], sentences: tuple[Span, ...], words: Iterable[str]
) -> Passage:
    """A passage from the facts and folded words of its sentences, and its quotations, each in order."""
    by_kind: dict[ChangeKind, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    counts = Counter((kind, fact.value) for kind, same in by_kind.items() for fact in same)
    known = {part for word in words for part in _parts(word)}
    for name in by_kind.get("name", ()):
        known.update(name.unit.split())
        known.add("".join(word[0] for word in name.unit.split()))
    return Passage(text, by_kind, counts, found, frozenset(quoted.words for quoted in found), sentences, frozenset(known))


def _parts(word: str) -> Iterable[str]:
    """A folded word without its possessive, and the parts of a compound."""
    bare = word.removesuffix("'s").removesuffix("'")
    return (bare, *bare.split("-")) if "-" in bare else (bare,)
