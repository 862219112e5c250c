"""Waits for changes in a site's folders, and yields them in settled sets. The only module that knows watchdog.

In: files and folders, which need not exist yet. Out: sets of paths that were added, changed or removed since the last set.

File events are hints, never the truth: they are lost in bursts, and a folder that was deleted and made again sends none.
So an event only wakes the watcher; what changed is found by comparing two scans of the folders' stat values, and a scan
is made every second without any event too. It does not read files, and does not look into names that editors use for
swap files and backups.

    for changed in watch((root / "content", root / "variorum.toml")):
        build()           # at once with an empty set, then after each change; changes during a build come in the next set
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

DEBOUNCE_MS = 50
"""How long it must be quiet before a set counts as settled. Below 20, an editor's save by several steps makes two sets;
above 100, the page comes later than the eye expects."""

SCAN_MS = 1000
"""How often the folders are scanned without any event: the longest wait when events are lost. 5 µs a file each time."""

PATIENCE_MS = 1000
"""The longest wait for quiet; then a set is yielded although writing goes on, and the rest comes in the next."""

_KINDS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    FileClosedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]
"""Events that change files. Not among them: opened, and closed without writing, which a build's own reading causes."""

_SWAP_ENDINGS = ("~", ".swp", ".swx", ".swo", ".bak", ".tmp", ".orig", "___jb_tmp___", "___jb_old___")

Stamp = tuple[int, int, int, int]
Scan = Mapping[Path, Stamp]


def watch(
    paths: Sequence[Path],
    stop: threading.Event | None = None,
    say: Callable[[str], None] = lambda _: None,
    scan_ms: int = SCAN_MS,
) -> Iterator[tuple[Path, ...]]:
    """Yield an empty set at once, then every settled set of changed paths, sorted, until `stop` is set.

    What changes while the caller works on a set comes in the next one. `say` is told once, in one line, when the system
    has no events to give, and only the scan each `scan_ms` finds changes.
    """
    stop = stop or threading.Event()
    hints = _Hints(paths, say)
    known = _scan(paths)
    try:
        yield ()
        while not stop.is_set():
            hints.wait(scan_ms / 1000)
            now = _settled(paths, hints, known)
            changed = _difference(known, now)
            known = now
            if changed and not stop.is_set():
                yield changed
    finally:
        hints.close()


def is_noise(name: str) -> bool:
    """Whether a file of this name is an editor's own: hidden, swap, lock or backup; vim probes folders with `4913`."""
    return name.startswith((".", "#")) or name.endswith(_SWAP_ENDINGS) or name == "4913"


# ------------------------------------------------------------------ the truth


def _scan(paths: Sequence[Path]) -> Scan:
    """The stat values of every file under `paths`; what vanishes meanwhile is left out."""
    return {path: stamp for root in paths for path, stamp in _scan_one(root)}


def _scan_one(root: Path) -> Iterator[tuple[Path, Stamp]]:
    """`root` if it is a file, or the files under it. Folders behind links inside are not entered; no source is read from there."""
    try:
        status = root.stat()
    except OSError:
        return
    if not stat.S_ISDIR(status.st_mode):
        yield root, _stamp(status)
        return
    folders = [root]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if is_noise(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                    continue
                with suppress(OSError):
                    yield Path(entry.path), _stamp(entry.stat(follow_symlinks=False))


def _stamp(status: os.stat_result) -> Stamp:
    """What changes when a file is written or replaced, even if its time is set back (`cp -p`)."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _difference(before: Scan, after: Scan) -> tuple[Path, ...]:
    """Paths that are new, gone, or stamped otherwise."""
    return tuple(sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path)))


def _settled(paths: Sequence[Path], hints: _Hints, known: Scan) -> Scan:
    """A scan that was still true a moment later, if it differs from `known` or there was a hint; else the first scan."""
    hinted = hints.take()
    now = _scan(paths)
    if now == known and not hinted:
        return now
    for _ in range(PATIENCE_MS // DEBOUNCE_MS):
        hints.pause(DEBOUNCE_MS / 1000)
        last, now = now, _scan(paths)
        if not hints.take() and last == now:
            break
    return now


# ------------------------------------------------------------------ the hints


class _Hints(FileSystemEventHandler):
    """Wakes the watcher when something may have changed under the roots. One thread sets, one thread waits."""

    def __init__(self, roots: Sequence[Path], say: Callable[[str], None]) -> None:
        self._roots = tuple(roots)
        self._say = say
        self._event = threading.Event()
        self._observer: BaseObserver | None = None
        self._watched: Mapping[Path, int] = {}
        self._schedule()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called in watchdog's thread. In a burst the first event is enough."""
        if not self._event.is_set() and any(
            self._concerns(Path(os.fsdecode(path))) for path in (event.src_path, event.dest_path) if path
        ):
            self._event.set()

    def _concerns(self, path: Path) -> bool:
        """Whether a path is one of ours. A root's own coming and going counts; so does a folder above it."""
        return any(path == root or root in path.parents or path in root.parents for root in self._roots) and not is_noise(path.name)

    def wait(self, seconds: float) -> None:
        """Return at a hint, or after `seconds`. Looks first whether the watched folders are still the same ones."""
        if self._observer is not None and self._watched != _folders(self._roots):
            self.close()
            self._schedule()
            self._event.set()
        self._event.wait(seconds)

    def pause(self, seconds: float) -> None:
        """Let hints gather."""
        threading.Event().wait(seconds)

    def take(self) -> bool:
        """Whether there was a hint since the last time."""
        hinted = self._event.is_set()
        self._event.clear()
        return hinted

    def close(self) -> None:
        """Stop listening."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def _schedule(self) -> None:
        """Listen to every folder among the roots, and to the folders they stand in, for those come and go."""
        self._watched = _folders(self._roots)
        observer = Observer()
        try:
            for folder in self._watched:
                observer.schedule(self, str(folder), recursive=folder in self._roots, event_filter=_KINDS)
            observer.start()
        except OSError as fault:
            self._say(f"no file events here ({fault.strerror or fault}): looking for changes every {SCAN_MS / 1000:g} s instead")
            with suppress(RuntimeError):
                observer.stop()
                observer.join()
            return
        self._observer = observer


def _folders(roots: Sequence[Path]) -> dict[Path, int]:
    """The folders to listen to, with their inodes: a folder deleted and made again is another one."""
    folders = {}
    for folder in {*roots, *(root.parent for root in roots)}:
        with suppress(OSError):
            status = folder.stat()
            if stat.S_ISDIR(status.st_mode):
                folders[folder] = status.st_ino
    return folders
