"""Short news in twelve languages and eight scripts, each with an edited version: what was planted is marked, the rest is not.

A case names, one a line, `kind | words of a | words of b`; the kind `any` stands where no word list of the language says more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model import Change, Comparison
from tests.laws import assert_laws, compared

CASES = sorted((Path(__file__).parent.parent / "cases" / "languages").glob("*.txt"))
QUIET = {"typographic", "case"}


def parts_of(case: Path) -> dict[str, str]:
    text = case.read_text(encoding="utf-8")
    return {name: body.strip("\n") for name, _, body in (part.partition("\n") for part in text.split("=== ")[1:])}


def of_case(case: Path) -> tuple[dict[str, str], Comparison]:
    parts = parts_of(case)
    return parts, compared(parts["a"], parts["b"], case.stem)


def marked(comparison: Comparison, side: str, words: str) -> list[Change]:
    """The changes that together cover the first place where the words stand; none if a letter of them is unmarked."""
    article = getattr(comparison.articles, side)
    start = article.text.index(words)
    found, covered = [], set[int]()
    for change in (change for row in comparison.rows for change in row.changes if change.kinds[0] not in QUIET):
        here = {*range(*getattr(change.edit.spans, side))} & {*range(start, start + len(words))}
        covered |= here
        found += [change] if here else []
    return found if covered >= {start + at for at, letter in enumerate(words) if letter.isalnum()} else []


def test_there_are_languages_and_scripts() -> None:
    assert {case.stem for case in CASES} >= {"ar", "de", "el", "en", "es", "fr", "he", "hi", "ja", "ru", "th", "zh"}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_laws_hold_in_every_language(case: Path) -> None:
    parts, comparison = of_case(case)
    assert_laws(comparison)
    assert comparison == of_case(case)[1]
    assert [change for row in compared(parts["a"], parts["a"], case.stem).rows for change in row.changes] == []


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_what_was_planted_is_marked_and_has_its_kind(case: Path) -> None:
    parts, comparison = of_case(case)
    for line in parts["planted"].splitlines():
        kind, a, b = (part.strip() for part in line.split("|"))
        for side, words in (("a", a), ("b", b)):
            found = marked(comparison, side, words) if words else []
            assert found or not words, f"{words} is not marked"
            assert not words or kind == "any" or kind in {each for change in found for each in change.kinds}, (line, found)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_what_was_kept_is_not_marked(case: Path) -> None:
    parts, comparison = of_case(case)
    for sentence in parts["kept"].splitlines():
        start = comparison.articles.a.text.index(sentence)
        touched = [
            change
            for row in comparison.rows
            for change in row.changes
            if change.edit.spans.a.start < start + len(sentence) and start < change.edit.spans.a.end
        ]
        assert touched == []
    assert comparison.figures.passages_moved == comparison.figures.phrases_moved == 0
