"""What a page of 20,000 words and 300 notes costs a browser: `python -m tests.bench.longpage`.

Makes two texts of 333 paragraphs, one a rewrite of the other, with a note on most of them, and opens their page in Chromium, wide
and narrow: milliseconds until it is painted and loaded, and of each view, filter and key from the press to the next frame.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from generator.collate.compare import compare_story
from generator.model import Comparison
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.view import comparison_page
from tests.browser.chromium import chromium_path, start
from tests.files import write_files
from tests.pictures import CONFIG, note, placed, told, with_notes
from tests.stories import story

PARAGRAPHS, WORDS, NOTES = 333, 60, 300
VOCABULARY = (
    "the of and soldiers troops said officials government on Friday reported new losses region army around thousand which had been "
    "after their service in a to killed wounded north south minister statement number president war called early late week month"
).split()
SIZES = ((1440, 1000), (390, 844))

TIMES = """async () => {
  const found = {};
  const time = async (name, act) => {
    const start = performance.now();
    act();
    document.body.offsetHeight;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    found[name] = Math.round(performance.now() - start);
  };
  const press = (key) => () => document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  const show = document.querySelector("#show");
  const [navigation] = performance.getEntriesByType("navigation");
  found.painted = Math.round(performance.getEntriesByName("first-contentful-paint")[0].startTime);
  found.loaded = Math.round(navigation.loadEventEnd);
  for (const key of "2341") await time(`view ${key}`, press(key));
  for (const value of ["main", "notes", "wording", "all"]) {
    await time(`filter ${value}`, () => { show.value = value; show.dispatchEvent(new Event("change")); });
  }
  for (const [index, key] of [..."jjkjnnp"].entries()) await time(`${index + 1}. key ${key}`, press(key));
  return found;
}"""


def long_comparison() -> Comparison:
    """A made-up report, and its rewrite with every seventh word or so exchanged, left out or added."""
    chance = random.Random(4)  # noqa: S311 variety, not secrets
    base = [_paragraph(chance) for _ in range(PARAGRAPHS)]
    rewrite = [[word for given in paragraph for word in _rewritten(given, chance)] for paragraph in base]
    told_story = story(*("\n\n".join(" ".join(words) for words in text) for text in (base, rewrite)))
    (comparison,), _ = compare_story(told_story)
    notes = []
    for index, words in enumerate(base[:NOTES]):
        severity = ("major", "moderate", "minor", "minor", "checked")[index % 5]
        notes.append(placed(comparison, note(f"n{index}", severity=severity), " ".join(words)))
    return with_notes(comparison, *notes)


def _paragraph(chance: random.Random) -> list[str]:
    words = [chance.choice(VOCABULARY) + (str(chance.randint(1, 999)) if chance.random() < 0.25 else "") for _ in range(WORDS)]
    return [f"{word}." if index % 15 == 14 else word.title() if index % 15 == 0 else word for index, word in enumerate(words)]


def _rewritten(word: str, chance: random.Random) -> list[str]:
    dice = chance.random()
    if dice < 0.1 or word.endswith("."):
        return [chance.choice(VOCABULARY) + word[len(word.rstrip(".")) :]]
    return [] if dice < 0.13 else [word, chance.choice(VOCABULARY)] if dice < 0.16 else [word]


def main() -> None:
    """Print the figures."""
    path = chromium_path()
    if path is None:
        sys.exit("There is no Chromium on this machine.")
    comparison = long_comparison()
    renderer = Renderer(CONFIG, (default_templates(),))
    page = comparison_page(CONFIG, told(comparison), comparison)
    files = {asset.path: asset.data for asset in renderer.assets()} | {page.route: renderer.render(page).encode()}
    print(f"{sum(comparison.figures.words):,} words, {NOTES} notes, {len(files[page.route]):,} bytes")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        write_files(Path(name), files)
        browser = start(playwright, path)
        for width, height in SIZES:
            tab = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            tab.goto(f"file://{name}/{page.route}")
            tab.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            print(f"{width} wide, ms:", ", ".join(f"{what} {spent}" for what, spent in tab.evaluate(TIMES).items()))
            tab.close()
        browser.close()


if __name__ == "__main__":
    main()
