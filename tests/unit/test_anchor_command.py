"""`variorum anchor`: what it shows, what it writes, and what it leaves alone."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import cli, cli_notes
from generator.locks import LOCK_FILE
from tests.sitefiles import write_site

A = "He praised the troops he sent to Kursk in April.\n\nA petition was handed in before noon on Monday.\n"
B = "He lauded the forces he sent to Kursk in April.\n\nNobody handed in a petition.\n"
NOTES = """notes:
  - {id: troops, kind: number, severity: minor, title: T, a: troops he sent, b: forces he sent}
  - {id: paper, kind: number, severity: minor, title: P, a: {before: A petition}}
"""
EDITED = A.replace("troops he", "troops whom he")


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, its lines, and the lock file."""

    code: int
    out: list[str]
    err: str
    lock: bytes


Run = Callable[..., Ran]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_site(tmp_path, {"a.txt": A, "b.txt": B, "annotations.yaml": NOTES})
    return tmp_path


@pytest.fixture
def run(site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["variorum", "anchor", "--site", str(site), *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        lock = site / "content" / "story" / LOCK_FILE
        return Ran(int(ended.value.code or 0), captured.out.splitlines(), captured.err, lock.read_bytes() if lock.exists() else b"")

    yield run
    signal.signal(signal.SIGTERM, before)


def write(site: Path, name: str, text: str) -> None:
    (site / "content" / "story" / name).write_text(text, encoding="utf-8")


def test_the_first_run_locks_every_note_and_the_second_has_nothing_to_change(run: Run) -> None:
    first = run()
    assert (first.code, first.err) == (0, "")
    assert first.out == [
        "  troops: new (a, b)",
        "  paper: new (a)",
        "story: 3 quotations: 3 new; annotations.lock.json written",
    ]
    second = run()
    assert (second.code, second.lock) == (0, first.lock)
    assert second.out == ["story: 3 quotations: 3 unchanged; nothing to change"]


def test_a_dry_run_writes_nothing(run: Run) -> None:
    ran = run("--dry-run")
    assert (ran.code, ran.lock) == (0, b"")
    assert ran.out[-1] == "story: 3 quotations: 3 new; not written (--dry-run)"


def test_an_edited_passage_is_shown_and_not_locked(run: Run, site: Path) -> None:
    locked = run().lock
    write(site, "a.txt", EDITED)
    ran = run()
    assert ran.code == 1
    assert ran.out == [
        "  troops: fuzzy (a)",
        "    - …He praised the [troops he sent] to Kursk in April. A petition …",
        "    + …He praised the [troops whom he sent] to Kursk in April. A petition …",
        "  paper: context updated (a)",
        "story: 3 quotations: 1 context updated, 1 fuzzy, 1 unchanged; annotations.lock.json written",
        "  1 note to look at: troops",
    ]
    assert "taken for it (0.85)" in ran.err
    assert ran.lock != locked
    assert b'"exact": "troops he sent"' in ran.lock
    assert b'"exact": "troops whom he sent"' not in ran.lock
    assert run().code == 1


def test_an_accepted_passage_is_locked_and_no_longer_doubtful(run: Run, site: Path) -> None:
    run()
    write(site, "a.txt", EDITED)
    ran = run("--accept", "troops")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out[0] == "  troops: fuzzy, accepted (a)"
    assert b'"accepted": true' in ran.lock
    again = run()
    assert (again.code, again.out) == (0, ["story: 3 quotations: 3 unchanged; nothing to change"])


def test_an_orphan_stays_doubtful_though_it_is_accepted(run: Run, site: Path) -> None:
    locked = run().lock
    write(site, "a.txt", A.replace("troops he sent", "men"))
    ran = run("--accept", "troops")
    assert ran.code == 1
    assert ran.out[:2] == ["  troops: orphan (a)", "    - troops he sent"]
    assert ran.out[-1] == "  1 note to look at: troops"
    assert "not found" in ran.err
    assert b"troops he sent" in ran.lock
    write(site, "a.txt", A)
    assert run().lock == locked


def test_a_note_without_a_lock_that_is_an_orphan_is_not_locked(run: Run, site: Path) -> None:
    write(site, "annotations.yaml", "notes: [{id: x, kind: number, severity: minor, title: T, a: sailors}]\n")
    ran = run()
    assert (ran.code, ran.lock) == (1, b"")
    assert ran.out[-2] == "story: 1 quotation: 1 orphan; nothing to change"


def test_an_orphan_at_a_position_is_shown_too(run: Run, site: Path) -> None:
    notes = "notes: [{id: x, kind: number, severity: minor, title: T, a: {start: 900, end: 910}}]\n"
    write(site, "annotations.yaml", notes)
    ran = run()
    assert ran.out[:2] == ["  x: orphan (a)", "    - a position"]


def test_words_elsewhere_are_shown_and_can_be_accepted(run: Run, site: Path) -> None:
    write(site, "annotations.yaml", "notes: [{id: x, kind: number, severity: minor, title: T, a: petition}]\n")
    run()
    write(site, "a.txt", A.replace("petition", "paper") + "\nThe other one was a petition as well.\n")
    ran = run()
    assert ran.code == 1
    assert ran.out[:3] == [
        "  x: orphan (a)",
        "    - petition",
        "    + …on Monday. The other one was a [petition] as well. …",
    ]
    assert run("--accept", "x").code == 0
    assert run().code == 0


def test_a_note_that_is_gone_leaves_the_lock(run: Run, site: Path) -> None:
    run()
    write(site, "annotations.yaml", NOTES.replace("id: paper", "id: petition"))
    ran = run()
    assert ran.code == 0
    assert "  paper: no longer in the sidecars, its lock is dropped" in ran.out
    assert b'"paper"' not in ran.lock
    assert b'"petition"' in ran.lock


def test_when_all_notes_are_gone_the_lock_is_emptied(run: Run, site: Path) -> None:
    run()
    write(site, "annotations.yaml", "notes: []\n")
    ran = run()
    assert ran.code == 0
    assert ran.out[-1] == "story: 0 quotations; annotations.lock.json written"
    assert b'"troops"' not in ran.lock
    assert run().out == ["story: 0 quotations; nothing to change"]


def test_a_story_without_notes_gets_no_lock(run: Run, site: Path) -> None:
    write(site, "annotations.yaml", "notes: []\n")
    ran = run()
    assert (ran.code, ran.lock) == (0, b"")


def test_with_an_error_in_its_files_a_story_is_not_locked(run: Run, site: Path) -> None:
    locked = run().lock
    write(site, "annotations.yaml", NOTES.replace("kind: number", "kind: numbre", 1))
    ran = run()
    assert (ran.code, ran.lock) == (1, locked)
    assert ran.out == ["story: not locked; mend its errors first"]
    assert "numbre" in ran.err


def test_settings_in_error_stop_everything(run: Run, site: Path) -> None:
    (site / "variorum.toml").write_text("language = 3\n", encoding="utf-8")
    ran = run()
    assert (ran.code, ran.out, ran.lock) == (2, [], b"")
    assert "variorum.toml" in ran.err


def test_only_the_stories_named_are_locked(run: Run, site: Path) -> None:
    other = site / "content" / "other"
    other.mkdir()
    for name in ("comparison.yaml", "a.txt", "b.txt", "annotations.yaml"):
        (other / name).write_bytes((site / "content" / "story" / name).read_bytes())
    ran = run("other/", "other", "content/other")
    assert ran.lock == b""
    assert ran.out[-1].startswith("other: 3 quotations: 3 new;")
    assert (other / LOCK_FILE).exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("stroy",), "did you mean 'story'?"), (("--accept", "trops"), "did you mean 'troops'?"), (("\x1b[2J",), "\\x1b[2J")],
)
def test_an_unknown_name_is_refused_with_the_nearest(run: Run, arguments: tuple[str, ...], told: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.lock) == (2, b"")
    assert told in ran.err
    assert "\x1b" not in ran.err


def test_where_there_is_no_note_none_can_be_accepted(run: Run, site: Path) -> None:
    write(site, "annotations.yaml", "notes: []\n")
    ran = run("--accept", "troops")
    assert ran.code == 2
    assert "there is no note 'troops' (no note is there to be locked)" in ran.err


def test_what_a_terminal_would_obey_is_escaped(run: Run, site: Path) -> None:
    write(site, "a.txt", A.replace("praised", "praised\u202e"))
    run()
    write(site, "a.txt", EDITED.replace("praised", "praised\u202e"))
    ran = run()
    assert any("praised\\u202e the [troops whom he sent]" in line for line in ran.out)
    assert "\u202e" not in "".join(ran.out) + ran.err


def test_a_long_quotation_is_clipped(run: Run, site: Path) -> None:
    words = " ".join(f"word{chr(97 + number)}" for number in range(20))
    write(site, "a.txt", f"Before. {words}. After.\n")
    write(site, "annotations.yaml", f"notes: [{{id: x, kind: number, severity: minor, title: T, a: {words}}}]\n")
    run()
    write(site, "a.txt", "Nothing.\n")
    assert run().out[1] == f"    - {words[: cli_notes.QUOTED_LENGTH - 1].rstrip()}…"


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / LOCK_FILE
    cli_notes.write_whole(path, b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        cli_notes.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_of_the_disk_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device", LOCK_FILE)

    monkeypatch.setattr(cli_notes, "write_whole", fail)
    ran = run()
    assert ran.code == 2
    assert ran.err.startswith("error: annotations.lock.json: No space left on device")


def test_building_never_writes_a_lock(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["variorum", "build", "--site", str(site)])
    with pytest.raises(SystemExit):
        cli.main()
    assert not (site / "content" / "story" / LOCK_FILE).exists()
    assert run("--dry-run").lock == b""
