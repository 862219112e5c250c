"""Where a locked passage stands after its text was edited: its surroundings compared, and the best approximate match, under guard.

In: a place as it was locked, and the text as it is now. Out: how much of the surroundings is left at a place, or the place
that the locked words and their surroundings point to, with what speaks against it. Whether a note may stand there is
`accepted`; nothing here searches exactly, and nothing without a lock is matched approximately.

    locked  … fighting for Russia. ⟦The troops he sent⟧ to Kursk …
    now     … fighting for Russia. ⟦The forces he sent⟧ to Kursk …      quotation 0.83, context 1.0
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.collate.anchor.nearest import NEAREST_SCORE_MIN, Index, votes, whole_span
from generator.collate.anchor.passages import Text
from generator.collate.fold import fold, fold_with_map
from generator.collate.lexicon import lexicon
from generator.collate.tokens import tokenize
from generator.model import LockedPlace, Span

CONTEXT_LENGTH = 32
"""Code points locked on each side of a quotation, as W3C Web Annotation has them. More: a place is known more surely;
fewer: an edit nearby is felt less often. Sensible from 16 to 64."""

CONTEXT_REACH = 48
"""Code points looked through on each side for those locked: an inserted word must not push them out of sight. 32 to 64."""

CONTEXT_AGREES = 0.5
"""Share of the locked context that must stand around an exact match. Lower: a note jumps to equal words elsewhere more often;
higher: editing the sentence before asks for a look. Chance gives up to 0.3; sensible from 0.4 to 0.7."""

FUZZY_QUOTATION_MIN = 0.70
"""Least likeness of a passage to the words locked. Lower: other words are taken for those meant; higher: a note is lost to
a small correction. At 0.5, without the context, one deleted passage in five led its note astray. From 0.65 to 0.85."""

FUZZY_CONTEXT_MIN = 0.70
"""Share of the locked context that must stand around an approximate match; the trade-off is the same. From 0.6 to 0.9."""

FUZZY_MARGIN = 0.1
"""By how much a match must excel the second, elsewhere (0 to 2: likeness and context together). Lower: a repeated paragraph
is mistaken for the other more often; higher: more notes on repetitive texts are given up. From 0.05 to 0.3."""

RUN_MIN = 3
"""Shortest run of equal characters that counts as context: shorter ones are there by chance. From 2 to 5."""

WORDS_MAX = 400
"""Most words of a locked passage that is looked for approximately (400 words against 800: about 10 ms)."""

CHARACTERS_MAX = 400
"""Longest passage compared character by character; the cost is quadratic (400 characters: about 2 ms). Longer ones by words."""

REGIONS_MAX = 3
"""Regions of the text that are compared word by word, besides the one where the passage stood."""

_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"\"|(?<!\w)'|'(?!\w)")
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


class Candidate(NamedTuple):
    """A place with its likeness to a locked one: of the words, and of what stands around them (0 to 1 each).

    `broken`: which of figures, negations and quotation marks are not those of the locked words; empty if all are.
    """

    span: Span
    quotation: float
    context: float
    broken: str

    @property
    def is_accepted(self) -> bool:
        """Whether a note may be taken to mean this place."""
        return self.quotation >= FUZZY_QUOTATION_MIN and self.context >= FUZZY_CONTEXT_MIN and not self.broken

    @property
    def is_worth_showing(self) -> bool:
        """Whether words stand here that are like those locked, or stand where those did."""
        return self.span.start < self.span.end and (self.context >= FUZZY_CONTEXT_MIN or self.quotation >= NEAREST_SCORE_MIN)

    @property
    def name(self) -> str:
        """What it is called beside its likeness, where it is shown and not accepted."""
        if self.context < FUZZY_CONTEXT_MIN:
            return "nearest, but among other words" if self.quotation >= FUZZY_QUOTATION_MIN else "nearest"
        return f"where it stood, but with other {self.broken}" if self.broken else "where it stood"

    @property
    def weight(self) -> float:
        """What candidates are ranked by."""
        return self.quotation + self.context


def locked_place(raw: str, span: Span) -> LockedPlace:
    """The place as a lock keeps it."""
    prefix, suffix = raw[max(0, span.start - CONTEXT_LENGTH) : span.start], raw[span.end : span.end + CONTEXT_LENGTH]
    return LockedPlace(span.of(raw), prefix, suffix, span)


def context_score(place: LockedPlace, raw: str, span: Span) -> float:
    """How much of a locked place's surroundings stands around `span` of a text, from 0 to 1.

    Words that filled their whole text have no surroundings: they agree where there is still nothing else.
    """
    before, after = raw[max(0, span.start - CONTEXT_REACH) : span.start], raw[span.end : span.end + CONTEXT_REACH]
    if not (place.prefix or place.suffix):
        return 0.0 if before or after else 1.0
    if before.endswith(place.prefix) and after.startswith(place.suffix):
        return 1.0
    prefix, suffix = fold(place.prefix), fold(place.suffix)
    kept = _kept(prefix, fold(before)) + _kept(suffix, fold(after))
    return min(1.0, kept / max(1, len(prefix) + len(suffix)))


def _kept(locked: str, now: str) -> int:
    """How many characters of a locked context stand in the present one, in their order and in runs."""
    blocks = difflib.SequenceMatcher(None, locked, now, autojunk=False).get_matching_blocks()
    shortest = min(RUN_MIN, len(locked))
    return sum(block.size for block in blocks if block.size >= shortest)


# ------------------------------------------------------------------ approximate matches


def candidates(place: LockedPlace, text: Text, index: Index) -> tuple[Candidate, ...]:
    """The places that the locked words and their surroundings point to, the likeliest first; each place once."""
    window = _window(place, text.article.source.language)
    if not index.tokens or window.last - window.first > WORDS_MAX:
        return ()
    spans = dict.fromkeys(_mapped(window, start, text, index) for start in _starts(window, place, index))
    found = [_scored(place, span, text) for span in spans]
    return tuple(sorted(found, key=lambda candidate: (-candidate.weight, candidate.span)))


def accepted(found: Sequence[Candidate]) -> Candidate | None:
    """The one among candidates that a note may be taken to mean: like enough, intact, and without a rival elsewhere."""
    best = next((candidate for candidate in found if candidate.is_accepted), None)
    if best is None:
        return None
    rivals = (each for each in found if each is not best and each.is_accepted and not overlap(each.span, best.span))
    return None if any(best.weight - rival.weight < FUZZY_MARGIN for rival in rivals) else best


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character, or are the same gap."""
    return one == other or max(one.start, other.start) < min(one.end, other.end)


class _Window(NamedTuple):
    """The folded words of a locked place with its surroundings; those of the place itself are `first` to `last`."""

    words: Sequence[str]
    first: int
    last: int


def _window(place: LockedPlace, language: str) -> _Window:
    tokens = tokenize(place.prefix + place.exact + place.suffix, language)
    starts = [token.start for token in tokens]
    first, last = (bisect_left(starts, at) for at in (len(place.prefix), len(place.prefix) + len(place.exact)))
    return _Window([token.fold for token in tokens], first, last)


def _starts(window: _Window, place: LockedPlace, index: Index) -> Iterator[int]:
    """Tokens of the text that the window may start at: where it stood, and where most of its words point to."""
    stood = bisect_left(index.tokens, place.span.start, key=lambda token: token.start)
    yield max(0, stood - window.first)
    found: list[int] = []
    for start, _ in sorted(votes(window.words, index.places).items(), key=lambda vote: (-vote[1], vote[0])):
        if all(abs(start - other) > len(window.words) // 2 for other in found):
            found.append(start)
            yield start
        if len(found) == REGIONS_MAX:
            return


def _mapped(window: _Window, start: int, text: Text, index: Index) -> Span:
    """Where the locked words come to lie when the window is laid on the region that starts about token `start`."""
    reach = len(window.words) // 2
    region = index.tokens[max(0, start - reach) : start + len(window.words) + reach]
    matcher = difflib.SequenceMatcher(None, window.words, [token.fold for token in region], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    begin, end = _start_in(blocks, window.first, len(region)), _end_in(blocks, window.last, len(region))
    if begin < end:
        return whole_span(text, Span(region[begin].start, region[end - 1].end))
    gap = region[begin].start if begin < len(region) else len(text.article.text)
    return Span(gap, gap)


def _start_in(blocks: Sequence[difflib.Match], boundary: int, length: int) -> int:
    """The boundary of a region's tokens that one of the window's corresponds to; words inserted there stay outside."""
    for block in blocks:
        if block.a <= boundary < block.a + block.size:
            return block.b + boundary - block.a
    return _between(blocks, boundary, length)


def _end_in(blocks: Sequence[difflib.Match], boundary: int, length: int) -> int:
    """As `_start_in`, for the end of what the boundary closes."""
    for block in blocks:
        if block.a < boundary <= block.a + block.size:
            return block.b + boundary - block.a
    return _between(blocks, boundary, length)


def _between(blocks: Sequence[difflib.Match], boundary: int, length: int) -> int:
    """A boundary where the window and the region differ: as far from the nearer match as it was."""
    before = next((block for block in reversed(blocks) if block.a + block.size <= boundary), None)
    after = next((block for block in blocks if block.a >= boundary), None)
    lowest = before.b + before.size if before else 0
    highest = after.b if after else length
    if before and (after is None or boundary - before.a - before.size <= after.a - boundary):
        return min(highest, lowest + boundary - before.a - before.size)
    return max(lowest, highest - (after.a - boundary)) if after else lowest


def _scored(place: LockedPlace, span: Span, text: Text) -> Candidate:
    """A place with its likeness to the locked one."""
    raw, language = text.article.text, text.article.source.language
    old, new = _folded(place.exact), _folded(span.of(raw))
    return Candidate(span, _likeness(old, new, language), context_score(place, raw, span), broken(old, new, language))


def _folded(passage: str) -> str:
    return fold_with_map(passage).text.strip()


def _likeness(old: str, new: str, language: str) -> float:
    """How like two folded passages are, from 0 to 1; two that are empty are equal."""
    if old == new:
        return 1.0
    if max(len(old), len(new)) <= CHARACTERS_MAX:
        return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()
    a, b = ([token.fold for token in tokenize(passage, language)] for passage in (old, new))
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


# ------------------------------------------------------------------ the guard


def broken(old: str, new: str, language: str) -> str:
    """What of a folded passage must stay and did not: its figures, its negations, or its quotation marks; else nothing.

    Figures are digits, other numerals, and a language's words for numbers. A language without word lists has no
    negations that are known here.
    """
    if old == new:
        return ""
    if _figures(old, language) != _figures(new, language):
        return "figures"
    if _negations(old, language) != _negations(new, language):
        return "negations"
    return "" if _MARKS.findall(old) == _MARKS.findall(new) else "quotation marks"


def _figures(passage: str, language: str) -> tuple[list[str], list[str], list[str]]:
    """Runs of digits, other numerals ("½", "三"), and words for numbers, each in order."""
    numerals = lexicon(language).table("numerals")
    return (
        _DIGITS.findall(passage),
        [character for character in passage if character.isnumeric() and not character.isdecimal()],
        [word for word in _WORDS.findall(passage.lower()) if word in numerals],
    )


def _negations(passage: str, language: str) -> Counter[str]:
    """How often each word or phrase of denial stands in a passage."""
    words = _WORDS.findall(passage.lower())
    known = lexicon(language).words("negations") | lexicon(language).words("denials")
    lengths = range(1, 1 + max((entry.count(" ") + 1 for entry in known), default=0))
    grams = (" ".join(words[at : at + length]) for length in lengths for at in range(len(words) - length + 1))
    return Counter(gram for gram in grams if gram in known)
