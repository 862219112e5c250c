"""The search index and its page."""

import gzip
import json
from dataclasses import replace

import cbor2
import pytest

from generator.config import HAS_PAGEFIND
from generator.site import search
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.search import SEARCH_ROUTE, SearchFault, index, is_searched, planned, search_page, settled
from generator.site.view import comparison_page
from tests.dom import parse
from tests.pictures import CONFIG, compared, note, placed, told, with_notes

SITE = replace(CONFIG, search=True)
needs_pagefind = pytest.mark.skipif(not HAS_PAGEFIND, reason="the extra 'search' is not installed")


def page(slug: str, publisher: str = "Wire", tags: tuple[str, ...] = ("town",)) -> bytes:
    """A comparison of a zebra with an okapi, on which a note speaks of a quagga."""
    comparison = compared("A {zebra|okapi|name} crossed the harbour.")
    comparison = with_notes(comparison, placed(comparison, note("x", body="No quagga is meant."), "zebra", "okapi"))
    story = told(comparison, slug=slug, title=f"Title of {slug}", tags=tags)
    sources = tuple(replace(source, publisher=publisher) for source in story.witnesses)
    articles = type(comparison.articles)(
        *(replace(side, source=source) for side, source in zip(comparison.articles, sources, strict=True))
    )
    story = replace(story, witnesses=sources)
    return (
        Renderer(SITE, (default_templates(),)).render(comparison_page(SITE, story, replace(comparison, articles=articles))).encode()
    )


@pytest.fixture(scope="module")
def pages() -> list[tuple[str, bytes]]:
    return [
        ("one/index.html", page("one")),
        ("two/index.html", page("two", "Courier", ("town", "vote"))),
        ("index.html", b"<html lang=en><body>The list of comparisons"),
    ]


def fragments(files: dict[str, bytes]) -> dict[str, dict[str, object]]:
    """What the index keeps of each page, by its address."""
    found = [
        json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
        for path, data in files.items()
        if path.endswith(".pf_fragment")
    ]
    return {each["url"]: each for each in found}


@needs_pagefind
def test_titles_texts_and_notes_of_comparisons_are_found_and_nothing_else(pages: list[tuple[str, bytes]]) -> None:
    found = fragments(index(pages, keep_index=True))
    assert set(found) == {"/one/index.html", "/two/index.html"}
    words = str(found["/one/index.html"]["content"])
    for word in ("Title of one", "zebra crossed", "okapi crossed", "No quagga is meant", "About x"):
        assert word in words, word
    assert words.count("zebra") == 1
    assert words.count("quagga") == 1
    for word in ("Skip", "Download", "kept", "Side by side", "zebra okapi"):
        assert word not in words, word


@needs_pagefind
def test_a_result_leads_to_its_place_and_says_what_it_is(pages: list[tuple[str, bytes]]) -> None:
    found = fragments(index(pages, keep_index=True))["/two/index.html"]
    assert found["meta"] == {"title": "Title of two", "versions": "A and B", "date": "22 August 2025"}
    assert found["filters"] == {"tag": ["town", "vote"], "publisher": ["Courier"], "kind": ["Number"]}
    anchors = {anchor["id"]: anchor["location"] for anchor in found["anchors"]}  # type: ignore[attr-defined]  # a list of mappings
    place = str(found["content"]).split().index("quagga")
    assert anchors["p1"] < anchors["note-x"] <= place


@needs_pagefind
def test_addresses_name_folders_where_links_do(pages: list[tuple[str, bytes]]) -> None:
    assert set(fragments(index(pages, keep_index=False))) == {"/one/", "/two/"}


@needs_pagefind
def test_the_index_is_the_same_at_each_run_and_in_any_order(pages: list[tuple[str, bytes]]) -> None:
    many = [
        *pages,
        *((f"s{number}/index.html", page(f"s{number}", f"P{number % 7}", (f"t{number % 5}", "town"))) for number in range(12)),
    ]
    assert index(many, keep_index=True) == index(many[::-1], keep_index=True)


@needs_pagefind
def test_what_is_removed_or_retagged_leaves_nothing_behind(pages: list[tuple[str, bytes]]) -> None:
    before, after = index(pages, keep_index=True), index([pages[0], pages[2]], keep_index=True)
    assert any(b"Courier" in data for data in before.values())
    assert not any(
        b"Courier" in data or b"vote" in data for path, data in after.items() if path.endswith((".pf_filter", ".pf_meta"))
    )
    assert set(fragments(after)) == {"/one/index.html"}


@needs_pagefind
def test_only_what_the_page_loads_is_kept(pages: list[tuple[str, bytes]]) -> None:
    files = index(pages, keep_index=True)
    assert "pagefind/pagefind.js" in files
    assert not [path for path in files if "ui" in path or "worker" in path or "highlight" in path]
    assert all(path.startswith("pagefind/") for path in files)


def test_of_no_pages_there_is_no_index() -> None:
    assert index([("index.html", b"<p>nothing")], keep_index=True) == {}


@needs_pagefind
def test_a_failure_of_the_program_is_told(pages: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "TWICE", ("[",))
    with pytest.raises(SearchFault, match=r"\S"):
        index(pages, keep_index=True)


def test_names_in_the_index_follow_what_is_settled() -> None:
    def packed(content: object) -> bytes:
        return gzip.compress(b"pagefind_dcd" + cbor2.dumps(content))

    def files(values: list[object], filters: list[list[str]]) -> dict[str, bytes]:
        return {
            "pagefind/filter/pt-br_aaaaaaa.pf_filter": packed(["tag", values]),
            "pagefind/filter/pt-br_bbbbbbb.pf_filter": packed(["kind", [["Number", [0]]]]),
            "pagefind/pagefind.pt-br_ccccccc.pf_meta": packed(["1.5.2", [], [], filters, [], []]),
            "pagefind/pagefind-entry.json": b'{"languages":{"pt-br":{"hash":"pt-br_ccccccc"}}}',
            "pagefind/index/pt-br_ddddddd.pf_index": b"as it is",
        }

    names = [["tag", "pt-br_aaaaaaa"], ["kind", "pt-br_bbbbbbb"]]
    one = settled(files([["b", [1]], ["a", [0, 1]]], names))
    other = settled(dict(reversed(files([["a", [0, 1]], ["b", [1]]], names[::-1]).items())))
    assert one == other
    assert one["pagefind/index/pt-br_ddddddd.pf_index"] == b"as it is"
    (meta,) = [path for path in one if path.endswith(".pf_meta")]
    assert meta.removeprefix("pagefind/pagefind.").removesuffix(".pf_meta") in one["pagefind/pagefind-entry.json"].decode()
    content = cbor2.loads(one[meta].removeprefix(b"pagefind_dcd"))
    assert [name for name, _ in content[3]] == ["kind", "tag"]
    assert {f"pagefind/filter/{file}.pf_filter" for _, file in content[3]} == {path for path in one if path.endswith(".pf_filter")}


def test_the_page_works_its_way_up_from_what_stands_in_it() -> None:
    (plan,) = planned(SITE)
    assert (plan.route, plan.template) == (SEARCH_ROUTE, "search.html")
    tree = parse(Renderer(SITE, (default_templates(),)).render(search_page(SITE)))
    form = tree.by_id("search")
    assert "hidden" in form.attributes
    assert form.attributes["data-index"] == "../pagefind/"
    assert [node.attributes["for"] for node in form.all("label") if "for" in node.attributes] == [
        form.all("input")[0].attributes["id"]
    ]
    assert "JavaScript" in tree.all("noscript")[0].text()
    assert tree.by_id("status").attributes["role"] == "status"


def test_a_site_without_search_has_no_page_no_link_and_no_marks() -> None:
    assert planned(CONFIG) == ()
    comparison = compared("One {two|three} four.")
    html = Renderer(CONFIG, (default_templates(),)).render(comparison_page(CONFIG, told(comparison), comparison))
    assert "search/index.html" not in html
    assert "pagefind-filter" not in html
    assert "search/index.html" in page("one").decode()


def test_pages_say_whether_they_are_searched(pages: list[tuple[str, bytes]]) -> None:
    assert [is_searched(data) for _, data in pages] == [True, True, False]
