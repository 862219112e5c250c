"""What open pages are told, and when: the present notice, and which files changed since the build that a page shows.

In: a `Notice` after each build. Out: messages, as JSON and as server-sent events. It knows no HTTP, and no file.

Builds are counted; a page names the one it was made from, as `<session>.<number>`. A session is one run of the server, so
that a page left open from the run before knows nothing, and is told that everything may have changed.

    live = Live(); live.tell(Notice(changed=("kim/index.html",)))
    live.message("5f0c.1")     # {"id": "5f0c.2", "changed": ["kim/index.html"], …}
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass

HEARTBEAT_S = 15.0
"""How often a quiet stream sends a comment, so that a client that went away is noticed."""

STREAMS = 600
"""How many pages may listen at once. A browser holds one stream; some systems allow a process 1,024 open files."""

REMEMBERED = 2000
"""So many changed files are remembered by name; a page that is older than those is told that everything changed."""

RETRY_MS = 1000
"""How soon a page looks for the server again after it was stopped."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An error as the overlay shows it. `place`: file, line, column; `line` is 0 if unknown.

    `before`, `at` and `after`: the faulty line, cut at the column; all empty if the line is not known.
    """

    place: str
    message: str
    hint: str = ""
    line: int = 0
    before: str = ""
    at: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What open pages are told after a build. `prefix`: the path the site is served under, decoded ("/" or "/news/").

    `faults`: of the last build, if it left something out. `changed`: routes of files that were written or removed;
    None if it may be any.
    """

    prefix: str = "/"
    faults: tuple[Shown, ...] = ()
    changed: tuple[str, ...] | None = ()


class Live:
    """The present notice, and the streams that wait for the next. `tell` and `close` may be called from any thread."""

    def __init__(self, notice: Notice) -> None:
        self._session = secrets.token_hex(4)
        self._lock = threading.Lock()  # for the four fields below, which belong together
        self._notice = notice
        self._number = 0
        self._changed_at: dict[str, int] = {}
        self._oldest = 0
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()

    @property
    def notice(self) -> Notice:
        """What was told last."""
        return self._notice

    @property
    def build(self) -> str:
        """The name of the present build."""
        return self._name(self._number)

    @property
    def is_full(self) -> bool:
        """Whether no further page may listen."""
        return len(self._waiting) >= STREAMS

    def tell(self, notice: Notice) -> None:
        """Send a notice to every open page; one that comes later gets it too."""
        with self._lock:
            self._notice = notice
            self._number += 1
            if notice.changed is not None:
                self._changed_at |= dict.fromkeys(notice.changed, self._number)
            if notice.changed is None or len(self._changed_at) > REMEMBERED:
                self._changed_at.clear()
                self._oldest = self._number
        self._wake()

    def message(self, seen: str) -> dict[str, object]:
        """What a page needs to know that shows the build called `seen`: among others, which files changed since."""
        with self._lock:
            session, _, number = seen.partition(".")
            since = int(number) if session == self._session and number.isdecimal() and len(number) < 20 else -1
            is_known = self._oldest <= since <= self._number
            return {
                "id": self._name(self._number),
                "prefix": self._notice.prefix,
                "faults": [asdict(fault) for fault in self._notice.faults],
                "changed": sorted(route for route, at in self._changed_at.items() if at > since) if is_known else None,
            }

    def close(self) -> None:
        """End every stream."""
        self._is_closed = True
        self._wake()

    async def stream(self, seen: str) -> AsyncIterator[bytes]:
        """Server-sent events: the message for a page that shows the build called `seen`, and then each new one."""
        self._loop = asyncio.get_running_loop()
        wake = asyncio.Event()
        self._waiting.add(wake)
        is_first = True
        try:
            while not self._is_closed:
                wake.clear()  # before the message is made: a notice told from here on wakes us again
                if is_first or self.build != seen:
                    message = self.message(seen)
                    seen, is_first = str(message["id"]), False
                    yield f"retry: {RETRY_MS}\nid: {seen}\ndata: {json.dumps(message)}\n\n".encode("ascii")
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), HEARTBEAT_S)
                    continue
                yield b": still here\n\n"
        finally:
            self._waiting.discard(wake)

    def _name(self, number: int) -> str:
        return f"{self._session}.{number}"

    def _wake(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and all streams with it
                self._loop.call_soon_threadsafe(self._set_all)

    def _set_all(self) -> None:
        for wake in self._waiting:
            wake.set()
