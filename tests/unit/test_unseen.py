"""What is not seen has a name: controls and joiners always, other spaces where there is nothing else."""

from __future__ import annotations

import re

import pytest

from generator.site.unseen import has_hidden, unseen_name, with_names


def named(match: re.Match[str]) -> str:
    return f"<{unseen_name(match[0])[0]}>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb", "a<ZWSP>b"),
        ("\u202ea\u202c", "<RLO>a<PDF>"),
        ("soft\u00adhyphen", "soft<SHY>hyphen"),
        ("\u00a0", "<NBSP>"),
        ("\u2009 \u202f", "<U+2009> <NNBSP>"),
        ("ten\u00a0men", "ten\u00a0men"),
        (" ", " "),
        ("\n\n", "\n\n"),
        ("b\u200d", "b<ZWJ>"),
        ("\u200c", "<ZWNJ>"),
        ("می\u200cشود", "می\u200cشود"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\U000e0041", "<U+E0041>"),
        ("plain", "plain"),
    ],
)
def test_what_is_not_seen_is_named(text: str, shown: str) -> None:
    assert with_names(text, named) == shown


def test_a_name_says_what_the_standard_calls_it() -> None:
    assert unseen_name("\u202e") == ("RLO", "U+202E RIGHT-TO-LEFT OVERRIDE")
    assert unseen_name("\U000e0002") == ("U+E0002", "U+E0002")


@pytest.mark.parametrize(("text", "expected"), [("a\u00a0b", False), ("a\u200bb", True), ("plain", False), ("é", False)])
def test_spaces_of_another_width_hide_nothing(text: str, *, expected: bool) -> None:
    assert has_hidden(text) is expected
