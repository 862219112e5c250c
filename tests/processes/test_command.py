"""The program as people start it: processes, signals, exit codes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories import ROOT, SITES


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "generator", *map(str, arguments)]


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


def unprivileged(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command by somebody whom permissions bind, as they do not the superuser."""
    drop = ("setpriv", "--inh-caps=-all", "--bounding-set=-all") if os.geteuid() == 0 else ()
    if drop and shutil.which(drop[0]) is None:
        pytest.skip("the superuser may read everything")
    return subprocess.run([*drop, *command(*arguments)], capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize(
    ("folder", "said"), [("content", "Permission denied"), ("templates", "templates/: error: the folder cannot")]
)
def test_a_folder_that_cannot_be_read_leaves_the_site_that_stands(two: Path, folder: str, said: str) -> None:
    (two / "templates").mkdir()
    (two / "templates" / "macros.html").write_text("")
    subprocess.run(command("build", "--site", two), check=True, capture_output=True, cwd=ROOT)
    before = {path: path.read_bytes() for path in (two / "output").rglob("*") if path.is_file()}
    for mode in (0o000, 0o444):
        (two / folder).chmod(mode)
        ran = unprivileged("build", "--site", two)
        (two / folder).chmod(0o755)
        assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr
    assert {path: path.read_bytes() for path in (two / "output").rglob("*") if path.is_file()} == before


def test_a_story_that_cannot_be_read_is_told(two: Path) -> None:
    folder = next(path.parent for path in sorted((two / "content").rglob("comparison.yaml")))
    folder.chmod(0o000)
    ran = unprivileged("check", "--site", two)
    folder.chmod(0o755)
    assert ran.returncode == 1
    assert f"content/{folder.name}: error: the folder cannot be read: Permission denied (" in ran.stderr


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
    assert {path.name for path in two.iterdir()} == {"content", "output", "variorum.toml", ".variorum"}
    assert b"stays open" in (two / "output/bridge/paper.txt").read_bytes()
