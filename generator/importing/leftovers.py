"""What is left of data after everything understood was taken out; and names and titles made from foreign text."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote, urlsplit

from generator.addresses import slug
from generator.schema import NAME_LIMIT, NOTE_ID

KEPT_LENGTH = 4_000
"""Longest comment that keeps what was not understood, in characters; the number of those cut off is told."""

TITLE_LENGTH = 80
"""Longest title made of the beginning of a note's text."""


def pruned(value: Any) -> Any:
    """Data without its empty parts; None if nothing is left."""
    if isinstance(value, dict):
        rest = {key: left for key, each in value.items() if (left := pruned(each)) is not None}
        return rest or None
    if isinstance(value, list):
        return [left for each in value if (left := pruned(each)) is not None] or None
    return value


def kept(value: Any, length: int = KEPT_LENGTH) -> str:
    """Data as one line of a comment."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= length else f"{text[:length]} … ({len(text) - length:,} more characters)"


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def title_of(text: str) -> str:
    """A title made of the first line of a text, cut between words."""
    line = one_line(text.strip().partition("\n")[0])
    return line if len(line) <= TITLE_LENGTH else f"{line[:TITLE_LENGTH].rpartition(' ')[0] or line[:TITLE_LENGTH]} …"


def fragment(address: str) -> str:
    """The id of a note in an address that ends in `#note-<id>`; empty if it does not."""
    _, found, name = address.partition("#note-")
    return name if found and NOTE_ID.fullmatch(name) and len(name) <= NAME_LIMIT else ""


def path_of(address: str) -> str:
    """The path of an address; empty if it is none."""
    try:
        return urlsplit(address).path
    except ValueError:  # brackets around what is no number of a host, or a character in its name that means another
        return ""


def name_in(address: str) -> str:
    """What a note can be called by its address: its own id if it comes from here, else what the address ends in."""
    last = unquote(path_of(address).rstrip("/").rpartition("/")[2].rpartition(":")[2])
    return fragment(address) or slug(last, NAME_LIMIT)


def unused(stem: str, taken: Collection[str]) -> str:
    """`stem`, or with a number if it is taken."""
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem[: NAME_LIMIT - 6]}-{number}", number + 1
    return name
