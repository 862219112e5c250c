"""The pages around the stories: which there are, what they hold, and that each is made from what it says it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.addresses import RESERVED
from generator.errors import Where
from generator.kinds import BUILT_IN_KINDS
from generator.ownpages import OwnPage, OwnPages, Picture
from generator.site import feeds, sitemap
from generator.site.around import NEWEST, Planned, around, is_grouped_alike, newest_first
from generator.site.facts import StoryFacts
from generator.site.lists import IndexPage, TermPage, TermsPage
from generator.site.notelists import KindsPage, NotesPage
from generator.site.paging import SHEET_LENGTH
from generator.site.plainpages import MissingPage, OwnPageView
from generator.site.program import default_templates
from generator.site.render import Renderer
from tests.dom import Node, parse
from tests.pictures import CONFIG
from tests.storyfacts import facts, note, witness

SITE = replace(CONFIG, kinds=BUILT_IN_KINDS)
RENDERER = Renderer(SITE, (default_templates(),))
ABOUT = OwnPage("about", "About us", "About", True, "de", "Who.", "# Us\n\n[kinds](/kinds/) ![](me.png)\n", Where("x"))
NO_PAGES = OwnPages()
OWN = OwnPages((ABOUT,), (Picture("me.png", b"png"), Picture("50% a#b.png", b"")))


def planned(*stories: StoryFacts, own: OwnPages = NO_PAGES, **settings: object) -> dict[str, Planned]:
    found = around(replace(SITE, **settings), stories, own)  # type: ignore[arg-type]
    assert len({each.route for each in found}) == len(found)
    return {each.route: each for each in found}


def page(of: dict[str, Planned], route: str) -> Node:
    made = of[route].make()
    assert not isinstance(made, bytes)
    return parse(RENDERER.render(made).replace(" />", "/>"))


def hrefs(node: Node) -> list[str]:
    return [one.attributes["href"] for one in node.all("a")]


def main(node: Node) -> Node:
    return node.by_id("main")


def test_an_empty_site_has_every_page_and_says_what_is_missing() -> None:
    found = planned()
    assert {"index.html", "tags/index.html", "publishers/index.html", "notes/index.html", "kinds/index.html"} <= set(found)
    assert {"how-to-read/index.html", "404.html", "kind/number/index.html"} <= set(found)
    for route in found:
        page(found, route)
    assert "There is no comparison here yet." in page(found, "index.html").text()
    assert "There is no note of this kind yet." in page(found, "kind/number/index.html").text()
    assert "No comparison has a tag yet." in page(found, "tags/index.html").text()
    assert "No version names its publisher yet." in page(found, "publishers/index.html").text()


def test_all_folders_of_the_site_are_reserved() -> None:
    stories = [facts(f"s{number}", note(f"s{number}", "n"), tags=("a",), witnesses=(witness("a", "P"),)) for number in range(120)]
    folders = {route.split("/")[0] for route in planned(*stories, own=OWN) if "/" in route}
    assert folders - {"about"} <= RESERVED


def test_the_newest_stand_first_and_what_failed_stands_nowhere() -> None:
    stories = (
        facts("old", published="2024-01-01"),
        facts("b", published="2025-01-01"),
        facts("a", published="2025-01-01"),
        facts("undated", published=""),
        facts("failed", published="2026-01-01", pairs=(), tags=("gone",)),
    )
    assert [story.slug for story in newest_first(stories)] == ["a", "b", "old", "undated"]
    found = planned(*stories)
    index = found["index.html"].make()
    assert isinstance(index, IndexPage)
    assert [entry.href for entry in index.entries] == ["a/index.html", "b/index.html", "old/index.html", "undated/index.html"]
    assert "tag/gone/index.html" not in found


def test_an_entry_tells_publishers_only_where_they_tell_versions_apart() -> None:
    one = facts("a", witnesses=(witness("a", "Post"), witness("b", "Post"), witness("c", "Post", words=0)))
    two = facts("b", witnesses=(witness("a", "Post"), witness("b")))
    index = planned(one, two)["index.html"].make()
    assert isinstance(index, IndexPage)
    assert [[(version.name, version.href) for version in entry.versions] for entry in index.entries] == [
        [("A", ""), ("B", "")], [("Post", "publisher/post/index.html"), ("B", "")],
    ]  # fmt: skip


def test_a_list_offers_only_choices_that_it_has_and_each_entry_says_what_it_answers_to() -> None:
    stories = (
        facts(
            "a", note("a", "n", ("number", "link"), "major"), tags=("Sea", "Port"), witnesses=(witness("a", "P"), witness("b", "Q"))
        ),
        facts("b", note("b", "n", ("number",), "minor"), tags=("Port",)),
    )
    found = planned(*stories)
    tree = page(found, "index.html")
    assert [select.attributes["name"] for select in tree.all("select")] == ["tag", "publisher", "kind"]
    assert [node.attributes["value"] for node in tree.all("option")] == ["", "port", "sea", "", "p", "q", "", "number", "link"]
    assert [node.attributes["id"] for node in tree.all("input")] == ["s-all", "s-major", "s-minor"]
    first, second = tree.all("li", "it")
    assert {name: first.attributes[f"data-{name}"] for name in ("severity", "tag", "publisher", "kind")} == {
        "severity": "major", "tag": "sea port", "publisher": "p q", "kind": "link number",
    }  # fmt: skip
    assert second.attributes["data-tag"] == "port"
    assert "../port/index.html" in hrefs(page(found, "tag/sea/index.html"))
    assert not page(planned(stories[1]), "index.html").all("select")


def test_a_long_list_is_cut_and_says_that_a_filter_concerns_one_page() -> None:
    count = 2 * SHEET_LENGTH + 3
    stories = [
        facts(f"s{n:03}", note(f"s{n:03}", "n", severity=("major", "minor")[n % 2]), published="", tags=("x",))
        for n in range(count)
    ]
    found = planned(*stories)
    first, last = page(found, "index.html"), page(found, "page/1/index.html")
    assert len(first.all("li", "it")) + len(last.all("li", "it")) == count
    assert first.by_id("filter").attributes["data-sheet"] == "Only this page is narrowed."
    assert [one.attributes["href"] for one in first.all("nav", "sheets")[0].all("a")] == ["page/1/index.html"]
    assert [one.text().strip(" ←→") for one in last.all("nav", "sheets")[0].all("a")] == ["Newer", "Newest"]
    assert "Older comparisons" in last.text()
    assert {"../../notes.csv", "../../notes.json"} <= set(hrefs(last))
    assert page(found, "tag/x/index.html").all("p", "dek")[0].text() == f"{count} comparisons"
    assert not page(found, "tag/x/page/1/index.html").all("p", "dek")
    assert "notes/page/1/index.html" in found


def test_notes_stand_by_story_and_lead_to_their_note_and_their_passage() -> None:
    found = planned(facts("a", note("a", "x", ("number", "own-kind"), "major"), note("a", "y", ("link",), "checked")), facts("b"))
    tree = main(page(found, "notes/index.html"))
    assert [node.text() for node in tree.all("h3")] == ["Story a 1 January 2025"]
    assert hrefs(tree.all("li", "ln")[0]) == [
        "../a/index.html#note-x", "../kind/number/index.html", "../a/index.html#ref-x",
    ]  # fmt: skip
    assert "Own kind" in tree.text()
    assert "2 notes" in tree.text()
    kind = found["kind/link/index.html"].make()
    assert isinstance(kind, NotesPage)
    assert [[line.title for line in group.notes] for group in kind.groups] == [["Title of y"]]
    assert kind.kind is not None
    assert kind.kind.definition in page(found, "kind/link/index.html").text()


def test_a_withdrawn_note_says_so_and_a_note_of_several_pairs_names_its_pair() -> None:
    one = facts("a")
    pairs = tuple(one.pairs[0]._replace(route=f"a/{name}/index.html", b=b) for name, b in (("a-b", "b"), ("a-c", "c")))
    withdrawn = note("a", "x")._replace(route="a/a-c/index.html", status="withdrawn")
    story = one._replace(pairs=pairs, notes=(withdrawn,), witnesses=(*one.witnesses, witness("c")), kinds=(("number", 1),))
    (line,) = page(planned(story), "notes/index.html").all("li", "withdrawn")
    assert "A → C" in line.text()
    assert "Withdrawn" in line.text()


def test_a_quotation_in_a_list_says_its_language_where_it_is_not_the_pages() -> None:
    versions = (witness("a"), witness("b")._replace(language="ar"))
    (line,) = page(planned(facts("a", note("a", "x"), witnesses=versions)), "notes/index.html").all("li", "ln")
    assert [(q.text(), q.attributes) for q in line.all("q")] == [("one", {}), ("two", {"lang": "ar", "dir": "rtl"})]


def test_every_kind_has_a_page_and_the_list_counts_its_notes() -> None:
    found = planned(facts("a", note("a", "x", ("number",)), note("a", "y", ("number", "link"))))
    kinds = found["kinds/index.html"].make()
    assert isinstance(kinds, KindsPage)
    totals = {line.href: line.total for _, lines in kinds.groups for line in lines}
    assert len(totals) == len(BUILT_IN_KINDS)
    assert totals["../kind/number/index.html"] == 2
    assert totals["../kind/agency/index.html"] == 0
    assert {f"kind/{kind.key}/index.html" for kind in BUILT_IN_KINDS} <= set(found)


def test_tags_and_publishers_are_listed_with_their_counts() -> None:
    found = planned(facts("a", tags=("Sea", "Port")), facts("b", tags=("Port",)))
    tags = found["tags/index.html"].make()
    assert isinstance(tags, TermsPage)
    assert [(line.name, line.total) for line in tags.lines] == [("Port", 2), ("Sea", 1)]
    port = found["tag/port/index.html"].make()
    assert isinstance(port, TermPage)
    assert (port.word, port.title, port.every.href, len(port.entries)) == ("Tag", "Port", "../../tags/index.html", 2)


def test_what_a_server_sends_for_a_missing_page_links_from_the_host() -> None:
    stories = [facts(f"s{number}") for number in range(NEWEST + 2)]
    for settings, base in (({}, "/"), ({"base_url": "https://x.org/sub/"}, "/sub/")):
        made = planned(*stories, **settings)["404.html"].make()
        assert isinstance(made, MissingPage)
        assert [story.href for story in made.newest] == [f"{base}s{number}/" for number in range(NEWEST)]
        assert made.head.canonical == ""


def test_own_pages_stand_in_the_navigation_of_every_page_with_their_pictures() -> None:
    found = planned(facts("a"), own=OWN, pages=OWN.navigation)
    view = found["about/index.html"].make()
    assert isinstance(view, OwnPageView)
    for href, link in (
        ("about.md#x", "#x"), ("gone.md", ""), ("me.png", "../pages/me.png"), ("no.png", ""), ("/", "../index.html"),
        ("50%25%20a%23b.png", "../pages/50%25%20a%23b.png"),
        ("/a/", "../a/index.html"), ("/n.csv", "../n.csv"), ("#x", "#x"), ("https://x.org/", "https://x.org/"), ("x:", ""),
    ):  # fmt: skip
        assert view.links(href) == link
    tree = page(found, "about/index.html")
    assert tree.all("article")[0].attributes["lang"] == "de"
    assert tree.by_id("us").tag == "h2"
    assert found["pages/me.png"].make() == b"png"
    assert "about/index.html" in hrefs(page(found, "index.html").all("nav")[0])


@pytest.mark.parametrize(
    ("relative_links", "base_url", "href"),
    [(True, "https://x.org/sub/", "../../index.html"), (False, "https://x.org/sub/", "/sub/"), (False, "", "/")],
)
def test_links_are_relative_or_begin_at_the_host(relative_links: bool, base_url: str, href: str) -> None:
    found = planned(facts("a", tags=("x",)), relative_links=relative_links, base_url=base_url)
    tree = page(found, "tag/x/index.html")
    assert tree.all("p", "brand")[0].all("a")[0].attributes["href"] == href
    root = href.removesuffix("index.html")
    assert all(node.attributes["href"].startswith(root) for node in tree.all("link") if node.attributes["rel"] == "stylesheet")


def test_the_how_to_read_page_shows_every_severity_and_kind() -> None:
    tree = main(page(planned(), "how-to-read/index.html"))
    for severity in ("major", "moderate", "minor", "checked"):
        assert tree.all("mark", f"d {severity}")
        assert tree.all("b", f"num {severity}")
    assert all(kind.definition in tree.text() for kind in BUILT_IN_KINDS)


NAMES = st.lists(st.sampled_from(["a", "b", "B", "résumé", "resume"]), unique=True, max_size=3).map(tuple)
STORY = st.tuples(
    NAMES, st.sampled_from(["", "P", "p", "Q"]), st.integers(0, 30), st.sampled_from(["2024-01-01", "2025-01-01", ""])
)


def made_stories(drawn: Sequence[tuple[tuple[str, ...], str, int, str]]) -> list[StoryFacts]:
    return [
        facts(
            f"s{index:02}",
            *(note(f"s{index:02}", f"n{number}", (("number", "link")[number % 2],)) for number in range(count)),
            published=published,
            tags=tags,
            witnesses=(witness("a", publisher), witness("b", "R")),
        )
        for index, (tags, publisher, count, published) in enumerate(drawn)
    ]


@given(st.lists(STORY, min_size=1, max_size=8), st.integers(0, 7), STORY)
def test_a_page_changes_only_with_what_it_says_it_is_made_from(
    drawn: list[tuple[tuple[str, ...], str, int, str]], which: int, other: tuple[tuple[str, ...], str, int, str]
) -> None:
    which %= len(drawn)
    before = made_stories(drawn)
    after = made_stories([*drawn[:which], other, *drawn[which + 1 :]])
    changed = before[which].slug if before[which] != after[which] else ""
    pages = planned(*before)
    for route, each in planned(*after).items():
        same = pages.get(route)
        if same and (same.needs, same.more) == (each.needs, each.more) and changed not in each.needs:
            assert same.make() == each.make(), route


def test_only_files_that_show_notes_change_with_what_notes_say_and_they_can_be_planned_again() -> None:
    drawn = [(("a",), "P", SHEET_LENGTH, "2025-01-01"), (("b",), "Q", 30, "2024-01-01"), ((), "", 20, "")]
    before = made_stories(drawn)
    said = tuple(each._replace(title="Other", a="x") for each in before[1].notes)
    after = [before[0], before[1]._replace(notes=said), before[2]]
    assert is_grouped_alike(before[1], after[1])
    site = replace(SITE, base_url="https://example.org/")
    stories = {story.slug: story for story in after}

    def files(of: Sequence[StoryFacts]) -> dict[str, Planned]:
        found = around(site, of, NO_PAGES)
        return {each.route: each for each in (*found, *feeds.planned(site, of), *sitemap.planned(site, of, found))}

    planned_before, planned_after = files(before), files(after)
    assert planned_before.keys() == planned_after.keys()
    changed = 0
    for route, each in planned_after.items():
        old = planned_before[route]
        assert (old.needs, old.more) == (each.needs, each.more), route
        if old.anew is None:
            assert old.make() == each.make(), route
        else:
            again = old.anew([stories[slug] for slug in old.needs])
            assert again.make() == each.make(), route
            assert (again.route, again.template, again.needs, again.more) == (route, each.template, each.needs, each.more)
            changed += old.make() != each.make()
    assert changed == 3  # a sheet of all notes, and one of either kind


@pytest.mark.parametrize(
    "other",
    [
        facts("s", note("s", "n", ("link",))),
        facts("s", note("s", "n", severity="minor")),
        facts("s", note("s", "n"), tags=("a",)),
        facts("s", note("s", "n"), updated="2025-02-02"),
        facts("s", note("s", "n"))._replace(notes=()),
        None,
    ],
)
def test_stories_that_differ_in_more_than_what_notes_say_are_planned_anew(other: StoryFacts | None) -> None:
    story = facts("s", note("s", "n"))
    assert is_grouped_alike(story, story)
    assert is_grouped_alike(None, None)
    assert not is_grouped_alike(story, other)
    assert not is_grouped_alike(other, story)
