"""What of two sequences stands in the same order on both sides: items in, pairs of places out.

In: pairs of places, or two sequences of texts. Out: the longest part of them whose places rise on both sides (patience sorting,
n log n). It compares nothing but for equality, and knows neither words nor sentences.

    unique_in_order("a b c d".split(), "b a c x".split())     [(1, 0), (2, 2)]
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence


def longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, given by their first place, whose second places increase too."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(tops[at - 1] if at else -1)
        if at == len(ends):
            ends.append(j)
            tops.append(index)
        else:
            ends[at], tops[at] = j, index
    chain: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def unique_in_order(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the texts that occur once on each side, in the longest order that both keep (patience diff)."""
    count_a, count_b = Counter(a), Counter(b)
    place_b = {text: j for j, text in enumerate(b) if count_b[text] == 1}
    return longest_rise([(i, place_b[text]) for i, text in enumerate(a) if count_a[text] == 1 and text in place_b])
