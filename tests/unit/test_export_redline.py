"""Redlines: both texts come back out of them, and nothing in a text is markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.collate.compare import compare_story
from generator.errors import Where
from generator.model import Annotation, Comparison, Selector
from generator.site.redline import WORD_JOINER, critic_markup, markdown_redline
from tests import pictures
from tests.stories import story

HERE = Where("annotations.yaml", 1, 1)
SIGNS = "\\`*_{}[]<>~|&;#+-=.)0123456789 \nabcwxyz“”—é"
MARK = re.compile(r"\{~~(?P<old>.*?)~>(?P<new>.*?)~~\}|\{--(?P<gone>.*?)--\}|\{\+\+(?P<come>.*?)\+\+\}", re.DOTALL)


def compared(a: str, b: str, *notes: Annotation) -> Comparison:
    return compare_story(story(a, b, annotations=notes))[0][0]


def note(name: str, side: str, selector: str, **fields: str) -> Annotation:
    gap = fields.pop("gap", "")
    target = ((side, (Selector(selector, HERE, gap=gap),)),)  # type: ignore[arg-type]  # a literal, by way of a keyword
    return pictures.note(name, body=fields.get("body", ""), targets=target)


def unescaped(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def accepted(text: str) -> str:
    return unescaped(MARK.sub(lambda mark: (mark["new"] or "") + (mark["come"] or ""), text))


def rejected(text: str) -> str:
    return unescaped(MARK.sub(lambda mark: (mark["old"] or "") + (mark["gone"] or ""), text))


def joined(comparison: Comparison, side: str) -> str:
    article = getattr(comparison.articles, side)
    return "\n\n".join(getattr(row.spans, side).of(article.text) for row in comparison.rows)


def test_a_change_is_a_substitution_a_deletion_or_an_insertion() -> None:
    assert critic_markup(compared("The old cat sat here.", "The new cat sat.")) == "The {~~old~>new~~} cat sat{-- here--}.\n"
    assert critic_markup(compared("The cat sat.", "The cat sat down.")) == "The cat sat{++ down++}.\n"


def test_in_markdown_white_space_stays_outside_the_marks() -> None:
    assert markdown_redline(compared("The old cat sat here.", "The new cat sat.")) == "The ~~old~~**new** cat sat ~~here~~.\n"


@given(st.text(SIGNS, max_size=60), st.text(SIGNS, max_size=60))
def test_critic_markup_gives_both_texts_back(a: str, b: str) -> None:
    comparison = compared(a, b)
    text = critic_markup(comparison).removesuffix("\n")
    assert rejected(text).rstrip("\n") == joined(comparison, "a").rstrip("\n")
    assert accepted(text).rstrip("\n") == joined(comparison, "b").rstrip("\n")


@given(st.lists(st.sampled_from("one two. Three {++ ++} {>> <<} ~> --} 4,000 \n\n".split(" ")), max_size=12), st.data())
def test_words_that_look_like_marks_are_text(words: list[str], data: st.DataObject) -> None:
    other = data.draw(st.permutations(words))
    comparison = compared(" ".join(words), " ".join(other))
    text = critic_markup(comparison).removesuffix("\n")
    assert rejected(text).rstrip("\n") == joined(comparison, "a").rstrip("\n")
    assert accepted(text).rstrip("\n") == joined(comparison, "b").rstrip("\n")


TOKEN = re.compile(r"\\[!-/:-@\[-`{-~]|~~|\*\*|.", re.DOTALL)


@given(st.text(SIGNS, max_size=60), st.text(SIGNS, max_size=60))
def test_a_markdown_redline_gives_both_texts_back_up_to_white_space(a: str, b: str) -> None:
    comparison = compared(a, b)
    sides = {"~~": "", "**": ""}
    mark = ""
    for found in TOKEN.findall(markdown_redline(comparison)):
        if found in sides and (not mark or mark == found):
            mark = "" if mark else found
        else:
            for side in sides:
                if mark in {"", side}:
                    sides[side] += unescaped(found)
    assert mark == ""
    squeezed = {side: re.sub(r"\s+", "", value.replace(WORD_JOINER, "")) for side, value in sides.items()}
    assert squeezed["~~"] == re.sub(r"\s+", "", joined(comparison, "a"))
    assert squeezed["**"] == re.sub(r"\s+", "", joined(comparison, "b"))


@pytest.mark.parametrize("text", ["# Heading", "- item", "+ item", "1. item", "2) item", "> quoted", "*a* _b_ `c`", "[a](b)",
                                  "<b>c</b>", "&amp; &#35;", "a | b\n=== x", "~~a~~ **b**", "- a\n- b"])  # fmt: skip
def test_nothing_in_a_text_is_markup(text: str) -> None:
    html = MarkdownIt("commonmark").enable("strikethrough").render(markdown_redline(compared(text, text)))
    assert set(re.findall(r"</?(\w+)", html)) == {"p"}
    assert re.sub(r"\s+", "", re.sub(r"</?p>", "", html)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == re.sub(
        r"\s+", "", text
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The cat sat, and ate.", "The cat, and ate."),
        ("The cat sat", "The cat sat, down"),
        ("He said yes.", "He said “yes”."),
        ("Cost: 12,000 now", "Cost: 12.000 now"),
        ("It was (very) cold", "It was cold"),
    ],
)
def test_marks_beside_punctuation_are_seen(a: str, b: str) -> None:
    parser = MarkdownIt("commonmark").enable("strikethrough")
    html = parser.render(markdown_redline(compared(a, b)))
    assert "~~" not in html
    assert "**" not in html
    assert "<s>" in html or "<strong>" in html


def test_a_deleted_passage_of_two_paragraphs_is_struck_paragraph_by_paragraph() -> None:
    text = markdown_redline(compared("Alpha beta gamma delta.\n\nOmega psi chi phi.\n\nEnd of it all.", "End of it all."))
    assert text == "~~Alpha beta gamma delta.~~\n\n~~Omega psi chi phi.~~\n\nEnd of it all.\n"


def test_a_note_follows_its_words_outside_the_marks() -> None:
    comparison = compared("The old cat sat here.", "The new cat sat.", note("n", "b", "new cat", body="Two\nlines {++x++}."))
    assert critic_markup(comparison) == (
        "The {~~old~>new~~} cat{>>About n (major, number). Two lines {\\++x+\\+}.<<} sat{-- here--}.\n"
    )
    assert markdown_redline(comparison) == (
        "The ~~old~~**new** cat[^n] sat ~~here~~.\n\n[^n]: **About n** (major, number).\n\n    Two\n    lines {++x++}.\n"
    )


def test_a_note_inside_a_change_stands_after_it() -> None:
    comparison = compared("The grey old cat sat.", "The fluffy white dog sat.", note("n", "b", "white"))
    assert re.search(r"~~\}\{>>About n", critic_markup(comparison))


def test_a_note_on_words_of_the_base_alone_stands_after_what_is_struck() -> None:
    comparison = compared("The old cat sat here.", "The old cat sat.", note("n", "a", "here"))
    assert critic_markup(comparison) == "The old cat sat{-- here--}{>>About n (major, number).<<}.\n"


@pytest.mark.parametrize(("selector", "gap", "start"), [("The new", "before", "{>>"), ("sat.", "after", "The new cat sat.{>>")])
def test_a_note_on_a_gap_stands_in_it(selector: str, gap: str, start: str) -> None:
    comparison = compared("The new cat sat.", "The new cat sat.", note("n", "b", selector, gap=gap))
    assert critic_markup(comparison).startswith(start)


def test_a_gap_before_an_insertion_comes_before_it_and_one_after_a_deletion_after_it() -> None:
    comparison = compared("A cat sat.", "A small cat sat.", note("n", "b", "small", gap="before"))
    assert critic_markup(comparison).startswith("A {>>")
    comparison = compared("A small cat sat.", "A cat sat.", note("n", "b", "cat", gap="before"))
    assert critic_markup(comparison).startswith("A {--small --}{>>")


def test_a_note_without_a_place_stands_at_the_end() -> None:
    comparison = compared("A cat.", "A cat.", note("n", "b", "dog"))
    assert critic_markup(comparison) == "A cat.\n\n{>>About n (major, number).<<}\n"
    assert markdown_redline(comparison) == "A cat.\n\nNotes without a place: [^n]\n\n[^n]: **About n** (major, number).\n"


def test_a_note_on_nothing_but_an_empty_text_is_not_lost() -> None:
    comparison = compared("A cat.", "A cat.", note("n", "b", "A cat"))
    comparison = replace(comparison, rows=())
    assert critic_markup(comparison) == "{>>About n (major, number).<<}\n"
