"""`variorum watch` and `variorum serve` as processes, and what they print."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

from tests.stories import ROOT

LIMIT_S = 60.0
"""A command that has not said by then what a test waits for is killed, so that the test fails instead of waiting."""


class Running:
    """A command, and its lines as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put("")

    def line_with(self, words: str) -> str:
        """The next line that holds these words."""
        while True:
            line = self._next(LIMIT_S)
            if words in line:
                return line
            assert line or self.process.poll() is None, f"{words!r} not in {self.said}"

    def lines_until_quiet(self, quiet_s: float) -> list[str]:
        """All lines, until none has come for a while."""
        lines = []
        while True:
            try:
                lines.append(self._next(quiet_s))
            except Empty:
                return lines

    def _next(self, seconds: float) -> str:
        line = self._lines.get(timeout=seconds)
        self.said.append(line)
        return line

    def end(self, number: int) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(20)

    @property
    def memory_mb(self) -> float:
        """What it holds in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def running(*arguments: object, prefix: tuple[str, ...] = (), limit_s: float = LIMIT_S) -> Iterator[Running]:
    """A running command, which the test ends with a signal; killed if it does not."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [*prefix, sys.executable, "-m", "generator", *map(str, arguments)]
    process = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    overdue = threading.Timer(limit_s, process.kill)
    overdue.start()
    try:
        with process:
            yield Running(process)
            process.kill()
    finally:
        process.kill()
        overdue.cancel()
