"""Long lists in sheets that keep their addresses: cut from the oldest end, so that what is new touches the first sheet only.

In: things, newest first, and how long each is. Out: sheets with their routes. The first sheet (`tag/x/index.html`) holds the
newest and is up to twice as long as the others; the others are counted from the oldest (`tag/x/page/1/index.html`), so that a link
to one leads to the same things for ever, and a new comparison on a site of ten thousand rewrites one sheet of a list, not two
hundred. Nothing is sorted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)  # noqa: PLC0105 - it is a value type of one parameter

SHEET_LENGTH = 50
"""Things on a sheet. Fewer: more clicks; more: an edited note rewrites a longer page. From 20 to 200."""


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """One page of a list. `number`: 0 of the newest, else from 1, the oldest; `newer`, `older`: routes of neighbours, or empty."""

    route: str
    number: int
    items: tuple[T, ...]
    newer: str
    older: str


def sheets(
    folder: str, items: Sequence[T], lengths: Sequence[int] | None = None, limit: int = SHEET_LENGTH
) -> tuple[Sheet[T], ...]:
    """The sheets of a list in `folder` (empty or ending in a slash), newest first; an empty list has one empty sheet.

    Each but the first holds items that are at least `limit` long together, and no more of them than that takes; none is split.
    `lengths`: of each item; without, each is 1 long.
    """
    # Where full sheets begin, from the oldest end; the newest of them takes what is newer too.
    ends = [*range(len(items) - limit, -1, -limit)] if lengths is None else _ends(lengths, limit)
    bounds = [0, *reversed(ends[:-1]), len(items)]
    last = len(bounds) - 2
    numbers = [0, *range(last, 0, -1)]
    routes = [_route(folder, number) for number in numbers]
    return tuple(
        [
            Sheet(
                route=routes[index],
                number=numbers[index],
                items=tuple(items[bounds[index] : bounds[index + 1]]),
                newer=routes[index - 1] if index else "",
                older=routes[index + 1] if index < last else "",
            )
            for index in range(last + 1)
        ]
    )


def _ends(lengths: Sequence[int], limit: int) -> list[int]:
    ends = []
    filled = 0
    for index in range(len(lengths) - 1, -1, -1):
        filled += lengths[index]
        if filled >= limit:
            ends.append(index)
            filled = 0
    return ends


def _route(folder: str, number: int) -> str:
    return f"{folder}page/{number}/index.html" if number else f"{folder}index.html"
