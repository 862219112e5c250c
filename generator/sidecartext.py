"""Notes as the text of a sidecar.

In: notes as plain data in the form of the sidecar's schema, and remarks. Out: YAML that reads back as the same data: every
text stands in quotation marks or in a block, so that nothing in it is a tag, an anchor or a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LINE_LENGTH = 130
"""Longest line on which a mapping or a list is still written."""

_PLAIN = re.compile(r"[a-z][a-z-]*")
_YAML_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_IN_BLOCK = re.compile(r"(?![\s#])[^\r\u2028\u2029\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]+", re.DOTALL)
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that YAML does not take as they are. In double quotation marks an escape means the same; a comment shows it."""


class NoteText(NamedTuple):
    """A note as data, and what is to be said about it in comments above it; without data, the comments alone."""

    data: Mapping[str, Any]
    comments: tuple[str, ...] = ()


def sidecar_text(annotators: Mapping[str, Mapping[str, str]], notes: Sequence[NoteText], remarks: Iterable[str] = ()) -> str:
    """A whole sidecar. `remarks` stand at its head."""
    lines = [*_comment(remarks, "")]
    if annotators:
        lines += ["", "annotators:", *(f"  {_key(key)}: {_flow(value)}" for key, value in annotators.items())]
    if any(note.data for note in notes):
        lines += ["", "notes:"]
    for note in notes:
        lines += [*_comment(note.comments, "  "), *_note(note.data), ""]
    return "\n".join(lines).strip("\n") + "\n"


def _comment(texts: Iterable[str], indent: str) -> Iterator[str]:
    """Comment lines. A line break of any kind inside a text would end the comment, and begin something else."""
    for text in texts:
        yield from (f"{indent}# {_readable(line)}".rstrip() for line in text.splitlines() or [""])


def _note(data: Mapping[str, Any]) -> Iterator[str]:
    mark = "- "
    for key, value in data.items():
        yield from _entry(f"  {mark}{_key(key)}:", value)
        mark = "  "


def _entry(key: str, value: Any) -> Iterator[str]:
    """A key with its value: on its line, as a block of text, or as a list of lines."""
    if isinstance(value, str) and "\n" in value and _IN_BLOCK.fullmatch(value):
        yield f"{key} |"
        yield from (f"      {line}" if line else "" for line in value.split("\n"))
        return
    line = f"{key} {_flow(value)}"
    if len(line) <= LINE_LENGTH or not isinstance(value, list):
        yield line
        return
    yield key
    yield from (f"      - {_flow(item)}" for item in value)


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)}: {_flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool | int):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value not in _YAML_WORDS:
        return str(value)
    return _readable(json.dumps(value, ensure_ascii=False))


def _readable(line: str) -> str:
    return _UNREADABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def _key(key: str) -> str:
    return f'"{key}"' if key in _YAML_WORDS else key
