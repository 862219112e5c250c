"""A whole generation in the place of another: in one step where the kernel has one, and what stood there before taken apart.

In: output/ and a finished folder beside it. Out: nothing. What a generation is made of is for `publish` to know.

    output/  ◀──exchange──▶  .output.staging-<pid>/    one system call; then what lies there is taken apart

Where names cannot be exchanged there are two renames, by `.output.aside-<pid>/`, and an instant without output/.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

from generator.site.manifest import MANIFEST, has_site, listing_of

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}
"""What a kernel or file system without an exchange answers."""


def beside(output: Path, purpose: str) -> Path:
    """The folder beside `output` in which this process makes, keeps or puts aside a generation."""
    return output.parent / f".{output.name}.{purpose}-{os.getpid()}"


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
    aside = beside(output, "aside")
    output.rename(aside)
    try:
        staging.rename(output)
    except BaseException:
        aside.rename(output)
        raise
    aside.rename(staging)


# ------------------------------------------------------------------ what stood there before


def clear_beside(output: Path) -> None:
    """Finish, or take apart, the folders that killed builds left beside `output`. We hold the lock: nobody is at work in there."""
    left = {purpose: _left(output, purpose) for purpose in ("aside", "staging", "making")}
    for old in left["aside"]:
        if output.exists():
            retire(old, output)
        else:
            old.rename(output)
    for old in left["staging"]:
        retire(old, output)
    for old in left["making"]:
        shutil.rmtree(old)


def _left(output: Path, purpose: str) -> list[Path]:
    """Folders of the names that `beside` gives, whatever process made them."""
    name = re.compile(rf"\.{re.escape(output.name)}\.{purpose}-[0-9]+")
    with suppress(FileNotFoundError):
        found = (path for path in output.parent.iterdir() if name.fullmatch(path.name))
        return sorted(path for path in found if path.is_dir() and not path.is_symlink())
    return []


def retire(old: Path, output: Path) -> None:
    """Take a generation apart: what its manifest lists goes; anything else was put there by others, and moves to `output`.

    Only files that turned up in the instant between survey and switch are concerned. One whose place is taken stays, in a
    folder with a telling name. Walks the folder instead of following the manifest: a forged one cannot point outside.
    """
    # Raises if it cannot be read: that is no reason to take our own files for others'.
    listed = {*(listing_of((old / MANIFEST).read_bytes()).files if has_site(old) else ()), MANIFEST}
    for below, folders, names in os.walk(old, topdown=False):
        links = [name for name in folders if Path(below, name).is_symlink()]
        for name in sorted((*names, *links), key=lambda name: name == MANIFEST):  # last, so that whoever goes on after us has it
            left = Path(below, name)
            inside = left.relative_to(old)
            if inside.as_posix() in listed or _is_same(left, output / inside):
                left.unlink()
            elif not os.path.lexists(output / inside):
                with suppress(OSError):  # its folder's name is a file's now
                    (output / inside).parent.mkdir(parents=True, exist_ok=True)
                    left.rename(output / inside)
        with suppress(OSError):
            Path(below).rmdir()
    if any(names or any(Path(below, name).is_symlink() for name in folders) for below, folders, names in os.walk(old)):
        old.rename(_rescued(output))
    else:
        shutil.rmtree(old, ignore_errors=True)


def _is_same(one: Path, other: Path) -> bool:
    """Whether these are two names of one file."""
    return os.path.lexists(other) and os.path.samestat(one.lstat(), other.lstat())


def _rescued(output: Path) -> Path:
    """A name that is free, for what belongs to others and has no place."""
    names = (output.with_name(f"{output.name}.rescued-{number}") for number in count(1))
    return next(path for path in names if not os.path.lexists(path))
