"""Where the keys of a TOML file stand; tomllib reads values and keeps no places.

In: text that tomllib has read without complaint. Out: for each key, table header and item of a list, its way into the data
and its place. What a key means, or holds, is not read here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_HEADER = re.compile(r"""(\[\[?)((?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\n\[\]"'])+)\]\]?""")
_KEY = re.compile(r"""((?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_.\- \t])+?)[ \t]*=[ \t]*""")
_SCALAR = re.compile(
    r"""\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^,\]}\n#]+""",
    re.DOTALL,
)

Loc = tuple[str | int, ...]


def key_places(text: str) -> dict[Loc, int]:
    """Where each key, header and item of a list begins (code points), by the way to it; items are counted from 0."""
    places: dict[Loc, int] = {}
    counts: dict[Loc, int] = {}
    table: Loc = ()
    at = _after_blank(text, 0)
    while at < len(text):
        header = _HEADER.match(text, at)
        if header is not None:
            table = _numbered(_names(header[2]), counts, is_new=header[1] == "[[")
            places.setdefault(table, at)
            at = header.end()
        else:
            at = _pair(text, at, table, places)
        at = _after_blank(text, at)
    return places


def nearest_place(places: Mapping[Loc, int], loc: Sequence[str | int]) -> int:
    """The place of the key at `loc`, or of the nearest one around it."""
    return next((places[way] for length in range(len(loc), 0, -1) if (way := tuple(loc[:length])) in places), 0)


def _after_blank(text: str, at: int) -> int:
    """Past white space, line breaks and comments."""
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _pair(text: str, at: int, table: Loc, places: dict[Loc, int]) -> int:
    """Past a key and its value; notes where they stand."""
    key = _KEY.match(text, at)
    if key is None:
        return len(text)
    loc = (*table, *_names(key[1]))
    places[loc] = at
    return _value(text, key.end(), loc, places)


def _value(text: str, at: int, loc: Loc, places: dict[Loc, int]) -> int:
    """Past a value; notes where the keys and items inside it stand."""
    closing = {"[": "]", "{": "}"}.get(text[at : at + 1])
    if closing is None:
        scalar = _SCALAR.match(text, at)
        return scalar.end() if scalar else at + 1
    at, index = _after_blank(text, at + 1), 0
    while at < len(text) and text[at] != closing:
        if closing == "}":
            at = _pair(text, at, loc, places)
        else:
            places[*loc, index] = at
            at = _value(text, at, (*loc, index), places)
            index += 1
        at = _after_blank(text, at)
        if text[at : at + 1] == ",":
            at = _after_blank(text, at + 1)
    return at + 1


def _names(dotted: str) -> tuple[str, ...]:
    """The parts of a dotted key; tomllib unquotes them."""
    data: Any = tomllib.loads(f"{dotted} = 0")
    names: list[str] = []
    while isinstance(data, dict):
        ((name, data),) = data.items()
        names.append(name)
    return tuple(names)


def _numbered(names: tuple[str, ...], counts: dict[Loc, int], *, is_new: bool) -> Loc:
    """The way to a table; a step into a list of tables is followed by the number of its last one."""
    way: Loc = ()
    for index, name in enumerate(names):
        way = (*way, name)
        if is_new and index == len(names) - 1:
            counts[way] = counts.get(way, -1) + 1
        if way in counts:
            way = (*way, counts[way])
    return way
