"""The correct pass of the word diff: which tokens of two passages are the same words, in order.

In: both sides' tokens as keys to compare, each with a weight. Out: runs `(a, b, size)` of equal keys, increasing on both
sides, as difflib's matching blocks are. Function words and punctuation never anchor a match: a run without a content word
touches an end of the passage, or lies between two matches. What is left over and stands elsewhere is linked by `moved_runs`.

    a  the old cat sat        runs ((2, 1, 2),)
    b  a cat sat

It does not make the result readable (`present` does), and knows neither text nor offsets.

How: difflib finds the blocks of content words that both sides share (where none of them recurs, their longest common order
does, faster and with more kept). Words that recur, or stand alone between changes, are decided again by a weighted alignment
of the stretch between the certain ones. Then every match grows over the equal function words next to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import NamedTuple

from generator.collate.order import longest_rise, unique_in_order

CONTENT_WEIGHT = 100
"""Weight of a content word: the unit of the other weights, which are whole numbers so that sums are exact."""
FUNCTION_WEIGHT = 35
"""Weight of a function word or symbol. Two together must outweigh a gap's opening; sensible from 25 to 45."""
PUNCTUATION_WEIGHT = 20
"""Weight of a mark of punctuation. Sensible from 10 to 30."""
GAP_OPENING = 45
"""What one more change costs beside the words it keeps. Higher: fewer and longer changes; sensible from 30 to 60."""

ANCHOR_LENGTH = 2
"""Shared content words in a row that are taken as an anchor without a second look. At 1 a word that recurs is tied to its
first place; above 3 every stretch is aligned twice."""

SMALL_RUN = 2
"""Function words in a row, in weight, that are a run by themselves. 1 would be confetti; sensible 2 or 3."""

STEP_LIMIT = 300_000
"""Elementary comparisons spent on one passage before the coarser method takes over, about .1 µs each. A passage of 500 words
spends some 5,000; 100,000 equal words would spend 10¹⁰."""
STRETCH_LIMIT = 400
"""Pairs of equal tokens in a stretch beyond which it is not aligned by weight (whose time grows with their square)."""
MOVE_LIMIT = 4_000
"""Pairs of equal leftover words beyond which no moved ones are looked for: what is left then is another text."""

Run = tuple[int, int, int]
"""Start on side a, start on side b, length: difflib's matching block."""


class Side(NamedTuple):
    """One passage: what its tokens are compared on, and what each weighs.

    `totals`: what those before each weigh, with one entry more; `content`: where the content words stand.
    """

    keys: Sequence[str]
    weights: Sequence[int]
    totals: Sequence[int]
    content: Sequence[int]

    def weight(self, start: int, stop: int) -> int:
        """What the tokens from `start` to `stop` weigh together."""
        return self.totals[stop] - self.totals[start]

    def has_content(self, start: int, stop: int) -> bool:
        """Whether a content word stands from `start` to `stop`."""
        return CONTENT_WEIGHT in self.weights[start:stop]


def make_side(keys: Sequence[str], weights: Sequence[int]) -> Side:
    """A side of tokens that are compared on `keys`."""
    content = [index for index, weight in enumerate(weights) if weight == CONTENT_WEIGHT]
    return Side(keys, weights, list(accumulate(weights, initial=0)), content)


class Matched(NamedTuple):
    """The runs, and whether the limit on work was reached (`coarse`)."""

    runs: tuple[Run, ...]
    coarse: bool


def match(a: Side, b: Side) -> Matched:
    """The runs that both sides share, in order.

    Laws: runs increase and do not overlap on either side, are maximal, and hold equal keys.
    """
    head = len(a.keys) if a.keys == b.keys else _common_prefix(a.keys, b.keys)
    tail = _common_suffix(a.keys, b.keys, head)
    stop_a, stop_b = len(a.keys) - tail, len(b.keys) - tail
    runs: list[Run] = [(0, 0, head)]
    coarse = False
    if head < stop_a and head < stop_b:
        anchors, coarse = _anchors(a, b, head, stop_a, stop_b)
        runs.extend(anchors)
    runs.append((stop_a, stop_b, tail))
    return Matched(tuple(_with_small_runs(a, b, list(_grown(a.keys, b.keys, runs)))), coarse)


def _common_prefix(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens both sides share at the start."""
    size = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        size += 1
    return size


def _common_suffix(a: Sequence[str], b: Sequence[str], head: int) -> int:
    """How many tokens both sides share at the end, the first `head` not counted."""
    size, limit = 0, min(len(a), len(b)) - head
    while size < limit and a[-1 - size] == b[-1 - size]:
        size += 1
    return size


# ------------------------------------------------------------------ content words


def _anchors(a: Side, b: Side, head: int, stop_a: int, stop_b: int) -> tuple[list[Run], bool]:
    """Matched content words between `head` and the two stops, as runs in token indices; and whether the result is coarse."""
    content_a = a.content[bisect_left(a.content, head) : bisect_left(a.content, stop_a)]
    content_b = b.content[bisect_left(b.content, head) : bisect_left(b.content, stop_b)]
    keys_a, keys_b = a.keys, b.keys
    shared = {keys_a[i] for i in content_a}.intersection([keys_b[j] for j in content_b])
    if not shared:
        return [], False
    places_a, places_b = [i for i in content_a if keys_a[i] in shared], [j for j in content_b if keys_b[j] in shared]
    words_a, words_b = [keys_a[i] for i in places_a], [keys_b[j] for j in places_b]
    if words_a == words_b:
        return [(i, j, 1) for i, j in zip(places_a, places_b, strict=True)], False
    if len(words_a) == len(shared) == len(words_b):
        place_b = dict(zip(words_b, range(len(words_b)), strict=True))
        rise = longest_rise([(x, place_b[word]) for x, word in enumerate(words_a)])
        blocks, coarse = _joined([(x, y, 1) for x, y in rise]), False
        twice: Container[str] = ()
    else:
        blocks, coarse = content_blocks(words_a, words_b)
        twice = {word for words in (words_a, words_b) for word, count in Counter(words).items() if count > 1}
    pairs = [
        (places_a[x + k], places_b[y + k], size >= ANCHOR_LENGTH and words_a[x + k] not in twice)
        for x, y, size in blocks
        for k in range(size)
    ]
    return _settled(a, b, pairs, (range(head, stop_a), range(head, stop_b))), coarse


def _settled(a: Side, b: Side, pairs: Iterable[tuple[int, int, bool]], window: tuple[range, range]) -> list[Run]:
    """The pairs (places, and whether they are certain) as runs, those between two certain ones decided again by weight."""
    settled: list[Run] = []
    weak: list[Run] = []
    in_a, in_b = window
    start_a, start_b = in_a.start, in_b.start
    for i, j, is_certain in pairs:
        if not is_certain:
            weak.append((i, j, 1))
            continue
        if weak:
            settled.extend(_stretch(a, b, range(start_a, i), range(start_b, j)) or weak)
            weak = []
        settled.append((i, j, 1))
        start_a, start_b = i + 1, j + 1
    if weak:
        settled.extend(_stretch(a, b, range(start_a, in_a.stop), range(start_b, in_b.stop)) or weak)
    return settled


def content_blocks(a: Sequence[str], b: Sequence[str]) -> tuple[list[Run], bool]:
    """Matching blocks of two sequences as difflib finds them, by the same recursion but with a count of steps.

    A window whose search would exceed `STEP_LIMIT` is first cut at the words that are unique on both sides; one without
    such words is given up. The second value says whether either happened.
    """
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if len(a) * len(b) * min(len(a), len(b)) <= STEP_LIMIT:
        return [(x, y, size) for x, y, size in matcher.get_matching_blocks() if size], False
    count_b = Counter(b)
    steps = list(accumulate((count_b[word] + 1 for word in a), initial=0))
    budget, coarse = STEP_LIMIT, False
    windows = [(0, len(a), 0, len(b))]
    blocks: list[Run] = []
    while windows:
        low_a, high_a, low_b, high_b = windows.pop()
        cost = steps[high_a] - steps[low_a]
        if cost > budget:
            coarse = True
            pivots = unique_in_order(a[low_a:high_a], b[low_b:high_b])
            cuts = [(low_a + x, low_b + y) for x, y in pivots]
            blocks.extend((x, y, 1) for x, y in cuts)
            if cuts:
                windows.extend(_between(cuts, (low_a, high_a, low_b, high_b)))
            continue
        budget -= cost
        x, y, size = matcher.find_longest_match(low_a, high_a, low_b, high_b)
        if size:
            blocks.append((x, y, size))
            if low_a < x and low_b < y:
                windows.append((low_a, x, low_b, y))
            if x + size < high_a and y + size < high_b:
                windows.append((x + size, high_a, y + size, high_b))
    return _joined(sorted(blocks)), coarse


def _between(cuts: Sequence[tuple[int, int]], window: tuple[int, int, int, int]) -> Iterator[tuple[int, int, int, int]]:
    """The windows before, between and after the matched places `cuts`, those without words on a side left out."""
    low_a, high_a, low_b, high_b = window
    for x, y in [*cuts, (high_a, high_b)]:
        if low_a < x and low_b < y:
            yield low_a, x, low_b, y
        low_a, low_b = x + 1, y + 1


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Runs with those that touch on both sides made one."""
    joined: list[Run] = []
    for a, b, size in runs:
        if joined and joined[-1][0] + joined[-1][2] == a and joined[-1][1] + joined[-1][2] == b:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + size)
        else:
            joined.append((a, b, size))
    return joined


# ------------------------------------------------------------------ stretches by weight


def _stretch(a: Side, b: Side, in_a: range, in_b: range) -> list[Run]:
    """The best runs of a stretch by weight, less `GAP_OPENING` for every change between them."""
    places: dict[str, list[int]] = {}
    for j in in_b:
        places.setdefault(b.keys[j], []).append(j)
    if sum([len(places.get(a.keys[i], ())) for i in in_a]) > STRETCH_LIMIT:
        return []
    runs = _diagonals(a, b, in_a, in_b, places)
    total = a.totals
    best: list[int] = []
    back: list[tuple[int, int]] = []
    for index, (i, j, size) in enumerate(runs):
        end = total[i + size] - GAP_OPENING
        score, origin = end - total[i], (-1, 0)
        if i == in_a.start and j == in_b.start:
            score += GAP_OPENING
        for earlier in range(index):
            ei, ej, esize = runs[earlier]
            if ei < i and ej < j:
                skip = max(ei + esize - i, ej + esize - j, 0)
                if skip < size and best[earlier] + end - total[i + skip] > score:
                    score, origin = best[earlier] + end - total[i + skip], (earlier, skip)
        best.append(score)
        back.append(origin)
    return _traced(runs, best, back, (in_a.stop, in_b.stop))


def _diagonals(a: Side, b: Side, in_a: range, in_b: range, places: dict[str, list[int]]) -> list[Run]:
    """The maximal runs of equal tokens in a stretch, by place, that hold a content word or touch a corner of the stretch."""
    runs: list[Run] = []
    for i in in_a:
        for j in places.get(a.keys[i], ()):
            at_start = i == in_a.start and j == in_b.start
            if i > in_a.start and j > in_b.start and a.keys[i - 1] == b.keys[j - 1]:
                continue
            size = 1
            while i + size < in_a.stop and j + size < in_b.stop and a.keys[i + size] == b.keys[j + size]:
                size += 1
            at_end = i + size == in_a.stop and j + size == in_b.stop
            if at_start or at_end or a.has_content(i, i + size):
                runs.append((i, j, size))
    return runs


def _traced(runs: Sequence[Run], best: Sequence[int], back: Sequence[tuple[int, int]], stops: tuple[int, int]) -> list[Run]:
    """The runs on the best way through a stretch."""
    index, highest = -1, -GAP_OPENING
    for candidate, (i, j, size) in enumerate(runs):
        score = best[candidate] - (0 if (i + size, j + size) == stops else GAP_OPENING)
        if score > highest:
            index, highest = candidate, score
    way: list[Run] = []
    while index >= 0:
        i, j, size = runs[index]
        index, skip = back[index]
        way.append((i + skip, j + skip, size - skip))
    return way[::-1]


def _grown(a: Sequence[str], b: Sequence[str], anchors: Sequence[Run]) -> Iterator[Run]:
    """The anchors, each grown over the equal tokens next to it, those that touch joined, empty ones left out."""
    start_a, start_b, size = anchors[0]
    for i, j, length in anchors[1:]:
        end_a, end_b = start_a + size, start_b + size
        while end_a < i and end_b < j and a[end_a] == b[end_b]:
            end_a += 1
            end_b += 1
        size = end_a - start_a
        grown = 0
        while i - grown > end_a and j - grown > end_b and a[i - grown - 1] == b[j - grown - 1]:
            grown += 1
        if i - grown == end_a and j - grown == end_b:
            size += grown + length
            continue
        if size:
            yield start_a, start_b, size
        start_a, start_b, size = i - grown, j - grown, length + grown
    if size:
        yield start_a, start_b, size


def _with_small_runs(a: Side, b: Side, runs: Sequence[Run]) -> Iterator[Run]:
    """The runs, and between them those of two or more function words, which `present` keeps where the text is lightly edited."""
    end_a = end_b = 0
    for run in (*runs, (len(a.keys), len(b.keys), 0)):
        i, j, size = run
        if i - end_a > SMALL_RUN and j - end_b > SMALL_RUN:
            yield from _small_runs(a, b, (end_a, i), (end_b, j))
        if size:
            yield run
        end_a, end_b = i + size, j + size


def _small_runs(a: Side, b: Side, in_a: tuple[int, int], in_b: tuple[int, int]) -> Iterator[Run]:
    """From left to right, the first runs of function words that both stretches share in order."""
    keys_a, keys_b = a.keys, b.keys
    places = dict(zip(pairwise(keys_b[in_b[0] : in_b[1]]), range(in_b[0], in_b[1] - 1), strict=True))
    least, done = in_b[0], in_a[0]
    for i, pair in enumerate(pairwise(keys_a[in_a[0] : in_a[1]]), in_a[0]):
        if pair not in places or i < done or places[pair] < least:
            continue
        j, size = places[pair], 2
        while i + size < in_a[1] and j + size < in_b[1] and keys_a[i + size] == keys_b[j + size]:
            size += 1
        if a.weight(i, i + size) >= SMALL_RUN * FUNCTION_WEIGHT:
            yield i, j, size
            done, least = i + size, j + size


# ------------------------------------------------------------------ moved


def moved_runs(a: Side, b: Side, runs: Sequence[Run]) -> list[Run]:
    """Leftover runs that stand elsewhere on the other side, each holding a content word: a one-to-one linking, heaviest first."""
    kept_a, kept_b = bytearray(len(a.keys)), bytearray(len(b.keys))
    for i, j, size in runs:
        kept_a[i : i + size] = kept_b[j : j + size] = b"\1" * size
    places: dict[str, list[int]] = {}
    for j in b.content:
        if not kept_b[j]:
            places.setdefault(b.keys[j], []).append(j)
    starts = [i for i, key in enumerate(a.keys) if key in places and not kept_a[i]] if places else []
    if not starts or sum([len(places[a.keys[i]]) for i in starts]) > MOVE_LIMIT:
        return []
    free_a, free_b = ({index for index, is_kept in enumerate(kept) if not is_kept} for kept in (kept_a, kept_b))
    return _one_to_one(a, b, [(i, j) for i in starts for j in places[a.keys[i]]], (free_a, free_b))


def _one_to_one(a: Side, b: Side, places: Sequence[tuple[int, int]], free: tuple[set[int], set[int]]) -> list[Run]:
    """The runs through `places` such that no token is in two of them: the heaviest first, then the nearest."""
    free_a, free_b = free
    candidates = {_widened(a.keys, b.keys, place, free) for place in places}
    scale_a, scale_b = len(a.keys), len(b.keys)
    ranked = sorted(candidates, key=lambda run: (-a.weight(run[0], run[0] + run[2]), abs(run[0] * scale_b - run[1] * scale_a), run))
    found: list[Run] = []
    for i, j, size in ranked:
        start = 0
        for k in range(size + 1):
            if k < size and i + k in free_a and j + k in free_b:
                continue
            if a.has_content(i + start, i + k):
                found.append((i + start, j + start, k - start))
                free_a.difference_update(range(i + start, i + k))
                free_b.difference_update(range(j + start, j + k))
            start = k + 1
    return sorted(found)


def _widened(a: Sequence[str], b: Sequence[str], place: tuple[int, int], free: tuple[set[int], set[int]]) -> Run:
    """The longest run of free, equal tokens through `place`."""
    (i, j), (free_a, free_b) = place, free
    left = 0
    while i - left - 1 in free_a and j - left - 1 in free_b and a[i - left - 1] == b[j - left - 1]:
        left += 1
    right = 1
    while i + right in free_a and j + right in free_b and a[i + right] == b[j + right]:
        right += 1
    return i - left, j - left, left + right
