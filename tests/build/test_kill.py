"""Killed at any moment, a build leaves a whole site: the old one or the new one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from generator.site.manifest import MANIFEST
from tests.build.generations import publish, site

LOOP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.build.generations import publish, site
from generator.site.claim import locked
print("ready", flush=True)
number = int(sys.argv[3])
while True:
    number += 1
    with locked(Path(sys.argv[1])):
        publish(site(number), Path(sys.argv[1]), "1")
"""

ROOT = Path(__file__).parent.parent.parent


def found(output: Path) -> dict[str, bytes]:
    paths = (path for path in output.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in paths}


def kill_one(output: Path, number: int, delay: float) -> None:
    """Let a process publish generation after generation from `number` on, and kill it after a while."""
    process = subprocess.Popen([sys.executable, "-c", LOOP, output, ROOT, str(number)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def rounds(count: int, output: Path) -> None:
    chance = random.Random(7)  # noqa: S311 moments, not secrets
    number = 0
    publish(site(number), output, "1")
    for _ in range(count):
        kill_one(output, number, chance.uniform(0, 0.06))
        files = found(output)
        number = int(files["index.html"].split()[0])
        assert files == site(number)
    publish(site(number + 1), output, "1")
    assert found(output) == site(number + 1)
    assert [path.name for path in output.parent.iterdir() if path.name != ".output.lock"] == ["output"]


def test_killed_at_any_moment_a_build_leaves_a_whole_site(tmp_path: Path) -> None:
    rounds(10, tmp_path / "output")


@pytest.mark.long
def test_killed_hundreds_of_times_a_build_leaves_a_whole_site(tmp_path: Path) -> None:
    rounds(400, tmp_path / "output")


def test_a_reader_always_finds_every_page(tmp_path: Path) -> None:
    """While generations are exchanged under it."""
    output = tmp_path / "output"
    publish(site(0), output, "1")
    ended = threading.Event()
    seen: list[bytes] = []
    failures: list[OSError] = []

    def read() -> None:
        while not ended.wait(0.0005):
            try:
                seen.append((output / "1/index.html").read_bytes())
            except OSError as failure:
                failures.append(failure)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 30):
        publish(site(number), output, "1")
    ended.set()
    reader.join()
    assert failures == []
    whole = {site(number)["1/index.html"] for number in range(30)}
    assert len(seen) >= 5
    assert set(seen) <= whole
