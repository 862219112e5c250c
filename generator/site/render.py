"""Pages to HTML: the only module that knows Jinja, and the only one that declares a string to be safe markup.

In: a page of `view`, templates. Out: HTML, and the theme's assets under names that hold a hash of their bytes. Every template
is escaped; the notes' Markdown is rendered without raw HTML and with links to http, https, mailto, relative places and
fragments only. A fault in a template is a `TemplateFault` that names file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from generator.config import SiteConfig, Theme
from generator.errors import Diagnostic, Where, error
from generator.site.labels import safe_link

ASSET_FOLDER = "assets"
"""Where assets lie in the site."""

HASH_LENGTH = 8
"""Hexadecimal digits of a name's hash: 32 bits, to tell versions of one file apart."""

_FINGERPRINTED = frozenset({".css", ".js", ".svg"})
"""What only pages refer to, so that its name may change. Fonts and pictures keep theirs, because a style sheet names them."""

_CUSTOM_PROPERTY = re.compile(r"--[a-z][a-z0-9-]*")
_CSS_VALUE = re.compile(r"[\w\s#%.,()'\"/+-]+")
_LINE_START = r"(?![ \t>#=+-]|\*[ \t\n]|\d+[.)])"
_TEXT = r"[^\\`*_\[\]<>&!\n\r\t\0]"
_EMPHASIS = re.compile(rf"(?<![\w*])\*(?=\w)({_TEXT}*(?:\n{_LINE_START}{_TEXT}+)*)(?<=\w)\*(?![\w*])")
_PLAIN = re.compile(rf"(?s:(?!.* \n|.*\n\n\n)){_LINE_START}(?:{_TEXT}|{_EMPHASIS.pattern}|\n{_LINE_START})+")
"""Text in which Markdown finds nothing but paragraphs and single emphasis: most notes. Parsing one costs 30 times as much."""


class TemplateFault(Exception):  # noqa: N818 - a fault is what the whole program calls it
    """A template that cannot be used; `diagnostic` says where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


class Page(Protocol):
    """What every page of `view` has."""

    @property
    def template(self) -> str:
        """The file name of its template."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the theme: its path in the site, and its bytes."""

    path: str
    data: bytes


def default_templates() -> Path:
    """The default theme: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Renderer:
    """Renders pages with the templates of several folders. Duty: the first folder that has a file wins, for assets too."""

    def __init__(self, config: SiteConfig, template_folders: tuple[Path, ...]) -> None:
        self._folders = template_folders
        self._files = _assets(template_folders, config.theme)
        self._names = MappingProxyType({name: asset.path for name, asset in self._files.items()})
        self._environment = _environment(template_folders, self._names)

    def render(self, page: Page) -> str:
        """The page as HTML; raises `TemplateFault`."""
        try:
            return self._environment.get_template(page.template).render(page=page)
        except Exception as fault:
            raise TemplateFault(_diagnosed(fault, page.template, self._folders)) from fault

    def assets(self) -> tuple[Asset, ...]:
        """The files that pages refer to, in the order of their paths."""
        return tuple(sorted(self._files.values(), key=lambda asset: asset.path))


def _environment(folders: Sequence[Path], names: Mapping[str, str]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    prose = _Prose()
    environment.filters["markdown"] = prose.blocks
    environment.filters["markdown_inline"] = prose.inline
    environment.filters["plain"] = prose.plain
    environment.globals["assets"] = names
    return environment


# ------------------------------------------------------------------ Markdown


class _Prose:
    """Markdown of notes and summaries. Duty: the only place where text becomes markup that is not escaped again."""

    def __init__(self) -> None:
        self._parser = MarkdownIt("commonmark", {"html": False}).disable(
            ["heading", "lheading", "image", "html_block", "html_inline"]
        )
        self._parser.validateLink = lambda url: bool(safe_link(url))  # type: ignore[method-assign]  # its documented way

    def blocks(self, text: str) -> Markup:
        """Paragraphs, lists, quotations, code; headings stay text, pictures become links."""
        text = text.strip()
        if _PLAIN.fullmatch(text):
            return Markup("").join(Markup("<p>{}</p>\n").format(_emphasised(part.strip())) for part in text.split("\n\n"))
        return Markup(self._parser.render(text))  # noqa: S704 - html is off, and links are checked

    def inline(self, text: str) -> Markup:
        """One paragraph without its element."""
        text = text.strip()
        if _PLAIN.fullmatch(text):
            return _emphasised(text)
        return Markup(self._parser.renderInline(text))  # noqa: S704 - html is off, and links are checked

    def plain(self, text: str) -> str:
        """The words alone, for places that hold no markup."""
        return " ".join("".join(_words(self._parser.parseInline(text.strip()))).split())


def _emphasised(text: str) -> Markup:
    """Plain text with its emphasis."""
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", str(escape(text))))  # noqa: S704 - escaped, but for the elements added here


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children is not None:
            yield from _words(token.children)
        else:
            yield " " if token.type in {"softbreak", "hardbreak"} else token.content


# ------------------------------------------------------------------ assets


def _assets(folders: Sequence[Path], theme: Theme) -> dict[str, Asset]:
    """Every file of the theme that is no template, by its name."""
    found: dict[str, Asset] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if path.is_file() and path.suffix != ".html" and name not in found and not path.name.startswith("."):
                found[name] = _asset(name, path.read_bytes())
    sheet = _theme_sheet(theme)
    if sheet:
        found["theme.css"] = _asset("theme.css", sheet.encode())
    return found


def _asset(name: str, data: bytes) -> Asset:
    stem, dot, suffix = name.rpartition(".")
    if f".{suffix}" in _FINGERPRINTED:
        name = f"{stem}.{blake2s(data).hexdigest()[:HASH_LENGTH]}{dot}{suffix}"
    return Asset(f"{ASSET_FOLDER}/{name}", data)


def _theme_sheet(theme: Theme) -> str:
    """The site's colours and fonts as custom properties; what could end the declaration is left out."""
    lines = [
        f"  {name}: {value};\n"
        for key, value in (*theme.colours, *theme.fonts)
        if _CUSTOM_PROPERTY.fullmatch(name := key if key.startswith("--") else f"--{key}") and _CSS_VALUE.fullmatch(value)
    ]
    return f":root:root {{\n{''.join(lines)}}}\n" if lines else ""


# ------------------------------------------------------------------ faults


def _diagnosed(fault: Exception, template: str, folders: Sequence[Path]) -> Diagnostic:
    """Where a template failed: the line that a syntax error names, else the innermost template of the traceback."""
    if isinstance(fault, TemplateSyntaxError):
        return error(Where(f"templates/{fault.name or template}", fault.lineno), fault.message or "syntax error")
    place = Where(f"templates/{template}")
    roots = tuple(str(folder) for folder in folders)
    trace = fault.__traceback__
    while trace:
        file_name = trace.tb_frame.f_code.co_filename
        if file_name.endswith(".html") and file_name.startswith(roots):
            root = next(root for root in roots if file_name.startswith(root))
            place = Where(f"templates/{Path(file_name).relative_to(root).as_posix()}", trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(fault, TemplateNotFound):
        return error(place, f"there is no template {fault.name}")
    message = str(fault) if isinstance(fault, TemplateError) else f"{type(fault).__name__}: {fault}"
    return error(place, message or type(fault).__name__)
