"""Characters that hide in a text or change its order.

In: a file's text. Out: a warning for each kind of such character, at its first place. The text itself is not changed: a
difference made of such characters only must stay one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.errors import Diagnostic, warning
from generator.reading.files import TextFile

_SUSPECT = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd\U000e0000-\U000e007f]")
_JOINERS = "\u200c\u200d"
_LAST_LATIN = "\u024f"
_NAMES = {
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a word joiner",
    "\ufeff": "a byte order mark inside the text",
    "\ufffd": "a replacement character: something was lost when the text was decoded",
}


def invisible(file: TextFile) -> tuple[Diagnostic, ...]:
    """A warning for each kind of character that hides or reorders text, with how often it stands there."""
    if file.text.isascii():
        return ()
    places: dict[str, list[int]] = {}
    for at in _places(file.text):
        places.setdefault(file.text[at], []).append(at)
    return tuple(
        warning(file.where(ats[0]), f"{_name(character)}{_more(len(ats) - 1)}", _hint(character))
        for character, ats in places.items()
    )


def _places(text: str) -> Iterator[int]:
    """Where such characters stand. Joiners shape Arabic, Persian, Indic scripts and emoji; only beside Latin letters they hide."""
    for match in _SUSPECT.finditer(text):
        at = match.start()
        if match[0] not in _JOINERS or max(text[at - 1 : at], text[at + 1 : at + 2]) <= _LAST_LATIN:
            yield at


def _name(character: str) -> str:
    return f"U+{ord(character):04X}, {_NAMES.get(character, 'a character that is not seen and can reorder the text around it')}"


def _hint(character: str) -> str:
    return "take the text from its source again" if character == "\ufffd" else "delete it unless it belongs to the text"


def _more(count: int) -> str:
    return f", and {count:,} more of them" if count else ""
