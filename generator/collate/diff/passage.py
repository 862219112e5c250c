"""The word diff of two passages that correspond: tokens in, a readable edit script out.

    A  On Friday the old cat sat.      ⟦On Friday the|The⟧ ⟦old|black⟧ cat sat⟦| on Friday⟧.      and "on Friday" moved
    B  The black cat sat on Friday.

Two passes: a correct one (`match`: which tokens are the same words, in order) and a presentable one (`present`: what a reader
should see). Here both are composed with the phrases that moved, and the steps are handed to `script` for their text. A
passage of which next to nothing is left becomes one substitution in which what was kept stands out.

It does not say what kind of change an edit is (`classify` does), and compares no sentence with another than it is given.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Sequence
from typing import NamedTuple

from generator.collate.diff.match import (
    CONTENT_WEIGHT,
    FUNCTION_WEIGHT,
    PUNCTUATION_WEIGHT,
    Run,
    Side,
    make_side,
    match,
    moved_runs,
)
from generator.collate.diff.present import Presented, slide, unite
from generator.collate.diff.script import Piece, Step, write_script
from generator.collate.fold import fold
from generator.collate.lexicon import DEFAULT_LANGUAGE, Lexicon, lexicon
from generator.model import Article, Pair, Script, Span, Tag, Token

MOVE_WEIGHT = 130
"""What a moved phrase weighs at least, determiners and punctuation not counted: a content word and a preposition ("on Friday"),
or two content words. Lower: single words that recur by chance are called moved; sensible from 120 to 200."""
MOVE_GAP = 2
"""Function words that may stand on one side only inside a moved phrase: "according to (the) East2West". From 0 to 2."""
REWRITTEN_SHARE = 0.2
"""Share of the heavier side that both must have in common, or the passage is shown as rewritten. Higher: more passages as a
whole, where reading word by word would still do; sensible from .1 to .35."""
REWRITTEN_WEIGHT = 600
"""What both sides weigh at least in a rewritten passage; shorter ones are read at a glance. From 400 to 1000."""

Opcode = tuple[Tag, int, int, int, int]


class Passages(NamedTuple):
    """Two passages that correspond: their spans, and the tokens of these, in order."""

    spans: Pair[Span]
    tokens: Pair[tuple[Token, ...]]


def diff_tokens(a: Sequence[str], b: Sequence[str]) -> list[Opcode]:
    """Opcodes as difflib's between two lists of words, after the presentable pass; words are compared on their fold.

    Laws: the opcodes tile both sides; `equal` and other tags alternate.
    """
    words = lexicon(DEFAULT_LANGUAGE)
    sides = Pair(_plain_side(a, words), _plain_side(b, words))
    opcodes: list[Opcode] = []
    end_a = end_b = 0
    runs = slide(*sides, match(*sides).runs)
    shown = _presented(sides, runs, _phrases(sides, runs, words))
    for i, j, size in [*shown.runs, (len(a), len(b), 0)]:
        if end_a < i or end_b < j:
            opcodes.append(("insert" if end_a == i else "delete" if end_b == j else "replace", end_a, i, end_b, j))
        end_a, end_b = i + size, j + size
        if size:
            opcodes.append(("equal", i, end_a, j, end_b))
    return opcodes


def link_tokens(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The indices of words that are the same word on both sides, moved ones included, in the order of side a. One to one.

    A single word that moved must be written alike: "stock" elsewhere is not the "Stock" of a name.
    """
    words = lexicon(DEFAULT_LANGUAGE)
    sides = Pair(_plain_side(a, words), _plain_side(b, words))
    runs = match(sides.a, sides.b).runs
    moved = [(i, j, size) for i, j, size in moved_runs(sides.a, sides.b, runs) if size > 1 or not i or not j or a[i] == b[j]]
    return sorted((i + k, j + k) for i, j, size in [*runs, *moved] for k in range(size))


def diff_passage(articles: Pair[Article], spans: Pair[Span], tokens: Pair[tuple[Token, ...]]) -> Script:
    """The script of two passages that correspond.

    `tokens` are those of the spans, in order. Laws: the edits tile both spans; equal edits are equal in code points; a move
    links a deletion and an insertion. Linear memory; past `match.STEP_LIMIT` the result is coarser and says so.
    """
    return diff_passages(articles, [Passages(spans, tokens)])[0]


def diff_passages(articles: Pair[Article], pairs: Sequence[Passages]) -> list[Script]:
    """The script of each pair of passages.

    One step after the other for all of them, not one pair after the other: the interpreter keeps at one thing, and takes less.
    """
    words = lexicon(articles.b.source.language)
    sides = [Pair(_side(tokens.a, words), _side(tokens.b, words)) for _, tokens in pairs]
    matches = [match(a, b) for a, b in sides]
    slid = [slide(a, b, matched.runs) for (a, b), matched in zip(sides, matches, strict=True)]
    phrases = [_phrases(pair, runs, words) for pair, runs in zip(sides, slid, strict=True)]
    shown = [_presented(*parts) for parts in zip(sides, slid, phrases, strict=True)]
    steps = [_steps(*parts) for parts in zip(sides, shown, phrases, strict=True)]
    return [
        write_script(articles, spans, tokens, found, coarse=matched.coarse)
        for (spans, tokens), found, matched in zip(pairs, steps, matches, strict=True)
    ]


# ------------------------------------------------------------------ tokens


def _plain_side(tokens: Sequence[str], words: Lexicon) -> Side:
    """Words without kinds: those without a letter or digit are punctuation."""
    functions = words.words("function_words")
    keys = [fold(token) for token in tokens]
    weights = dict.fromkeys(keys, CONTENT_WEIGHT)
    weights.update((key, PUNCTUATION_WEIGHT) for key in weights if not any(map(str.isalnum, key)))
    weights.update((key, FUNCTION_WEIGHT) for key in functions.intersection(weights))
    return make_side(keys, [weights[key] for key in keys])


_KIND_WEIGHTS = {
    "word": CONTENT_WEIGHT, "number": CONTENT_WEIGHT, "url": CONTENT_WEIGHT, "handle": CONTENT_WEIGHT,
    "symbol": FUNCTION_WEIGHT, "punctuation": PUNCTUATION_WEIGHT,
}  # fmt: skip


def _side(tokens: Sequence[Token], words: Lexicon) -> Side:
    """The tokens' folds and weights. In a language without a list, the shortest words count as function words."""
    functions = words.words("function_words")
    keys = [token[3] for token in tokens]
    if not functions:
        functions = frozenset(token.fold for token in tokens if token.kind == "word" and _is_short(token.fold))
    return make_side(keys, [FUNCTION_WEIGHT if token[3] in functions else _KIND_WEIGHTS[token[2]] for token in tokens])


def _is_short(word: str) -> bool:
    """Whether a word is as short as function words are: three letters where there is case, two where not, one ideograph."""
    if len(word) > 3:
        return False
    if word.upper() != word:
        return True
    return len(word) == 1 or (len(word) == 2 and not "\u2e80" <= word[0] <= "\ud7ff")


# ------------------------------------------------------------------ both passes


class _Phrase(NamedTuple):
    """A moved phrase: its tokens on both sides."""

    a: range
    b: range


def _presented(sides: Pair[Side], runs: Sequence[Run], phrases: Sequence[_Phrase]) -> Presented:
    """The presentable pass: the runs that a reader should see, none of them across the moved phrases."""
    pinned: set[int] = set()
    if phrases:
        starts_a, starts_b = [run[0] for run in runs], [run[1] for run in runs]
        pinned.update([bisect_right(starts_a, phrase.a.start) for phrase in phrases])
        pinned.update([bisect_right(starts_b, phrase.b.start) for phrase in phrases])
    return unite(*sides, runs, pinned)


def _phrases(sides: Pair[Side], runs: Sequence[Run], words: Lexicon) -> tuple[_Phrase, ...]:
    """The phrases that moved: leftover runs joined over small gaps, and heavy enough to be no accident."""
    moved = moved_runs(sides.a, sides.b, runs)
    if not moved:
        return ()
    a, b = sides
    starts = Pair([run[0] for run in runs], [run[1] for run in runs])
    joined: list[_Phrase] = []
    for i, j, size in moved:
        phrase = _Phrase(range(i, i + size), range(j, j + size))
        if joined and _is_continued(sides, starts, joined[-1], phrase):
            last = joined.pop()
            phrase = _Phrase(range(last.a.start, phrase.a.stop), range(last.b.start, phrase.b.stop))
        joined.append(phrase)
    determiners = words.words("determiners")
    return tuple(
        _Phrase(_trimmed(a, phrase.a), _trimmed(b, phrase.b))
        for phrase in joined
        if sum(a.weights[i] for i in phrase.a if a.weights[i] > PUNCTUATION_WEIGHT and a.keys[i] not in determiners) >= MOVE_WEIGHT
    )


def _is_continued(sides: Pair[Side], starts: Pair[list[int]], last: _Phrase, phrase: _Phrase) -> bool:
    """Whether only a few function words part two moved runs, on both sides."""
    for side, run_starts, one, other in ((sides.a, starts.a, last.a, phrase.a), (sides.b, starts.b, last.b, phrase.b)):
        if not 0 <= other.start - one.stop <= MOVE_GAP:
            return False
        if bisect_right(run_starts, one.start) != bisect_right(run_starts, other.start):
            return False
        if side.has_content(one.stop, other.start):
            return False
    return True


def _trimmed(side: Side, tokens: range) -> range:
    """The tokens without punctuation at their ends."""
    start, stop = tokens.start, tokens.stop
    while side.weights[start] <= PUNCTUATION_WEIGHT:
        start += 1
    while side.weights[stop - 1] <= PUNCTUATION_WEIGHT:
        stop -= 1
    return range(start, stop)


# ------------------------------------------------------------------ steps

_Part = tuple[range, int]
"""Tokens of one side of a change, and the number of the phrase that they are, or -1."""


def _start(part: _Part) -> int:
    return part[0].start


def _steps(sides: Pair[Side], presented: Presented, phrases: Sequence[_Phrase]) -> list[Step]:
    """The runs and changes in order, or one change of everything if the passage was rewritten."""
    runs, kept = presented
    if _is_rewritten(sides, (*runs, *kept)):
        content = tuple((i, j, size) for i, j, size in sorted([*runs, *kept]) if sides.a.has_content(i, i + size))
        return [(Piece(0, len(sides.a.keys), 0, len(sides.b.keys), kept=content),)]
    find = Pair(_finder([phrase.a for phrase in phrases]), _finder([phrase.b for phrase in phrases])) if phrases else None
    starts_kept = [run[0] for run in kept]
    steps: list[Step] = []
    end_a = end_b = 0
    for run in (*runs, (len(sides.a.keys), len(sides.b.keys), 0)):
        i, j, size = run
        if end_a < i or end_b < j:
            inside = kept[bisect_left(starts_kept, end_a) : bisect_left(starts_kept, i)] if kept else ()
            whole = Piece(end_a, i, end_b, j, -1, inside)
            moved_a, moved_b = (find.a(end_a, i), find.b(end_b, j)) if find else ((), ())
            steps.append(_pieces(sides, whole, moved_a, moved_b) if moved_a or moved_b else (whole,))
        end_a, end_b = i + size, j + size
        if size:
            steps.append(run)
    return steps


def _finder(phrases: Sequence[range]) -> Callable[[int, int], Sequence[_Part]]:
    """Finds the phrases between two tokens of one side, in order, each with its number."""
    parts = sorted(((tokens, move) for move, tokens in enumerate(phrases)), key=_start)
    starts = [_start(part) for part in parts]
    return lambda start, stop: parts[bisect_left(starts, start) : bisect_left(starts, stop)]


def _is_rewritten(sides: Pair[Side], runs: Sequence[Run]) -> bool:
    """Whether both sides share so little that the passage is better shown as a whole."""
    totals, whole_b = sides.a.totals, sides.b.totals[-1]
    if min(totals[-1], whole_b) < REWRITTEN_WEIGHT:
        return False
    return sum([totals[i + size] - totals[i] for i, _, size in runs]) < REWRITTEN_SHARE * max(totals[-1], whole_b)


def _pieces(sides: Pair[Side], whole: Piece, moved_a: Sequence[_Part], moved_b: Sequence[_Part]) -> tuple[Piece, ...]:
    """A change cut at the phrases that moved from or to it; what is left is paired into substitutions."""
    parts_a, parts_b = _parts(whole.i1, whole.i2, moved_a), _parts(whole.j1, whole.j2, moved_b)
    pairs = _substitutions(sides, parts_a, parts_b)
    parts_a = _punctuated(sides.a, parts_a, {one for one, _ in pairs})
    parts_b = _punctuated(sides.b, parts_b, {other for _, other in pairs})
    return tuple(_woven(parts_a, parts_b, pairs, whole))


def _parts(start: int, stop: int, moved: Sequence[_Part]) -> list[_Part]:
    """The tokens of one side, cut at the moved phrases."""
    parts: list[_Part] = []
    for tokens, move in moved:
        if start < tokens.start:
            parts.append((range(start, tokens.start), -1))
        parts.append((tokens, move))
        start = tokens.stop
    if start < stop:
        parts.append((range(start, stop), -1))
    return parts


def _substitutions(sides: Pair[Side], parts_a: Sequence[_Part], parts_b: Sequence[_Part]) -> list[tuple[range, range]]:
    """Parts that stand for each other, in order: the heaviest of both sides, and so on before and after them."""
    found: list[tuple[range, range]] = []
    windows = [(range(len(parts_a)), range(len(parts_b)))]
    while windows:
        in_a, in_b = windows.pop()
        at_a, at_b = _heaviest(sides.a, parts_a, in_a), _heaviest(sides.b, parts_b, in_b)
        if at_a < 0 or at_b < 0:
            continue
        one, other = parts_a[at_a][0], parts_b[at_b][0]
        if _is_punctuation(sides.a, one) == _is_punctuation(sides.b, other):
            found.append((one, other))
            windows.append((range(in_a.start, at_a), range(in_b.start, at_b)))
            windows.append((range(at_a + 1, in_a.stop), range(at_b + 1, in_b.stop)))
    return sorted(found, key=lambda pair: pair[0].start)


def _heaviest(side: Side, parts: Sequence[_Part], window: range) -> int:
    """The index of the heaviest part in the window that has not moved; -1 if there is none."""
    free = [at for at in window if parts[at][1] < 0]
    return max(free, key=lambda at: side.weight(parts[at][0].start, parts[at][0].stop), default=-1)


def _is_punctuation(side: Side, tokens: range) -> bool:
    return all(side.weights[k] <= PUNCTUATION_WEIGHT for k in tokens)


def _punctuated(side: Side, parts: Sequence[_Part], paired: Container[range]) -> list[_Part]:
    """The parts with the punctuation around a moved phrase given to it ("On Friday,"), unless it stands for something."""
    joined: list[_Part] = []
    for tokens, move in parts:
        start = tokens.start
        if joined and joined[-1][1] >= 0 > move and tokens not in paired:
            while start < tokens.stop and side.weights[start] <= PUNCTUATION_WEIGHT:
                start += 1
            joined[-1] = (range(joined[-1][0].start, start), joined[-1][1])
        elif joined and move >= 0 and joined[-1][0] not in paired and _is_punctuation(side, joined[-1][0]):
            start = joined.pop()[0].start
        if start < tokens.stop:
            joined.append((range(start, tokens.stop), move))
    return joined


def _woven(parts_a: Sequence[_Part], parts_b: Sequence[_Part], pairs: Sequence[tuple[range, range]], whole: Piece) -> list[Piece]:
    """Both sides' parts as pieces in order: before each substitution what only a has, then what only b has."""
    pieces: list[Piece] = []
    at_a, at_b = whole.i1, whole.j1
    queue_a, queue_b = list(parts_a), list(parts_b)
    for one, other in [*pairs, (range(whole.i2, whole.i2), range(whole.j2, whole.j2))]:
        while queue_a and queue_a[0][0].start < one.start:
            tokens, move = queue_a.pop(0)
            pieces.append(Piece(tokens.start, tokens.stop, at_b, at_b, move))
            at_a = tokens.stop
        while queue_b and queue_b[0][0].start < other.start:
            tokens, move = queue_b.pop(0)
            pieces.append(Piece(at_a, at_a, tokens.start, tokens.stop, move))
            at_b = tokens.stop
        if one:
            pieces.append(Piece(one.start, one.stop, other.start, other.stop))
            at_a, at_b = one.stop, other.stop
            queue_a, queue_b = queue_a[1:], queue_b[1:]
    return pieces
