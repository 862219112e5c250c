"""The program as people start it: processes, signals, exit codes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.request import urlopen

import pytest

from generator.site.manifest import MANIFEST

ROOT = Path(__file__).parent.parent.parent
SITES = ROOT / "tests/sites"

LIMIT_S = 60.0
"""A command that has not said by then what a test waits for is killed, so that the test fails instead of waiting."""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SITES / "two", tmp_path / "two"))


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "generator", *map(str, arguments)]


@contextmanager
def started(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A running command, which the test ends with a signal; killed if it does not."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command(*arguments), env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    overdue = threading.Timer(LIMIT_S, process.kill)
    overdue.start()
    try:
        with process:
            yield process
            process.kill()
    finally:
        process.kill()
        overdue.cancel()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """The next line of a process that holds these words."""
    stream: IO[str] | None = process.stdout
    assert stream is not None
    lines = []
    for line in stream:
        lines.append(line)
        if words in line:
            return line
    raise AssertionError(f"{words!r} not in {lines}")


def test_the_module_is_the_command() -> None:
    ran = subprocess.run(command("--version"), capture_output=True, text=True, check=True, cwd=ROOT)
    assert re.fullmatch(r"variorum \d+\.\d+\.\d+\n", ran.stdout)


def test_faults_give_their_exit_code_and_no_traceback(tmp_path: Path) -> None:
    site = shutil.copytree(SITES / "faulty", tmp_path / "faulty")
    ran = subprocess.run(command("build", "--site", site), capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    for name in ("broken", "missing", "empty"):
        assert re.search(rf"^content/{name}/[^ ]+: error: .+$", ran.stderr, re.MULTILINE)


def test_a_name_that_the_locale_cannot_write_is_no_failure(tmp_path: Path) -> None:
    site = shutil.copytree(SITES / "two", tmp_path / "Zoë’s")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command("build", "--site", site), capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert "written to" in ran.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_shows_each_save_and_ends_at_once_with_a_page_open(two: Path, number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    os.environ["TMPDIR"] = str(tmp_path / "tmp")
    try:
        with started("serve", "--site", two, "--port", "0") as process:
            address = line_with(process, "Serving").split()[1]
            origin = address.removesuffix("news/")
            with urlopen(f"{origin}__variorum__/events", timeout=20) as stream:  # noqa: S310 our own server
                first = stream.readline()
                sidecar = two / "content/bridge/annotations.yaml"
                sidecar.write_text(sidecar.read_text().replace("*longer*", "*much longer*"))
                assert stream.readline() == b"\n"
                second = stream.readline()
                assert first != second
                with urlopen(f"{address}bridge/", timeout=20) as page:  # noqa: S310 our own server
                    assert b"much longer" in page.read()
                process.send_signal(number)
                assert process.wait(20) == 0
    finally:
        del os.environ["TMPDIR"]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (two / "output").exists()


def test_watching_publishes_each_save_and_keeps_the_site_when_ended(two: Path) -> None:
    with started("watch", "--site", two) as process:
        line_with(process, "pages written")
        (two / "content/bridge/paper.txt").write_text("The bridge stays open for 15 weeks.\n")
        line_with(process, "changed: content/bridge/paper.txt")
        line_with(process, "pages in")
        assert b"stays open" in (two / "output/bridge/paper.txt").read_bytes()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert (two / "output" / MANIFEST).exists()
    assert {path.name for path in two.iterdir()} == {"content", "output", "variorum.toml"}


def test_killed_while_building_the_old_site_stands_and_the_next_build_succeeds(two: Path) -> None:
    """Killed at the first page that is staged: nothing of it shows."""
    subprocess.run(command("build", "--site", two), check=True, capture_output=True, cwd=ROOT)
    before = {path: path.read_bytes() for path in (two / "output").rglob("*") if path.is_file()}
    (two / "content/bridge/paper.txt").write_text("The bridge stays open.\n")
    code = (
        "import os, signal\n"
        "from generator import cli\n"
        "from generator.site import publish\n"
        "publish.switch = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"cli.app(['build', '--site', {str(two)!r}])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == -signal.SIGKILL
    assert {path: path.read_bytes() for path in (two / "output").rglob("*") if path.is_file()} == before
    assert len(list(two.glob(".output.staging-*"))) == 1
    subprocess.run(command("build", "--site", two), check=True, capture_output=True, cwd=ROOT)
    assert {path.name for path in two.iterdir()} == {"content", "output", "variorum.toml"}
    assert b"stays open" in (two / "output/bridge/paper.txt").read_bytes()
