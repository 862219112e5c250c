"""What of output/ is ours: the manifest that lists every file a build wrote, and the journal of a change made in place.

In: the folder. Out: hashes by path. One file, a JSON value a line: the first line lists all files; a change in place adds what it
is about to do before it begins, and that it is done when it is:

    {"about": "…", "files": {"index.html": "9c…", "gone.html": "e0…"}}
    {"begin": {"index.html": ["9c…", "41…"], "gone.html": ["e0…", ""], "new.html": ["", "77…"]}}
    {"end": true}

So a change of few files costs as much as they are, however large the site is. A begin without its end is a change that was cut off:
its files may be either. A line that was cut off counts for nothing. Nothing is decided here about files that are not listed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = ".variorum-manifest.json"
"""Lists every file that a build wrote, with its SHA-256. Stands in output/ itself, so that it moves with it."""

END = b'{"end": true}\n'
"""That a change in place is done."""

Change = tuple[str, str]
"""A file's hash before and after a change; empty where there is no file."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A manifest as read. `files`: the hashes that each path may have, two where a change was cut off; `open`: that change."""

    files: Mapping[str, tuple[str, ...]]
    open: Mapping[str, Change]


def read_manifest(folder: Path) -> Listing:
    """What the manifest in `folder` lists; nothing if there is no sound one, or it cannot be read."""
    with suppress(OSError):
        return listing_of((folder / MANIFEST).read_bytes())
    return Listing({}, {})


def listing_of(data: bytes) -> Listing:
    """What a manifest lists; nothing if it is damaged."""
    try:
        if data.startswith(b"{\n"):  # as 0.1 wrote it: one document
            return Listing(_files(json.loads(data)), {})
        first, *more = data.split(b"\n")
        return _changed(_files(json.loads(first)), more)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Listing({}, {})


def _files(document: Any) -> dict[str, tuple[str, ...]]:
    return {path: (known,) if isinstance(known, str) else tuple(map(str, known)) for path, known in document["files"].items()}


def _changed(files: dict[str, tuple[str, ...]], lines: Iterable[bytes]) -> Listing:
    """`files` after the changes that `lines` tell of."""
    begun: dict[str, Change] = {}
    for line in lines:
        try:
            step = json.loads(line)
        except ValueError:  # cut off, or the nothing after the last line
            continue
        if "begin" in step:
            begun = {path: (str(old), str(new)) for path, (old, new) in step["begin"].items()}
            files |= {path: tuple({*files.get(path, ()), *change} - {""}) for path, change in begun.items()}
        elif "end" in step:
            files |= {path: (new,) for path, (_, new) in begun.items()}
            for path in [path for path, (_, new) in begun.items() if not new]:
                del files[path]
            begun = {}
    return Listing(files, begun)


def has_site(output: Path) -> bool:
    """Whether a build has published into `output`."""
    return (output / MANIFEST).is_file()


def manifest_bytes(digests: Mapping[str, str], version: str) -> bytes:
    """The manifest of a whole generation."""
    document = {
        "about": f"Written by Variorum {version}. A build deletes only what stands here.",
        "files": dict(sorted(digests.items())),
    }
    return json.dumps(document).encode("ascii") + b"\n"


def begin_line(changes: Mapping[str, Change]) -> bytes:
    """What a change in place is about to do. From when it is on the disk, the change can be finished after any interruption."""
    return json.dumps({"begin": changes}).encode("ascii") + b"\n"


def digest_of(data: bytes) -> str:
    """The hash of a file's bytes, as manifests write it."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """The hash of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
