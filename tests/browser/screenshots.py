"""Pictures of the example site: `make screenshots`, or `python -m tests.browser.screenshots [FOLDER]`.

Each view light, dark, wide, medium and narrow, the notes, a card, the lists, the hard page, and the printed page (a PNG a sheet
where `pdftoppm` is) go into FOLDER (default: `screenshots/`, which git ignores). The three that README shows go into `.readme/`.
Letters are drawn in the fonts of the machine: with Palatino or URW Palladio (Debian: fonts-urw-base35) and Inter (fonts-inter)
the pages look as they were designed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from generator.site.build import Options, build
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.view import comparison_page
from tests.browser.chromium import chromium_path, start
from tests.browser.hardpage import FEW, hard_comparison
from tests.files import write_files
from tests.pictures import CONFIG, told
from tests.stories import ROOT, SEED

PAGE, REVISION, OVERVIEW, HARD = (
    f"{SEED}/index.html",
    "harbour-bridge-vote/first-updated/index.html",
    "harbour-bridge-vote/index.html",
    "hard/test/index.html",
)
AROUND = {
    "story": OVERVIEW,
    "notes": "notes/index.html",
    "kind": "kind/number/index.html",
    "kinds": "kinds/index.html",
    "tag": "tag/sample/index.html",
    "tags": "tags/index.html",
    "publishers": "publishers/index.html",
    "how": "how-to-read/index.html",
    "own": "about/index.html",
}
"""A page of each kind around the comparisons."""
README = ROOT / ".readme"


class Shot(NamedTuple):
    """One picture: its name, the page, the window (pixels), the theme, and what is clicked first."""

    name: str
    path: str
    width: int
    height: int
    theme: str = "light"
    click: str = ""


SHOWN = (
    Shot("page", PAGE, 1280, 1300),
    Shot("phone", f"{PAGE}?show=notes#p8", 390, 780),
    Shot("dark", f"{PAGE}#p6", 900, 780, "dark"),
)
"""What README shows."""


def shots() -> Iterator[Shot]:
    """All the pictures but README's."""
    for view in ("inline", "side", "a", "b"):
        for width, height in ((1440, 1800), (900, 1500), (390, 1600)):
            for theme in ("light", "dark"):
                yield Shot(f"{view}-{width}-{theme}", f"{PAGE}?view={view}#tools", width, height, theme)
    for width in (320, 390, 900, 1440, 1920):
        yield Shot(f"head-{width}", PAGE, width, 1500)
        yield Shot(f"index-{width}", "index.html", width, 1500)
        yield Shot(f"overview-{width}", OVERVIEW, width, 1200)
    for name, path in AROUND.items():
        for width, theme in ((390, "dark"), (390, "light"), (1440, "dark"), (1440, "light")):
            yield Shot(f"{name}-{width}-{theme}", path, width, 1500, theme)
    for width in (390, 1440):
        yield Shot(f"discrepancies-{width}", f"{PAGE}?show=notes#tools", width, 1500)
        yield Shot(f"numbers-{width}", f"{PAGE}?show=number#tools", width, 1500)
        yield Shot(f"notes-{width}", f"{PAGE}#notes", width, 1500)
        yield Shot(f"card-{width}", f"{PAGE}#p4", width, 900, click=".m .ref.major >> nth=2")
        yield Shot(f"revision-{width}", REVISION, width, 1500)
        yield Shot(f"hard-{width}", f"{HARD}#tools", width, 1800)
        yield Shot(f"hard-side-{width}", f"{HARD}?view=side#tools", width, 1800)


def take(browser: Browser, site: Path, shot: Shot, folder: Path) -> None:
    """One picture, written as `folder/name.png`."""
    size = {"width": shot.width, "height": shot.height}
    page = browser.new_page(viewport=size, color_scheme=shot.theme, reduced_motion="reduce")  # type: ignore[arg-type]  # a Shot's
    page.goto(f"file://{site}/{shot.path}")
    if shot.click:
        page.locator(shot.click).click()
    page.screenshot(path=folder / f"{shot.name}.png")
    page.close()


def print_out(browser: Browser, site: Path, folder: Path) -> None:
    """The printed page as PDF, and its sheets as pictures where `pdftoppm` is."""
    page = browser.new_page()
    page.goto(f"file://{site}/{PAGE}")
    page.pdf(path=folder / "print.pdf", prefer_css_page_size=True)
    page.close()
    if tool := shutil.which("pdftoppm"):
        subprocess.run([tool, "-r", "80", "-png", str(folder / "print.pdf"), str(folder / "print")], check=True)


def build_site(folder: Path) -> None:
    """The example site, with the hard page at hard/."""
    build(ROOT, folder, Options(is_cached=False))
    renderer = Renderer(CONFIG, (default_templates(),))
    comparison = hard_comparison(FEW)
    page = comparison_page(CONFIG, told(comparison), comparison)
    files = {asset.path: asset.data for asset in renderer.assets()} | {page.route: renderer.render(page).encode()}
    write_files(folder / "hard", files)


def main(folder: Path) -> None:
    """All pictures into a folder, README's into `.readme/`."""
    path = chromium_path()
    if path is None:
        sys.exit("Screenshots need Chromium.")
    for target in (folder, README):
        target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        site = Path(name) / "site"
        build_site(site)
        browser = start(playwright, path)
        for shot in SHOWN:
            take(browser, site, shot, README)
        for shot in shots():
            take(browser, site, shot, folder)
        print_out(browser, site, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
