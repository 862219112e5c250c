"""Long lists: what is new touches the first sheet only, and every other sheet keeps its address."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from generator.site.paging import SHEET_LENGTH, Sheet, sheets

LENGTHS = st.lists(st.integers(1, 80), max_size=40)


def cut(lengths: Sequence[int]) -> tuple[Sheet[tuple[int, int]], ...]:
    """Sheets of things known by their age (0: the oldest), newest first."""
    items = [(len(lengths) - 1 - index, length) for index, length in enumerate(lengths)]
    return sheets("tag/x/", items, [length for _, length in items])


def test_a_short_list_is_one_sheet_without_neighbours() -> None:
    (only,) = sheets("", ["b", "a"])
    assert only == Sheet("index.html", 0, ("b", "a"), "", "")
    assert sheets("tag/x/", [])[0].items == ()


def test_the_first_sheet_is_the_newest_and_the_others_are_counted_from_the_oldest() -> None:
    found = sheets("", range(3 * SHEET_LENGTH - 1, -1, -1))
    assert [(sheet.route, sheet.number, len(sheet.items)) for sheet in found] == [
        ("index.html", 0, SHEET_LENGTH),
        ("page/2/index.html", 2, SHEET_LENGTH),
        ("page/1/index.html", 1, SHEET_LENGTH),
    ]
    assert [(sheet.newer, sheet.older) for sheet in found] == [
        ("", "page/2/index.html"), ("index.html", "page/1/index.html"), ("page/2/index.html", ""),
    ]  # fmt: skip
    assert found[-1].items[-1] == 0


def test_the_newest_sheet_grows_to_twice_the_length_before_another_begins() -> None:
    assert [len(sheet.items) for sheet in sheets("", range(2 * SHEET_LENGTH - 1))] == [2 * SHEET_LENGTH - 1]
    assert [len(sheet.items) for sheet in sheets("", range(2 * SHEET_LENGTH))] == [SHEET_LENGTH, SHEET_LENGTH]


@given(LENGTHS)
def test_sheets_hold_everything_once_and_link_to_each_other(lengths: list[int]) -> None:
    found = cut(lengths)
    assert [item for sheet in found for item in sheet.items] == [(len(lengths) - 1 - i, each) for i, each in enumerate(lengths)]
    routes = [sheet.route for sheet in found]
    assert routes[0] == "tag/x/index.html"
    assert len(set(routes)) == len(routes)
    assert [sheet.newer for sheet in found] == ["", *routes[:-1]]
    assert [sheet.older for sheet in found] == [*routes[1:], ""]
    for sheet in found[1:]:
        total = sum(length for _, length in sheet.items)
        assert total >= SHEET_LENGTH > total - sheet.items[0][1]


@given(LENGTHS, st.integers(1, 80))
def test_something_new_leaves_all_but_the_two_newest_sheets_as_they_are(lengths: list[int], new: int) -> None:
    before, after = cut(lengths), cut([new, *lengths])
    same = {sheet.route: sheet for sheet in after}
    assert all(same[sheet.route] == sheet for sheet in before[2:])
