"""What the file system says of files, as digests: whether two builds would read the same, found out without reading a file.

In: folders. Out: stamps, never content. Equal stamps mean equal bytes, unless a file was changed in the very moment it was looked
at, which is why a stamp as young as that is not believed (git calls such an entry racy). Names that begin with a dot are not looked
at. Paths are plain strings here, and little is called: 10,000 stories of four files take 0.4 s.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from generator.layout import CONTENT, STORY_FILES, is_story

RACY_NS = 2_000_000_000
"""A file changed less than this before it was stamped may change again under the same stamp: some file systems count whole or even
seconds. Longer: files are hashed once more for nothing, 25 µs each."""

RACY = "racy"
"""The stamp that is never believed."""

_STORY_FILES = frozenset(STORY_FILES)

_SEPARATOR = "\0"
"""No file's name holds it."""


def digest(data: bytes) -> str:
    """A short digest, for comparing what is ours with what is ours: 128 bits."""
    return blake2b(data, digest_size=16).hexdigest()


def story_stamps(root: Path) -> dict[str, str]:
    """A stamp for each folder of content/ that is, or claims to be, a comparison, by slug, in order.

    Raises `OSError` if content/ is there and cannot be looked into: that is no site without stories.
    """
    found = {}
    # The dot asks whether the folder may be entered.
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(f"{root / CONTENT}/.") as entries:
        for entry in entries:
            if not entry.name.startswith(".") and (stamp := _story_stamp(entry.path, is_link=entry.is_symlink())):
                found[entry.name] = stamp
    return dict(sorted(found.items()))


def story_stamp(root: Path, slug: str) -> str:
    """What the file system says of a story's files; empty if there is no such story; `racy` if it cannot be believed yet."""
    folder = root / CONTENT / slug
    return _story_stamp(str(folder), is_link=folder.is_symlink())


def _story_stamp(folder: str, *, is_link: bool) -> str:
    if is_link:
        return f"link {os.readlink(folder)}" if is_story(folder) else ""  # noqa: PTH115 see the module's docstring
    try:
        found = story_entries(folder)
    except OSError:
        return RACY if is_story(folder) else ""
    if _STORY_FILES.isdisjoint(name for name, _ in found):
        return ""
    return _stamped(found)


def story_entries(folder: str | Path) -> list[tuple[str, os.stat_result]]:
    """The files of a story with what the file system says of them, by name. Raises `OSError`."""
    with os.scandir(folder) as entries:
        return sorted([(entry.name, entry.stat(follow_symlinks=False)) for entry in entries if not entry.name.startswith(".")])


def file_stamp(path: Path) -> str:
    """What the file system says of one file; empty if there is none."""
    try:
        return digest(_said("", path.stat()).encode())
    except OSError:
        return ""


def tree_stamp(*places: Path) -> str:
    """What the file system says of files and of folders with all that is in them; `racy` if it cannot be believed yet."""
    return _stamped([(str(path), status) for place in places for path, status in _tree(place)])


def folders_stamp(top: Path, names: Iterable[str]) -> str:
    """What the file system says of these folders below `top`, in which a file that came or went shows. Raises `OSError`."""
    above = f"{top}/"
    found = (os.lstat(above + name) for name in names)
    return digest(_SEPARATOR.join([f"{status.st_mtime_ns}/{status.st_ino}" for status in found]).encode())


def _stamped(found: Iterable[tuple[str, os.stat_result]]) -> str:
    """One stamp of several files, unless one of them is too young for it to be believed."""
    youngest = time.time_ns() - RACY_NS
    said = []
    for name, status in found:
        if status.st_ctime_ns > youngest:
            return RACY
        said.append(_said(name, status))
    return digest(_SEPARATOR.join(said).encode("utf-8", "surrogateescape"))


def _said(name: str, status: os.stat_result) -> str:
    """All that changes when a file does, its name too."""
    kind = stat.S_IFMT(status.st_mode)
    return f"{name}/{kind}/{status.st_mtime_ns}/{status.st_ctime_ns}/{status.st_size}/{status.st_ino}"


def _tree(place: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """A file, or the files in a folder; links are followed at the top only."""
    try:
        status = place.stat()
    except OSError:
        return
    if not stat.S_ISDIR(status.st_mode):
        yield place, status
        return
    for below, folders, names in os.walk(place):
        folders.sort()
        for name in sorted(names):
            with suppress(OSError):
                path = Path(below, name)
                yield path, path.stat()
