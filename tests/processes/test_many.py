"""A whole site: no link leads nowhere, in whatever way links are written, and what is taken out leaves nothing behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.kinds import BUILT_IN_KINDS
from generator.site.build import Options, build
from tests.manysite import slug_of, story, write_site
from tests.pagelinks import broken, pages_of

SUB_PATH = 'base_url = "https://example.org/many/"\nrelative_links = false\n'


def built(root: Path) -> Path:
    """The site in `root`, built without a fault."""
    report = build(root, root / "output", Options(catch=False))
    assert report.stopped == ""
    assert [str(fault) for fault in report.diagnostics] == []
    return root / "output"


def texts(folder: Path) -> dict[str, str]:
    """The text of every file that is text."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix in {".html", ".xml", ".json", ".csv", ".txt", ".jsonld"}:
            found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    write_site(root, 60)
    built(root)
    return root


def test_no_link_leads_nowhere_and_every_page_is_reached(site: Path) -> None:
    output = site / "output"
    assert broken(output) == []
    names = set(pages_of(output))
    assert {f"kind/{kind.key}/index.html" for kind in BUILT_IN_KINDS} <= names
    assert {"about/index.html", "rules/index.html", "404.html", "how-to-read/index.html", "notes/page/1/index.html"} <= names


def test_no_link_leads_nowhere_when_links_begin_at_the_host(tmp_path: Path) -> None:
    write_site(tmp_path, 20, SUB_PATH)
    output = built(tmp_path)
    assert broken(output, "/many/") == []
    assert not any('href="../' in html or "index.html" in html.replace("example.org", "") for html in pages_of(output).values())


def test_what_is_taken_out_or_tagged_anew_leaves_nothing_behind(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "site")
    root, gone, moved = tmp_path / "site", slug_of(60), slug_of(61)
    for slug, number in ((gone, 60), (moved, 61)):
        folder = root / "content" / slug
        folder.mkdir()
        for name, text in story(number).items():
            other = text.replace("tags: [", "tags: [Nur hier, ").replace("publisher: '", "publisher: 'Nirgends ")
            (folder / name).write_text(other, encoding="utf-8")
    before = texts(built(root))
    for word in (gone, "nur-hier", "Nirgends", "nirgends-"):
        assert sum(word in name + text for name, text in before.items()) >= 2, word
    shutil.rmtree(root / "content" / gone)
    for name, text in story(61).items():
        (root / "content" / moved / name).write_text(text, encoding="utf-8")
    after = texts(built(root))
    for word in (gone, "Nur hier", "nur-hier", "Nirgends", "nirgends-"):
        assert [name for name, text in after.items() if word in name or word in text] == [], word
    assert broken(root / "output") == []


@pytest.mark.long
@pytest.mark.parametrize(("settings", "base"), [("", "/"), (SUB_PATH, "/many/")], ids=["relative", "sub-path"])
def test_a_site_of_three_hundred_has_no_broken_link(tmp_path: Path, settings: str, base: str) -> None:
    write_site(tmp_path, 300, settings)
    output = built(tmp_path)
    assert broken(output, base) == []
    assert len(pages_of(output)) > 350
