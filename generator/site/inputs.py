"""What a site is made from, as digests: each story's files, the settings, the templates, the program.

In: the site's root. Out: stamps and digests, never content: whether two builds would read the same. A stamp is what the file
system says of a folder's files; equal stamps mean equal bytes, unless a file was changed in the very moment it was looked at, which
is why a stamp as young as that is not believed (git calls such an entry racy). Names that begin with a dot are not looked at, and
are not read.
"""

from __future__ import annotations

import os
import platform
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from generator import __version__
from generator.config import SiteConfig
from generator.reading.files import read_bytes
from generator.reading.formats import Fault
from generator.sources import CONTENT, STORY_FILES, is_story

RACY_NS = 2_000_000_000
"""A file changed less than this before it was stamped may change again under the same stamp: some file systems count whole or even
seconds. Longer: files are hashed once more for nothing, 25 µs each."""

RACY = "racy"
"""The stamp that is never believed."""

_LIMIT = 16 * 1024 * 1024
"""The longest file that is read for a story; of a longer one, its length is what counts."""

_LIBRARIES = ("jinja2", "markdown-it-py", "markupsafe", "pagefind-bin", "pillow", "pyyaml", "pydantic")
"""What has a say in the bytes of a page, a picture or the search index, besides this program."""

Parts = dict[str, str]
"""What something is made from: names that people know, as in `annotations.yaml` or `setting title`, with a digest of each."""


def digest(data: bytes) -> str:
    """A short digest, for comparing what is ours with what is ours: 128 bits."""
    return blake2b(data, digest_size=16).hexdigest()


def digest_of_parts(parts: Mapping[str, str]) -> str:
    """One digest of several parts, whatever their order."""
    return digest(repr(sorted(parts.items())).encode("utf-8", "backslashreplace"))


# ------------------------------------------------------------------ stories


def story_stamps(root: Path) -> dict[str, str]:
    """A stamp for each folder of content/ that is, or claims to be, a comparison, by slug, in order. 25 µs for four files."""
    found = {}
    with suppress(OSError), os.scandir(root / CONTENT) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and (stamp := story_stamp(root, entry.name)):
                found[entry.name] = stamp
    return dict(sorted(found.items()))


def story_stamp(root: Path, slug: str) -> str:
    """What the file system says of a story's files; empty if there is no such story; `racy` if it cannot be believed yet."""
    folder = root / CONTENT / slug
    try:
        if folder.is_symlink():
            return f"link {folder.readlink()}" if is_story(folder) else ""
        found = _entries(folder)
    except OSError:
        return RACY if is_story(folder) else ""
    if frozenset(STORY_FILES).isdisjoint(name for name, _ in found):
        return ""
    return _stamped(found)


def story_parts(root: Path, slug: str) -> Parts:
    """Every file of a story with a digest of its bytes; of what is no file to read, why."""
    try:
        if (root / CONTENT / slug).is_symlink():
            return {slug: "link"}
        names = [name for name, _ in _entries(root / CONTENT / slug)]
    except OSError as problem:
        return {slug: f"unreadable {problem.errno}"}
    return {name: _content(read_bytes(root, (CONTENT, slug, name), _LIMIT)) for name in names}


def file_stamp(path: Path) -> str:
    """What the file system says of one file; empty if there is none."""
    try:
        return digest(repr(_stamp(path.stat())).encode())
    except OSError:
        return ""


def _entries(folder: Path) -> list[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        return sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in entries if not entry.name.startswith("."))


def _stamped(found: Sequence[tuple[str, os.stat_result]]) -> str:
    """One stamp of several files, unless one of them is too young for it to be believed."""
    if max((status.st_ctime_ns for _, status in found), default=0) > time.time_ns() - RACY_NS:
        return RACY
    return digest(repr([(name, *_stamp(status)) for name, status in found]).encode("utf-8", "backslashreplace"))


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return stat.S_IFMT(status.st_mode), status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _content(found: bytes | Fault) -> str:
    return digest(found) if isinstance(found, bytes) else f"{found.message} {found.hint}"


# ------------------------------------------------------------------ everything else


def tree_stamp(*places: Path) -> str:
    """What the file system says of files and of folders with all that is in them; `racy` if it cannot be believed yet."""
    return _stamped([(str(path), status) for place in places for path, status in _tree(place)])


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


def setting_parts(config: SiteConfig, *, drafts: bool) -> Parts:
    """Every setting, and whether drafts are shown."""
    parts = {f"setting {name}": digest(repr(getattr(config, name)).encode()) for name in config.__slots__}
    return {**parts, "option drafts": "shown" if drafts else "left out"}


def program() -> str:
    """This program: its version, a digest of its code, the libraries that make pages with it, and Python."""
    package = Path(__file__).resolve().parent.parent
    paths = sorted(
        path for path in package.rglob("*") if path.suffix in {".py", ".mo", ".toml", ".json", ".ttf"} and path.is_file()
    )
    code = blake2b(digest_size=8)
    for path in paths:
        code.update(f"{path.relative_to(package)}\0".encode())
        code.update(path.read_bytes())
    return f"{__version__} ({code.hexdigest()}; {', '.join(_versions(_LIBRARIES))}; Python {platform.python_version()})"


def _versions(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"
