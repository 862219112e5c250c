"""The cache as a file: `.variorum/cache-….sqlite` in the site's folder, one for each output folder.

In: a path. Out: an open database of ours, or why there is none; and what the last build left to be read at once. It may be deleted
at any time, and is believed only with the seal it was given. `store` says what is in it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from generator.site.stamps import digest

CACHE_FOLDER = ".variorum"
"""Where in the site's folder the cache lies; not in version control, because of the .gitignore in it."""

_APPLICATION = 0x5641524D
_FORMAT = 2
"""Of the tables; raised when they change. A change of what the values mean changes the program, which is part of every key."""

_SCHEMA = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE units(name TEXT PRIMARY KEY, known TEXT NOT NULL, seal TEXT NOT NULL);
CREATE TABLE facts(name TEXT PRIMARY KEY, facts BLOB NOT NULL);
CREATE TABLE notes(name TEXT PRIMARY KEY, rows TEXT NOT NULL, pairs TEXT NOT NULL);
"""

_PLACE = "place"
"""What the path of the output folder is kept under."""

_NOT_WRITABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM,
    }
)  # fmt: skip
"""What SQLite says where a cache cannot be written, whatever is in it."""


class CacheDamaged(Exception):  # noqa: N818 not an error of the program
    """What was read is not what was written, or nothing can be written; there is no going on with it."""


def cache_path(root: Path, output: Path) -> Path:
    """Where what is known of `output` is kept."""
    return root / CACHE_FOLDER / f"cache-{digest(os.fsencode(output.resolve()))[:12]}.sqlite"


def place_of(output: Path) -> dict[str, str]:
    """What is kept to tell, later, whether the output folder is still there."""
    return {_PLACE: quote_from_bytes(os.fsencode(output.resolve()))}


def delete_abandoned(folder: Path) -> None:
    """Delete the caches of output folders that are gone; called when another one is begun."""
    for path in folder.glob("cache-*.sqlite"):
        place = kept(path, _PLACE)
        if place and not os.path.lexists(unquote_to_bytes(place[_PLACE])):
            delete(path)


def make_folder(folder: Path) -> None:
    """The folder of the cache, which version control leaves out."""
    folder.mkdir(exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="ascii")


def opened(path: Path | None) -> sqlite3.Connection:
    """A connection in a transaction. Raises `CacheDamaged` for a file that is not ours; others if it cannot be written."""
    if path is not None and path.exists() and not path.is_file():
        raise IsADirectoryError(f"{path.name} is not a file")
    connection = sqlite3.connect(path or "", isolation_level=None, timeout=0.1)
    try:
        is_new = path is None or path.stat().st_size == 0
        if is_new:
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {_FORMAT}")
            connection.execute("BEGIN IMMEDIATE")
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            connection.commit()
        connection.execute("PRAGMA synchronous = NORMAL")
        _refuse_other(connection)
        connection.execute("BEGIN IMMEDIATE")
    except (sqlite3.Error, ValueError) as problem:  # SQLite quotes damaged text in its messages, which may be no UTF-8
        connection.close()
        if getattr(problem, "sqlite_errorcode", -1) & 0xFF in _NOT_WRITABLE:
            raise
        raise CacheDamaged from problem
    except BaseException:
        connection.close()
        raise
    return connection


def kept(path: Path, *names: str) -> dict[str, str]:
    """What the last build kept under these names, all of it; nothing if there is no such cache, or it cannot be believed."""
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(path, timeout=0.1)) as connection:
            _refuse_other(connection)
            meta = dict(connection.execute("SELECT name, value FROM meta"))
    except (sqlite3.Error, ValueError, CacheDamaged):
        return {}
    if not meta.keys() >= {*names, "whole"} or meta["whole"] != whole(meta):
        return {}
    return {name: meta[name] for name in names}


def whole(meta: Mapping[str, str]) -> str:
    """A seal of everything but the units, so that it can be believed without reading them."""
    return digest(
        repr(sorted((name, value) for name, value in meta.items() if name != "whole")).encode("utf-8", "backslashreplace")
    )


def delete(path: Path) -> None:
    """The cache, and what SQLite keeps beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _refuse_other(connection: sqlite3.Connection) -> None:
    """Raise `CacheDamaged` for a database that this program, in this version of the format, has not begun."""
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if found != [_APPLICATION, _FORMAT]:
        raise CacheDamaged
