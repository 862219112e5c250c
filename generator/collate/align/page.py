"""Which sentences and blocks correspond: two articles in, beads, moves and rows of blocks out.

Likeness is lexical (`similarity`), pairing is by number (`beads`); here stand the rules of a page: roles that do not pair,
what counts as moved, overrides by hand, paragraphs, and the limit on work. Nothing is compared word by word.

    align_sentences(["Kim spoke.", "Rain fell."], ["Rain fell.", "It was cold.", "Kim spoke on Friday."])
    [(0, 2), (1, 0)]
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from generator.collate.align.beads import FREE, Group, Rules
from generator.collate.align.overrides import Hand, read_overrides
from generator.collate.align.pieces import find_all
from generator.collate.align.rows import Link, block_rows, cut_links
from generator.collate.align.similarity import Bag, bag_of
from generator.errors import Diagnostic, Where, error
from generator.model import BOILERPLATE, Alignment, Article, Bead, Pair, PairingOverride, Role

MOVE_COSINE = 0.30
"""How alike the two ends of a move must be on a page. Lower: false moves, which cost more trust than missed ones; higher: only
literal moves are shown. Sensible from .25 to .50."""

MOVE_LENGTH = 25
"""Characters that each end of a move must have. Fewer: "He declined to comment." is moved about. Sensible from 20 to 60."""

TRUST = 0.85
"""The share of likeness that is enough where the page speaks too: for a sentence to join a bead inside one block, and for a
passage of MOVE_LENGTH that is nearly as alike as pairs are to have moved. Lower: sentences that are new join their neighbours;
higher: a sentence that nearly repeats its neighbour stands alone. Sensible from .8 to 1."""

BORDER = 0.10
"""What a sentence must fit better, beyond `beads.LEFT_OVER`, to join a bead across the border of a block. Lower: more paragraphs
run together into one row; higher: a paragraph cut in two loses its second half. Sensible from 0 to .15."""


def align_sentences(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indices of corresponding sentences, sorted; an n:m bead gives n · m pairs.

    Beyond what an `Alignment` can show, these include sentences that were merged into a distant one.
    """
    found, _ = find_all(Pair(list(map(bag_of, a)), list(map(bag_of, b))), FREE)
    links = {(i, j) for group in (*found.groups, *found.moves) for i, j in _links(group)}
    return sorted(links | set(found.echoes))


def align(articles: Pair[Article], overrides: tuple[PairingOverride, ...] = ()) -> tuple[Alignment, tuple[Diagnostic, ...]]:
    """The alignment of two articles, and the overrides that could not be followed.

    Boilerplate pairs only with its own role, a headline only with a headline, all other roles with each other. An override
    pairs what it names whatever the roles are. A pair of sentences whose paragraphs both have a better match elsewhere is
    taken for a move across the border (see `rows.WEAK`).
    """
    bags = articles.map(_bags)
    owners = articles.map(_owners)
    hand, faults = read_overrides(articles, overrides)
    found, is_coarse = find_all(bags, _rules(articles, owners, hand))
    lengths = bags.map(lambda side: [len(bag.text) for bag in side])
    groups, slipped = _without_slips(found.groups, owners, lengths, hand.paired)
    moves = [
        group for group in (*found.moves, *slipped) if group in hand.paired or _is_evident(group, found.cosine(group), lengths)
    ]
    kept = [group for group in moves if _is_in_one_block(group, owners)]
    lost = [group for group in hand.paired if group not in groups and group not in kept]
    faults += tuple(_not_followed(hand.paired[group], is_apart=_is_in_one_block(group, owners)) for group in lost)
    rows = block_rows(_block_links(groups, owners, lengths), *_block_counts(articles), _headlines(articles.b))
    beads = _tiled(groups, kept, owners, rows, found.cosine)
    return Alignment(beads, tuple(_bead(group, found.cosine(group)) for group in sorted(kept)), is_coarse), faults


def pair_blocks(articles: Pair[Article], alignment: Alignment) -> tuple[Pair[range], ...]:
    """The rows of the page: ranges of blocks, in page order, monotone on both sides, each block in exactly one.

    Blocks that a bead joins stand in one row. A block without counterpart is a row of its own; between two joined rows come
    headlines of b, then the blocks of a, then those of b. The beads of an `Alignment` come in the order of these rows.
    """
    owners = articles.map(_owners)
    links = [
        Link(owners.a[bead.a[0]], owners.a[bead.a[-1]], owners.b[bead.b[0]], owners.b[bead.b[-1]], 1.0)
        for bead in alignment.beads
        if bead.a and bead.b
    ]
    return block_rows(links, *_block_counts(articles), _headlines(articles.b))


# ------------------------------------------------------------------ rules of a page


def _bags(article: Article) -> list[Bag]:
    """The sentences as what they are compared by."""
    return [bag_of(sentence.span.of(article.text)) for sentence in article.sentences]


def _owners(article: Article) -> list[int]:
    """The block of each sentence."""
    return [index for index, block in enumerate(article.blocks) for _ in block.sentences]


def _block_counts(articles: Pair[Article]) -> tuple[int, int]:
    """How many blocks the two sides have."""
    return len(articles.a.blocks), len(articles.b.blocks)


def _headlines(article: Article) -> frozenset[int]:
    """The blocks that are headlines."""
    return frozenset(index for index, block in enumerate(article.blocks) if block.role == "headline")


def _company(role: Role) -> str:
    """What a sentence of this role may pair with: sentences of the same company."""
    return role if role in BOILERPLATE or role == "headline" else "body"


def _rules(articles: Pair[Article], owners: Pair[list[int]], hand: Hand) -> Rules:
    """Roles, overrides and borders of blocks, as rules on sentence numbers."""
    a, b = ([_company(article.blocks[block].role) for block in side] for article, side in zip(articles, owners, strict=True))

    def barred(i: int, j: int) -> bool:
        return a[i] != b[j] or (bool(hand.parted) and hand.bars(i, j))

    def surcharge(group: Group) -> float:
        if any(barred(i, j) for i, j in _links(group)):
            return math.inf
        return 0.0 if _is_in_one_block(group, owners) else BORDER

    is_free = not hand.parted and len({*a, *b}) == 1
    return Rules(FREE.barred if is_free else barred, tuple(hand.paired), surcharge, TRUST)


def _links(group: Group) -> Iterable[tuple[int, int]]:
    """Every pair of sentences of a group."""
    return ((i, j) for i in range(group.a_start, group.a_stop) for j in range(group.b_start, group.b_stop))


def _is_in_one_block(group: Group, owners: Pair[list[int]]) -> bool:
    """Whether the group's sentences are one block's, on each side."""
    return owners.a[group.a_start] == owners.a[group.a_stop - 1] and owners.b[group.b_start] == owners.b[group.b_stop - 1]


def _is_evident(group: Group, cosine: float, lengths: Pair[list[int]]) -> bool:
    """Whether two passages are alike and long enough to be called moved."""
    shortest = min(sum(lengths.a[group.a_start : group.a_stop]), sum(lengths.b[group.b_start : group.b_stop]))
    return cosine >= MOVE_COSINE and shortest >= MOVE_LENGTH


def _not_followed(where: Where, *, is_apart: bool) -> Diagnostic:
    """The fault of a pair that found no place: of several paragraphs, or `is_apart`, in different pieces of very long texts."""
    if is_apart:
        message = "these passages lie too far apart: texts as long as these are aligned piece by piece"
        return error(where, message, "leave this pair out, or compare shorter parts of the texts")
    return error(where, "these passages cross others and stand in several paragraphs", "pair one paragraph at a time")


# ------------------------------------------------------------------ blocks and beads


def _block_links(groups: Iterable[Group], owners: Pair[list[int]], lengths: Pair[list[int]]) -> list[Link]:
    """Which blocks the groups join, in order, and by how many characters."""
    weights: dict[tuple[int, int, int, int], float] = defaultdict(float)
    for group in groups:
        size = min(sum(lengths.a[group.a_start : group.a_stop]), sum(lengths.b[group.b_start : group.b_stop]))
        weights[_blocks(group, owners)] += size
    return [Link(*blocks, weight) for blocks, weight in weights.items()]


def _blocks(group: Group, owners: Pair[list[int]]) -> tuple[int, int, int, int]:
    """The first and last block of a group, on each side."""
    return owners.a[group.a_start], owners.a[group.a_stop - 1], owners.b[group.b_start], owners.b[group.b_stop - 1]


def _without_slips(
    groups: Sequence[Group], owners: Pair[list[int]], lengths: Pair[list[int]], forced: Container[Group]
) -> tuple[list[Group], list[Group]]:
    """The groups, and apart from them those that slipped into a neighbouring paragraph (forced ones never do)."""
    cut = {link[:4] for link in cut_links(_block_links(groups, owners, lengths))}
    slipped = [group for group in groups if _blocks(group, owners) in cut and group not in forced]
    gone = set(slipped)
    return [group for group in groups if group not in gone], slipped


def _tiled(
    groups: Sequence[Group],
    moves: Sequence[Group],
    owners: Pair[list[int]],
    rows: Sequence[Pair[range]],
    cosine: Callable[[Group], float],
) -> tuple[Bead, ...]:
    """Beads that tile both sides: the groups, the ends of moves, every other sentence alone; in the order of the rows."""
    counts = Pair(len(owners.a), len(owners.b))
    whole = Pair({group.a_start: group.a_stop for group in moves}, {group.b_start: group.b_stop for group in moves})
    row_of = Pair(
        {block: number for number, row in enumerate(rows) for block in row.a},
        {block: number for number, row in enumerate(rows) for block in row.b},
    )
    beads: list[Bead] = []
    i = j = 0
    for group in (*groups, Group(counts.a, counts.a, counts.b, counts.b)):
        lone = [(row_of.a[owners.a[start]], 0, start, stop) for start, stop in _lone(i, group.a_start, whole.a)]
        lone += [(row_of.b[owners.b[start]], 1, start, stop) for start, stop in _lone(j, group.b_start, whole.b)]
        for _, side, start, stop in sorted(lone):
            beads.append(Bead(range(start, stop), range(j, j), 0.0) if side == 0 else Bead(range(i, i), range(start, stop), 0.0))
            i, j = (stop, j) if side == 0 else (i, stop)
        beads.append(_bead(group, cosine(group)))
        i, j = group.a_stop, group.b_stop
    return tuple(bead for bead in beads if bead.a or bead.b)


def _lone(start: int, stop: int, whole: Mapping[int, int]) -> list[tuple[int, int]]:
    """The sentences from `start` to `stop`, one by one but for the ends of moves, which stay whole."""
    runs = []
    while start < stop:
        runs.append((start, whole.get(start, start + 1)))
        start = runs[-1][1]
    return runs


def _bead(group: Group, similarity: float) -> Bead:
    """A group as a bead."""
    return Bead(range(group.a_start, group.a_stop), range(group.b_start, group.b_stop), similarity)
