"""Changes of form only: typography, case, inflection.

In: the two texts of an edit. Out: the kinds of form they differ in, or none if they differ in words. It does not look at
what stands around the edit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.collate.classify.vocabulary import Vocabulary
from generator.collate.fold import fold_with_map
from generator.model import ChangeKind

MIN_STEM_LENGTH = 3
"""Letters that two forms of a word share at their start. Shorter: "on" and "one" are forms of a word; from 3 to 5."""

_MEANINGFUL_MARKS = re.compile(r"[^\W_]|[?!%$€£¥°+=<>§&@#]")


def form_kinds(a: str, b: str, words_a: Sequence[str], words_b: Sequence[str], lists: Vocabulary) -> tuple[ChangeKind, ...]:
    """`typographic`, `case` or `inflection` if the texts, whose tokens have these folds, differ in nothing else; else empty.

    Marks of punctuation other than ? and ! are typography.
    """
    if not _MEANINGFUL_MARKS.search(a) and not _MEANINGFUL_MARKS.search(b):
        return ("typographic",)
    if words_a == words_b:
        cased_a, cased_b = fold_with_map(a).text.split(), fold_with_map(b).text.split()
        return ("typographic",) if cased_a == cased_b else ("case",)
    if len(words_a) == len(words_b) and all(is_inflected(x, y, lists) for x, y in zip(words_a, words_b, strict=True)):
        return ("inflection",)
    return ()


def is_inflected(a: str, b: str, lists: Vocabulary) -> bool:
    """Whether two folded words are forms of one word: "repeat", "repeated"; "korean", "korea's"; also if they are equal."""
    if a == b:
        return True
    if a[:MIN_STEM_LENGTH] != b[:MIN_STEM_LENGTH] or not a[0].isalpha():
        return False
    endings, functions = lists.inflections, lists.function_words
    if a in functions or b in functions:
        return False
    shared = next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return f"{a[shared:]}|{b[shared:]}" in endings or f"{b[shared:]}|{a[shared:]}" in endings
