"""Search in a browser, on a site below a path, with the headers that its own `_headers` asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.config import HAS_PAGEFIND
from generator.site.build import Options, build
from tests.browser.hosted import hosted
from tests.browser.packages import axe_violations
from tests.browser.visits import Visit
from tests.stories import ROOT, SEED

BASE = "/news/site/"
needs_pagefind = pytest.mark.skipif(not HAS_PAGEFIND, reason="the extra 'search' is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example site, built for an address with a path."""
    folder = tmp_path_factory.mktemp("hosted") / "output"
    report = build(ROOT, folder, Options(base_url=f"https://example.org{BASE}", is_cached=False))
    assert report.stopped == ""
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with hosted(folder, BASE) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A fresh window; nothing may have gone wrong in the end."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    visited = Visit(context.new_page(), address)
    yield visited
    context.close()
    assert visited.faults == []


def results(page: Page, query: str) -> list[str]:
    """What a query finds, as hrefs."""
    page.fill("#q", query)
    page.press("#q", "Enter")
    expect(page.locator("#status")).to_have_text(re.compile("found|Nothing"))
    return [str(link.get_attribute("href")) for link in page.query_selector_all("#results a")]


@needs_pagefind
def test_a_word_of_an_article_and_a_word_of_a_note_are_found_below_a_path(visit: Visit) -> None:
    page = visit.open("search/index.html")
    in_text = results(page, "tearful")
    assert in_text[0] == f"{BASE}{SEED}/index.html"
    assert any(href.startswith(f"{BASE}{SEED}/index.html#p") for href in in_text)
    assert "tearful" in page.inner_text("#results mark")

    in_note = results(page, "milder noun")
    place = next(href for href in in_note if "#note-" in href)
    page.click(f'#results a[href="{place}"]')
    page.wait_for_load_state()
    assert page.url == visit.address.removesuffix(BASE.rstrip("/")) + place
    assert page.locator(f"#{place.partition('#')[2]}").is_visible()


@needs_pagefind
def test_a_query_stands_in_the_address_and_nothing_found_is_said(visit: Visit) -> None:
    page = visit.open("search/index.html?q=okapi")
    expect(page.locator("#status")).to_have_text("Nothing found.")
    assert page.input_value("#q") == "okapi"
    results(page, "soldiers")
    assert page.url.endswith("?q=soldiers")


@needs_pagefind
def test_a_tag_narrows_a_search_and_stands_alone(visit: Visit) -> None:
    page = visit.open("search/index.html")
    every = results(page, "the")
    page.select_option("select[data-filter=tag]", index=1)
    expect(page).to_have_url(re.compile(r"\?q=the&tag=."))
    page.fill("#q", "")
    page.press("#q", "Enter")
    expect(page).to_have_url(re.compile(r"\?tag=."))
    expect(page.locator("#status")).to_have_text(re.compile("found"))
    assert 0 < len(page.query_selector_all("#results li")) <= len(every)


def test_data_blocks_break_no_policy_and_are_not_run(visit: Visit) -> None:
    page = visit.open(f"{SEED}/index.html")
    data = json.loads(
        page.inner_text("script[type='application/ld+json']") or page.text_content("script[type='application/ld+json']") or ""
    )
    assert data["@graph"][0]["@type"] == "AnalysisNewsArticle"
    assert visit.faults == []


@needs_pagefind
def test_opened_from_a_folder_the_page_says_why_it_cannot_search(folder: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((folder / "search" / "index.html").as_uri() + "?q=soldiers")
    expect(page.locator("#status")).to_contain_text("could not be loaded")
    page.close()


@needs_pagefind
def test_without_scripts_the_page_says_so_and_shows_no_form(folder: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "search" / "index.html").as_uri())
    assert not page.is_visible("#search")
    assert page.is_visible("noscript a")
    context.close()


@needs_pagefind
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_are_accessible_and_nothing_scrolls_sideways(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # from the list above
    page = context.new_page()
    page.goto(f"{address}/search/index.html")
    results(page, "soldiers")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
