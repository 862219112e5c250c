"""What stands in the same order on both sides."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from generator.collate.order import longest_rise, unique_in_order


def test_unique_words_keep_their_longest_order() -> None:
    assert unique_in_order("a b a b".split(), "b a".split()) == []
    assert unique_in_order("a b c d e e".split(), "c a b d e".split()) == [(0, 1), (1, 2), (3, 3)]


@given(st.lists(st.integers(0, 9), max_size=9))
def test_no_rise_is_longer_than_the_longest(places: list[int]) -> None:
    pairs = list(enumerate(places))
    found = longest_rise(pairs)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(found))
    assert set(found) <= set(pairs)
    longer = combinations(places, len(found) + 1)
    assert not any(all(one < other for one, other in pairwise(part)) for part in longer)
