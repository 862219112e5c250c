"""JSON from elsewhere to plain data, within bounds.

In: bytes that nobody vouches for. Out: data, or the fault that keeps it from being read. Refused are what is not UTF-8, too
large or nested too deep, the numbers that JSON does not have (NaN, Infinity), and a key that stands twice in one object, of
which most readers would silently take the last. Characters that no text of ours may hold become U+FFFD, and are counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from generator.errors import Diagnostic, Where, error
from generator.reading.files import text_file
from generator.reading.formats import CONTROL, Fault, shown

JSON_LIMIT = 16 * 1024 * 1024
"""Largest file in bytes; a note takes about 2 kB."""

DEPTH_LIMIT = 32
"""Deepest nesting; annotations need eleven levels."""

REPLACEMENT = "\ufffd"

_TOO_DEEP = Fault(f"nested more than {DEPTH_LIMIT} deep", "annotations need no more than eleven levels")


@dataclass(frozen=True, slots=True)
class JsonText:
    """Data, and how many characters in it were replaced."""

    data: Any
    replaced: int


class _RefusedError(ValueError):
    """JSON that the syntax allows and we do not."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read_json(path: str, content: bytes) -> JsonText | Diagnostic:
    """The data in a file, or why there is none."""
    if len(content) > JSON_LIMIT:
        return error(Where(path), f"the file is larger than {JSON_LIMIT // 1024:,} kB", f"it has {len(content):,} bytes")
    try:
        return _bounded(_parsed(content.decode("utf-8-sig")))
    except UnicodeDecodeError as problem:
        return error(Where(path), f"byte 0x{content[problem.start]:02X} is not UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as problem:
        where = text_file(path, problem.doc).where(problem.pos)
        return error(where, f"this is not JSON: {problem.msg[:1].lower()}{problem.msg[1:]}")
    except _RefusedError as problem:
        return error(Where(path), problem.fault.message, problem.fault.hint)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except RecursionError:
        raise _RefusedError(_TOO_DEEP) from None
    except (json.JSONDecodeError, _RefusedError):
        raise
    except ValueError:
        raise _RefusedError(Fault("a number with thousands of digits")) from None


def json_path(steps: Iterable[str | int]) -> str:
    """A way into the data as people write it: `$.first.items[3].target`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(Fault(f"the key {shown(twice)} stands twice in one object", "keep one of the two"))
    return data


def _no_number(name: str) -> NoReturn:
    raise _RefusedError(Fault(f"{name} is no number of JSON"))


def _bounded(data: Any) -> JsonText:
    """The data with its texts made clean. The depth is known before anything recurses."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEPTH_LIMIT:
            raise _RefusedError(_TOO_DEEP)
        level = [child for each in level for child in _children(each) if isinstance(child, dict | list)]
    counts: list[int] = []
    clean = _clean(data, counts)
    return JsonText(clean, sum(counts))


def _children(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _clean(value: Any, counts: list[int]) -> Any:
    """A copy without control characters and lone surrogates; `counts` grows by the number replaced in each text."""
    if isinstance(value, str):
        text, count = CONTROL.subn(REPLACEMENT, value)
        counts.append(count)
        return text
    if isinstance(value, dict):
        return {_clean(key, counts): _clean(each, counts) for key, each in value.items()}
    return [_clean(each, counts) for each in value] if isinstance(value, list) else value
