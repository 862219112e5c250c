"""Places of a text as a sidecar's selectors: the fewest words that stand there and nowhere else.

In: an article, and a span or a position of its text. Out: what a note writes under the witness's name: a quotation, `{quote,
nth}` where more words do not help, `{after}` or `{before}` for a gap. Each selects its place and nothing else. It chooses no
places.

    Pointer(article).selector(Span(67, 78))    "appeared tearful"
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain

from generator.collate.anchor.passages import Text, folded_quote, places_of, raw_span, ready
from generator.model import BOILERPLATE, Article, Block, Span, Token

MIN_QUOTED_WORDS = 2
"""A single word is quoted with a neighbour, for a reader of the sidecar. More: longer quotations that break sooner. From 1 to 3."""

MAX_QUOTED_WORDS = 24
"""Words after which a quotation that still stands in several places is numbered instead of made longer. From 12 to 40."""

MIN_GAP_WORDS = 4
"""Words quoted beside a gap. Fewer: a gap is lost with one edit less; more: any edit nearby loses it. From 2 to 8."""

_WORDLIKE = frozenset({"word", "number", "url", "handle"})

Selection = str | dict[str, str | int]
"""A selector as it is written in a sidecar."""


class Pointer:
    """Finds selectors in one article."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text: Text = ready(article)
        told = [block for block in article.blocks if block.role not in BOILERPLATE]
        self.tokens: tuple[Token, ...] = tuple(
            token
            for block in article.blocks
            for sentence in block.sentences
            for token in sentence.tokens
            if token.kind in _WORDLIKE
        )
        self._starts = [token.start for token in self.tokens]
        self._told = tuple(chain.from_iterable(self._words_of(block) for block in told or article.blocks))

    def words(self, span: Span) -> range:
        """The indices of the words that the span overlaps; of an empty span none."""
        if span.start >= span.end:
            return range(0)
        first = bisect_right(self.tokens, span.start, key=lambda token: token.end)
        return range(first, max(first, bisect_left(self._starts, span.end)))

    def count(self, span: Span) -> int:
        """How many words the span overlaps."""
        return len(self.words(span))

    def span_of(self, words: range) -> Span:
        """From the first word's start to the last one's end."""
        return Span(self.tokens[words.start].start, self.tokens[words.stop - 1].end)

    def trimmed(self, span: Span) -> Span:
        """The words that the span overlaps, without marks at its ends; without words, the empty span at its start."""
        words = self.words(span)
        return self.span_of(words) if words else Span(span.start, span.start)

    def first_words(self, span: Span, count: int) -> Span:
        """The first `count` words of a span, as far as they stand in one block."""
        words = self.words(span)
        block = self._words_of(self._block(self.tokens[words.start].start))
        return self.span_of(range(words.start, min(words.stop, words.start + count, block.stop)))

    def quote(self, span: Span) -> str:
        """The words of a span on one line."""
        return " ".join(span.of(self.article.text).split())

    def selector(self, span: Span) -> Selection | None:
        """What selects the words of the span, with as many neighbours as it takes; a gap, if it has none; None in an empty text."""
        words = self.words(span)
        return self._quotation(words) if words else self._gap(span.start)

    def _quotation(self, words: range) -> Selection:
        """The words, with neighbours of the same block until they stand in one place only."""
        block = self._words_of(self._block(self.tokens[words.start].start))
        chosen = words
        while len(chosen) < min(MIN_QUOTED_WORDS, len(block)) or not self._is_only(chosen):
            if len(chosen) >= max(MAX_QUOTED_WORDS, len(words)) or not self._can_grow(chosen, block):
                return self._numbered("quote", words)
            chosen = self._grown(chosen, words, block)
        return self.quote(self.span_of(chosen))

    @staticmethod
    def _can_grow(chosen: range, block: range) -> bool:
        return chosen.start > block.start or chosen.stop < block.stop

    def _grown(self, chosen: range, words: range, block: range) -> range:
        """One word more on the side that has grown less (the right one first), but rather not across a mark."""
        left, right = range(chosen.start - 1, chosen.stop), range(chosen.start, chosen.stop + 1)
        if chosen.start <= block.start:
            return right
        if chosen.stop >= block.stop:
            return left
        is_clean_left, is_clean_right = self._is_unbroken(chosen.start), self._is_unbroken(chosen.stop)
        if is_clean_left != is_clean_right:
            return left if is_clean_left else right
        return left if words.start - chosen.start < chosen.stop - words.stop else right

    def _is_unbroken(self, word: int) -> bool:
        """Whether only white space stands before a word."""
        return not self.article.text[self.tokens[word - 1].end : self.tokens[word].start].strip()

    def _gap(self, position: int) -> Selection | None:
        """A gap after the words before it; at the start of what is told, before those behind it."""
        told = self._told
        index = bisect_left(told, position, key=lambda word: self.tokens[word].end)
        index += index < len(told) and self.tokens[told[index]].end <= position
        if index:
            return self._beside("after", told[index - 1])
        return self._beside("before", told[0]) if told else None

    def _beside(self, key: str, word: int) -> Selection:
        """The gap before or after a word, told by as many words on that side as it takes."""
        block = self._words_of(self._block(self.tokens[word].start))

        def beside(count: int) -> range:
            return (
                range(max(block.start, word + 1 - count), word + 1)
                if key == "after"
                else range(word, min(block.stop, word + count))
            )

        counts = range(MIN_GAP_WORDS, MAX_QUOTED_WORDS + 1)
        found = next((words for words in map(beside, counts) if self._is_only(words)), None)
        return self._numbered(key, beside(MIN_GAP_WORDS)) if found is None else {key: self.quote(self.span_of(found))}

    def _numbered(self, key: str, words: range) -> Selection:
        """A quotation with the number of its match."""
        span = self.span_of(words)
        starts = [found.start for found in self._matches(words)]
        return {key: self.quote(span), "nth": bisect_right(starts, span.start)}

    def _is_only(self, words: range) -> bool:
        return len(self._matches(words)) == 1

    def _matches(self, words: range) -> list[Span]:
        needle = folded_quote(self.quote(self.span_of(words)))
        return [raw_span(self.text, at, at + len(needle)) for at in places_of(self.text, needle, self.text.whole)]

    def _block(self, position: int) -> Block:
        index = bisect_right(self.article.blocks, position, key=lambda block: block.span.start)
        return self.article.blocks[max(0, index - 1)]

    def _words_of(self, block: Block) -> range:
        return range(bisect_left(self._starts, block.span.start), bisect_left(self._starts, block.span.end))
