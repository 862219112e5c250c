"""Pages in other languages, in a browser: right to left as well as left to right, sound for axe-core, no wider than the window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from generator.site.build import Options, build
from tests.browser.packages import axe_violations
from tests.stories import ROOT

PAGES = ("bridge/index.html", "ferry/index.html", "index.html", "how-to-read/index.html", "notes/index.html")
WIDTHS = (320, 600, 900, 1180, 1920)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Arabic example in Arabic, and with the same texts in German."""
    folder = tmp_path_factory.mktemp("languages")
    for tag in ("ar", "de"):
        shutil.copytree(ROOT / "tests" / "sites" / "arabic", folder / tag)
        settings = folder / tag / "variorum.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace('"ar"', f'"{tag}"'), encoding="utf-8")
        for story in (folder / tag).glob("content/*/comparison.yaml"):
            story.write_text(f"{story.read_text(encoding='utf-8')}\nlanguage: ar\n", encoding="utf-8")
        build(folder / tag, folder / tag / "output", Options())
    return folder


@pytest.fixture
def page(browser: Browser, sites: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce", base_url=f"file://{sites}/")
    yield context.new_page()
    context.close()


def visit(page: Page, sites: Path, tag: str, path: str) -> Page:
    page.goto(f"file://{sites}/{tag}/output/{path}")
    return page


def left(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"]


@pytest.mark.parametrize(("tag", "path"), [*(("ar", path) for path in PAGES), ("de", PAGES[0]), ("de", PAGES[1])])
def test_axe_finds_nothing_on_pages_in_other_languages(page: Page, sites: Path, tag: str, path: str) -> None:
    visit(page, sites, tag, path)
    assert axe_violations(page) == []


@pytest.mark.parametrize("tag", ["ar", "de"])
def test_no_page_is_wider_than_its_window(page: Page, sites: Path, tag: str) -> None:
    wide = []
    for path in PAGES:
        visit(page, sites, tag, path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((path, width))
    assert wide == []


def test_a_page_that_is_read_from_the_right_begins_there(page: Page, sites: Path) -> None:
    visit(page, sites, "ar", "bridge/index.html")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert left(page, ".brand") > left(page, ".site nav")
    assert left(page, ".pn") > left(page, ".row .m") > left(page, ".sn")
    assert left(page, ".ver-a") > left(page, ".ver-b")
    assert left(page, '.map-w a[href="#p1"] .hit') > left(page, '.map-w a[href="#p5"] .hit'), "the map begins where the texts begin"


def test_texts_keep_their_direction_in_a_page_of_the_other(page: Page, sites: Path) -> None:
    visit(page, sites, "de", "bridge/index.html")
    assert page.locator("html").get_attribute("dir") is None
    assert page.locator(".row .m").nth(1).evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert page.locator(".only-l").first.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert left(page, ".pn") < left(page, ".row .m") < left(page, ".sn")


def test_scripts_say_their_words_in_the_language_of_the_page(page: Page, sites: Path) -> None:
    visit(page, sites, "ar", "bridge/index.html")
    total = page.evaluate("document.querySelector('#pos').textContent")
    assert total.endswith("تغييرات")
    page.keyboard.press("j")
    assert page.locator("#pos").text_content().startswith("1 من ")
    page.locator(".m .ref").first.click()
    assert page.locator("#card").get_by_role("button", name="إغلاق الملاحظة").is_visible()
    page.keyboard.press("Escape")
    page.click("#theme")
    assert page.locator("#theme").get_attribute("aria-label") == "السمة: فاتحة"
