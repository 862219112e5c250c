"""What an open page does while its site is rebuilt, in a real browser and under a strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.preview.serve import Live, Notice, serving

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'"


def write(folder: Path, words: str) -> None:
    head = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>x</title>'
    lines = "".join(f"<p>{index}</p>" for index in range(200))
    (folder / "index.html").write_text(f"<!doctype html><html><head>{head}</head><body><h1>{words}</h1>{lines}</body></html>")


@pytest.fixture
def live() -> Live:
    return Live(Notice("b1", "/", ()))


@pytest.fixture
def page(tmp_path: Path, live: Live, browser: Browser) -> Iterator[Page]:
    """A page of a served site, whose console stays free of complaints."""
    write(tmp_path, "one")
    with serving(tmp_path, live, "localhost", 0) as address:
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.goto(f"{address}/index.html")
        yield page
        page.context.close()
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []


def test_a_new_build_reloads_the_page_and_keeps_its_place(page: Page, tmp_path: Path, live: Live) -> None:
    expect(page.locator("h1")).to_have_text("one")
    page.evaluate("scrollTo(0, 1500)")
    write(tmp_path, "two")
    live.tell(Notice("b2", "/", ()))
    expect(page.locator("h1")).to_have_text("two")
    page.wait_for_function("scrollY === 1500")


def test_the_faults_of_a_failed_build_stand_on_the_last_good_page_until_mended(page: Page, live: Live) -> None:
    live.tell(Notice("b1", "/", ("content/a.txt:1:2: error: <b>broken</b>", "another")))
    banner = page.get_by_role("alert")
    expect(banner).to_be_in_viewport()
    expect(banner).to_contain_text("content/a.txt:1:2: error: <b>broken</b>\nanother")
    expect(page.locator("h1")).to_have_text("one")
    live.tell(Notice("b1", "/", ("another",)))
    expect(banner).not_to_contain_text("broken")
    live.tell(Notice("b1", "/", ()))
    expect(banner).to_have_count(0)


def test_a_page_that_was_away_catches_up(page: Page, tmp_path: Path, live: Live) -> None:
    """Left and come back to, it learns of what was built meanwhile."""
    page.goto("about:blank")
    write(tmp_path, "two")
    live.tell(Notice("b2", "/", ()))
    page.go_back()
    expect(page.locator("h1")).to_have_text("two")


def test_a_hidden_page_holds_no_connection(page: Page, live: Live) -> None:
    hide = """Object.defineProperty(document, 'hidden', {value: %s, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'))"""
    page.evaluate(hide % "true")
    live.tell(Notice("b1", "/", ("unseen",)))
    page.wait_for_timeout(200)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.evaluate(hide % "false")
    expect(page.get_by_role("alert")).to_contain_text("unseen")
