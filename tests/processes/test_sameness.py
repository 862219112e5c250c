"""The same content gives the same bytes, wherever, whenever and by whomever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.site.cachefile import CACHE_FOLDER
from tests.files import tree, write_files
from tests.stories import ROOT, SITES


def build(site: Path, output: Path, umask: int = 0o022, **environment: str) -> dict[str, bytes]:
    """The files of a build in a process of its own."""
    command = [sys.executable, "-m", "generator", "build", "--site", site, "--output", output]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    subprocess.run(command, check=True, cwd=output.parent, env=environment, umask=umask, capture_output=True)
    return tree(output)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SITES / "two", tmp_path_factory.mktemp("same") / "two"))


@pytest.fixture(scope="module")
def expected(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(site, tmp_path_factory.mktemp("expected") / "output", PYTHONHASHSEED="0")


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "4242"},
        {"PYTHONHASHSEED": "3", "PYTHONOPTIMIZE": "1", "COLUMNS": "20", "TERM": "dumb", "SOURCE_DATE_EPOCH": "1"},
    ],
)
def test_the_machine_and_its_settings_do_not_show(
    tmp_path: Path, site: Path, expected: dict[str, bytes], environment: dict[str, str]
) -> None:
    assert build(site, tmp_path / "other folder", umask=0o077, **environment) == expected


def test_the_place_the_order_and_the_times_of_the_files_do_not_show(tmp_path: Path, site: Path, expected: dict[str, bytes]) -> None:
    moved = write_files(tmp_path / "Zoë’s site", dict(reversed(tree(site, CACHE_FOLDER).items())))
    for path in moved.rglob("*"):
        os.utime(path, (1, 1))
    assert build(moved, tmp_path / "output") == expected


def test_what_stood_there_before_does_not_show(tmp_path: Path, site: Path, expected: dict[str, bytes]) -> None:
    build(Path(shutil.copytree(SITES / "bare", tmp_path / "bare")), tmp_path / "output")
    assert build(site, tmp_path / "output") == expected
