from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.classify import Typed, changed_kinds, classify
from generator.collate.segment import segment
from generator.model import Edit, Pair, Span, Tag
from tests.edits import edits_of
from tests.stories import source

CASES = sorted((Path(__file__).parent.parent / "cases" / "classify").glob("*.txt"))


def pictures(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The pictures of a file, each with its expected lines; comments start with #."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            yield lines[0], tuple(line.removeprefix("= ") for line in lines[1:])


def typed(picture: str, language: str = "en") -> tuple[Typed | None, ...]:
    texts, edits, moves = edits_of(picture)
    articles = Pair(*(segment(source(name, text, language=language))[0] for name, text in zip("ab", texts, strict=True)))
    return classify(articles, edits, moves)


def shown(found: Typed) -> str:
    return " ".join(found.kinds) + (f" | {found.detail}" if found.detail else "")


def all_pictures() -> list[tuple[str, str, tuple[str, ...]]]:
    return [(path.stem, *case) for path in CASES for case in pictures(path)]


def test_there_are_cases() -> None:
    assert len(CASES) >= 5


@pytest.mark.parametrize(("file", "picture", "expected"), all_pictures())
def test_the_pictures_have_these_kinds(file: str, picture: str, expected: tuple[str, ...]) -> None:
    assert expected, f"{file}: {picture} expects nothing"
    assert tuple(shown(found) for found in typed(picture) if found) == expected


def test_equal_edits_have_no_kind() -> None:
    assert typed("Nothing ⟦new|old⟧ here.")[0] is None
    assert typed("Nothing new here.") == (None,)


@pytest.mark.parametrize("language", ["de", "fr", "ru"])
def test_where_the_decimal_sign_is_a_comma_a_point_parts_thousands(language: str) -> None:
    same, other = "Es waren ⟦12.000|12000⟧ da.", "Es waren ⟦2,125|2125⟧ da."
    assert [shown(found) for found in typed(same, language) if found] == ["wording"]
    assert [shown(found) for found in typed(other, language) if found] == ["number | 2,125 → 2125 (+99,900 %)"]
    assert [shown(found).split()[0] for picture in (same, other) for found in typed(picture) if found] == ["number", "wording"]


def test_in_spanish_both_marks_part_thousands() -> None:
    for figure in ("12.000", "12,000"):
        assert [shown(found) for found in typed(f"Eran ⟦{figure}|12000⟧ personas.", "es") if found] == ["wording"]
    assert next(shown(found) for found in typed("Un ⟦2,5|25⟧ por ciento.", "es") if found).startswith("number | 2,5")


# ------------------------------------------------------------------ two sentences


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("Up to 12,000 troops were sent.", "About 15,000 soldiers were sent.", "number"),
        ("The index fell 1.2 percent.", "The index fell 2.1%.", "number"),
        ("Some 15,000 soldiers left.", "Some 20,000 soldiers left.", "number"),
        ("It employs 32,000 people.", "It employs 32,500 people.", "number"),
        ("At least 870 people fell ill.", "Fewer than 870 people fell ill.", "number"),
        ("He left on July 10.", "He left on July 11.", "number"),
        ("He was arrested on Monday.", "He was arrested on Tuesday.", "number"),
        ("They fled to Hong Kong.", "They fled to Thailand.", "name"),
        ("He did not speak.", "He spoke.", "negation"),
        ("He may resign.", "He is about to resign.", "certainty"),
    ],
)
def test_two_sentences_that_disagree_have_the_kind(a: str, b: str, kind: str) -> None:
    assert kind in changed_kinds(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("It has two dozen boats.", "It owns 24 boats."),
        ("There were some 4,700 casualties.", "There were approximately 4,700 casualties."),
        ("It made $2.8 billion.", "It earned $2.8bn."),
        ("The 11 counts were read.", "The counts were read."),
        ("Shares rose 3 percent to $20.", "Shares rose to $20."),
        ("It walked 3 miles.", "It waited 50 hours."),
        ("It bid $5.1 billion.", "It bid $5 billion."),
        ("Some 470.9 million shares were held.", "Some 471 million shares were held."),
        ("He left on July 10.", "He left in July."),
    ],
)
def test_figures_that_agree_or_count_different_things_are_no_changed_number(a: str, b: str) -> None:
    assert "number" not in changed_kinds(a, b)


# ------------------------------------------------------------------ laws

_PIECES = st.lists(
    st.sampled_from(
        ["12,000", "7.5 million", "Kim", "“we", "won”", "said", "not", "may", "on Friday", "Reuters", "according to", "the army",
            "unclear",
         "clear", "$5", "-", "…", "'", '"', "1/0", "٣", "北朝鲜", "e\u0301", "9" * 40, "per cent", "two", "-five", "U.S.", "\u00a0"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip
_EDITS = st.lists(st.tuples(_PIECES, _PIECES, st.booleans()), min_size=1, max_size=6)


@given(_EDITS, st.sampled_from(["en", "fr", "zz"]))
def test_every_edit_that_is_not_equal_has_a_kind_and_always_the_same(parts: list[tuple[str, str, bool]], language: str) -> None:
    texts, edits = ["", ""], []
    for a, b, same in parts:
        sides = (a + ". ", a + ". ") if same else (a + " ", b + " ")
        starts = [len(text) for text in texts]
        texts = [text + side for text, side in zip(texts, sides, strict=True)]
        tag: Tag = "equal" if sides[0] == sides[1] else "replace"
        edits.append(Edit(tag, Pair(Span(starts[0], len(texts[0])), Span(starts[1], len(texts[1])))))
    articles = Pair(*(segment(source(name, text, language=language))[0] for name, text in zip("ab", texts, strict=True)))
    found = classify(articles, tuple(edits), ())
    assert [typed is None for typed in found] == [edit.tag == "equal" for edit in edits]
    assert all(typed is None or typed.kinds for typed in found)
    assert found == classify(articles, tuple(edits), ())


def test_a_token_of_invisible_code_points_alone_is_no_word() -> None:
    articles = Pair(segment(source("a", "He left men."))[0], segment(source("b", "He left \u00ad."))[0])
    edits = (Edit("equal", Pair(Span(0, 8), Span(0, 8))), Edit("replace", Pair(Span(8, 11), Span(8, 9))))
    assert classify(articles, edits, ()) == (None, Typed(("omission",)))


@given(st.text(max_size=60))
def test_a_sentence_does_not_differ_from_itself(text: str) -> None:
    assert changed_kinds(text, text) == set()


@given(_PIECES)
def test_typography_is_typography_and_nothing_else(text: str) -> None:
    words = " ".join(text.replace("'", " ").replace('"', " ").split())
    curly = words.replace("“", '"').replace("”", '"').replace("…", "...").replace(" ", "\u00a0").replace("-", "‐")
    found = typed(f"⟦{words}|{curly}⟧") if words else ()
    assert all(each is None or each.kinds == ("typographic",) for each in found)


def test_ten_thousand_apostrophes_that_open_no_quotation_end_soon() -> None:
    a, b = "'a " * 10_000, "'e " * 10_000
    assert typed(f"⟦{a}|{b}⟧ left.")[0] == Typed(("wording",))


def test_ten_thousand_figures_in_one_edit_end_soon() -> None:
    a = " ".join(f"{n} boats" for n in range(10_000))
    b = " ".join(f"{n} boats" for n in range(20_000, 30_000))
    found = typed(f"⟦{a}|{b}⟧")[0]
    assert found == Typed(("number",), "0 → 20000; 1 → 20001 (+2,000,000 %); 2 → 20002 (+1,000,000 %); …")
