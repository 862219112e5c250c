"""The site's own files: everything in static/, copied as it is to static/ of the built site. Logos, fonts, documents to download.

In: the site's root. Out: a `StaticFile` for each, and a warning for what is left out. Links are not followed, and names that begin
with a dot are passed over. Bytes are read when they are written, one file at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2s
from pathlib import Path
from typing import NamedTuple

from generator.errors import Diagnostic, Where, warning
from generator.layout import STATIC
from generator.reading.files import IS_FOLDER, MISSING, folder_names, read_bytes, shown_path
from generator.reading.formats import Fault

_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that a name may have on a disk, and an address may not: controls, and bytes that are no UTF-8."""

STATIC_LIMIT = 64 * 1024 * 1024
"""Largest file in bytes; hosts of static sites take 25 to 100 MB."""


class StaticFile(NamedTuple):
    """A file: where it lies in the site and below its root, and the digest of its bytes."""

    root: Path
    route: str
    digest: str

    def read(self) -> bytes:
        """Its bytes now; empty if it has just gone."""
        data = read_bytes(self.root, self.route.split("/"), STATIC_LIMIT)
        return b"" if isinstance(data, Fault) else data


def static_files(root: Path) -> tuple[tuple[StaticFile, ...], tuple[Diagnostic, ...]]:
    """The files in static/, by path."""
    files: list[StaticFile] = []
    faults: list[Diagnostic] = []
    for names, data in _walk(root, (STATIC,)):
        if isinstance(data, Fault):
            faults.append(warning(Where(shown_path(*names)), f"left out: the file {data.message}", data.hint))
        else:
            files.append(StaticFile(root, "/".join(names), blake2s(data).hexdigest()))
    return tuple(files), tuple(faults)


def _walk(root: Path, folder: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bytes | Fault]]:
    """Every file below a folder with its bytes, or why they are not read."""
    names = folder_names(root, folder)
    if isinstance(names, Fault):
        if names is not MISSING:
            yield folder, names
        return
    for name in names:
        below = (*folder, name)
        if name.startswith("."):
            continue
        if _UNWRITABLE.search(name):
            yield (
                below,
                Fault("has a name that no address can have", "rename it: its name is not UTF-8, or holds a control character"),
            )
            continue
        data = read_bytes(root, below, STATIC_LIMIT)
        if data is IS_FOLDER:
            yield from _walk(root, below)
        else:
            yield below, data
