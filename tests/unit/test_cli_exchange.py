"""The commands export, import annotations and schema, as people run them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from generator.cli import app
from generator.site.export import ExportFormat
from tests.stories import ROOT, SEED

BRIDGE = "harbour-bridge-vote"
FOREIGN = {
    "type": "Annotation",
    "bodyValue": "Why?",
    "target": {"source": "https://x.org/", "selector": {"type": "TextQuoteSelector", "exact": "seemed to confirm"}},
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_notes_go_to_stdout_as_csv(site: Path) -> None:
    result = run("export", SEED, "--format", "csv", "--site", site)
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert {row["story"] for row in rows} == {SEED}


@pytest.mark.parametrize("form", ExportFormat)
def test_every_format_goes_into_a_file_and_is_the_same_again(form: ExportFormat, site: Path) -> None:
    first, second = site / "first", site / "second"
    for target in (first, second):
        assert run("export", f"content/{BRIDGE}/", "--format", form, "--output", target, "--site", site).exit_code == 0
    assert first.read_bytes() == second.read_bytes() != b""


def test_one_pair_can_be_chosen(site: Path) -> None:
    arguments = ("export", BRIDGE, "--site", site, "--format", "json")
    assert len(json.loads(run(*arguments).stdout)) == 2
    one = json.loads(run(*arguments, "--pair", "first", "updated").stdout)
    assert [one["witnesses"][side]["name"] for side in "ab"] == ["first", "updated"]
    result = run(*arguments, "--pair", "first", "corrected")
    assert result.exit_code == 2
    assert "first updated" in result.stderr


def test_an_unknown_story_is_refused_with_the_nearest_name(site: Path) -> None:
    result = run("export", "harbour-bridge-votes", "--format", "csv", "--site", site)
    assert result.exit_code == 2
    assert BRIDGE in result.stderr.replace("\n", "")
    shutil.rmtree(site / "content")
    (site / "content").mkdir()
    assert "content/ has no comparison" in run("export", "x", "--format", "csv", "--site", site).stderr.replace("\n", " ")


def test_a_story_that_cannot_be_read_is_told_and_not_exported(site: Path) -> None:
    (site / "content" / BRIDGE / "first.md").unlink()
    result = run("export", BRIDGE, "--format", "csv", "--site", site)
    assert result.exit_code == 1
    assert "mend its errors first" in result.stderr
    assert result.stdout == ""


def test_settings_in_error_stop_everything(site: Path) -> None:
    (site / "variorum.toml").write_text("language = 3\n", encoding="utf-8")
    file = site / "foreign.jsonld"
    file.write_text(json.dumps(FOREIGN), encoding="utf-8")
    for arguments in (("export", SEED, "--format", "csv"), ("import", "annotations", file, SEED), ("suggest", SEED)):
        result = run(*arguments, "--site", site)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("variorum.toml:1:1: error: ")
    assert not list((site / "content" / SEED).glob("annotations.?*.yaml"))


def test_an_import_into_a_faulty_story_ends_as_a_faulty_one(site: Path) -> None:
    file = site / "foreign.jsonld"
    file.write_text(json.dumps(FOREIGN), encoding="utf-8")
    (site / "content" / SEED / "annotations.yaml").write_text("notes: [{id: x}]\n", encoding="utf-8")
    assert run("import", "annotations", file, SEED, "--site", site).exit_code == 1


def test_faults_of_notes_are_told_and_the_rest_is_exported(site: Path) -> None:
    sidecar = site / "content" / BRIDGE / "annotations.yaml"
    sidecar.write_text(sidecar.read_text(encoding="utf-8").replace("severity: major", "severity: grave", 1), encoding="utf-8")
    result = run("export", BRIDGE, "--format", "csv", "--site", site)
    assert result.exit_code == 1
    assert "grave" in result.stderr
    assert result.stdout.startswith('"story"')


def test_what_was_exported_is_imported_into_a_new_file(site: Path) -> None:
    file = site / "notes.jsonld"
    assert run("export", SEED, "--format", "jsonld", "--output", file, "--site", site).exit_code == 0
    old = site / "content" / SEED / "annotations.yaml"
    count = old.read_text(encoding="utf-8").count("- id:")
    old.unlink()
    result = run("import", "annotations", file, SEED, "--site", site)
    assert result.exit_code == 0, result.output
    assert f"{count} notes written to" in result.stdout
    assert run("check", "--site", site, "--strict").exit_code == 0


def test_a_note_from_elsewhere_is_told_and_written(site: Path) -> None:
    file = site / "foreign.jsonld"
    file.write_text(json.dumps([FOREIGN, FOREIGN | {"target": "https://x.org/"}]), encoding="utf-8")
    target = site / "new.yaml"
    result = run("import", "annotations", file, SEED, "--output", target, "--site", site)
    assert result.exit_code == 1
    assert "points at no witness" in result.stderr
    assert "1 note written" in result.stdout.replace("\n", "")
    assert 'rewrite: "seemed to confirm"' in target.read_text(encoding="utf-8")


def test_no_file_is_ever_overwritten(site: Path) -> None:
    file = site / "foreign.jsonld"
    file.write_text(json.dumps(FOREIGN), encoding="utf-8")
    before = (site / "content" / SEED / "annotations.yaml").read_bytes()
    result = run("import", "annotations", file, SEED, "--site", site, "--output", site / "content" / SEED / "annotations.yaml")
    assert result.exit_code == 2
    assert "not overwritten" in result.stderr.replace("\n", " ").replace("│", "")
    assert (site / "content" / SEED / "annotations.yaml").read_bytes() == before
    (site / "link").symlink_to(site / "nowhere")
    assert run("import", "annotations", file, SEED, "--site", site, "--output", site / "link").exit_code == 2
    assert not (site / "nowhere").exists()


@pytest.mark.parametrize("content", ["", "{}", '{"a": 1, "a": 2}'])
def test_a_file_that_cannot_be_imported_leaves_nothing(content: str, site: Path) -> None:
    file = site / "bad.jsonld"
    file.write_text(content, encoding="utf-8")
    result = run("import", "annotations", file, SEED, "--site", site)
    assert result.exit_code == 2
    assert "error" in result.stderr
    assert not (site / "content" / SEED / "annotations.imported.yaml").exists()


def test_a_file_that_is_not_there_is_one_line(site: Path) -> None:
    result = run("import", "annotations", site / "missing.jsonld", SEED, "--site", site)
    assert result.exit_code == 2
    assert "missing.jsonld" in result.stderr


@pytest.mark.parametrize("form", ["comparison", "annotations", "front-matter", "page"])
def test_the_schema_is_printed(form: str) -> None:
    result = run("schema", form)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == f"Variorum: {form}"


def test_the_reference_is_printed() -> None:
    assert run("schema", "--markdown").stdout.startswith("#### `annotations.yaml`\n\n| key |")
