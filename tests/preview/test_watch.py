"""The watcher against a real file system. No test measures time: each waits for what must come, and for what must not."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from generator.preview import watch as module
from generator.preview.watch import is_noise, watch

LONG_S = 20.0
"""A set that must come comes well before this, on a slow machine too."""

QUIET_S = 0.25
"""Several times the debounce: what has not come by then will not."""


class Watching:
    """A watcher in a thread, whose sets come out of a queue."""

    def __init__(self, root: Path, scan_ms: int) -> None:
        self.root = root
        self.said: list[str] = []
        self._sets: Queue[tuple[Path, ...]] = Queue()
        self._stop = threading.Event()
        paths = (root / "content", root / "templates", root / "variorum.toml")

        def run() -> None:
            for changed in watch(paths, self._stop, self.said.append, scan_ms):
                self._sets.put(changed)

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert self._sets.get(timeout=LONG_S) == ()

    def next(self) -> list[str]:
        """The next set, as paths in the site."""
        return [path.relative_to(self.root).as_posix() for path in self._sets.get(timeout=LONG_S)]

    def all_after(self, first: list[str]) -> set[str]:
        """Everything of the sets that come until it is quiet."""
        names = set(first)
        while True:
            try:
                names |= {path.relative_to(self.root).as_posix() for path in self._sets.get(timeout=QUIET_S)}
            except Empty:
                return names

    def is_quiet(self) -> bool:
        """Whether no further set comes."""
        try:
            self._sets.get(timeout=QUIET_S)
        except Empty:
            return True
        return False

    def close(self) -> None:
        self._stop.set()
        self._thread.join(LONG_S)
        assert not self._thread.is_alive()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content/kim").mkdir(parents=True)
    (tmp_path / "content/kim/a.txt").write_text("one\n")
    (tmp_path / "output").mkdir()
    return tmp_path


@pytest.fixture
def watching(root: Path) -> Iterator[Watching]:
    watching = Watching(root, 120)
    yield watching
    watching.close()


def replace(path: Path, text: str) -> None:
    """An atomic save: another file, renamed over."""
    other = path.with_name(".new")
    other.write_text(text)
    other.replace(path)


def vim(path: Path, text: str) -> None:
    """A backup by renaming, a new file under the old name, the backup deleted; with a probe and a swap file."""
    (path.parent / "4913").touch()
    (path.parent / "4913").unlink()
    (path.parent / f".{path.name}.swp").write_text("swap")
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(text)
    path.with_name(f"{path.name}~").unlink()
    (path.parent / f".{path.name}.swp").unlink()


def emacs(path: Path, text: str) -> None:
    """A lock link, an autosave file, a copy as backup, and the file written in place."""
    (path.parent / f".#{path.name}").symlink_to("someone@here")
    (path.parent / f"#{path.name}#").write_text(text)
    shutil.copy2(path, path.with_name(f"{path.name}~"))
    path.write_text(text)
    (path.parent / f".#{path.name}").unlink()
    (path.parent / f"#{path.name}#").unlink()


def jetbrains(path: Path, text: str) -> None:
    """A safe write by two names of its own."""
    fresh, old = path.with_name(f"{path.name}___jb_tmp___"), path.with_name(f"{path.name}___jb_old___")
    fresh.write_text(text)
    path.rename(old)
    fresh.rename(path)
    old.unlink()


def old_time(path: Path, text: str) -> None:
    """`cp -p`: the new file is older than the one it replaces, and of the same size."""
    other = path.parent.parent.parent / "elsewhere"
    other.write_text(text)
    os.utime(other, (1, 1))
    shutil.copy2(other, path)


def in_pieces(path: Path, text: str) -> None:
    """A slow program, that writes and flushes piece by piece."""
    with path.open("w") as file:
        for character in text:
            file.write(character)
            file.flush()


@pytest.mark.parametrize("save", [Path.write_text, replace, vim, emacs, jetbrains, old_time, in_pieces])
def test_each_way_of_saving_is_one_set(watching: Watching, save: Callable[[Path, str], object]) -> None:
    save(watching.root / "content/kim/a.txt", "two\n")
    assert watching.next() == ["content/kim/a.txt"]
    assert watching.is_quiet()


def test_reading_causes_nothing(watching: Watching) -> None:
    for _ in range(50):
        (watching.root / "content/kim/a.txt").read_text()
        list((watching.root / "content").rglob("*"))
    assert watching.is_quiet()


def test_noise_and_output_cause_nothing(watching: Watching) -> None:
    (watching.root / "content/kim/.a.txt.swp").write_text("x")
    (watching.root / "content/kim/a.txt~").write_text("x")
    (watching.root / "output/index.html").write_text("x")
    (watching.root / "README.md").write_text("x")
    assert watching.is_quiet()


def test_new_removed_and_moved_files_are_seen(watching: Watching) -> None:
    kim = watching.root / "content/kim"
    (kim / "b.txt").write_text("b")
    assert watching.next() == ["content/kim/b.txt"]
    (kim / "b.txt").rename(kim / "c.txt")
    assert watching.next() == ["content/kim/b.txt", "content/kim/c.txt"]
    (kim / "c.txt").unlink()
    assert watching.next() == ["content/kim/c.txt"]


def test_settings_and_templates_that_come_later_are_seen(watching: Watching) -> None:
    (watching.root / "variorum.toml").write_text("")
    assert watching.next() == ["variorum.toml"]
    (watching.root / "templates").mkdir()
    (watching.root / "templates/base.html").write_text("x")
    assert watching.all_after(watching.next()) == {"templates/base.html"}


def test_many_files_at_once_are_all_seen(watching: Watching) -> None:
    names = {f"content/kim/{index:03}.txt" for index in range(300)}
    for name in names:
        (watching.root / name).write_text(name)
    assert watching.all_after(watching.next()) == names


def test_content_deleted_and_made_again_is_noticed_and_watched_on(watching: Watching) -> None:
    content = watching.root / "content"
    shutil.rmtree(content)
    assert watching.next() == ["content/kim/a.txt"]
    (content / "kim").mkdir(parents=True)
    (content / "kim/a.txt").write_text("again\n")
    assert watching.next() == ["content/kim/a.txt"]
    (content / "kim/a.txt").write_text("and again\n")
    assert watching.next() == ["content/kim/a.txt"]


def test_a_folder_replaced_by_another_is_noticed(watching: Watching) -> None:
    (watching.root / "other/lee").mkdir(parents=True)
    (watching.root / "other/lee/b.txt").write_text("b")
    (watching.root / "content").rename(watching.root / "away")
    (watching.root / "other").rename(watching.root / "content")
    assert watching.all_after(watching.next()) == {"content/kim/a.txt", "content/lee/b.txt"}
    (watching.root / "content/lee/b.txt").write_text("more")
    assert watching.next() == ["content/lee/b.txt"]


def test_folders_behind_links_are_not_entered(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "content/link").symlink_to(elsewhere)
    (root / "content/loop").symlink_to(root)
    watching = Watching(root, 50)
    (elsewhere / "x.txt").write_text("x")
    assert watching.is_quiet()
    watching.close()


def test_without_events_the_scan_finds_every_change(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_events(*_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(module.Observer, "start", no_events)
    watching = Watching(root, 50)
    assert len(watching.said) == 1
    assert "inotify watch limit reached" in watching.said[0]
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.next() == ["content/kim/a.txt"]
    shutil.rmtree(root / "content")
    assert watching.next() == ["content/kim/a.txt"]
    watching.close()
    assert len(watching.said) == 1


def test_lost_events_are_made_up_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Hints, "on_any_event", lambda *_: None)  # noqa: SLF001 stands for a kernel queue that overflowed
    watching = Watching(root, 50)
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.next() == ["content/kim/a.txt"]
    assert watching.said == []
    watching.close()


def test_an_event_is_enough_without_any_scan_in_between(root: Path) -> None:
    sets = watch((root / "content",), scan_ms=3_600_000)
    assert next(sets) == ()
    later = threading.Timer(0.1, (root / "content/kim/a.txt").write_text, ("two\n",))
    later.start()
    assert next(sets) == (root / "content/kim/a.txt",)
    later.join()
    sets.close()


def test_changes_during_a_build_come_in_the_next_set(root: Path) -> None:
    sets = watch((root / "content",), scan_ms=50)
    assert next(sets) == ()
    (root / "content/kim/a.txt").write_text("while building\n")
    assert next(sets) == (root / "content/kim/a.txt",)
    sets.close()


def test_writing_without_end_does_not_hold_a_set_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_MS", 150)
    ended = threading.Event()

    def write_on() -> None:
        index = 0
        while not ended.wait(0.01):
            index += 1
            (root / "content/kim/a.txt").write_text("x" * index)

    writer = threading.Thread(target=write_on)
    watching = Watching(root, 1000)
    writer.start()
    try:
        assert watching.next() == ["content/kim/a.txt"]
    finally:
        ended.set()
        writer.join()
        watching.close()


@pytest.mark.parametrize("name", [".a.swp", "a.txt~", "#a#", ".#a", "4913", ".git", "a.tmp", "a.txt.swx", "a___jb_tmp___"])
def test_names_of_editors_are_noise(name: str) -> None:
    assert is_noise(name)


@pytest.mark.parametrize("name", ["a.txt", "comparison.yaml", "annotations.desk.yaml", "base.html", "4913.txt"])
def test_names_of_sources_are_not(name: str) -> None:
    assert not is_noise(name)
