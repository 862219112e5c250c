"""The formats described for editors and for people: JSON Schemas, and a table of all fields.

In: the models of `schema`. Out: JSON Schema (draft 2020-12) as plain data, or Markdown. What pydantic derives from the models
is fitted to YAML as people write it: a text may be a bare number there, and names of witnesses are keys of a note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias

from pydantic import BaseModel

from generator.kinds import BUILT_IN_KINDS
from generator.schema import NAME, NAME_LIMIT, RESERVED, ComparisonFile, FrontMatter, PageFrontMatter, SidecarFile

DRAFT = "https://json-schema.org/draft/2020-12/schema"

USE = "Editors complete and check while you type if the first line of a file is: # yaml-language-server: $schema=%s.schema.json"
"""`%s` is the name of the format; the file is what `variorum schema <format>` prints."""

Json: TypeAlias = dict[str, Any]


class FileFormat(StrEnum):
    """A format that people write."""

    COMPARISON = "comparison"
    ANNOTATIONS = "annotations"
    FRONT_MATTER = "front-matter"
    PAGE = "page"


_MODELS: Mapping[FileFormat, type[BaseModel]] = {
    FileFormat.COMPARISON: ComparisonFile,
    FileFormat.ANNOTATIONS: SidecarFile,
    FileFormat.FRONT_MATTER: FrontMatter,
    FileFormat.PAGE: PageFrontMatter,
}

_WITNESS_KEY = f"^(?!(?:{'|'.join(sorted(RESERVED))})$){NAME.pattern}$"
"""Keys of a note that are names of witnesses: every name but the keys that a note or its evidence has anyway."""

_WITNESS = "Where it points in the witness of this name: the exact words, or a selector, or a list of these."


def json_schema(form: FileFormat) -> Json:
    """The JSON Schema of one format."""
    schema = _fitted(_MODELS[form].model_json_schema())
    for name in ("NoteEntry", "EvidenceEntry"):
        if entry := schema.get("$defs", {}).get(name):
            witness = {"description": _WITNESS, **entry.pop("additionalProperties")}
            entry |= {"patternProperties": {_WITNESS_KEY: witness}, "additionalProperties": False}
    if form is FileFormat.COMPARISON:
        witnesses = schema["properties"]["witnesses"]
        witnesses["patternProperties"] = dict.fromkeys([_WITNESS_KEY], *witnesses["patternProperties"].values())
    if form is FileFormat.ANNOTATIONS:
        _offer_kinds(schema["$defs"]["NoteEntry"]["properties"]["kind"])
    about = f"{schema.pop('description')} {USE % form.value}"
    return {"$schema": DRAFT, "title": f"Variorum: {form.value}", "description": about, **schema}


def _fitted(schema: Any) -> Any:
    """A derived schema without generated titles and null defaults, and with numbers where a text may be one."""
    if isinstance(schema, list):
        return [_fitted(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    fitted: Json = {}
    for key, value in schema.items():
        if key in {"properties", "$defs"}:
            fitted[key] = {name: _fitted(each) for name, each in value.items()}
        elif not (key == "title" or (key == "default" and value in (None, [], False))):
            fitted[key] = _fitted(value)
    if "patternProperties" in schema:
        fitted["additionalProperties"] = False
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "format", "pattern"}:
        fitted["type"] = ["string", "number"]
    return fitted


def _offer_kinds(schema: Json) -> None:
    """The known kinds for completion, and any other key, because a site may add its own."""
    kind: Json = {
        "anyOf": [
            {
                "enum": [kind.key for kind in BUILT_IN_KINDS],
                "markdownEnumDescriptions": [kind.definition for kind in BUILT_IN_KINDS],
            },
            {"type": "string", "pattern": f"^{NAME.pattern}$", "maxLength": NAME_LIMIT},
        ]
    }
    schema["anyOf"] = [kind, {"type": "array", "items": kind, "minItems": 1}]


# ------------------------------------------------------------------ the table

_SECTIONS: Mapping[FileFormat, Sequence[tuple[str, str]]] = {
    FileFormat.COMPARISON: (
        ("`comparison.yaml`", ""),
        ("A witness", "WitnessEntry"),
        ("A role", "RoleEntry"),
        ("The program that wrote a witness", "GeneratorEntry"),
    ),
    FileFormat.ANNOTATIONS: (
        ("`annotations.yaml`", ""),
        ("`defaults`", "Defaults"),
        ("An annotator", "AnnotatorEntry"),
        ("A note", "NoteEntry"),
        ("A selector: a passage", "QuoteSelector"),
        ("A selector: a gap", "GapSelector"),
        ("A selector: a place", "PositionSelector"),
        ("Evidence", "EvidenceEntry"),
        ("A line of `history`", "RevisionEntry"),
    ),
    FileFormat.FRONT_MATTER: (("Front matter", ""),),
    FileFormat.PAGE: (("Front matter of a page", ""),),
}
"""The headings of the reference, and the definition that each describes (empty: the file itself)."""


def markdown_reference(form: FileFormat) -> str:
    """All fields of a format as Markdown tables."""
    schema = json_schema(form)
    return "\n".join(
        line
        for heading, name in _SECTIONS[form]
        for line in _table(heading, schema["$defs"][name] if name else schema, is_file=not name)
    )


def _table(heading: str, schema: Json, *, is_file: bool) -> Iterator[str]:
    yield f"#### {heading}"
    yield ""
    if not is_file:
        yield schema["description"]
        yield ""
    yield "| key | value | |"
    yield "|---|---|---|"
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        yield _line(f"`{key}`{'' if key not in required else ' *'}", _value(value), value.get("description", ""))
    for value in schema.get("patternProperties", {}).values():
        yield _line("*a witness’s name*", _value(value), value["description"])
    yield ""
    if required:
        yield "\\* must be there"
        yield ""


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


_REFERENCES = {
    "QuoteSelector": "`{quote: …}`", "GapSelector": "`{before: …}`", "PositionSelector": "`{start: …, end: …}`",
    "NoteEntry": "note", "EvidenceEntry": "evidence", "RevisionEntry": "`{date: …, change: …}`", "AnnotatorEntry": "annotator",
    "Defaults": "mapping", "WitnessEntry": "witness", "RoleEntry": "`{quote: …, role: …}`", "GeneratorEntry": "`{type: …}`",
}  # fmt: skip
"""What a definition is called in the table."""

_FORMATS = {"date": "date, YYYY-MM-DD", "uri": "web address"}


def _value(schema: Json) -> str:
    """What a value can be, in words."""
    if "$ref" in schema:
        return _REFERENCES[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        forms = [each for each in options if each.get("type") != "null"]
        lists = [each for each in forms if each.get("type") == "array" and each.get("items") in forms]
        words = dict.fromkeys(_value(each) for each in forms if each not in lists)
        return f"{' or '.join(words)}{', or a list of these' if lists else ''}"
    return _simple_value(schema)


def _simple_value(schema: Json) -> str:
    kind = schema.get("type")
    if kind == "array":
        return f"list of {_value(schema['items'])}" if "items" in schema else "list"
    if kind == "object":
        inner = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
        return f"name → {_value(inner)}" if isinstance(inner, dict) else "mapping"
    if kind == "boolean":
        return "`true` or `false`"
    if kind == "integer":
        return "whole number"
    return _FORMATS.get(schema.get("format", ""), "text")


# ------------------------------------------------------------------ files for editors

SCHEMA_FOLDER = ".schema"
"""Where a site keeps the schemas that its files name in their first line."""


def schema_line(form: FileFormat) -> str:
    """What a comment in a file of content/<story>/ says, so that editors complete and check it while you type."""
    return f"yaml-language-server: $schema=../../{SCHEMA_FOLDER}/{form.value}.schema.json"


def schema_files() -> dict[str, str]:
    """The JSON Schema of each format as text, by file name."""
    return {f"{form.value}.schema.json": f"{json.dumps(json_schema(form), indent=2, ensure_ascii=False)}\n" for form in FileFormat}
