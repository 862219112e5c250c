"""A site in a browser: built once into a folder, opened in Chromium from files or from a server with the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator.model import Comparison, Pair
from generator.site.build import Options, build
from generator.site.hosting import HEADERS, headers
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.view import LONG_WORDS, comparison_page
from tests.browser.hardpage import FEW, MANY, hard_comparison
from tests.browser.hosted import hosted
from tests.browser.visits import Visit
from tests.files import write_files
from tests.pictures import CONFIG, told
from tests.stories import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    """The hard page's comparison."""
    return hard_comparison(FEW)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, comparison: Comparison) -> Path:
    """A hard comparison at test/, the same with very many notes at many/, as a long text at long/; the example site at example/."""
    folder = tmp_path_factory.mktemp("site")
    renderer = Renderer(CONFIG, (default_templates(),))
    story = told(comparison)
    files = {asset.path: asset.data for asset in renderer.assets()} | {HEADERS: headers(CONFIG, ())}
    crowded = hard_comparison(MANY)
    long = replace(comparison, figures=replace(comparison.figures, words=Pair(LONG_WORDS, LONG_WORDS)))
    pages = (
        comparison_page(CONFIG, story, comparison),
        comparison_page(CONFIG, told(crowded, slug="many"), crowded),
        comparison_page(CONFIG, told(comparison, slug="long"), long),
    )
    for page in pages:
        files[page.route] = renderer.render(page).encode()
    for source in story.witnesses:
        files[f"{story.slug}/{source.name}.txt"] = source.text.encode()
    write_files(folder, files)
    build(ROOT, folder / "example", Options(is_cached=False))
    return folder


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site on a server that sends what its `_headers` asks for: the strict policy of a published site."""
    with hosted(site, "/") as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh window; parametrise indirectly with keywords of a browser context. Nothing may have gone wrong in the end."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **getattr(request, "param", {})})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visited = Visit(context.new_page(), address)
    yield visited
    context.close()
    assert visited.faults == []
