"""The only writer of output/: files are staged as they are made, and one switch makes them the site.

In: the folder, what stands in it, then file after file. Out: what was written, left alone and removed. A file that nobody puts or
drops stays as it is, with its inode and its time, so that a small change costs little on a large site.
A reader of the folder sees the old site or the new one, never a mixture, also after a kill, a full disk or a power cut:

    .output.lock              who builds; dies with its holder
    .output.making-<pid>/     what changes, as it is made; then links to all that stays, and the manifest: synced, then renamed to
    .output.staging-<pid>/    a whole generation
    output/  ◀──exchange──▶  .output.staging-<pid>/    one system call; then the old generation is taken apart

In place, file by file, goes a change where a folder cannot be exchanged (a mount point, a checkout with its own `.git`; then
`Published.in_place` says why), and a small one on a large site in a preview, which passes its gate: 100,000 links would take two
seconds. All files are whole then, and are renamed in an order (assets, pages, the index, deletions) after the manifest has told
of them: whatever cuts this off, `heal` finishes it at the next start. Readers that take the gate for each file they read, as the
preview's server does, see one generation all the same: it is held from the first rename to the last.

It does not delete or overwrite what it did not write: see `claim`.
"""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.site.claim import STAGING_INSIDE, Standing, refused_files
from generator.site.disk import append, sync, sync_folders, sync_tree, write
from generator.site.manifest import (
    MANIFEST,
    Change,
    Listing,
    begin_line,
    digest_of,
    end_line,
    file_digest,
    generation_of,
    has_site,
    last_generation,
    listing_of,
    manifest_bytes,
)

MANY_FILES = 200
"""From how many files that stay on, a small change is made in place while previewing. An exchange links each of them and unlinks it
again: of 900 files in 300 folders, 0.2 s until the switch and 0.5 s after it, on a busy disk."""

FEW_CHANGES = 500
"""Up to how many files are renamed in place while previewing: readers wait that long, 50 µs a file."""

ROOT_DOTFILES = frozenset({".nojekyll"})
"""Names with a dot in front that a site may hold, at its top: what a host looks for there."""

_LONG_JOURNAL = 250
"""Bytes of a manifest for each file that it lists, beyond which it is written anew; one that was not changed in place has 120."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}
"""What a kernel or file system without an exchange answers."""

Gate = AbstractContextManager[object]
"""What a preview's server holds while it reads a file, and we while we rename: a `threading.Lock` will do."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a switch did, as sorted paths inside output/; `kept`: how many files stay the same.

    `in_place`: why the folder was not exchanged as a whole though it should have been, or empty.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    in_place: str = ""


# ------------------------------------------------------------------ a generation on its way


@contextmanager
def staged(output: Path, standing: Standing, version: str, gate: Gate | None = None) -> Iterator[Generation]:
    """A generation that begins as what stands in `output`; call it under `locked`, after `heal`. Without `commit`, nothing happens.

    With a `gate`, small changes of a large site are made in place while it is held.
    """
    generation = Generation(output.resolve(), standing, version, gate)
    try:
        yield generation
    finally:
        generation.close()


class Generation:
    """The next generation of a site. Duty: nothing of it shows before `commit`, and unless it is committed nothing of it is left.

    `written`: the files that were put and are not as they stood, with their hashes.
    """

    def __init__(self, output: Path, standing: Standing, version: str, gate: Gate | None) -> None:
        self._output = output
        self._standing = standing
        self._version = version
        self._gate = gate
        self._reason = _why_in_place(output, standing)
        self._making = output / STAGING_INSIDE if self._reason else _beside(output, "making")
        self._is_begun = False
        self._folders: set[Path] = set()
        self.written: dict[str, str] = {}
        self._adopted: dict[str, str] = {}
        self._dropped: dict[str, str] = {}

    def put(self, path: str, data: bytes) -> str:
        """This file is to hold this; its hash. One that stands and holds it already is left alone."""
        _refuse_escape(path)
        digest = digest_of(data)
        if self._standing.ours.get(path) == digest:
            return digest
        if self._standing.altered.get(path) == digest or (path in self._standing.guests and _holds(self._output / path, data)):
            self._adopted[path] = digest
            return digest
        target = self._making / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        with target.open("xb") as file:
            file.write(data)
        self.written[path] = digest
        return digest

    def drop(self, path: str) -> None:
        """This file, if it stands, is to go."""
        if path in self._standing.ours:
            self._dropped[path] = self._standing.ours[path]

    def read(self, path: str) -> bytes:
        """A file as it will be."""
        return ((self._making if path in self.written else self._output) / path).read_bytes()

    def commit(self) -> Published:
        """Make it the site. Raises `OutputRefused`, or `OSError` from the disk: in either case the old site stands unchanged.

        (In place: whole files of both, until the next `heal`.)
        """
        self._refuse_altered()
        kept = len(self._standing.ours) + len(self._adopted) - len(self._dropped)
        kept -= sum(path in self._standing.ours for path in self.written)
        if self._is_settled():
            return Published((), (), kept)
        is_small = (
            has_site(self._output)
            and kept >= MANY_FILES
            and len(self.written) + len(self._dropped) <= FEW_CHANGES
            and not self._adopted
        )
        if self._reason or (self._gate is not None and is_small):
            self._change_in_place()
        else:
            self._exchange()
        return Published(tuple(sorted(self.written)), tuple(sorted(self._dropped)), kept, self._reason)

    def close(self) -> None:
        """Take away what was staged and not committed; but not what a change in place, once begun, is finished with."""
        if not self._is_begun:
            shutil.rmtree(self._making, ignore_errors=True)

    def _is_settled(self) -> bool:
        """Whether there is nothing to do: no file changes, and the manifest is one of this program."""
        if self.written or self._dropped or self._adopted or not has_site(self._output):
            return False
        return not self._standing.is_hashed or (self._output / MANIFEST).read_bytes() == manifest_bytes(
            self._standing.ours, self._version
        )

    # -------------------------------------------------------------- whose files are in the way

    def _refuse_altered(self) -> None:
        """Raise if a file that we would overwrite, delete or leave holds what no build wrote."""
        altered = [path for path in self._standing.altered if path not in self._adopted]
        altered += [path for path in self.written if path in self._standing.guests]
        if not self._standing.is_hashed:
            altered += [path for path in (*self.written, *self._dropped) if not self._is_ours(path)]
        if altered:
            raise refused_files(self._output, tuple(sorted(altered)), {**self._standing.ours, **self._standing.altered})

    def _is_ours(self, path: str) -> bool:
        """Whether there is nothing at `path` but what we know, and no link on the way to it."""
        place, known = self._output / path, self._standing.ours
        if any((self._output / parent).is_symlink() for parent in _parents(path)[:-1]) or place.is_symlink():
            return False
        if place.is_file():
            return file_digest(place) in {known.get(path), self.written.get(path)}
        return not place.exists() or any(other.startswith(f"{path}/") for other in known)

    # -------------------------------------------------------------- all at once

    def _exchange(self) -> None:
        """Complete the generation beside `output`, then switch the two folders in one step."""
        self._making.mkdir(parents=True, exist_ok=True)
        for path in self._staying():
            self._link(path)
        (self._making / MANIFEST).write_bytes(manifest_bytes(self._digests(), self._version))
        for guest in self._standing.guests:
            if guest not in self._adopted:
                os.link(self._output / guest, self._making / guest, follow_symlinks=False)
        if self._output.exists():
            self._making.chmod(self._output.stat().st_mode & 0o7777)
        sync_tree(self._making, len(self.written) + len(self._folders))
        staging = _beside(self._output, "staging")
        self._making.rename(staging)
        try:
            switch(staging, self._output)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        sync(self._output.parent)
        if staging.exists():
            _retire(staging, self._output)

    def _staying(self) -> Iterator[str]:
        yield from (path for path in self._standing.ours if path not in self.written and path not in self._dropped)
        yield from self._adopted

    def _digests(self) -> dict[str, str]:
        ours = {path: digest for path, digest in self._standing.ours.items() if path not in self._dropped}
        return ours | self._adopted | self.written

    def _link(self, path: str) -> None:
        """A file that stays, under a second name; as a copy on a file system without hard links, or with too many of this one."""
        target = self._making / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        try:
            os.link(self._output / path, target)
        except OSError:
            target.write_bytes((self._output / path).read_bytes())

    # -------------------------------------------------------------- file by file

    def _change_in_place(self) -> None:
        """Rename staged files into `output` one by one, once the manifest in it tells of them."""
        inside = self._output / STAGING_INSIDE
        self._making.mkdir(parents=True, exist_ok=True)
        sync_tree(self._making, len(self.written))
        if self._making != inside:
            self._making.rename(inside)
            self._making = inside
        known = {**self._standing.ours, **self._adopted}
        changes = {path: (known.get(path, ""), digest) for path, digest in (self.written | self._adopted).items()}
        changes |= {path: (digest, "") for path, digest in self._dropped.items()}
        before = _journal(self._output, inside, changes, self._version)
        self._is_begun = True
        with self._gate or nullcontext():
            _apply(self._output, inside, changes)
        sync_folders(self._output, changes)
        self._end_journal(inside, generation_of({}, before, changes))
        shutil.rmtree(inside, ignore_errors=True)

    def _end_journal(self, inside: Path, generation_now: str) -> None:
        """Say that the change is done; in a new manifest if the old one has grown long, or holds a change that nobody finished."""
        manifest = self._output / MANIFEST
        append(manifest, end_line(generation_now))
        if self._standing.is_hashed or manifest.stat().st_size > _LONG_JOURNAL * (len(self._standing.ours) + FEW_CHANGES):
            write(inside / MANIFEST, manifest_bytes(self._digests(), self._version))
            (inside / MANIFEST).replace(manifest)
            sync(self._output)


def _refuse_escape(path: str) -> None:
    """Raise for a path that is not plainly inside output/. Readers validate names before; this is the last wall."""
    if not _is_inside(path):
        raise ValueError(f"not a path inside the site: {path!r}")


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    plain = "\\" not in path and "\0" not in path and not any(part == "" or part.startswith(".") for part in parts)
    return plain or path in ROOT_DOTFILES


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == data


def _why_in_place(output: Path, standing: Standing) -> str:
    """Why `output` cannot be exchanged as a whole; empty if it can."""
    if not output.exists():
        return ""
    if output.is_mount():
        return "it is a mount point"
    if any((output / guest).is_dir() and not (output / guest).is_symlink() for guest in standing.guests):
        return "it holds a folder that is not ours, such as .git"
    return "" if os.access(output.parent, os.W_OK) else "the folder above it cannot be written"


def _beside(output: Path, purpose: str) -> Path:
    return output.parent / f".{output.name}.{purpose}-{os.getpid()}"


# ------------------------------------------------------------------ what killed builds left


def heal(output: Path) -> None:
    """Finish, or take apart, what killed builds left behind. We hold the lock, so nobody is at work in there."""
    output = output.resolve()
    left = sorted(
        path for path in output.parent.glob(f".{glob.escape(output.name)}.*-*") if path.is_dir() and not path.is_symlink()
    )
    for old in [path for path in left if path.name.startswith(f".{output.name}.aside-")]:
        if output.exists():
            _retire(old, output)
        else:
            old.rename(output)
    for old in [path for path in left if path.name.startswith(f".{output.name}.staging-")]:
        _retire(old, output)
    for old in [path for path in left if path.name.startswith(f".{output.name}.making-")]:
        shutil.rmtree(old)
    inside = output / STAGING_INSIDE
    if inside.is_dir() and not inside.is_symlink():
        _finish_change(output, inside)
        shutil.rmtree(inside)


def _finish_change(output: Path, inside: Path) -> None:
    """Do what is left of a change in place that was cut off. Its files were all staged and synced before it began."""
    journal = listing_of((output / MANIFEST).read_bytes()) if has_site(output) else Listing({}, {})
    changes = {path: change for path, change in journal.open.items() if _is_inside(path)}
    staged_ones = {path: change for path, change in changes.items() if change[1] and _is_file(inside / path, change[1])}
    to_remove = {path: change for path, change in changes.items() if not change[1] and _is_file(output / path, change[0])}
    if not changes or any((output / parent).is_symlink() for path in changes for parent in _parents(path)[:-1]):
        return
    _apply(output, inside, staged_ones | to_remove)
    if all(_is_file(output / path, new) if new else not os.path.lexists(output / path) for path, (_, new) in changes.items()):
        sync_folders(output, changes)
        append(output / MANIFEST, end_line(generation_of({}, last_generation(output), changes)))


def _is_file(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and file_digest(path) == digest


def _retire(old: Path, output: Path) -> None:
    """Take a generation apart: what its manifest lists goes; anything else was put there by others, and moves to `output`.

    Only files that turned up in the instant between survey and switch are concerned. One whose place is taken stays, in a
    folder with a telling name. Walks the folder instead of following the manifest: a forged one cannot point outside.
    """
    # Raises if it cannot be read: that is no reason to take our own files for others'.
    listed = {*(listing_of((old / MANIFEST).read_bytes()).files if has_site(old) else ()), MANIFEST}
    for below, _, names in os.walk(old, topdown=False):
        for name in sorted(names, key=lambda name: name == MANIFEST):  # last, so that whoever goes on after us still has it
            left = Path(below, name)
            place = output / left.relative_to(old)
            if left.relative_to(old).as_posix() in listed or (
                os.path.lexists(place) and os.path.samestat(left.lstat(), place.lstat())
            ):
                left.unlink()
            elif not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                left.rename(place)
        with suppress(OSError):
            Path(below).rmdir()
    if not any(names for _, _, names in os.walk(old)):
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.rename(output.parent / f"{output.name}.rescued-{os.getpid()}")


# ------------------------------------------------------------------ the switch


def switch(staging: Path, output: Path) -> None:
    """`staging` becomes `output`, and the other way round; in one step where the kernel has one."""
    if not output.exists():
        staging.rename(output)
    elif not exchange_names(staging, output):
        _two_renames(staging, output)


def exchange_names(one: Path, other: Path) -> bool:
    """Exchange two names atomically; False where kernel, library or file system have no such call."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _two_renames(staging: Path, output: Path) -> None:
    """The switch without an exchange: for an instant there is no output/. If the second step fails, the first is undone."""
    aside = _beside(output, "aside")
    output.rename(aside)
    try:
        staging.rename(output)
    except BaseException:
        aside.rename(output)
        raise
    aside.rename(staging)


# ------------------------------------------------------------------ file by file


def _journal(output: Path, inside: Path, changes: Mapping[str, Change], version: str) -> str:
    """Tell the manifest what is about to change; the name of the generation that stood before."""
    if not has_site(output):
        write(inside / MANIFEST, manifest_bytes({}, version))
        (inside / MANIFEST).replace(output / MANIFEST)
    before = last_generation(output)
    append(output / MANIFEST, begin_line(changes))
    return before


def _apply(output: Path, inside: Path, changes: Mapping[str, Change]) -> None:
    """Rename staged files to their places and delete the others: assets, pages, the index, deletions."""
    written = [path for path, (_, new) in changes.items() if new and (inside / path).is_file()]
    removed = [path for path, (_, new) in changes.items() if not new]
    obstacles = _obstacles(written, removed)
    _remove(output, obstacles)
    for path in sorted(written, key=_rank):
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (inside / path).replace(output / path)
    _remove(output, (path for path in removed if path not in obstacles))


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
