"""JSON Schemas and the reference: the examples satisfy them, faults do not, and every field is described."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from generator import schema as schema_module
from generator.kinds import BUILT_IN_KINDS
from generator.reference import FileFormat, json_schema, markdown_reference
from generator.sources import story_folders
from tests.stories import ROOT

CONTENT = [folder / name for folder in story_folders(ROOT) for name in ("comparison.yaml", "annotations.yaml")]
NOTE = {"id": "one", "kind": "number", "severity": "major", "title": "T", "original": "words"}


class Yaml12(yaml.SafeLoader):
    """Scalars as YAML 1.2 and the editors read them: a date is text."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def faults(form: FileFormat, data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(json_schema(form)).iter_errors(data)]


@pytest.mark.parametrize("form", FileFormat)
def test_a_schema_is_one_of_draft_2020_12(form: FileFormat) -> None:
    schema = json_schema(form)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert f"# yaml-language-server: $schema={form.value}.schema.json" in schema["description"]


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_examples_satisfy_their_schemas(path: Path) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=Yaml12)  # noqa: S506 it is a safe loader
    assert faults(FileFormat(path.stem), data) == []


@pytest.mark.parametrize(
    "more",
    [
        {"rewrite": ["words", {"quote": "x", "nth": 2}, {"before": "y"}, {"start": 1, "end": 2}]},
        {"kind": ["number", "my-own"], "title": 1984},
        {"evidence": [{"original": "x", "why": "y"}, {"url": "https://e.org/", "title": "t", "accessed": "2025-01-01"}]},
        {"see": "two", "history": [{"date": "2025-01-01", "change": "x"}], "direction": "higher", "status": None},
    ],
)
def test_a_sound_note_satisfies_the_schema(more: dict[str, Any]) -> None:
    assert faults(FileFormat.ANNOTATIONS, {"notes": [NOTE | more]}) == []


@pytest.mark.parametrize(
    "more",
    [
        {"severity": "grave"},
        {"kind": "Not A Kind"},
        {"kind": []},
        {"Original": "words"},
        {"original": {"quote": "x", "nht": 2}},
        {"original": {"quote": "x", "nth": 0}},
        {"original": 7.5, "id": "Not An Id"},
        {"evidence": [{"Why": "x"}]},
        {"history": [{"date": "2025-01-01"}]},
        {"direction": "sideways"},
    ],
)
def test_a_faulty_note_does_not(more: dict[str, Any]) -> None:
    assert faults(FileFormat.ANNOTATIONS, {"notes": [NOTE | more]})


@pytest.mark.parametrize("key", ["id", "kind", "severity", "title"])
def test_what_a_note_must_have_is_asked_for(key: str) -> None:
    assert faults(FileFormat.ANNOTATIONS, {"notes": [{name: value for name, value in NOTE.items() if name != key}]})


@pytest.mark.parametrize("name", ["title", "Two", "kind", "why", "2nd"])
def test_a_name_that_no_witness_can_have_is_refused(name: str) -> None:
    witnesses = {"first": {"file": "a.txt"}, name: {"file": "b.txt"}}
    assert faults(FileFormat.COMPARISON, {"title": "T", "witnesses": witnesses})


@pytest.mark.parametrize("file", ["../a.txt", "a.pdf", ".a.txt"])
def test_a_file_that_is_no_witness_is_refused(file: str) -> None:
    assert faults(FileFormat.COMPARISON, {"title": "T", "witnesses": {"one": {"file": file}, "two": {"file": "b.md"}}})
    assert not faults(FileFormat.COMPARISON, {"title": "T", "witnesses": {"one": {"file": "a.txt"}, "two": {"file": "b.md"}}})


def test_the_known_kinds_are_offered_with_their_definitions() -> None:
    kind = json_schema(FileFormat.ANNOTATIONS)["$defs"]["NoteEntry"]["properties"]["kind"]["anyOf"][0]["anyOf"][0]
    assert kind["enum"] == [kind.key for kind in BUILT_IN_KINDS]
    assert kind["markdownEnumDescriptions"][0] == BUILT_IN_KINDS[0].definition


def models() -> list[type[BaseModel]]:
    found = [each for each in vars(schema_module).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    return [model for model in found if model.model_fields and model.__module__ == schema_module.__name__]


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_field_is_described_and_stands_in_the_reference(model: type[BaseModel]) -> None:
    reference = "".join(markdown_reference(form) for form in FileFormat)
    for name, field in model.model_fields.items():
        assert field.description
        assert f"| `{name}`" in reference
        assert field.description.replace("|", "\\|") in reference


def test_the_reference_says_what_a_value_can_be() -> None:
    lines = markdown_reference(FileFormat.ANNOTATIONS).splitlines()
    assert "| `url` | web address | A page about them. |" in lines
    assert "| `nth` | whole number | Which match is meant, from 1. |" in lines
    assert "| `all` | `true` or `false` | Whether every match is meant. |" in lines
    assert "| `see` | text, or a list of these | Ids of related notes. |" in lines
    assert "| `annotators` | name → annotator | Who wrote the notes, by key. |" in lines
    assert any(line.startswith("| *a witness’s name* | text or `{quote: …}` or") for line in lines)
    assert any(line.startswith("| `id` * | text |") for line in lines)


def test_readme_holds_the_reference_as_the_models_give_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, begun, rest = readme.partition("<!-- reference -->\n")
    held, ended, _ = rest.partition("\n<!-- /reference -->")
    assert begun
    assert ended
    assert held == "\n\n".join(markdown_reference(form).strip() for form in FileFormat)
