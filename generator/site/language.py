"""The words, dates and numbers of a page's own voice, in the language of its site.

In: a BCP 47 tag. Out: a `Language`, which translates messages, and writes numbers, dates and lists as its locale does. Message
ids are the English text, with named placeholders (`%(num)s`); catalogues are `generator/languages/<tag>/variorum.po`, read here
as the `variorum.mo` beside it. It translates nothing that people wrote: articles, notes, titles and names stay as they are.

    language_of("de-AT").date("2025-08-22")                            → "22. August 2025"
    language_of("de").plural("%(num)s note", "%(num)s notes", 1)       → "1 Fußnote"

Source: GNU gettext; Unicode CLDR, as Babel has it. Plain English needs neither: Babel is loaded for another language only, because
it and a locale take 15 ms.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import import_module
from pathlib import Path
from typing import Any

from generator.errors import Diagnostic, Where, warning
from generator.layout import CONFIG

CATALOGUES = Path(__file__).resolve().parent.parent / "languages"
"""A folder for each language; inside the package, so that a wheel has them."""

DOMAIN = "variorum"
"""The stem of every catalogue's file name."""

SOURCE_LANGUAGE = "en"
"""The language of message ids: what stands on a page where there is no translation."""

_PLAIN_ENGLISH = frozenset({"en", "en-gb"})
"""Tags whose dates and numbers need no locale data: 22 August 2025, 12,000, 57%, A, B and C."""

_AS_WRITTEN = NullTranslations()

_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d).*)?)?$")
_OF_EACH_CATEGORY = (0, 1, 2, 3, 11, 100)
"""Numbers of CLDR's plural categories, in every language that has the category and here the others can do without."""

_AGAINST = {"ltr": re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"), "rtl": re.compile(r"[A-Za-z\u00aa-\u052f]")}
"""Letters that run against a direction."""

_ISOLATE, _POP = "\u2068", "\u2069"

_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})


def _babel(name: str) -> Any:
    """A module of Babel's, loaded when it is first needed."""
    return import_module(f"babel.{name}")


def message(text: str) -> str:
    """`text` as it is: marks a message that stands in a table, for who collects them; it is translated where it is shown."""
    return text


def direction(tag: str) -> str:
    """`rtl` or `ltr`, by the script of a BCP 47 tag: its script subtag if it has one, else the language's usual one."""
    primary, *rest = tag.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    return "rtl" if (script in _RTL_SCRIPTS if script else primary in _RTL) else "ltr"


def is_date(iso: str) -> bool:
    """Whether `iso` may stand in a `datetime` attribute."""
    return bool(_DATE.match(iso))


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language of pages. `tag`: what `lang` says of words in it; `locale`: Babel's, or None for plain English.

    Law: a message that the catalogue lacks stays English, with its values set in.
    """

    tag: str
    direction: str
    translations: NullTranslations
    locale: Any  # a babel.Locale, which plain English never loads

    def text(self, message: str, /, **values: object) -> str:
        """`message` translated; `values` are set in for its named placeholders."""
        found = message if self.translations is _AS_WRITTEN else self.translations.gettext(message)
        if not values:
            return found
        shown = found % values
        if self.direction == "ltr" and (shown.isascii() or not _AGAINST["ltr"].search(shown)):
            return shown
        return found % {key: self.apart(value) for key, value in values.items()}

    def apart(self, value: object) -> object:
        """`value`; words among which some run the other way are isolated, so that they carry nothing around them along.

        Source: Unicode Standard Annex 9, first strong isolate.
        """
        if type(value) is not str or (self.direction == "ltr" and value.isascii()):  # markup is apart already
            return value
        return f"{_ISOLATE}{value}{_POP}" if _AGAINST[self.direction].search(value) else value

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The form of a message that fits `number`; its placeholder `num` is the number as the locale writes it."""
        apart = {key: self.apart(value) for key, value in values.items()}
        return self.translations.ngettext(one, many, number) % {"num": self.number(number), **apart}

    def forms(self, one: str, many: str, /) -> tuple[str, ...]:
        """A message's forms for CLDR's categories zero, one, two, few, many and other, for scripts that count on a page."""
        return tuple(self.translations.ngettext(one, many, number) for number in _OF_EACH_CATEGORY)

    def number(self, number: float) -> str:
        """A number with its thousands grouped, to three decimals."""
        return str(_babel("numbers").format_decimal(number, locale=self.locale)) if self.locale else f"{number:,}"

    def percent(self, hundredths: float) -> str:
        """A share in per cent, with its sign."""
        if not self.locale:
            return f"{hundredths}%"
        return str(_babel("numbers").format_percent(hundredths / 100, locale=self.locale, decimal_quantization=False))

    def date(self, iso: str) -> str:
        """`2025-08-22` as `22 August 2025`, with the time when there is one; what is no ISO date stays as it is."""
        match = _DATE.match(iso)
        if not match:
            return iso
        year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
        try:
            moment = dt.datetime(year or 1, month or 1, day or 1, hour or 0, minute or 0)  # noqa: DTZ001 - as it is written
        except ValueError:
            return iso
        return self._date(moment, has_day=day is not None, has_time=hour is not None)

    def _date(self, moment: dt.datetime, *, has_day: bool, has_time: bool) -> str:
        if not self.locale:
            shown = f"{f'{moment.day} ' if has_day else ''}{_MONTHS[moment.month - 1]} {moment.year}"
            return f"{shown}, {moment:%H:%M}" if has_time else shown
        dates = _babel("dates")
        if not has_day:
            return str(dates.format_skeleton("yMMMM", moment, locale=self.locale))
        shown = str(dates.format_date(moment, "long", self.locale))
        if not has_time:
            return shown
        time = dates.format_time(moment, "short", locale=self.locale)
        return str(self.locale.datetime_formats["medium"]).replace("{1}", shown).replace("{0}", time)

    def list(self, items: Iterable[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        found = [str(self.apart(item)) for item in items]
        if self.locale:
            return str(_babel("lists").format_list(found, locale=self.locale))
        *most, last = found or [""]
        return f"{', '.join(most)} and {last}" if most else last


ENGLISH = Language(SOURCE_LANGUAGE, "ltr", _AS_WRITTEN, None)
"""As it is written in this program."""


@cache
def languages() -> tuple[str, ...]:
    """The tags of all languages that pages can be in, in the order of the alphabet."""
    return tuple(sorted({SOURCE_LANGUAGE, *(path.parent.name for path in CATALOGUES.glob(f"*/{DOMAIN}.mo"))}))


def catalogue_of(tag: str) -> str:
    """The language whose words serve `tag`: itself, or what is left of it when subtags are taken off its end; else empty."""
    known = {known.lower(): known for known in languages()}
    parts = tag.lower().split("-")
    return next((known[stem] for end in range(len(parts), 0, -1) if (stem := "-".join(parts[:end])) in known), "")


def unspoken(tag: str) -> tuple[Diagnostic, ...]:
    """A warning if no catalogue serves `tag`, so that pages speak English around what people wrote."""
    if catalogue_of(tag):
        return ()
    hint = f"there are {', '.join(languages())}; what people write stays in its language"
    return (warning(Where(CONFIG), f"there is no translation for language {tag!r}: pages speak English", hint),)


@cache
def language_of(tag: str) -> Language:
    """The language that pages of a site in `tag` are in: `de-AT` in German of Austria; English where nobody translated."""
    if tag == SOURCE_LANGUAGE:
        return ENGLISH
    found = catalogue_of(tag)
    if not found:
        return ENGLISH
    if found == SOURCE_LANGUAGE:
        plain = tag.lower() in _PLAIN_ENGLISH
        return Language(tag, "ltr", _AS_WRITTEN, None if plain else _locale(tag))
    with (CATALOGUES / found / f"{DOMAIN}.mo").open("rb") as file:
        return Language(tag, direction(tag), GNUTranslations(file), _locale(tag))


def _locale(tag: str) -> Any:
    """Babel's locale for `tag`, or for what is left of it when subtags that CLDR does not know are taken off its end."""
    core = _babel("core")
    parts = tag.split("-")
    for end in range(len(parts), 1, -1):
        with suppress(core.UnknownLocaleError, ValueError):
            return core.Locale.parse("-".join(parts[:end]), sep="-")
    return core.Locale.parse(parts[0])
