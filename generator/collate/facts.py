"""The facts a sentence states: its dates, figures, names, attributions, words of certainty, and negations.

In: a text and the tokens of one sentence. Out: `Fact`s in order of their start. One pass over the tokens finds where a
fact may start (a dictionary lookup for each word); only there do the families look closer.
"""

from __future__ import annotations

from functools import lru_cache

from generator.collate.dates import dates
from generator.collate.names import names
from generator.collate.numbers import numbers
from generator.collate.vocabulary import DATE, NEGATION, NUMBER, VOICE, Fact, vocabulary
from generator.collate.voices import attributions, certainties, negations
from generator.model import Token

CACHED_SENTENCES = 4096
"""Sentences whose facts are remembered: a pair asks for each sentence twice (its row, the summary). More: more memory, about
1 kB each."""


@lru_cache(maxsize=CACHED_SENTENCES)
def sentence_facts(text: str, tokens: tuple[Token, ...], language: str) -> tuple[Fact, ...]:
    """The facts of the sentence that `tokens` of `text` make up, in order of their start; none overlaps one of its own kind."""
    lists = vocabulary(language)
    words = [token.fold for token in tokens]
    starts = lists.starts
    by_family: dict[int, list[int]] = {DATE: [], NUMBER: [], VOICE: [], NEGATION: []}
    capitals = []
    for index, token in enumerate(tokens):
        word = token.fold
        families = starts.get(word, 0)
        if token.kind == "number" or (token.kind == "word" and not word.isalpha()):
            families |= starts.get(word.partition("-")[0], 0) & NUMBER
            if any(map(str.isdigit, word)) and not text[token.start - 1 : token.start].isalnum():
                families |= DATE | NUMBER
        if families:
            for family, found in by_family.items():
                if families & family:
                    found.append(index)
        if token.kind == "word" and text[token.start].isupper():
            capitals.append(index)
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
