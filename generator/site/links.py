"""Where the links of a built site lead: every address and fragment in its pages, held against the files that are there.

In: the folder of a built site, whose first page says what address it is published at. Out: a diagnostic for each link that
leads nowhere, and the addresses outside the site, each with the first place that names it. Nothing is fetched here
(`elsewhere` does that), nothing written.

    links = check_links(output)
    links.faults       # output/kim/index.html:12:5: error: "#note-tol" leads nowhere (did you mean 'note-toll'?)
    links.elsewhere    # {"https://example.org/report": Where("output/kim/index.html", 30, 9), …}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urlsplit

from generator.errors import Diagnostic, Where, did_you_mean, error

_ADDRESSES = frozenset({"href", "src", "poster", "data", "action", "formaction", "cite", "xlink:href"})
"""Attributes that hold one address."""

_SCHEMES = ("mailto:", "tel:", "data:", "about:")
"""What is not fetched and leads to no file."""


class _Link(NamedTuple):
    """An address as a page writes it, and where."""

    address: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page links to, what it may be linked by, and the address it says is its own (empty if it does not say)."""

    links: tuple[_Link, ...]
    ids: frozenset[str]
    canonical: str


@dataclass(frozen=True, slots=True)
class Links:
    """What was found: how many links lead to places of the site, those that lead nowhere, and addresses elsewhere."""

    count: int
    faults: tuple[Diagnostic, ...]
    elsewhere: Mapping[str, Where]


def check_links(output: Path) -> Links:
    """Follow every link of every page in `output`."""
    files = frozenset(_files(output))
    pages = {
        name: read_page((output / name).read_text(encoding="utf-8", errors="replace"))
        for name in sorted(files)
        if name.endswith(".html")
    }
    base_url = pages["index.html"].canonical if "index.html" in pages else ""
    count = 0
    faults: list[Diagnostic] = []
    elsewhere: dict[str, Where] = {}
    for name, page in pages.items():
        for link in page.links:
            where = Where(f"{output.name}/{name}", link.line, link.column)
            try:
                target = resolved(link.address, name, base_url)
            except ValueError as problem:
                faults.append(
                    error(where, f"the link {link.address!r} leads nowhere: {problem}", "write an address as https://host/path")
                )
                continue
            if target is None:
                if urlsplit(link.address).scheme in {"http", "https"} or link.address.startswith("//"):
                    elsewhere.setdefault(link.address, where)
                continue
            count += 1
            fault = _fault(target, files, pages)
            if fault:
                faults.append(error(where, f"the link {link.address!r} leads nowhere: {fault[0]}", fault[1]))
    return Links(count, tuple(faults), elsewhere)


def resolved(address: str, route: str, base_url: str) -> tuple[str, str] | None:
    """The file and the fragment that an address on the page at `route` leads to; None for one outside the site.

    Source: RFC 3986, section 5, for what is relative; an address below `base_url` is inside. Raises `ValueError` for what is none.
    """
    plain, fragment = urldefrag(address.strip())
    if base_url and (plain + "/").startswith(base_url):
        plain = urlsplit(base_url).path + plain[len(base_url) :]
    if urlsplit(plain).scheme or plain.startswith("//"):
        return None
    path = unquote(urlsplit(plain).path)
    root = urlsplit(base_url).path or "/"
    if path.startswith("/"):
        if not (path + "/").startswith(root):
            return None if base_url else (path.lstrip("/"), unquote(fragment))
        path = path[len(root) :]
    elif path:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(route), path)) + (
            "/" if path.endswith(("/", "/.", "/..")) else ""
        )
        path = "" if path in {".", "./"} else path
    else:
        return route, unquote(fragment)
    return (f"{path}index.html" if path == "" or path.endswith("/") else path), unquote(fragment)


def _fault(target: tuple[str, str], files: frozenset[str], pages: Mapping[str, _Page]) -> tuple[str, str] | None:
    """Why a link inside the site leads nowhere, and what was perhaps meant."""
    name, fragment = target
    if name not in files:
        if f"{name}/index.html" in files:
            return f"{name} is a folder", "write a slash at its end"
        beside = sorted(file for file in files if posixpath.dirname(file) == posixpath.dirname(name))
        return f"there is no {name}", _hint(name, beside)
    anchor = fragment.split(":~:")[0]
    if not anchor or anchor == "top" or name not in pages or anchor in pages[name].ids:
        return None
    return f"{name} has no place called {anchor!r}", _hint(anchor, sorted(pages[name].ids))


def _hint(name: str, known: list[str]) -> str:
    """The nearest name, if one is near; a list of all would be long."""
    hint = did_you_mean(name, known) if known else ""
    return hint if hint.startswith("did you mean") else ""


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("."):
            yield name


# ------------------------------------------------------------------ a page


def read_page(text: str) -> _Page:
    """The links and ids of a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return _Page(tuple(reader.links), frozenset(reader.ids), reader.canonical)


class _Reader(HTMLParser):
    """Gathers addresses and ids. Duty: what an element's attributes say, not what its text says."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[_Link] = []
        self.ids: set[str] = set()
        self.canonical = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        line, column = self.getpos()
        said = dict(attrs)
        if tag == "link" and said.get("rel") == "canonical":
            self.canonical = said.get("href") or ""
        for key, value in attrs:
            if not value:
                continue
            if key == "id" or (key == "name" and tag == "a"):
                self.ids.add(value)
            elif key == "srcset":
                self.links += [_Link(part.split()[0], line, column + 1) for part in value.split(",") if part.split()]
            elif key in _ADDRESSES and not value.strip().lower().startswith(_SCHEMES):
                self.links.append(_Link(value, line, column + 1))
