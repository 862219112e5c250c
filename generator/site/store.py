"""What is known from build to build: the records in the cache.

In: the file. Out: what is known of each unit, the facts of stories, and their parts in the site's notes. It is believed only if
every record in it has the seal it was given. One that is damaged, of another program, or of an older format is thrown away and
begun anew; where none can be kept, a temporary one serves until the build ends.

It is changed in one transaction, committed after output/ was switched: what it tells of always stands, or stood, there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from generator.errors import Diagnostic
from generator.site.cache import Known
from generator.site.cachefile import CacheDamaged, delete, delete_abandoned, make_folder, opened, whole
from generator.site.export import SiteNotes
from generator.site.facts import StoryFacts
from generator.site.inputs import Parts
from generator.site.stamps import digest

_FACTS: TypeAdapter[StoryFacts] = TypeAdapter(StoryFacts)
_FAULTS: TypeAdapter[tuple[Diagnostic, ...]] = TypeAdapter(tuple[Diagnostic, ...])
_BITS = 1 << 128


class Past(NamedTuple):
    """What is known of the last build: the stories by slug, other units by name, the shared parts of units by their keys.

    `meta`: whatever else was kept.
    """

    stories: dict[str, Known]
    others: dict[str, Known]
    environments: dict[str, Parts]
    meta: dict[str, str]


NOTHING = Past({}, {}, {}, {})


class Token(NamedTuple):
    """What tells whether a cache is the one that was committed: its seal, and the sum of its units' seals."""

    seal: str
    units: int


NO_TOKEN = Token("", 0)


def facts_bytes(facts: StoryFacts) -> bytes:
    """Facts as they are kept; their digest says whether they changed."""
    return _FACTS.dump_json(facts)


def notes_digest(notes: SiteNotes) -> str:
    """What tells one story's part in the site's notes from another."""
    return digest(f"{notes.rows}\0{notes.pairs}".encode())


class Store:
    """An open cache, and one transaction on it. Duty: what is not committed is not kept, what has lost its seal is not given."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._seal = 0

    # -------------------------------------------------------------- what was known

    def load(self) -> Past:
        """Everything but facts and notes. Raises `CacheDamaged`."""
        with _damage_told():
            meta = dict(self._connection.execute("SELECT name, value FROM meta"))
            rows = self._connection.execute("SELECT name, known, seal FROM units").fetchall()
            self._seal = sum(int(seal, 16) for _, _, seal in rows) % _BITS
            environments = json.loads(meta.pop("environments", "{}"))
            expected = meta.pop("seal", "")
            meta.pop("whole", None)
            is_new = not (rows or meta or environments or expected)
            is_sound = expected == self._sealed(meta, environments) and all(
                _seal(name, known) == seal for name, known, seal in rows
            )
            if not (is_new or is_sound):
                raise CacheDamaged
            units = {name: _known(known) for name, known, _ in rows}
            stories = {name[:-1]: unit for name, unit in units.items() if name.endswith("/")}
            return Past(stories, {name: unit for name, unit in units.items() if not name.endswith("/")}, environments, meta)

    def token(self, past: Past) -> Token:
        """What tells this cache, as it was loaded, from another."""
        return Token(self._sealed(past.meta, past.environments), self._seal)

    def resume(self, token: Token) -> bool:
        """Whether this is still what was committed; then it need not be loaded again."""
        with _damage_told():
            row = self._connection.execute("SELECT value FROM meta WHERE name = 'seal'").fetchone()
            self._seal = token.units
            return bool(row) and row[0] == token.seal

    def facts(self, known: Mapping[str, Known]) -> dict[str, StoryFacts]:
        """The facts of those stories, by slug, that have any. Raises `CacheDamaged`."""
        with _damage_told():
            rows = dict(self._connection.execute("SELECT name, facts FROM facts"))
            found = {}
            for name, unit in known.items():
                if unit.facts:
                    data = rows.pop(f"{name}/")
                    if digest(data) != unit.facts:
                        raise CacheDamaged
                    found[name] = _FACTS.validate_json(data)
            return found

    def notes(self, wanted: Mapping[str, str]) -> Iterator[SiteNotes]:
        """The parts of some stories in the site's notes, in their order; `wanted`: slugs and digests. Raises `CacheDamaged`."""
        with _damage_told():
            for name, expected in wanted.items():
                row = self._connection.execute("SELECT rows, pairs FROM notes WHERE name = ?", (f"{name}/",)).fetchone()
                notes = SiteNotes(*row)
                if notes_digest(notes) != expected:
                    raise CacheDamaged
                yield notes

    # -------------------------------------------------------------- what will be known

    def keep_story(self, name: str, facts: bytes, notes: SiteNotes) -> None:
        """The facts and notes of a story that was built. Raises `CacheDamaged` where it cannot be written, as all that follow."""
        with _damage_told():
            self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, facts))
            self._connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (name, *notes))

    def keep(self, name: str, known: Known) -> None:
        """What is known of a unit from now on."""
        self._unseal(name)
        text = json.dumps(known._replace(diagnostics=_FAULTS.dump_python(known.diagnostics, mode="json")))
        seal = _seal(name, text)
        with _damage_told():
            self._connection.execute("INSERT OR REPLACE INTO units VALUES (?, ?, ?)", (name, text, seal))
        self._seal = (self._seal + int(seal, 16)) % _BITS

    def forget(self, name: str) -> None:
        """A unit that is no more."""
        self._unseal(name)
        with _damage_told():
            for table in ("units", "facts", "notes"):
                self._connection.execute(f"DELETE FROM {table} WHERE name = ?", (name,))  # noqa: S608 the names above

    def commit(self, meta: Mapping[str, str], environments: Mapping[str, Parts]) -> Token:
        """Keep all this, with what else is to be kept: in place of what was."""
        seal = self._sealed(meta, environments)
        values = {**meta, "environments": json.dumps(environments), "seal": seal}
        values["whole"] = whole(values)
        with _damage_told():
            self._connection.execute("DELETE FROM meta")
            self._connection.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
            self._connection.commit()
        return Token(seal, self._seal)

    def close(self) -> None:
        """Without what was not committed."""
        with suppress(sqlite3.Error):
            self._connection.rollback()
        self._connection.close()

    def _unseal(self, name: str) -> None:
        with _damage_told():
            row = self._connection.execute("SELECT seal FROM units WHERE name = ?", (name,)).fetchone()
            if row:
                self._seal = (self._seal - int(row[0], 16)) % _BITS

    def _sealed(self, meta: Mapping[str, str], environments: Mapping[str, Parts]) -> str:
        """The seal of the whole: of what is kept besides units, and the sum of their seals, so that none can go missing."""
        return digest(f"{self._seal}{sorted(meta.items())}{json.dumps(environments, sort_keys=True)}".encode())


def _seal(name: str, text: str) -> str:
    return blake2b(f"{name}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _known(text: str) -> Known:
    *values, faults = json.loads(text)
    return Known._make([*values, _FAULTS.validate_python(faults) if faults else ()])


class _damage_told:  # noqa: N801 reads as a statement
    """Whatever goes wrong in reading the cache is its damage."""

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        if isinstance(problem, sqlite3.Error | ValidationError | ValueError | KeyError | TypeError):
            raise CacheDamaged from problem


# ------------------------------------------------------------------ the file


def open_store(path: Path | None, say: Callable[[str], None], *, fresh: bool = False) -> Store:
    """The cache at `path`, emptied if `fresh`; a temporary one where there can be none, and `say` is told why in one line."""
    if path is None:
        return Store(opened(None))
    try:
        make_folder(path.parent)
        if fresh:
            delete(path)
        elif not path.exists():
            delete_abandoned(path.parent)
        return Store(opened(path))
    except CacheDamaged:
        say(f"{path.name} in {path.parent.name}/ is damaged, or not of this program: it is begun anew")
    except (OSError, sqlite3.Error) as problem:
        say(f"no cache is kept in {path.parent.name}/: {problem}")
        return Store(opened(None))
    return open_store(path, say, fresh=True)
