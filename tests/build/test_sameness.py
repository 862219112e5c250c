"""The same content gives the same bytes, wherever, whenever and by whomever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SITE = ROOT / "tests/sites/two"


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def build(site: Path, output: Path, umask: int = 0o022, **environment: str) -> dict[str, bytes]:
    """The files of a build in a process of its own."""
    command = [sys.executable, "-m", "generator", "build", "--site", site, "--output", output]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    subprocess.run(command, check=True, cwd=output.parent, env=environment, umask=umask, capture_output=True)
    return tree(output)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(SITE, tmp_path_factory.mktemp("expected") / "output", PYTHONHASHSEED="0")


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "4242"},
        {"PYTHONHASHSEED": "3", "PYTHONOPTIMIZE": "1", "COLUMNS": "20", "TERM": "dumb", "SOURCE_DATE_EPOCH": "1"},
    ],
)
def test_the_machine_and_its_settings_do_not_show(tmp_path: Path, expected: dict[str, bytes], environment: dict[str, str]) -> None:
    assert build(SITE, tmp_path / "other folder", umask=0o077, **environment) == expected


def test_the_place_the_order_and_the_times_of_the_files_do_not_show(tmp_path: Path, expected: dict[str, bytes]) -> None:
    site = tmp_path / "Zoë’s site"
    for path in sorted(SITE.rglob("*"), reverse=True):
        if path.is_file() and "output" not in path.relative_to(SITE).parts:
            place = site / path.relative_to(SITE)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
            os.utime(place, (1, 1))
    assert build(site, tmp_path / "output") == expected


def test_what_stood_there_before_does_not_show(tmp_path: Path, expected: dict[str, bytes]) -> None:
    build(ROOT / "tests/sites/bare", tmp_path / "output")
    assert build(SITE, tmp_path / "output") == expected
