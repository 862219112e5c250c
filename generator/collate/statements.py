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

SAME_KIND_BACK, FACTS_BACK = 2, 12
"""Facts before a span that may reach into it: of one kind two attributions may overlap, and one may hold a dozen other facts."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One side of a row: what it states, quotes and says.

    `every` fact in order; `facts`: the same by kind; `counts`: how often each value of a kind occurs; `quoted`: the words of
    each quotation; `words`: all its words, folded, with the initials of its names.
    """

    text: str
    every: Sequence[Fact]
    facts: Mapping[ChangeKind, Sequence[Fact]]
    counts: Mapping[tuple[ChangeKind, str], int]
    quotations: tuple[Quotation, ...]
    quoted: frozenset[tuple[str, ...]]
    sentences: tuple[Span, ...]
    words: frozenset[str]

    def kinds_in(self, span: Span) -> set[ChangeKind]:
        """The kinds of fact that the span overlaps."""
        return {fact.kind for fact in _overlapping(self.every, span, FACTS_BACK)}

    def within(self, kind: ChangeKind, span: Span) -> list[Fact]:
        """The facts of a kind that the span overlaps; for an empty span those that it stands inside."""
        return _overlapping(self.facts.get(kind, ()), span, SAME_KIND_BACK)


def _overlapping(facts: Sequence[Fact], span: Span, back: int) -> list[Fact]:
    """The facts that the span overlaps; those of `back` facts before it are looked at as well, for they may be long."""
    start, end = span
    first = bisect_left(facts, (start,))
    last = first
    while last < len(facts) and facts[last][0] < end:
        last += 1
    return [fact for fact in facts[max(0, first - back) : last] if fact[1] > start and fact[0] < end]


def passage(
    text: str, facts: Iterable[Fact], found: tuple[Quotation, ...], sentences: tuple[Span, ...], words: Iterable[str]
) -> Passage:
    """A passage from the facts and folded words of its sentences, and its quotations, each in order."""
    every = tuple(facts)
    by_kind: dict[ChangeKind, list[Fact]] = {}
    for fact in every:
        by_kind.setdefault(fact[2], []).append(fact)
    counts = Counter([fact[2:4] for fact in every])
    known = set(words)
    known.update([part for word in known if "'" in word or "-" in word for part in _parts(word)])
    for name in by_kind.get("name", ()):
        known.update(name.unit.split())
        known.add("".join(word[0] for word in name.unit.split()))
    return Passage(text, every, by_kind, counts, found, frozenset(quoted.words for quoted in found), sentences, frozenset(known))


def _parts(word: str) -> Iterable[str]:
    """A folded word without its possessive, and the parts of a compound."""
    bare = word.removesuffix("'s").removesuffix("'")
    return (bare, *bare.split("-")) if "-" in bare else (bare,)
