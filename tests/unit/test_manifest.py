"""The manifest, and the journal in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.site.manifest import (
    MANIFEST,
    begin_line,
    end_line,
    generation,
    generation_of,
    last_generation,
    manifest_bytes,
    read_manifest,
)

FILES = {"index.html": "1", "a/b.html": "2", "gone.html": "3"}
CHANGES = {"index.html": ("1", "9"), "gone.html": ("3", ""), "new.html": ("", "7")}
AFTER = {"index.html": "9", "a/b.html": "2", "new.html": "7"}


def listed(folder: Path, *lines: bytes) -> dict[str, tuple[str, ...]]:
    (folder / MANIFEST).write_bytes(manifest_bytes(FILES, "1") + b"".join(lines))
    return {path: tuple(sorted(known)) for path, known in read_manifest(folder).files.items()}


def test_a_manifest_lists_every_file(tmp_path: Path) -> None:
    assert listed(tmp_path) == {path: (known,) for path, known in FILES.items()}
    assert read_manifest(tmp_path).open == {}


def test_a_change_that_began_makes_its_files_either(tmp_path: Path) -> None:
    found = listed(tmp_path, begin_line(CHANGES))
    assert found == {"index.html": ("1", "9"), "a/b.html": ("2",), "gone.html": ("3",), "new.html": ("7",)}
    assert read_manifest(tmp_path).open == CHANGES


def test_a_change_that_ended_is_what_stands(tmp_path: Path) -> None:
    found = listed(tmp_path, begin_line(CHANGES), end_line("0" * 32))
    assert found == {path: (known,) for path, known in AFTER.items()}
    assert read_manifest(tmp_path).open == {}


def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path: Path) -> None:
    line = begin_line(CHANGES)
    for length in range(len(line) - 1):
        assert set(listed(tmp_path, line[:length])) == set(FILES)


def test_a_change_after_one_that_was_cut_off(tmp_path: Path) -> None:
    found = listed(tmp_path, begin_line(CHANGES)[:9], b"\n", begin_line({"a/b.html": ("2", "8")}), end_line("0" * 32))
    assert found["a/b.html"] == ("8",)


def test_the_manifests_of_version_one_are_understood(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{\n "about": "x",\n "files": {\n  "index.html": "1",\n  "a.html": ["1", "2"]\n }\n}\n')
    assert read_manifest(tmp_path).files == {"index.html": ("1",), "a.html": ("1", "2")}


@pytest.mark.parametrize("data", [b"", b"{", b"7\n", b'{"files": 3}\n', b'{"about": 1}\n', b"\xff\n", b"[" * 100_000])
def test_a_damaged_manifest_lists_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(data)
    assert read_manifest(tmp_path).files == {}
    assert generation(tmp_path) == ""


def test_a_generation_is_named_alike_however_it_came_about(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    before = generation_of(FILES)
    listed(tmp_path / "one", begin_line(CHANGES), end_line(generation_of({}, before, CHANGES)))
    (tmp_path / "two" / MANIFEST).write_bytes(manifest_bytes(AFTER, "2"))
    assert generation(tmp_path / "one") == generation(tmp_path / "two") != before[:16]
    assert last_generation(tmp_path / "two") == generation_of(dict(reversed(AFTER.items())))
    assert len(generation(tmp_path / "one")) == 16
    assert generation(tmp_path / "nowhere") == ""
