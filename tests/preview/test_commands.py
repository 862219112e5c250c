"""`variorum watch` and `variorum serve` in this process: what they wire together, and the lines they print."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.request import Request, urlopen

import pytest

from generator import cli, cli_preview
from generator.cli_preview import notice, preview_folder
from generator.preview.live import Shown
from tests.commands import Run

Step = Callable[[], tuple[Path, ...]]


def scripted(monkeypatch: pytest.MonkeyPatch, *steps: Step) -> None:
    """Stands for the watcher: the first set, then what each step yields, then Ctrl-C."""

    def watch(*_: object, **__: object) -> Iterator[tuple[Path, ...]]:
        yield ()
        for step in steps:
            yield step()
        raise KeyboardInterrupt

    monkeypatch.setattr(cli_preview, "watch_files", watch)


def failing(failure: Exception) -> Callable[..., object]:
    def build(*_: object) -> object:
        raise failure

    return build


def test_each_rebuild_is_one_line_that_says_why_what_and_how_long(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit() -> tuple[Path, ...]:
        (two / "content/bridge/paper.txt").write_text("Another text.\n")
        return two / "content/bridge/comparison.yaml", two / "content/bridge/paper.txt"

    def touch() -> tuple[Path, ...]:
        (two / "content/bridge/paper.txt").touch()
        return (two / "content/bridge/paper.txt",)

    scripted(monkeypatch, edit, touch)
    ran = run("watch", "--site", two)
    assert ran.code == 0
    first, edited, touched = ran.out.splitlines()
    place = re.escape(f"{two}/output/")
    assert re.fullmatch(rf"3 comparisons, 2 notes: \d+ files written to {place} in \d+\.\d\d s(; .*)?", first)
    why = r"content/bridge/comparison\.yaml and 1 more"
    assert re.fullmatch(
        rf"{why}: bridge/ \(paper\.txt changed\) and \d+ more built, \d+ files written to {place} in .* s.*", edited
    )
    assert re.fullmatch(rf"content/bridge/paper\.txt: nothing new in {place} in \d+\.\d\d s.*", touched)


def test_watching_keeps_the_good_site_and_goes_on_after_a_fault(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sidecar = two / "content/bridge/annotations.yaml"
    good = sidecar.read_text()
    pages: list[bytes] = []

    def step(text: str) -> Step:
        def change() -> tuple[Path, ...]:
            pages.append((two / "output/bridge/index.html").read_bytes())
            sidecar.write_text(text)
            return (sidecar,)

        return change

    scripted(monkeypatch, step("notes: [\n"), step(good.replace("longer", "LONGER")), step(good))
    ran = run("watch", "--site", two)
    assert ran.code == 0
    assert "content/bridge/annotations.yaml:" in ran.err
    assert re.search(
        r"^content/bridge/annotations\.yaml: nothing was written to .*/output/ in .* s; 1 error$", ran.out, re.MULTILINE
    )
    assert pages[0] == pages[1] != pages[2]
    assert b"LONGER" in pages[2]


def test_what_changed_while_nothing_could_be_published_is_built_when_it_can(
    run: Run, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings are broken, a text is edited, the settings are mended: no set holds both again."""
    settings = two / "variorum.toml"
    good = settings.read_text()

    def step(path: Path, text: str) -> Step:
        def change() -> tuple[Path, ...]:
            path.write_text(text)
            return (path,)

        return change

    scripted(
        monkeypatch, step(settings, "title ="), step(two / "content/bridge/paper.txt", "It stays open.\n"), step(settings, good)
    )
    ran = run("watch", "--site", two)
    assert ran.out.count("nothing was written") == 2
    assert b"stays open" in (two / "output/bridge/paper.txt").read_bytes()


@pytest.mark.parametrize("held_s", [0.3, 100.0])
def test_another_build_that_has_the_folder_is_waited_for_and_nothing_is_lost(
    run: Run, two: Path, monkeypatch: pytest.MonkeyPatch, held_s: float
) -> None:
    """It ends in time; or it does not, and the next build takes in what this one could not."""
    monkeypatch.setattr(cli_preview, "RETRY_S", 0.05)
    monkeypatch.setattr(cli_preview, "OTHERS_S", 0.15 if held_s > 1 else 60.0)
    text = two / "content/bridge/paper.txt"
    held: list[int] = []

    def while_locked() -> tuple[Path, ...]:
        held.append(os.open(two / ".output.lock", os.O_RDWR | os.O_CREAT))
        fcntl.flock(held[0], fcntl.LOCK_EX)
        text.write_text("It stays open.\n")
        if held_s < 1:
            threading.Timer(held_s, os.close, held).start()
        return (text,)

    def later() -> tuple[Path, ...]:
        is_built = b"stays open" in (two / "output/bridge/paper.txt").read_bytes()
        assert is_built == (held_s < 1)
        if not is_built:
            os.close(held[0])
        return (two / "content/bridge/annotations.yaml",)

    scripted(monkeypatch, while_locked, later)
    ran = run("watch", "--site", two)
    assert "another build" in ran.err
    assert b"stays open" in (two / "output/bridge/paper.txt").read_bytes()


def test_a_folder_refused_for_another_reason_is_not_waited_for(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (two / "output").mkdir()
    (two / "output/mine.txt").write_text("mine")
    monkeypatch.setattr(cli_preview, "OTHERS_S", None)
    scripted(monkeypatch)
    ran = run("watch", "--site", two)
    assert ran.err.count("mine.txt") == 1
    assert "nothing was written" in ran.out


def test_a_failure_of_the_disk_is_waited_out(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_preview, "build_site", failing(OSError(errno.EIO, "Input/output error")))
    scripted(monkeypatch, lambda: ())
    ran = run("watch", "--site", two)
    assert ran.code == 0
    assert ran.err.count("Input/output error") == 2


def test_with_debug_a_failure_ends_the_watching(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_preview, "build_site", failing(KeyError("x")))
    scripted(monkeypatch)
    monkeypatch.setattr(sys, "argv", ["variorum", "watch", "--site", str(two), "--debug"])
    with pytest.raises(KeyError):
        cli.main()


def get(url: str, **headers: str) -> str:
    with urlopen(Request(url, headers=headers), timeout=20) as response:  # noqa: S310 our own server
        return str(response.read().decode())


def test_serving_shows_drafts_under_the_sites_own_path_and_leaves_output_alone(
    run: Run, two: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []

    def look() -> tuple[Path, ...]:
        serving = capsys.readouterr().out.splitlines()[-1]
        address = serving.split()[1]
        seen.append(address)
        page = get(f"{address}bridge/")
        assert "The ferries are gone" in page
        assert "live.js" in page
        assert "live.js" not in (two / ".variorum/preview/bridge/index.html").read_text()
        assert "The ferries are gone" in get(f"{address}bridge/", Host="preview.example")
        (two / "content/bridge/comparison.yaml").write_text("title: [\n")
        return (two / "content/bridge/comparison.yaml",)

    def look_again() -> tuple[Path, ...]:
        assert "The ferries are gone" in get(f"{seen[0]}bridge/")
        return (two / "content/bridge/comparison.yaml",)

    scripted(monkeypatch, look, look_again)
    monkeypatch.setattr(cli_preview, "webbrowser", SimpleNamespace(open=seen.append))
    ran = run("serve", "--site", two, "--port", "0", "--open", "--allow-host", "other", "--allow-host", "preview.example")
    assert ran.code == 0
    assert seen[0].endswith("/news/")
    assert seen[0] == seen[1]
    assert not (two / "output").exists()
    assert "content/bridge/comparison.yaml:" in ran.err
    assert (two / ".variorum/.gitignore").read_text() == "*\n"


def test_without_drafts_none_is_shown(
    run: Run, two: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def look() -> tuple[Path, ...]:
        address = capsys.readouterr().out.splitlines()[-1].split()[1]
        assert "The ferries are gone" not in get(f"{address}bridge/")
        return ()

    scripted(monkeypatch, look)
    assert run("serve", "--site", two, "--port", "0", "--no-drafts").code == 0


def test_a_taken_port_is_said(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def elsewhere(*_: object) -> Iterator[str]:
        yield "http://localhost:8001"

    scripted(monkeypatch)
    monkeypatch.setattr(cli_preview, "serving", elsewhere)
    ran = run("serve", "--site", two)
    assert "port 8000 is taken\n" in ran.err
    assert "Serving http://localhost:8001/news/ (Ctrl-C ends it)\n" in ran.out


def test_serving_on_a_host_that_is_not_here_is_one_line(run: Run, two: Path) -> None:
    ran = run("serve", "--site", two, "--host", "192.0.2.1")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_two_previews_of_one_site_have_a_folder_each(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with preview_folder(two) as first:
        with preview_folder(two) as second, preview_folder(two) as third:
            assert len({first, second, third}) == 3
            assert {folder.parent for folder in (first, second, third)} == {two / ".variorum"}
        said = capsys.readouterr().err
        assert "this site is being served already" in said
        assert ".variorum/preview-2/" in said
    with preview_folder(two) as again:
        assert again == first
    assert capsys.readouterr().err == ""


def test_where_the_sites_folder_cannot_be_written_the_preview_is_built_elsewhere(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (two / ".variorum").write_text("in the way")
    with preview_folder(two) as folder:
        assert two not in folder.parents
        folder.mkdir()
    assert not folder.parent.exists()
    assert "the preview is built elsewhere" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["name:8000", "http://name", "name/path", "a@b", "[::1", ""])
def test_a_further_host_is_a_name_and_no_more(run: Run, two: Path, name: str) -> None:
    ran = run("serve", "--site", two, "--port", "0", "--allow-host", name)
    assert (ran.code, f"{name!r} is not the name of a host" in " ".join(ran.err.split())) == (2, True)


def test_a_site_below_an_address_with_other_letters_is_served_there(two: Path) -> None:
    (two / "variorum.toml").write_text('base_url = "https://example.org/zeitungs%20schau/"\n')
    assert notice(two, None, is_first=False).prefix == "/zeitungs schau/"


def test_a_failure_without_a_report_is_told_too(two: Path) -> None:
    told = notice(two, None, is_first=False)
    assert told.faults == (Shown("", "the build failed; the terminal says why"),)
    assert told.prefix == "/news/"
    assert told.changed == ()
