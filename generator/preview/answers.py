"""A plain path in, the answer out: the file it names in the built site, with the live script in pages.

Every part of a path is opened without following links, and no name that starts with a dot is served. The script is added
to pages on their way out, never to the files.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape, unescape
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from generator.preview.live import Live
from generator.site.hosting import POLICY, SEARCH_POLICY
from generator.site.search import SEARCH_ROUTE

SCRIPT_ROUTE = "/__variorum__/live.js"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".webmanifest": "application/manifest+json",
}
"""A table of our own: the system's differs from machine to machine."""

_POLICY = re.compile(rb'<meta\s+http-equiv="?content-security-policy"?\s+content="([^"]*)"\s*/?>\s*', re.IGNORECASE)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

_OWN_MISSING = "404.html"
_BUILDING = "The site is being built", "This page appears by itself as soon as it is."
_UNBUILT = "The site could not be built yet", "This page gives way to it by itself as soon as the faults below are mended."
_LOST = "There is no such page", "It appears here by itself if a build makes it."


def file_answer(path: str, query: str, folder: Path, live: Live, wanted: str | None) -> Response:
    """The file that a path names under the site's prefix, its folder's index, a redirection, or the page for what is not there.

    `wanted`: the bytes asked for, as a Range header names them.
    """
    prefix, build = live.notice.prefix, live.build  # before the file is read: a page may be newer than it says, never older
    if not path.startswith(prefix):
        return _redirect(prefix, query) if f"{path}/" == prefix or path == "/" else _missing(folder, live, build)
    inside = path.removeprefix(prefix)
    name = f"{inside}index.html" if inside == "" or inside.endswith("/") else inside
    data = _read(folder, name)
    if data is not None:
        return _page(name, data, prefix, build, 200) if _type(name).startswith("text/html") else _part(name, data, wanted)
    if not inside.endswith("/") and _read(folder, f"{inside}/index.html") is not None:
        return _redirect(f"{path}/", query)
    return _missing(folder, live, build)


def plain(status: int, text: str) -> Response:
    """A line of text."""
    return Response(f"{text}.\n", status, media_type=_TYPES[".txt"])


def script_answer(data: bytes) -> Response:
    """The live script."""
    return Response(data, media_type=_TYPES[".js"])


def _redirect(path: str, query: str) -> Response:
    return RedirectResponse(quote(path) + (f"?{query}" if query else ""))


def _missing(folder: Path, live: Live, build: str) -> Response:
    """The site's own page for what is not there, or one of ours, which says so while there is no site at all."""
    own = _read(folder, _OWN_MISSING)
    if own is not None:
        return _page(_OWN_MISSING, own, live.notice.prefix, build, 404, is_missing=True)
    is_built = _read(folder, "index.html") is not None
    title, text = _LOST if is_built else _UNBUILT if live.notice.faults else _BUILDING
    link = f' <a href="{escape(quote(live.notice.prefix))}">To the first page</a>' if is_built else ""
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"</head><body><main><h1>{title}</h1><p>{text}{link}</p></main></body></html>\n"
    )
    return _page(_OWN_MISSING, page.encode(), live.notice.prefix, build, 404 if is_built else 503, is_missing=True)


# ------------------------------------------------------------------ files


def _type(name: str) -> str:
    return _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def _part(name: str, data: bytes, wanted: str | None) -> Response:
    """A file that is no page, or the part of it that is wanted. Several parts at once, or nonsense: all of it (RFC 9110, 14.2)."""
    size = len(data)
    headers = {"accept-ranges": "bytes"}
    match = _RANGE.fullmatch(wanted.strip()) if wanted is not None else None
    if match is None or match[0] == "bytes=-" or (match[1] and match[2] and int(match[2]) < int(match[1])):
        return Response(data, 200, headers, _type(name))
    first = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    last = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if first >= size or (not match[1] and int(match[2]) == 0):
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Response(data[first : last + 1], 206, headers, _type(name))


def _read(folder: Path, name: str) -> bytes | None:
    """The bytes of a plain file in `folder`; None for anything else. No part of the name may be a link or start with a dot."""
    parts = name.split("/")
    if any(part == "" or part.startswith(".") for part in parts):
        return None
    try:
        with _opened(folder, parts) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            with open(descriptor, "rb", closefd=False) as file:
                return file.read()
    except (OSError, ValueError):
        return None


@contextmanager
def _opened(folder: Path, parts: Sequence[str]) -> Iterator[int]:
    """A descriptor reached from `folder` part by part, following no link; a check of the last part alone is no check."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for index, part in enumerate(parts):
            is_last = index == len(parts) - 1
            flags = os.O_NONBLOCK if is_last else os.O_DIRECTORY
            above, descriptor = descriptor, os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=descriptor)
            os.close(above)
        yield descriptor
    finally:
        os.close(descriptor)


# ------------------------------------------------------------------ pages


def _page(name: str, data: bytes, prefix: str, build: str, status: int, *, is_missing: bool = False) -> Response:
    """A page with the script at its end, under the policy that hosts are told to send (`_headers`).

    A policy in the page itself would forbid the event stream, so it moves to the header. Besides what a policy says, the script
    may run and listen.
    """
    missing = " data-missing" if is_missing else ""
    tag = f'<script src="{SCRIPT_ROUTE}" data-build="{build}" data-prefix="{escape(prefix)}"{missing}></script>'.encode()
    head, end, tail = data.rpartition(b"</body>")
    page = head + tag + end + tail if end else data + tag
    policy = SEARCH_POLICY if name == SEARCH_ROUTE else POLICY
    match = _POLICY.search(page)
    stated = unescape(match[1].decode("utf-8", "replace")) if match else ""
    if match and stated.isascii():
        page = page[: match.start()] + page[match.end() :]
        policy = stated
    return Response(page, status, {"content-security-policy": _opened_up(policy)}, _TYPES[".html"])


def _opened_up(policy: str) -> str:
    """A policy with 'self' allowed for scripts and connections."""
    directives = {words[0].lower(): words[1:] for part in policy.split(";") if (words := part.split())}
    for name in ("script-src", "connect-src"):
        sources = [source for source in directives.get(name, directives.get("default-src", ["'self'"])) if source != "'none'"]
        directives[name] = sources if "'self'" in sources else ["'self'", *sources]
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
