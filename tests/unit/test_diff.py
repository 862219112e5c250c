"""The word diff: pictures that round-trip, laws on arbitrary text, bounds on work.

A picture is one line: `⟦a|b⟧` is an edit, `⟦»a|⟧` one end of a move, `⟪a|b⟫` an edit with what was kept after a semicolon.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.collate.diff import diff_passage, diff_tokens, link_tokens
from generator.collate.diff import match as matching
from generator.collate.diff.match import content_blocks, make_side, match, moved_runs
from generator.collate.lexicon import lexicon
from generator.collate.tokens import tokenize
from generator.model import Article, Edit, Pair, Script, Span
from tests import stories

CASES = sorted((Path(__file__).parents[1] / "cases" / "diff").glob("*.txt"))
LINES = [(path.stem, line) for path in CASES for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
MARK = re.compile(r"⟦»?([^|⟧]*)\|([^;⟧]*?)(?:;([^⟧]*))?⟧")


def article(text: str, language: str = "en") -> Article:
    return Article(stories.source("x", text, language=language), text, ())


def diff(a: str, b: str, language: str = "en") -> Script:
    articles = Pair(article(a, language), article(b, language))
    return diff_passage(articles, Pair(Span(0, len(a)), Span(0, len(b))), Pair(tokenize(a, language), tokenize(b, language)))


def drawn(script: Script, a: str, b: str) -> str:
    ends = {index for move in script.moves for index in move}
    return "".join(_drawn(edit, a, b, is_move=index in ends) for index, edit in enumerate(script.edits))


def _drawn(edit: Edit, a: str, b: str, *, is_move: bool) -> str:
    if edit.tag == "equal":
        return edit.spans.a.of(a)
    kept = ";" + "/".join(pair.b.of(b) for pair in edit.kept) if edit.kept else ""
    return f"⟦{'»' * is_move}{edit.spans.a.of(a)}|{edit.spans.b.of(b)}{kept}⟧"


def assert_lawful(script: Script, a: str, b: str) -> None:
    end = Pair(0, 0)
    for edit in script.edits:
        raw_a, raw_b = edit.spans.a.of(a), edit.spans.b.of(b)
        assert (edit.spans.a.start, edit.spans.b.start) == (end.a, end.b)
        assert edit.tag == ("equal" if raw_a == raw_b else "insert" if not raw_a else "delete" if not raw_b else "replace")
        assert all(pair.a.of(a) == pair.b.of(b) for pair in edit.kept)
        end = edit.spans.map(lambda span: span.end)
    assert (end.a, end.b) == (len(a), len(b))
    for source, target in script.moves:
        assert (script.edits[source].tag, script.edits[target].tag) == ("delete", "insert")


# ------------------------------------------------------------------ pictures


def test_there_are_pictures() -> None:
    assert LINES


@pytest.mark.parametrize(("name", "picture"), LINES, ids=[f"{name}-{index}" for index, (name, _) in enumerate(LINES)])
def test_the_diff_is_as_drawn(name: str, picture: str) -> None:
    a, b = MARK.sub(r"\1", picture), MARK.sub(r"\2", picture)
    script = diff(a, b, name.partition("-")[2] or "en")
    assert drawn(script, a, b) == picture
    assert_lawful(script, a, b)


# ------------------------------------------------------------------ laws

WORDS = (
    "the of a Kursk troops Friday said 12,000 “heroic "
    "soldiers” Kim, — ... … on not Putin’s Putin's On  \n\n café cafe\u0301 war wars"
)
TEXTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=25).map(" ".join)
FUNCTION_WORDS = st.lists(st.sampled_from("the of a in to and x y".split()), max_size=12)
TOKENS = TEXTS.map(str.split) | FUNCTION_WORDS


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_script_restores_both_sides_of_any_text(a: str, b: str) -> None:
    assert_lawful(diff(a, b), a, b)


@given(TEXTS, TEXTS)
def test_a_script_restores_both_sides_of_news(a: str, b: str) -> None:
    assert_lawful(diff(a, b), a, b)


@given(TEXTS)
def test_a_text_compared_with_itself_is_one_equal_edit(text: str) -> None:
    assert [edit.tag for edit in diff(text, text).edits] == ["equal"] * bool(text)


@given(TEXTS, TEXTS)
def test_the_same_texts_give_the_same_script(a: str, b: str) -> None:
    assert diff(a, b) == diff(a, b)


@given(TEXTS, TEXTS)
def test_no_two_equal_edits_stand_side_by_side(a: str, b: str) -> None:
    tags = [edit.tag for edit in diff(a, b).edits]
    assert ("equal", "equal") not in pairwise(tags)


@given(TEXTS, TEXTS)
def test_moved_phrases_hold_the_same_content_words(a: str, b: str) -> None:
    functions = lexicon("en").words("function_words")
    script = diff(a, b)
    for source, target in script.moves:
        texts = script.edits[source].spans.a.of(a), script.edits[target].spans.b.of(b)
        words = [
            [token.fold for token in tokenize(text) if token.kind in {"word", "number"} and token.fold not in functions]
            for text in texts
        ]
        assert words[0] == words[1] != []


@given(TOKENS, TOKENS)
def test_opcodes_tile_both_sides_and_alternate(a: list[str], b: list[str]) -> None:
    opcodes = diff_tokens(a, b)
    assert [word for _, i1, i2, _, _ in opcodes for word in a[i1:i2]] == a
    assert [word for _, _, _, j1, j2 in opcodes for word in b[j1:j2]] == b
    assert all((one[0] == "equal") != (other[0] == "equal") for one, other in pairwise(opcodes))


@given(TOKENS, TOKENS)
@example("to of the to and to in of and".split(), "of y to of x y of the".split())
def test_links_are_one_to_one_between_equal_words(a: list[str], b: list[str]) -> None:
    links = link_tokens(a, b)
    assert len({i for i, _ in links}) == len({j for _, j in links}) == len(links)
    assert all(made(a)[i] == made(b)[j] for i, j in links)


def made(words: list[str]) -> list[str]:
    return [
        token.replace("’", "'")
        .replace("…", "...")
        .replace("e\u0301", "é")
        .translate({0x201C: '"', 0x201D: '"', 0x2014: "-"})
        .lower()
        for token in words
    ]


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_matched_runs_increase_and_are_equal(a: list[str], b: list[str]) -> None:
    sides = Pair(make_side(a, [100] * len(a)), make_side(b, [100] * len(b)))
    runs = match(*sides).runs
    end_a = end_b = 0
    for i, j, size in runs:
        assert i >= end_a
        assert j >= end_b
        assert size
        assert a[i : i + size] == b[j : j + size]
        end_a, end_b = i + size, j + size
    moved = moved_runs(*sides, runs)
    taken = Counter(k for i, _, size in [*runs, *moved] for k in range(i, i + size))
    assert max(taken.values(), default=1) == 1


# ------------------------------------------------------------------ order of evidence


def test_function_words_and_punctuation_never_anchor_alone() -> None:
    assert [
        tag for tag, *_ in diff_tokens("He went , to the house of my aunt".split(), "She ran , on the roof of a barn".split())
    ] == ["replace"]


def test_a_word_goes_with_its_neighbours_not_with_its_first_place() -> None:
    a, b = "it would take fewer and fewer votes to pass".split(), "it would take gradually fewer votes to pass".split()
    assert (5, 4) in link_tokens(a, b)


def test_small_words_between_two_small_changes_stay_where_the_text_is_lightly_edited() -> None:
    a = "He walked to the shop in the rain and bought ten apples for his mother on that long cold day ."
    b = a.replace("walked", "ran").replace("shop", "store")
    assert ("equal", 2, 4, 2, 4) in diff_tokens(a.split(), b.split())


def test_small_words_between_two_changes_go_where_the_text_is_heavily_edited() -> None:
    opcodes = diff_tokens("Rebels walked to the shop".split(), "Rebels went to the store".split())
    assert opcodes == [("equal", 0, 1, 0, 1), ("replace", 1, 5, 1, 5)]


def test_a_word_elsewhere_in_other_case_is_no_link() -> None:
    assert (1, 7) not in link_tokens(
        "IAC stock closed at 34 yesterday".split(), "IAC closed at 34 on the Nasdaq Stock Market".split()
    )


def test_a_language_without_a_list_takes_short_words_for_function_words() -> None:
    a, b = "der Mann ging in das Haus", "die Frau kam in das Dorf"
    assert [edit.tag for edit in diff(a, b, "xx").edits] == ["replace"]


def test_a_phrase_between_odd_spaces_takes_them_along_and_is_no_move() -> None:
    a, b = "The cat  in April\nsat down there.", "The cat sat down there in April."
    script = diff(a, b)
    assert not script.moves
    assert_lawful(script, a, b)


def test_the_language_of_b_decides_what_a_function_word_is() -> None:
    a, b = "Sturm und Regen", "Sturm oder Schnee und Regen"
    assert [edit.tag for edit in diff(a, b, "de-AT").edits] == ["equal", "insert", "equal"]


# ------------------------------------------------------------------ bounds


def test_repeated_words_end_within_the_limit_and_say_so() -> None:
    chooser = Random(7)  # noqa: S311 - repeatable test data
    a, b = (" ".join(chooser.choices(["spam", "eggs", "ham"], k=5_000)) for _ in range(2))
    script = diff(a, b)
    assert script.coarse
    assert_lawful(script, a, b)


def test_an_ordinary_passage_is_not_coarse() -> None:
    words = [f"word{index}" for index in range(400)]
    assert not diff(" ".join(words), " ".join([*words[200:], *words[:200]])).coarse


def test_past_the_limit_unique_words_still_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "STEP_LIMIT", 60)
    a, b = [*"xyxyxy", "one", *"xyxy", "two", *"yx"], [*"yxyx", "one", *"yyx", "two", *"xy"]
    blocks, is_coarse = content_blocks(a, b)
    assert is_coarse
    assert (6, 4) in {(i + k, j + k) for i, j, size in blocks for k in range(size)}
    assert all(a[i : i + size] == b[j : j + size] for i, j, size in blocks)


@given(st.lists(st.sampled_from("abcdefg"), max_size=40), st.lists(st.sampled_from("abcdefg"), max_size=40), st.integers(0, 400))
def test_blocks_increase_whatever_the_limit(a: list[str], b: list[str], limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "STEP_LIMIT", limit)
        blocks, _ = content_blocks(a, b)
    end_a = end_b = 0
    for i, j, size in blocks:
        assert i >= end_a
        assert j >= end_b
        assert a[i : i + size] == b[j : j + size]
        end_a, end_b = i + size, j + size


def test_a_long_stretch_keeps_difflibs_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "STRETCH_LIMIT", 0)
    a, b = "it would take fewer and fewer votes again".split(), "it could take gradually fewer votes soon".split()
    assert len([i for i, _ in link_tokens(a, b) if a[i] == "fewer"]) == 1


def test_no_moves_are_looked_for_between_two_heaps_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = "alpha beta gamma delta", "gamma delta alpha beta"
    assert diff(a, b).moves
    monkeypatch.setattr(matching, "MOVE_LIMIT", 1)
    assert not diff(a, b).moves


def test_a_change_that_many_phrases_left_needs_no_deep_stack() -> None:
    ones, others = ([f"on {letter}moved{index}" for index in range(150)] for letter in "ab")
    kept = " ".join(f"kept{index}" for index in range(450))
    a, b = (
        f"{' '.join(f'{phrase} {left}{phrase[3:]}' for phrase in before)} {kept} "
        f"{' '.join(f'{phrase} {left}{phrase[3:]}' for phrase in after)}"
        for left, before, after in (("x", ones, others), ("y", others[::-1], ones[::-1]))
    )
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 60)
    try:
        script = diff(a, b)
    finally:
        sys.setrecursionlimit(limit)
    assert len(script.moves) > 200
    assert_lawful(script, a, b)
