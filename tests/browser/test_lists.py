"""The pages around the comparisons in Chromium: filters with and without scripts, from files, in every width; other checkers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.site.build import Options, build
from tests.browser.hosted import hosted
from tests.browser.packages import axe_violations, html_validate_faults, vnu_faults
from tests.browser.visits import Visit
from tests.manysite import SEVERAL, slug_of, write_site

KINDS_OF_PAGES = {
    "index": "index.html",
    "tag": "tag/local-news/index.html",
    "tags": "tags/index.html",
    "publisher": "publisher/neue-hafenpost/index.html",
    "publishers": "publishers/index.html",
    "kind": "kind/number/index.html",
    "kinds": "kinds/index.html",
    "notes": "notes/index.html",
    "older-notes": "notes/page/1/index.html",
    "how": "how-to-read/index.html",
    "own": "about/index.html",
    "missing": "404.html",
    "story": f"{slug_of(max(SEVERAL))}/index.html",
}
WIDTHS = (320, 390, 900, 1440)
WIDE, NARROW = (1440, 1000), (390, 844)
STILL = {"reduced_motion": "reduce"}
STORIES = 36
"""Enough for two sheets of notes, and for a story of six versions."""
NO_SCRIPTS = {"java_script_enabled": False}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    write_site(root, STORIES, 'base_url = "https://example.org/sub/"\n')
    assert build(root, root / "output", Options(catch=False)).diagnostics == ()
    return root / "output"


@pytest.fixture
def seen(browser: Browser, many: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh window on the site below a path, with the policy that the site itself asks for."""
    with hosted(many, "/sub/") as address:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **getattr(request, "param", {})})
        visited = Visit(context.new_page(), address.rstrip("/"))
        yield visited
        context.close()
    assert visited.faults == []


def shown(page: Page, items: str = ".it") -> int:
    return page.locator(f"{items}:visible").count()


# ------------------------------------------------------------------ filters


@pytest.mark.parametrize("seen", [{}, NO_SCRIPTS], indirect=True, ids=["scripts", "no scripts"])
def test_a_severity_narrows_a_list_with_and_without_scripts(seen: Visit) -> None:
    page = seen.open("index.html")
    every = shown(page)
    page.check("#s-major", force=True)
    assert 0 < shown(page) < every
    assert shown(page) == page.locator('.it[data-severity~="major"]').count()
    page = seen.open("notes/index.html")
    page.check("#s-checked", force=True)
    assert shown(page, ".ln") == page.locator('.ln[data-severity="checked"]').count() > 0
    assert shown(page, ".grp") == page.locator('.grp:has([data-severity="checked"])').count()


@pytest.mark.parametrize("seen", [NO_SCRIPTS], indirect=True)
def test_without_scripts_tags_and_publishers_are_links(seen: Visit) -> None:
    page = seen.open("index.html")
    assert shown(page, ".flt select") == 0
    name = page.locator(".it-k a").first.inner_text()
    page.locator(".it-k a").first.click()
    assert page.locator("h1").inner_text() == name


def test_choices_narrow_the_list_in_place_and_stay_in_the_address(seen: Visit) -> None:
    page = seen.open("index.html")
    page.select_option("select[name=tag]", "elections")
    count = page.locator('.it[data-tag~="elections"]').count()
    assert shown(page) == count
    expect(page.locator("#filter-status")).to_have_text(f"{count} of {STORIES} shown")
    page.check("#s-major", force=True)
    assert page.url.endswith("?severity=major&tag=elections")
    both = page.locator('.it[data-tag~="elections"][data-severity~="major"]').count()
    assert shown(page) == both < count
    page.reload()
    expect(page.locator("#s-major")).to_be_checked()
    assert page.locator("select[name=tag]").input_value() == "elections"
    assert shown(page) == both
    page.select_option("select[name=kind]", "headline")
    page.select_option("select[name=publisher]", "wire-co")
    expect(page.locator(".flt-n")).to_be_visible(visible=not shown(page))
    page.check("#s-all", force=True)
    for name in ("tag", "kind", "publisher"):
        page.select_option(f"select[name={name}]", "")
    assert shown(page) == STORIES
    assert page.locator("#filter-status").inner_text() == ""
    assert "?" not in page.url


def test_an_unknown_choice_in_the_address_is_none(seen: Visit) -> None:
    page = seen.open("index.html?tag=nothing&severity=huge&x=%3Cb%3E")
    assert shown(page) == STORIES
    expect(page.locator("#s-all")).to_be_checked()


def test_one_sheet_of_several_says_so_and_leads_to_all(seen: Visit) -> None:
    page = seen.open("notes/index.html")
    page.select_option("select[name=kind]", "number")
    expect(page.locator("#filter-status")).to_contain_text("Only this page is narrowed.")
    page.locator("#filter-status a").click()
    assert page.locator("h1").inner_text() == "Number"
    assert page.url.endswith("/kind/number/index.html")


def test_a_note_in_a_list_leads_to_the_passage_it_speaks_of(seen: Visit) -> None:
    page = seen.open("notes/index.html")
    page.locator(".ln .back").first.click()
    expect(page.locator(".ref:target")).to_be_in_viewport()


def test_an_own_page_shows_its_text_and_its_picture(seen: Visit) -> None:
    page = seen.open("about/index.html")
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    assert page.evaluate("document.querySelector('main img').naturalWidth") == 2


def test_a_fact_that_changed_leads_to_the_change(seen: Visit) -> None:
    page = seen.open(KINDS_OF_PAGES["story"])
    page.locator(".fates a").first.click()
    assert "#c-" in page.url
    assert page.evaluate("document.getElementById(location.hash.slice(1)) !== null")


def test_the_site_opens_from_a_file_system(browser: Browser, many: Path) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.goto(f"file://{many}/index.html")
    page.get_by_role("link", name="Tags").click()
    page.get_by_role("link", name="elections").click()
    page.select_option("select[name=publisher]", "wire-co")
    assert page.url.endswith("/tag/elections/index.html?publisher=wire-co")
    page.locator(".it:visible h3 a").first.click()
    assert page.locator("#text").count() + page.locator(".tl").count() == 1
    page.close()
    assert faults == []


# ------------------------------------------------------------------ every kind of page


def test_nothing_is_wider_than_the_window(seen: Visit) -> None:
    for name, path in KINDS_OF_PAGES.items():
        page = seen.open(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (name, width)


@pytest.mark.parametrize(
    ("seen", "size", "names"),
    [
        ({"color_scheme": "light", **STILL}, WIDE, ("tag", "publishers", "kind", "how", "own", "story")),
        ({"color_scheme": "dark", **STILL}, NARROW, ("index", "tags", "kinds", "older-notes", "missing", "story")),
    ],
    indirect=["seen"],
    ids=["light-wide", "dark-narrow"],
)
def test_axe_finds_nothing_on_any_kind_of_page(seen: Visit, size: tuple[int, int], names: tuple[str, ...]) -> None:
    """Each kind of page in one theme and width; `make test-long` has every one in all."""
    for name in names:
        page = seen.open(KINDS_OF_PAGES[name])
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert axe_violations(page) == [], name


@pytest.mark.long
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("seen", [{"color_scheme": theme, **STILL} for theme in ("light", "dark")], indirect=True)
@pytest.mark.parametrize("path", KINDS_OF_PAGES.values(), ids=KINDS_OF_PAGES)
def test_axe_finds_nothing_in_any_theme_and_width(seen: Visit, path: str, size: tuple[int, int]) -> None:
    page = seen.open(path)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert axe_violations(page) == []


@pytest.fixture
def files(many: Path) -> list[Path]:
    return [many / path for path in KINDS_OF_PAGES.values()]


@pytest.mark.long
def test_html_validate_finds_nothing(files: list[Path], tmp_path: Path) -> None:
    assert html_validate_faults(files, tmp_path / "told.json") == []


@pytest.mark.long
def test_the_nu_validator_finds_nothing(files: list[Path]) -> None:
    assert vnu_faults(files) == []
