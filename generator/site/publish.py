"""The only writer of output/: files are staged as they are made, and one switch makes them the site.

In: the folder, what stands in it, then file after file. Out: what was written, left alone and removed. A file that nobody puts or
drops stays as it is, with its inode and its time, so that a small change costs little on a large site.
A reader of the folder sees the old site or the new one, never a mixture, also after a kill, a full disk or a power cut:

    .output.lock              who builds; dies with its holder
    .output.making-<pid>/     what changes, as it is made; then links to all that stays, and the manifest: synced, then renamed to
    .output.staging-<pid>/    a whole generation
    output/  ◀──exchange──▶  .output.staging-<pid>/    one system call; then the old generation is taken apart

In place, file by file (`inplace`), goes a change where a folder cannot be exchanged (a mount point, a checkout with its own `.git`;
then `Published.in_place` says why), and a small one on a large site in a preview, which passes its gate: 100,000 links would take
two seconds. All files are whole then, and are renamed in an order (assets, pages, the index, deletions) after the manifest has told
of them: whatever cuts this off, `heal` finishes it at the next start. Readers that take the gate for each answer they give, as the
preview's server does, see one generation all the same: it is held from the first rename to the last.

It does not delete or overwrite what it did not write: see `claim`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.site.claim import STAGING_INSIDE, Standing, refused_files
from generator.site.disk import append, sync, sync_folders, sync_tree, write
from generator.site.exchange import beside, clear_beside, retire, switch
from generator.site.inplace import apply, begin, finish, is_behind_link, is_inside
from generator.site.manifest import END, MANIFEST, digest_of, file_digest, has_site, manifest_bytes

MANY_FILES = 200
"""From how many files that stay on, a small change is made in place while previewing. An exchange links each of them and unlinks it
again: of 900 files in 300 folders, 0.2 s until the switch and 0.5 s after it, on a busy disk."""

FEW_CHANGES = 500
"""Up to how many files are renamed in place while previewing: readers wait that long, 50 µs a file."""

_LONG_JOURNAL = 250
"""Bytes of a manifest for each file that it lists, beyond which it is written anew; one that was not changed in place has 120."""

_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")
"""Where Linux lists what is mounted, the place in the fifth column, and how it writes white space there: proc_pid_mountinfo(5)."""

Gate = AbstractContextManager[object]
"""What a preview's server holds while it answers, and we while we rename: a `threading.Lock` will do."""


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

    The `gate` is held while names change; with one, small changes of a large site are made in place.
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
        self._gate = gate or nullcontext()
        self._is_preview = gate is not None
        self._reason = _why_in_place(output, standing)
        self._making = output / STAGING_INSIDE if self._reason else beside(output, "making")
        self._is_begun = False
        self._folders: set[Path] = set()
        self.written: dict[str, str] = {}
        self._adopted: dict[str, str] = {}
        self._dropped: dict[str, str] = {}

    def put(self, path: str, data: bytes) -> str:
        """This file is to hold this; its hash. One that stands and holds it already is left alone."""
        if not is_inside(path):
            raise ValueError(f"not a path inside the site: {path!r}")
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
        if self._reason or (self._is_preview and is_small):
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
        """Raise if a file that we would overwrite, delete or leave holds what no build wrote, if only by now."""
        altered = [path for path in self._standing.altered if path not in self._adopted]
        altered += [path for path in self.written if path in self._standing.guests]
        altered += [path for path in (*self.written, *self._dropped) if path not in altered and not self._is_ours(path)]
        if altered:
            raise refused_files(self._output, tuple(sorted(altered)), {**self._standing.ours, **self._standing.altered})

    def _is_ours(self, path: str) -> bool:
        """Whether there is nothing at `path` but what we know, and no link on the way to it."""
        place, known = self._output / path, self._standing.ours
        if is_behind_link(self._output, path) or place.is_symlink():
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
                with suppress(OSError):  # where there are no hard links: it moves over after the switch
                    os.link(self._output / guest, self._making / guest, follow_symlinks=False)
        if self._output.exists():
            self._making.chmod(self._output.stat().st_mode & 0o7777)
        sync_tree(self._making, len(self.written) + len(self._folders))
        staging = beside(self._output, "staging")
        self._making.rename(staging)
        try:
            with self._gate:
                switch(staging, self._output)
        except BaseException:
            with suppress(OSError):
                retire(staging, self._output)
            raise
        sync(self._output.parent)
        if staging.exists():
            retire(staging, self._output)

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
        ours = self._standing.ours
        changes = {path: (ours.get(path, ""), digest) for path, digest in self.written.items()}
        changes |= {path: (digest, digest) for path, digest in self._adopted.items()}
        changes |= {path: (digest, "") for path, digest in self._dropped.items()}
        begin(self._output, inside, changes, self._version)
        self._is_begun = True
        with self._gate:
            apply(self._output, inside, changes)
        sync_folders(self._output, changes)
        self._end_journal(inside)
        shutil.rmtree(inside, ignore_errors=True)

    def _end_journal(self, inside: Path) -> None:
        """Say that the change is done; in a new manifest if the old one has grown long, or holds a change that nobody finished."""
        manifest = self._output / MANIFEST
        append(manifest, END)
        if self._standing.is_hashed or manifest.stat().st_size > _LONG_JOURNAL * (len(self._standing.ours) + FEW_CHANGES):
            write(inside / MANIFEST, manifest_bytes(self._digests(), self._version))
            (inside / MANIFEST).replace(manifest)
            sync(self._output)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == data


def _why_in_place(output: Path, standing: Standing) -> str:
    """Why `output` cannot be exchanged as a whole; empty if it can."""
    if not output.exists():
        return ""
    if _is_mount(output):
        return "it is a mount point"
    if any((output / guest).is_dir() and not (output / guest).is_symlink() for guest in standing.guests):
        return "it holds a folder that is not ours, such as .git"
    return "" if os.access(output.parent, os.W_OK) else "the folder above it cannot be written"


def _is_mount(output: Path) -> bool:
    """Whether a folder is mounted here; be it one of the same file system, of which only Linux's own list knows."""
    if output.is_mount():
        return True
    with suppress(OSError):
        lines = os.fsdecode(_MOUNTS.read_bytes()).splitlines()
        return str(output) in {_ESCAPED.sub(lambda code: chr(int(code[1], 8)), line.split(" ")[4]) for line in lines}
    return False


# ------------------------------------------------------------------ what killed builds left


def heal(output: Path) -> None:
    """Finish, or take apart, what killed builds left behind. We hold the lock, so nobody is at work in there."""
    output = output.resolve()
    clear_beside(output)
    inside = output / STAGING_INSIDE
    if inside.is_dir() and not inside.is_symlink():
        finish(output, inside)
        shutil.rmtree(inside)
