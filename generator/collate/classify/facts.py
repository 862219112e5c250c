"""The facts that sentences state: their dates, figures, names, attributions, words of certainty, and negations.

In: a text and the tokens of its sentences. Out: `Fact`s in order of their start. One pass over all tokens finds where a fact
may start (a dictionary lookup for each word); only there do the families look closer, sentence by sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, compress, count, pairwise

from generator.collate.classify.dates import dates
from generator.collate.classify.names import names
from generator.collate.classify.numbers import numbers
from generator.collate.classify.vocabulary import DATE, NEGATION, NUMBER, VOICE, Fact, Line, vocabulary
from generator.collate.classify.voices import attributions, certainties, negations


def facts_of(text: str, columns: Line, firsts: Sequence[int], language: str) -> list[list[Fact]]:
    """The facts of each sentence, in order of their start; none overlaps one of its own kind, but for the year of an ISO date.

    `columns`: the tokens of all sentences; `firsts`: where each sentence begins among them, with one entry more.
    """
    lists = vocabulary(language)
    starts, ends, kinds, words = columns
    families = list(map(lists.families.__getitem__, words))
    known = [  # a figure stands right behind a word in scripts without spaces, and nowhere else
        index
        for index in compress(count(), families)
        if kinds[index] == "number" or not text[starts[index] - 1 : starts[index]].isalnum()
    ]
    capitals = [index for index in compress(count(), map(str.isupper, map(text.__getitem__, starts))) if kinds[index] == "word"]
    lines = [Line(starts[i:j], ends[i:j], kinds[i:j], words[i:j]) for i, j in pairwise(firsts)]

    def each_with(family: int) -> Iterator[tuple[Line, list[int]]]:
        return zip(lines, _by_line([index for index in known if families[index] & family], firsts), strict=True)

    # One family after the other, not one sentence after the other: the interpreter keeps at one thing, and takes a fifth less.
    denials = [negations(line, lists, at) if at else [] for line, at in each_with(NEGATION)]
    times = [dates(line, lists, at) if at else [] for line, at in each_with(DATE)]
    taken = {first + index for first, found in zip(firsts, times, strict=False) for i, j, _ in found for index in range(i, j)}
    known = [index for index in known if index not in taken]
    capitals = [index for index in capitals if index not in taken]
    called = [names(text, line, lists, at) if at else [] for line, at in zip(lines, _by_line(capitals, firsts), strict=True)]
    figures = [numbers(line, lists, at) if at else [] for line, at in each_with(NUMBER)]
    voices = list(each_with(VOICE))
    said = [attributions(line, lists, at, nearby) for (line, at), nearby in zip(voices, called, strict=True)]
    sure = [certainties(line, lists, at) for line, at in voices]
    when = [[fact for _, _, fact in found] for found in times]
    return [sorted(chain.from_iterable(parts)) for parts in zip(denials, when, called, figures, said, sure, strict=True)]


def _by_line(indices: Sequence[int], firsts: Sequence[int]) -> list[list[int]]:
    """Indices of tokens, in order, as those within each sentence."""
    found = []
    last = 0
    for first, stop in pairwise(firsts):
        start, last = last, bisect_left(indices, stop, last)
        found.append([index - first for index in indices[start:last]])
    return found
