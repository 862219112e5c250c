"""The cache on the disk: believed whole, or not at all, and never fatal."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from generator.errors import Diagnostic, Where, warning
from generator.site.cache import Known
from generator.site.cachefile import CacheDamaged, cache_path, kept
from generator.site.export import SiteNotes
from generator.site.stamps import digest
from generator.site.store import NOTHING, Past, Token, facts_bytes, notes_digest, open_store
from tests.storyfacts import facts, note

FAULT = warning(Where("content/bridge/a.txt", 1, 2), "look", "here")
FACTS = facts("bridge", note("bridge", "weeks"))
NOTES = SiteNotes('"bridge"\r\n', '{"story":"bridge"}')
ENVIRONMENTS = {"env": {"program": "1"}}


def story(faults: tuple[Diagnostic, ...] = (FAULT,)) -> Known:
    return Known(
        key="key", inputs={"a.txt": "1"}, environment="env", files={"bridge/index.html": "h"}, page_count=1, stamp="s",
        facts=digest(facts_bytes(FACTS)), brief="b", notes=notes_digest(NOTES), comparison_count=1,
        note_count=2, diagnostics=faults,
    )  # fmt: skip


INDEX = Known("key2", {"comparisons": "1"}, "env", {"index.html": "h2"}, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return cache_path(tmp_path, tmp_path / "output")


def said_by(path: Path) -> tuple[Past, list[str]]:
    """What a cache gives, and what is said of it."""
    said: list[str] = []
    with closing(open_store(path, said.append)) as store:
        try:
            past = store.load()
            store.facts(past.stories)
            list(store.notes({slug: unit.notes for slug, unit in past.stories.items()}))
        except CacheDamaged:
            said.append("damaged")
            return NOTHING, said
    return past, said


def fill(path: Path) -> Token:
    with closing(open_store(path, pytest.fail)) as store:
        store.load()
        store.keep_story("bridge/", facts_bytes(FACTS), NOTES)
        store.keep("bridge/", story())
        store.keep("index.html", INDEX)
        return store.commit({"manifest": "m"}, ENVIRONMENTS)


def test_what_was_kept_is_given(path: Path) -> None:
    fill(path)
    assert said_by(path) == (Past({"bridge": story()}, {"index.html": INDEX}, ENVIRONMENTS, {"manifest": "m"}), [])
    with closing(open_store(path, pytest.fail)) as store:
        assert store.facts(store.load().stories) == {"bridge": FACTS}
        assert list(store.notes({"bridge": notes_digest(NOTES)})) == [NOTES]


def test_it_is_left_out_of_version_control_and_has_a_file_for_each_output(path: Path, tmp_path: Path) -> None:
    fill(path)
    assert (path.parent / ".gitignore").read_text() == "*\n"
    assert cache_path(tmp_path, tmp_path / "other") != path


def test_what_was_not_committed_is_not_kept(path: Path) -> None:
    fill(path)
    with closing(open_store(path, pytest.fail)) as store:
        store.load()
        store.keep("ferry/", story())
        store.forget("index.html")
    past, _ = said_by(path)
    assert (set(past.stories), set(past.others)) == ({"bridge"}, {"index.html"})


def test_units_are_replaced_and_forgotten(path: Path) -> None:
    fill(path)
    with closing(open_store(path, pytest.fail)) as store:
        store.load()
        store.keep("index.html", INDEX._replace(key="other"))
        store.forget("bridge/")
        store.commit({}, {})
    assert said_by(path) == (Past({}, {"index.html": INDEX._replace(key="other")}, {}, {}), [])


def test_a_preview_goes_on_with_the_cache_it_left(path: Path) -> None:
    token = fill(path)
    with closing(open_store(path, pytest.fail)) as store:
        assert store.resume(token)
        store.keep("bridge/", story(()))
        later = store.commit({}, {})
    assert later != token
    with closing(open_store(path, pytest.fail)) as store:
        assert not store.resume(token)
    assert said_by(path)[0].stories == {"bridge": story(())}
    with closing(open_store(path, pytest.fail)) as store:
        assert store.token(store.load()) == later


def test_a_fresh_one_is_empty(path: Path) -> None:
    fill(path)
    with closing(open_store(path, pytest.fail, fresh=True)) as store:
        assert store.load() == NOTHING


# ------------------------------------------------------------------ damage


def test_any_byte_that_changed_is_noticed_or_does_not_matter(path: Path) -> None:
    fill(path)
    sound, whole = said_by(path)[0], path.read_bytes()
    chance = random.Random(5)  # noqa: S311 variety, not secrets
    outcomes = set()
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 30])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        past, said = said_by(path)
        assert past == sound or (past == NOTHING and len(said) == 1)
        outcomes.add(past == sound)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    "data",
    [b"", b"not a database", b"SQLite format 3\0", b"\0" * 4096, os.urandom(5000)],
    ids=["empty", "text", "head", "zeros", "random"],
)
def test_a_file_that_is_no_cache_is_begun_anew(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    past, said = said_by(path)
    assert past == NOTHING
    assert len(said) == (1 if data else 0)
    path.unlink()
    fill(path)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_cache_that_was_cut_off_is_not_believed(path: Path, part: float) -> None:
    fill(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    past, said = said_by(path)
    assert (past, len(said)) == (NOTHING, 1)


@pytest.mark.parametrize("pragma", ["user_version = 0", "user_version = 99", "application_id = 1"])
def test_another_format_or_program_is_begun_anew(path: Path, pragma: str) -> None:
    fill(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA {pragma}")
    past, said = said_by(path)
    assert past == NOTHING
    assert said == [f"{path.name} in .variorum/ is damaged, or not of this program: it is begun anew"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM units WHERE name = 'index.html'",
        "UPDATE units SET known = replace(known, 'h2', 'h3')",
        "UPDATE units SET name = 'other.html' WHERE name = 'index.html'",
        "UPDATE meta SET value = 'n' WHERE name = 'manifest'",
        "UPDATE meta SET value = '{}' WHERE name = 'environments'",
        "DELETE FROM meta WHERE name = 'seal'",
        "DELETE FROM meta",
        "UPDATE facts SET facts = replace(facts, 'bridge', 'tunnel')",
        "DELETE FROM facts",
        "UPDATE notes SET rows = ''",
        "DELETE FROM notes",
        "DROP TABLE units",
    ],
)
def test_a_record_without_its_seal_is_not_believed(path: Path, change: str) -> None:
    fill(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    assert said_by(path)[1] == ["damaged"]


def test_what_tells_that_nothing_changed_has_a_seal_of_its_own(path: Path) -> None:
    assert kept(path, "manifest") == {}
    assert not path.exists()
    fill(path)
    assert kept(path, "manifest") == {"manifest": "m"}
    assert kept(path, "manifest", "report") == {}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = 'n' WHERE name = 'manifest'")
        connection.commit()
    assert kept(path, "manifest") == {}
    path.write_bytes(b"SQLite format 3\0" + bytes(200))
    assert kept(path, "manifest") == {}


@pytest.mark.parametrize("kind", ["folder in its place", "file for the folder", "not writable", "held by another"])
def test_where_none_can_be_kept_a_temporary_one_serves(path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = None
    match kind:
        case "folder in its place":
            path.mkdir(parents=True)
        case "file for the folder":
            path.parent.write_text("mine")
        case "not writable":
            monkeypatch.setattr(Path, "mkdir", _refused)
        case _:
            fill(path)
            holder = sqlite3.connect(path, isolation_level=None)
            holder.execute("BEGIN EXCLUSIVE")
    said: list[str] = []
    with closing(open_store(path, said.append)) as store:
        assert store.load() == NOTHING
        store.keep("index.html", INDEX)
        store.commit({}, {})
    if holder:
        holder.close()
    assert len(said) == 1
    assert said[0].startswith("no cache is kept in .variorum/: ")


def _refused(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")
