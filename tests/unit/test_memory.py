"""What a preview remembers from build to build: when the plan of the files around the stories is kept, and that it stays exact."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock

import pytest
from jinja2 import Environment

from generator.site import build as building
from generator.site import memory as remembering
from generator.site import render
from generator.site.build import Options, build
from generator.site.memory import Memory, warm
from generator.site.report import BuildReport


class Session:
    """Builds of one site, one after another, in one memory."""

    def __init__(self, root: Path) -> None:
        self.root, self.memory = root, Memory()
        self.build(None)

    def build(self, changed: Path | None) -> BuildReport:
        options = Options(drafts=True, keep_good=True, gate=Lock())
        report = build(self.root, self.root / "output", options, self.memory, changed and (changed,))
        assert not report.stopped or changed
        return report

    def edit(self, path: str, old: str, new: str) -> BuildReport:
        file = self.root / "content" / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return self.build(file)

    def files(self, folder: str = "output") -> dict[str, bytes]:
        root = self.root / folder
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.*") if path.is_file()}

    def assert_exact(self) -> None:
        build(self.root, self.root / "clean", Options(drafts=True, is_cached=False))
        assert self.files() == self.files("clean")


@pytest.fixture
def session(two: Path) -> Session:
    return Session(two)


SIDECAR, NOTE = "bridge/annotations.yaml", "12 weeks become 15"
TAGS = "tags: [bridges]"


def test_an_edited_note_keeps_the_plan_and_changes_what_shows_it(session: Session) -> None:
    before = session.memory.plan
    report = session.edit(SIDECAR, NOTE, f"{NOTE} Edited.")
    assert session.memory.plan is before is not None
    assert {"bridge/index.html", "notes.csv", "notes.json", "notes/index.html"} <= set(report.written)
    session.assert_exact()


def test_a_new_tag_makes_a_new_plan(session: Session) -> None:
    before = session.memory.plan
    report = session.edit("bridge/comparison.yaml", TAGS, "tags: [brand new]")
    assert session.memory.plan is not before
    assert "tag/brand-new/index.html" in report.written
    session.assert_exact()


def test_a_plan_of_a_build_that_published_nothing_is_not_kept(session: Session) -> None:
    before = session.memory.plan
    assert session.edit("bridge/comparison.yaml", TAGS, "tags: [brand new]\nno-such-field: 1").stopped == "content"
    assert session.memory.plan is before
    session.edit("bridge/comparison.yaml", "tags: [brand new]\nno-such-field: 1", TAGS)
    session.edit(SIDECAR, NOTE, f"{NOTE} Edited.")
    assert session.memory.plan is before
    session.assert_exact()


def test_after_a_warm_up_a_story_is_built_without_compiling(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Session(two)
    compiled: list[str | None] = []
    whole = Environment.compile

    def compile_(self: Environment, source: str, name: str | None = None, *more: object) -> object:
        compiled.append(name)
        return whole(self, source, name, *more)  # type: ignore[call-overload]  # what Jinja passes

    monkeypatch.setattr(Environment, "compile", compile_)
    render._compiled.cache_clear()  # noqa: SLF001 what a process remembers, and a new one does not
    session = Session(two)
    assert compiled == []
    warm(session.memory)
    assert {"comparison.html", "base.html"} <= {*compiled}
    count = len(compiled)
    session.edit(SIDECAR, NOTE, f"{NOTE} Edited.")
    assert [name for name in compiled[count:] if name in {"comparison.html", "overview.html", "base.html"}] == []


def test_a_warm_up_leaves_faults_for_the_build_to_tell(two: Path) -> None:
    warm(Memory())
    (two / "templates").mkdir()
    (two / "templates" / "overview.html").write_text("{% nonsense %}")
    memory = Memory()
    options = Options(gate=Lock())
    report = build(two, two / "output", options, memory)
    warm(memory)
    assert report.stopped == "template"


def test_facts_of_another_program_are_not_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(next((session.root / ".variorum").glob("*.sqlite")))) as connection:
        connection.execute("UPDATE facts SET facts = '{}'")
        connection.commit()
    for module in (building, remembering):
        monkeypatch.setattr(module, "program", lambda: "0.0 (another)")
    said: list[str] = []
    report = build(session.root, session.root / "output", Options(drafts=True, say=said.append))
    assert (report.stopped, said) == ("", [])
    assert dict(report.reasons)["bridge/"][0].what == "program"
