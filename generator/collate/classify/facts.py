"""The facts that sentences state: their dates, figures, names, attributions, words of certainty, and negations.

In: a text and the tokens of its sentences. Out: `Fact`s in order of their start. One pass over all tokens finds where a fact
may start (a dictionary lookup for each word); only there do the families look closer, sentence by sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import compress, count, pairwise

from generator.collate.classify.dates import dates
from generator.collate.classify.names import names
from generator.collate.classify.numbers import numbers
from generator.collate.classify.vocabulary import DATE, NEGATION, NUMBER, VOICE, Fact, Line, Vocabulary, vocabulary
from generator.collate.classify.voices import attributions, certainties, negations


def facts_of(text: str, columns: Line, firsts: Sequence[int], language: str) -> list[list[Fact]]:
    """The facts of each sentence, in order of their start; none overlaps one of its own kind.

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
    found = []
    last_known = last_capital = 0
    for first, stop in pairwise(firsts):
        first_known, last_known = last_known, bisect_left(known, stop, last_known)
        first_capital, last_capital = last_capital, bisect_left(capitals, stop, last_capital)
        line = Line(starts[first:stop], ends[first:stop], kinds[first:stop], words[first:stop])
        candidates = [(index - first, families[index]) for index in known[first_known:last_known]]
        found.append(_line_facts(text, line, lists, candidates, [index - first for index in capitals[first_capital:last_capital]]))
    return found


def _line_facts(
    text: str, line: Line, lists: Vocabulary, candidates: Sequence[tuple[int, int]], capitals: Sequence[int]
) -> list[Fact]:
    """The facts of one sentence, given the tokens that may start one (with their families) and those with a capital."""
    found: list[Fact] = []
    families = 0
    for _, bits in candidates:
        families |= bits
    if families & NEGATION:
        found += negations(line, lists, [index for index, bits in candidates if bits & NEGATION])
    times = dates(line, lists, [index for index, bits in candidates if bits & DATE]) if families & DATE else ()
    if times:
        found += [fact for _, _, fact in times]
        taken = {index for start, end, _ in times for index in range(start, end)}
        candidates = [candidate for candidate in candidates if candidate[0] not in taken]
        capitals = [index for index in capitals if index not in taken]
    called = names(text, line, lists, capitals) if capitals else []
    found += called
    if families & NUMBER:
        found += numbers(line, lists, [index for index, bits in candidates if bits & NUMBER])
    if families & VOICE:
        voices = [index for index, bits in candidates if bits & VOICE]
        found += attributions(line, lists, voices, called)
        found += certainties(line, lists, voices)
    found.sort()
    return found
