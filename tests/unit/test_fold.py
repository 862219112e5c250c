"""What folding keeps, what it straightens, and that the way back is exact."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.fold import CHUNK, fold, fold_with_map

ODD = st.text(alphabet="ab \n\t\u00a0\u200b\u0301\u0323e'’`\"“…--—.\u1100\u1161\u11a8é\u1fefİ\u2000\u037e\u0338«ߎß", max_size=40)
ANY = st.one_of(st.text(max_size=60), ODD)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kursk", "kursk"),
        ("“", '"'),
        ("”", "«"),
        ("„", "「"),
        ("Russia’s", "russia's"),
        ("''", "”"),
        ("–", "-"),
        ("—", "--"),
        ("−", "‑"),
        ("...", "…"),
        ("12\u00a0000", "12 000"),
        ("Z\u00fcrich", "Zu\u0308rich"),
        ("co\u00adoperate", "cooperate"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_typography_folds_away(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("'", '"'), ("..", "..."), ("½", "1/2"), ("é", "e"), ("straße", "strasse"), ("12,000", "12.000")]
)
def test_what_is_not_typography_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_with_map(fold_with_map(text).text).text == fold_with_map(text).text


@given(ANY)
def test_canonically_equal_texts_fold_alike(text: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold_with_map(text).text == fold_with_map(unicodedata.normalize("NFD", text)).text


@given(ANY)
def test_the_map_folds_as_fold_does_but_for_case_and_white_space(text: str) -> None:
    assert fold(fold_with_map(text).text) == re.sub(r"\s+", " ", fold(text))


@given(ANY)
def test_the_way_back_never_decreases_and_ends_at_the_end(text: str) -> None:
    folded = fold_with_map(text)
    assert len(folded.starts) == len(folded.text) + 1
    assert list(folded.starts) == sorted(folded.starts)
    assert folded.starts[-1] == len(text)


def test_a_match_in_the_folded_text_leads_back_to_the_raw_passage() -> None:
    raw = "He\u00a0 said: “the\u0301 army… —  won”"
    folded = fold_with_map(raw)
    start = folded.text.index('"th\u00e9 army... - won"')
    assert raw[folded.starts[start] : folded.starts[start + len('"th\u00e9 army... - won"')]] == "“the\u0301 army… —  won”"


def test_case_is_kept_for_anchoring() -> None:
    assert fold_with_map("Kim’s KURSK").text == "Kim's KURSK"


def test_an_endless_run_of_marks_is_cut_not_sorted_for_ever() -> None:
    marks = "\u0301\u0323" * (2 * CHUNK)
    assert len(fold("a" + marks)) == len(fold_with_map("a" + marks).text)
    assert fold_with_map("a" + marks).starts[-1] == 1 + len(marks)


def test_a_long_text_composes_as_a_short_one_does() -> None:
    assert fold("e\u0301" * CHUNK) == "\u00e9" * CHUNK
    assert fold("\u1100\u1161\u11a8" * CHUNK) == "\uac01" * CHUNK
    assert fold_with_map("x" + "e\u0301" * CHUNK).text == "x" + "\u00e9" * CHUNK
