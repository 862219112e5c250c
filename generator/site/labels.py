"""Words that pages share for values of the model, and links that may be followed.

In: values of the model, the language of a site. Out: short strings. No HTML, no layout. The tables are English; what stands in
them is translated where it is shown.

    severity_word("major", language_of("de"))  → "gewichtig"
    safe_link("javascript:alert()")            → ""
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote as urlquote

from generator.kinds import BUILT_IN_KINDS
from generator.model import ChangeKind, Direction, NoteKind, NoteSeverity, Role, Status
from generator.site.language import ENGLISH, Language, message

SEVERITIES: tuple[NoteSeverity, ...] = ("major", "moderate", "minor", "checked")
"""Weightiest first: the order of lists, and which of two overlapping notes colours a passage."""

SEVERITY_LABELS: dict[NoteSeverity, str] = {
    "major": message("major"),
    "moderate": message("moderate"),
    "minor": message("minor"),
    "checked": message("checked"),
}
"""What a note weighs, as a word within a sentence."""

KIND_LABELS: dict[ChangeKind, str] = {
    "number": message("Numbers"), "date": message("Dates and times"), "name": message("Names"),
    "quotation": message("Quotations"), "attribution": message("Attributions"), "certainty": message("Certainty"),
    "negation": message("Negations"), "omission": message("Omissions"), "addition": message("Additions"),
    "moved": message("Moves"), "wording": message("Wording"), "inflection": message("Inflection"),
    "case": message("Capitals"), "typographic": message("Typography"),
}  # fmt: skip
"""Kinds of change as a filter names them, in the order in which it offers them."""

STATUS_LABELS: dict[Status, str] = {
    "draft": message("Draft"),
    "confirmed": "",
    "disputed": message("Disputed"),
    "corrected": message("Corrected"),
    "withdrawn": message("Withdrawn"),
}
"""What a note says of its state; a confirmed note says nothing."""

DIRECTION_LABELS: dict[Direction, str] = {
    "higher": message("higher"),
    "lower": message("lower"),
    "stronger": message("stronger"),
    "weaker": message("weaker"),
    "broader": message("broader"),
    "narrower": message("narrower"),
}
"""Which way something differs."""

ROLE_LABELS: dict[Role, str] = {
    "headline": message("headline"),
    "dateline": message("date line"),
    "related": message("related link"),
    "promotion": message("promotion"),
    "caption": message("caption"),
    "body": message("passage"),
    "quotation": message("quotation"),
}
"""What a passage of one version is called in its label."""

LOSSES = frozenset(
    {
        message("not found"),
        message("not within the passage named"),
        message("not next to its prefix or suffix"),
        message("only inside a longer word, number or character"),
        message("the passage it should stand within is not found"),
        message("other words stand there now"),
        message("outside the text"),
        message("nothing but white space"),
        message("cuts a character in two"),
        message("gone from where it stood; the same words elsewhere may be others"),
    }
)
"""Why a note lost its place, as collation says it where the page is made all the same."""

_MEASURE = re.compile(r"\((?:(?P<word>stronger|weaker)|(?P<sign>[+-])(?P<size>\d[\d,]*(?:\.\d+)?(?:e\+\d+)?) (?P<unit>%|points))\)")
"""How much a change weighs, as collation writes it behind what became what."""

_REACH = re.compile(r": covers (?P<part>\d+) of (?P<whole>\d+) sentences in (?P<side>[ab])(?=;|\Z)")
"""How far an attribution reaches, as collation writes it behind its words."""

_SCHEME = re.compile(r"[^/?#]*?:")
_UNSAFE_LINK = re.compile(r"//|\x20|.*[\x00-\x1f\x7f\\]", re.DOTALL)
_SCHEMES = frozenset({"http:", "https:", "mailto:"})
_BUILT_IN = frozenset(BUILT_IN_KINDS)


def severity_word(severity: NoteSeverity, language: Language) -> str:
    """`major` as a word within a sentence; it goes with the word for note, where words have a gender."""
    return language.text(SEVERITY_LABELS[severity])


@cache
def severity_title(severity: NoteSeverity, language: Language) -> str:
    """`Major`: the same, where it stands alone."""
    word = severity_word(severity, language)
    return word[:1].upper() + word[1:]


def detail_in(detail: str, language: Language) -> str:
    """What became what, with the measure of it in `language`: `12.000 → 15.000 (+25 %)`. The words quoted stay as they are."""
    if language is ENGLISH:
        return detail
    arrow = language.text("→")
    measured = _MEASURE.sub(lambda found: f"({_measure_in(found, language)})", detail.replace("→", arrow))
    return _REACH.sub(lambda found: f": {_reach_in(found, language)}", measured)


def _reach_in(found: re.Match[str], language: Language) -> str:
    side = found["side"].upper()
    return language.text("covers %(part)s of %(whole)s sentences in %(side)s", part=found["part"], whole=found["whole"], side=side)


def _measure_in(found: re.Match[str], language: Language) -> str:
    word = found["word"]
    if word:
        return language.text(word)
    size = float(found["size"].replace(",", ""))
    sign = "+" if found["sign"] == "+" else "−"
    if found["unit"] == "%":
        return f"{sign}{language.percent(size)}"
    return language.text("%(difference)s points", difference=f"{sign}{language.number(size)}")


@cache
def kinds_in(kinds: tuple[NoteKind, ...], language: Language) -> Mapping[str, NoteKind]:
    """Kinds of note by key, in the words of `language`; what a site says of a kind itself stays as it says it."""
    return {kind.key: _kind_in(kind, language) for kind in kinds}


def _kind_in(kind: NoteKind, language: Language) -> NoteKind:
    label, definition = kind.label, kind.definition
    if kind in _BUILT_IN:
        label, definition = language.text(label), language.text(definition)
    return NoteKind(kind.key, label, definition, language.text(kind.group))


def kind_label(key: str, kinds: Mapping[str, NoteKind]) -> str:
    """The label of a kind of note; one that no site knows is called by its key."""
    return kinds[key].label if key in kinds else key.replace("-", " ").capitalize()


def safe_link(url: str) -> str:
    """`url` if it is http, https, mailto, relative or a fragment; else empty.

    A list of what is allowed, because lists of what is not leak (`jar:`, `feed:javascript:`, `//host`, which browsers read with a
    tab between its slashes, too).
    """
    if not url or _UNSAFE_LINK.match(url):
        return ""
    scheme = _SCHEME.match(url)
    return url if scheme is None or scheme[0].lower() in _SCHEMES else ""


def external_link(url: str) -> str:
    """`url` if it leads out of the site and is safe: a link inside an article cannot mean a place on our page."""
    return url if _SCHEME.match(url) and safe_link(url) else ""


def shortened(text: str, length: int) -> str:
    """`text`, or as many whole words of it as `length` characters hold, and an ellipsis."""
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]} …"


def fragment_link(url: str, quote: str) -> str:
    """`url` leading to the words quoted from it, if it is a web page that names no place yet.

    Source: WICG, URL Fragment Text Directives: `#:~:text=` and the words, percent-encoded, `-` and `,` included.
    """
    if not quote or "#" in url or not url.startswith(("http://", "https://")):
        return url
    return f"{url}#:~:text={urlquote(' '.join(quote.split()), safe='').replace('-', '%2D')}"
