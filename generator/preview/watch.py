"""Waits for changes in a site's folders, and yields them in settled sets. The only module that knows watchdog.

In: files and folders, which need not exist yet. Out: sets of paths that were added, changed or removed since the last set.

File events are hints, never the truth: they are lost in bursts, and a folder that was deleted and made again sends none.
A hint only says which folder to look at first; what changed is found by comparing stat values (`scan`), and all folders
are looked at every one or two seconds, hint or not. It does not read files.

    for changed in watch((root / "content", root / "variorum.toml")):
        build()           # at once with an empty set, then after each change; changes during a build come in the next set
"""

from __future__ import annotations

import errno
import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

from generator.preview.scan import Patch, Tree, apply, changed_paths, differences, is_noise, suspects, whole_tree

DEBOUNCE_MS = 25
"""How long it must be quiet before a set counts as settled. Below 10, an editor's save by several steps makes two sets; each
millisecond more is one until the page shows."""

CROWD = 8
CROWD_DEBOUNCE_MS = 300
"""From so many changed files on, it is no editor but a checkout or a copy, which pauses longer between two files."""

OPEN_MS = 250
"""How long a file that was written to and not closed yet holds its set back: a program may think between two writes, and
another may keep its file open for good."""

PATIENCE_MS = 2000
"""The longest wait for quiet; then a set is yielded although writing goes on, and the rest comes in the next."""

SWEEP_MS = 1000
SWEEP_MAX_MS = 1600
SWEEP_SHARE = 0.1
"""How often everything is looked at without a hint: each second, or less often if that took more than a tenth of the time,
but often enough that what was lost is found within two seconds. 40,000 files take 0.16 s."""

POLL_MS = 500
"""How often, at most, when there are no events to wait for."""

SLICE = 128
"""So many folders are looked at between two looks for a hint: 2 ms."""

MANY = 500
"""From so many hinted folders on, everything is looked at: a burst, in which events get lost."""

END_S = 1.0
"""How long watchdog may take to stop. Of a folder that was deleted while it was being read, it sometimes never does (once in twenty
deletions of content/); its threads end with the process then."""

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

# It warns when events were lost. Nothing is lost here: the next sweep finds what they would have told.
logging.getLogger("watchdog").addHandler(logging.NullHandler())

_LIMITS = {
    errno.ENOSPC: "fs.inotify.max_user_watches",
    errno.EMFILE: "fs.inotify.max_user_instances",
}
"""The setting of the kernel that an error of inotify speaks of."""


def watch(
    paths: Sequence[Path],
    stop: threading.Event | None = None,
    say: Callable[[str], None] = lambda _: None,
    *,
    poll: bool = False,
    sweep_ms: int = SWEEP_MS,
) -> Iterator[tuple[Path, ...]]:
    """Yield an empty set at once, then every settled set of changed paths, sorted, until `stop` is set.

    What changes while the caller works on a set comes in the next one. `poll`: use no events, as on a network mount, which
    has none. `say` is told once, in one line, when the system has no events to give; then it polls too.
    """
    stop = stop or threading.Event()
    given = {str(path.absolute()): path for path in paths}  # the folder above a relative one has no name to listen to
    roots = tuple(given)
    hints = _Hints(roots, say, is_listening=not poll)
    try:
        tree = whole_tree(roots)
        hints.listen_to_all_or_none(len(tree) - 1)
        yield ()
        sweeps = _Sweeps(tree, roots, sweep_ms)
        while not stop.is_set():
            folders = _suspected(hints, sweeps, stop)
            patch = _settled(tree, roots, hints, folders)
            changed = changed_paths(tree, patch)
            apply(tree, patch)
            if changed and not stop.is_set():
                yield tuple(_as_given(path, given) for path in changed)
    finally:
        hints.close()


def _as_given(path: str, given: Mapping[str, Path]) -> Path:
    """A path as the caller writes it, who named the root that holds it."""
    root = next(root for root in given if path == root or path.startswith(f"{root}/"))
    return given[root] / path[len(root) + 1 :]


# ------------------------------------------------------------------ what to look at


class _Sweeps:
    """Looks at everything from time to time, in slices, so that a hint is never kept waiting."""

    def __init__(self, tree: Tree, roots: Sequence[str], period_ms: int) -> None:
        self._tree = tree
        self._roots = roots
        self._period_s = period_ms / 1000
        self._next = time.monotonic() + self._period_s
        self._spent = 0.0
        self._under_way: Iterator[str | None] | None = None

    def wait_s(self, *, has_events: bool) -> float:
        """Seconds until the next slice is due."""
        if self._under_way is not None:
            return 0.0
        sooner = 0.0 if has_events else max(0.0, self._period_s - POLL_MS / 1000)
        return max(0.0, self._next - sooner - time.monotonic())

    def look(self) -> tuple[str, ...]:
        """One slice; and if anything is amiss in it, all of the rest at once."""
        if self._under_way is None:
            self._under_way, self._spent = suspects(self._tree, self._roots), 0.0
        started = time.perf_counter()
        found: list[str] = []
        for number, name in enumerate(self._under_way):
            if name is not None:
                found.append(name)
            if number >= SLICE and not found:
                break
        else:
            self._under_way = None
        self._spent += time.perf_counter() - started
        if self._under_way is None:
            pause = max(self._period_s, min(self._spent / SWEEP_SHARE, SWEEP_MAX_MS / 1000))
            self._next = time.monotonic() + pause - self._spent
        return tuple(found)


def _suspected(hints: _Hints, sweeps: _Sweeps, stop: threading.Event) -> frozenset[str] | None:
    """The folders where something may have changed, at the next hint or finding; None for everywhere."""
    while not stop.is_set():
        hints.listen_anew()
        if hints.wait(sweeps.wait_s(has_events=hints.is_listening)):
            return hints.take()
        if sweeps.wait_s(has_events=hints.is_listening) == 0.0:
            found = sweeps.look()
            if found:
                # Nothing hinted at it: events were lost, or there are none. Nobody knows then what else is being written.
                return frozenset(found) if not hints.is_listening and len(found) < MANY else None
    return frozenset()


def _settled(tree: Tree, roots: Sequence[str], hints: _Hints, folders: frozenset[str] | None) -> Patch:
    """What is different in `folders`, as it was still true a moment later, with nobody seen writing."""
    if folders == frozenset():
        return {}
    ends = time.monotonic() + PATIENCE_MS / 1000
    patch = _differences(tree, roots, folders)
    while True:
        is_crowd = len(changed_paths(tree, patch)) >= CROWD
        hints.pause((CROWD_DEBOUNCE_MS if is_crowd else DEBOUNCE_MS) / 1000)
        is_hinted = hints.wait(0)
        folders = _union(folders, hints.take())
        last, patch = patch, _differences(tree, roots, folders)
        is_quiet = patch == last and not is_hinted and not hints.is_writing()
        if is_quiet or time.monotonic() > ends:
            return patch


def _differences(tree: Tree, roots: Sequence[str], folders: frozenset[str] | None) -> Patch:
    if folders is None:
        folders = frozenset(name for name in suspects(tree, roots) if name is not None)
    return differences(tree, roots, folders)


def _union(some: frozenset[str] | None, more: frozenset[str] | None) -> frozenset[str] | None:
    """All of both; everything, if they are too many to look at one by one."""
    if some is None or more is None:
        return None
    both = some | more
    return both if len(both) < MANY else None


# ------------------------------------------------------------------ the hints


class _Hints(FileSystemEventHandler):
    """Where something may have changed under the roots. Watchdog's threads put hints in, one thread takes them out."""

    def __init__(self, roots: Sequence[str], say: Callable[[str], None], *, is_listening: bool) -> None:
        self._roots = roots
        self._say = say
        self._lock = threading.Lock()  # for the two containers below
        self._folders: set[str] = set()
        self._written: dict[str, float] = {}
        self._event = threading.Event()
        self._observer: BaseObserver | None = None
        self._watched: Mapping[str, tuple[int, int]] = {}
        if is_listening:
            self._listen()

    @property
    def is_listening(self) -> bool:
        """Whether there are events at all."""
        return self._observer is not None

    # -------- in watchdog's threads

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the folders that an event speaks of, and whether a file is being written."""
        if len(self._folders) >= MANY:
            return  # everything will be looked at
        for path in (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path):
            folders = self._concerned(path, is_folder=event.is_directory)
            if folders:
                with self._lock:
                    self._folders.update(folders)
                    if isinstance(event, FileModifiedEvent):
                        self._written[path] = time.monotonic()
                    else:
                        self._written.pop(path, None)
                self._event.set()

    def _concerned(self, path: str, *, is_folder: bool) -> tuple[str, ...]:
        """The folders to look at: the one that holds `path`, and `path` itself if it is one. Empty for what is not ours."""
        for root in self._roots:
            if path == root or path.startswith(f"{root}/"):
                *folders, name = path[len(root) + 1 :].split("/")
                if is_noise(name, is_folder=is_folder) or any(is_noise(each, is_folder=True) for each in folders):
                    return ()
                above = os.path.dirname(path)  # noqa: PTH120 texts, as in scan
                return (above, path) if is_folder else (above,)
        return ()

    # -------- in the watcher's thread

    def wait(self, seconds: float) -> bool:
        """Whether there is a hint, or comes one within so many seconds."""
        return self._event.wait(seconds)

    def pause(self, seconds: float) -> None:
        """Let hints gather."""
        time.sleep(seconds)

    def take(self) -> frozenset[str] | None:
        """The folders hinted at since the last time; None for everywhere."""
        with self._lock:
            folders = frozenset(self._folders)
            self._folders.clear()
            self._event.clear()
        return folders if len(folders) < MANY else None

    def is_writing(self) -> bool:
        """Whether a file was written to a moment ago and not closed yet."""
        since = time.monotonic() - OPEN_MS / 1000
        with self._lock:
            self._written = {path: at for path, at in self._written.items() if at > since}
            return bool(self._written)

    def listen_anew(self) -> None:
        """If the folders are no longer the ones that we listen to, listen to those that are there."""
        if self._observer is not None and (self._watched != _folders(self._roots) or _has_ended(self._observer)):
            self.close()
            self._listen()
            with self._lock:
                self._folders.update(self._roots)
            self._event.set()

    def listen_to_all_or_none(self, folder_count: int) -> None:
        """Stop listening if there were fewer watches to be had than there are folders: watchdog does not tell of it."""
        for pause_s in (0.0, 0.2):  # a folder made this moment is watched the next
            time.sleep(pause_s)
            if self._observer is None or _watch_count(folder_count) >= folder_count:
                return
        self.close()
        self._say(_no_events(OSError(errno.ENOSPC, "inotify watch limit reached")))

    def close(self) -> None:
        """Stop listening."""
        if self._observer is not None:
            _end(self._observer)
            self._observer = None

    def _listen(self) -> None:
        """Listen to every folder among the roots, and to the folders they stand in, for those come and go."""
        self._watched = _folders(self._roots)
        try:
            self._observer = _observed(self, self._watched, self._roots)
        except OSError as fault:
            self._say(_no_events(fault))


def _observed(handler: FileSystemEventHandler, folders: Iterable[str], roots: Sequence[str]) -> BaseObserver:
    """A running observer. Raises `OSError` when the system has no events to give."""
    observer = Observer()
    try:
        for folder in folders:
            observer.schedule(handler, folder, recursive=folder in roots, event_filter=_KINDS)
        observer.start()
    except BaseException:
        _end(observer)
        raise
    return observer


def _end(observer: BaseObserver) -> None:
    """Stop an observer, and wait for that no longer than `END_S`."""
    ending = threading.Thread(target=_stop, args=(observer,), daemon=True)
    ending.start()
    ending.join(END_S)


def _stop(observer: BaseObserver) -> None:
    observer.stop()
    with suppress(RuntimeError):  # it had not started
        observer.join()


def _has_ended(observer: BaseObserver) -> bool:
    """Whether a part of it gave up, as it does when its folder is deleted, even if another has come to its place since."""
    return not all(emitter.is_alive() for emitter in tuple(observer.emitters))


def _watch_count(enough: int) -> int:
    """How many folders this process watches by inotify; `enough` where the system does not say (inotify(7), /proc/PID/fdinfo)."""
    found = 0
    try:
        for entry in Path("/proc/self/fdinfo").iterdir():
            with suppress(FileNotFoundError):  # closed since, as the one by which they were listed
                found += entry.read_text().count("\ninotify wd:")
    except OSError:
        return enough
    return found


def _no_events(fault: OSError) -> str:
    """What to say, and to do, when there are no events."""
    limit = _LIMITS.get(fault.errno or 0)
    advice = f"; raise {limit} with sysctl to have them" if limit else ""
    return f"no file events here ({fault.strerror or fault}): looking for changes every {POLL_MS / 1000:g} s instead{advice}"


def _folders(roots: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The folders to listen to, with what tells them from others: one deleted and made again is another one."""
    folders = {}
    for folder in dict.fromkeys((*roots, *(os.path.dirname(root) for root in roots))):  # noqa: PTH120 texts, as in scan
        with suppress(OSError):
            status = os.stat(folder)  # noqa: PTH116 see above
            if stat.S_ISDIR(status.st_mode):
                folders[folder] = (status.st_dev, status.st_ino)
    return folders
