"""The site's own pages: content/pages/<name>.md, with the pictures that lie beside them.

In: the site's root and its settings. Out: `OwnPages`, and every fault with its place. Bodies stay Markdown: `site.document` renders
them. A page whose front matter is at fault is left out; a link that leads nowhere is a warning, and its words stand without it.
Nothing but content/pages/ is read, and nothing is fetched.

    content/pages/about.md     → about/index.html
    content/pages/desk.jpg     → pages/desk.jpg, where an own page shows it
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.addresses import RESERVED
from generator.config import SiteConfig
from generator.errors import Diagnostic, Where, did_you_mean, error, warning
from generator.layout import CONFIG, CONTENT, PAGES, SLUG
from generator.reading.files import MISSING, TextFile, folder_names, read_bytes, read_text, shown_path
from generator.reading.formats import Fault, shown
from generator.reading.frontmatter import read_front_matter
from generator.reading.invisible import invisible
from generator.reading.markdown import commonmark, is_laborious, is_safe_link, is_too_deep
from generator.schema import NAME_LIMIT, PageFrontMatter
from generator.staticfiles import StaticFile, static_files

PAGE_LIMIT = 1024 * 1024
"""Largest page in bytes."""

PICTURE_LIMIT = 16 * 1024 * 1024
"""Largest picture in bytes; what a phone takes is 5 MB."""

PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
"""Suffixes of pictures that pages may show."""

_SITE_ADDRESS = re.compile(r"/(?:[^/\\\s]+/)*[^/\\\s]*")
_FILE = re.compile(r"[^/\\\x00-\x1f\x7f]+")


def page_parser() -> MarkdownIt:
    """The parser of own pages: CommonMark with tables."""
    return commonmark().enable("table")


_PARSER = page_parser()


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of the site's own. `label`: what the navigation calls it; `is_listed`: whether it stands there; `body`: Markdown."""

    name: str
    title: str
    label: str
    is_listed: bool
    language: str
    description: str
    body: str
    where: Where


class Picture(NamedTuple):
    """A picture that an own page shows: its file name, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OwnPages:
    """All own pages in the order of the navigation, the pictures they show, by name, and the files of static/."""

    pages: tuple[OwnPage, ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[StaticFile, ...] = ()

    @property
    def navigation(self) -> tuple[tuple[str, str], ...]:
        """Name and label of each page that the navigation names."""
        return tuple((page.name, page.label) for page in self.pages if page.is_listed)


class Target(NamedTuple):
    """What a link of an own page means.

    `away`: an address elsewhere; `site`: an address from the site's root, without its slash; `page`: the name of another own page;
    `picture`: the file name of a picture; `here`: a fragment alone. `fragment` begins with `#`, or is empty.
    """

    form: Literal["away", "site", "page", "picture", "here"]
    value: str
    fragment: str = ""


def target_of(href: str) -> Target | None:
    """What an address written in an own page means, or None if it may not stand there."""
    if is_safe_link(href):
        return Target("away", href)
    path, mark, rest = href.partition("#")
    fragment = mark + rest
    name = unquote(path)
    if not path:
        return Target("here", "", fragment) if rest else None
    if name.startswith("/"):
        is_sound = _SITE_ADDRESS.fullmatch(name) and ".." not in name.split("/")
        return Target("site", path[1:], fragment) if is_sound else None
    if not _FILE.fullmatch(name) or ":" in name:
        return None
    if name.endswith(".md"):
        return Target("page", name.removesuffix(".md"), fragment)
    return Target("picture", name) if name.lower().endswith(PICTURES) else None


class _Read(NamedTuple):
    """A page as read: its place in the navigation, its file, the line at which its body begins, and its body parsed."""

    order: int
    page: OwnPage
    file: TextFile
    first_line: int
    tokens: list[Token]


def read_own_pages(root: Path, config: SiteConfig) -> tuple[OwnPages, tuple[Diagnostic, ...]]:
    """What a site has of its own: the pages in content/pages/, the pictures they show, and the files in static/."""
    files, file_faults = static_files(root)
    own, faults = _pages(root, config)
    logo = config.theme.logo
    if logo and logo not in {file.route for file in files}:
        known = [file.route for file in files]
        missing = warning(Where(CONFIG), f"there is no logo {shown(logo)}", did_you_mean(logo, known) if known else "put it there")
        faults = (*faults, missing)
    return replace(own, files=files), (*faults, *file_faults)


def _pages(root: Path, config: SiteConfig) -> tuple[OwnPages, tuple[Diagnostic, ...]]:
    """The pages and their pictures; none, and no fault, when there is no such folder."""
    names = folder_names(root, PAGES)
    if isinstance(names, Fault):
        fault = error(Where(shown_path(*PAGES)), f"the folder {names.message}", names.hint)
        return OwnPages(), () if names is MISSING else (fault,)
    stories = folder_names(root, (CONTENT,))
    pages: list[_Read] = []
    faults: list[Diagnostic] = []
    for name in names:
        if name.endswith(".md") and not name.startswith("."):
            found, own = _page(root, name, config, () if isinstance(stories, Fault) else stories)
            faults.extend(own)
            if found is not None:
                pages.append(found)
    pages.sort(key=lambda read: (read.order, read.page.name))
    known = frozenset(read.page.name for read in pages)
    wanted: set[str] = set()
    for read in pages:
        faults.extend(_link_faults(read, known, names, wanted))
    pictures, picture_faults = _pictures(root, sorted(wanted))
    return OwnPages(tuple(read.page for read in pages), pictures), (*faults, *picture_faults)


def _page(root: Path, file_name: str, config: SiteConfig, taken: Collection[str]) -> tuple[_Read | None, tuple[Diagnostic, ...]]:
    """One page, or the faults that leave it out."""
    name = file_name.removesuffix(".md")
    where = Where(shown_path(*PAGES, file_name))
    fault = _name_fault(name, taken)
    if fault is not None:
        return None, (error(where, fault.message, fault.hint),)
    file = read_text(root, (*PAGES, file_name), PAGE_LIMIT)
    if isinstance(file, Diagnostic):
        return None, (file,)
    said, start, faults = read_front_matter(file, PageFrontMatter)
    body = file.text[start:]
    if is_laborious(body):
        return None, (*faults, error(where, "more brackets than a page has", "take the text apart"), *invisible(file))
    tokens = _PARSER.parse(body)
    if is_too_deep(tokens):
        faults = (*faults, error(where, "quotations or lists nest too deep to be read", "take some levels out"))
    if said is None or faults:
        return None, (*faults, *invisible(file))
    page = OwnPage(
        name=name,
        title=said.title,
        label=said.label or said.title,
        is_listed=said.nav,
        language=said.language or config.language,
        description=said.description or "",
        body=body,
        where=where,
    )
    return _Read(said.order, page, file, file.where(start).line, tokens), invisible(file)


def _name_fault(name: str, taken: Collection[str]) -> Fault | None:
    """Why a page cannot have this name, which becomes its address."""
    if not SLUG.fullmatch(name) or len(name) > NAME_LIMIT:
        return Fault(f"{shown(name)} cannot be an address", "a page's name is lower-case letters, digits and hyphens")
    if name in RESERVED:
        return Fault(f"the address {name}/ belongs to the site itself", "rename the page")
    if name in taken:
        return Fault(f"the address {name}/ is that of content/{name}/", "rename the page or the folder")
    return None


# ------------------------------------------------------------------ links and pictures


def _link_faults(read: _Read, pages: Collection[str], files: Collection[str], wanted: set[str]) -> Iterator[Diagnostic]:
    """A warning for each link of a page that leads nowhere; the pictures it shows are added to `wanted`."""
    for line, href in _links(read.tokens):
        where = Where(read.file.path, read.first_line + line)
        target = target_of(href)
        if target is None:
            hint = "write https://…, /address/ for one of this site, or the name of a page or a picture in content/pages/"
            yield warning(where, f"no page can link to {shown(href)}", hint)
        elif target.form == "page" and target.value not in pages:
            yield warning(where, f"there is no page {shown(target.value + '.md')}", did_you_mean(target.value, pages))
        elif target.form == "picture":
            if target.value in files:
                wanted.add(target.value)
            else:
                beside = [name for name in files if name.lower().endswith(PICTURES)]
                hint = did_you_mean(target.value, beside) if beside else "put it into content/pages/"
                yield warning(where, f"there is no picture {shown(target.value)}", hint)


def _links(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Each address in a text, with the line (from 0) of the paragraph it stands in."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        for part in token.children or ():
            href = part.attrs.get("href" if part.type == "link_open" else "src")
            if part.type in {"link_open", "image"} and href is not None:
                yield line, str(href)


def _pictures(root: Path, names: list[str]) -> tuple[tuple[Picture, ...], tuple[Diagnostic, ...]]:
    pictures: list[Picture] = []
    faults: list[Diagnostic] = []
    for name in names:
        data = read_bytes(root, (*PAGES, name), PICTURE_LIMIT)
        if isinstance(data, Fault):
            faults.append(warning(Where(shown_path(*PAGES, name)), f"the picture {data.message}", data.hint))
        else:
            pictures.append(Picture(name, data))
    return tuple(pictures), tuple(faults)
