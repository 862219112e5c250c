"""Whose is output/? The lock, the folders that are refused, and which files there are ours.

In: the folder. Out: what of ours stands in it, or an `OutputRefused` that says what is in the way. Writes nothing but
the lock beside it.

A file is ours if the manifest in the folder lists it with the hash it has. A file that is not listed, or was changed since,
makes a build refuse the whole folder: nothing of others is ever overwritten or deleted. Names at the top that start with
a dot (.gitkeep, .git, .DS_Store) are guests: they stay where they are.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Diagnostic, Where, error
from generator.layout import CONFIG, CONTENT, SOURCES
from generator.site.manifest import MANIFEST, file_digest, has_site, read_manifest

STAGING_INSIDE = ".variorum-staging"
"""Where files are staged when output/ itself cannot be exchanged: inside it, so that a rename stays on one file system."""

_LOCK_INSIDE = ".variorum.lock"
_OWN_DOTFILES = {MANIFEST, STAGING_INSIDE, _LOCK_INSIDE}

_LISTED = 10
"""How many offending files a refusal names. More than a screenful helps nobody; the count says the rest."""


class OutputRefused(Exception):  # noqa: N818 a refusal is not an error of the program
    """The output folder must not be written; nothing was. `diagnostic` says why and what to do."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in output/ before a build. `ours`: our files with their hashes; `guests`: names at the top that start with a dot.

    `altered`: files we once wrote, with the hash they have now; a build refuses the folder unless it would write just these bytes.
    `is_hashed`: whether the files themselves were read, or only their names, and the hashes taken from what was known.
    """

    ours: Mapping[str, str]
    guests: tuple[str, ...] = ()
    altered: Mapping[str, str] = field(default_factory=dict)
    is_hashed: bool = True


# ------------------------------------------------------------------ may we?


def refuse_forbidden(root: Path, output: Path) -> None:
    """Raise `OutputRefused` for a folder that no site may be written to, whatever it holds."""
    hint = "choose a folder of its own, such as output/ beside content/"
    try:
        output, root = output.resolve(), root.resolve()
    except RuntimeError:  # as Python before 3.13 says that links lead in a circle
        raise _refused(output.absolute(), "its name is a link that leads in a circle", hint) from None
    if output == Path(output.anchor) or _is_home(output):
        raise _refused(output, "the root and the home folder are no place for a site", hint)
    if output == root or output in root.parents:
        raise _refused(output, "this folder holds the site's own content", hint)
    if any(output.is_relative_to((root / name).resolve()) for name in (*SOURCES, ".git")):
        raise _refused(output, "this folder belongs to the site's sources", hint)
    if ((output / CONTENT).is_dir() or (output / CONFIG).exists()) and not has_site(output):
        raise _refused(output, "this folder holds the content of a site", hint)
    if output.exists() and not output.is_dir():
        raise _refused(output, "this is not a folder", hint)


def _is_home(folder: Path) -> bool:
    try:
        return folder == Path.home().resolve()
    except RuntimeError:  # nobody's home is known here
        return False


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Keep other builds away from `output`; the kernel frees the lock when its holder dies, however it dies.

    Raises `OutputRefused`, naming the holder, when another process has it.
    """
    output = output.resolve()
    path = _lock_path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _acquire(path, output)
    try:
        yield
    finally:
        # Removed while it is still held: whoever opened it before sees in `_acquire` that its name is gone, and tries again.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _lock_path(output: Path) -> Path:
    """Beside the folder, or inside when the folder above is not ours to write in."""
    beside = output.parent / f".{output.name}.lock"
    return output / _LOCK_INSIDE if output.is_dir() and not os.access(output.parent, os.W_OK) else beside


def _acquire(path: Path, output: Path) -> int:
    """A locked descriptor of the file that `path` names at this moment, with our process id in it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            message = f"another build is writing to it (process {holder})"
            raise _refused(output, message, "wait for it to end, or choose another --output") from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):  # noqa: PTH116 paired with fstat, whose values it compares
                with suppress(OSError):  # a full disk: the holder goes unnamed
                    os.ftruncate(descriptor, 0)
                    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
                return descriptor
        os.close(descriptor)


def _refused(output: Path, message: str, hint: str) -> OutputRefused:
    shown = output.relative_to(Path.cwd()) if output.is_relative_to(Path.cwd()) else output
    return OutputRefused(error(Where(f"{shown}/"), message, hint))


# ------------------------------------------------------------------ what stands there


def survey(output: Path) -> Standing:
    """What `output` holds, every file read. Raises `OutputRefused` for names that no build wrote, before it reads any."""
    output = output.resolve()
    listing = read_manifest(output)
    paths, guests = _own_names(output, listing.files)
    digests = {path: file_digest(output / path) for path in paths}
    ours = {path: digest for path, digest in digests.items() if digest in listing.files[path]}
    return Standing(ours, guests, {path: digest for path, digest in digests.items() if path not in ours})


def glance(output: Path, known: Mapping[str, str]) -> Standing:
    """What `output` holds by its names alone; `known` says which files a build wrote last, with their hashes.

    A tenth of the work of `survey`, for large sites. Whoever overwrites or deletes a file reads that one first.
    """
    output = output.resolve()
    paths, guests = _own_names(output, known)
    return Standing({path: known[path] for path in paths}, guests, is_hashed=False)


def _own_names(output: Path, listed: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The plain files of `output` that are listed, and the guests; refused if there is anything else."""
    ours: list[str] = []
    foreign: list[str] = []
    guests: list[str] = []
    for path, is_file in _walk(output):
        if path in listed and is_file:
            ours.append(path)
        elif _is_guest(path) and (is_file or path not in _OWN_DOTFILES):  # a link in the place of the manifest leads elsewhere
            guests.append(path)
        else:
            foreign.append(path)
    if foreign:
        raise refused_files(output, tuple(foreign), listed)
    return tuple(ours), tuple(guest for guest in guests if guest not in _OWN_DOTFILES)


def _is_guest(path: str) -> bool:
    return "/" not in path and path.startswith(".")


def refused_files(output: Path, foreign: tuple[str, ...], listed: Mapping[str, object]) -> OutputRefused:
    """The refusal that names the files in the way, altered ones apart from strange ones."""
    names = ", ".join(foreign[:_LISTED]) + (f" and {len(foreign) - _LISTED} more" if len(foreign) > _LISTED else "")
    if all(path in listed for path in foreign):
        return _refused(
            output, f"changed since it was built: {names}", "save your changes elsewhere, delete these files, build again"
        )
    if (output / MANIFEST).exists() and not listed:
        return _refused(output, f"its {MANIFEST} cannot be read", "if it holds nothing but a built site, delete the folder")
    return _refused(output, f"it holds files that no build wrote: {names}", "move them away, or choose another --output")


def _walk(folder: Path, below: str = "") -> Iterator[tuple[str, bool]]:
    """Every entry under `folder` that is not a folder, and whether it is a plain file; links are not followed.

    Folders at the top whose name starts with a dot are named, not entered.
    """
    try:
        entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False) and (below or not entry.name.startswith(".")):
            yield from _walk(folder, path)
        else:
            yield path, entry.is_file(follow_symlinks=False)
