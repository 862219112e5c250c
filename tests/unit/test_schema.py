"""Faulty input of every kind, and exactly what is said of it; and the schema itself."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from generator.config import ConfigFile
from generator.reading.validation import known_keys, type_name, validate
from generator.schema import RESERVED, ComparisonFile, FrontMatter, NoteEntry, PageFrontMatter, SidecarFile
from tests.sitefiles import cases, diagnostics, write_cases, write_site
from tests.stories import ROOT

CASE_FILES = sorted((ROOT / "tests" / "cases" / "sources").glob("*.txt"))
SITES = sorted((ROOT / "tests" / "sites_invalid").glob("*/expected.txt"))


def test_there_are_cases() -> None:
    assert CASE_FILES
    assert SITES


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_each_faulty_input_says_where_and_what(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = cases(path)
    assert len({case.title for case in found}) == len(found) > 0
    actual = []
    for number, case in enumerate(found):
        root = tmp_path / str(number)
        write_site(root, case.files)
        actual.append(case._replace(expected=diagnostics(root)))
    if request.config.getoption("--update"):
        write_cases(path, actual)
    assert actual == cases(path)
    for case in actual:
        assert "error:" in case.expected or "warning:" in case.expected, case.title
        for line in case.expected.splitlines():
            assert len(line) < 500
            assert line.isprintable()


@pytest.mark.parametrize("expected", SITES, ids=lambda path: path.parent.name)
def test_each_invalid_site_says_where_and_what(expected: Path, request: pytest.FixtureRequest) -> None:
    actual = diagnostics(expected.parent)
    if request.config.getoption("--update"):
        expected.write_text(f"{actual}\n", encoding="utf-8")
    assert actual == expected.read_text(encoding="utf-8").removesuffix("\n")


@pytest.mark.parametrize("model", [ComparisonFile, SidecarFile, FrontMatter, PageFrontMatter, ConfigFile])
def test_every_key_is_described_for_the_published_schema(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    for definition in (schema, *schema.get("$defs", {}).values()):
        assert definition["description"]
        for name, field in definition.get("properties", {}).items():
            assert field.get("description"), f"{definition['title']}.{name}"


def test_the_schema_of_a_note_knows_its_forms() -> None:
    schema = SidecarFile.model_json_schema()["$defs"]["NoteEntry"]
    assert schema["required"] == ["id", "kind", "severity", "title"]
    assert {option["type"] for option in schema["properties"]["kind"]["anyOf"]} == {"string", "array"}
    assert schema["additionalProperties"]


def test_keys_of_notes_and_evidence_are_reserved() -> None:
    assert {"id", "kind", "note", "see", "why", "url", "accessed"} <= RESERVED
    assert not RESERVED & {"original", "rewrite"}


def test_known_keys_are_those_of_every_form_a_value_may_have() -> None:
    assert known_keys(SidecarFile, ()) == ("annotators", "defaults", "notes")
    assert set(known_keys(SidecarFile, ("notes", "anything"))) == {
        "quote", "within", "nth", "all", "prefix", "suffix", "before", "after", "start", "end",
    }  # fmt: skip
    assert known_keys(ComparisonFile, ("witnesses", "a", "generator")) == ("type",)


def test_values_are_called_as_people_call_them() -> None:
    names = [type_name(value) for value in (None, "x", True, 5, 0.5, {}, [], (), b"x")]
    assert names == ["empty", "text", "true or false", "a whole number", "a number", "a mapping", "a list", "a list", "bytes"]


def test_faults_without_words_of_ours_keep_pydantics() -> None:
    data = {"id": "a", "kind": "number", "severity": "minor", "title": "t", "a": {"quote": "x", "nth": "9" * 5000}}
    _, found = validate(NoteEntry, data)
    assert [each.fault.message for each in found] == ["'nth': unable to parse input string as an integer, exceeded maximum size"]
