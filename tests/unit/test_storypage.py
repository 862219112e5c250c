"""The page of a story of several versions: time, pairs, what stands of the first one, what became of facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.collate.compare import compare_story
from generator.kinds import BUILT_IN_KINDS
from generator.model import Pair, Story
from generator.site.facts import facts_of
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.storypage import OverviewPage, overview_page
from generator.site.view import comparison_page
from tests.dom import Node, parse
from tests.pictures import CONFIG
from tests.stories import source, story

SITE = replace(CONFIG, kinds=BUILT_IN_KINDS)
RENDERER = Renderer(SITE, (default_templates(),))
TEXTS = (
    "The council met on Tuesday. The bridge will cost £4.2 million. Work begins in spring.",
    "The council met on Tuesday. The bridge will cost £4.8 million. Work begins in spring.",
    "The council met on Tuesday, and was tired. The bridge will cost £4.8 million.",
)


def told(dates: Sequence[str] = ("", "", ""), pairs: Sequence[str] = ("ab", "bc"), **fields: object) -> Story:
    return replace(
        story("", ""),
        witnesses=tuple(
            source(name, text, published=date) for name, text, date in zip("abc", TEXTS, dates, strict=True)
        ),
        pairs=tuple(Pair(*pair) for pair in pairs),
        **fields,
    )  # fmt: skip


def overview(of: Story, config: object = SITE) -> OverviewPage:
    comparisons, _ = compare_story(of)
    pages = [comparison_page(config, of, comparison) for comparison in comparisons]  # type: ignore[arg-type]
    return overview_page(config, of, comparisons, facts_of(of, comparisons, pages))  # type: ignore[arg-type]


def rendered(page: OverviewPage) -> Node:
    return parse(RENDERER.render(page))


def test_versions_stand_by_date_with_the_time_between_them_and_their_pairs() -> None:
    page = overview(told(("2025-05-16", "2025-05-16", "2025-05-13"), pairs=("ab", "ac")))
    assert [(version.letter, version.after) for version in page.versions] == [
        ("C", ""),
        ("A", "3 days later"),
        ("B", "the same day"),
    ]
    assert [[(pair.a, pair.b, pair.href) for pair in version.pairs] for version in page.versions] == [
        [("A", "C", "a-c/index.html")], [], [("A", "B", "a-b/index.html")],
    ]  # fmt: skip
    assert len(page.pairs) == 2


def test_a_version_without_a_date_follows_the_one_before_it() -> None:
    page = overview(told(("2025-05-13", "", "2025-05-14")))
    assert [(version.letter, version.after) for version in page.versions] == [("A", ""), ("B", ""), ("C", "")]
    assert [version.after for version in overview(told(("2025-05-13", "2025-05-14", "")))
            .versions] == ["", "1 day later", ""]  # fmt: skip


def test_the_matrix_has_a_cell_for_each_pair_and_says_what_was_not_compared() -> None:
    tree = rendered(overview(told()))
    (matrix,) = tree.all("table", "matrix")
    rows = [[cell.text().split("\n")[0] for cell in row.all("td")] for row in matrix.all("tr")[1:]]
    assert [len(row) for row in rows] == [3, 3, 3]
    assert "not compared" in rows[0][2]
    assert rows[0][0] == ""
    assert rows[0][1].endswith("%")
    assert len(matrix.all("a")) == 2


def test_facts_that_changed_lead_to_the_change_and_the_others_are_counted() -> None:
    page = overview(told())
    assert [(line.kind, [(cell.words, cell.state) for cell in line.cells]) for line in page.fates] == [
        ("Numbers", [("£4.2 million", "first"), ("£4.8 million", "changed"), ("£4.8 million", "same")]),
        ("Dates and times", [("spring", "first"), ("spring", "same"), ("", "gone")]),
    ]
    assert page.fates[0].cells[1].href.startswith("a-b/index.html#c-")
    assert page.fates[0].cells[2].href == ""
    assert page.fates[1].cells[2].href.startswith("b-c/index.html#c-")
    assert dict(page.kept)["Dates and times"] >= 1
    text = rendered(page).text()
    assert "no longer" in text
    assert "In all versions alike:" in text


def test_bars_say_what_each_version_keeps_of_the_first() -> None:
    page = overview(told())
    assert [version.bar is None for version in page.versions] == [True, False, False]
    for version in page.versions[1:]:
        bar = version.bar
        assert bar is not None
        assert bar.kept + bar.gone == page.versions[0].card.words
        assert bar.share == round(100 * bar.kept / (bar.kept + bar.gone))
        assert {kind for kind, _ in bar.paths} <= {"k", "oa", "xb"}


def test_a_version_that_nothing_connects_with_the_first_has_its_words_and_no_bar() -> None:
    of = replace(told(), witnesses=(*told().witnesses, source("d", TEXTS[2])), pairs=(Pair("a", "b"), Pair("c", "d")))
    found = overview(of).versions
    assert [(version.card.words, version.bar is None) for version in found] == [(15, True), (15, False), (14, True), (14, True)]


def test_long_quotations_are_cut_in_the_list_of_facts() -> None:
    long = " ".join(f"word{number}" for number in range(60))
    of = replace(told(), witnesses=(source("a", f"He said: “{long}.”"), source("b", "He said no."), source("c", "He said no.")))
    (line,) = [line for line in overview(of).fates if line.kind == "Quotations"]
    assert line.cells[0].words.endswith(" …")
    assert len(line.cells[0].words) < 120


def test_two_versions_compared_both_ways_have_neither_matrix_nor_bars() -> None:
    of = replace(told(), witnesses=told().witnesses[:2], pairs=(Pair("a", "b"), Pair("b", "a")))
    tree = rendered(overview(of))
    assert not tree.all("table", "matrix")
    assert not tree.all("table", "bars")
    assert len(tree.all("div", "tl-p")) == 2


def test_links_of_the_story_page_follow_the_setting() -> None:
    page = overview(told(), replace(SITE, relative_links=False, base_url="https://x.org/sub/"))
    assert {pair.href for pair in page.pairs} == {"/sub/test/a-b/", "/sub/test/b-c/"}
    assert page.fates[0].cells[1].href.startswith("/sub/test/a-b/#c-")
    assert page.versions[0].card.source == "/sub/test/a.txt"


def test_versions_beyond_the_alphabet_go_by_number() -> None:
    names = [f"v{number:02}" for number in range(28)]
    of = replace(
        told(), witnesses=tuple(source(name, TEXTS[0]) for name in names), pairs=tuple(Pair(names[0], name) for name in names[1:])
    )
    assert [letter for letter, _ in overview(of).letters][24:] == ["Y", "Z", "27", "28"]
