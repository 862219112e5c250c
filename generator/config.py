"""Site settings: `variorum.toml` at the site's root, read and validated. Every key is optional.

In: the site's root. Out: a `SiteConfig`, and every fault with its place. A faulty key keeps its default, so that the rest of
the site can still be looked at.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from generator.errors import Diagnostic, Where, error, warning
from generator.kinds import BUILT_IN_KINDS, OWN
from generator.layout import CONFIG
from generator.model import NoteKind
from generator.reading.files import MISSING, TextFile, decode, read_bytes
from generator.reading.formats import Fault, address_fault, colour_fault, control_fault, fonts_fault, language_fault, shown
from generator.reading.report import report
from generator.reading.tomllines import key_places, nearest_place
from generator.reading.validation import Found, checked, refuse, validate
from generator.reading.yamlnodes import Spot

CONFIG_LIMIT = 256 * 1024
"""Largest settings file in bytes."""

DEFAULT_LANGUAGE = "en"
"""The language of a site that names none."""

_LONG_NUMBER = re.compile(r"(?<![\w\"'])[+-]?[0-9][0-9_]{4000,}")
"""A number of more digits than Python reads (4,300)."""

_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")

THEME_COLOURS = (
    "paper", "raise", "ink", "ink-2", "ink-3", "line", "line-2", "kept", "focus",
    "a", "a-ink", "a-mid", "a-soft", "a-line", "b", "b-mid", "b-soft", "b-line",
    "note", "note-on", "wash-1", "wash-2", "rule-1",
)  # fmt: skip
"""The custom properties of the default style sheet that hold a colour."""


Search = Literal["auto", True, False]
"""Whether a site has a search page; "auto": if the program that makes its index is installed."""

HAS_PAGEFIND = all(find_spec(name) is not None for name in ("pagefind_bin", "cbor2"))
"""Whether the extra `search` is installed."""


OLD_NAMES: Mapping[tuple[str, ...], str] = {
    ("site_url",): "base_url",
    ("baseURL",): "base_url",
    ("theme", "colors"): "colours",
}
"""Settings under names that they no longer have, or have in other generators: still read, with a warning that gives the name."""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who answers for the site."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What a site changes of the looks without touching a template. `colours` and `fonts`: custom property and its value.

    `logo`: the path of a picture in the built site, or empty; `tagline`: a few words beside the site's name.
    """

    colours: tuple[tuple[str, str], ...]
    fonts: tuple[tuple[str, str], ...]
    logo: str = ""
    tagline: str = ""


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """All settings of a site, with defaults filled in. `base_url` is empty or ends with a slash.

    `pages`: name and label of the site's own pages in the navigation, which every page shows; they come from content/pages/.
    """

    title: str
    headline: str
    description: str
    base_url: str
    language: str
    authors: tuple[Author, ...]
    theme: Theme
    kinds: tuple[NoteKind, ...]
    relative_links: bool = True
    share_images: bool = True
    search: bool = False
    cname: bool = False
    pages: tuple[tuple[str, str], ...] = ()


# ------------------------------------------------------------------ the format

_STATIC_PATH = re.compile(r"static/[^\\\s?#%\"'<>]+")
_KIND_KEY = re.compile(r"[a-z][a-z0-9-]*")


def _base_fault(text: str) -> Fault | None:
    fault = address_fault(text)
    if fault is None and ("?" in text or "#" in text):
        return Fault(f"{shown(text)} has a query or a fragment", "write the address of the site's first page only")
    return fault


def _kind_key_fault(text: str) -> Fault | None:
    if _KIND_KEY.fullmatch(text):
        return None
    return Fault(
        f"{shown(text)} cannot be the key of a kind", "a key is lower-case letters, digits and hyphens, and begins with a letter"
    )


def _static_fault(text: str) -> Fault | None:
    if _STATIC_PATH.fullmatch(text) and not {"", ".", ".."} & set(text.split("/")):
        return None
    return Fault(f"{shown(text)} is no file of the folder static/", "put the file there and write static/logo.svg")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _one_or_two(colours: tuple[str, ...]) -> tuple[str, ...]:
    if len(colours) not in {1, 2}:
        refuse(Fault("a list of colours has two: for light and for dark pages", 'for example ["#9a3c1a", "#eb9f7c"]'))
    return colours


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), checked(control_fault)]
Colour = Annotated[tuple[Annotated[Text, checked(colour_fault)], ...], BeforeValidator(_as_list), AfterValidator(_one_or_two)]
WebAddress = Annotated[Text, checked(address_fault)]
BaseUrl = Annotated[Text, checked(_base_fault)]
Language = Annotated[Text, checked(language_fault)]
KindKey = Annotated[str, checked(_kind_key_fault)]
Fonts = Annotated[Text, checked(fonts_fault)]
StaticPath = Annotated[Text, checked(_static_fault)]


def _search(value: object) -> object:
    if value is True and not HAS_PAGEFIND:
        refuse(Fault("Pagefind, which makes the index, is not installed", 'pip install "variorum[search]", or search = "auto"'))
    if value != "auto" and not isinstance(value, bool):
        refuse(Fault(f'{shown(str(value))} is neither true, false nor "auto"', '"auto": if Pagefind is installed'))
    return value


class _Table(BaseModel):
    """A table whose unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorEntry(_Table):
    """Somebody who answers for the site."""

    name: Text = Field(description="The name shown.")
    url: WebAddress = Field(default="", description="A page about them.")


class FontsEntry(_Table):
    """Font families as CSS lists them."""

    serif: Fonts | None = Field(default=None, description="The fonts of the texts.")
    sans: Fonts | None = Field(default=None, description="The fonts of everything around them.")


class ThemeEntry(_Table):
    """What a site changes of the looks."""

    colours: dict[str, Colour] = Field(
        default={}, description="Custom properties: a colour, or one for light and one for dark pages."
    )
    fonts: FontsEntry = Field(default=FontsEntry(), description="Font families.")
    logo: StaticPath | None = Field(default=None, description="A picture before the site's name: `static/logo.svg`.")
    tagline: Text | None = Field(default=None, description="A few words beside the site's name.")


class HostingEntry(_Table):
    """Files that hosts of static sites ask for."""

    cname: bool = Field(
        default=False,
        description="Whether to write a file CNAME with the host of base_url: how GitHub Pages learns of a domain of one's own.",
    )


class KindEntry(_Table):
    """A kind of note of the site's own, or other words for a built-in one."""

    label: Text = Field(description="What pages call it.")
    definition: Text = Field(description="What it means, in one sentence.")


class ConfigFile(_Table):
    """The settings of a site: variorum.toml."""

    title: Text = Field(default="Variorum", description="The site's name.")
    headline: Text = Field(default="What changed between the versions", description="What stands large on the first page.")
    description: Text = Field(
        default="News texts beside their rewrites and revisions, every difference marked and explained.",
        description="One or two sentences about the site.",
    )
    base_url: BaseUrl = Field(default="", description="The address of the site's first page.")
    language: Language = Field(default=DEFAULT_LANGUAGE, description="The site's language, a BCP 47 tag.")
    relative_links: bool = Field(
        default=True,
        description="Whether links between pages are relative and name index.html, so that the site opens from a file system; "
        "false: they begin at the host, `/name/`, and name folders.",
    )
    share_images: bool = Field(
        default=True,
        description="Whether each comparison has a picture that is shown where it is shared; made only for a site with a base_url.",
    )
    search: Annotated[Search, BeforeValidator(_search)] = Field(
        default="auto",
        description='Whether the site has a search page: "auto" if Pagefind is installed (pip install "variorum[search]").',
    )
    hosting: HostingEntry = Field(default=HostingEntry(), description="What hosts of static sites ask for.")
    authors: tuple[AuthorEntry, ...] = Field(default=(), description="Who answers for the site.")
    theme: ThemeEntry = Field(default=ThemeEntry(), description="Colours and fonts.")
    kinds: dict[KindKey, KindEntry] = Field(default={}, description="Kinds of note of the site's own.")


# ------------------------------------------------------------------ reading


def read_config(root: Path) -> tuple[SiteConfig, tuple[Diagnostic, ...]]:
    """The settings in `root`/variorum.toml; all defaults, and no fault, when there is no such file."""
    content = read_bytes(root, (CONFIG,), CONFIG_LIMIT)
    if isinstance(content, Fault):
        faults = () if content is MISSING else (error(Where(CONFIG), f"the file {content.message}", content.hint),)
        return _settings(ConfigFile()), faults
    file = decode(CONFIG, content)
    if isinstance(file, Diagnostic):
        return _settings(ConfigFile()), (file,)
    try:
        data = tomllib.loads(file.text)
    except (ValueError, RecursionError) as problem:  # a number of thousands of digits is a ValueError
        return _settings(ConfigFile()), (_syntax_fault(file, problem),)
    return _validated(file, data)


def _syntax_fault(file: TextFile, problem: Exception) -> Diagnostic:
    """A syntax error at the place that tomllib names in its sentence."""
    if not isinstance(problem, tomllib.TOMLDecodeError | RecursionError):
        number = _LONG_NUMBER.search(file.text)
        return error(file.where(number.start() if number else 0), "a number has thousands of digits", "put it in quotation marks")
    said = "nested too deep" if isinstance(problem, RecursionError) else str(problem)
    place = _TOML_PLACE.search(said)
    where = Where(CONFIG, int(place[1]), int(place[2])) if place else file.where(max(len(file.text) - 1, 0))
    sentence = _TOML_PLACE.sub("", said).replace(" (at end of document)", " at the end of the file")
    return error(where, sentence[:1].lower() + sentence[1:], 'text stands in quotation marks: title = "…"')


def _validated(file: TextFile, data: dict[str, Any]) -> tuple[SiteConfig, tuple[Diagnostic, ...]]:
    """Settings from data; faulty ones keep their defaults."""
    data, old = _with_present_names(file, data)
    model, found = validate(ConfigFile, data)
    found = (*found, *_unknown_colours(data))
    if not found:
        return _settings(model or ConfigFile()), old
    places = key_places(file.text)
    faults = report(file, (), (Spot(nearest_place(places, loc), fault) for loc, _, fault in found))
    # A kind with a faulty part is left out whole.
    locs = [each.loc[:2] if each.loc[:1] == ("kinds",) else each.loc for each in found if each.loc]
    model, _ = validate(ConfigFile, _without(data, locs))
    return _settings(model or ConfigFile()), (*faults, *old)


def _with_present_names(file: TextFile, data: dict[str, Any]) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    """`data` with settings under the names they have now, and a warning for each old one; where both stand, the new one holds."""
    told: list[Diagnostic] = []
    for loc, name in OLD_NAMES.items():
        *tables, old = loc
        table: Any = data
        for each in tables:
            table = table.get(each) if isinstance(table, dict) else None
        if not isinstance(table, dict) or old not in table:
            continue
        data = _with_renamed(data, loc, name)
        where = file.where(nearest_place(key_places(file.text), loc))
        told.append(warning(where, f"{shown(old)} is an old name, still understood", f"write {name!r} instead"))
    return data, tuple(told)


def _with_renamed(data: dict[str, Any], loc: Sequence[str], name: str) -> dict[str, Any]:
    """A copy of `data` in which what `loc` leads to is called `name`."""
    first, *rest = loc
    if rest:
        return {**data, first: _with_renamed(data[first], rest, name)}
    return {name: data[first], **{key: value for key, value in data.items() if key != first}}


def _unknown_colours(data: dict[str, Any]) -> tuple[Found, ...]:
    """Colours that the style sheet does not have."""
    theme = data.get("theme")
    colours = theme.get("colours") if isinstance(theme, dict) else None
    return tuple(
        Found(("theme", "colours", name), of_key=True, fault=Fault(f"unknown colour {shown(name)}", name=name, known=THEME_COLOURS))
        for name in (colours if isinstance(colours, dict) else ())
        if name not in THEME_COLOURS
    )


def _without(data: dict[str, Any], locs: Sequence[tuple[str | int, ...]]) -> dict[str, Any]:
    """`data` without what `locs` lead to; a fault inside a list costs the list."""
    dropped = {loc[0] for loc in locs if len(loc) == 1 or not isinstance(data.get(str(loc[0])), dict)}
    return {
        key: _without(value, [loc[1:] for loc in locs if loc[0] == key]) if isinstance(value, dict) else value
        for key, value in data.items()
        if key not in dropped
    }


def _settings(model: ConfigFile) -> SiteConfig:
    """Settings as the other stages know them."""
    own = {key: NoteKind(key, kind.label, kind.definition, OWN) for key, kind in model.kinds.items()}
    built_in = tuple(replace(own.pop(kind.key), group=kind.group) if kind.key in own else kind for kind in BUILT_IN_KINDS)
    colours = ((name, _css_colour(colours)) for name, colours in model.theme.colours.items())
    fonts = (("serif", model.theme.fonts.serif), ("sans", model.theme.fonts.sans))
    return SiteConfig(
        title=model.title,
        headline=model.headline,
        description=model.description,
        base_url=model.base_url and model.base_url.rstrip("/") + "/",
        language=model.language,
        authors=tuple(Author(author.name, author.url) for author in model.authors),
        theme=Theme(
            tuple(colours),
            tuple((name, fonts) for name, fonts in fonts if fonts),
            model.theme.logo or "",
            model.theme.tagline or "",
        ),
        kinds=(*built_in, *own.values()),
        relative_links=model.relative_links,
        share_images=model.share_images,
        search=HAS_PAGEFIND if model.search == "auto" else model.search,
        cname=model.hosting.cname,
    )


def _css_colour(colours: tuple[str, ...]) -> str:
    return colours[0] if len(colours) == 1 else f"light-dark({', '.join(colours)})"
