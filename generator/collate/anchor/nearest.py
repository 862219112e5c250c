"""The passage of a text that is most like a quotation which is not there.

In: the quotation, and the text with an index of its tokens. Out: a span and a score, to be shown to whoever wrote the
quotation. Never a match: nothing here decides where a note stands. Work is bounded by the constants below: about 1 ms, and up
to 0.1 s for a quotation of which no word is in the text.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.collate.anchor.passages import Text, folded_quote, is_cut, raw_span, trimmed
from generator.collate.tokens import tokenize
from generator.model import Article, Span, Token

NEAREST_SCORE_MIN = 0.4
"""Below this a passage does not resemble the quotation enough to be worth showing (0 to 1; lower shows more noise)."""

NEAREST_CANDIDATES = 3
"""Passages scored character by character for each orphan; more costs about 0.2 ms each."""

NEAREST_TEXT_MAX = 400
"""Characters of a quotation that are scored: the score's cost is quadratic (400 characters: about 2 ms)."""

NEAREST_HITS_MAX = 50
"""Places of one word that vote for a passage, so that a thousand "the" cost no more than fifty."""

NEAREST_VOCABULARY_MAX = 2000
"""Words of the text looked through for one that is spelt like the quotation's, when none of its words is there."""

NEAREST_SPELT_MAX = 5
"""Words of such a quotation that are looked for by their spelling, 15 ms each: a note on a text in another script has hundreds."""


class Nearest(NamedTuple):
    """The passage most like a quotation, and how like it is (0 to 1)."""

    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Index:
    """The tokens of a witness, and the places of each among them."""

    tokens: tuple[Token, ...]
    places: Mapping[str, Sequence[int]]


def indexed(article: Article) -> Index:
    """The index of an article's tokens; only a text that something was not found in pays for it."""
    tokens = tuple(token for sentence in article.sentences for token in sentence.tokens)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        places[token.fold].append(place)
    return Index(tokens, dict(places))


def nearest_passage(sought: str, text: Text, index: Index) -> Nearest | None:
    """The passage most like a quotation: words that are there vote for where it would start, and the best are compared.

    Not a match: the caller shows it with its score.
    """
    clipped = sought[:NEAREST_TEXT_MAX]
    words = [token.fold for token in tokenize(clipped, text.article.source.language)]
    folded = folded_quote(clipped)
    candidates = [_scored(folded, span, text) for span in _candidates(words, text, index)] if folded else []
    best = max(candidates, key=lambda nearest: nearest.score, default=None)
    return best if best and best.score >= NEAREST_SCORE_MIN else None


def _scored(folded: str, span: Span, text: Text) -> Nearest:
    """A passage with its likeness to a folded quotation, character by character."""
    passage = folded_quote(span.of(text.article.text)[: 2 * NEAREST_TEXT_MAX])
    return Nearest(span, difflib.SequenceMatcher(None, folded, passage, autojunk=False).ratio())


def _candidates(words: Sequence[str], text: Text, index: Index) -> Iterator[Span]:
    """Passages that have the most, and the rarest, words of a quotation in its order; each whole tokens long."""
    if not any(word in index.places for word in words):
        words = [*(_like(word, index.places) for word in words[:NEAREST_SPELT_MAX]), *words[NEAREST_SPELT_MAX:]]
    for start, _ in sorted(votes(words, index.places).items(), key=lambda vote: (-vote[1], vote[0]))[:NEAREST_CANDIDATES]:
        low, high = max(0, start - len(words) // 2), start + len(words) + len(words) // 2
        region = index.tokens[low:high]
        blocks = difflib.SequenceMatcher(None, words, [token.fold for token in region], autojunk=False).get_matching_blocks()
        first, last = blocks[0], blocks[max(0, len(blocks) - 2)]
        begin = max(0, first.b - first.a)
        end = min(len(region), max(begin + 1, last.b + len(words) - last.a))
        yield whole_span(text, Span(region[begin].start, region[end - 1].end))


def whole_span(text: Text, span: Span) -> Span:
    """The shortest span around a span that cuts nothing: tokens may be parts of what `is_cut` holds together ("5bn")."""
    first, last = bisect_left(text.starts, span.start), bisect_left(text.starts, span.end)
    while is_cut(text, first):
        first -= 1
    while is_cut(text, last):
        last += 1
    return trimmed(text.article.text, raw_span(text, first, last))


def votes(words: Sequence[str], places: Mapping[str, Sequence[int]]) -> dict[int, float]:
    """For each token that a quotation may start at, how much speaks for it: rare words more than frequent ones."""
    found: defaultdict[int, float] = defaultdict(float)
    for offset, word in enumerate(words):
        hits = places.get(word, ())
        for hit in hits[:NEAREST_HITS_MAX]:
            found[max(0, hit - offset)] += 1 / len(hits)
    return found


def _like(word: str, places: Mapping[str, Sequence[int]]) -> str:
    """The word of the text spelt most like `word`, or `word` itself."""
    known = list(places)[:NEAREST_VOCABULARY_MAX]
    return next(iter(difflib.get_close_matches(word, known, n=1)), word)
