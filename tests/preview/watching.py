"""A watcher in a thread, and the ways in which programs save a file, as the system calls they make."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path
from queue import Empty, Queue

from generator.preview.watch import watch

LONG_S = 20.0
"""A set that must come comes well before this, on a slow machine too."""

QUIET_S = 0.4
"""Several times the debounce, and some of the sweeps: what has not come by then will not."""


class Watching:
    """A watcher in a thread, whose sets come out of a queue."""

    def __init__(self, root: Path, sweep_ms: int, *, poll: bool = False) -> None:
        self.root = root
        self.said: list[str] = []
        self._sets: Queue[tuple[Path, ...]] = Queue()
        self._stop = threading.Event()
        paths = tuple(root / name for name in ("content", "templates", "static", "variorum.toml"))

        def run() -> None:
            for changed in watch(paths, self._stop, self.said.append, poll=poll, sweep_ms=sweep_ms):
                self._sets.put(changed)

        self._thread = threading.Thread(target=run, daemon=True)
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
        """Stop, and see that it does."""
        self._stop.set()
        self._thread.join(LONG_S)
        assert not self._thread.is_alive()


# ------------------------------------------------------------------ ways of saving


def write(path: Path, text: str) -> None:
    """nano, VS Code, Notepad: truncate and write in place."""
    path.write_text(text)


def write_synced(path: Path, text: str) -> None:
    """Truncate, write, wait for the disk, close."""
    with path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def append(path: Path, text: str) -> None:
    """`echo >>`."""
    with path.open("a") as file:
        file.write(text)


def in_pieces(path: Path, text: str) -> None:
    """A slow program, that writes and flushes piece by piece."""
    with path.open("w") as file:
        for character in text * 5:
            file.write(character)
            file.flush()


def with_a_pause(path: Path, text: str) -> None:
    """A program that thinks for longer than the debounce between truncating and writing."""
    with path.open("w") as file:
        time.sleep(0.08)
        file.write(text)
        file.flush()
        time.sleep(0.08)
        file.write(text)


def vim(path: Path, text: str) -> None:
    """`backupcopy=no`: a probe, a backup by renaming, a new file under the old name, its mode, the backup deleted."""
    swap = path.parent / f".{path.name}.swp"
    swap.write_text("swap")
    (path.parent / "4913").touch()
    (path.parent / "4913").unlink()
    path.rename(path.with_name(f"{path.name}~"))
    write_synced(path, text)
    path.chmod(0o644)
    path.with_name(f"{path.name}~").unlink()
    swap.unlink()


def vim_in_place(path: Path, text: str) -> None:
    """`backupcopy=yes`: a backup by copying, and the file written in place."""
    backup = path.with_name(f"{path.name}~")
    shutil.copy2(path, backup)
    write_synced(path, text)
    backup.unlink()


def emacs(path: Path, text: str) -> None:
    """A lock link, an autosave file, a backup by renaming, a new file with the old mode."""
    lock, autosave = path.parent / f".#{path.name}", path.parent / f"#{path.name}#"
    lock.symlink_to("someone@here")
    autosave.write_text(text)
    path.rename(path.with_name(f"{path.name}~"))
    write_synced(path, text)
    path.chmod(0o644)
    autosave.unlink()
    lock.unlink()


def jetbrains(path: Path, text: str) -> None:
    """A safe write by two names of its own."""
    fresh, old = path.with_name(f"{path.name}___jb_tmp___"), path.with_name(f"{path.name}___jb_old___")
    fresh.write_text(text)
    path.rename(old)
    fresh.rename(path)
    old.unlink()


def gedit(path: Path, text: str) -> None:
    """GLib: a hidden file beside it, synced, renamed over."""
    other = path.with_name(".goutputstream-X1Y2Z3")
    write_synced(other, text)
    other.replace(path)


def sed(path: Path, text: str) -> None:
    """`sed -i`: a file without an ending beside it, with the old mode, renamed over."""
    other = path.with_name("sedAb12Cd")
    other.write_text(text)
    other.chmod(0o644)
    other.replace(path)


def rsync(path: Path, text: str) -> None:
    """A hidden file beside it, with the time of its source, renamed over."""
    other = path.with_name(f".{path.name}.Ab12Cd")
    other.write_text(text)
    os.utime(other, (1_000_000_000, 1_000_000_000))
    other.replace(path)


def git_checkout(path: Path, text: str) -> None:
    """The old file deleted, a new one made."""
    path.unlink()
    write(path, text)


def cp_p(path: Path, text: str) -> None:
    """`cp -p`: written in place, of the same size, and then older than before."""
    other = _elsewhere(path)
    other.write_text(text)
    os.utime(other, (1, 1))
    shutil.copy2(other, path)


def mv(path: Path, text: str) -> None:
    """`mv` from a folder that nobody watches."""
    other = _elsewhere(path)
    other.write_text(text)
    other.replace(path)


def _elsewhere(path: Path) -> Path:
    return path.parent.parent.parent / "elsewhere"


WAYS = (
    write, write_synced, append, in_pieces, with_a_pause, vim, vim_in_place, emacs, jetbrains, gedit, sed, rsync, git_checkout,
    cp_p, mv,
)  # fmt: skip
