"""The watcher against a real file system. No test measures time: each waits for what must come, and for what must not."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.preview import watch as module
from generator.preview.watch import watch
from tests.preview.watching import WAYS, Watching, cp_p, gedit, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content/kim").mkdir(parents=True)
    (tmp_path / "content/kim/a.txt").write_text("one\n")
    (tmp_path / "output").mkdir()
    return tmp_path


@pytest.fixture
def start(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Watching]]:
    """Start a watcher of `root`, which is stopped in the end.

    It waits longer for quiet than it does in earnest: here the one who saves may be kept from it by other tests' processes.
    """
    monkeypatch.setattr(module, "DEBOUNCE_MS", 80)
    monkeypatch.setattr(module, "OPEN_MS", 1000)
    started: list[Watching] = []

    def start(sweep_ms: int = 120, *, poll: bool = False) -> Watching:
        started.append(Watching(root, sweep_ms, poll=poll))
        return started[-1]

    yield start
    for watching in started:
        watching.close()


@pytest.fixture
def watching(start: Callable[..., Watching]) -> Watching:
    return start()


@pytest.mark.parametrize("save", WAYS)
def test_each_way_of_saving_is_one_set(watching: Watching, save: Callable[[Path, str], object]) -> None:
    for text in ("two\n", "six\n"):
        save(watching.root / "content/kim/a.txt", text)
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


def test_a_thousand_files_at_once_are_one_set(watching: Watching) -> None:
    names = [f"content/story-{index // 4:03}/{index % 4}.txt" for index in range(1000)]
    for name in names:
        (watching.root / name).parent.mkdir(exist_ok=True)
        (watching.root / name).write_text(name)
    assert watching.next() == sorted(names)
    assert watching.is_quiet()


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


def test_content_renamed_and_restored_is_noticed_and_watched_on(watching: Watching) -> None:
    content, away = watching.root / "content", watching.root / "away"
    for text in ("two\n", "three\n"):
        content.rename(away)
        assert watching.next() == ["content/kim/a.txt"]
        away.rename(content)
        assert watching.next() == ["content/kim/a.txt"]
        (content / "kim/a.txt").write_text(text)
        assert watching.next() == ["content/kim/a.txt"]


def test_a_story_moved_copied_and_deleted_is_seen(watching: Watching) -> None:
    content = watching.root / "content"
    (content / "kim").rename(content / "lee")
    assert watching.all_after(watching.next()) == {"content/kim/a.txt", "content/lee/a.txt"}
    shutil.copytree(content / "lee", content / "kim")
    assert watching.all_after(watching.next()) == {"content/kim/a.txt"}
    shutil.rmtree(content / "lee")
    assert watching.all_after(watching.next()) == {"content/lee/a.txt"}
    (content / "kim/a.txt").write_text("still watched")
    assert watching.next() == ["content/kim/a.txt"]


def test_a_story_that_changes_places_with_another_is_seen(watching: Watching) -> None:
    content = watching.root / "content"
    (content / "lee").mkdir()
    (content / "lee/a.txt").write_text("one\n")
    watching.all_after(watching.next())
    for name, other in (("kim", "x"), ("lee", "kim"), ("x", "lee")):
        (content / name).rename(content / other)
    assert watching.all_after(watching.next()) >= {"content/kim/a.txt", "content/lee/a.txt"}


def test_settings_replaced_by_another_file_are_seen(watching: Watching) -> None:
    settings = watching.root / "variorum.toml"
    settings.write_text("one")
    assert watching.next() == ["variorum.toml"]
    other = watching.root / "other.toml"
    other.write_text("two")
    other.replace(settings)
    assert watching.next() == ["variorum.toml"]
    settings.unlink()
    assert watching.next() == ["variorum.toml"]


def test_folders_behind_links_are_not_entered(
    root: Path, start: Callable[..., Watching], tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "content/link").symlink_to(elsewhere)
    (root / "content/loop").symlink_to(root)
    (root / "content/dangling").symlink_to(root / "nowhere")
    watching = start(50)
    (elsewhere / "x.txt").write_text("x")
    assert watching.is_quiet()


def test_what_a_link_to_a_file_leads_to_is_watched(
    root: Path, start: Callable[..., Watching], tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "base.html").write_text("one")
    (root / "templates").mkdir()
    (root / "templates/base.html").symlink_to(elsewhere / "base.html")
    watching = start(50)
    (elsewhere / "base.html").write_text("two, longer")
    assert watching.next() == ["templates/base.html"]


def test_content_that_is_a_link_is_watched_and_may_be_led_elsewhere(
    root: Path, start: Callable[..., Watching], tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "content").rename(elsewhere / "one")
    shutil.copytree(elsewhere / "one", elsewhere / "two")
    (root / "content").symlink_to(elsewhere / "one")
    watching = start(120)
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.next() == ["content/kim/a.txt"]
    (root / "content").unlink()
    (root / "content").symlink_to(elsewhere / "two")
    assert watching.all_after(watching.next()) == {"content/kim/a.txt"}
    (root / "content/kim/a.txt").write_text("three\n")
    assert watching.next() == ["content/kim/a.txt"]


def no_events(code: int) -> Callable[..., None]:
    def start(*_: object) -> None:
        raise OSError(code, "inotify limit reached")

    return start


@pytest.mark.parametrize(
    ("code", "advice"),
    [(errno.ENOSPC, "max_user_watches"), (errno.EMFILE, "max_user_instances"), (errno.ENOSYS, "every 0.5 s instead")],
)
def test_without_events_the_scan_finds_every_change(
    root: Path, start: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch, code: int, advice: str
) -> None:
    monkeypatch.setattr(module.Observer, "start", no_events(code))
    watching = start(50)
    assert len(watching.said) == 1
    assert "inotify limit reached" in watching.said[0]
    assert advice in watching.said[0]
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.next() == ["content/kim/a.txt"]
    shutil.rmtree(root / "content")
    assert watching.next() == ["content/kim/a.txt"]
    assert len(watching.said) == 1


def test_asked_to_poll_it_starts_no_observer_and_finds_every_change(
    root: Path, start: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Observer", None)
    watching = start(50, poll=True)
    for save in (write, gedit, cp_p):
        save(root / "content/kim/a.txt", "two\n")
        assert watching.next() == ["content/kim/a.txt"]
    assert watching.is_quiet()
    assert watching.said == []


def test_lost_events_are_made_up_for(root: Path, start: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Hints, "on_any_event", lambda *_: None)  # noqa: SLF001 stands for a kernel queue that overflowed
    watching = start(50)
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.next() == ["content/kim/a.txt"]
    assert watching.said == []


def test_a_change_that_a_save_elsewhere_hides_is_found_too(
    root: Path, start: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One event came through, the others were lost."""
    (root / "content/lee").mkdir()
    real = module._Hints.on_any_event  # noqa: SLF001 see above

    def only_kim(hints: module._Hints, event: module.FileSystemEvent) -> None:
        if "kim" in os.fsdecode(event.src_path):
            real(hints, event)

    monkeypatch.setattr(module._Hints, "on_any_event", only_kim)  # noqa: SLF001 see above
    watching = start(300)
    (root / "content/lee/b.txt").write_text("lost")
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.all_after(watching.next()) == {"content/kim/a.txt", "content/lee/b.txt"}


def test_an_event_is_enough_without_any_scan_in_between(root: Path) -> None:
    sets = watch((root / "content",), sweep_ms=3_600_000)
    assert next(sets) == ()
    later = threading.Timer(0.1, (root / "content/kim/a.txt").write_text, ("two\n",))
    later.start()
    assert next(sets) == (root / "content/kim/a.txt",)
    later.join()
    sets.close()


def test_changes_during_a_build_come_in_the_next_set(root: Path) -> None:
    sets = watch((root / "content",), sweep_ms=50)
    assert next(sets) == ()
    (root / "content/kim/a.txt").write_text("while building\n")
    assert next(sets) == (root / "content/kim/a.txt",)
    sets.close()


def test_writing_without_end_does_not_hold_a_set_back(
    root: Path, start: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_MS", 150)
    ended = threading.Event()

    def write_on() -> None:
        index = 0
        while not ended.wait(0.01):
            index += 1
            (root / "content/kim/a.txt").write_text("x" * index)

    writer = threading.Thread(target=write_on)
    watching = start(1000)
    writer.start()
    try:
        assert watching.next() == ["content/kim/a.txt"]
    finally:
        ended.set()
        writer.join()


def test_with_watches_for_some_folders_only_it_polls(
    root: Path, start: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_watch_count", lambda enough: enough - 1)
    watching = start(50)
    assert "max_user_watches" in watching.said[0]
    (root / "content/kim/a.txt").write_text("two\n")
    assert watching.next() == ["content/kim/a.txt"]


def test_where_the_system_does_not_say_how_many_folders_are_watched_they_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: Path) -> Iterator[Path]:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "iterdir", nothing)
    assert module._watch_count(7) == 7  # noqa: SLF001 only another system shows it from outside


def test_an_observer_that_never_ends_does_not_hold_the_watcher(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    released = threading.Event()
    real = module.Observer

    def stuck() -> object:
        observer = real()
        stop = observer.stop
        observer.stop = lambda: (released.wait(), stop())  # what watchdog does when its folder goes while it is read
        return observer

    monkeypatch.setattr(module, "Observer", stuck)
    monkeypatch.setattr(module, "END_S", 0.05)
    sets = watch((root / "content",))
    assert next(sets) == ()
    sets.close()
    released.set()


def test_settings_of_the_site_that_we_stand_in_are_watched_by_events_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path has no folder above it to listen to."""
    monkeypatch.chdir(root)
    sets = watch((Path("content"), Path("variorum.toml")), sweep_ms=3_600_000)
    assert next(sets) == ()
    for name in ("variorum.toml", "content/kim/a.txt"):
        later = threading.Timer(0.1, (root / name).write_text, ("two\n",))
        later.start()
        assert next(sets) == (Path(name),)
        later.join()
    sets.close()


@pytest.mark.parametrize("name", ["4913", "kim.bak", "#metoo", "sedatives"])
def test_a_folder_is_watched_whatever_editors_call_their_files(watching: Watching, name: str) -> None:
    folder = watching.root / "content" / name
    folder.mkdir()
    (folder / "a.txt").write_text("one\n")
    assert watching.all_after(watching.next()) == {f"content/{name}/a.txt"}
    (folder / "a.txt").write_text("two\n")
    assert watching.next() == [f"content/{name}/a.txt"]
