from __future__ import annotations

import ctypes
import errno
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.site import disk, exchange, inplace
from generator.site import publish as module
from generator.site.claim import STAGING_INSIDE, OutputRefused, survey
from generator.site.manifest import MANIFEST, read_manifest
from generator.site.publish import staged
from tests.files import tree
from tests.processes.generations import publish

OLD = {
    "assets/style.css": b"old",
    "index.html": b"old",
    "kim/index.html": b"same",
    "kim/a.txt": b"text",
    "gone/index.html": b"gone",
}
NEW = {
    "assets/style.css": b"new",
    "index.html": b"new",
    "kim/index.html": b"same",
    "kim/a.txt": b"text",
    "more/index.html": b"more",
}


def keep_a_guest_folder(output: Path) -> None:
    """Makes an exchange impossible."""
    (output / ".git").mkdir(parents=True)
    (output / ".git/HEAD").write_bytes(b"ref: refs/heads/main\n")


@pytest.fixture(params=["exchange", "two renames", "in place"])
def output(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder for each way to switch."""
    folder = tmp_path / "site" / "output"
    if request.param == "two renames":
        monkeypatch.setattr(exchange, "exchange_names", lambda *_: False)
    if request.param == "in place":
        keep_a_guest_folder(folder)
    return folder


def own_files(output: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(output, MANIFEST).items() if not path.startswith(".")}


def test_the_folder_holds_exactly_the_files(output: Path) -> None:
    first = publish(OLD, output, "1")
    assert own_files(output) == OLD
    assert (set(first.written), first.kept, first.removed) == (set(OLD), 0, ())
    second = publish(NEW, output, "1")
    assert own_files(output) == NEW
    assert second.written == ("assets/style.css", "index.html", "more/index.html")
    assert second.kept == 2
    assert second.removed == ("gone/index.html",)
    assert not (output / "gone").exists()
    assert set(read_manifest(output).files) == set(NEW)


def test_nothing_is_left_beside_the_folder(output: Path) -> None:
    publish(OLD, output, "1")
    publish(NEW, output, "1")
    assert [path.name for path in output.parent.iterdir()] == ["output"]
    assert not (output / STAGING_INSIDE).exists()


def test_a_file_that_stays_the_same_keeps_inode_and_time(output: Path) -> None:
    publish(OLD, output, "1")
    os.utime(output / "kim/index.html", (1, 1))
    before = (output / "kim/index.html").stat()
    publish(NEW, output, "1")
    after = (output / "kim/index.html").stat()
    assert (after.st_ino, after.st_mtime) == (before.st_ino, 1)


def test_the_same_site_again_touches_nothing(output: Path) -> None:
    publish(OLD, output, "1")
    before = {path: path.stat().st_ctime_ns for path in (output, *output.rglob("*"))}
    report = publish(OLD, output, "1")
    assert (report.written, report.removed, report.kept) == ((), (), len(OLD))
    assert {path: path.stat().st_ctime_ns for path in (output, *output.rglob("*"))} == before


def test_another_version_of_the_program_renews_the_manifest(output: Path) -> None:
    publish(OLD, output, "1")
    publish(OLD, output, "2")
    assert b"Variorum 2" in (output / MANIFEST).read_bytes()


def test_guests_stay(output: Path) -> None:
    publish(OLD, output, "1")
    (output / ".gitkeep").write_bytes(b"")
    (output / ".link").symlink_to("nowhere")
    publish(NEW, output, "1")
    assert (output / ".gitkeep").read_bytes() == b""
    assert (output / ".link").readlink() == Path("nowhere")


def test_the_mode_of_the_folder_stays(output: Path) -> None:
    publish(OLD, output, "1")
    output.chmod(0o750)
    publish(NEW, output, "1")
    assert output.stat().st_mode & 0o777 == 0o750


def test_a_foreign_file_stops_everything(output: Path) -> None:
    publish(OLD, output, "1")
    (output / "notes.txt").write_bytes(b"mine")
    before = tree(output, MANIFEST)
    with pytest.raises(OutputRefused, match=r"notes\.txt"):
        publish(NEW, output, "1")
    assert tree(output, MANIFEST) == before


def test_a_foreign_file_where_a_page_goes_is_not_overwritten(output: Path) -> None:
    publish(OLD, output, "1")
    (output / "more").mkdir()
    (output / "more/index.html").write_bytes(b"mine")
    with pytest.raises(OutputRefused):
        publish(NEW, output, "1")
    assert (output / "more/index.html").read_bytes() == b"mine"


def test_a_file_becomes_a_folder_and_back(output: Path) -> None:
    for files in ({"a": b"1", "b/c": b"2"}, {"a/x": b"3", "b": b"4"}, {"a": b"1", "b/c": b"2"}):
        publish(files, output, "1")
        assert own_files(output) == files


def test_a_link_to_the_folder_stays_a_link(output: Path) -> None:
    publish(OLD, output, "1")
    link = output.parent / "public"
    link.symlink_to("output")
    publish(NEW, link, "1")
    assert link.is_symlink()
    assert own_files(output) == NEW


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/x", "a//b", "", ".hidden", "a/.b", "a\\b", "a\0b", "."])
def test_a_path_outside_is_a_bug(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="inside the site"):
        publish({path: b""}, tmp_path / "output", "1")


def test_in_place_is_said_and_comes_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    keep_a_guest_folder(output)
    publish(OLD, output, "1")
    steps: list[str] = []
    replace, unlink = Path.replace, Path.unlink

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append(f"+{target.relative_to(output).as_posix()}")
        return replace(self, target)

    def noted_unlink(self: Path, missing_ok: bool = False) -> None:
        steps.append(f"-{self.relative_to(output).as_posix()}")
        unlink(self, missing_ok=missing_ok)

    append = module.append

    def noted_append(path: Path, data: bytes) -> None:
        steps.append(next(iter(json.loads(data))))
        append(path, data)

    monkeypatch.setattr(module, "append", noted_append)
    monkeypatch.setattr(inplace, "append", noted_append)
    monkeypatch.setattr(Path, "replace", noted_replace)
    monkeypatch.setattr(Path, "unlink", noted_unlink)
    report = publish(NEW, output, "1")
    assert ".git" in report.in_place
    renames = ["+assets/style.css", "+more/index.html", "+index.html", "-gone/index.html"]
    assert steps == ["begin", *renames, "end", f"+{MANIFEST}"]


@pytest.mark.parametrize(("name", "reason"), [("is_mount", "mount point"), ("access", "cannot be written")])
def test_a_folder_that_cannot_be_exchanged_is_changed_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    output = tmp_path / "output"
    publish(OLD, output, "1")
    if name == "is_mount":
        monkeypatch.setattr(Path, name, lambda self: self == output)
    else:
        monkeypatch.setattr(os, name, lambda path, _mode: path != output.parent)
    inode = output.stat().st_ino
    report = publish(NEW, output, "1")
    assert reason in report.in_place
    assert (output.stat().st_ino, own_files(output)) == (inode, NEW)


class CutError(BaseException):
    """Stands for a kill: nothing catches it but clean-up code, which is kept from running."""


@pytest.mark.parametrize("at", range(1, 8))
def test_after_a_kill_in_place_the_next_build_knows_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    output = tmp_path / "output"
    keep_a_guest_folder(output)
    publish(OLD, output, "1")
    left = [at]

    def until_cut(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            left[0] -= 1
            if left[0] <= 0:
                raise CutError
            return real(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", until_cut(Path.replace))
        patch.setattr(Path, "unlink", until_cut(Path.unlink))
        patch.setattr(module.shutil, "rmtree", lambda *_, **__: None)
        patch.setattr(inplace, "append", until_cut(inplace.append))
        patch.setattr(module, "append", until_cut(module.append))
        with pytest.raises(CutError):
            publish(NEW, output, "1")
    for path, data in own_files(output).items():
        if not path.startswith(STAGING_INSIDE):
            assert data in {OLD.get(path), NEW.get(path)}
    publish(NEW, output, "1")
    assert own_files(output) == NEW
    assert not (output / STAGING_INSIDE).exists()


@pytest.mark.parametrize("after", range(1, 15))
def test_a_full_disk_at_any_write_leaves_the_old_site(output: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    publish(OLD, output, "1")
    before = {**tree(output, MANIFEST), MANIFEST: (output / MANIFEST).read_bytes()}
    fsync, left = os.fsync, [after]

    def failing(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with suppress(OSError):
        publish(NEW, output, "1")
    monkeypatch.setattr(os, "fsync", fsync)
    assert {path.name for path in output.parent.iterdir()} - {f".output.staging-{os.getpid()}"} == {"output"}
    now = {**tree(output, MANIFEST), MANIFEST: (output / MANIFEST).read_bytes()}
    is_in_place = (output / ".git").exists()
    assert is_in_place or now in (before, {**NEW, MANIFEST: now[MANIFEST]})
    publish(NEW, output, "1")
    assert own_files(output) == NEW
    assert [path.name for path in output.parent.iterdir()] == ["output"]


def test_the_second_rename_failing_undoes_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    publish(OLD, output, "1")
    monkeypatch.setattr(exchange, "exchange_names", lambda *_: False)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if ".staging-" in self.name and target == output:
            raise OSError(errno.EIO, "disk")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing)
        with pytest.raises(OSError, match="disk"):
            publish(NEW, output, "1")
    assert own_files(output) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_kill_between_two_renames_is_healed(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(OLD, output, "1")
    output.rename(tmp_path / ".output.aside-1")
    publish(NEW, tmp_path / ".output.staging-1", "1")
    report = publish(OLD, output, "1")
    assert (report.written, own_files(output)) == ((), OLD)
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_kill_before_the_switch_leaves_nothing_for_long(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(OLD, output, "1")
    for name in (".output.making-1", ".output.making-2"):
        (tmp_path / name).mkdir()
        os.link(output / "index.html", tmp_path / name / "index.html")
    publish(NEW, output, "1")
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_kill_after_two_renames_is_healed(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(NEW, output, "1")
    publish(OLD, tmp_path / ".output.aside-1", "1")
    assert publish(NEW, output, "1").written == ()
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_what_others_put_into_the_old_folder_at_the_last_moment_moves_to_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    publish(OLD, output, "1")
    switch = module.switch

    def late_guest(staging: Path, target: Path) -> None:
        (target / "kim/late.txt").write_bytes(b"mine")
        (target / "new").mkdir()
        (target / "new/late.txt").write_bytes(b"mine too")
        (target / "more").mkdir()
        (target / "more/index.html").write_bytes(b"in the way")
        switch(staging, target)

    monkeypatch.setattr(module, "switch", late_guest)
    publish(NEW, output, "1")
    assert own_files(output) == {**NEW, "kim/late.txt": b"mine", "new/late.txt": b"mine too"}
    assert tree(tmp_path / "output.rescued-1", MANIFEST) == {"more/index.html": b"in the way"}


def test_a_forged_manifest_deletes_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/precious.txt").write_bytes(b"mine")
    stale = tmp_path / ".output.staging-7"
    stale.mkdir()
    (stale / "link").symlink_to(tmp_path / "folder")
    (stale / MANIFEST).write_text('{"files": {"../precious.txt": "", "link/precious.txt": ""}}')
    with pytest.raises(OutputRefused, match="link"):  # which nobody lists, and which therefore moved there
        publish(NEW, tmp_path / "output", "1")
    assert (tmp_path / "precious.txt").exists()
    assert (tmp_path / "folder/precious.txt").exists()


def test_without_hard_links_files_are_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    publish(OLD, tmp_path / "output", "1")
    monkeypatch.setattr(os, "link", no_links)
    publish(NEW, tmp_path / "output", "1")
    assert own_files(tmp_path / "output") == NEW


@pytest.mark.parametrize(("code", "answer"), [(errno.ENOSYS, False), (errno.EINVAL, False), (errno.EIO, OSError)])
def test_only_a_missing_exchange_is_worked_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, answer: object
) -> None:
    class Library:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def renameat2(self, *_: object) -> int:
            ctypes.set_errno(code)
            return -1

    monkeypatch.setattr(ctypes, "CDLL", Library)
    if answer is OSError:
        with pytest.raises(OSError, match=os.strerror(code)):
            exchange.exchange_names(tmp_path / "a", tmp_path / "b")
    else:
        assert exchange.exchange_names(tmp_path / "a", tmp_path / "b") is answer


def test_a_library_without_the_call_has_no_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    assert exchange.exchange_names(tmp_path / "a", tmp_path / "b") is False


NAMES = st.sampled_from(["a", "b", "c.html", "index.html"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def without_conflicts(files: dict[str, bytes]) -> dict[str, bytes]:
    """Drops files that stand where others need a folder."""
    return {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}


SITES = st.dictionaries(PATHS, st.sampled_from([b"", b"1", b"2"]), max_size=5).map(without_conflicts)


@settings(max_examples=60)
@given(sites=st.lists(SITES, min_size=1, max_size=4), in_place=st.booleans())
def test_any_sequence_of_sites_ends_as_the_last_one(
    tmp_path_factory: pytest.TempPathFactory, sites: list[dict[str, bytes]], in_place: bool
) -> None:
    output = tmp_path_factory.mktemp("publish") / "output"
    if in_place:
        keep_a_guest_folder(output)
    for files in sites:
        report = publish(files, output, "1")
        assert own_files(output) == files
        assert len(report.written) + report.kept == len(files)


# ------------------------------------------------------------------ what others do meanwhile


@pytest.mark.parametrize("name", ["assets/style.css", "gone/index.html", "more/index.html"])
def test_what_others_wrote_while_a_build_was_under_way_is_not_overwritten_or_deleted(output: Path, name: str) -> None:
    publish(OLD, output, "1")
    with staged(output, survey(output), "1") as generation:
        for path, data in NEW.items():
            generation.put(path, data)
        generation.drop("gone/index.html")
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).write_bytes(b"mine")
        with pytest.raises(OutputRefused, match=name):
            generation.commit()
    assert own_files(output) == {**OLD, name: b"mine"}
    assert [path.name for path in output.parent.iterdir()] == ["output"]


def test_a_link_that_took_a_folders_place_while_a_build_was_under_way_is_not_followed(output: Path, tmp_path: Path) -> None:
    publish(OLD, output, "1")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/index.html").write_bytes(b"mine")
    with staged(output, survey(output), "1") as generation:
        generation.put("kim/index.html", b"new")
        shutil.rmtree(output / "kim")
        (output / "kim").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OutputRefused, match=r"kim/index\.html"):
            generation.commit()
    assert tree(tmp_path / "elsewhere") == {"index.html": b"mine"}


def test_a_link_to_a_folder_put_there_at_the_last_moment_moves_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    publish(OLD, output, "1")
    switch = module.switch

    def late_guest(staging: Path, target: Path) -> None:
        (target / "kim/link").symlink_to(tmp_path)
        switch(staging, target)

    monkeypatch.setattr(module, "switch", late_guest)
    publish(NEW, output, "1")
    assert (output / "kim/link").readlink() == tmp_path
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output"]


def test_what_has_no_place_in_the_new_site_is_rescued_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file has the name of the folder that it lay in."""
    output = tmp_path / "output"
    switch = module.switch

    def late_guest(staging: Path, target: Path) -> None:
        if target.exists():
            (target / "a/late.txt").write_bytes(b"mine")
        switch(staging, target)

    monkeypatch.setattr(module, "switch", late_guest)
    for number in (1, 2):
        publish({"a/x": b"1"}, output, "1")
        publish({"a": b"2"}, output, "1")
        assert own_files(output) == {"a": b"2"}
        assert tree(tmp_path / f"output.rescued-{number}", MANIFEST) == {"a/late.txt": b"mine"}
        shutil.rmtree(output)


def test_folders_of_others_beside_the_output_stay(tmp_path: Path) -> None:
    names = [".output.making-of", ".output.staging-2025-01-01", ".output.aside-", ".output.making-1x", ".output.other-1"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_bytes(b"mine")
    publish(OLD, tmp_path / "output", "1")
    assert all((tmp_path / name / "index.html").read_bytes() == b"mine" for name in names)


@pytest.mark.parametrize("name", [MANIFEST, STAGING_INSIDE])
def test_a_link_in_the_place_of_a_file_of_ours_is_not_written_through(tmp_path: Path, name: str) -> None:
    output, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    keep_a_guest_folder(output)
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"mine")
    (output / name).symlink_to(elsewhere / "precious" if name == MANIFEST else elsewhere)
    with pytest.raises(OutputRefused, match=re.escape(name)):
        publish(OLD, output, "1")
    assert tree(elsewhere, MANIFEST) == {"precious": b"mine"}


def test_guests_stay_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    output = tmp_path / "output"
    publish(OLD, output, "1")
    (output / ".gitkeep").write_bytes(b"kept")
    monkeypatch.setattr(os, "link", no_links)
    publish(NEW, output, "1")
    assert tree(output, MANIFEST) == {**NEW, ".gitkeep": b"kept"}
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_change_cut_off_is_not_finished_over_what_others_wrote_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    keep_a_guest_folder(output)
    publish(OLD, output, "1")
    with monkeypatch.context() as patch:
        patch.setattr(module, "apply", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "disk")))
        with pytest.raises(OSError, match="disk"):
            publish(NEW, output, "1")
    (output / "index.html").write_bytes(b"mine")
    (output / "more").mkdir()
    (output / "more/index.html").write_bytes(b"mine too")
    with pytest.raises(OutputRefused, match=r"index\.html"):
        publish(NEW, output, "1")
    assert (output / "index.html").read_bytes() == b"mine"
    assert (output / "more/index.html").read_bytes() == b"mine too"


# ------------------------------------------------------------------ how it is switched


class Held:
    """A gate that knows whether it is held."""

    def __init__(self) -> None:
        self.is_held = False

    def __enter__(self) -> None:
        self.is_held = True

    def __exit__(self, *_: object) -> None:
        self.is_held = False


def test_very_many_files_are_synced_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = disk.sync

    def noted(path: Path) -> None:
        synced.append(path.name)
        real(path)

    monkeypatch.setattr(disk, "sync", noted)
    for each, expected in ((1000, set(OLD)), (0, set())):
        monkeypatch.setattr(disk, "SYNC_EACH", each)
        synced.clear()
        publish(OLD, tmp_path / str(each), "1")
        assert own_files(tmp_path / str(each)) == OLD
        assert {path.rpartition("/")[2] for path in expected} <= set(synced)
        assert bool(synced) == bool(expected)


@pytest.mark.parametrize("step", ["switch", "apply"])
def test_nobody_who_takes_the_gate_reads_while_names_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    output, gate, seen = tmp_path / "output", Held(), []
    publish(OLD, output, "1")
    real = getattr(module, step)

    def noted(*arguments: object) -> None:
        seen.append(gate.is_held)
        real(*arguments)

    monkeypatch.setattr(module, step, noted)
    monkeypatch.setattr(module, "MANY_FILES", 0 if step == "apply" else 1000)
    publish(NEW, output, "1", gate)
    assert own_files(output) == NEW
    assert (seen, gate.is_held) == ([True], False)


def test_a_folder_of_the_same_disk_mounted_there_is_changed_in_place(tmp_path: Path) -> None:
    """Its number tells nothing then, and the kernel does not exchange it."""
    output, disk = tmp_path / "my output", tmp_path / "disk"
    output.mkdir()
    disk.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", "--bind", disk, output], check=False, capture_output=True).returncode
    ):
        pytest.skip("only the superuser can mount a folder")
    try:
        publish(OLD, output, "1")
        assert "mount point" in publish(NEW, output, "1").in_place
        assert own_files(disk) == NEW
    finally:
        subprocess.run(["umount", output], check=True)
