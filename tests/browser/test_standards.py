"""Every page in the eyes of others: axe-core in every view, theme and width, html-validate and the Nu validator on the files.

axe-core takes 0.5 s for the smaller example and 1.3 s for the larger one, in each of sixteen states (view, theme, width). Every
test run meets each view, theme and width on the smaller one, in six states; `make test-long` checks all pages in all states.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.packages import axe_violations, html_validate_faults, vnu_faults
from tests.browser.visits import Visit
from tests.stories import SEED

LARGE, SMALL, HARD = f"example/{SEED}/index.html", "example/harbour-bridge-vote/first-updated/index.html", "test/index.html"
LISTS = ("example/index.html", "example/harbour-bridge-vote/index.html")
VIEWS = ("inline", "side", "a", "b")
WIDE, NARROW = (1440, 1000), (390, 844)
STILL = {"reduced_motion": "reduce"}
"""Without movement: axe-core must not meet a colour half way."""
THEMES = pytest.mark.parametrize(
    "visit", [{"color_scheme": "light", **STILL}, {"color_scheme": "dark", **STILL}], indirect=True, ids=["light", "dark"]
)


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def assert_sound(page: Page, states: Iterable[tuple[tuple[int, int], str]]) -> None:
    for size, view in states:
        resize(page, size)
        page.check(f"#v-{view}", force=True)
        assert axe_violations(page) == [], (size, view)


@pytest.mark.long
@THEMES
@pytest.mark.parametrize("path", [LARGE, SMALL, HARD], ids=["large", "small", "hard"])
def test_axe_finds_nothing_in_any_view_at_any_width(visit: Visit, path: str) -> None:
    assert_sound(visit.open(path), product((WIDE, NARROW), VIEWS))


@pytest.mark.parametrize(
    ("visit", "states"),
    [
        ({"color_scheme": "light", **STILL}, ((WIDE, "inline"), (NARROW, "side"), (NARROW, "b"))),
        ({"color_scheme": "dark", **STILL}, ((WIDE, "side"), (WIDE, "a"), (NARROW, "inline"))),
    ],
    indirect=["visit"],
    ids=["light", "dark"],
)
def test_axe_finds_nothing_in_each_view(visit: Visit, states: tuple[tuple[tuple[int, int], str], ...]) -> None:
    assert_sound(visit.open(SMALL), states)


@pytest.mark.parametrize("visit", [{"color_scheme": "light", **STILL}], indirect=True, ids=["light"])
@pytest.mark.parametrize("path", [LARGE, HARD], ids=["large", "hard"])
def test_axe_finds_nothing_in_large_and_hard_pages(visit: Visit, path: str) -> None:
    assert axe_violations(visit.open(path)) == []


@THEMES
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_with_a_card_or_the_help_open(visit: Visit, size: tuple[int, int]) -> None:
    page = visit.open(SMALL)
    resize(page, size)
    page.select_option("#show", "notes")
    page.locator(".m .ref.major").first.click()
    assert page.locator("#card:visible").count() == 1
    assert axe_violations(page, "#card") == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#help:visible").count() == 1
    assert axe_violations(page, "#help") == []


@THEMES
@pytest.mark.parametrize("path", LISTS, ids=["index", "overview"])
def test_axe_finds_nothing_in_lists(visit: Visit, path: str) -> None:
    page = visit.open(path)
    for size in (WIDE, NARROW):
        resize(page, size)
        assert axe_violations(page) == [], size


def test_the_example_page_is_light(site: Path) -> None:
    assert len(gzip.compress((site / LARGE).read_bytes())) <= 60_000


@pytest.fixture
def pages(site: Path) -> list[Path]:
    """All pages but those that differ from the hard page in nothing but the number of notes or a class."""
    return [page for page in sorted(site.rglob("*.html")) if page.parent.name not in {"many", "long"}]


def test_html_validate_finds_nothing(pages: list[Path], tmp_path: Path) -> None:
    assert html_validate_faults(pages, tmp_path / "told.json") == []


def test_the_nu_validator_finds_nothing(pages: list[Path]) -> None:
    assert vnu_faults(pages) == []
