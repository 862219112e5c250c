"""Bytes and names on the disk: written, and synced, so that a power cut leaves what was there before or what is there now.

In: paths and bytes. Out: nothing. Whose the files are is for `publish` to know.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SYNC_EACH = 1_000
"""Up to how many files and folders are synced by themselves (0.2 ms each, by several threads); beyond, the whole file system is,
which costs less then, but waits for what other programs wrote too."""

SYNC_THREADS = 8
"""Files that are waited for at once: a journaling file system writes them together."""

_POOL = ThreadPoolExecutor(SYNC_THREADS, "sync")
"""Kept, for in a preview starting threads would take longer than what they do; they begin with the first file."""


def write(path: Path, data: bytes) -> None:
    """A new file with its bytes on the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def append(path: Path, data: bytes) -> None:
    """More bytes at the end of a file, on the disk; on a line of their own, whatever was cut off before them."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        file.write((b"" if file.read(1) in {b"\n", b""} else b"\n") + data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """A file's bytes, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path, count: int) -> None:
    """Everything under `folder` on the disk; `count` new files and folders. What has a second name is on the disk already."""
    library = ctypes.CDLL(None, use_errno=True)
    if count > SYNC_EACH and hasattr(library, "syncfs"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if library.syncfs(descriptor) == 0:
                return
        finally:
            os.close(descriptor)
    folders = tuple(os.walk(folder))
    files = (Path(below, name) for below, _, names in folders for name in names)
    new = [path for path in files if path.is_file() and not path.is_symlink() and path.stat().st_nlink == 1]
    for _ in _POOL.map(sync, [*new, *(Path(below) for below, _, _ in folders)]):
        pass


def sync_folders(output: Path, paths: Iterable[str]) -> None:
    """The names in all folders that these paths lead through."""
    for folder in sorted({parent for path in paths for parent in (output / path).parents if parent.is_relative_to(output)}):
        if folder.is_dir():
            sync(folder)
