"""Killed at any moment, a build leaves a whole site: the old one or the new one."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from generator.site.build import Options, build
from generator.site.cachefile import CACHE_FOLDER
from generator.site.manifest import MANIFEST
from generator.site.publish import heal
from tests.files import tree
from tests.processes.generations import publish, site
from tests.stories import ROOT

LOOP = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.processes.generations import publish, site
from generator.site.claim import locked
from generator.site import publish as module
print("ready", flush=True)
number = int(sys.argv[3])
gate = threading.Lock() if sys.argv[4] == "in place" else None
module.MANY_FILES = 0
while True:
    number += 1
    with locked(Path(sys.argv[1])):
        publish(site(number), Path(sys.argv[1]), "1", gate)
"""

SESSION = """
import sys, threading
from pathlib import Path
from generator.site import publish as module
from generator.site.build import Options, build
from generator.site.memory import Memory
root, number = Path(sys.argv[1]), int(sys.argv[2])
module.MANY_FILES = 0
memory = Memory()
options = Options(gate=threading.Lock() if sys.argv[3] == "in place" else None, is_searchable=False)
sidecar = root / "content/bridge/annotations.yaml"
text = sidecar.read_text().replace("three weeks", "WEEKS").replace(f"week {number}.", "WEEKS.")
build(root, root / "output", options, memory)
print("ready", flush=True)
while True:
    number += 1
    draft = sidecar.with_name(".draft")  # renamed over, as editors do: a kill must not cut off what is built from
    draft.write_text(text.replace("WEEKS", f"week {number}"))
    draft.replace(sidecar)
    build(root, root / "output", options, memory, (sidecar,))
"""


def kill_one(delay: float, *command: str | Path) -> None:
    """Let a process work, and kill it after a while."""
    process = subprocess.Popen([sys.executable, "-c", *command], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def rounds(count: int, output: Path, way: str = "at once") -> None:
    """Kill a process that publishes generation after generation. What is made in place, the next start finishes."""
    chance = random.Random(7)  # noqa: S311 moments, not secrets
    number = 0
    publish(site(number), output, "1")
    for _ in range(count):
        kill_one(chance.uniform(0, 0.06), LOOP, output, ROOT, str(number), way)
        if way == "in place":
            heal(output)
        files = tree(output, MANIFEST)
        number = int(files["index.html"].split()[0])
        assert files == site(number)
    publish(site(number + 1), output, "1")
    assert tree(output, MANIFEST) == site(number + 1)
    assert [path.name for path in output.parent.iterdir() if path.name != ".output.lock"] == ["output"]


WAYS = ("at once", "in place")


@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_moment_a_build_leaves_a_whole_site(tmp_path: Path, way: str) -> None:
    rounds(7, tmp_path / "output", way)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_killed_hundreds_of_times_a_build_leaves_a_whole_site(tmp_path: Path, way: str) -> None:
    rounds(400, tmp_path / "output", way)


def sessions(count: int, root: Path, way: str) -> None:
    """Kill a preview that edits a note and builds, over and over; its pages and its cache are always of one generation."""
    chance = random.Random(8)  # noqa: S311 moments, not secrets
    number, output = 0, root / "output"
    for _ in range(count):
        kill_one(chance.uniform(0, 0.5), SESSION, root, str(number), way)
        if way == "in place":
            heal(output)
        pages = ("bridge/notes.csv", "bridge/index.html", "bridge/comparison.json", "notes.csv", "notes/index.html")
        assert (
            len({said for page in pages for said in re.findall(r"by (week \d+|three weeks)\.", (output / page).read_text())}) == 1
        )
        number = int((re.findall(r"week (\d+)\.", (root / "content/bridge/annotations.yaml").read_text()) or [number])[0])
    options = Options(is_searchable=False)
    report = build(root, output, options)
    assert (report.stopped, report.diagnostics) == ("", ())
    build(root, root / "clean", replace(options, is_cached=False))
    assert tree(output, MANIFEST) == tree(root / "clean", MANIFEST)
    assert {path.name for path in root.iterdir()} == {"content", "variorum.toml", "output", "clean", CACHE_FOLDER}


@pytest.mark.parametrize("way", WAYS)
def test_a_preview_killed_at_any_moment_is_taken_up_again(two: Path, way: str) -> None:
    sessions(2, two, way)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_preview_killed_a_hundred_times_is_taken_up_again(two: Path, way: str) -> None:
    sessions(100, two, way)


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
