"""Every MUST of the Web Annotation Data Model (W3C Recommendation, 23 February 2017) that a document of ours could break.

`broken(data)` lists what is broken, with the section that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
DIRECTIONS = {"ltr", "rtl", "auto"}


def broken(data: Any) -> list[str]:
    """What is broken in a document: a collection, a page or an annotation."""
    kinds = types(data)
    if "AnnotationCollection" in kinds:
        return list(collection(data))
    return list(page(data, embedded=False) if "AnnotationPage" in kinds else annotation(data))


def collection(data: dict[str, Any]) -> Iterator[str]:
    """Section 5.1."""
    yield from context(data, "5.1")
    yield from identified(data, "5.1 collection")
    if "label" in data and not isinstance(data["label"], str):
        yield "5.1: a label is a string"
    if "total" in data and not is_count(data["total"]):
        yield "5.1: total is a non-negative integer"
    if data.get("total", 0) > 0:
        first = data.get("first")
        if not isinstance(first, str | dict):
            yield "5.1: a collection with annotations has exactly 1 first page"
        elif isinstance(first, dict):
            yield from page(first, embedded=True)
            if len(first.get("items", ())) != data["total"]:
                yield "5.1: total is the number of annotations"
        elif not IRI.fullmatch(first):
            yield "5.1: first is an IRI"


def page(data: dict[str, Any], *, embedded: bool) -> Iterator[str]:
    """Section 5.2."""
    if not embedded:
        yield from context(data, "5.2")
    elif "@context" in data:
        yield "5.2: an embedded page has no context (SHOULD NOT)"
    yield from identified(data, "5.2 page")
    if "AnnotationPage" not in types(data):
        yield "5.2: the class AnnotationPage"
    if "startIndex" in data and not is_count(data["startIndex"]):
        yield "5.2: startIndex is a non-negative integer"
    items = data.get("items")
    if not isinstance(items, list) or not items:
        yield "5.2: items are 1 or more annotations"
        return
    for item in items:
        yield from annotation(item)


def annotation(data: dict[str, Any]) -> Iterator[str]:
    """Sections 3.1, 3.2.5, 3.2.6, 3.3.1, 3.3.2."""
    yield from context(data, "3.1")
    yield from identified(data, "3.1 annotation")
    if "Annotation" not in types(data):
        yield "3.1: the class Annotation"
    if "bodyValue" in data and ("body" in data or not isinstance(data["bodyValue"], str)):
        yield "3.2.5: bodyValue is a single string, without a body beside it"
    targets = several(data.get("target"))
    if not targets:
        yield "3.1: 1 or more targets"
    for each in targets:
        if isinstance(each, dict) and "TextualBody" in types(each):
            yield "3.2: a target is an external resource"
        yield from resource(each, "target")
    for each in several(data.get("body")):
        yield from resource(each, "body")
    for key in ("created", "modified", "generated"):
        if key in data and not (isinstance(data[key], str) and UTC.fullmatch(data[key])):
            yield f"3.3.1: {key} is one xsd:dateTime in UTC, written with Z"
    for agent in several(data.get("creator")):
        if isinstance(agent, dict) and "id" in agent and not (isinstance(agent["id"], str) and IRI.fullmatch(agent["id"])):
            yield "3.3.2: an agent has at most 1 IRI"


def resource(data: Any, role: str) -> Iterator[str]:
    """Sections 3.2.1, 3.2.4, 4: an external resource, a textual body, or a specific resource."""
    if isinstance(data, str):
        if not IRI.fullmatch(data):
            yield f"3.2.1: a {role} is an IRI"
        return
    if "textDirection" in data and data["textDirection"] not in DIRECTIONS:
        yield "3.2.1: a text direction is one of three"
    if {"List", "Composite", "Independents", "Choice"} & set(types(data)):
        yield "3.2.7: no sets here"
    if "TextualBody" in types(data):
        if not isinstance(data.get("value"), str):
            yield "3.2.4: a textual body has exactly 1 value"
    elif "SpecificResource" in types(data):
        source = data.get("source")
        if not isinstance(source, str) or not IRI.fullmatch(source):
            yield "4: a specific resource has exactly 1 source"
        for each in several(data.get("selector")):
            yield from selector(each)
    elif not isinstance(data.get("id"), str):
        yield f"3.2.1: a {role} has exactly 1 id"


def selector(data: dict[str, Any]) -> Iterator[str]:
    """Sections 4.2.4 and 4.2.5."""
    if data.get("type") == "TextQuoteSelector":
        if not isinstance(data.get("exact"), str):
            yield "4.2.4: exactly 1 exact"
        for key in ("prefix", "suffix"):
            if key in data and not isinstance(data[key], str):
                yield f"4.2.4: not more than 1 {key}"
    elif data.get("type") == "TextPositionSelector":
        for key in ("start", "end"):
            if not is_count(data.get(key)):
                yield f"4.2.5: exactly 1 {key}, a non-negative integer"
    else:
        yield "4.2: a selector has exactly 1 type"


def context(data: dict[str, Any], section: str) -> Iterator[str]:
    """Sections 3.1, 5.1, 5.2: the context, and a single one as a string."""
    value = data.get("@context")
    if value != CONTEXT and not (isinstance(value, list) and len(value) > 1 and CONTEXT in value):
        yield f"{section}: the context"


def identified(data: dict[str, Any], what: str) -> Iterator[str]:
    """Exactly one IRI."""
    if not isinstance(data.get("id"), str) or not IRI.fullmatch(data["id"]):
        yield f"{what}: exactly 1 IRI"


def types(data: Any) -> list[str]:
    """The types of a resource."""
    return several(data.get("type")) if isinstance(data, dict) else []


def several(value: Any) -> list[Any]:
    """None, one or a list, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def is_count(value: Any) -> bool:
    """A non-negative integer."""
    return type(value) is int and value >= 0
