"""Blocks, sentences, roles and tokens: pictures in tests/cases/segment, and the laws that hold for any text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.segment import segment, split_paragraphs, split_sentences
from generator.collate.tokens import tokenize
from generator.errors import Where
from generator.model import RoleOverride, Source, SourceBlock, Span, Token
from tests import stories

WHERE = Where("content/kim/comparison.yaml", 7, 3)
CASES = Path(__file__).parents[1] / "cases" / "segment"


class Case(NamedTuple):
    """A section of a picture: what is asked, in which language, and its lines."""

    kind: str
    language: str
    lines: tuple[str, ...]


def read_cases(path: Path) -> list[tuple[str, Case]]:
    found = []
    for section in path.read_text(encoding="utf-8").split("\n== ")[1:]:
        title, *lines = section.split("\n")
        kind, language = title.partition(":")[0].split()
        found.append((f"{path.stem}: {title}", Case(kind, language, tuple(line for line in lines if line))))
    return found


ALL_CASES = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


def source(text: str, language: str = "en", **fields: object) -> Source:
    return stories.source("a", text, language=language, **fields)


def test_every_kind_of_picture_is_there() -> None:
    assert {case.kind for _, case in ALL_CASES} == {"sentences", "unspaced", "tokens", "roles"}


@pytest.mark.parametrize(("title", "case"), ALL_CASES, ids=[title for title, _ in ALL_CASES])
def test_the_picture_is_what_is_found(title: str, case: Case) -> None:
    match case.kind:
        case "tokens":
            for line in case.lines:
                text, tokens = line.split(" → ")
                assert [text[token.start : token.end] for token in tokenize(text, case.language)] == tokens.split(" | "), title
        case "roles":
            text = "\n\n".join(line.partition(": ")[2] for line in case.lines)
            article, faults = segment(source(text, case.language))
            assert [f"{block.role}: {block.span.of(text)}" for block in article.blocks] == list(case.lines)
            assert faults == ()
        case _:
            text = ("" if case.kind == "unspaced" else " ").join(case.lines).replace(" - ", "\n- ")
            assert split_sentences(text, case.language) == list(case.lines)


# ------------------------------------------------------------------ tokens


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kim", "word"),
        ("U.S.", "word"),
        ("Gen.", "word"),
        ("漢", "word"),
        ("12,000", "number"),
        ("$5", "number"),
        ("US$5", "number"),
        ("-5", "number"),
        (".5", "number"),
        ("“", "punctuation"),
        ("…", "punctuation"),
        ("。", "punctuation"),
        ("&", "punctuation"),
        ("€", "symbol"),
        ("👍🏽", "symbol"),
        ("+", "symbol"),
        ("\x00", "symbol"),
        ("https://example.org", "url"),
        ("example.org", "url"),
        ("kim@example.org", "url"),
        ("@kim", "handle"),
        ("#kursk", "handle"),
    ],
)
def test_each_token_has_its_kind(text: str, kind: str) -> None:
    assert [token.kind for token in tokenize(text)] == [kind]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kursk", "kursk"),
        ("“", '"'),
        ("Russia’s", "Russia's"),
        ("10–12", "10-12"),
        ("...", "…"),
        ("--", "—"),
        ("''", "»"),
        ("12\u00a0000", "12000"),
        ("e\u0301te\u0301", "été"),
        ("Jong‑un", "Jong-un"),
    ],
)
def test_tokens_that_differ_in_typography_have_one_fold(one: str, other: str) -> None:
    assert [token.fold for token in tokenize(one)] == [token.fold for token in tokenize(other)]


@pytest.mark.parametrize("others", ["", "".join(map(chr, range(0xC0, 0xE0)))], ids=["few", "many"])
def test_a_sign_is_not_taken_for_the_class_that_another_sign_stands_for(others: str) -> None:
    text = f"10–15 ¬¬ …… ¶¶ — µ {others}"
    found = [text[token.start : token.end] for token in tokenize(text)]
    assert found[:8] == ["10–15", "¬", "¬", "……", "¶", "¶", "—", "µ"]


def test_digits_of_another_script_do_not_fold_to_ours() -> None:
    assert [token.fold for token in tokenize("१२")] == ["१२"]


WORDS = "Kim U.S. said No Mr A a 12,000 5 @kim https://x.org/ x.com Image FILE İ ß".split(" ")
CLUSTERS = "漢字 カナ กำ ש صَ e\u0301 👨\u200d👩\u200d👧 👍🏽 🇺🇸".split(" ")
MARKS = ["...", *"….!?\"“”«»'’()-–%$#:。」\u0301\u200d\ufe0f\u200b\x00\ud800"]
SPACES = [" ", " ", " ", "\u00a0", "\n", "\r\n", "\r", "\n\n", "\x0b", "\x85", "\u2028"]
PIECES = st.sampled_from(WORDS + CLUSTERS + MARKS + SPACES)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))
LANGUAGES = st.sampled_from(["en", "de", "fr", "ja", "th", "xx", "en-GB"])
DIGIT_SPACES = "\u00a0\u202f\u2009"


def assert_tokens_cover(text: str, tokens: tuple[Token, ...], start: int, end: int) -> None:
    """Tokens are in order, do not overlap, and between them is nothing but white space."""
    for token in tokens:
        assert start <= token.start < token.end <= end
        assert not text[start : token.start].strip()
        assert not any(char.isspace() and char not in DIGIT_SPACES for char in text[token.start : token.end])
        start = token.end
    assert not text[start:end].strip()


@given(TEXTS, LANGUAGES)
def test_tokens_hold_every_character_that_is_not_white_space(text: str, language: str) -> None:
    assert_tokens_cover(text, tokenize(text, language), 0, len(text))


@given(TEXTS)
def test_no_token_begins_inside_a_cluster(text: str) -> None:
    for token in tokenize(text):
        if token.start and not text[token.start - 1].isspace():
            assert unicodedata.category(text[token.start])[0] != "M"
            assert text[token.start] != "\u200d"
            if text[token.start - 1] == "\u200d":
                assert not unicodedata.category(text[token.start]).startswith("S") or not is_after_symbol(text, token.start)


def is_after_symbol(text: str, index: int) -> bool:
    """Whether a symbol and its joiners stand right before `index`."""
    before = re.sub(r"[\u200d\ufe0f\U0001f3fb-\U0001f3ff]+$", "", text[:index])
    return before[-1:] != "" and unicodedata.category(before[-1]) == "So"


@given(TEXTS)
def test_a_fold_has_no_white_space_that_may_break(text: str) -> None:
    assert all(" " not in token.fold for token in tokenize(text))


@given(st.text(alphabet="abc xyz é漢 .,", max_size=40))
def test_canonically_equal_texts_have_the_same_folds(text: str) -> None:
    assert [token.fold for token in tokenize(text)] == [token.fold for token in tokenize(unicodedata.normalize("NFD", text))]


# ------------------------------------------------------------------ sentences and blocks


@given(TEXTS, LANGUAGES)
def test_blocks_hold_sentences_and_sentences_hold_tokens(text: str, language: str) -> None:
    article, faults = segment(source(text, language))
    assert article.text == text
    assert faults == ()
    done = 0
    for block in article.blocks:
        assert not text[done : block.span.start].strip()
        start = block.span.start
        for sentence in block.sentences:
            assert sentence.tokens
            assert sentence.span == (sentence.tokens[0].start, sentence.tokens[-1].end)
            assert not text[start : sentence.span.start].strip()
            assert_tokens_cover(text, sentence.tokens, *sentence.span)
            start = sentence.span.end
        assert start == block.span.end
        done = block.span.end
    assert not text[done:].strip()


@given(TEXTS, LANGUAGES)
def test_sentences_keep_every_character(text: str, language: str) -> None:
    assert "".join("".join(split_sentences(text, language)).split()) == "".join(text.split())


@given(TEXTS)
def test_paragraphs_are_the_blocks_of_plain_text(text: str) -> None:
    article, _ = segment(source(text))
    assert tuple(block.span for block in article.blocks) == split_paragraphs(text)
    assert {block.form for block in article.blocks} <= {"paragraph"}


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        (" \n\r\n\t", []),
        ("one\ntwo", ["one", "two"]),
        ("one\r\ntwo\rthree", ["one", "two", "three"]),
        ("one\nwrapped\n\ntwo", ["one\nwrapped", "two"]),
        ("one\r\n \t\r\ntwo\r\nwrapped", ["one", "two\r\nwrapped"]),
        ("one\r\rtwo\rwrapped", ["one", "two\rwrapped"]),
        ("\n\none\ntwo\n\n", ["one", "two"]),
        ("one\x0b\x0ctwo\x85three\u2028four", ["one\x0b\x0ctwo\x85three\u2028four"]),
        ("one\n\u2028\ntwo\nwrapped", ["one", "two\nwrapped"]),
    ],
)
def test_paragraphs_end_at_blank_lines_or_else_at_lines(text: str, paragraphs: list[str]) -> None:
    assert [span.of(text) for span in split_paragraphs(text)] == paragraphs


def test_markup_says_where_blocks_are_and_what_headings_and_quotations_are_for() -> None:
    text = "Title\nPart\nOne. Two.\nQuoted\nItem\n   \nx = 1"
    blocks = (
        SourceBlock("heading", Span(0, 5), 1),
        SourceBlock("heading", Span(6, 10), 2),
        SourceBlock("paragraph", Span(11, 20)),
        SourceBlock("quotation", Span(21, 27)),
        SourceBlock("item", Span(28, 32), 1, "•"),
        SourceBlock("paragraph", Span(33, 36)),
        SourceBlock("code", Span(37, 42)),
    )
    article, _ = segment(source(text, blocks=blocks))
    assert [(block.role, block.form, block.level, block.marker) for block in article.blocks] == [
        ("headline", "heading", 1, ""),
        ("body", "heading", 2, ""),
        ("body", "paragraph", 0, ""),
        ("quotation", "quotation", 0, ""),
        ("body", "item", 1, "•"),
        ("body", "code", 0, ""),
    ]
    assert len(article.blocks[2].sentences) == 2


def test_the_headline_of_the_front_matter_is_the_headline_though_it_ends_in_a_full_stop() -> None:
    article, _ = segment(source("Kim’s war.\n\nIt goes on.", headline="KIM'S WAR."))
    assert [block.role for block in article.blocks] == ["headline", "body"]


# ------------------------------------------------------------------ corrections


def test_a_correction_gives_its_role_to_the_block_that_holds_the_quotation() -> None:
    article, faults = segment(
        source("Kim’s “war”  goes on.\n\nIt does.", roles=(RoleOverride('Kim\'s "war" goes', "promotion", WHERE),))
    )
    assert [block.role for block in article.blocks] == ["promotion", "body"]
    assert faults == ()


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("never written", "'never written' stands in no paragraph of 'a'"),
        ("It does", "'It does' stands in 2 paragraphs of 'a'"),
        (" ", "' ' stands in no paragraph of 'a'"),
    ],
)
def test_a_correction_that_fits_no_block_or_several_is_an_error_with_a_hint(quote: str, message: str) -> None:
    article, (fault,) = segment(source("It does.\n\nIt does not.", roles=(RoleOverride(quote, "caption", WHERE),)))
    assert [block.role for block in article.blocks] == ["body", "body"]
    assert (fault.severity, fault.where) == ("error", WHERE)
    assert message in fault.message
    assert fault.hint


# ------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    "piece",
    [
        "word ",
        "a.",
        "ab.",
        '!"',
        "1,",
        "http://",
        "aa.aa+",
        "1\u00a0000",
        "\u0301\u0323",
        "漢",
        "\n   ",
        ". ",
        "-",
        "👨\u200d",
        "' ",
    ],
)
def test_a_long_line_of_repeats_is_segmented_whole(piece: str) -> None:
    text = "x" + piece * (20_000 // len(piece))
    article, _ = segment(source(text))
    assert "".join("".join(sentence.span.of(text) for sentence in article.sentences).split()) == "".join(text.split())


def test_ten_thousand_equal_paragraphs_stay_apart() -> None:
    article, _ = segment(source("A word.\n\n" * 10_000))
    assert len(article.blocks) == 10_000


def test_no_group_of_a_pattern_repeats_possessively() -> None:
    """Python up to 3.11.2 loses part of such a match: "2025-08-22" became "2025-08-2" and an empty token."""
    sources = sorted((Path(__file__).parents[2] / "generator" / "collate").rglob("*.py"))
    assert len(sources) > 40
    assert [path.name for path in sources if re.search(r"\)[*+?]\+", path.read_text(encoding="utf-8"))] == []
    assert [token.fold for token in tokenize("On 2025-08-22 1,000 U.S. men.")] == ["on", "2025-08-22", "1,000", "u.s.", "men", "."]
