"""Which blocks stand side by side: pairs of blocks that sentences join in, rows of a page out.

A row is a connected component of blocks, filled up to contiguous ranges. At one place of the page, rows of one side stand in
this order: headlines of b, then blocks of a, then blocks of b.
"""

from __future__ import annotations

from collections import Counter
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

    No two of the links join the same blocks; they are monotone and in order. First go those that are weak beside both rivals,
    then the lightest of each row that is too wide, as long as there is one whose blocks have another.
    """
    rivals = _Rivals(links)
    cut = {link for link in links if link.weight < WEAK * rivals.of(link)}
    rows = _Chain([link for link in links if link not in cut])
    for at in sorted(range(len(rows.links)), key=lambda at: (rows.links[at].weight, rows.links[at])):
        if rows.has_rivals(at) and rows.is_wide(at):
            rows.remove(at)
            cut.add(rows.links[at])
    return frozenset(cut)


def _is_wide(a_start: int, a_stop: int, b_start: int, b_stop: int) -> bool:
    """Whether both sides have several blocks, and there are too many in all."""
    return min(a_stop - a_start, b_stop - b_start) > 1 and a_stop - a_start + b_stop - b_start > WIDEST


def _is_single(link: Link) -> bool:
    """Whether a link joins one block with one; the sentences of others stand across them, and have no rival."""
    return link.a_first == link.a_last and link.b_first == link.b_last


class _Rivals:
    """The two heaviest links of each block."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.a: dict[int, list[Link]] = {}
        self.b: dict[int, list[Link]] = {}
        for link in links:
            for heaviest, first, last in ((self.a, link.a_first, link.a_last), (self.b, link.b_first, link.b_last)):
                for block in range(first, last + 1):
                    both = [*heaviest.get(block, ()), link]
                    heaviest[block] = sorted(both, key=lambda each: -each.weight)[:2]

    def of(self, link: Link) -> float:
        """The heaviest other link of the link's a block or of its b block, whichever is lighter; 0 if a block has no other."""
        if not _is_single(link):
            return 0.0
        both = (self.a[link.a_first], self.b[link.b_first])
        return min(max([other.weight for other in heaviest if other != link], default=0.0) for heaviest in both)


class _Chain:
    """Links in order, some of which are taken away one by one. Duty: `before` and `after` lead past those that were."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.links = links
        self.before = list(range(-1, len(links) - 1))
        self.after = list(range(1, len(links) + 1))
        self.counts = Pair(Counter[int](), Counter[int]())
        for link in links:
            self._count(link, 1)

    def _count(self, link: Link, step: int) -> None:
        for block in range(link.a_first, link.a_last + 1):
            self.counts.a[block] += step
        for block in range(link.b_first, link.b_last + 1):
            self.counts.b[block] += step

    def has_rivals(self, at: int) -> bool:
        """Whether both blocks that the link joins have another link."""
        link = self.links[at]
        return _is_single(link) and self.counts.a[link.a_first] > 1 and self.counts.b[link.b_first] > 1

    def is_wide(self, at: int) -> bool:
        """Whether the row that the link stands in is too wide. Looks no further than it has to."""
        a_first, a_last, b_first, b_last, _ = self.links[at]
        earlier, later = self.before[at], self.after[at]
        while not _is_wide(a_first, a_last + 1, b_first, b_last + 1):
            if later < len(self.links) and (self.links[later].a_first <= a_last or self.links[later].b_first <= b_last):
                a_last, b_last = max(a_last, self.links[later].a_last), max(b_last, self.links[later].b_last)
                later = self.after[later]
            elif earlier >= 0 and (self.links[earlier].a_last >= a_first or self.links[earlier].b_last >= b_first):
                a_first, b_first = min(a_first, self.links[earlier].a_first), min(b_first, self.links[earlier].b_first)
                earlier = self.before[earlier]
            else:
                return False
        return True

    def remove(self, at: int) -> None:
        """Takes a link away."""
        earlier, later = self.before[at], self.after[at]
        if earlier >= 0:
            self.after[earlier] = later
        if later < len(self.links):
            self.before[later] = earlier
        self._count(self.links[at], -1)
