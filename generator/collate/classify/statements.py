"""One side of a row as the checks of changes see it, and one edit of the row.

In: the sentences and blocks of a passage. Out: a `Passage`, which answers what a span of it holds and what stands anywhere in
it; and an `Edited`, what one edit touches on both sides. What takes work is done when it is first asked for: most passages
are asked little. It judges nothing; `kinds` and `amounts` do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import NamedTuple

from generator.collate.classify.facts import sentence_facts
from generator.collate.classify.quotations import Quotation, quotations
from generator.collate.classify.vocabulary import Fact
from generator.collate.lexicon import DEFAULT_LANGUAGE
from generator.model import Article, Block, ChangeKind, Pair, Sentence, Span, Token

Facts = Mapping[ChangeKind, Sequence[Fact]]
"""Facts by kind, in order."""


@dataclass(frozen=True)
class Passage:
    """One side of a row: its sentences, tokens and what it states, in order.

    `blocks`: where quotations are looked for; `reach`: how far any fact up to each one reaches; `words`: all words, folded,
    the parts of compounds, and the words and initials of names.
    """

    text: str
    sentences: Sequence[Sentence]
    blocks: Sequence[Span]
    tokens: Sequence[Token]
    every: Sequence[Fact]
    reach: Sequence[int]
    words: frozenset[str]

    @cached_property
    def facts(self) -> Facts:
        """What it states, by kind."""
        found: dict[ChangeKind, list[Fact]] = {}
        for fact in self.every:
            found.setdefault(fact[2], []).append(fact)
        return found

    @cached_property
    def counts(self) -> Mapping[tuple[ChangeKind, str], int]:
        """How often each value of a kind occurs; 0 of one that does not."""
        return Counter([fact[2:4] for fact in self.every])

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """What stands between quotation marks, in order."""
        return tuple(chain.from_iterable([quotations(self.text, *block) for block in self.blocks]))

    @cached_property
    def quoted(self) -> frozenset[tuple[str, ...]]:
        """The words of each quotation."""
        return frozenset(quotation.words for quotation in self.quotations)

    def touched(self, span: Span) -> Facts:
        """The facts that the span overlaps; for an empty span those that it stands inside."""
        start, end = span
        first, last = bisect_right(self.reach, start), bisect_left(self.every, (end,))
        found: dict[ChangeKind, list[Fact]] = {}
        for fact in self.every[first:last]:
            if fact[1] > start:
                found.setdefault(fact[2], []).append(fact)
        return found

    def said(self, span: Span) -> list[str]:
        """The folds of the tokens that start in the span."""
        tokens = self.tokens
        return [token[3] for token in tokens[bisect_left(tokens, (span[0],)) : bisect_left(tokens, (span[1],))]]


class Edited(NamedTuple):
    """An edit of a row: its spans, the facts they overlap, and the words of each that the other side of the row has not."""

    row: Pair[Passage]
    spans: Pair[Span]
    facts: Pair[Facts]
    fresh: Pair[list[str]]


def passage(text: str, language: str, sentences: Sequence[Sentence], blocks: Sequence[Span] = ()) -> Passage:
    """What these sentences of a text state."""
    tokens = tuple(chain.from_iterable([sentence.tokens for sentence in sentences]))
    every = tuple(chain.from_iterable([sentence_facts(text, sentence.tokens, language) for sentence in sentences]))
    reach = tuple(accumulate([fact[1] for fact in every], max))
    return Passage(text, sentences, blocks, tokens, every, reach, _words(tokens, every))


def _words(tokens: Iterable[Token], facts: Iterable[Fact]) -> frozenset[str]:
    known = {token[3] for token in tokens}
    known.update([part for word in known if "'" in word or "-" in word for part in _parts(word)])
    names = {fact[5] for fact in facts if fact[2] == "name"}
    for name in names:
        if " " in name:
            words = name.split()
            known.update(words)
            known.add("".join([word[0] for word in words]))
    return frozenset(known | names)


def passage_at(article: Article, span: Span) -> Passage:
    """The sentences of an article that the span overlaps."""
    start, end = span
    blocks = _blocks(article.blocks, span)
    sentences = [s for block in blocks for s in block.sentences if s.span.start < end and s.span.end > start]
    return passage(article.text, article.source.language or DEFAULT_LANGUAGE, sentences, [block.span for block in blocks])


def _blocks(blocks: Sequence[Block], span: Span) -> Sequence[Block]:
    """The blocks that overlap the span."""
    first = bisect_right(blocks, span.start, key=lambda block: block.span.end)
    last = bisect_left(blocks, span.end, lo=first, key=lambda block: block.span.start)
    return blocks[first:last]


def _parts(word: str) -> Iterable[str]:
    """A folded word without its possessive, and the parts of a compound."""
    bare = word.removesuffix("'s").removesuffix("'")
    return (bare, *bare.split("-")) if "-" in bare else (bare,)
