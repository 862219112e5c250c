"""The house rules bite: a deliberate violation of each is seen to fail."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.stories import ROOT

BIN = Path(sys.executable).parent


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and its settings, free to be spoilt."""
    shutil.copytree(ROOT / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(house: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BIN / command[0], *command[1:]], cwd=house, capture_output=True, text=True, check=False)


def spoil(house: Path, module: str, line: str) -> None:
    path = house / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


AGAINST = (
    ("generator/collate/diff/match.py", "import pathlib", "The model and collation are pure"),
    ("generator/errors.py", "from generator import model", "Data goes one way"),
    ("generator/collate/segment.py", "from generator.collate import compare", "Inside collate"),
    ("generator/site/view.py", "import jinja2", "Only render knows Jinja"),
    ("generator/site/facts.py", "import PIL", "Only card knows Pillow"),
    ("generator/site/build.py", "import watchdog", "Only watch knows watchdog"),
)
"""Modules, what is imported in them, and the contract that this breaks."""


def broken(house: Path) -> list[str]:
    """The contracts that do not hold."""
    done = run(house, "lint-imports", "--no-cache")
    found = re.findall(r"^(.+) BROKEN(?: \(.+\))?$", done.stdout, re.MULTILINE)
    assert done.returncode == bool(found), done.stdout + done.stderr
    return found


def test_imports_against_the_layers_fail(house: Path) -> None:
    assert broken(house) == []
    for module, line, _ in AGAINST:
        spoil(house, module, line)
    assert {contract for _, _, contract in AGAINST} <= set(broken(house))


def test_a_module_outside_the_layers_fails(house: Path) -> None:
    (house / "generator" / "utils.py").write_text('"""Odds and ends."""\n', encoding="utf-8")
    assert broken(house) == ["Data goes one way"]


def test_an_unused_import_fails(house: Path) -> None:
    spoil(house, "generator/errors.py", "import json")
    assert run(house, "ruff", "check", "generator/errors.py").returncode == 1


def test_an_untyped_function_fails(house: Path) -> None:
    spoil(house, "generator/errors.py", "def careless(x):\n    return x")
    spoilt = run(house, "mypy", "--no-incremental", "--follow-imports=silent", "-m", "generator.errors")
    assert spoilt.returncode == 1
    assert "no-untyped-def" in spoilt.stdout


def test_architecture_names_no_module_that_is_not_there() -> None:
    named = set(re.findall(r"(\w+\.py)\b", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))
    assert len(named) > 50
    assert named <= {path.name for folder in ("generator", "tests") for path in (ROOT / folder).rglob("*.py")}


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """Pytest leaves out folders of some names, such as `build`, without a word."""
    patterns = pytestconfig.getini("norecursedirs")
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py") if "node_modules" not in path.parts}
    assert len(folders) >= 6
    assert [str(folder) for folder in folders for name in folder.parts if any(fnmatch(name, each) for each in patterns)] == []
