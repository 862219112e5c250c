"""The presentable pass of the word diff: matched runs in, the runs that a reader should see out.

In: both sides and the runs of the correct pass. Out: fewer runs to show as unchanged, and those given up that hold a content
word. Nothing is matched anew: a one-sided change slides to where a clause begins, and an unchanged island that only splits
a change is given up, so that one phrase stands for another.

    Kim ⟦first|initially⟧ acknowledged ⟦that he sent|dispatching⟧ thousands      correct
    Kim ⟦first acknowledged that he sent|initially acknowledged dispatching⟧ thousands      presentable; "acknowledged" is kept

It does not know text or offsets, and never gives up a run at an end of the passage, a number, or a mark of punctuation that
stands with a content word.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import pairwise
from typing import NamedTuple

from generator.collate.diff.match import CONTENT_WEIGHT, Run, Side

ISLAND_RATIO = 0.6
"""An island without a content word is given up when it weighs at most this share of the two changes beside it together.
Lower: heavily edited text breaks into confetti; sensible from .5 to 1."""
LIGHT_RATIO = 0.2
"""The same in a lightly edited passage: "⟦walked|went⟧ to the ⟦shop|store⟧" keeps "to the". Sensible from .1 to .4."""
DENSE_RATIO = 0.55
"""The same for an island of one content word in a passage that is not lightly edited. Higher: fewer and longer changes, in which
kept words are shown again; sensible from .4 to .75."""
PHRASE_WEIGHTS = (600, 1200, 1800)
"""Steps of what a change may weigh after it took in such an island: the smallest changes unite first. The last one is about the
length of a long clause, beyond which a reader wants the anchor; sensible from 800 to 1800 (61 to 53 changes on a dense pair of
500 words)."""
LIGHT_SHARE = 0.65
"""Share of a passage's weight kept from which it counts as lightly edited, and keeps all content words where they are.
Sensible from .6 to .75."""

_SENTENCE_ENDS = frozenset(".!?…。！？؟।") | {"..."}
_CLAUSE_ENDS = frozenset(",;:-)]，、；：،؛")


class Presented(NamedTuple):
    """The runs to show as unchanged, and those inside changes that hold a content word (`kept`)."""

    runs: tuple[Run, ...]
    kept: tuple[Run, ...]


_Row = tuple[int, bool, Run, int]
"""What the change before a run weighs (0: there is none), whether it is pinned, the run, and what it weighs."""


def unite(a: Side, b: Side, runs: Sequence[Run], pinned: Container[int]) -> Presented:
    """The runs that a reader should see: those that only split a change are given up.

    `pinned`: changes, by the index of the run that they stand before, that take in no content word. Law: the tokens of
    `runs` and `kept` are pairs of equal keys, in order, and no more than those of the given runs are.
    """
    rows = _rows(a, b, runs, pinned)
    is_light = sum([row[3] for row in rows]) >= LIGHT_SHARE * max(a.totals[-1], b.totals[-1])
    if any(not a.has_content(i, i + size) for (i, _, size) in _islands(rows)):
        rows, _ = _united(rows, _empty(a, LIGHT_RATIO if is_light else ISLAND_RATIO))
    plain = set() if is_light else {run for run in _islands(rows, are_free=True) if _is_plain(a, run)}
    kept: list[Run] = []
    # One island takes one step; only among several the smallest changes must come first.
    for limit in PHRASE_WEIGHTS[-1 if len(plain) == 1 else 0 :] if plain else ():
        rows, dropped = _united(rows, _dense(plain, limit))
        kept.extend(dropped)
    return Presented(tuple([row[2] for row in rows[:-1]]), tuple(sorted(kept)))


def _islands(rows: Sequence[_Row], *, are_free: bool = False) -> list[Run]:
    """The runs between two changes; with `are_free`, only those between changes that are not pinned."""
    return [row[2] for row, after in pairwise(rows) if row[0] and after[0] and not (are_free and (row[1] or after[1]))]


def _rows(a: Side, b: Side, runs: Sequence[Run], pinned: Container[int]) -> list[_Row]:
    """The runs with the changes before them; the last row is the change after the last run."""
    rows: list[_Row] = []
    totals_a, totals_b = a.totals, b.totals
    end_a = end_b = 0
    for index, run in enumerate((*runs, (len(a.keys), len(b.keys), 0))):
        i, j, size = run
        change_a, change_b = totals_a[i] - totals_a[end_a], totals_b[j] - totals_b[end_b]
        end_a, end_b = i + size, j + size
        rows.append((max(change_a, change_b), index in pinned, run, totals_a[end_a] - totals_a[i]))
    return rows


def _is_plain(a: Side, run: Run) -> bool:
    """Whether a run holds one content word, and nothing but words."""
    start, _, size = run
    return a.weights[start : start + size].count(CONTENT_WEIGHT) == 1 and all(
        key[:1].isalpha() for key in a.keys[start : start + size]
    )


_Verdict = Callable[[Run, int, int], bool]
"""Of a run, its weight, and that of the two changes beside it: whether the run is given up."""


def _empty(a: Side, ratio: float) -> _Verdict:
    """Gives up a run without a content word that weighs at most `ratio` of what is around it."""

    def is_given_up(run: Run, weight: int, around: int) -> bool:
        return weight <= ratio * around and not a.has_content(run[0], run[0] + run[2])

    return is_given_up


def _dense(plain: Container[Run], limit: int) -> _Verdict:
    """Gives up a plain run if the change that arises weighs at most `limit`."""

    def is_given_up(run: Run, weight: int, around: int) -> bool:
        return run in plain and weight + around <= limit and weight <= DENSE_RATIO * around

    return is_given_up


def _united(rows: Sequence[_Row], is_given_up: _Verdict) -> tuple[list[_Row], list[Run]]:
    """The rows left and the runs given up, decided from left to right; a run given up makes one change of the two beside it."""
    left: list[_Row] = []
    dropped: list[Run] = []
    before, is_pinned, run, weight = rows[0]
    for after, is_next_pinned, next_run, next_weight in rows[1:]:
        if before and after and is_given_up(run, weight, before + after):
            dropped.append(run)
            before, is_pinned = before + weight + after, is_pinned or is_next_pinned
        else:
            left.append((before, is_pinned, run, weight))
            before, is_pinned = after, is_next_pinned
        run, weight = next_run, next_weight
    left.append((before, is_pinned, run, weight))
    return left, dropped


# ------------------------------------------------------------------ sliding


def slide(a: Side, b: Side, runs: Sequence[Run]) -> list[Run]:
    """The runs with every one-sided change between two of them moved to where it reads best.

    Law: as many runs, of equal keys, in order, as before.
    """
    slid: list[Run] = list(runs)
    for index in range(len(slid) - 1):
        (i, j, size), (next_i, next_j, next_size) = slid[index], slid[index + 1]
        end_a, end_b = i + size, j + size
        if end_a == next_i:
            keys, start, stop = b.keys, end_b, next_j
        elif end_b == next_j:
            keys, start, stop = a.keys, end_a, next_i
        else:
            continue
        shift = _best_shift(keys, start, stop, size - 1, next_size - 1)
        if shift:
            slid[index] = (i, j, size + shift)
            slid[index + 1] = (next_i + shift, next_j + shift, next_size - shift)
    return slid


def _best_shift(keys: Sequence[str], start: int, stop: int, left: int, right: int) -> int:
    """How far the change `keys[start:stop]` slides, at most `left` to the left and `right` to the right; 0 if nowhere better."""
    best, best_score = 0, _edge_score(keys, start) + _edge_score(keys, stop)
    for step, limit in ((-1, left), (1, right)):
        for distance in range(1, limit + 1):
            shift = step * distance
            crossed = shift - (step > 0)
            if keys[start + crossed] != keys[stop + crossed]:
                break
            score = _edge_score(keys, start + shift) + _edge_score(keys, stop + shift)
            if score > best_score:
                best, best_score = shift, score
    return best


def _edge_score(keys: Sequence[str], at: int) -> int:
    """How well a change may begin or end before token `at`: best where a sentence or a clause does."""
    if at in (0, len(keys)) or keys[at - 1] in _SENTENCE_ENDS:
        return 3
    if keys[at - 1] in _CLAUSE_ENDS:
        return 2
    return 1 if keys[at] in _SENTENCE_ENDS or keys[at] in _CLAUSE_ENDS else 0
