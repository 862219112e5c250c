"""The facts a sentence states: its dates, figures, names, attributions, words of certainty, and negations.

In: a text and the tokens of one sentence. Out: `Fact`s in order of their start. One pass over the tokens finds where a
fact may start (a dictionary lookup for each word); only there do the families look closer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from generator.collate.dates import dates
from generator.collate.names import names
from generator.collate.numbers import numbers
from generator.collate.vocabulary import DATE, NEGATION, NUMBER, VOICE, Fact, Vocabulary, vocabulary
from generator.collate.voices import attributions, certainties, negations
from generator.model import Token

CACHED_SENTENCES = 4096
"""Sentences whose facts are remembered: a pair asks for each sentence twice (its row, the summary). More: more memory, about
1 kB each."""


_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=CACHED_SENTENCES)
def sentence_facts(text: str, tokens: tuple[Token, ...], language: str) -> tuple[Fact, ...]:
    """The facts of the sentence that `tokens` of `text` make up, in order of their start; none overlaps one of its own kind."""
    lists = vocabulary(language)
    words = [token.fold for token in tokens]
    starts, by_family = _candidates(text, tokens, words, lists), {}
    for family in (DATE, NUMBER, VOICE, NEGATION):
        by_family[family] = [index for index, families in starts if families & family]
    capitals = [index for index, token in enumerate(tokens) if text[token[0]].isupper() and token[2] == "word"]
    times = dates(tokens, words, lists, by_family[DATE])
    taken = frozenset(index for start, end, _ in times for index in range(start, end))
    called = names(text, tokens, words, lists, [index for index in capitals if index not in taken])
    return tuple(
        sorted(
            [
                *(fact for _, _, fact in times),
                *numbers(tokens, words, lists, by_family[NUMBER], taken),
                *called,
                *attributions(tokens, words, lists, by_family[VOICE], called),
                *certainties(tokens, words, lists, by_family[VOICE]),
                *negations(tokens, words, lists, by_family[NEGATION]),
            ]
        )
    )


def _candidates(text: str, tokens: tuple[Token, ...], words: list[str], lists: Vocabulary) -> list[tuple[int, int]]:
    """Where facts may start: the indices of tokens, in order, with the families (bits) that each may start."""
    starts = lists.starts
    found = [(index, starts[word]) for index, word in enumerate(words) if word in starts]
    for index in [
        index for index, token in enumerate(tokens) if token[2] == "number" or ("-" in token[3] and token[3] not in starts)
    ]:
        families = starts.get(words[index].partition("-")[0], 0) & NUMBER
        if _DIGIT.search(words[index]) and not text[tokens[index].start - 1 : tokens[index].start].isalnum():
            families |= DATE | NUMBER
        if families:
            found.append((index, families))
    return sorted(found)
