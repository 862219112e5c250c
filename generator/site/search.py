"""Search in the reader's browser: an index of the comparisons' titles, texts and notes, and the page that asks it.

In: finished pages. Out: the files of the index below `pagefind/`, and the search page. Pagefind does the work: it reads pages,
and cuts its index so that a query loads a few kB of it. Which parts of a page count, its templates say (`data-pagefind-…`);
what stands there twice is left out here. Without the extra `search` a site has no search page; nothing else differs.

    pip install "variorum[search]"

Source: Pagefind 1.5, https://pagefind.app/docs/. Its own forms and styles are left out: the page has its own.
"""

from __future__ import annotations

import gzip
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2s
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.config import SiteConfig
from generator.site.around import Planned
from generator.site.frame import Head, Site, head_of, site_of

SEARCH_ROUTE = "search/index.html"
INDEX_FOLDER = "pagefind"

TWICE = (
    ".row:not(.only) > p.m", ".sn", ".rn", ".only-l", ".pn", ".cols", "#key", ".rds", ".ref", ".hist", ".nm", "a.num", ".sg", ".vh",
)  # fmt: skip
"""What is left out of a comparison: the text with both versions in it (each version is read alone), what repeats notes, labels."""

_OURS = ("pagefind.js", "pagefind-entry.json", "wasm.", "pagefind.", "fragment/", "index/", "filter/", "sort/")
"""Files of the index that the search page loads; the rest are forms and styles, 380 kB of them."""


class SearchFault(Exception):  # noqa: N818 - a fault is what the whole program calls it
    """Pagefind failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The page that asks the index. `index`: where its files lie, from this page."""

    route: str
    template: str
    site: Site
    head: Head
    index: str


def planned(config: SiteConfig) -> tuple[Planned, ...]:
    """The search page, if the site has one. The index is no plan: it is made of all finished pages (`index`)."""
    return (Planned(SEARCH_ROUTE, "search.html", (), "", partial(search_page, config)),) if config.search else ()


def search_page(config: SiteConfig) -> SearchPage:
    """The search page."""
    site = site_of(config, SEARCH_ROUTE)
    title = site.words.text("Search")
    return SearchPage(SEARCH_ROUTE, "search.html", site, head_of(config, SEARCH_ROUTE, title, ""), f"{site.root}{INDEX_FOLDER}/")


def is_searched(page: bytes) -> bool:
    """Whether a page has anything to be found: others need not be handed to `index`."""
    return b"data-pagefind-body" in page


def index(pages: Iterable[tuple[str, bytes]], *, keep_index: bool) -> dict[str, bytes]:
    """The files of the index of these pages (route and HTML), by path in the site; none of no pages.

    `keep_index`: results lead to `…/index.html`, as relative links do. Law: same pages, same bytes, in any order.
    Raises `SearchFault`, or `OSError` from the disk. The pages are laid in a temporary folder meanwhile.
    """
    with TemporaryDirectory(prefix="variorum-search-") as folder:
        site, output = Path(folder, "site"), Path(folder, "index")
        site.mkdir()
        found = 0
        for route, page in pages:
            if is_searched(page):
                found += 1
                file = site / route
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(page)
        if not found:
            return {}
        _run(site, output, keep_index=keep_index)
        paths = sorted(path for path in output.rglob("*") if path.is_file())
        named = ((path.relative_to(output).as_posix(), path) for path in paths)
        return settled({f"{INDEX_FOLDER}/{name}": path.read_bytes() for name, path in named if name.startswith(_OURS)})


def _run(site: Path, output: Path, *, keep_index: bool) -> None:
    """Pagefind over a folder."""
    program = str(import_module("pagefind_bin").get_executable())
    options = ["--silent", "--site", str(site), "--output-path", str(output), "--exclude-selectors", ", ".join(TWICE)]
    done = subprocess.run(  # noqa: S603 - the program of the package; no argument comes from a page
        [program, *options, *(["--keep-index-url"] if keep_index else [])], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SearchFault((done.stderr or done.stdout).strip() or f"Pagefind ended with {done.returncode}")


# ------------------------------------------------------------------ the same bytes each time

_SIGNATURE = b"pagefind_dcd"
_META = re.compile(rf"{INDEX_FOLDER}/pagefind\.((.+)_[0-9a-f]+)\.pf_meta")
_FILTER = re.compile(rf"{INDEX_FOLDER}/filter/((.+)_[0-9a-f]+)\.pf_filter")
_FILTERS = 3
"""Where the filters stand in the file of a language."""


def settled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The index with its filters in the order of the alphabet.

    Pagefind writes filters as they lie in a hash table: their bytes, and the names made of them, are others at each run. A filter
    is `[name, [[value, pages], …]]`, the file of a language `[version, pages, chunks, [[name, filter's file], …], …]`, in CBOR
    after a signature. Both are written without compression, which the reader takes as well, and which no version of zlib changes.
    """
    found: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for path, data in files.items():
        if match := _FILTER.fullmatch(path):
            name, values = _read(data)
            names[match[1]], written = _named(match[2], [name, sorted(values)])
            found[f"{INDEX_FOLDER}/filter/{names[match[1]]}.pf_filter"] = written
        elif not _META.fullmatch(path):
            found[path] = data
    entry = f"{INDEX_FOLDER}/pagefind-entry.json"
    for path, data in files.items():
        if match := _META.fullmatch(path):
            content = _read(data)
            content[_FILTERS] = sorted([name, names[file]] for name, file in content[_FILTERS])
            now, written = _named(match[2], content)
            found[f"{INDEX_FOLDER}/pagefind.{now}.pf_meta"] = written
            found[entry] = found[entry].replace(match[1].encode(), now.encode())
    return found


def _read(data: bytes) -> Any:
    return import_module("cbor2").loads(gzip.decompress(data).removeprefix(_SIGNATURE))


def _named(language: str, content: object) -> tuple[str, bytes]:
    """What is written of `content`, and its name."""
    data = _SIGNATURE + bytes(import_module("cbor2").dumps(content))
    return f"{language}_{blake2s(data, digest_size=5).hexdigest()}", data
