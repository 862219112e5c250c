"""Every link of a built site, held against its files: the check of the tests, independent of `check --links`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ATTRIBUTE = re.compile(r'\s(?:href|src)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')


def pages_of(folder: Path) -> dict[str, str]:
    """The HTML of every page by its path."""
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}


def broken(folder: Path, base: str = "/") -> list[str]:
    """Links and fragments that lead nowhere; `base` is the path of the site on its host, for links that begin there."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = pages_of(folder)
    ids = {name: set(_ID.findall(html)) for name, html in pages.items()}
    return [f"{page}: {link}" for page, html in pages.items() for link in _broken(page, html, base, files, ids)]


def _broken(page: str, html: str, base: str, files: set[str], ids: Mapping[str, set[str]]) -> Iterator[str]:
    for found in set(_ATTRIBUTE.findall(html)):
        link = unescape(found)
        if re.match(r"[a-z]+:", link):
            continue
        parts = urlsplit(link)
        path = unquote(parts.path)
        if path.startswith("/"):
            if not path.startswith(base):
                yield link
                continue
            target = path.removeprefix(base)
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        target = posixpath.normpath(f"{target}/index.html").lstrip("/") if path.endswith("/") or target in {"", "."} else target
        target = target.removeprefix("./")
        if target not in files or (parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]):
            yield link
