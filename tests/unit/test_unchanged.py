"""Whether there is anything to build at all: told without reading a file, and never told wrongly."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from generator.errors import Where, warning
from generator.site import stamps, unchanged
from generator.site.build import Options, build
from generator.site.claim import locked
from generator.site.manifest import MANIFEST
from generator.site.report import BuildReport, as_json, of_json
from generator.site.unchanged import as_it_stands, said

OPTIONS = said(drafts=False, base_url=None)


@pytest.fixture
def site(two: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of two stories, one of them with a warning, that was built; files as young as a test's are believed."""
    monkeypatch.setattr(stamps, "RACY_NS", -stamps.RACY_NS)
    (two / "content" / "bridge" / "stray.txt").write_text("Nobody names me.\n")
    (two / "static").mkdir()
    (two / "static" / "logo.svg").write_text("<svg/>")
    (two / "content" / "pages").mkdir()
    (two / "content" / "pages" / "about.md").write_text("---\ntitle: About\n---\nUs.\n")
    built(two)
    return two


def built(site: Path) -> BuildReport:
    return build(site, site / "output", Options())


def test_nothing_changed_is_what_a_build_would_report(site: Path) -> None:
    told = as_it_stands(site, site / "output", OPTIONS)
    again = built(site)
    assert told == again
    assert (again.written, again.removed, again.reasons) == ((), (), ())
    assert told.page_count > 5


CHANGES: dict[str, Callable[[Path], object]] = {
    "an article": lambda site: (site / "content/bridge/paper.txt").write_text("Another text.\n"),
    "a note": lambda site: append(site / "content/bridge/annotations.yaml"),
    "a file that is not read": lambda site: (site / "content/bridge/new.bin").write_bytes(b"\0"),
    "a story that is new": lambda site: shutil.copytree(site / "content/bridge", site / "content/again"),
    "a story that is gone": lambda site: shutil.rmtree(site / "content/bridge"),
    "a story of another name": lambda site: (site / "content/bridge").rename(site / "content/viaduct"),
    "a folder that takes an address": lambda site: (site / "content/kinds").mkdir(),
    "a setting": lambda site: append(site / "variorum.toml"),
    "a template of one's own": lambda site: write(site / "templates/page.css", "p {}"),
    "a file to be copied": lambda site: (site / "static/logo.svg").write_text("<svg></svg>"),
    "a page of one's own": lambda site: append(site / "content/pages/about.md"),
    "a page that is gone from output": lambda site: (site / "output/index.html").unlink(),
    "a folder that is gone from output": lambda site: shutil.rmtree(site / "output/bridge"),
    "a file that is new in output": lambda site: (site / "output/bridge/new.txt").write_text("mine"),
    "the manifest": lambda site: append(site / "output" / MANIFEST),
    "a cache that is gone": lambda site: shutil.rmtree(site / ".variorum"),
    "a cache that is damaged": lambda site: damage(next((site / ".variorum").glob("*.sqlite"))),
}


def append(path: Path) -> None:
    path.write_text(f"{path.read_text()}\n")


def write(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)


def damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("""UPDATE meta SET value = replace(value, '"page_count": ', '"page_count": 9') WHERE name = 'report'""")
        connection.commit()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found(site: Path, change: str) -> None:
    assert as_it_stands(site, site / "output", OPTIONS) is not None
    CHANGES[change](site)
    assert as_it_stands(site, site / "output", OPTIONS) is None


def test_another_option_or_program_is_a_change(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert as_it_stands(site, site / "output", said(drafts=True, base_url=None)) is None
    assert as_it_stands(site, site / "output", said(drafts=False, base_url="https://example.org/")) is None
    monkeypatch.setattr(unchanged, "program", lambda: "another one")
    assert as_it_stands(site, site / "output", OPTIONS) is None


def test_what_was_changed_a_moment_ago_is_not_believed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "RACY_NS", 10**12)
    assert as_it_stands(site, site / "output", OPTIONS) is None


def test_a_folder_that_another_build_has_or_that_is_no_place_for_a_site_is_left_to_the_build(site: Path) -> None:
    with locked(site / "output"):
        assert as_it_stands(site, site / "output", OPTIONS) is None
    assert as_it_stands(site, site, OPTIONS) is None


def test_a_report_that_was_kept_is_the_same() -> None:
    found = (warning(Where("content/kim/annotations.yaml", 14, 9), "quotation not found", "did you mean “12,000”?"),)
    report = BuildReport(2, 36, 6, (), 40, (), "it is a mount point", "", found)
    assert of_json(as_json(report)) == report
