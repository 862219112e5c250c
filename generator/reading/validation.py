"""What pydantic says of data, in our words.

In: a model, plain data, and where things stand (the caller knows). Out: the validated model or None, and faults, each with
its way into the data (`loc`) and whether its key or its value is at fault. Unknown keys get the nearest known name. This
module knows no format and no file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple, NoReturn, TypeVar, get_args, get_type_hints

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from generator.reading.formats import Fault, shown

M = TypeVar("M", bound=BaseModel)

CUSTOM = "fault"
"""The type of the errors that our own checks raise."""

FAULTS_KEPT = 1000
"""How many faults of one mapping are looked at; a file of 1 MB can hold a million, at 20 µs each."""

_NEEDED = {
    "string_type": "text",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "union_tag_not_found": "a quotation, or a mapping with quote, before, after, or start and end",
}


class Found(NamedTuple):
    """A fault in data: the way to it, whether the key itself is at fault, and what is wrong."""

    loc: tuple[str | int, ...]
    of_key: bool
    fault: Fault


def validate(model: type[M], data: object, kept: int = FAULTS_KEPT) -> tuple[M | None, tuple[Found, ...]]:
    """`data` as `model`, or the faults that keep it from being one: `kept` at most, and one that counts the rest."""
    try:
        return model.model_validate(data), ()
    except ValidationError as problem:
        details = problem.errors(include_url=False)[:kept] if kept > 0 else ()
        found = tuple(_found(model, each) for each in details)
        rest = problem.error_count() - len(found)
        return None, (*found, Found((), of_key=False, fault=Fault("more faults", stands_for=rest))) if rest else found


def refuse(fault: Fault) -> NoReturn:
    """Raises a fault inside a validator."""
    raise PydanticCustomError(CUSTOM, "{message}", {"message": fault.message, "hint": fault.hint})


def checked(check: Callable[[str], Fault | None]) -> AfterValidator:
    """A check of a single text as a pydantic validator."""

    def validator(value: str) -> str:
        fault = check(value)
        if fault is not None:
            refuse(fault)
        return value

    return AfterValidator(validator)


def type_name(value: object) -> str:
    """What a value is, as people call it."""
    if value is None:
        return "empty"
    for kinds, name in (
        (str, "text"),
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number"),
        (Mapping, "a mapping"),
        (list | tuple, "a list"),
        (dt.date | dt.time, "a date"),
    ):
        if isinstance(value, kinds):
            return name
    return type(value).__name__


@cache
def known_keys(model: type[BaseModel], loc: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of the mapping that `loc`, without its indices, leads to; those of every form it may have."""
    models = {model}
    for step in loc:
        below = {found for known in models for found in _below(known, step)}
        models = below or models
    return tuple(dict.fromkeys(name for known in models for name in known.model_fields))


def _below(model: type[BaseModel], step: str) -> Iterator[type[BaseModel]]:
    """The models inside the field called `step`, or inside the keys that a model leaves open."""
    field = model.model_fields.get(step)
    if field is not None:
        yield from _models(field.annotation)
    elif model.model_config.get("extra") == "allow":
        yield from _models(get_type_hints(model, include_extras=True)["__pydantic_extra__"])


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models that a type mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _found(model: type[BaseModel], details: ErrorDetails) -> Found:
    """One of pydantic's errors as ours."""
    loc, kind = details["loc"], details["type"]
    if kind == "extra_forbidden":
        name = str(loc[-1])
        known = known_keys(model, tuple(step for step in loc[:-1] if isinstance(step, str)))
        return Found(loc, of_key=True, fault=Fault(f"unknown key {shown(name)}", name=name, known=known))
    return Found(loc, of_key=loc[-1:] == ("[key]",), fault=_fault(details, kind))


def _fault(details: ErrorDetails, kind: str) -> Fault:
    """What one of pydantic's errors means for the person who wrote the data."""
    loc, value, context = details["loc"], details["input"], details.get("ctx", {})
    name = next((step for step in reversed(loc) if isinstance(step, str) and step[:1] not in "<["), "")
    subject = f"an item of {name!r}" if name and isinstance(loc[-1], int) else repr(name) if name else "this"
    if kind == CUSTOM:
        return Fault(str(context["message"]), str(context["hint"]))
    if kind == "missing":
        return Fault(f"{subject} is missing")
    if value is None or kind == "string_too_short":
        return Fault(f"{subject} is empty", "write a value or delete the key")
    if kind == "literal_error":
        known = [text for text in str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ") if text]
        return Fault(f"{subject} cannot be {shown(str(value))}", name=str(value), known=tuple(known))
    needed = f"{context['ge']} or more" if kind == "greater_than_equal" else _NEEDED.get(kind)
    if needed:
        found = shown(value) if isinstance(value, str) and needed != "text" else type_name(value)
        return Fault(f"{subject} must be {needed}, not {found}")
    return Fault(f"{subject}: {details['msg'][:1].lower()}{details['msg'][1:]}")
