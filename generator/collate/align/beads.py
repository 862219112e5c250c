"""Which sentences correspond, by number alone: a table of cosines in, groups of indices out.

Four steps: monotone dynamic programming over single pairs; chains of pairs that cross it (moves); sentences left over that
say what a linked sentence says besides its partner (so beads grow to 1:2, 2:1, 2:2, 1:3 and 3:1). Growing after pairing finds
the same n:m beads as n:m steps in the programme did in trials, and crossing ones too, at a sixth of the work.
Roles, blocks, overrides and limits on work are the caller's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from generator.collate.align.similarity import Likeness
from generator.collate.order import longest_rise
from generator.model import Pair

LEAST_COSINE = 0.085
"""Cosine at which a pair begins to be worth its place. Lower: paraphrase with hardly a word in common is still paired, by
its place alone; higher: what was left out is not paired with what was put in. Sensible from .06 to .10."""

GAP = 0.05
"""What a run of unpaired sentences costs to begin. Higher: single sentences between good pairs are paired (heavy paraphrase);
lower: they stay alone (omissions). Sensible from .02 to .08."""

RIVAL = 0.8
"""How much a pair loses for each point that the best rival of either sentence is better. Lower: a moved sentence's place
is filled with a chance pair; higher: real pairs give way. Sensible from .3 to 1."""

CHAIN = 0.15
"""What a run of crossing pairs must gain in all. Lower: more false moves; higher: single moved sentences are missed.
Sensible from .10 to .25."""

CHAIN_SKIP = 0.03
"""What a chain pays for each sentence it skips. Hardly matters from 0 to .05."""

LEFT_OVER = 0.14
"""The cosine by which a sentence left over must match what its would-be partner does not already share with others.
Lower: more false merges; higher: more sentences stand alone that belong to a merge. Sensible from .10 to .18."""

APART = 1.3
"""How many times better such a match must be when the sentence does not stand beside the would-be partner's partners. Higher:
fewer links from a sentence into a distant merge; lower: chance ones. Sensible from 1.2 to 1.8."""

LENGTH_FIT = 0.6
"""The power of the length ratio by which a match counts more when the merge brings the lengths of both sides nearer to equal,
and less when it brings them further away: the second half of a split makes good what the first half lacks. At 0 length does
not matter; above 1 a sentence joins because it is long. Sensible from .5 to .8."""

LEVEL = 0.45
LEVEL_POWER = 1.5
"""Where a text's true pairs are much alike (a light edit), a weak likeness is chance: above a median cosine of LEVEL all
thresholds grow with its ratio to this power. At power 0 drafts get false pairs; above 2 rewritten sentences of drafts are
missed. Sensible from .4 to .5 and from 1 to 2."""

CHAIN_POWER = 2.0
"""The same power for moves, which nothing but likeness speaks for: in a light edit only a nearly literal one is shown. Higher:
more literal. Sensible from LEVEL_POWER to 2.5."""

NEARLY_TYPICAL = 0.9
"""A crossing pair with this share of the median cosine has moved, whatever the two texts demand otherwise. Higher: a moved
sentence in which a few words were changed is missed; lower: false moves between drafts. Sensible from .85 to 1."""

ORDER_POWER = 0.6
"""Where the best matches of a text do not follow one another, many of them are chance: thresholds of what does not stand beside
a sure pair are divided by the share of best matches that are in order, to this power. At 0 redrafted essays get false pairs;
above 1 articles with moved passages lose their weak ones. Sensible from .4 to .8."""

CANDIDATES = 3
"""How many of the nearest sentences a sentence left over is tried with. More costs time, and trials saw no gain."""

SHAPES = frozenset({(1, 2), (2, 1), (2, 2), (1, 3), (3, 1)})
"""The shapes, in sentences of a and of b, to which a pair may grow."""

FORCED = 1.0
"""What a forced pair gains: as much as an equal pair, so that one which crosses many good pairs becomes a move."""

NEVER = -1e9
"""What a barred pair gains: less than any text can make good."""

_FROM_ALONE, _OPENS, _ACROSS = 1, 2, 4


class Group(NamedTuple):
    """Sentences of a and of b that correspond: contiguous ranges, as start and stop."""

    a_start: int
    a_stop: int
    b_start: int
    b_stop: int


class Found(NamedTuple):
    """The outcome: monotone groups, groups that cross them, and single pairs into a group that could not grow to hold them."""

    groups: list[Group]
    moves: list[Group]
    echoes: list[tuple[int, int]]
    cosines: dict[Group, float]

    def cosine(self, group: Group) -> float:
        """How alike the two sides of a group are, from 0 to 1; 0 for an empty group."""
        return self.cosines.get(group, 0.0)


class Rules(NamedTuple):
    """What the caller says of pairs: `barred(i, j)` may never share a group; `forced` groups stand as they are.

    `surcharge(group)`: what a group that has grown to this must have more than LEFT_OVER; infinite if it must not be.
    `trust`: the share of LEFT_OVER and NEARLY_TYPICAL that is enough, where more than likeness is looked at.
    """

    barred: Callable[[int, int], bool]
    forced: tuple[Group, ...]
    surcharge: Callable[[Group], float]
    trust: float = 1.0


def free(_i: int, _j: int) -> bool:
    """Bars nothing."""
    return False


def no_surcharge(_group: Group) -> float:
    """Any group may grow at no extra cost."""
    return 0.0


FREE = Rules(free, (), no_surcharge)


def find_groups(alike: Likeness, lengths: Pair[Sequence[int]], rules: Rules = FREE) -> Found:
    """Groups of corresponding sentences, whose `lengths` are in characters.

    Each sentence is in one group at most; `groups` are monotone and in order, `moves` in a's order.
    """
    cosines = alike.cosines
    if not cosines or not cosines[0]:
        return Found([], [], [], {})
    demands = _demands(cosines, rules.trust)
    gains = _gains(cosines, demands.pair, rules)
    forced = {(group.a_start, group.b_start): group for group in rules.forced}
    pairs = _monotone(gains, GAP * demands.pair)
    groups = [forced.get(pair, Group(pair[0], pair[0] + 1, pair[1], pair[1] + 1)) for pair in pairs]
    moves = [group for pair, group in forced.items() if group not in groups]
    used_a = {i for group in (*groups, *moves) for i in range(group.a_start, group.a_stop)}
    used_b = {j for group in (*groups, *moves) for j in range(group.b_start, group.b_stop)}
    moves += [Group(i, i + 1, j, j + 1) for i, j in _chains(gains, used_a, used_b, demands)]
    wishes = [wish for side in (0, 1) for wish in _wishes(alike, lengths, [*groups, *moves], demands, side)]
    refused = _grow(groups, moves, wishes, rules, demands.join)
    echoes = [(wish.sentence, wish.other) if wish.side == 0 else (wish.other, wish.sentence) for wish in refused]
    moves.sort()
    alikeness = {group: alike.of_runs(*group) for group in (*groups, *moves)}
    return Found(groups, moves, sorted(pair for pair in echoes if not rules.barred(*pair)), alikeness)


class _Demands(NamedTuple):
    """The factors, from 1 up, on the thresholds of pairs, of moves, and of sentences that join a pair beside or apart from it.

    `evident`: the cosine at which a crossing pair needs no more; `trust`: as in the rules.
    """

    pair: float
    chain: float
    join: float
    join_apart: float
    evident: float
    trust: float


def _demands(cosines: Sequence[Sequence[float]], trust: float) -> _Demands:
    """What two texts demand, by the pairs of sentences that are each other's best: how alike they are, and how far in order."""
    best_a = [row.index(max(row)) for row in cosines]
    best_b = [column.index(max(column)) for column in zip(*cosines, strict=True)]
    mutual = [(i, j) for i, j in enumerate(best_a) if best_b[j] == i]
    alike = sorted([cosines[i][j] for i, j in mutual])
    typical = alike[len(alike) // 2]
    level = max(1.0, typical / LEVEL)
    doubt = float((len(mutual) / len(longest_rise(mutual))) ** ORDER_POWER)
    join = float(level**LEVEL_POWER)
    return _Demands(join * doubt, float(level**CHAIN_POWER), join, join * doubt * APART, trust * NEARLY_TYPICAL * typical, trust)


def _gains(cosines: Sequence[Sequence[float]], factor: float, rules: Rules) -> list[list[float]]:
    """What each pair is worth: its cosine over the least one, less what it lacks against the best rival of either sentence."""
    least = LEAST_COSINE * factor
    column_best = [max(column) for column in zip(*cosines, strict=True)]
    gains = []
    for row in cosines:
        row_best = max(row)
        rivals = [best if best > row_best else row_best for best in column_best]  # noqa: FURB136 - `max` takes three times as long
        gains.append([cosine - least - RIVAL * (rival - cosine) for cosine, rival in zip(row, rivals, strict=True)])
    if rules.barred is not free:
        gains = [[NEVER if rules.barred(i, j) else gain for j, gain in enumerate(line)] for i, line in enumerate(gains)]
    _force(gains, rules.forced)
    return gains


def _force(gains: list[list[float]], forced: Sequence[Group]) -> None:
    """Leaves the sentences of each forced group nothing but the group, in the place of its first pair."""
    for group in forced:
        for i in range(group.a_start, group.a_stop):
            gains[i] = [NEVER] * len(gains[i])
        for line, j in product(gains, range(group.b_start, group.b_stop)):
            line[j] = NEVER
    for group in forced:
        gains[group.a_start][group.b_start] = FORCED


def _monotone(gains: Sequence[Sequence[float]], gap: float) -> list[tuple[int, int]]:
    """The best monotone set of pairs, where each run of unpaired sentences costs `gap`. Work and memory n · m.

    Two scores a cell, after Gotoh (1982): `paired`, the last step took a pair; `alone`, it passed a sentence over.
    """
    width = len(gains[0])
    paired, alone = [0.0] + [NEVER] * width, [NEVER] + [-gap] * width
    steps = []
    for line in gains:
        next_paired, next_alone, marks = [NEVER], [-gap], bytearray(1)
        last_paired, last_alone = NEVER, -gap
        corner_paired, corner_alone = paired[0], alone[0]
        for gain, up_paired, up_alone in zip(line, paired[1:], alone[1:], strict=True):
            value, mark = (corner_alone, _FROM_ALONE) if corner_alone > corner_paired else (corner_paired, 0)
            best = up_alone
            if up_paired - gap > best:
                best, mark = up_paired - gap, mark | _OPENS
            if last_alone > best or last_paired - gap > best:
                mark = (mark | _ACROSS) & ~_OPENS
                best = last_alone
                if last_paired - gap > best:
                    best, mark = last_paired - gap, mark | _OPENS
            last_paired, last_alone = value + gain, best
            corner_paired, corner_alone = up_paired, up_alone
            marks.append(mark)
            next_paired.append(last_paired)
            next_alone.append(best)
        steps.append(marks)
        paired, alone = next_paired, next_alone
    return _traced(steps, width, is_paired=paired[-1] >= alone[-1])


def _traced(steps: Sequence[bytearray], width: int, *, is_paired: bool) -> list[tuple[int, int]]:
    """The pairs on the way back through the marks of `_monotone`."""
    pairs = []
    i, j = len(steps), width
    while i and j:
        mark = steps[i - 1][j]
        if is_paired:
            i, j = i - 1, j - 1
            pairs.append((i, j))
            is_paired = not mark & _FROM_ALONE
        else:
            i, j = (i, j - 1) if mark & _ACROSS else (i - 1, j)
            is_paired = bool(mark & _OPENS)
    return pairs[::-1]


def _chains(gains: Sequence[Sequence[float]], used_a: set[int], used_b: set[int], demands: _Demands) -> list[tuple[int, int]]:
    """Pairs among the sentences left over, best chain first; a chain goes down both texts and skips a sentence at most."""
    left_a = [i for i in range(len(gains)) if i not in used_a]
    left_b = [j for j in range(len(gains[0])) if j not in used_b]
    worth = {(i, j): gain for i in left_a for j in left_b if (gain := gains[i][j]) > 0}
    least = CHAIN * demands.chain
    evident = max(CHAIN, demands.evident - LEAST_COSINE * demands.pair)
    found: list[tuple[int, int]] = []
    while worth:
        chain, value = _best_chain(worth, CHAIN_SKIP * demands.chain)
        if value < min(least, evident):
            break
        if value >= least or max([worth[pair] for pair in chain]) >= evident:
            found += chain
        taken_a, taken_b = {i for i, _ in chain}, {j for _, j in chain}
        worth = {(i, j): gain for (i, j), gain in worth.items() if i not in taken_a and j not in taken_b}
    return found


def _best_chain(worth: Mapping[tuple[int, int], float], skip: float) -> tuple[list[tuple[int, int]], float]:
    """The chain that gains most, and its gain. `worth` is ordered by i, then j."""
    value: dict[tuple[int, int], float] = {}
    before: dict[tuple[int, int], tuple[int, int]] = {}
    for (i, j), gain in worth.items():
        value[i, j] = gain
        for down, across in ((1, 1), (1, 2), (2, 1), (2, 2)):
            earlier = (i - down, j - across)
            if earlier in value and value[earlier] + gain - skip * (down + across - 2) > value[i, j]:
                value[i, j] = value[earlier] + gain - skip * (down + across - 2)
                before[i, j] = earlier
    end = max(value, key=value.__getitem__)
    chain = [end]
    while chain[-1] in before:
        chain.append(before[chain[-1]])
    return chain[::-1], value[end]


class _Wish(NamedTuple):
    """A sentence left over (of side 0 or 1) that fits a linked one of the other side, and how well."""

    score: float
    side: int
    sentence: int
    other: int


def _wishes(alike: Likeness, lengths: Pair[Sequence[int]], groups: Sequence[Group], demands: _Demands, side: int) -> list[_Wish]:
    """For each sentence left over on a side, the linked sentence of the other side that it fits best, if it fits well enough."""
    own_lengths, other_lengths = (lengths.a, lengths.b) if side == 0 else (lengths.b, lengths.a)
    partners: dict[int, range] = {}
    for group in groups:
        ranges = range(group.a_start, group.a_stop), range(group.b_start, group.b_stop)
        partners.update(dict.fromkeys(ranges[1 - side], ranges[side]))
    taken = {index for group in partners.values() for index in group}
    wishes = []
    for index in range(len(own_lengths)):
        if index in taken:
            continue
        line = alike.cosines[index] if side == 0 else [row[index] for row in alike.cosines]
        best = _Wish(demands.trust * LEFT_OVER * demands.join, side, index, -1)
        for j in sorted(range(len(line)), key=line.__getitem__, reverse=True)[:CANDIDATES]:
            if j not in partners:
                continue
            held = partners[j]
            before = sum(own_lengths[x] for x in held)
            misfit = _misfit(other_lengths[j], before + own_lengths[index]) - _misfit(other_lengths[j], before)
            score = alike.left_over(side, held, index, j) * math.exp(-LENGTH_FIT * misfit)
            if index not in (held.start - 1, held.stop):
                score *= demands.join / demands.join_apart
            if score > best.score:
                best = _Wish(score, side, index, j)
        if best.other >= 0:
            wishes.append(best)
    return wishes


def _misfit(one: int, other: int) -> float:
    """How far two lengths, in characters, are from equal; ten characters more or less hardly count."""
    return abs(math.log((one + 10) / (other + 10)))


def _grow(groups: list[Group], moves: list[Group], wishes: Sequence[_Wish], rules: Rules, factor: float) -> list[_Wish]:
    """Lets groups take in the sentences beside them, best fit first, until none changes; returns the wishes not granted."""
    remaining = sorted(wishes, key=lambda wish: (-wish.score, wish.side, wish.sentence))
    while True:
        refused = [wish for wish in remaining if not (_granted(groups, wish, rules, factor) or _granted(moves, wish, rules, 0.0))]
        if len(refused) == len(remaining):
            return refused
        remaining = refused


def _granted(groups: list[Group], wish: _Wish, rules: Rules, factor: float) -> bool:
    """Whether the group that holds the wish's other sentence has taken its sentence in. A factor of 0 bars every surcharge."""
    for at, group in enumerate(groups):
        start, stop = (group.b_start, group.b_stop) if wish.side == 0 else (group.a_start, group.a_stop)
        if start <= wish.other < stop:
            grown = _with(group, wish)
            if grown is None or group in rules.forced:
                return False
            surcharge = rules.surcharge(grown)
            if surcharge and (not factor or wish.score < (LEFT_OVER + surcharge) * factor):
                return False
            groups[at] = grown
            return True
    return False


def _with(group: Group, wish: _Wish) -> Group | None:
    """The group with the wish's sentence, if that stands beside it and the shape is allowed."""
    a_start, a_stop, b_start, b_stop = group
    if wish.side == 0:
        grown = Group(min(a_start, wish.sentence), max(a_stop, wish.sentence + 1), b_start, b_stop)
    else:
        grown = Group(a_start, a_stop, min(b_start, wish.sentence), max(b_stop, wish.sentence + 1))
    growth = grown.a_stop - grown.a_start + grown.b_stop - grown.b_start - (a_stop - a_start + b_stop - b_start)
    shape = (grown.a_stop - grown.a_start, grown.b_stop - grown.b_start)
    return grown if growth == 1 and shape in SHAPES else None
