"""One side of a row as the checks of changes see it, and one edit of the row.

In: the sentences and blocks of a text. Out: a `Passage`, which answers what a span of it holds and what stands anywhere in it;
and an `Edited`, what one edit touches on both sides. What an article states is worked out once (`state`), for all its rows and
its summary. It judges nothing; `kinds` and `amounts` do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple, TypeVar

from generator.collate.classify.facts import facts_of
from generator.collate.classify.quotations import Quotation, quotations
from generator.collate.classify.vocabulary import Fact, Line
from generator.model import Article, ChangeKind, Pair, Sentence, Span, Token

T = TypeVar("T")

Facts = Mapping[ChangeKind, Sequence[Fact]]
"""Facts by kind, in order."""


class Passage(NamedTuple):
    """One side of a row: its sentences, words and what it states, in order.

    `quotations`: what stands between quotation marks in its blocks; `quoted`: the words of each; `starts`, `folds`: of each
    token; `every`: all facts; `reach`: how far any fact up to each one reaches; `facts`: the same by kind; `counts`: how often
    each value of a kind occurs; `words`: all words, folded, the parts of compounds, and the words and initials of names;
    `speakers`: the words of all speakers, and `sorts`: what these are (name, role, noun, pronoun).
    """

    text: str
    sentences: Sequence[Sentence]
    quotations: Sequence[Quotation]
    quoted: frozenset[tuple[str, ...]]
    starts: Sequence[int]
    folds: Sequence[str]
    every: Sequence[Fact]
    reach: Sequence[int]
    facts: Facts
    counts: Counter[tuple[ChangeKind, str]]
    words: set[str]
    speakers: frozenset[str]
    sorts: frozenset[str]

    @property
    def tokens(self) -> Sequence[Token]:
        """Its tokens, in order."""
        return [token for sentence in self.sentences for token in sentence.tokens]

    def touched(self, span: Span) -> Facts:
        """The facts that the span overlaps; for an empty span those that it stands inside."""
        start, end = span
        first, last = bisect_right(self.reach, start), bisect_left(self.every, (end,))
        return _by_kind([fact for fact in self.every[first:last] if fact[1] > start]) if first < last else {}

    def said(self, span: Span) -> Sequence[str]:
        """The folds of the tokens that start in the span."""
        starts = self.starts
        first = bisect_left(starts, span[0])
        return self.folds[first : bisect_left(starts, span[1], first)]


class Edited(NamedTuple):
    """An edit of a row: its spans, the facts they overlap, and the words of each that the other side of the row has not."""

    row: Pair[Passage]
    spans: Pair[Span]
    facts: Pair[Facts]
    fresh: Pair[list[str]]


class Stated(NamedTuple):
    """What sentences and blocks of a text state, worked out once for all passages of them.

    `openings`, `endings`: of each sentence; `columns`: the tokens of all; `first_tokens`, `first_facts`: where each sentence
    begins among the tokens and among the facts, with one entry more; `blocks`: the spans in which quotations were looked for,
    and `quotations` those of each.
    """

    text: str
    sentences: Sequence[Sentence]
    openings: Sequence[int]
    endings: Sequence[int]
    columns: Line
    facts: Sequence[Fact]
    first_tokens: Sequence[int]
    first_facts: Sequence[int]
    blocks: Sequence[Span]
    quotations: Sequence[Sequence[Quotation]]


def state(article: Article) -> Stated:
    """What an article states."""
    language, blocks = article.source.language, [block.span for block in article.blocks]
    return _state(article.text, language, article.sentences, blocks)


def _state(text: str, language: str, sentences: Sequence[Sentence], blocks: Sequence[Span]) -> Stated:
    tokens = list(chain.from_iterable([sentence[1] for sentence in sentences]))
    columns = Line(*zip(*tokens, strict=True)) if tokens else Line((), (), (), ())
    first_tokens = list(accumulate([len(inside) for _, inside in sentences], initial=0))
    facts = facts_of(text, columns, first_tokens, language)
    first_facts = list(accumulate(map(len, facts), initial=0))
    return Stated(
        text,
        sentences,
        [span[0] for span, _ in sentences],
        [span[1] for span, _ in sentences],
        columns,
        list(chain.from_iterable(facts)),
        first_tokens,
        first_facts,
        blocks,
        [quotations(text, *block) for block in blocks],
    )


def passage(text: str, language: str, sentences: Sequence[Sentence], blocks: Sequence[Span] = ()) -> Passage:
    """What these sentences of a text state, and what is quoted in these blocks of it."""
    stated = _state(text, language, sentences, blocks)
    return _passage(stated, [(0, len(sentences))], stated.quotations)


def passage_at(article: Article, span: Span) -> Passage:
    """The sentences of an article that the span overlaps, and the quotations of the blocks that it overlaps."""
    start, end = span
    first = bisect_right(article.blocks, start, key=lambda block: block.span.end)
    blocks = article.blocks[first : bisect_left(article.blocks, end, lo=first, key=lambda block: block.span.start)]
    sentences = [s for block in blocks for s in block.sentences if s.span.start < end and s.span.end > start]
    return passage(article.text, article.source.language, sentences, [block.span for block in blocks])


def stated_at(stated: Stated, span: Span) -> Passage:
    """The same of an article of which it is known what it states."""
    start, end = span
    first, last = bisect_right(stated.endings, start), bisect_left(stated.openings, end)
    first_block = bisect_right(stated.blocks, start, key=itemgetter(1))
    last_block = bisect_left(stated.blocks, (end,), lo=first_block)
    return _passage(stated, [(first, last)], stated.quotations[first_block:last_block])


def stated_without(stated: Stated, left_out: Sequence[int]) -> Passage:
    """All that an article states, but for the blocks `left_out` (indices, in order) and for quotations."""
    firsts = [bisect_left(stated.openings, block.start) for block in stated.blocks]
    firsts.append(len(stated.sentences))
    starts = [0, *(firsts[block + 1] for block in left_out)]
    stops = [*(firsts[block] for block in left_out), len(stated.sentences)]
    return _passage(stated, list(zip(starts, stops, strict=True)), ())


def _passage(stated: Stated, runs: Sequence[tuple[int, int]], quoted: Iterable[Sequence[Quotation]]) -> Passage:
    """What runs of sentences state, given by the first one and the one after the last, and these quotations."""
    tokens = [(stated.first_tokens[first], stated.first_tokens[last]) for first, last in runs]
    folds = _joined(stated.columns.words, tokens)
    every = _joined(stated.facts, [(stated.first_facts[first], stated.first_facts[last]) for first, last in runs])
    inside = list(chain.from_iterable(quoted))
    facts = _by_kind(every)
    voices = facts.get("attribution", ())
    return Passage(
        stated.text,
        _joined(stated.sentences, runs),
        inside,
        frozenset([quotation.words for quotation in inside]),
        _joined(stated.columns.starts, tokens),
        folds,
        every,
        list(accumulate([fact[1] for fact in every], max)),
        facts,
        Counter([fact[2:4] for fact in every]),
        _words(folds, facts.get("name", ())),
        frozenset(chain.from_iterable([fact[3].split() for fact in voices])),
        frozenset([fact[5] for fact in voices]),
    )


def _joined(items: Sequence[T], runs: Sequence[tuple[int, int]]) -> Sequence[T]:
    """The runs of items, one after the other."""
    if len(runs) == 1:
        return items[slice(*runs[0])]
    return [item for first, last in runs for item in items[first:last]]


def _by_kind(facts: Iterable[Fact]) -> dict[ChangeKind, list[Fact]]:
    """The facts by kind, in order."""
    found: dict[ChangeKind, list[Fact]] = {}
    for fact in facts:
        kind = fact[2]
        if kind in found:
            found[kind].append(fact)
        else:
            found[kind] = [fact]
    return found


def _words(folds: Iterable[str], names: Iterable[Fact]) -> set[str]:
    known = set(folds)
    for word in [word for word in known if not word.isalnum()]:
        if "'" in word or "-" in word:
            known.update(_parts(word))
    for name in {fact[5] for fact in names}:
        known.add(name)
        if " " in name:
            words = name.split()
            known.update(words)
            known.add("".join([word[0] for word in words]))
    return known


def _parts(word: str) -> Iterable[str]:
    """A folded word without its possessive, and the parts of a compound."""
    bare = word.removesuffix("'s").removesuffix("'")
    return (bare, *bare.split("-")) if "-" in bare else (bare,)
