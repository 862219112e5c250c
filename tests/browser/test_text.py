"""The text as it is shown: in every view and under every filter the words stand apart as their texts have them.

Asked of the rendered page, on both examples and on the hard page: what is visible, run by run, in the order of the page.
"""

from __future__ import annotations

import pytest

from tests.browser.visits import Visit
from tests.stories import SEED

HARD = "test/index.html"
PAGES = (
    HARD,
    f"example/{SEED}/index.html",
    "example/harbour-bridge-vote/first-updated/index.html",
    "example/harbour-bridge-vote/updated-corrected/index.html",
)

FAULTS = """() => {
  const faults = new Set();
  const squeezed = (parts) => parts.join("").replace(/\\s+/g, " ").trim();
  const clean = (paragraph) => {
    const copy = paragraph.cloneNode(true);
    copy.querySelectorAll(".ref, .sn, .mv-l").forEach((one) => one.remove());
    return copy.textContent + " ";
  };
  const shown = (paragraph) => {
    const runs = [];
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const {data: text, parentElement: at} = walker.currentNode;
      if (!text || at.closest(".ref, .sn, .mv-l") || !at.checkVisibility({visibilityProperty: true})) continue;
      runs.push({text, isDeleted: !!at.closest("del"), isAdded: !!at.closest(".sp"), isTight: !!at.closest(".inf, .ty")});
    }
    return [...runs, {text: " "}];
  };
  const isWord = (character) => /[\\p{L}\\p{N}]/u.test(character);
  function look(row, view, told) {
    const paragraphs = [...row.querySelectorAll({inline: ".m", side: ".a, .b"}[view] ?? "." + view)];
    const runs = paragraphs.flatMap(shown);
    if (view !== "inline") {
      const [seen, whole] = [squeezed(runs.map((run) => run.text)), squeezed(paragraphs.map(clean))];
      if (seen !== whole) told(`${seen} in place of ${whole}`);
    } else if (!row.matches(".only")) {
      const seen = squeezed(runs.filter((run) => !run.isDeleted && !run.isAdded).map((run) => run.text));
      const whole = squeezed([...row.querySelectorAll(".b")].map(clean));
      if (seen !== whole) told(`${seen} in place of ${whole}`);
    }
    runs.reduce((last, run) => {
      const [end, start] = [last.text.at(-1), run.text[0]];
      const isBorder = run.isDeleted !== last.isDeleted && !run.isTight && !last.isTight;
      if (isBorder && isWord(end) && isWord(start)) told(`no space between ${last.text} and ${run.text}`);
      if (/\\s/.test(end) && /[,.;:!?)]/.test(start) && !(run.isDeleted && !last.isDeleted)) told(`a space before ${run.text}`);
      return run;
    }, {text: " "});
  }
  for (const view of document.querySelectorAll("input[name=view]")) {
    view.checked = true;
    for (const option of document.querySelector("#show").options) {
      option.selected = true;
      for (const row of document.querySelectorAll(".row")) {
        look(row, view.value, (fault) => faults.add(`${view.value}, ${option.value}, ${row.id}: ${fault}`));
      }
    }
  }
  return [...faults];
}"""

COPIED = """() => {
  getSelection().selectAllChildren(document.querySelector("#text"));
  return String(getSelection()).split(/\\s+/).join(" ").trim();
}"""

NUMBERS = """(kind) => [...document.querySelectorAll(".m .ref")].filter((one) => one.checkVisibility()).map((one) => {
  const change = one.closest(".c");
  return [one.dataset.kind.split(" ").includes(kind), !change || change.dataset.kind.split(" ").includes(kind)];
})"""


@pytest.mark.parametrize("path", PAGES, ids=["hard", "large", "small", "smallest"])
def test_in_every_view_and_filter_the_text_is_whole_and_its_words_stand_apart(visit: Visit, path: str) -> None:
    assert visit.open(path).evaluate(FAULTS) == []


def test_a_missing_space_would_be_found(visit: Visit) -> None:
    page = visit.open(PAGES[1])
    page.evaluate("document.querySelectorAll('.sp').forEach((one) => one.remove())")
    assert any("no space between" in fault for fault in page.evaluate(FAULTS))


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_text_alone_is_copied_as_its_article(visit: Visit, side: str) -> None:
    page = visit.open(PAGES[1])
    page.check(f"#v-{side}", force=True)
    copied = page.evaluate(COPIED)
    article = page.request.get(page.locator(".ver a", has_text="Source text").nth("ab".index(side)).evaluate("link => link.href"))
    assert copied == " ".join(article.text().split())


def test_the_filter_of_one_kind_shows_its_notes_and_no_number_beside_what_it_hides(visit: Visit) -> None:
    page = visit.open(PAGES[1])
    page.select_option("#show", "number")
    numbers = page.evaluate(NUMBERS, "number")
    assert numbers
    assert all(is_of_kind and is_shown for is_of_kind, is_shown in numbers)
    assert page.locator(".sn:visible").count() < page.locator(".sn").count()
    page.select_option("#show", "notes")
    assert page.locator(".sn:visible").count() == page.locator(".sn").count()


def test_a_change_of_nothing_but_hidden_characters_is_named(visit: Visit) -> None:
    page = visit.open(HARD)
    labels = "[...document.querySelectorAll('#p10 .m .iv')].filter((one) => one.checkVisibility()).map((one) => one.dataset.u)"
    assert page.evaluate(labels) == ["RLO", "ZWSP", "ZWJ"]
    assert page.locator("#p10 .m .iv").first.get_attribute("title") == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert page.locator("#p10 .m .iv").first.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"
    page.select_option("#show", "typographic")
    assert page.evaluate(labels) == ["RLO", "ZWJ"], "what only b has stays, of what only a has the change of this kind"


def test_every_change_has_a_link_that_needs_no_script(visit: Visit) -> None:
    page = visit.open(PAGES[1])
    links = page.locator(".chs a").evaluate_all("links => links.map((link) => link.hash.slice(1))")
    stops = page.locator(".m .c").evaluate_all("stops => stops.map((stop) => stop.id).filter(Boolean)")
    assert links == stops
    assert page.locator(".chs ol:visible").count() == 0
