"""What a preview remembers from build to build: when the plan of the files around the stories is kept, and that it stays exact."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import pytest

from generator.site.build import Options, build
from generator.site.memory import Memory
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
