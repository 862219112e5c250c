"""What the machine proposes for a sidecar, before it is written: kinds, places, and how grave it would be.

In: a comparison. Out: a `Proposal`'s parts, and the words that all of them are made with. No proposal says why a text differs.

Severity is proposed by one rule, to be judged by whoever takes a note over:

    major      another figure, date or name, a denial, other words in quotation marks, a text at odds with itself, a headline
               that is surer than its text
    moderate   a figure, a date, a source or a passage with facts that is gone or new; a hedge that is gone or new
    minor      all others: a name said less fully, a nuance of certainty, a rank, a few words
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from generator.collate.classify.statements import Passage, passage, passage_at
from generator.collate.classify.vocabulary import Fact, Vocabulary, vocabulary
from generator.collate.lexicon import DEFAULT_LANGUAGE
from generator.model import BOILERPLATE, Article, Comparison, Direction, Edit, NoteSeverity, Pair, Row, Sentence, Span
from generator.suggest.pointing import Pointer

MAX_PIECE_WORDS = 8
"""Words of the other side's changed passage that are quoted whole. More: long quotations; fewer: more gaps. From 5 to 12."""

MAX_MATCHED_WORDS = 160
"""Words of a change in which shared words are still looked for, since the work grows with their square. From 50 to 400."""

UNIT_REACH = 40
"""Characters behind a figure in which the noun that it counts is looked for."""

SHOWN_LENGTH = 60
"""Characters of a quotation in a title."""

TOLD_LENGTH = 300
"""Characters of a quotation in a note."""


Marks = Pair[tuple[Span, ...]]
"""Places on both sides; an empty span is a gap."""


def marked(a: Span, b: Span) -> Marks:
    """One place on each side."""
    return Pair((a,), (b,))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A note that could be written. `marks`: where it points, an empty span for a gap; `said`: what each text says there.

    `remark` stands after what is said; `evidence` is other places: the side, the span, and what it shows.
    """

    kinds: tuple[str, ...]
    severity: NoteSeverity
    title: str
    marks: Marks
    said: Pair[str]
    direction: Direction | str = ""
    remark: str = ""
    evidence: tuple[tuple[str, Span, str], ...] = ()


@dataclass(frozen=True)
class Scene:
    """A comparison with what proposals are looked for with."""

    comparison: Comparison

    @cached_property
    def pointers(self) -> Pair[Pointer]:
        """Finds words and selectors on both sides."""
        return self.comparison.articles.map(Pointer)

    @cached_property
    def rows(self) -> tuple[tuple[Row, Pair[Passage]], ...]:
        """The rows that are no site furniture, and what they state."""
        articles = self.comparison.articles
        return tuple(
            (row, Pair(_stated(articles.a, row.spans.a), _stated(articles.b, row.spans.b)))
            for row in self.comparison.rows
            if row.role not in BOILERPLATE
        )

    @cached_property
    def told(self) -> Pair[Passage]:
        """What each text states anywhere, site furniture left out."""
        return self.comparison.articles.map(_told)

    @cached_property
    def words(self) -> Pair[str]:
        """All words of each text in a row, site furniture left out."""
        return self.told.map(lambda side: joined([token.fold for token in side.tokens]))

    @cached_property
    def names(self) -> Pair[frozenset[str]]:
        """The names in each text, folded."""
        return self.told.map(lambda side: frozenset(fact.value for fact in side.facts.get("name", ())))

    @cached_property
    def lists(self) -> Vocabulary:
        """The words of b's language."""
        return vocabulary(self.comparison.articles.b.source.language or DEFAULT_LANGUAGE)

    def quote(self, side: str, span: Span) -> str:
        """The words of a span of one side, on one line."""
        return str(getattr(self.pointers, side).quote(span))


def _stated(article: Article, span: Span) -> Passage:
    """What the sentences of a row state."""
    return passage_at(article, span) if span.start < span.end else passage(article.text, DEFAULT_LANGUAGE, ())


def _told(article: Article) -> Passage:
    """What an article states, site furniture left out."""
    blocks = [block for block in article.blocks if block.role not in BOILERPLATE]
    sentences = tuple([sentence for block in blocks for sentence in block.sentences])
    language = article.source.language or DEFAULT_LANGUAGE
    return passage(article.text, language, sentences, tuple([block.span for block in blocks]))


def joined(folds: Sequence[str]) -> str:
    """The words among folds of tokens, each with a space on both sides."""
    return "".join([" ", *(f"{fold} " for fold in folds if any(map(str.isalnum, fold)))])


def clipped(quote: str, length: int = SHOWN_LENGTH) -> str:
    """A quotation on one line, and not too long."""
    quote = " ".join(quote.split())
    return quote if len(quote) <= length else quote[: length - 1].rstrip() + "…"


def quoted(quote: str) -> str:
    """A quotation in a title, in its marks."""
    return f"“{clipped(quote)}”"


def with_unit(text: str, fact: Fact) -> int:
    """Where a figure ends with the noun that it counts."""
    if not fact.unit.isalpha():
        return fact.end
    found = re.compile(rf"\b{fact.unit}\b").search(text[fact.end : fact.end + UNIT_REACH].lower())
    return fact.end + found.end() if found else fact.end


# ------------------------------------------------------------------ pieces of an edit


def pieces(scene: Scene, edit: Edit) -> Iterator[Pair[Span]]:
    """The parts of an edit between the words that both sides share: what took the place of what."""
    for spans in _between(edit.spans, [*edit.kept]):
        words = Pair(scene.pointers.a.words(spans.a), scene.pointers.b.words(spans.b))
        if words.a and words.b and len(words.a) + len(words.b) <= MAX_MATCHED_WORDS:
            yield from _between(spans, _shared(scene, words))
        else:
            yield spans


def _between(spans: Pair[Span], kept: list[Pair[Span]]) -> Iterator[Pair[Span]]:
    a, b = spans.a.start, spans.b.start
    for pair in [*kept, Pair(Span(spans.a.end, spans.a.end), Span(spans.b.end, spans.b.end))]:
        if a < pair.a.start or b < pair.b.start:
            yield Pair(Span(a, pair.a.start), Span(b, pair.b.start))
        a, b = pair.a.end, pair.b.end


def _shared(scene: Scene, words: Pair[range]) -> list[Pair[Span]]:
    """The words that both sides share, in order: two in a row, or one that is no function word."""
    pointers, functions = scene.pointers, scene.lists.lexicon.words("function_words")
    a = [pointers.a.tokens[index].fold for index in words.a]
    b = [pointers.b.tokens[index].fold for index in words.b]
    return [
        Pair(
            pointers.a.span_of(words.a[block.a : block.a + block.size]),
            pointers.b.span_of(words.b[block.b : block.b + block.size]),
        )
        for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        if block.size > 1 or (block.size == 1 and a[block.a] not in functions)
    ]


def beside(pointer: Pointer, piece: Span, own: int) -> Span:
    """What stands in the place of `own` words that this side does not say: a piece of about that length, else a gap."""
    words = pointer.words(piece)
    is_alike = 0 < len(words) <= min(MAX_PIECE_WORDS, 2 * own + 2)
    return pointer.span_of(words) if is_alike else Span(piece.start, piece.start)


def sentences_in(sentences: Sequence[Sentence], span: Span) -> tuple[Span, ...]:
    """The sentences that lie in the span."""
    first = bisect_left(sentences, span.start, key=lambda sentence: sentence.span.start)
    last = bisect_right(sentences, span.end, key=lambda sentence: sentence.span.end)
    return tuple(sentence.span for sentence in sentences[first:last])
