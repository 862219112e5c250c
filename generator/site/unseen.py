"""Names for characters that are not seen: a change made of nothing else must not be invisible.

In: text of a change. Out: which characters of it are to be named (`unseen`), and how (`unseen_name`). A plain space is never
among them; another space is where a change is nothing but spaces; a joiner only beside letters of Latin or at an end, because
Persian, Indic scripts and emoji are written with it. Reading a file warns of such characters (`reading.invisible`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e007f]|(?<![^ -\u024f])[\u200c\u200d]|[\u200c\u200d](?![^ -\u024f])"
)
"""Spaces without width, hyphens that are not shown, controls of direction, joiners, tags."""

_SPACE = re.compile(r"[^\S \n]")

_SHORT = {
    "\t": "TAB", "\u00a0": "NBSP", "\u00ad": "SHY", "\u061c": "ALM", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ",
    "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u202f": "NNBSP", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip
"""Abbreviations of the Unicode Standard (NameAliases.txt)."""


def has_hidden(text: str) -> bool:
    """Whether characters without width, or that turn the direction of text, are in it."""
    return not text.isascii() and _HIDDEN.search(text) is not None


def with_names(text: str, named: Callable[[re.Match[str]], str]) -> str:
    """`text`, with what `named` makes of each character in it that is not seen."""
    found = _HIDDEN.sub(named, text)
    return _SPACE.sub(named, text) if found is text and text.isspace() else found


@cache
def unseen_name(character: str) -> tuple[str, str]:
    """What stands for a character on the page, and its name in full."""
    number = f"U+{ord(character):04X}"
    return _SHORT.get(character, number), f"{number} {unicodedata.name(character, '')}".strip()
