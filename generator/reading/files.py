"""Bytes of a file below the site's root, and their decoding.

In: the root, which is trusted, and the names that lead down from it, which are not. Out: bytes or text, or the fault that
kept them from being read. No link is followed below the root (a check of the last name alone is none), nothing but a
regular file is opened, so a FIFO or a device never blocks, and nothing beyond the limit is read.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from generator.errors import Diagnostic, Where, error
from generator.reading.formats import CONTROL, Fault

ARTICLE_LIMIT = 4 * 1024 * 1024
"""Largest witness in bytes; a long read is 100 kB, and 4 MB already make a page nobody scrolls."""

MARKDOWN_LIMIT = 1024 * 1024
"""Largest Markdown witness in bytes; markup takes the parser up to 5 µs a character."""

OPENS_FOLDERS = {os.open, os.stat} <= os.supports_dir_fd and os.listdir in os.supports_fd
"""Whether a name can be opened relative to an open folder: everywhere but on Windows."""

MISSING = Fault("does not exist")
IS_FOLDER = Fault("is a folder, not a file")

_BOM = b"\xef\xbb\xbf"
_LINE_BREAK = re.compile("\r\n|\r|\n")
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_FOLDER_FLAGS: int = _NO_FOLLOW | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE_FLAGS: int = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | _NO_FOLLOW
)
_FORMS = (
    (stat.S_ISLNK, Fault("is a link", "links are not followed below content/; put the file itself here")),
    (stat.S_ISDIR, IS_FOLDER),
    (stat.S_ISFIFO, Fault("is a FIFO, not a file")),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """Decoded text and where its lines start. Lines end as in editors: at CR, LF or CRLF, nowhere else."""

    path: str
    text: str
    line_starts: tuple[int, ...]

    def where(self, index: int) -> Where:
        """The place of a code point."""
        line = bisect_right(self.line_starts, index)
        return Where(self.path, line, index - self.line_starts[line - 1] + 1)


def text_file(path: str, text: str) -> TextFile:
    """`text` with its lines found."""
    if "\r" in text:
        return TextFile(path, text, (0, *(match.end() for match in _LINE_BREAK.finditer(text))))
    return TextFile(path, text, tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0)))


def shown_path(*names: str) -> str:
    """A path as people read it: names with slashes between, characters that a terminal would obey escaped."""
    path = "/".join(names)
    if path.isprintable():
        return path
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in path)


def read_bytes(root: Path, names: Sequence[str], limit: int) -> bytes | Fault:
    """The bytes of the file that `names` lead to from `root`, one folder each; or why they were not read."""
    try:
        with _folder(root, names[:-1]) as folder:
            return _read_regular(folder, names[-1], limit)
    except OSError as problem:
        return _fault_of(problem)


def folder_names(root: Path, names: Sequence[str]) -> tuple[str, ...] | Fault:
    """What lies in the folder that `names` lead to, sorted; or why that cannot be known."""
    try:
        with _folder(root, names) as folder:
            return tuple(sorted(os.listdir(folder)))  # noqa: PTH208 - a Path cannot list an open folder
    except OSError as problem:
        return _fault_of(problem)


@contextmanager
def _folder(root: Path, names: Sequence[str]) -> Iterator[int | Path]:
    """The folder that `names` lead to; every step is taken from its parent, without following a link.

    The root and the first folder in it (content/) are the site's own, and may be links. Yields an open descriptor, or where
    the system opens no folders (Windows) a path of which no further part was a link.
    """
    path = root.joinpath(*names[:1])
    if not OPENS_FOLDERS:
        for name in names[1:]:
            path /= name
            if path.is_symlink():
                raise OSError(errno.ELOOP, "a link")
        yield path
        return
    folder = os.open(path, _FOLDER_FLAGS & ~_NO_FOLLOW)
    try:
        for name in names[1:]:
            below = os.open(name, _FOLDER_FLAGS, dir_fd=folder)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


def _read_regular(folder: int | Path, name: str, limit: int) -> bytes | Fault:
    """The bytes of a file in a folder; looked at before it is opened, because opening some devices acts on them."""
    path, folder_fd = (folder / name, None) if isinstance(folder, Path) else (name, folder)
    fault = _form_fault(os.stat(path, dir_fd=folder_fd, follow_symlinks=False), limit)
    if fault is not None:
        return fault
    file = os.open(path, _FILE_FLAGS, dir_fd=folder_fd)
    try:
        fault = _form_fault(os.fstat(file), limit)
        if fault is not None:
            return fault
        chunks = bytearray()
        while len(chunks) <= limit and (chunk := os.read(file, limit + 1 - len(chunks))):
            chunks += chunk
    finally:
        os.close(file)
    return bytes(chunks) if len(chunks) <= limit else _too_large(len(chunks), limit)


def _form_fault(status: os.stat_result, limit: int) -> Fault | None:
    """Why a directory entry is no file to read, if so."""
    for is_form, fault in _FORMS:
        if is_form(status.st_mode):
            return fault
    if not stat.S_ISREG(status.st_mode):
        return Fault("is a device or a socket, not a file")
    return _too_large(status.st_size, limit) if status.st_size > limit else None


def _too_large(size: int, limit: int) -> Fault:
    return Fault(f"is larger than {limit // 1024:,} kB", f"it has at least {size:,} bytes")


def _fault_of(problem: OSError) -> Fault:
    """An error of the disk as a fault of the content."""
    if problem.errno in {errno.ENOENT, errno.ENAMETOOLONG}:
        return MISSING
    if problem.errno in {errno.ELOOP, errno.ENOTDIR}:
        return Fault("is a link, or no folder", "links are not followed below content/; put the folder itself here")
    hint = "whoever builds the site must be allowed to read it" if isinstance(problem, PermissionError) else ""
    return Fault(f"cannot be read: {problem.strerror}", hint)


def decode(path: str, data: bytes) -> TextFile | Diagnostic:
    """`data` as UTF-8, byte order mark dropped; or the first byte or control character that must not be there."""
    data = data.removeprefix(_BOM)
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        return _undecodable(path, data, problem.start)
    file = text_file(path, text)
    control = CONTROL.search(text)
    return file if control is None else _control_fault(file, control.start(), data)


def read_text(root: Path, names: Sequence[str], limit: int) -> TextFile | Diagnostic:
    """The text of a file, or why there is none."""
    data = read_bytes(root, names, limit)
    if isinstance(data, Fault):
        return error(Where(shown_path(*names)), f"the file {data.message}", data.hint)
    return decode(shown_path(*names), data)


def _undecodable(path: str, data: bytes, at: int) -> Diagnostic:
    """An error at the first byte that is not UTF-8, with a guess what the file is."""
    before = text_file(path, data[:at].decode())
    where = before.where(len(before.text))
    byte = data[at : at + 1]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        guess = "UTF-16?"
    else:
        try:
            guess = f"Windows-1252? There it is {byte.decode('cp1252')!r}"
        except UnicodeDecodeError:
            guess = "Latin-1, or damaged?"
    return error(where, f"byte 0x{byte.hex().upper()} is not UTF-8", f"{guess}; save the file as UTF-8")


def _control_fault(file: TextFile, at: int, data: bytes) -> Diagnostic:
    """An error at a control character, with a guess how it came there."""
    code = ord(file.text[at])
    hint = "delete it"
    if code == 0 and data[:400].count(0) > len(data[:400]) // 4:
        hint = "UTF-16? Save the file as UTF-8"
    elif 0x80 <= code <= 0x9F:
        meant = bytes([code]).decode("cp1252", "ignore")
        hint = f"meant was perhaps {meant!r}, of a text in Windows-1252 read as Latin-1" if meant else hint
    return error(file.where(at), f"control character U+{code:04X} in the text", hint)
