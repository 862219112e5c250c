"""The comparison page in Chromium: views, filters, keys, cards, addresses, without scripts, on paper, in every width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.model import Comparison
from tests.browser.hardpage import FEW
from tests.browser.visits import Visit

NO_SCRIPTS = {"java_script_enabled": False}
WIDTHS = (320, 390, 720, 864, 900, 1024, 1440, 1920)
"""720: a window of 1440 at 200 % zoom."""
VIEWS = ("inline", "side", "a", "b")

TEXTS = """() => {
  const clean = (node, drop) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".ref, .sn, .mv-l, .sp" + drop).forEach((one) => one.remove());
    return copy.textContent;
  };
  const all = (selector, drop = "") => [...document.querySelectorAll(`.row ${selector}`)]
    .filter((one) => !one.closest("[data-skip]")).map((one) => clean(one, drop)).join("").replace(/\\s+/g, "");
  return {a: all(".m", ", ins"), b: all(".m", ", del"), "alone a": all(".a"), "alone b": all(".b")};
}"""
BOXES = """() => [...document.querySelectorAll(".sn")].map((one) => {
  const box = one.getBoundingClientRect();
  return [box.top, box.bottom, box.left, box.right, one.previousElementSibling.getBoundingClientRect().top];
})"""
FORMS = """() => {
  const drawn = (selector) => {
    const style = getComputedStyle(document.querySelector(selector));
    return [style.textDecorationLine, style.textDecorationStyle, style.borderBottomStyle, style.borderInlineStartStyle].join(" ");
  };
  const marks = ["#p2 .c > del", "#p2 .c > ins", "#p1 .mv > ins", "#p1 .ty > ins", "#x1 .blk", "#x2 .blk"];
  return marks.map(drawn);
}"""
LEFTS = "all => all.map((one) => one.getBoundingClientRect()).filter((box) => box.width > 1).map((box) => box.left)"
NUMBERS = """() => ["major", "moderate", "minor", "checked"].map((severity) => {
  const [style, before] = ["", "::before"].map((part) => getComputedStyle(document.querySelector(`.m .ref.${severity}`), part));
  const isSeen = (colour) => !(colour.startsWith("rgba") && colour.endsWith(", 0)"));
  const hasRing = style.borderTopWidth !== "0px" && isSeen(style.borderTopColor);
  return [isSeen(style.backgroundColor), hasRing, before.content === "none"];
})"""
TARGET = """(selector) => {
  const style = getComputedStyle(document.querySelector(selector), "::after");
  return [parseFloat(style.width), parseFloat(style.height)];
}"""
SQUEEZE = re.compile(r"\s+")


def choose(page: Page, view: str) -> None:
    page.check(f"#v-{view}", force=True)


def visible(page: Page, selector: str) -> int:
    return page.locator(f"{selector}:visible").count()


def test_every_text_in_the_page_is_the_articles_text(visit: Visit, comparison: Comparison) -> None:
    texts = visit.open().evaluate(TEXTS)
    a, b = (SQUEEZE.sub("", article.text) for article in comparison.articles)
    assert texts == {"a": a, "b": b, "alone a": a, "alone b": b}


@pytest.mark.parametrize("visit", [{}, NO_SCRIPTS], indirect=True, ids=["scripts", "no scripts"])
def test_views_show_what_they_name(visit: Visit) -> None:
    page = visit.open()
    assert visible(page, "#p1 .m"), "inline is the first view"
    assert not visible(page, "#p1 .a")
    choose(page, "side")
    assert visible(page, "#p1 .a")
    assert visible(page, "#p1 .b")
    assert visible(page, "#x1 .rn")
    left, right = page.locator("#p1 .a").bounding_box(), page.locator("#p1 .b").bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] < right["x"]
    assert abs(left["y"] - right["y"]) < 2
    choose(page, "a")
    assert visible(page, "#p1 .a")
    assert not visible(page, "#p1 .b")
    assert visible(page, "#x2")
    choose(page, "b")
    assert visible(page, "#p1 .b")
    assert not visible(page, "#p1 .a")


@pytest.mark.parametrize("visit", [{}, NO_SCRIPTS], indirect=True, ids=["scripts", "no scripts"])
def test_filters_leave_the_text_of_b_and_keep_what_they_name(visit: Visit) -> None:
    page = visit.open()
    sent, count = page.locator("#p2 del", has_text="sent"), page.locator("#p2 del", has_text="12,000")
    expect(sent.first).to_be_visible()
    page.select_option("#show", "number")
    expect(count.first).to_be_visible()
    assert not visible(page, "#p3 del")
    page.select_option("#show", "main")
    expect(count.first).to_be_visible()
    assert visible(page, "#p2 del:text('fight')"), "a change of certainty is more than wording"
    assert not visible(page, "#p3 del")
    page.select_option("#show", "notes")
    expect(count.first).to_be_visible()
    assert not visible(page, "#p3 del")
    assert not visible(page, "#x2")


def test_the_address_keeps_view_and_filter(visit: Visit) -> None:
    page = visit.open()
    choose(page, "side")
    page.select_option("#show", "notes")
    assert page.url.endswith("?view=side&show=notes")
    page.reload()
    expect(page.locator("#v-side")).to_be_checked()
    assert page.locator("#show").input_value() == "notes"


def test_keys_step_switch_and_can_be_switched_off(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("j")
    first = page.locator("#pos").inner_text()
    assert re.fullmatch(r"1 of \d+", first)
    assert page.locator(".cur").count() >= 1
    assert "#c-" in page.url
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("#pos").inner_text() == first
    page.keyboard.press("k")
    assert re.fullmatch(r"(\d+) of \1", page.locator("#pos").inner_text())
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.className").startswith("ref")
    page.keyboard.press("4")
    expect(page.locator("#v-b")).to_be_checked()
    page.keyboard.press("f")
    assert page.locator("#show").input_value() == "main"
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("1")
    expect(page.locator("#v-b")).to_be_checked()
    page.reload()
    page.keyboard.press("1")
    expect(page.locator("#v-b")).to_be_checked()


def test_the_help_keeps_the_focus_and_gives_it_back(visit: Visit) -> None:
    page = visit.open()
    page.locator("#help-b").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#help")).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || help.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "help-b"


@pytest.mark.parametrize("visit", [{"reduced_motion": "reduce"}], indirect=True, ids=["still"])
def test_stepping_starts_where_one_reads_and_heeds_view_and_filter(visit: Visit) -> None:
    page = visit.open()
    page.evaluate("document.querySelector('#p9').scrollIntoView()")
    page.keyboard.press("j")
    assert page.locator(".cur").first.evaluate("one => one.closest('.row').id") == "p9"
    page.select_option("#show", "number")
    page.evaluate("document.querySelector('#p9').scrollIntoView()")
    assert page.locator("#pos").inner_text() == "2 changes"
    page.keyboard.press("k")
    assert page.locator(".cur").first.evaluate("one => one.closest('.row').id") == "p2"
    choose(page, "side")
    page.keyboard.press("j")
    assert page.locator(".b .cur:visible").count() == 1
    page.select_option("#show", "all")
    choose(page, "a")
    page.evaluate("document.querySelector('#p9').scrollIntoView()")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "ref-rank_a"


def test_the_page_is_painted_before_its_script_runs(visit: Visit) -> None:
    page = visit.open()
    assert page.locator("script[src]").evaluate_all("all => all.every((one) => one.defer)")


def test_a_reference_to_the_place_that_one_reads_can_be_copied(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("c")
    first = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r".*, in “A title”, .*, http://.*/test/index.html#[xp]\d+", first)
    page.keyboard.press("j")
    page.click("#copy")
    change = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"‘.*’.*, in “A title”.*#c-[\w-]+$", change)
    assert page.url.endswith(change[change.index("#") :])
    expect(page.locator("#live")).to_have_text("Copied")
    page.locator("#ref-wave").focus()
    page.keyboard.press("c")
    assert page.evaluate("navigator.clipboard.readText()").endswith("#note-wave")


def test_the_theme_is_remembered(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("t")
    page.keyboard.press("t")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 23, 26)"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("visit", [{}, {"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["card", "sheet"])
def test_a_reference_opens_the_whole_note_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit.open()
    reference = page.locator("#ref-wave")
    reference.click()
    card = page.locator("#card")
    expect(card).to_be_visible()
    expect(card.locator("h3")).to_have_text("12,000 becomes 15,000")
    assert page.locator("#d-wave.on, .d.on").count() >= 1
    assert page.url.endswith("#d-wave")
    card.get_by_text("Copy link").click()
    expect(card.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("test/index.html#note-wave")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.id") in {"ref-wave", ""}


@pytest.mark.parametrize("visit", [NO_SCRIPTS], indirect=True)
def test_without_scripts_a_reference_leads_to_its_note_and_back(visit: Visit) -> None:
    page = visit.open()
    assert not visible(page, ".js")
    page.locator("#ref-wave").click()
    assert page.url.endswith("#note-wave")
    expect(page.locator("#note-wave")).to_be_in_viewport()
    page.locator("#note-wave .back").first.click()
    assert page.url.endswith("#ref-wave")
    expect(page.locator("#ref-wave")).to_be_in_viewport()


@pytest.mark.parametrize("view", VIEWS)
def test_a_link_to_a_passage_arrives_in_every_view(visit: Visit, view: str) -> None:
    page = visit.open(f"test/index.html?view={view}#d-wave")
    expect(page.locator("#p2")).to_be_in_viewport()


@pytest.mark.parametrize("view", ["side", "a", "b"])
def test_a_link_to_a_change_arrives_in_every_view(visit: Visit, comparison: Comparison, view: str) -> None:
    change = comparison.rows[4].changes[0]
    page = visit.open(f"test/index.html?view={view}#c-{change.id}")
    expect(page.locator("#p3")).to_be_in_viewport()
    assert page.locator(".cur:visible, #p3.cur").count() >= 1


def test_both_ends_of_a_move_lead_to_each_other(visit: Visit) -> None:
    page = visit.open()
    end = page.locator("#p1 .mv-l").first
    target = end.get_attribute("href") or ""
    end.click()
    assert page.url.endswith(target)
    assert page.locator(f"{target} .mv-l").get_attribute("href") == "#" + (page.locator("#p1 .mv").first.get_attribute("id") or "")


@pytest.mark.parametrize("path", ["test/index.html", "many/index.html", "example/index.html"])
def test_nothing_scrolls_sideways_in_any_view(visit: Visit, path: str) -> None:
    page = visit.open(path)
    for width in (320, 900) if path.startswith("many") else WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for view in VIEWS if path != "example/index.html" else ():
            choose(page, view)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("width", [390, 1440])
def test_no_line_leaves_the_edges_of_the_page(visit: Visit, width: int) -> None:
    page = visit.open()
    page.set_viewport_size({"width": width, "height": 900})
    edge = page.locator("h1").bounding_box()
    assert edge
    lefts = page.locator("main :is(h2, p, dl):visible").evaluate_all(LEFTS)
    assert len(lefts) > 20
    assert min(lefts) >= edge["x"]


@pytest.mark.parametrize("path", ["test/index.html", "many/index.html"])
def test_margin_notes_stand_beside_their_passages_and_never_overlap(visit: Visit, path: str) -> None:
    page = visit.open(path)
    for width in (864, 900, 1024, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        boxes = page.evaluate(BOXES)
        assert len(boxes) == page.locator(".sn").count() > FEW
        text = page.locator("#p2 .m").bounding_box()
        assert text
        above = 0.0
        for top, bottom, left, right, passage in boxes:
            assert top >= above, width
            assert text["x"] + text["width"] <= left < right <= width
            assert passage - 30 <= top <= max(passage + 40, above + 40), (width, "beside its number, or right below the last note")
            above = bottom


def test_without_colour_every_mark_has_a_form_of_its_own(visit: Visit) -> None:
    page = visit.open()
    forms = page.evaluate(FORMS)
    assert len(set(forms)) == len(forms), forms
    assert len({tuple(form) for form in page.evaluate(NUMBERS)}) == 4


@pytest.mark.parametrize(("path", "width"), [("test/index.html", 390), ("long/index.html", 390), ("long/index.html", 1440)])
def test_paragraphs_laid_out_when_they_come_near_keep_links_and_numbers(visit: Visit, path: str, width: int) -> None:
    for view in VIEWS:
        page = visit.page
        page.set_viewport_size({"width": width, "height": 500})
        visit.open(f"{path}?view={view}#d-hidden")
        row = page.locator("#p11")
        assert row.evaluate("one => getComputedStyle(one).contentVisibility") == "auto"
        expect(row).to_be_in_viewport()
        number, box = page.locator("#p11 .pn").bounding_box(), row.bounding_box()
        assert number
        assert box
        assert number["x"] >= box["x"], "what lies outside of the row would be clipped"
        page.goto("about:blank")


def test_hidden_words_at_changes_are_not_copied(visit: Visit) -> None:
    page = visit.open()
    choose(page, "b")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#p2'))")
    copied = page.evaluate("String(getSelection())")
    assert "[A:" not in copied
    assert "About 15,000 soldiers were dispatched to support Putin in autumn." in SQUEEZE.sub(" ", copied)


def test_small_targets_are_big_enough_to_hit(visit: Visit) -> None:
    page = visit.open()
    page.set_viewport_size({"width": 390, "height": 844})
    for selector in ("#ref-wave", "#p1 .mv-l"):
        size = page.evaluate(TARGET, selector)
        assert min(size) >= 20, selector


@pytest.mark.parametrize("visit", [{}, NO_SCRIPTS], indirect=True, ids=["scripts", "no scripts"])
def test_the_page_prints(visit: Visit, tmp_path: Path) -> None:
    page = visit.open()
    page.emulate_media(media="print")
    assert not visible(page, "#tools")
    assert not visible(page, ".sn")
    assert visible(page, "#note-wave")
    told = "link => getComputedStyle(link, '::after').content.replace('attr(href)', link.getAttribute('href'))"
    assert "a.txt" in page.locator(".ver-m a").first.evaluate(told), "the address of a source"
    for selector in (".note", ".row"):
        assert page.locator(selector).last.evaluate("one => getComputedStyle(one).contentVisibility") == "visible"
    path = tmp_path / "page.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_size > 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_system_sets_the_colours_every_mark_keeps_its_form(visit: Visit, scheme: str) -> None:
    page = visit.open()
    page.emulate_media(color_scheme=scheme, forced_colors="active", reduced_motion="reduce")  # type: ignore[arg-type]  # from the list above
    forms = page.evaluate(FORMS)
    assert len(set(forms)) == len(forms), forms
    assert len({tuple(form) for form in page.evaluate(NUMBERS)}) == 4


def test_the_page_opens_from_the_file_system(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(f"file://{site}/example/index.html")
    page.locator("a", has_text="Kim Jong-un and the 100 soldiers").first.click()
    expect(page.locator("h1")).to_have_text("Kim Jong-un and the 100 soldiers")
    assert page.evaluate("document.documentElement.classList.contains('js')")
    page.get_by_text("Source text").first.click()
    assert "fight Ukraine" in page.content()
    page.close()


def test_stepping_goes_on_through_many_notes(visit: Visit) -> None:
    page = visit.open("many/index.html")
    found = []
    for _ in range(10):
        page.keyboard.press("n")
        found.append(page.evaluate("document.activeElement.id"))
    assert found == page.locator(".m .ref").evaluate_all("all => all.slice(0, 10).map((one) => one.id)")
