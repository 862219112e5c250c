"""The only writer of output/: a whole generation of files in, one switch out.

In: every file of the site (path and bytes) and the folder. Out: what was written, left alone and removed.
A reader of the folder sees the old site or the new one, never a mixture, also after a kill, a full disk or a power cut:

    .output.lock              who builds; dies with its holder
    .output.staging-<pid>/    the new generation, written and synced beside output/
    output/  ◀──exchange──▶  .output.staging-<pid>/    one system call; then the old generation is taken apart

Where a folder cannot be exchanged (a mount point, a checkout with its own `.git`), files are renamed into place one by
one: assets, pages, the index, deletions. Each file is whole then, the site as a whole is not; `Published.in_place` says why.

It does not delete or overwrite what it did not write: a manifest in the folder lists every file with its hash, and a file
that is not in it, or no longer has that hash, makes it refuse the whole folder.
"""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.site.claim import MANIFEST, STAGING_INSIDE, Standing, digest_of, has_site, listed_files, manifest_bytes, survey

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}
"""What a kernel or file system without an exchange answers."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a switch did, as sorted paths inside output/. `in_place`: why the folder was not exchanged as a whole, or empty."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    in_place: str = ""


# ------------------------------------------------------------------ the switch


@dataclass(frozen=True, slots=True)
class _Plan:
    """One generation against what stands: its files with their hashes, and what is to do."""

    files: Mapping[str, bytes]
    digests: Mapping[str, str]
    standing: Standing
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    manifest: bytes
    journal: bytes


def publish(files: Mapping[str, bytes], output: Path, version: str) -> Published:
    """Make `output` hold exactly `files` (and its dotfiles); call it under `locked`.

    Files that stay the same keep their inode and their time. Raises `OutputRefused`, or `OSError` from the disk: in either
    case the old site stands unchanged (in place: whole files of both).
    """
    for path in files:
        _refuse_escape(path)
    output = output.resolve()
    _clear_stale(output)
    plan = _plan(files, survey(output, files), version)
    if not plan.written and not plan.removed and _manifest_stands(output, plan.manifest):
        return Published((), plan.unchanged, ())
    reason = _why_in_place(output, plan.standing)
    if reason:
        _rename_each(plan, output)
    else:
        _exchange(plan, output)
    return Published(plan.written, plan.unchanged, plan.removed, reason)


def _refuse_escape(path: str) -> None:
    """Raise for a path that is not plainly inside output/. Readers validate names before; this is the last wall."""
    if "\\" in path or "\0" in path or any(part == "" or part.startswith(".") for part in path.split("/")):
        raise ValueError(f"not a path inside the site: {path!r}")


def _plan(files: Mapping[str, bytes], standing: Standing, version: str) -> _Plan:
    """What to write, keep and remove. The journal is a manifest that knows the old and the new hash of every file."""
    digests = {path: digest_of(data) for path, data in files.items()}
    unchanged = tuple(sorted(path for path, digest in digests.items() if standing.ours.get(path) == digest))
    both: dict[str, str | list[str]] = {
        path: sorted({each[path] for each in (standing.ours, digests) if path in each}) for path in {*standing.ours, *digests}
    }
    return _Plan(
        files=files,
        digests=digests,
        standing=standing,
        written=tuple(sorted(digests.keys() - set(unchanged))),
        unchanged=unchanged,
        removed=tuple(sorted(standing.ours.keys() - digests.keys())),
        manifest=manifest_bytes(digests, version),
        journal=manifest_bytes(both, version),
    )


def _manifest_stands(output: Path, manifest: bytes) -> bool:
    return has_site(output) and (output / MANIFEST).read_bytes() == manifest


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


def _clear_stale(output: Path) -> None:
    """Take apart what killed builds left behind. We hold the lock, so nobody is at work in there."""
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
    shutil.rmtree(output / STAGING_INSIDE, ignore_errors=True)


def _exchange(plan: _Plan, output: Path) -> None:
    """Stage the generation beside `output`, then switch the two folders in one step."""
    staging = _beside(output, "staging")
    staging.mkdir(parents=True)
    try:
        # First, so that whoever finds this folder after a kill knows which files in it are ours.
        _write(staging / MANIFEST, plan.manifest)
        _stage(plan, staging, output)
        for guest in plan.standing.guests:
            os.link(output / guest, staging / guest, follow_symlinks=False)
        if output.exists():
            staging.chmod(output.stat().st_mode & 0o7777)
        _sync_folders(staging)
        switch(staging, output)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _sync(output.parent)
    if staging.exists():
        _retire(staging, output)


def _stage(plan: _Plan, staging: Path, output: Path) -> None:
    """Every file of the generation: an unchanged one as a second name of the file that stands, any other written."""
    linked = frozenset(plan.unchanged)
    for path, data in plan.files.items():
        target = staging / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path not in linked or not _link(output / path, target):
            _write(target, data)


def _link(path: Path, target: Path) -> bool:
    """Give a file a second name; False on a file system that has no hard links, or has too many of this one."""
    try:
        os.link(path, target)
    except OSError:
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    """A new file with its bytes on the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """The names in a folder, on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folders(folder: Path) -> None:
    for below, _, _ in os.walk(folder):
        _sync(Path(below))


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


def _retire(old: Path, output: Path) -> None:
    """Take a generation apart: what its manifest lists goes; anything else was put there by others, and moves to `output`.

    Only files that turned up in the instant between survey and switch are concerned. One whose place is taken stays, in a
    folder with a telling name. Walks the folder instead of following the manifest: a forged one cannot point outside.
    """
    listed = {*listed_files(old), MANIFEST}
    for below, _, names in os.walk(old, topdown=False):
        for name in names:
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
    if old.exists():
        old.rename(output.parent / f"{output.name}.rescued-{os.getpid()}")


# ------------------------------------------------------------------ file by file


def _rename_each(plan: _Plan, output: Path) -> None:
    """Rename staged files into `output` one by one: assets, pages, the index, deletions.

    The journal stands before the first rename, so that after a kill the next build knows old and new files as its own.
    """
    staging = output / STAGING_INSIDE
    staging.mkdir()
    try:
        for path in plan.written:
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            _write(staging / path, plan.files[path])
        _replacemanifest_bytes(output, staging, plan.journal)
        obstacles = _obstacles(plan.written, plan.removed)
        _remove(output, obstacles)
        for path in sorted(plan.written, key=_rank):
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            (staging / path).replace(output / path)
        _remove(output, (path for path in plan.removed if path not in obstacles))
        _sync_folders(output)
        _replacemanifest_bytes(output, staging, plan.manifest)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _sync(output)


def _replacemanifest_bytes(output: Path, staging: Path, manifest: bytes) -> None:
    _write(staging / MANIFEST, manifest)
    (staging / MANIFEST).replace(output / MANIFEST)


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
