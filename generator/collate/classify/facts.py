"""The facts a sentence states: its dates, figures, names, attributions, words of certainty, and negations.

In: a text and the tokens of one sentence. Out: `Fact`s in order of their start. One pass over the tokens finds where a
fact may start (a dictionary lookup for each word); only there do the families look closer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from generator.collate.classify.dates import dates
from generator.collate.classify.names import names
from generator.collate.classify.numbers import numbers
from generator.collate.classify.vocabulary import DATE, NEGATION, NUMBER, VOICE, Fact, vocabulary
from generator.collate.classify.voices import attributions, certainties, negations
from generator.model import Token

CACHED_SENTENCES = 4096
"""Sentences whose facts are remembered: a pair asks for each sentence twice (its row, the summary). More: more memory, about
1 kB each."""
CACHED_WORDS = 16384
"""Words whose families are remembered, about as many as news uses. More: more memory, about 100 bytes each."""

_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=CACHED_SENTENCES)
def sentence_facts(text: str, tokens: tuple[Token, ...], language: str) -> tuple[Fact, ...]:
    """The facts of the sentence that `tokens` of `text` make up, in order of their start; none overlaps one of its own kind."""
    lists = vocabulary(language)
    words = [token[3] for token in tokens]
    starts = [
        (index, families)
        for index, word in enumerate(words)
        if (families := _families(word, language)) and not text[tokens[index][0] - 1 : tokens[index][0]].isalnum()
    ]
    times = dates(tokens, words, lists, _of(starts, DATE))
    taken = frozenset([index for start, end, _ in times for index in range(start, end)])
    figures = [index for index in _of(starts, NUMBER) if index not in taken]
    capitals = [index for index, token in enumerate(tokens) if text[token[0]].isupper() and token[2] == "word"]
    called = names(text, tokens, words, lists, [index for index in capitals if index not in taken])
    voices = [index for index in _of(starts, VOICE) if index not in taken]
    found = [fact for _, _, fact in times]
    found += numbers(tokens, words, lists, figures)
    found += called
    found += attributions(tokens, words, lists, voices, called)
    found += certainties(tokens, words, lists, voices)
    found += negations(tokens, words, lists, _of(starts, NEGATION))
    return tuple(sorted(found))


def _of(starts: list[tuple[int, int]], family: int) -> list[int]:
    """The indices of tokens that may start a fact of the family."""
    return [index for index, families in starts if families & family]


@lru_cache(maxsize=CACHED_WORDS)
def _families(word: str, language: str) -> int:
    """The families (bits) of the facts that a folded word may start."""
    starts = vocabulary(language).starts
    families = starts.get(word, 0)
    if not families and "-" in word:
        families = starts.get(word.partition("-")[0], 0) & NUMBER
    return families | DATE | NUMBER if _DIGIT.search(word) else families
