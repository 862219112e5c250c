"""Keeps the work of aligning in bounds: two texts of any length in, groups of corresponding sentences out.

Two texts within WORK_LIMIT are aligned at once. Beyond it, sentences that stand on both sides word for word (the same
beginning and end, and sentences found once on each side) cut the texts into pieces, and the pieces are aligned one by one:
n sentences take n · PIECE steps, and the memory of one piece. Moves across pieces are then not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.collate.align.beads import Found, Group, Rules, find_groups, free
from generator.collate.align.similarity import Bag, likeness
from generator.collate.order import unique_in_order
from generator.model import Pair

WORK_LIMIT = 400_000
"""Sentence pairs that are compared in one table (632 by 632). More: a longer wait (about 3 µs each); fewer: longer texts are
aligned piece by piece, and the page says so. Sensible from 100,000 to 2,000,000."""

PIECE = 100
"""Sentences of the longer side of a piece. More: better pairs in very long texts; fewer: less work. Sensible from 50 to 500."""


def find_all(texts: Pair[list[Bag]], rules: Rules) -> tuple[Found, bool]:
    """The groups of two texts, and whether they were beyond the limit and aligned piece by piece."""
    if len(texts.a) * len(texts.b) <= WORK_LIMIT:
        return _find(texts.a, texts.b, rules), False
    parts = []
    for piece in _pieces(texts):
        if not rules.forced and _is_anchor(texts, piece) and not rules.barred(piece.a_start, piece.b_start):
            parts.append(Found([piece], [], [], {piece: 1.0}))
            continue
        inside = _find(texts.a[piece.a_start : piece.a_stop], texts.b[piece.b_start : piece.b_stop], _rules_of(rules, piece))
        parts.append(_shifted(inside, piece))
    whole = Found(
        [group for part in parts for group in part.groups],
        [group for part in parts for group in part.moves],
        [pair for part in parts for pair in part.echoes],
        {group: cosine for part in parts for group, cosine in part.cosines.items()},
    )
    return whole, True


def _is_anchor(texts: Pair[list[Bag]], piece: Group) -> bool:
    """Whether a piece is two equal sentences."""
    is_single = piece.a_stop - piece.a_start == piece.b_stop - piece.b_start == 1
    return is_single and texts.a[piece.a_start].text == texts.b[piece.b_start].text


def _find(a: Sequence[Bag], b: Sequence[Bag], rules: Rules) -> Found:
    """The groups of two texts within the limit."""
    return find_groups(likeness(a, b), Pair([len(bag.text) for bag in a], [len(bag.text) for bag in b]), rules)


def _shifted(found: Found, piece: Group) -> Found:
    """What was found in a piece, numbered as in the whole."""

    def moved(group: Group) -> Group:
        return Group(
            group.a_start + piece.a_start, group.a_stop + piece.a_start, group.b_start + piece.b_start, group.b_stop + piece.b_start
        )

    return Found(
        [moved(group) for group in found.groups],
        [moved(group) for group in found.moves],
        [(i + piece.a_start, j + piece.b_start) for i, j in found.echoes],
        {moved(group): cosine for group, cosine in found.cosines.items()},
    )


def _rules_of(rules: Rules, piece: Group) -> Rules:
    """The rules, numbered as in a piece. A forced group that does not lie within the piece is left out."""
    a, b = piece.a_start, piece.b_start

    def up(group: Group) -> Group:
        return Group(group.a_start + a, group.a_stop + a, group.b_start + b, group.b_stop + b)

    forced = tuple(
        Group(group.a_start - a, group.a_stop - a, group.b_start - b, group.b_stop - b)
        for group in rules.forced
        if a <= group.a_start and group.a_stop <= piece.a_stop and b <= group.b_start and group.b_stop <= piece.b_stop
    )
    barred = free if rules.barred is free else lambda i, j: rules.barred(i + a, j + b)
    return Rules(barred, forced, lambda group: rules.surcharge(up(group)), rules.trust)


def _pieces(texts: Pair[list[Bag]]) -> Iterator[Group]:
    """Pieces that tile both texts: equal sentences one by one, and what lies between them cut into even parts."""
    a = b = 0
    for i, j in (*_anchors(texts), (len(texts.a), len(texts.b))):
        yield from _even_parts(a, i, b, j)
        if i < len(texts.a):
            yield Group(i, i + 1, j, j + 1)
        a, b = i + 1, j + 1


def _even_parts(a_start: int, a_stop: int, b_start: int, b_stop: int) -> Iterator[Group]:
    """A stretch cut into as few parts as keep each side within PIECE sentences, each part as long as the others."""
    count = -(-max(a_stop - a_start, b_stop - b_start) // PIECE)
    for part in range(count):
        cuts = [
            start + (stop - start) * at // count
            for start, stop in ((a_start, a_stop), (b_start, b_stop))
            for at in (part, part + 1)
        ]
        yield Group(*cuts)


def _anchors(texts: Pair[list[Bag]]) -> list[tuple[int, int]]:
    """Pairs of equal sentences that are in order on both sides: the common beginning, unique sentences, the common end."""
    a, b = ([bag.text for bag in side] for side in texts)
    shortest = min(len(a), len(b))
    first = next((k for k in range(shortest) if a[k] != b[k]), shortest)
    last = next((k for k in range(shortest - first) if a[-1 - k] != b[-1 - k]), shortest - first)
    middle = [(first + i, first + j) for i, j in unique_in_order(a[first : len(a) - last], b[first : len(b) - last])]
    ends = [(len(a) - k, len(b) - k) for k in range(last, 0, -1)]
    return [*((k, k) for k in range(first)), *middle, *ends]
