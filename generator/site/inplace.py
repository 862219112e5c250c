"""A change of few files made in output/ itself, one by one, so that whatever cuts it off, the next start finishes it.

In: output/, staged files in a folder inside it, and what becomes of which file. Out: nothing. The manifest tells of the change
before it begins, and that it is done when it is (see `manifest`). Whose the files are is for `publish` to know, before.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from generator.site.disk import append, sync_folders, write
from generator.site.manifest import END, MANIFEST, Change, begin_line, file_digest, has_site, listing_of, manifest_bytes

ROOT_DOTFILES = frozenset({".nojekyll"})
"""Names with a dot in front that a site may hold, at its top: what a host looks for there."""


def is_inside(path: str) -> bool:
    """Whether this is plainly a path in a site. Readers validate names before; this is the last wall."""
    parts = path.split("/")
    plain = "\\" not in path and "\0" not in path and not any(part == "" or part.startswith(".") for part in parts)
    return plain or path in ROOT_DOTFILES


def is_behind_link(output: Path, path: str) -> bool:
    """Whether a folder on the way to a file is a link, and so leads elsewhere."""
    return any((output / parent).is_symlink() for parent in _parents(path)[:-1])


def begin(output: Path, inside: Path, changes: Mapping[str, Change], version: str) -> None:
    """Tell the manifest what is about to change; `inside` holds the new files, on the disk."""
    if not has_site(output):
        write(inside / MANIFEST, manifest_bytes({}, version))
        (inside / MANIFEST).replace(output / MANIFEST)
    append(output / MANIFEST, begin_line(changes))


def apply(output: Path, inside: Path, changes: Mapping[str, Change]) -> None:
    """Rename staged files to their places and delete the others: assets, pages, the index, deletions."""
    written = [path for path, (_, new) in changes.items() if new and (inside / path).is_file()]
    removed = [path for path, (_, new) in changes.items() if not new]
    obstacles = _obstacles(written, removed)
    _remove(output, obstacles)
    for path in sorted(written, key=_rank):
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (inside / path).replace(output / path)
    _remove(output, (path for path in removed if path not in obstacles))


def finish(output: Path, inside: Path) -> None:
    """Do what is left of a change that was cut off. Its files were all staged and synced before it began.

    What others put in a place of it meanwhile stays, and so does the open journal: a build refuses the folder then.
    """
    changes = listing_of((output / MANIFEST).read_bytes()).open if has_site(output) else {}
    changes = {path: change for path, change in changes.items() if is_inside(path)}
    if not changes or any(is_behind_link(output, path) for path in changes):
        return
    apply(output, inside, {path: change for path, change in changes.items() if _is_to_do(output / path, inside / path, change)})
    if all(_stands(output / path, new) for path, (_, new) in changes.items()):
        sync_folders(output, changes)
        append(output / MANIFEST, END)


def _is_to_do(place: Path, staged: Path, change: Change) -> bool:
    """Whether one file of a change is still as it was before."""
    old, new = change
    if not new:
        return _stands(place, old)
    is_folder = place.is_dir() and not place.is_symlink()  # of files that go with this change
    return _stands(staged, new) and (is_folder or _stands(place, old))


def _stands(place: Path, digest: str) -> bool:
    """Whether a plain file of this hash is there; of an empty one, nothing."""
    return place.is_file() and not place.is_symlink() and file_digest(place) == digest if digest else not os.path.lexists(place)


# ------------------------------------------------------------------ steps


def _rank(path: str) -> tuple[bool, bool, str]:
    """Assets before the pages that use them, the index last."""
    return path == "index.html", path.endswith(".html"), path


def _obstacles(written: Iterable[str], removed: Iterable[str]) -> tuple[str, ...]:
    """Files to remove first: a new file needs their name as a folder, or their folder's name as a file."""
    new = set(written)
    folders = {parent for path in new for parent in _parents(path)}
    return tuple(path for path in removed if path in folders or not new.isdisjoint(_parents(path)))


def _parents(path: str) -> tuple[str, ...]:
    return tuple(str(parent) for parent in PurePosixPath(path).parents)


def _remove(output: Path, paths: Iterable[str]) -> None:
    """Delete files of ours, and the folders that become empty by it."""
    for path in paths:
        (output / path).unlink(missing_ok=True)
        for parent in _parents(path)[:-1]:
            try:
                (output / parent).rmdir()
            except OSError:
                break
