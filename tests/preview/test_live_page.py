"""What an open page does while its site is rebuilt, in a real browser and under the policy of the published site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.preview.live import Live, Notice, Shown
from generator.preview.serve import Address, serving

pytestmark = pytest.mark.browser

MARKED = """() => document.getAnimations().filter((one) => one.id === 'variorum-live')
    .map((one) => one.effect.target.textContent.trim())"""
KEPT = "window.isTheSame = true"
IS_THE_SAME = "() => window.isTheSame === true"


def write(folder: Path, words: str, *, changed: int = -1, link: str = "style.css") -> None:
    """A page of a hundred passages and ten notes; one passage says something else."""
    rows = "".join(f'<p id="p{index}">Passage {index}{" is new" if index == changed else ""}.</p>' for index in range(100))
    notes = "".join(f'<li id="note-{index}"><h3>Note {index}</h3><p>Body {index}.</p></li>' for index in range(10))
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title><link rel="stylesheet" href="{link}">'
        f'<script src="site.js"></script></head><body><main><h1>{words}</h1>{rows}'
        f"<details><summary>More</summary><p>Within.</p></details><ol>{notes}</ol></main></body></html>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "one")
    (tmp_path / "style.css").write_text("p { min-height: 40px; color: rgb(0, 0, 1) }")
    (tmp_path / "site.js").write_text("")
    return tmp_path


@pytest.fixture
def live() -> Live:
    return Live(Notice())


@pytest.fixture
def address(folder: Path, live: Live) -> Iterator[str]:
    with serving(folder, live, Address("localhost", 0)) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser whose pages complain of nothing but what is not there: a page, or for a while the server."""
    context = browser.new_context()
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda fault: complaints.append(str(fault.error)))
    yield context
    context.close()
    assert [text for text in complaints if not any(word in text for word in ("404", "503", "CONNECTION_REFUSED"))] == []


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.evaluate(KEPT)
    return page


# ------------------------------------------------------------------ reload


def test_a_page_reloads_when_its_own_file_changed_and_keeps_its_place(page: Page, folder: Path, live: Live) -> None:
    page.evaluate("scrollTo(0, 1500); document.querySelector('details').open = true")
    write(folder, "two")
    live.tell(Notice(changed=("index.html", "other/index.html")))
    expect(page.locator("h1")).to_have_text("two")
    page.wait_for_function("() => document.readyState === 'complete' && document.querySelector('details').open")
    assert not page.evaluate(IS_THE_SAME)


def test_what_stood_at_the_top_of_the_window_stands_there_after_a_reload(page: Page, folder: Path, live: Live) -> None:
    """Though what is above it became longer."""
    page.evaluate("document.getElementById('p50').scrollIntoView()")
    top = page.evaluate("document.getElementById('p50').getBoundingClientRect().top")
    write(folder, "two<br>lines<br>and<br>more", changed=52)
    live.tell(Notice(changed=("index.html",)))
    page.wait_for_function("() => !window.isTheSame && document.readyState === 'complete'")
    page.wait_for_function(f"() => Math.abs(document.getElementById('p50').getBoundingClientRect().top - {top}) < 2")


@pytest.mark.parametrize("route", ["other/index.html", "feed.xml", "unused.js", "assets/site.js"])
def test_a_page_is_left_alone_when_nothing_of_its_own_changed(page: Page, live: Live, route: str) -> None:
    live.tell(Notice(changed=(route,)))
    live.tell(Notice(faults=(Shown("a", "seen by now"),)))
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate(IS_THE_SAME)


def test_a_page_reloads_when_a_script_that_it_loads_changed(page: Page, live: Live) -> None:
    live.tell(Notice(changed=("site.js",)))
    page.wait_for_function("() => !window.isTheSame")


def test_a_page_that_is_removed_gives_way_to_the_page_for_what_is_not_there_and_comes_back(
    page: Page, address: str, folder: Path, live: Live
) -> None:
    (folder / "kim").mkdir()
    (folder / "kim/site.js").write_text("")
    write(folder / "kim", "kim", link="../style.css")
    page.goto(f"{address}/kim/")
    (folder / "kim/index.html").unlink()
    live.tell(Notice(changed=("kim/index.html",)))
    expect(page.locator("h1")).to_have_text("There is no such page")
    write(folder / "kim", "back", link="../style.css")
    live.tell(Notice(changed=("kim/index.html",)))
    expect(page.locator("h1")).to_have_text("back")


def test_a_site_under_another_path_takes_its_pages_along(page: Page, address: str, live: Live) -> None:
    live.tell(Notice("/news/", changed=None))
    page.wait_for_url(f"{address}/news/")
    expect(page.locator("h1")).to_have_text("one")


def test_a_page_under_a_path_that_is_not_ascii_reloads_and_moves(
    context: BrowserContext, address: str, folder: Path, live: Live
) -> None:
    live.tell(Notice("/grüße/", changed=None))
    (folder / "kim").mkdir()
    (folder / "kim/site.js").write_text("")
    write(folder / "kim", "one", link="../style.css")
    page = context.new_page()
    page.goto(f"{address}/gr%C3%BC%C3%9Fe/kim/")
    write(folder / "kim", "two", link="../style.css")
    live.tell(Notice("/grüße/", changed=("kim/index.html",)))
    expect(page.locator("h1")).to_have_text("two")
    live.tell(Notice("/an gruß/", changed=None))
    page.wait_for_url(f"{address}/an%20gru%C3%9F/kim/")
    expect(page.locator("h1")).to_have_text("two")


def test_a_changed_style_sheet_is_exchanged_without_a_reload(page: Page, folder: Path, live: Live) -> None:
    page.evaluate("scrollTo(0, 1500)")
    for colour in ("rgb(0, 0, 2)", "rgb(0, 0, 3)"):
        (folder / "style.css").write_text(f"p {{ min-height: 40px; color: {colour} }}")
        live.tell(Notice(changed=("style.css",)))
        expect(page.locator("#p0")).to_have_css("color", colour)
        expect(page.locator('link[rel="stylesheet"]')).to_have_count(1)
    assert page.evaluate(IS_THE_SAME)
    assert page.evaluate("scrollY") == 1500


def test_the_old_style_sheet_stays_until_the_new_one_is_there(page: Page, folder: Path, live: Live) -> None:
    page.evaluate(
        """() => {
            window.bare = false;
            const look = () => {
                window.bare ||= getComputedStyle(document.getElementById('p0')).minHeight !== '40px';
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    (folder / "style.css").write_text("p { min-height: 40px; color: rgb(9, 9, 9) }")
    live.tell(Notice(changed=("style.css",)))
    expect(page.locator("#p0")).to_have_css("color", "rgb(9, 9, 9)")
    assert not page.evaluate("window.bare")


# ------------------------------------------------------------------ what changed


def test_a_passage_that_changed_out_of_sight_is_brought_into_sight_and_marked(page: Page, folder: Path, live: Live) -> None:
    page.evaluate("scrollTo(0, 300)")
    write(folder, "one", changed=80)
    live.tell(Notice(changed=("index.html",)))
    expect(page.locator("#p80")).to_be_in_viewport()
    page.wait_for_function(f"() => ({MARKED})().join() === 'Passage 80 is new.'")


def test_a_passage_that_changed_in_sight_is_marked_where_it_is(page: Page, folder: Path, live: Live) -> None:
    page.evaluate("document.getElementById('p40').scrollIntoView()")
    before = page.evaluate("scrollY")
    write(folder, "one", changed=41)
    live.tell(Notice(changed=("index.html",)))
    page.wait_for_function(f"() => ({MARKED})().join() === 'Passage 41 is new.'")
    assert abs(page.evaluate("scrollY") - before) < 2


def test_a_note_that_pushes_the_others_numbers_on_is_marked_alone(page: Page, folder: Path, live: Live) -> None:
    text = (folder / "index.html").read_text()
    for number in reversed(range(3, 10)):
        text = text.replace(f"Note {number}<", f"Note {number + 1}<").replace(f"Body {number}.", f"Body {number + 1}.")
    new = '<li id="note-new"><h3>Note 3</h3><p>A word from the desk.</p></li>'
    (folder / "index.html").write_text(text.replace('<li id="note-3">', f'{new}<li id="note-3">'))
    live.tell(Notice(changed=("index.html",)))
    page.wait_for_function(f"() => ({MARKED})().join() === 'A word from the desk.'")
    expect(page.locator("#note-new")).to_be_in_viewport()


def test_a_number_that_changed_is_marked_too(page: Page, folder: Path, live: Live) -> None:
    (folder / "index.html").write_text((folder / "index.html").read_text().replace("Passage 5.", "Passage 500."))
    live.tell(Notice(changed=("index.html",)))
    page.wait_for_function(f"() => ({MARKED})().join() === 'Passage 500.'")


def test_where_motion_is_unwelcome_nothing_moves(browser: Browser, address: str, folder: Path, live: Live) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.add_init_script(
        "Element.prototype.scrollIntoView = new Proxy(Element.prototype.scrollIntoView, {apply(to, self, how) "
        "{ window.how = how[0].behavior; return to.apply(self, how); }})"
    )
    page.goto(address)
    write(folder, "one", changed=80)
    live.tell(Notice(changed=("index.html",)))
    expect(page.locator("#p80")).to_be_in_viewport()
    assert page.evaluate("window.how") == "instant"
    frames = "() => document.getAnimations().map((one) => new Set(one.effect.getKeyframes().map((each) => each.outlineColor)).size)"
    page.wait_for_function(f"() => ({frames})().join() === '1'")
    page.close()


# ------------------------------------------------------------------ faults

FAULT = Shown("content/a.txt:3:5", "<b>broken</b>", "mend it", 3, "one ", "t", "wo")


def test_a_fault_stands_on_the_last_good_page_until_it_is_mended(page: Page, live: Live) -> None:
    live.tell(Notice(faults=(FAULT, Shown("b.txt", "another"))))
    overlay = page.get_by_role("alert")
    expect(overlay).to_be_in_viewport()
    for words in ("2 errors", "last good page", "content/a.txt:3:5", "<b>broken</b>", "mend it", "one two", "another"):
        expect(overlay).to_contain_text(words)
    expect(overlay.locator("mark")).to_have_text("t")
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('#variorum-live').shadowRoot.querySelector('mark'), '::after').content"
        )
        == '"^"'
    )
    expect(page.locator("h1")).to_have_text("one")
    live.tell(Notice(faults=(Shown("b.txt", "another"),)))
    expect(overlay).not_to_contain_text("broken")
    live.tell(Notice())
    expect(overlay).to_have_count(0)
    assert page.evaluate(IS_THE_SAME)


@pytest.mark.parametrize("way", ["click", "key"])
def test_the_faults_can_be_put_away_and_come_back_when_they_are_others(page: Page, folder: Path, live: Live, way: str) -> None:
    live.tell(Notice(faults=(FAULT,)))
    overlay = page.get_by_role("alert")
    button = page.get_by_role("button", name="Dismiss")
    if way == "click":
        button.click()
    else:
        button.focus()
        page.keyboard.press("Escape")
    expect(overlay).to_have_count(0)
    write(folder, "two")
    live.tell(Notice(faults=(FAULT,), changed=("index.html",)))
    expect(page.locator("h1")).to_have_text("two")
    page.wait_for_function("() => document.readyState === 'complete'")
    expect(overlay).to_have_count(0)
    live.tell(Notice(faults=(FAULT, FAULT)))
    expect(overlay).to_contain_text("2 errors")


def test_the_pages_own_styles_do_not_reach_the_faults(page: Page, folder: Path, live: Live) -> None:
    (folder / "style.css").write_text("* { display: none !important }")
    live.tell(Notice(changed=("style.css",), faults=(FAULT,)))
    expect(page.locator("#p0")).to_be_hidden()
    live.tell(Notice(changed=("style.css",)))
    (folder / "style.css").write_text("section, p, button { font-size: 3px; color: red }")
    live.tell(Notice(changed=("style.css",), faults=(FAULT,)))
    expect(page.get_by_role("alert")).to_have_css("font-size", "15px")
    expect(page.get_by_role("alert")).to_have_css("color", "rgb(255, 255, 255)")


def test_before_there_is_a_site_the_page_shows_why_and_gives_way_to_it(context: BrowserContext, tmp_path: Path) -> None:
    live = Live(Notice())
    site = tmp_path / "site"
    site.mkdir()
    with serving(site, live, Address("localhost", 0)) as address:
        page = context.new_page()
        page.goto(f"{address}/")
        expect(page.locator("h1")).to_have_text("The site is being built")
        live.tell(Notice(faults=(FAULT,), changed=None))
        expect(page.locator("h1")).to_have_text("The site could not be built yet")
        expect(page.get_by_role("alert")).to_contain_text("broken")
        (site / "site.js").write_text("")
        (site / "style.css").write_text("")
        write(site, "whole")
        live.tell(Notice(changed=("index.html",)))
        expect(page.locator("h1")).to_have_text("whole")
        expect(page.get_by_role("alert")).to_have_count(0)


# ------------------------------------------------------------------ tabs

HIDE = """Object.defineProperty(document, 'hidden', {value: %s, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'))"""


def test_a_page_that_was_away_catches_up(page: Page, folder: Path, live: Live) -> None:
    """Left and come back to, it learns of what was built meanwhile."""
    page.goto("about:blank")
    write(folder, "two")
    live.tell(Notice(changed=("index.html",)))
    page.go_back()
    expect(page.locator("h1")).to_have_text("two")


def test_a_hidden_page_holds_no_connection_and_learns_of_everything_when_it_is_shown(page: Page, live: Live) -> None:
    page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.includes('notice'))")
    until(lambda: len(live._waiting) == 1)  # noqa: SLF001 nothing outside shows how many listen
    page.evaluate(HIDE % "true")
    live.tell(Notice())  # wakes the streams, so that one whose page has gone ends
    until(lambda: not live._waiting)  # noqa: SLF001 see above
    live.tell(Notice(faults=(FAULT,)))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.evaluate(HIDE % "false")
    expect(page.get_by_role("alert")).to_contain_text("broken")
    page.evaluate(HIDE % "true")
    live.tell(Notice(changed=("style.css",)))
    live.tell(Notice(changed=("index.html",)))
    page.evaluate(HIDE % "false")
    page.wait_for_function("() => !window.isTheSame")


def test_of_seven_tabs_none_hangs_and_all_are_told(context: BrowserContext, address: str, folder: Path, live: Live) -> None:
    """All of them to be seen, and one server: a browser gives them six connections together."""
    pages = [context.new_page() for _ in range(7)]
    for page in pages:
        page.goto(address)
        page.evaluate(KEPT)
    until(lambda: len(live._waiting) == 1)  # noqa: SLF001 nothing outside shows how many listen
    live.tell(Notice(faults=(FAULT,)))
    for page in pages:
        expect(page.get_by_role("alert")).to_contain_text("broken")
    pages[0].close()
    write(folder, "two")
    live.tell(Notice(changed=("index.html",)))
    for page in pages[1:]:
        expect(page.locator("h1")).to_have_text("two")
        expect(page.get_by_role("alert")).to_have_count(0)


def test_when_the_server_comes_back_the_page_does_too(context: BrowserContext, folder: Path) -> None:
    with serving(folder, Live(Notice()), Address("localhost", 0)) as address:
        page = context.new_page()
        page.goto(address)
        page.evaluate(KEPT)
        port = int(address.rpartition(":")[2])
    write(folder, "two")
    with serving(folder, Live(Notice()), Address("localhost", port)) as again:
        assert again == address
        expect(page.locator("h1")).to_have_text("two", timeout=20_000)
        page.close()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that will be so."""
    waited = threading.Event()
    for _ in range(1000):
        if is_so():
            return
        waited.wait(0.02)
    pytest.fail("it never was")
