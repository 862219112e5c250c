"""Words and forms that pages share: dates, sigla, severities, directions of scripts, links that may be followed.

In: values of the model. Out: short strings. No HTML, no layout. The site's own words are English; texts may be in any language.

    date_label("2025-08-22")     → "22 August 2025"
    counted(1, "note", "notes")  → "1 note"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote as urlquote

from generator.model import ChangeKind, NoteSeverity, Role, Status

SEVERITIES: tuple[NoteSeverity, ...] = ("major", "moderate", "minor", "checked")
"""Weightiest first: the order of lists, and which of two overlapping notes colours a passage."""

KIND_LABELS: dict[ChangeKind, str] = {
    "number": "Numbers", "date": "Dates and times", "name": "Names", "quotation": "Quotations",
    "attribution": "Attributions", "certainty": "Certainty", "negation": "Negations", "omission": "Omissions",
    "addition": "Additions", "moved": "Moves", "wording": "Wording", "inflection": "Inflection",
    "case": "Capitals", "typographic": "Typography",
}  # fmt: skip
"""Kinds of change as a filter names them, in the order in which it offers them."""

STATUS_LABELS: dict[Status, str] = {
    "draft": "Draft",
    "confirmed": "",
    "disputed": "Disputed",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
}
"""What a note says of its state; a confirmed note says nothing."""

ROLE_LABELS: dict[Role, str] = {
    "headline": "headline",
    "dateline": "date line",
    "related": "related link",
    "promotion": "promotion",
    "caption": "caption",
    "body": "passage",
    "quotation": "quotation",
}
"""What a passage of one version is called in its label."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d).*)?)?$")
_SCHEME = re.compile(r"[^/?#]*?:")
_UNSAFE_LINK = re.compile(r"[\x00-\x20\x7f\\]|//")
_SCHEMES = frozenset({"http:", "https:", "mailto:"})
_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})


def date_label(iso: str) -> str:
    """`2025-08-22` as `22 August 2025`, with the time when there is one; what is no ISO date stays as it is."""
    match = _DATE.match(iso)
    if not match or not 1 <= int(match[2]) <= 12:
        return iso
    year, month, day, time = match[1], _MONTHS[int(match[2]) - 1], match[3], match[4]
    return f"{f'{int(day)} ' if day else ''}{month} {year}{f', {time}' if time else ''}"


def is_date(iso: str) -> bool:
    """Whether `iso` may stand in a `datetime` attribute."""
    return bool(_DATE.match(iso))


def counted(count: int, one: str, many: str) -> str:
    """`count` with the noun that fits it."""
    return f"{count:,} {one if count == 1 else many}"


def listed(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = [*items] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def kind_label(key: str, labels: Mapping[str, str]) -> str:
    """The label of a kind of note; `labels` by key."""
    return labels[key] if key in labels else key.replace("-", " ").capitalize()


def direction(language: str) -> str:
    """`rtl` or `ltr`, by the script of a BCP 47 tag: its script subtag if it has one, else the language's usual one."""
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    return "rtl" if (script in _RTL_SCRIPTS if script else primary in _RTL) else "ltr"


def safe_link(url: str) -> str:
    """`url` if it is http, https, mailto, relative or a fragment; else empty.

    A list of what is allowed, because lists of what is not leak (`jar:`, `feed:javascript:`, `//host`).
    """
    if not url or _UNSAFE_LINK.match(url) or "\\" in url:
        return ""
    scheme = _SCHEME.match(url)
    return url if scheme is None or scheme[0].lower() in _SCHEMES else ""


def external_link(url: str) -> str:
    """`url` if it leads out of the site and is safe: a link inside an article cannot mean a place on our page."""
    return url if _SCHEME.match(url) and safe_link(url) else ""


def fragment_link(url: str, quote: str) -> str:
    """`url` leading to the words quoted from it, if it is a web page that names no place yet.

    Source: WICG, URL Fragment Text Directives: `#:~:text=` and the words, percent-encoded, `-` and `,` included.
    """
    if not quote or "#" in url or not url.startswith(("http://", "https://")):
        return url
    return f"{url}#:~:text={urlquote(' '.join(quote.split()), safe='').replace('-', '%2D')}"
