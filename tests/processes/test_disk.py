"""A disk that is full, or fails at any moment: the old site stands, or the new one; the next build finds no trace of it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from generator.site import disk
from generator.site import publish as module
from generator.site.claim import OutputRefused
from generator.site.manifest import MANIFEST
from generator.site.publish import heal
from tests.files import tree
from tests.processes.generations import publish, site

OLD = {"index.html": b"old", "assets/a.css": b"old", "gone/index.html": b"gone", "same/index.html": b"same"}
NEW = {"index.html": b"new", "assets/a.css": b"new", "more/index.html": b"more", "same/index.html": b"same"}

STEPS = (
    *((Path, name) for name in ("open", "mkdir", "rename", "replace", "unlink", "rmdir", "write_bytes")),
    (os, "link"),
    (os, "fsync"),
)
"""What changes the disk, in publishing."""


class Faults:
    """Lets the step of a given number fail, and all after it if the disk `is_lost`, until it is mended."""

    def __init__(self, number: int, *, is_lost: bool) -> None:
        self.left, self.is_lost, self.is_met = number, is_lost, False

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left == 0 or (self.is_lost and self.left < 0):
                self.is_met = True
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*arguments, **options)

        return step


@pytest.mark.parametrize("is_lost", [False, True], ids=["one step fails", "the disk is lost"])
@pytest.mark.parametrize("way", ["at once", "in place"])
def test_an_error_at_any_step_leaves_a_whole_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, is_lost: bool) -> None:
    monkeypatch.setattr(module, "MANY_FILES", 0)
    monkeypatch.setattr(disk, "SYNC_THREADS", 1)
    gate = threading.Lock() if way == "in place" else None
    number, is_met = 0, True
    while is_met:
        number += 1
        output = tmp_path / str(number) / "output"
        publish(OLD, output, "1")
        faults = Faults(number, is_lost=is_lost)
        with monkeypatch.context() as patch:
            for owner, name in STEPS:
                patch.setattr(owner, name, faults.around(getattr(owner, name)))
            with suppress(OSError, OutputRefused):  # a manifest that cannot be read is no licence
                publish(NEW, output, "1", gate)
        is_met = faults.is_met
        if way == "in place":
            heal(output)
        assert tree(output, MANIFEST) in (OLD, NEW), number
        publish(NEW, output, "1")
        assert tree(output, MANIFEST) == NEW
        assert [path.name for path in output.parent.iterdir()] == ["output"]
    assert number > 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mounts a file system of so many kB; only the superuser can."""
    folder = tmp_path / "small"
    folder.mkdir()

    def mount(size: int) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k,nr_inodes=2000", "tmpfs", str(folder)]
        if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("only the superuser can mount a small file system")
        return folder

    yield mount
    while folder.is_mount():
        subprocess.run(["umount", folder], check=True)


def fill(folder: Path) -> None:
    """Publish larger and larger sites until the disk is full; then a small one again."""
    output, number = folder / "site" / "output", 0
    publish(site(0), output)
    last = tree(output, MANIFEST)
    for number in range(1, 400):
        files = {name: data * number for name, data in site(number).items()}
        try:
            publish(files, output)
        except OSError:
            break
        last = files
    else:
        pytest.fail("the disk never was full")
    assert tree(output, MANIFEST) == last
    publish(site(0), output)
    assert tree(output, MANIFEST) == site(0)
    assert [path.name for path in output.parent.iterdir()] == ["output"]


@pytest.mark.parametrize("size", [800, 1500])
def test_a_full_disk_leaves_the_old_site(small_disk: Callable[[int], Path], size: int) -> None:
    fill(small_disk(size))


@pytest.mark.long
@pytest.mark.parametrize("size", range(700, 2700, 100))
def test_full_disks_of_many_sizes_leave_the_old_site(small_disk: Callable[[int], Path], size: int) -> None:
    fill(small_disk(size))
