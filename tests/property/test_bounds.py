"""Hostile texts end: the work grows with the text, not with its square, and where the comparison was coarser the page says so.

Work is counted in calls of functions, of Python's and of C's; no clock is read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FrameType

import pytest

from generator.collate.align import pieces
from generator.collate.diff import match as matching
from generator.site.build import Options, build
from tests.laws import assert_laws, compared
from tests.sitefiles import write_site

WORDS = ("spam", "eggs", "ham")
Texts = tuple[str, str]


def repeated_words(count: int) -> Texts:
    """One paragraph of three words over and over, in another order on each side."""
    dice = Random(count)  # noqa: S311 - texts are to be repeatable, not secret
    return " ".join(dice.choices(WORDS, k=count)), " ".join(dice.choices(WORDS, k=count))


def equal_paragraphs(count: int) -> Texts:
    """One paragraph over and over, one time less on the other side."""
    paragraphs = ["The same again and again."] * count
    return "\n\n".join(paragraphs), "\n\n".join(paragraphs[1:])


def short_sentences(count: int) -> Texts:
    """One paragraph of three short sentences over and over, in another order on each side."""
    dice = Random(count)  # noqa: S311 - as above
    a, b = (" ".join(dice.choices(("He ran.", "She sat.", "It fell."), k=count)) for _ in range(2))
    return a, b


def one_line(count: int) -> Texts:
    """One line without an end of a sentence, every eighth word of it exchanged."""
    dice = Random(count)  # noqa: S311 - as above
    words = [f"w{dice.randrange(3000)}" for _ in range(count)]
    return " ".join(words), " ".join(dice.choice(WORDS) if dice.random() < 1 / 8 else word for word in words)


def speakers(count: int) -> Texts:
    """One line in which everybody says something, and other people on the other side."""
    a, b = (" ".join(f"{name}{at}x said so," for at in range(count)) for name in ("Aab", "Bab"))
    return a, b


def nations(count: int) -> Texts:
    """One line that names a nation over and over, which the other side does not."""
    return f"We saw {'North Korean ' * count}{'people of the sort ' * count}there.", "We saw them there."


HOSTILE = (repeated_words, equal_paragraphs, short_sentences, one_line)
NAMING = (speakers, nations)


def calls(texts: Texts) -> int:
    """How many calls a comparison takes."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(note)
    try:
        compared(*texts)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("hostile", [*HOSTILE, *NAMING], ids=lambda hostile: hostile.__name__)
def test_twice_the_text_is_little_more_than_twice_the_work(
    hostile: Callable[[int], Texts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "WORK_LIMIT", 1_000)
    monkeypatch.setattr(pieces, "PIECE", 20)
    monkeypatch.setattr(matching, "STEP_LIMIT", 2_000)
    once, twice = calls(hostile(500)), calls(hostile(1_000))
    assert once > 500
    assert twice < 2.5 * once


@pytest.mark.parametrize("hostile", HOSTILE[:3], ids=lambda hostile: hostile.__name__)
def test_laws_hold_past_the_limits(hostile: Callable[[int], Texts], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "WORK_LIMIT", 1_000)
    monkeypatch.setattr(matching, "STEP_LIMIT", 2_000)
    comparison = compared(*hostile(300))
    assert comparison.coarse
    assert_laws(comparison)


def page_of(root: Path, texts: Texts) -> str:
    """The page that a site's build makes of two texts."""
    write_site(root, {"a.txt": texts[0], "b.txt": texts[1]})
    report = build(root, root / "output", Options(catch=False))
    assert report.comparison_count == 1
    return (root / "output" / "story" / "index.html").read_text(encoding="utf-8")


def test_the_page_says_that_it_was_compared_more_coarsely(tmp_path: Path) -> None:
    assert 'class="coarse"' in page_of(tmp_path / "long", equal_paragraphs(650))
    assert 'class="coarse"' not in page_of(tmp_path / "short", equal_paragraphs(50))


@pytest.mark.long
@pytest.mark.parametrize(
    "texts",
    [repeated_words(100_000), equal_paragraphs(10_000), short_sentences(50_000), one_line(180_000)],
    ids=[hostile.__name__ for hostile in HOSTILE],
)
def test_a_build_ends_and_says_so(tmp_path: Path, texts: Texts) -> None:
    assert 'class="coarse"' in page_of(tmp_path, texts)
