"""Pages to HTML: the only module that knows Jinja, and the only one that declares a string to be safe markup.

In: a page of `view`, templates. Out: HTML, and the theme's assets under names that hold a hash of their bytes. Every template
is escaped; the notes' Markdown is rendered without raw HTML and with links to http, https, mailto, relative places and
fragments only. A fault in a template is a `TemplateFault` that names file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import blake2s
from pathlib import Path
from types import CodeType, MappingProxyType
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.meta import find_referenced_templates
from jinja2.nodes import Expr
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from generator.config import SiteConfig, Theme
from generator.errors import Diagnostic, Where, error
from generator.site.apparatus import NoteView
from generator.site.document import document
from generator.site.frame import Page
from generator.site.labels import safe_link, severity_word
from generator.site.language import Language, language_of
from generator.site.marks import alone, change_list, escaped, inline
from generator.site.metadata import plain, script_safe
from generator.site.runs import Run
from generator.site.translated import plural, said_in, translated, word_sheet

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


_EXTENSIONS = ("jinja2.ext.i18n",)


class TemplateFault(Exception):  # noqa: N818 - a fault is what the whole program calls it
    """A template that cannot be used; `diagnostic` says where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the theme: its path in the site, and its bytes."""

    path: str
    data: bytes


class Renderer:
    """Renders pages with the templates of several folders. Duty: the first folder that has a file wins, for assets too."""

    def __init__(self, config: SiteConfig, template_folders: tuple[Path, ...], *, fingerprint: bool = True) -> None:
        self._folders = template_folders
        sheet = _theme_sheet(config.theme) + word_sheet(language_of(config.language))
        self._files = _assets(template_folders, sheet, fingerprint=fingerprint)
        self._names = MappingProxyType({name: asset.path for name, asset in self._files.items()})
        self._environment = _environment(template_folders, self._names, config.language)

    def render(self, page: Page) -> str:
        """The page as HTML; raises `TemplateFault`."""
        try:
            return self._environment.get_template(page.template).render(page=page)
        except Exception as fault:
            raise TemplateFault(_diagnosed(fault, page.template, self._folders)) from fault

    def prepare(self, templates: Iterable[str]) -> None:
        """Compile these templates and all that they need, which the first page would wait for. Faulty ones are left for it."""
        for name in self.sources(templates):
            with suppress(TemplateError):
                self._environment.get_template(name)

    def assets(self) -> tuple[Asset, ...]:
        """The files that pages refer to, in the order of their paths."""
        return tuple(sorted(self._files.values(), key=lambda asset: asset.path))

    def asset_names(self) -> Mapping[str, str]:
        """The path in the site of each asset, by the name that templates call it by."""
        return self._names

    def sources(self, templates: Iterable[str]) -> dict[str, str]:
        """The text of these templates and of all that they extend, include or import; empty for one that there is none of.

        A template that is named by an expression may be any: then all are among them.
        """
        found: dict[str, str] = {}
        waiting = list(templates)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = _source(self._folders, name)
                referred = _referred(found[name])
                waiting += [each for each in referred if each is not None]
                if None in referred:
                    waiting += self._environment.list_templates(extensions=["html"])
        return dict(sorted(found.items()))


def _source(folders: Sequence[Path], name: str) -> str:
    """The text of a template of the first folder that has it."""
    for folder in folders:
        with suppress(OSError):
            return (folder / name).read_bytes().decode(errors="backslashreplace")
    return ""


@lru_cache(maxsize=256)
def _referred(source: str) -> tuple[str | None, ...]:
    """The templates that one names: None for one that an expression names. Parsing one takes up to 5 ms."""
    try:
        return tuple(find_referenced_templates(Environment(extensions=_EXTENSIONS, autoescape=True).parse(source)))
    except TemplateSyntaxError:
        return ()


class _Generator(CodeGenerator):
    """Compiles `{{ … }}` to a call of `_Environment.shown`."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if finalize.src is None and frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Environment(Environment):
    """Jinja's environment, which escapes with `escaped` where it can: `markupsafe.escape` takes five times as long."""

    code_generator_class = _Generator
    language: Language
    plural: Callable[..., Markup]
    apart: Callable[[object], object]

    def _generate(self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:  # noqa: FBT001, FBT002 - Jinja's
        """Translates before it compiles."""
        return super()._generate(translated(source, self.language, name or ""), name, filename, defer_init)

    @staticmethod
    def shown(value: object) -> str:
        """What stands on the page for the value of `{{ … }}`: what `markupsafe.escape` gives."""
        if type(value) is str:
            return value if value.isalnum() else escaped(value)
        return str(value) if type(value) is int else value if type(value) is Markup else escape(value)


class _Compiled(BytecodeCache):
    """Compiled templates, for the builds to come in this process. Duty: one entry a template; other text is compiled anew."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of this template, if its text is the one that was compiled."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template."""
        if bucket.code is not None:
            self._codes[bucket.key] = (bucket.checksum, bucket.code)


@cache
def _compiled(_tag: str) -> _Compiled:
    """The templates of a language: compiling the default theme takes 0.27 s, and every build of a preview makes a `Renderer`."""
    return _Compiled()


def _environment(folders: Sequence[Path], names: Mapping[str, str], tag: str) -> Environment:
    language = language_of(tag)
    environment = _Environment(
        loader=_loader(folders),
        bytecode_cache=_compiled(language.tag),
        extensions=_EXTENSIONS,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension's own setting
    environment.language, environment.plural, environment.apart = language, plural(language), language.apart
    environment.filters |= {"number": language.number, "percent": language.percent, "date": language.date, "listed": language.list}
    environment.filters |= {"apart": language.apart, "spoken": partial(said_in, around=language.tag)}
    environment.filters["severity"] = partial(severity_word, language=language)
    prose = _Prose()
    environment.filters["markdown"] = prose.blocks
    environment.filters["markdown_inline"] = prose.inline
    environment.filters["plain"] = plain
    environment.filters["document"] = _document
    environment.filters["data_block"] = _data_block
    environment.globals["assets"] = names
    environment.globals["own"] = said_in(tag, language.tag)
    environment.globals["inline_runs"] = _inline_runs
    environment.globals["change_list"] = _change_list
    environment.globals["runs_alone"] = _runs_alone
    return environment


def _loader(folders: Sequence[Path]) -> BaseLoader:
    """The first folder that has a template gives it; `theme/NAME` is the theme's own, for a template of the same name to extend."""
    theme = PrefixLoader({"theme": FileSystemLoader(str(folders[-1]))})
    return ChoiceLoader([FileSystemLoader([str(folder) for folder in folders]), theme])


def _document(text: str, links: Callable[[str], str]) -> Markup:
    return Markup(document(text, links))  # noqa: S704 - html is off, and `links` gives no address that may not stand on a page


def _change_list(changes: Iterable[tuple[str, str, str, str]]) -> Markup:
    return Markup(change_list(changes))  # noqa: S704 - `marks` escapes all that is not its own


def _inline_runs(runs: Sequence[Run], notes: Mapping[int, NoteView]) -> Markup:
    return Markup(inline(runs, notes))  # noqa: S704 - `marks` escapes all that is not its own


def _runs_alone(runs: Sequence[Run], notes: Mapping[int, NoteView]) -> Markup:
    return Markup(alone(runs, notes))  # noqa: S704 - `marks` escapes all that is not its own


def _data_block(data: str) -> Markup:
    """JSON as the content of a script element that is data."""
    return Markup(script_safe(data))  # noqa: S704 - `script_safe` replaces whatever could end the element


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
            shown = "".join([f"<p>{_emphasised(part.strip())}</p>\n" for part in text.split("\n\n")])
            return Markup(shown)  # noqa: S704 - every paragraph is escaped
        return Markup(self._parser.render(_flattened(text)))  # noqa: S704 - html is off, and links are checked

    def inline(self, text: str) -> Markup:
        """One paragraph without its element."""
        text = text.strip()
        if _PLAIN.fullmatch(text):
            return _emphasised(text)
        return Markup(self._parser.renderInline(text))  # noqa: S704 - html is off, and links are checked


_FOOTNOTE = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:[ \t]*(\S.*(?:\n(?:[ ]{4}|\t)\S.*)*)\n?", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"[ \t]*\[\^([^\]\s]+)\](?!:)")


def _flattened(text: str) -> str:
    """A note's own footnotes as words in brackets where they are called; one that is never called stays as a paragraph.

    A note is a footnote already: a second level would need numbers of its own, and links that lead away from the page's.
    """
    found = {match[1]: " ".join(match[2].split()) for match in _FOOTNOTE.finditer(text)}
    if not found:
        return text
    body = _FOOTNOTE.sub("", text)
    called = set(_FOOTNOTE_MARK.findall(body))
    body = _FOOTNOTE_MARK.sub(lambda mark: f" ({found[mark[1]]})" if mark[1] in found else mark[0], body)
    return "\n\n".join([body.strip(), *(words for key, words in found.items() if key not in called)])


def _emphasised(text: str) -> Markup:
    """Plain text with its emphasis."""
    shown = escaped(text)
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", shown) if "*" in shown else shown)  # noqa: S704 - escaped, but for what is added


# ------------------------------------------------------------------ assets


def _assets(folders: Sequence[Path], sheet: str, *, fingerprint: bool) -> dict[str, Asset]:
    """Every file of the theme that is no template, by its name; `sheet`: what the site adds to the style sheet."""
    found: dict[str, Asset] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if path.is_file() and path.suffix != ".html" and name not in found and not path.name.startswith("."):
                found[name] = _asset(name, path.read_bytes(), fingerprint=fingerprint)
    if sheet:
        found["theme.css"] = _asset("theme.css", sheet.encode(), fingerprint=fingerprint)
    return found


def _asset(name: str, data: bytes, *, fingerprint: bool) -> Asset:
    stem, dot, suffix = name.rpartition(".")
    if fingerprint and f".{suffix}" in _FINGERPRINTED:
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
    """Where a template failed: the line that a syntax error names, else the innermost template of the traceback.

    The hint names the chain that led there: which template extends or includes which, innermost first.
    """
    chain = _chain(fault, folders) or [Where(f"templates/{template}")]
    if isinstance(fault, TemplateSyntaxError):
        place = Where(f"templates/{fault.name or template}", fault.lineno)
        return error(place, fault.message or "syntax error", _reached([each for each in chain if each.path != place.path]))
    place, *above = reversed(chain)
    if isinstance(fault, TemplateNotFound):
        return error(place, f"there is no template {fault.name}", _reached(above[::-1]))
    message = str(fault) if isinstance(fault, TemplateError) else f"{type(fault).__name__}: {fault}"
    return error(place, message or type(fault).__name__, _reached(above[::-1]))


def _chain(fault: Exception, folders: Sequence[Path]) -> list[Where]:
    """The places in templates that the traceback of a fault goes through, outermost first."""
    roots = tuple(str(folder) for folder in folders)
    chain = []
    trace = fault.__traceback__
    while trace:
        file_name = trace.tb_frame.f_code.co_filename
        if file_name.endswith(".html") and file_name.startswith(roots):
            root = next(root for root in roots if file_name.startswith(root))
            chain.append(Where(f"templates/{Path(file_name).relative_to(root).as_posix()}", trace.tb_lineno))
        trace = trace.tb_next
    return chain


def _reached(chain: Sequence[Where]) -> str:
    """Where a fault was reached from, nearest first."""
    return f"reached from {', from '.join(map(str, reversed(chain)))}" if chain else ""
