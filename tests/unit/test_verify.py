"""What differs from a clean build is found, and why a page was built is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app


@pytest.fixture
def two(two: Path) -> Path:
    """The site without what costs most to make."""
    settings = two / "variorum.toml"
    settings.write_text(f"search = false\nshare_images = false\n{settings.read_text()}")
    return two


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_what_was_built_is_what_a_clean_build_makes(two: Path) -> None:
    run("build", "--site", two)
    before = {path.name for path in two.iterdir()}
    code, out, err = run("verify", "--site", two)
    assert (code, err) == (0, "")
    assert out.endswith("/, as a clean build makes them\n")
    assert {path.name for path in two.iterdir()} == before


def test_every_file_that_differs_is_named_with_its_byte(two: Path) -> None:
    run("build", "--site", two)
    page, text = two / "output/bridge/index.html", two / "output/bridge/paper.txt"
    html = page.read_bytes()
    page.write_bytes(html.replace(b"<title>", b"<titel>"))
    text.write_bytes(text.read_bytes() + b"more")
    (two / "output/ferry/first.txt").unlink()
    shutil.rmtree(two / "content/ferry")
    code, out, err = run("verify", "--site", two)
    assert code == 1
    lines = {line.partition(":")[0]: line for line in err.splitlines()}
    at = html.index(b"<title>") + 4
    assert f"byte {at:,} differs: “" in lines["output/bridge/index.html"]
    assert "<titel>" in lines["output/bridge/index.html"]
    assert "more” where a clean build has “" in lines["output/bridge/paper.txt"]
    assert "a clean build does not make this file" in lines["output/ferry/index.html"]
    assert "(delete it and build again)" in lines["output/ferry/index.html"]
    assert "differ from a clean build" in out


def test_a_missing_file_is_named_and_json_counts(two: Path) -> None:
    run("build", "--site", two)
    (two / "output/bridge/paper.txt").unlink()
    code, out, _ = run("verify", "--site", two, "--format", "json")
    found = json.loads(out)
    assert (code, found["report"]["differ"]) == (1, 1)
    assert found["diagnostics"][0]["message"] == "the file is missing"


def test_without_a_site_or_with_faulty_settings_there_is_nothing_to_compare(two: Path) -> None:
    assert run("verify", "--site", two)[0] == 1
    (two / "variorum.toml").write_text("titel = 1\n")
    assert run("verify", "--site", two)[0] == 2


def test_reasons_are_told(two: Path) -> None:
    assert "bridge/: new\n" in run("build", "--site", two, "--explain")[1]
    sidecar = two / "content/bridge/annotations.yaml"
    sidecar.write_text(sidecar.read_text().replace("three weeks", "a quarter"))
    lines = run("build", "--site", two, "--explain")[1].splitlines()
    assert lines[0] == "bridge/: annotations.yaml changed"
    assert "notes.csv: bridge changed" in lines
    assert not any(line.startswith(("ferry", "index.html", "tag/")) for line in lines)


@pytest.mark.parametrize("page", ["bridge", "bridge/", "/bridge/index.html", "bridge/notes.csv"])
def test_the_reason_of_one_page_is_told(two: Path, page: str) -> None:
    run("build", "--site", two)
    assert run("build", "--site", two, "--explain", page)[1].startswith(
        f"{page}: not built again, because nothing changed that it is made from\n"
    )
    (two / "content/bridge/paper.txt").write_text("Another text.\n")
    assert run("build", "--site", two, "--explain", page)[1].startswith(f"{page}: paper.txt changed\n")


def test_a_page_that_is_none_is_wrong_usage(two: Path) -> None:
    assert run("build", "--site", two, "--explain", "nowhere")[0] == 2
    assert run("build", "--site", two, "bridge")[0] == 2


def test_fresh_builds_everything_and_writes_nothing_that_stands(two: Path) -> None:
    run("build", "--site", two)
    code, out, _ = run("build", "--site", two, "--fresh", "--format", "json")
    report = json.loads(out)["report"]
    assert (code, report["written"]) == (0, [])
    assert {"bridge/", "ferry/", "index.html"} <= report["reasons"].keys()
