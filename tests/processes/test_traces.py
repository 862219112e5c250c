"""A comparison that is removed or told otherwise leaves nothing behind: in no feed, no sitemap, no search index, no page."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from generator.config import HAS_PAGEFIND
from generator.site.build import Options, build

OPTIONS = Options(base_url="https://example.org/sub/")

STORY = """\
title: {title}
published: 2025-03-0{day}
tags: [{tag}]
summary: A summary of {title}.
witnesses:
  a: {{file: a.txt, label: First, publisher: {publisher}}}
  b: {{file: b.txt, label: Second}}
"""
NOTES = """\
notes:
- id: x
  kind: number
  severity: major
  title: A note on {title}
  note: The toll.
  a: twelve
  b: twenty
  history: [{{date: 2025-04-0{day}, change: Added.}}]
"""


def write(root: Path, slug: str, day: int, *, title: str, tag: str, publisher: str) -> None:
    folder = root / "content" / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "comparison.yaml").write_text(STORY.format(title=title, day=day, tag=tag, publisher=publisher), encoding="utf-8")
    (folder / "annotations.yaml").write_text(NOTES.format(title=title, day=day), encoding="utf-8")
    (folder / "a.txt").write_text(f"On Monday twelve {title} crossed the harbour.\n", encoding="utf-8")
    (folder / "b.txt").write_text(f"On Monday twenty {title} crossed the harbour.\n", encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two comparisons, built."""
    write(tmp_path, "zebra", 1, title="zebras", tag="stripes", publisher="Courier")
    write(tmp_path, "okapi", 2, title="okapis", tag="legs", publisher="Wire")
    built(tmp_path)
    return tmp_path


def built(root: Path) -> dict[str, str]:
    """The files of the site as it is built now, unpacked where they are packed."""
    report = build(root, root / "output", OPTIONS)
    assert (report.stopped, report.diagnostics) == ("", ())
    files = (path for path in (root / "output").rglob("*") if path.is_file() and path.suffix not in {".png", ".pagefind"})
    return {path.relative_to(root / "output").as_posix(): text(path.read_bytes()) for path in files}


def text(data: bytes) -> str:
    return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8", "replace")


def traces(files: dict[str, str], *words: str) -> list[tuple[str, str]]:
    return [(path, word) for path, content in files.items() for word in words if word in f"{path}\n{content}"]


def test_a_comparison_is_in_every_list_before_it_is_removed_and_in_none_after(root: Path) -> None:
    before = built(root)
    expected = {"feed.xml", "feed.json", "sitemap.xml", "index.html", "notes/index.html", "tag/stripes/index.html"}
    assert expected <= {path for path, _ in traces(before, "zebra", "stripes", "Courier")}
    assert (root / "output" / "zebra" / "card.png").is_file()
    if HAS_PAGEFIND:
        assert [path for path in before if path.startswith("pagefind/fragment/") and "zebras crossed" in before[path]]

    shutil.rmtree(root / "content" / "zebra")
    after = built(root)
    assert traces(after, "zebra", "stripes", "Courier") == []
    assert not (root / "output" / "zebra").exists()
    assert "okapi" in after["feed.xml"]


def test_another_title_and_tag_leave_nothing_of_the_old_ones(root: Path) -> None:
    write(root, "zebra", 3, title="quaggas", tag="hooves", publisher="Gazette")
    after = built(root)
    assert traces(after, "zebras", "stripes", "Courier", "2025-03-01", "2025-04-01") == []
    assert {"feed.xml", "feed.json", "tag/hooves/index.html", "publisher/gazette/index.html"} <= {
        path for path, _ in traces(after, "quaggas")
    }
    assert "2025-04-03" in after["feed.xml"]
    assert "<lastmod>2025-04-03</lastmod>" in after["sitemap.xml"]


def test_what_is_withdrawn_from_the_settings_goes_too(root: Path) -> None:
    (root / "variorum.toml").write_text("search = false\nshare_images = false\n", encoding="utf-8")
    after = built(root)
    assert traces(after, "card.png", "pagefind/", "search/index.html") == []
    assert not list((root / "output").rglob("card.png"))
    assert not (root / "output" / "pagefind").exists()
