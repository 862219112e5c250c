"""Faults as the overlay shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Where, error, warning
from generator.preview.faults import EXCERPT, FAULTS, shown_faults
from generator.preview.live import Shown


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content/kim").mkdir(parents=True)
    (tmp_path / "content/kim/a.txt").write_text(f"one\r\ntwo: [three\rfour\n{'x' * 200}y{'z' * 200}\n", newline="")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


def excerpt(root: Path, path: str, line: int, column: int) -> tuple[int, str, str, str]:
    (fault,) = shown_faults(root, [error(Where(path, line, column), "broken", "mend it")])
    assert (fault.message, fault.hint) == ("broken", "mend it")
    return fault.line, fault.before, fault.at, fault.after


def test_the_line_is_cut_at_the_column(root: Path) -> None:
    assert excerpt(root, "content/kim/a.txt", 2, 6) == (2, "two: ", "[", "three")
    assert excerpt(root, "content/kim/a.txt", 3, 1) == (3, "", "f", "our")


def test_a_fault_behind_the_end_of_its_line_points_at_a_space(root: Path) -> None:
    assert excerpt(root, "content/kim/a.txt", 1, 4) == (1, "one", " ", "")
    assert excerpt(root, "content/kim/a.txt", 1, 99) == (1, "one", " ", "")


def test_without_a_column_the_line_is_shown_whole(root: Path) -> None:
    assert excerpt(root, "content/kim/a.txt", 2, 0) == (2, "two: [three", "", "")


def test_of_a_long_line_the_middle_is_shown(root: Path) -> None:
    assert excerpt(root, "content/kim/a.txt", 4, 201) == (4, f"…{'x' * EXCERPT}", "y", f"{'z' * EXCERPT}…")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("content/kim/a.txt", 0),
        ("content/kim/a.txt", 99),
        ("content/kim/none.txt", 1),
        ("content/kim", 1),
        ("../secret.txt", 1),
        ("/etc/passwd", 1),
        ("content/kim/link.txt", 1),
    ],
)
def test_what_cannot_or_must_not_be_read_is_shown_without_its_line(root: Path, path: str, line: int) -> None:
    (root / "content/kim/link.txt").symlink_to(root.parent / "secret.txt")
    assert excerpt(root, path, line, 1) == (0, "", "", "")


def test_warnings_are_for_the_terminal(root: Path) -> None:
    assert shown_faults(root, [warning(Where("a"), "look at it")]) == ()


def test_of_very_many_the_first_are_shown(root: Path) -> None:
    shown = shown_faults(root, [error(Where(f"{number}"), "broken") for number in range(FAULTS + 1500)])
    assert shown[0] == Shown("0", "broken")
    assert len(shown) == FAULTS + 1
    assert shown[-1].message == "and 1,500 more; the terminal lists them"
