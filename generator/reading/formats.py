"""Checks of single values: a date, a web address, a language tag, a colour, a list of fonts.

In: text that somebody wrote. Out: None when it is sound, otherwise a `Fault` that says what is wrong and how to write it.
Nothing is looked up, fetched or normalised here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple
from urllib.parse import urlsplit

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text of ours may hold: controls but tab and line breaks, lone surrogates, and what YAML refuses."""

SHOWN_LENGTH = 60
"""How many characters of a faulty value a message repeats."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IN_ADDRESS = re.compile(r"[^\s\\<>\"{}|^`\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|x(-[A-Za-z0-9]{1,8})+")
_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\([0-9a-z.,%/ +-]+\)", re.IGNORECASE
)
_FONTS = re.compile(r"""(?:"[\w .-]+"|'[\w .-]+'|[\w-][\w -]*)(?:, *(?:"[\w .-]+"|'[\w .-]+'|[\w-][\w -]*))*""")


class Fault(NamedTuple):
    """What is wrong with a value, and how to mend it; the place is for the caller to know.

    `name` and `known`, where they are given, stand for a hint that names the known name nearest to `name`; looking for it
    takes time, so that it is done for the faults that are shown only. `stands_for`: so many faults that are
    not told one by one.
    """

    message: str
    hint: str = ""
    name: str = ""
    known: tuple[str, ...] = ()
    stands_for: int = 1


def shown(value: str) -> str:
    """`value` as a message may repeat it: quoted, on one line, invisible characters escaped, cut to `SHOWN_LENGTH`."""
    return repr(value if len(value) <= SHOWN_LENGTH else value[: SHOWN_LENGTH - 1] + "…")


def control_fault(text: str) -> Fault | None:
    """A control character in a text, which an escape can smuggle past the check of the file."""
    found = CONTROL.search(text)
    return (
        Fault(f"the text holds a control character, U+{ord(found[0]):04X}", "delete the escape that stands for it")
        if found
        else None
    )


def date_fault(text: str) -> Fault | None:
    """What is wrong with a date; sound is a day of the calendar written YYYY-MM-DD."""
    hint = "write the day as YYYY-MM-DD, for example 2025-08-22"
    if not _DATE.fullmatch(text):
        return Fault(f"{shown(text)} is not a date", hint)
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return Fault(f"{shown(text)} is a day that no calendar has", hint)
    return None


def address_fault(text: str) -> Fault | None:
    """What is wrong with a web address; sound is http or https, a host, and no white space, backslash or invisible character."""
    scheme = _SCHEME.match(text)
    if scheme is None or scheme[1].lower() not in {"http", "https"}:
        return Fault(f"{shown(text)} is not a web address", "only http:// and https:// addresses are linked")
    if not _IN_ADDRESS.fullmatch(text):
        return Fault(f"{shown(text)} holds characters that no address may hold", "percent-encode them: a space is %20")
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and text[scheme.end() :].startswith("//") and parts.port != 0
    except ValueError:
        has_host = False
    return None if has_host else Fault(f"{shown(text)} names no host", "an address looks like https://example.org/page")


def language_fault(text: str) -> Fault | None:
    """What is wrong with a language tag; the form of BCP 47 is checked, not the register."""
    if _LANGUAGE.fullmatch(text):
        return None
    return Fault(f"{shown(text)} is not a language tag", "write a BCP 47 tag, for example en, en-GB or ko")


def colour_fault(text: str) -> Fault | None:
    """What is wrong with a colour; sound is #rgb or #rrggbb, with alpha or without, or a function: rgb(), hsl(), oklch(), …."""
    if _COLOUR.fullmatch(text):
        return None
    return Fault(f"{shown(text)} is not a colour", "write it as #9a3c1a, rgb(…), hsl(…) or oklch(…)")


def fonts_fault(text: str) -> Fault | None:
    """What is wrong with a list of font families as CSS writes it."""
    if _FONTS.fullmatch(text):
        return None
    return Fault(
        f"{shown(text)} is not a list of fonts", "write family names with commas between, for example Charter, Georgia, serif"
    )
