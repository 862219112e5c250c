"""The manifest, and the journal in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.site.manifest import END, MANIFEST, begin_line, manifest_bytes, read_manifest

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
    found = listed(tmp_path, begin_line(CHANGES), END)
    assert found == {path: (known,) for path, known in AFTER.items()}
    assert read_manifest(tmp_path).open == {}


def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path: Path) -> None:
    line = begin_line(CHANGES)
    for length in range(len(line) - 1):
        assert set(listed(tmp_path, line[:length])) == set(FILES)


def test_a_change_after_one_that_was_cut_off(tmp_path: Path) -> None:
    found = listed(tmp_path, begin_line(CHANGES)[:9], b"\n", begin_line({"a/b.html": ("2", "8")}), END)
    assert found["a/b.html"] == ("8",)


def test_the_manifests_of_version_one_are_understood(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{\n "about": "x",\n "files": {\n  "index.html": "1",\n  "a.html": ["1", "2"]\n }\n}\n')
    assert read_manifest(tmp_path).files == {"index.html": ("1",), "a.html": ("1", "2")}


@pytest.mark.parametrize("data", [b"", b"{", b"7\n", b'{"files": 3}\n', b'{"about": 1}\n', b"\xff\n", b"[" * 100_000])
def test_a_damaged_manifest_lists_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(data)
    assert read_manifest(tmp_path).files == {}
