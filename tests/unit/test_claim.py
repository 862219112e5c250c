from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.site.claim import OutputRefused, locked, refuse_forbidden, survey
from generator.site.manifest import MANIFEST, has_site, read_manifest
from tests.processes.generations import publish


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site" / "content").mkdir(parents=True)
    (tmp_path / "site" / "templates").mkdir()
    return tmp_path / "site"


@pytest.mark.parametrize(
    "name",
    [".", "..", "content", "content/kim", "content/../content/deep/er", "templates", "static/more", ".git/x", "/", "link"],
)
def test_a_folder_that_holds_or_is_a_source_is_refused(site: Path, name: str) -> None:
    (site / "link").symlink_to(site / "content")
    with pytest.raises(OutputRefused):
        refuse_forbidden(site, site / name)


@pytest.mark.parametrize("name", ["output", "new/deep/output", "../elsewhere", "content-old", ".site"])
def test_a_folder_of_its_own_is_fine(site: Path, name: str) -> None:
    refuse_forbidden(site, site / name)


def test_the_home_folder_is_refused(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with pytest.raises(OutputRefused, match="home"):
        refuse_forbidden(site, tmp_path / "home")


def test_an_unknown_home_forbids_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    refuse_forbidden(site, site / "output")


@pytest.mark.parametrize("name", ["content/a.txt", "variorum.toml"])
def test_another_site_is_refused(site: Path, tmp_path: Path, name: str) -> None:
    other = tmp_path / "other"
    (other / name).parent.mkdir(parents=True)
    (other / name).touch()
    with pytest.raises(OutputRefused, match="content of a site"):
        refuse_forbidden(site, other)


def test_a_file_is_refused(site: Path) -> None:
    (site / "output").touch()
    with pytest.raises(OutputRefused, match="not a folder"):
        refuse_forbidden(site, site / "output")


def test_a_refusal_names_the_folder_from_where_we_stand(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    with pytest.raises(OutputRefused) as refusal:
        refuse_forbidden(site, site / "content")
    assert refusal.value.diagnostic.where.path == "content/"


def test_foreign_names_are_refused_without_reading_them(tmp_path: Path) -> None:
    for index in range(12):
        (tmp_path / f"{index:02}.txt").touch(mode=0)
    with pytest.raises(OutputRefused, match=r"00\.txt, .*09\.txt and 2 more"):
        survey(tmp_path)


@pytest.mark.parametrize("name", [".gitkeep", ".gitignore", ".DS_Store", ".git/HEAD"])
def test_dotfiles_at_the_top_are_guests(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert survey(tmp_path).guests == (name.split("/", maxsplit=1)[0],)


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert survey(tmp_path / "none").ours == {}
    assert not has_site(tmp_path / "none")


def test_a_changed_file_is_told_apart_from_a_strange_one(tmp_path: Path) -> None:
    publish({"index.html": b"one", "a/b.html": b"two"}, tmp_path / "output", "1")
    (tmp_path / "output/a/b.html").write_bytes(b"mended by hand")
    standing = survey(tmp_path / "output")
    assert (set(standing.ours), set(standing.altered)) == ({"index.html"}, {"a/b.html"})
    with pytest.raises(OutputRefused, match=r"changed since it was built: a/b\.html"):
        publish({"index.html": b"one", "a/b.html": b"two"}, tmp_path / "output", "1")
    assert (tmp_path / "output/a/b.html").read_bytes() == b"mended by hand"


def test_a_changed_file_that_is_what_we_would_write_is_ours(tmp_path: Path) -> None:
    publish({"index.html": b"one"}, tmp_path / "output", "1")
    (tmp_path / "output/index.html").write_bytes(b"two")
    assert publish({"index.html": b"two"}, tmp_path / "output", "1").kept == 1
    assert survey(tmp_path / "output").altered == {}


@pytest.mark.parametrize(
    "manifest",
    [b"", b"{", b"[]", b"7", b'{"files": 3}', b'{"files": ["a"]}', b'{"files": {"index.html": 3}}', b"\xff", b"[" * 100_000],
)
def test_a_damaged_manifest_is_no_licence(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / "index.html").write_bytes(b"someone's")
    (tmp_path / MANIFEST).write_bytes(manifest)
    assert read_manifest(tmp_path).files == {}
    with pytest.raises(OutputRefused, match="cannot be read"):
        survey(tmp_path)


@pytest.mark.parametrize("kind", ["link", "fifo", "linked folder"])
def test_what_is_no_plain_file_is_foreign(tmp_path: Path, kind: str) -> None:
    publish({"index.html": b"one", "kim/index.html": b"two"}, tmp_path / "output", "1")
    place = tmp_path / "output/kim/index.html"
    place.unlink()
    match kind:
        case "link":
            place.symlink_to("../index.html")
        case "fifo":
            os.mkfifo(place)
        case _:
            place.parent.rmdir()
            place.parent.symlink_to(tmp_path)
    with pytest.raises(OutputRefused):
        survey(tmp_path / "output")


def test_a_second_build_is_told_whose_the_folder_is(tmp_path: Path) -> None:
    with locked(tmp_path / "output"), pytest.raises(OutputRefused, match=rf"process {os.getpid()}"), locked(tmp_path / "output"):
        pytest.fail("two builds at once")


def test_the_lock_is_one_for_every_name_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "link").symlink_to("output")
    with locked(tmp_path / "output"), pytest.raises(OutputRefused), locked(tmp_path / "link"):
        pytest.fail("two builds at once")


def test_the_lock_leaves_nothing_behind_and_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "output"):
            assert [path.name for path in tmp_path.iterdir()] == [".output.lock"]
        assert not list(tmp_path.iterdir())


def test_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from generator.site.claim import locked\n"
        "with locked(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "output"], check=False).returncode == -9
    assert (tmp_path / ".output.lock").exists()
    with locked(tmp_path / "output"):
        pass
    assert not (tmp_path / ".output.lock").exists()


def test_a_lock_whose_file_was_removed_by_its_last_holder_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our opening of the file and our locking of it, its holder ended and removed it."""
    path = tmp_path / ".output.lock"
    real_open, opened = os.open, []

    def opened_too_early(name: str, flags: int, mode: int = 0o777) -> int:
        descriptor = real_open(name, flags, mode)
        if not opened:
            path.unlink()
        opened.append(descriptor)
        return descriptor

    monkeypatch.setattr(os, "open", opened_too_early)
    with locked(tmp_path / "output"):
        assert len(opened) == 2
        assert path.read_text() == f"{os.getpid()}\n"


def test_where_the_folder_above_cannot_be_written_the_lock_is_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    output.mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with locked(output):
        assert [path.name for path in output.iterdir()] == [".variorum.lock"]
        assert survey(output).guests == ()


def test_a_site_with_a_page_called_content_may_be_built_again(site: Path) -> None:
    publish({"content/index.html": b"one"}, site / "output", "1")
    refuse_forbidden(site, site / "output")
    assert set(survey(site / "output").ours) == {"content/index.html"}


def test_sources_behind_a_link_are_refused_too(tmp_path: Path) -> None:
    (tmp_path / "shared/stories").mkdir(parents=True)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/content").symlink_to(tmp_path / "shared")
    with pytest.raises(OutputRefused, match="sources"):
        refuse_forbidden(tmp_path / "site", tmp_path / "shared/stories")


def test_a_link_that_leads_in_a_circle_is_refused(site: Path) -> None:
    """By us, or where Python does not mind it, by the disk."""
    (site / "output").symlink_to("output")

    def claimed() -> None:
        refuse_forbidden(site, site / "output")
        survey(site / "output")

    with pytest.raises((OutputRefused, OSError), match=r"circle|symbolic"):
        claimed()


def test_on_a_full_disk_the_lock_holds_without_a_name_and_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    for _ in range(2):
        with locked(tmp_path / "output"), pytest.raises(OutputRefused, match="process unknown"), locked(tmp_path / "output"):
            pytest.fail("two builds at once")
