"""The surroundings of a locked passage, the approximate match, and its guard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.anchor.nearest import Index, indexed
from generator.collate.anchor.passages import ready
from generator.collate.anchor.relocate import (
    CHARACTERS_MAX,
    CONTEXT_LENGTH,
    FUZZY_CONTEXT_MIN,
    FUZZY_QUOTATION_MIN,
    WORDS_MAX,
    Candidate,
    accepted,
    broken,
    candidates,
    context_score,
    locked_place,
    overlap,
)
from generator.collate.segment import segment
from generator.model import Article, LockedPlace, Span
from tests.stories import source

SENTENCE = "He praised the troops he sent to Kursk in April, and went home."


def article(text: str, language: str = "en") -> Article:
    return segment(source("one", text, language=language))[0]


def place_of(text: str, words: str) -> LockedPlace:
    start = text.index(words)
    return locked_place(text, Span(start, start + len(words)))


def found_in(place: LockedPlace, text: str, language: str = "en") -> tuple[Candidate, ...]:
    witness = article(text, language)
    return candidates(place, ready(witness), indexed(witness))


# ------------------------------------------------------------------ surroundings


def test_a_locked_place_keeps_thirty_two_code_points_on_each_side() -> None:
    text = "a" * 50 + " troops " + "b" * 50
    place = place_of(text, "troops")
    assert place == LockedPlace("troops", "a" * 31 + " ", " " + "b" * 31, Span(51, 57))
    assert CONTEXT_LENGTH == 32


@given(st.text(" ab,’\n", min_size=1, max_size=80), st.integers(0, 80), st.integers(0, 20))
def test_a_place_agrees_wholly_with_itself(text: str, start: int, length: int) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    assert context_score(locked_place(text, span), text, span) == 1.0


@given(st.text(" ab,’\n", max_size=60), st.text(" ab,’\n", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_agreement_is_a_share(then: str, now: str, start: int, other: int) -> None:
    place = locked_place(then, Span(min(start, len(then)), len(then)))
    at = min(other, len(now))
    assert 0.0 <= context_score(place, now, Span(at, at)) <= 1.0


def test_words_that_were_their_whole_text_agree_only_where_nothing_else_is() -> None:
    place = place_of("The troops left.", "The troops left.")
    assert context_score(place, "The troops left.", Span(0, 16)) == 1.0
    assert context_score(place, "And so: The troops left.", Span(8, 24)) == 0.0


def test_a_place_at_the_start_of_its_text_is_judged_by_what_follows() -> None:
    place = place_of(SENTENCE, "He praised")
    text = "On Monday evening something else was said. " + SENTENCE
    assert context_score(place, text, Span(43, 53)) == 1.0


def test_surroundings_of_which_half_is_left_agree_by_half() -> None:
    place = place_of(SENTENCE, "troops he sent")
    text = "Zzzzzzzz zzz zzz troops he sent to Kursk in April, and went home."
    assert 0.5 <= context_score(place, text, Span(17, 31)) < 0.8


def test_typography_around_a_place_does_not_count() -> None:
    place = place_of("He said: “The troops” – he sent – left", "The troops")
    assert context_score(place, 'He said: "The troops" - he sent - left', Span(10, 20)) == 1.0


def test_unrelated_surroundings_hardly_agree() -> None:
    place = place_of(SENTENCE, "troops he sent")
    text = "Nobody at the ministry would explain why troops he sent were missing from all of its lists."
    assert context_score(place, text, Span(41, 55)) < 0.35


# ------------------------------------------------------------------ candidates


def test_an_edited_passage_is_found_whole() -> None:
    (best, *_) = found_in(place_of(SENTENCE, "troops he sent"), SENTENCE.replace("he sent", "he quickly sent"))
    assert best.span.of(SENTENCE.replace("he sent", "he quickly sent")) == "troops he quickly sent"
    assert best.is_accepted


def test_a_passage_is_found_by_its_surroundings_though_all_its_words_differ() -> None:
    text = SENTENCE.replace("troops he sent", "forces which left")
    (best, *_) = found_in(place_of(SENTENCE, "troops he sent"), text)
    assert best.span.of(text) == "forces which left"
    assert best.context == 1.0
    assert not best.is_accepted
    assert best.name == "where it stood"


def test_of_a_deleted_passage_the_gap_is_left() -> None:
    text = SENTENCE.replace("troops he sent ", "")
    (best, *_) = found_in(place_of(SENTENCE, "troops he sent"), text)
    assert (best.span.of(text), best.quotation) == ("", 0.0)
    assert text[best.span.start :].startswith("to Kursk")
    assert not best.is_worth_showing


def test_a_text_that_ends_where_the_passage_stood_leaves_a_gap_at_its_end() -> None:
    text = "He praised the"
    found = found_in(place_of(SENTENCE, "troops he sent to Kursk in April, and went home."), text)
    assert (found[0].span, found[0].is_accepted) == (Span(len(text), len(text)), False)


def test_without_tokens_there_are_no_candidates() -> None:
    assert candidates(place_of(SENTENCE, "troops"), ready(article("")), Index((), {})) == ()


def test_very_long_passages_are_searched_exactly_only() -> None:
    words = " ".join(f"word{number}" for number in range(WORDS_MAX + 1))
    assert found_in(place_of(f"Before {words} after", words), f"Before {words} after") == ()


def test_long_passages_are_compared_by_words() -> None:
    words = " ".join(f"word{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(80))
    assert len(words) > CHARACTERS_MAX
    text = f"Before {words} after".replace("wordbb", "changed")
    (best, *_) = found_in(place_of(f"Before {words} after", words), text)
    assert best.quotation == pytest.approx(79 / 80)
    assert best.is_accepted


def test_a_passage_in_a_script_without_spaces_is_found() -> None:
    text = "部隊はクルスクに派遣されたと大統領は述べた。その後の報告はない。"
    edited = text.replace("派遣された", "派遣されていた")
    found = found_in(place_of(text, "クルスクに派遣された"), edited, "ja")
    assert found[0].is_accepted
    assert found[0].span.of(edited).startswith("クルスク")


def candidate(start: int, quotation: float, context: float, wrong: str = "") -> Candidate:
    return Candidate(Span(start, start + 5), quotation, context, wrong)


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([], None),
        ([candidate(0, FUZZY_QUOTATION_MIN, FUZZY_CONTEXT_MIN)], 0),
        ([candidate(0, FUZZY_QUOTATION_MIN - 0.01, 1.0)], None),
        ([candidate(0, 1.0, FUZZY_CONTEXT_MIN - 0.01)], None),
        ([candidate(0, 0.9, 0.9, "figures")], None),
        ([candidate(0, 0.9, 0.9, "figures"), candidate(9, 0.8, 0.8)], 9),
        ([candidate(0, 0.9, 0.9), candidate(9, 0.9, 0.81)], None),
        ([candidate(0, 0.9, 0.9), candidate(9, 0.9, 0.75)], 0),
        ([candidate(0, 0.9, 0.9), candidate(3, 0.9, 0.9)], 0),
    ],
)
def test_a_candidate_is_accepted_when_it_is_like_enough_intact_and_without_rival(
    found: list[Candidate], chosen: int | None
) -> None:
    best = accepted(found)
    assert (best.span.start if best else None) == chosen


def test_spans_overlap_when_they_share_a_character_or_are_one_gap() -> None:
    assert overlap(Span(1, 4), Span(3, 9))
    assert not overlap(Span(1, 4), Span(4, 9))
    assert overlap(Span(4, 4), Span(4, 4))
    assert not overlap(Span(4, 4), Span(5, 5))


# ------------------------------------------------------------------ the guard


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("12,000 troops", "12,000 of the troops", ""),
        ("12,000 troops", "15,000 troops", "figures"),
        ("12,000 troops", "12,000 or 15,000 troops", "figures"),
        ("12,000 troops", "the troops", "figures"),
        ("1 of 20", "20 of 1", "figures"),
        ("½ of them", "¾ of them", "figures"),
        ("三人", "四人", "figures"),
        ("three dozen", "two dozen", "figures"),
        ("The Three left", "the three of them left", ""),
        ("he did not go", "he did go", "negations"),
        ("he did go", "he didn't go", "negations"),
        ("he failed", "he never failed", "negations"),
        ("tea instead of milk", "tea or milk", "negations"),
        ("not one, never", "never not one", ""),
        ('the "old" army', "the old army", "quotation marks"),
        ("the old army", "the 'old' army", "quotation marks"),
        ("the army's plan", "the armys plan", ""),
    ],
)
def test_figures_negations_and_quotation_marks_must_stay(old: str, new: str, what: str) -> None:
    assert broken(old, new, "en") == what


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("de", "er ging nach Hause", "er ging nicht nach Hause"),
        ("fr", "il l'a dit", "il ne l'a pas dit"),
        ("es-MX", "el plan costará", "el plan no costará"),
        ("ru", "он ушёл", "он не ушёл"),
    ],
)
def test_denials_are_known_in_several_languages(language: str, old: str, new: str) -> None:
    assert broken(old, new, language) == broken(new, old, language) == "negations"


def test_a_language_without_lists_still_guards_its_figures() -> None:
    assert broken("12 soldater", "13 soldater", "sv") == "figures"
    assert broken("han gick", "han gick inte", "sv") == ""


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (candidate(0, 0.5, 0.2), "nearest"),
        (candidate(0, 0.9, 0.2), "nearest, but among other words"),
        (candidate(0, 0.9, 0.9, "figures"), "where it stood, but with other figures"),
        (candidate(0, 0.2, 0.9), "where it stood"),
    ],
)
def test_a_candidate_that_is_not_accepted_is_called_by_what_it_is(found: Candidate, name: str) -> None:
    assert found.name == name
