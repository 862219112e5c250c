"""The truth behind the hints: trees of stat values, and what differs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from generator.preview import scan as module
from generator.preview.scan import TOP, Tree, apply, changed_paths, differences, is_noise, suspects, whole_tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("kim/a.txt", "kim/b.txt", "lee/deep/c.txt"):
        (tmp_path / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / name).write_text(name)
    return tmp_path


@pytest.fixture
def roots(root: Path) -> tuple[str, ...]:
    return str(root / "content"), str(root / "variorum.toml")


def found(tree: Tree, roots: tuple[str, ...]) -> list[str]:
    """What a look at everything finds, as names below the first root; the tree then knows it."""
    patch = differences(tree, roots, [name for name in suspects(tree, roots) if name is not None])
    names = [os.path.relpath(path, roots[0]) for path in changed_paths(tree, patch)]
    apply(tree, patch)
    assert tree == whole_tree(roots)
    return names


def test_a_look_at_what_did_not_change_finds_nothing(roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    assert found(tree, roots) == []


def test_files_written_made_and_deleted_are_found(root: Path, roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    (root / "content/kim/a.txt").write_text("another")
    (root / "content/lee/deep/c.txt").unlink()
    (root / "content/lee/d.txt").write_text("new")
    (root / "variorum.toml").write_text("new")
    assert found(tree, roots) == ["kim/a.txt", "lee/d.txt", "lee/deep/c.txt", "../variorum.toml"]
    assert found(tree, roots) == []


def test_folders_moved_and_deleted_are_found_with_all_that_was_in_them(root: Path, roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    (root / "content/lee").rename(root / "content/ann")
    assert found(tree, roots) == ["ann/deep/c.txt", "lee/deep/c.txt"]
    shutil.rmtree(root / "content")
    assert found(tree, roots) == ["ann/deep/c.txt", "kim/a.txt", "kim/b.txt"]
    assert tree.keys() == {TOP}


def test_what_lies_behind_a_link_that_took_a_folders_place_is_not_looked_at(root: Path, roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    shutil.copytree(root / "content", root / "elsewhere")
    (root / "elsewhere/deep").mkdir()
    (root / "elsewhere/deep/of-others.txt").write_text("x")
    shutil.rmtree(root / "content/lee")
    (root / "content/lee").symlink_to(root / "elsewhere")
    assert found(tree, roots) == ["lee", "lee/deep/c.txt"]


def test_noise_that_comes_and_goes_changes_nothing(root: Path, roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    for name in (".a.txt.swp", "a.txt~", "#a.txt#", "sedAb12Cd"):
        (root / "content/kim" / name).write_text("x")
    assert found(tree, roots) == []


def test_an_old_folder_is_not_listed_again_unless_its_own_time_changed(
    root: Path, roots: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RACY_NS", -1)
    tree = whole_tree(roots)
    listed: list[str] = []
    real = module._listed  # noqa: SLF001 nothing outside shows what was asked of the disk
    monkeypatch.setattr(module, "_listed", lambda folder, roots: listed.append(folder) or real(folder, roots))
    assert list(suspects(tree, roots)) == [None] * len(tree)
    assert listed == [TOP]
    (root / "content/kim/.hidden").write_text("x")
    os.utime(root / "content/kim", ns=(1, 1))
    assert list(suspects(tree, roots)) == [None] * len(tree)
    assert listed == [TOP, TOP, f"{roots[0]}/kim"]
    assert list(suspects(tree, roots)) == [None] * len(tree)
    assert listed == [TOP, TOP, f"{roots[0]}/kim", TOP]


def test_a_folder_that_is_gone_before_it_is_its_turn_is_passed_over(roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    look = suspects(tree, roots)
    assert next(look) is None
    for name in list(tree)[2:]:
        del tree[name]
    assert list(look) == [None]


def test_a_folder_that_nobody_knows_stands_for_the_one_above_it(root: Path, roots: tuple[str, ...]) -> None:
    tree = whole_tree(roots)
    (root / "content/new/below").mkdir(parents=True)
    (root / "content/new/below/e.txt").write_text("new")
    patch = differences(tree, roots, [f"{roots[0]}/new/below"])
    assert [os.path.relpath(path, roots[0]) for path in changed_paths(tree, patch)] == ["new/below/e.txt"]
    assert differences(tree, roots, ["/elsewhere"]) == {}


@pytest.mark.parametrize("name", [".a.swp", "a.txt~", "#a#", ".#a", "4913", ".git", "a.tmp", "a.txt.swx", "a___jb_tmp___"])
def test_names_of_editors_are_noise(name: str) -> None:
    assert is_noise(name)


@pytest.mark.parametrize("name", ["a.txt", "comparison.yaml", "annotations.desk.yaml", "base.html", "4913.txt", "sedatives"])
def test_names_of_sources_are_not(name: str) -> None:
    assert not is_noise(name)


@pytest.mark.parametrize("name", ["4913", "kim.bak", "#metoo", "kim~"])
def test_names_of_folders_are_not_unless_they_are_hidden(name: str) -> None:
    assert not is_noise(name, is_folder=True)
    assert is_noise(f".{name}", is_folder=True)
