"""`variorum watch` and `variorum serve` as people run them: processes, signals, saves, bursts."""

from __future__ import annotations

import http.client
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from generator.site.build import Options, build
from generator.site.manifest import MANIFEST
from generator.site.program import default_templates
from tests.files import tree
from tests.preview.processes import running
from tests.preview.watching import WAYS, gedit

QUIET_S = 0.5
"""Much longer than the debounce: what has not been built by then is not built."""


def clean_build(root: Path, folder: Path) -> dict[str, bytes]:
    """The site as it comes from nothing."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("output", ".variorum"))
    build(folder, folder / "output", Options(is_searchable=False))
    return tree(folder / "output", MANIFEST)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_shows_each_save_and_ends_at_once_with_pages_open(two: Path, number: signal.Signals) -> None:
    with running("serve", "--site", two, "--port", "0") as serve:
        address = serve.line_with("Serving").split()[1]
        host, port = address.removeprefix("http://").removesuffix("/news/").split(":")
        with (
            urlopen(f"http://{host}:{port}/__variorum__/events", timeout=20) as stream,
            socket.create_connection((host, int(port))) as half_open,
            socket.create_connection((host, int(port))),
        ):
            half_open.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            kept = http.client.HTTPConnection(host, int(port), timeout=20)
            kept.request("GET", "/news/")
            kept.getresponse().read()
            sidecar = two / "content/bridge/annotations.yaml"
            sidecar.write_text(sidecar.read_text().replace("*longer*", "*much longer*"))
            told = [stream.readline() for _ in range(8)]
            assert sum(line.startswith(b"data:") for line in told) == 2
            assert b'"bridge/index.html"' in told[-2]
            with urlopen(f"{address}bridge/", timeout=20) as page:  # noqa: S310 our own server
                assert b"much longer" in page.read()
            assert serve.end(number) == 0
            kept.close()
    assert not (two / "output").exists()
    assert {path.name for path in (two / ".variorum").iterdir() if not path.name.startswith("cache-")} == {
        ".gitignore", "preview", "preview.used",
    }  # fmt: skip


def test_the_second_start_finds_what_the_first_one_built(two: Path) -> None:
    for words in ("files written to", "nothing new in"):
        with running("serve", "--site", two, "--port", "0") as serve:
            assert words in serve.line_with("3 comparisons, 3 notes: ")
            serve.line_with("Serving")
            assert serve.end(signal.SIGINT) == 0


def test_the_first_build_may_fail_and_be_mended(two: Path) -> None:
    settings = two / "variorum.toml"
    good = settings.read_text()
    settings.write_text("title = \n")
    with running("serve", "--site", two, "--port", "0") as serve:
        serve.line_with("variorum.toml:1:")
        address = serve.line_with("Serving").split()[1]
        connection = http.client.HTTPConnection(address.split("/")[2], timeout=20)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 503
        assert b"could not be built yet" in answer.read()
        connection.request("GET", "/__variorum__/notice")
        assert b'"before": "title = "' in connection.getresponse().read()
        gedit(settings, good)  # in one step: half-written settings would be built too, without their address
        serve.line_with("variorum.toml: ")
        connection.request("GET", "/news/bridge/")
        assert connection.getresponse().status == 200
        connection.close()
        assert serve.end(signal.SIGINT) == 0


def test_each_way_of_saving_is_one_rebuild_and_reading_is_none(two: Path) -> None:
    text = two / "content/bridge/paper.txt"
    with running("watch", "--site", two) as watch:
        watch.line_with("files written to")
        for number, save in enumerate(WAYS):
            save(text, f"The bridge stays open for {number + 15} weeks.\n")
            watch.line_with("content/bridge/paper.txt: ")
        assert watch.lines_until_quiet(QUIET_S) == []
        rebuilds = [line.partition(" ")[0] for line in watch.said if "/output/ in " in line]
        assert rebuilds == ["3", *["content/bridge/paper.txt:"] * len(WAYS)]
        for _ in range(3000):
            for path in (text, two / "variorum.toml", *(two / "content").rglob("*.yaml")):
                path.read_bytes()
            list((two / "content").iterdir())
        assert watch.lines_until_quiet(2 * QUIET_S) == []
        assert watch.end(signal.SIGINT) == 0
    assert tree(two / "output", MANIFEST) == clean_build(two, two.parent / "clean")


def test_content_deleted_and_restored_is_noticed_and_the_site_stands_meanwhile(two: Path) -> None:
    away = two / "away"
    with running("watch", "--site", two) as watch:
        watch.line_with("files written to")
        before = tree(two / "output", MANIFEST)
        (two / "content").rename(away)
        watch.line_with("nothing was written to")
        assert tree(two / "output", MANIFEST) == before
        shutil.copytree(away, two / "content")
        watch.line_with("more: ")
        shutil.rmtree(two / "content")
        watch.line_with("nothing was written to")
        away.rename(two / "content")
        (two / "content/bridge/paper.txt").write_text("It stays open.\n")
        while b"stays open" not in (two / "output/bridge/paper.txt").read_bytes():
            watch.line_with(" written to ")
        assert watch.end(signal.SIGINT) == 0
    assert tree(two / "output", MANIFEST) == clean_build(two, two.parent / "clean")


def test_without_events_enough_for_all_folders_it_says_which_setting_to_raise_and_polls(two: Path) -> None:
    limit = ("unshare", "--user", "--map-root-user", "sh", "-c", 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh")
    if subprocess.run([*limit, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no user namespaces here, in which to lower the limit")
    with running("watch", "--site", two, prefix=limit) as watch:
        assert "raise fs.inotify.max_user_watches with sysctl" in watch.line_with("no file events here")
        watch.line_with("files written to")
        (two / "content/bridge/paper.txt").write_text("It stays open.\n")
        watch.line_with("content/bridge/paper.txt: ")
        assert watch.end(signal.SIGINT) == 0


# ------------------------------------------------------------------ bursts

BURST = """
import sys
from pathlib import Path
folder, number, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for index in range(count):
    place = folder / f"attic-{index // 100}"
    if index % 100 == 0:
        place.mkdir(exist_ok=True)
    draft = place / f".{index}"
    draft.write_text(number)
    draft.replace(place / f"{index}.txt")
for story in ("bridge", "harbour"):
    (folder / story).mkdir(exist_ok=True)
    for name in ("comparison.yaml", "agency.txt", "paper.txt"):
        (folder / story / name).write_text((folder / "bridge" / name).read_text())
    (folder / story / "paper.txt").write_text(f"The bridge closes for {number} weeks.\\n")
"""


def bursts(root: Path, count: int, times: int) -> list[float]:
    """Change very many files several times while somebody watches; the memory after each time, in megabytes."""
    held = []
    with running("watch", "--site", root, limit_s=600) as watch:
        watch.line_with("files written to")
        for number in range(times):
            subprocess.run([sys.executable, "-c", BURST, root / "content", str(number + 20), str(count)], check=True)
            expected = f"closes for {number + 20} weeks".encode()
            while not is_built(root, expected):
                watch.line_with(" in ")
            held.append(watch.memory_mb)
        watch.lines_until_quiet(4.0)
        assert watch.end(signal.SIGINT) == 0
    return held


def is_built(root: Path, words: bytes) -> bool:
    """Whether both stories of a burst say what they should."""
    texts = [root / "output" / story / "paper.txt" for story in ("bridge", "harbour")]
    return all(text.exists() and words in text.read_bytes() for text in texts)


def burst_site(root: Path) -> Path:
    """A site of one story, whose files have the names that a burst writes, and with templates of its own."""
    shutil.copytree(default_templates(), root / "templates")
    story = root / "content/bridge"
    story.mkdir(parents=True)
    (story / "comparison.yaml").write_text(
        "title: The bridge\nwitnesses:\n  agency: {file: agency.txt, label: Agency}\n  paper: {file: paper.txt, label: Paper}\n"
    )
    (story / "agency.txt").write_text("The bridge closes for 12 weeks.\n")
    (story / "paper.txt").write_text("The bridge closes for 15 weeks.\n")
    return root


def test_after_bursts_of_changes_the_site_is_what_a_clean_build_gives(tmp_path: Path) -> None:
    root = burst_site(tmp_path / "site")
    bursts(root, 2_000, 2)
    assert tree(root / "output", MANIFEST) == clean_build(root, tmp_path / "clean")


@pytest.mark.long
def test_after_five_bursts_of_forty_thousand_the_site_is_right_and_the_memory_flat(tmp_path: Path) -> None:
    root = burst_site(tmp_path / "site")
    held = bursts(root, 40_000, 5)
    assert tree(root / "output", MANIFEST) == clean_build(root, tmp_path / "clean")
    assert max(held[1:]) < 1.25 * held[0]
