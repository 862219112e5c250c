"""Whose is output/? The lock, the folders that are refused, and the manifest that tells our files from others'.

In: the folder. Out: what of ours stands in it, or an `OutputRefused` that says what is in the way. Writes nothing but
the lock beside it.

A file is ours if the manifest in the folder lists it with the hash it has. A file that is not listed, or was changed since,
makes a build refuse the whole folder: nothing of others is ever overwritten or deleted. Names at the top that start with
a dot (.gitkeep, .git, .DS_Store) are guests: they stay where they are.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import Diagnostic, Where, error

MANIFEST = ".variorum-manifest.json"
"""Lists every file that a build wrote, with its SHA-256. Stands in output/ itself, so that it moves with it."""

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
    """What stands in output/ before a build: our files with their hashes, and dotfiles at the top, which are guests."""

    ours: Mapping[str, str]
    guests: tuple[str, ...]


# ------------------------------------------------------------------ may we?


def refuse_forbidden(root: Path, output: Path) -> None:
    """Raise `OutputRefused` for a folder that no site may be written to, whatever it holds."""
    output, root = output.resolve(), root.resolve()
    hint = "choose a folder of its own, such as output/ beside content/"
    if output == Path(output.anchor) or _is_home(output):
        raise _refused(output, "the root and the home folder are no place for a site", hint)
    if output == root or output in root.parents:
        raise _refused(output, "this folder holds the site's own content", hint)
    if any(output.is_relative_to(root / name) for name in ("content", "templates", ".git")):
        raise _refused(output, "this folder belongs to the site's sources", hint)
    if (output / "content").is_dir() or (output / "variorum.toml").exists():
        raise _refused(output, "this folder holds the content of a site", hint)
    if output.exists() and not output.is_dir():
        raise _refused(output, "this is not a folder", hint)


def _is_home(folder: Path) -> bool:
    try:
        return folder == Path.home().resolve()
    except RuntimeError:  # nobody's home is known here
        return False


def refuse_foreign(output: Path) -> None:
    """Raise `OutputRefused` if `output` holds names that no build wrote. Reads no file: an early word before long work."""
    output = output.resolve()
    listed = listed_files(output)
    foreign = tuple(path for path, _ in _walk(output) if path not in listed and not _is_guest(path))
    if foreign:
        raise _refuse_files(output, foreign, listed)


def has_site(output: Path) -> bool:
    """Whether a build has published into `output`."""
    return (output / MANIFEST).is_file()


def generation(output: Path) -> str:
    """A short name for what is published in `output`: equal for equal sites; empty if there is none."""
    try:
        return digest_of((output / MANIFEST).read_bytes())[:16]
    except OSError:
        return ""


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
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
                return descriptor
        os.close(descriptor)


def _refused(output: Path, message: str, hint: str) -> OutputRefused:
    shown = output.relative_to(Path.cwd()) if output.is_relative_to(Path.cwd()) else output
    return OutputRefused(error(Where(f"{shown}/"), message, hint))


# ------------------------------------------------------------------ what stands there


def survey(output: Path, files: Mapping[str, bytes]) -> Standing:
    """What `output` holds. A file counts as ours if the manifest lists its hash, or if it already is what we would write."""
    listed = listed_files(output)
    ours: dict[str, str] = {}
    foreign: list[str] = []
    guests: list[str] = []
    for path, is_file in _walk(output):
        if _is_guest(path):
            guests.append(path)
            continue
        digest = _file_digest(output / path) if is_file else ""
        if digest and (digest in listed.get(path, ()) or (path in files and digest == digest_of(files[path]))):
            ours[path] = digest
        else:
            foreign.append(path)
    if foreign:
        raise _refuse_files(output, tuple(foreign), listed)
    return Standing(ours, tuple(guest for guest in guests if guest not in _OWN_DOTFILES))


def _is_guest(path: str) -> bool:
    return "/" not in path and path.startswith(".")


def _refuse_files(output: Path, foreign: tuple[str, ...], listed: Mapping[str, tuple[str, ...]]) -> OutputRefused:
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


def listed_files(folder: Path) -> dict[str, tuple[str, ...]]:
    """The hashes each path may have: one, or two while a change in place was under way. Empty if there is no sound manifest."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {path: (known,) if isinstance(known, str) else tuple(map(str, known)) for path, known in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def manifest_bytes(digests: Mapping[str, str | list[str]], version: str) -> bytes:
    """A manifest; with two hashes for a path while one of them replaces the other."""
    about = f"Written by Variorum {version}. A build deletes only what stands here."
    return (json.dumps({"about": about, "files": dict(sorted(digests.items()))}, indent=1) + "\n").encode("ascii")


def digest_of(data: bytes) -> str:
    """The hash of a file's bytes, as manifests write it."""
    return hashlib.sha256(data).hexdigest()


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
