"""Which blocks stand side by side: pairs of blocks that sentences join in, rows of a page out.

A row is a connected component of blocks, filled up to contiguous ranges. At one place of the page, rows of one side stand in
this order: headlines of b, then blocks of a, then blocks of b.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.model import Pair

WEAK = 0.6
"""A link between two blocks is cut if both have a link that is heavier, and this one weighs less than that share of the lighter
of those two. Higher: more sentences count as moved to the next paragraph; lower: paragraphs run together into long rows.
Sensible from .4 to .8."""

WIDEST = 4
"""Blocks, of both sides together, of a row in which both sides have several. A wider one loses its lightest link."""


class Link(NamedTuple):
    """Blocks of a and of b, first and last, that one bead joins, and how heavily."""

    a_first: int
    a_last: int
    b_first: int
    b_last: int
    weight: float


def block_rows(links: Iterable[Link], a_count: int, b_count: int, b_headlines: frozenset[int]) -> tuple[Pair[range], ...]:
    """Rows in page order: monotone and contiguous on both sides, each block in exactly one. Links must be monotone."""
    rows: list[Pair[range]] = []
    a = b = 0
    joined = _joined(links)
    for a_start, a_stop, b_start, b_stop in (*joined, (a_count, a_count, b_count, b_count)):
        rows.extend(_lone(range(a, a_start), range(b, b_start), b_headlines))
        if a_start < a_stop or b_start < b_stop:
            rows.append(Pair(range(a_start, a_stop), range(b_start, b_stop)))
        a, b = a_stop, b_stop
    return tuple(rows)


def _joined(links: Iterable[Link]) -> list[tuple[int, int, int, int]]:
    """The ranges of blocks of each component, as starts and stops. An empty range of a side is placed by its neighbours."""
    spans: list[tuple[int, int, int, int]] = []
    for link in links:
        a_start, a_stop, b_start, b_stop = link.a_first, link.a_last + 1, link.b_first, link.b_last + 1
        while spans and (a_start < spans[-1][1] or b_start < spans[-1][3]):
            before = spans.pop()
            a_start, a_stop = min(a_start, before[0]), max(a_stop, before[1])
            b_start, b_stop = min(b_start, before[2]), max(b_stop, before[3])
        spans.append((a_start, a_stop, b_start, b_stop))
    return spans


def _lone(a: range, b: range, b_headlines: frozenset[int]) -> list[Pair[range]]:
    """Rows of blocks without counterpart, between two joined rows."""
    first = next((index for index in b if index not in b_headlines), b.stop)
    return [
        *(Pair(range(a.start, a.start), range(index, index + 1)) for index in range(b.start, first)),
        *(Pair(range(index, index + 1), range(first, first)) for index in a),
        *(Pair(range(a.stop, a.stop), range(index, index + 1)) for index in range(first, b.stop)),
    ]


def cut_links(links: Sequence[Link]) -> frozenset[Link]:
    """The links to cut, so that one sentence that slipped into the next paragraph does not join two rows.

    No two of the links join the same blocks.
    """
    cut = {link for link in links if link.weight < WEAK * _rival(links, link)}
    while True:
        left = [link for link in links if link not in cut]
        wide = [span for span in _joined(left) if _is_wide(*span)]
        inside = [link for link in left if any(span[0] <= link.a_first < span[1] for span in wide) and _rival(left, link)]
        if not inside:
            return frozenset(cut)
        cut.add(min(inside, key=lambda link: (link.weight, link)))


def _is_wide(a_start: int, a_stop: int, b_start: int, b_stop: int) -> bool:
    """Whether both sides have several blocks, and there are too many in all."""
    return min(a_stop - a_start, b_stop - b_start) > 1 and a_stop - a_start + b_stop - b_start > WIDEST


def _rival(links: Iterable[Link], link: Link) -> float:
    """The heaviest other link of the link's a block or of its b block, whichever is lighter; 0 if a block has no other.

    A link that joins several blocks of a side has no rival: its sentences stand across them.
    """
    if link.a_first != link.a_last or link.b_first != link.b_last:
        return 0.0
    others = [other for other in links if other != link]
    return min(
        max((other.weight for other in others if other.a_first <= link.a_first <= other.a_last), default=0.0),
        max((other.weight for other in others if other.b_first <= link.b_first <= other.b_last), default=0.0),
    )
