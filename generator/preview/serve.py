"""Serves a built site on this machine, and tells open pages when there is a new one. Never builds, never writes.

In: a folder that `build` publishes into, and a `Notice` after each build. Out: HTTP on the loopback interface, under the
site's real sub-path; a script is added to pages on their way out, never to the files.

A preview shows drafts, so it must not leak: Host and Origin are checked (a page elsewhere must not read it by DNS
rebinding), GET and HEAD only, a path is decoded once and every part of it opened without following links, and no name
that starts with a dot is served.

    with serving(folder, live, "localhost", 8000) as address:
        live.tell(Notice(build="5f0c", prefix="/", faults=()))
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import json
import os
import re
import socket
import stat
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from importlib.resources import files
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote_to_bytes

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SCRIPT_ROUTE = "/__variorum__/live.js"
EVENTS_ROUTE = "/__variorum__/events"

HEARTBEAT_S = 15.0
"""How often a quiet stream sends a comment, so that a client that went away is noticed."""

PORTS_TRIED = 50
"""How many ports are tried from the wanted one on."""

GRACE_S = 1
"""How long requests under way may take when the server stops."""

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
}

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
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
"""A table of our own: the system's differs from machine to machine."""

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})|%2[fF]|%5[cC]|%00")
_BAD_CHARACTER = re.compile(r"[\x00-\x1f\x7f\\:]|//")
_POLICY = re.compile(rb'<meta\s+http-equiv="?content-security-policy"?\s+content="([^"]*)"\s*/?>\s*', re.IGNORECASE)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ANY = ("0.0.0.0", "::")  # noqa: S104 compared with what a person asked for; bound by nobody else


@dataclass(frozen=True, slots=True)
class Notice:
    """What open pages are told. `build` names the generation; `prefix` is the path it is served under ("/" or "/news/").

    `faults`: of a build that failed since, one line each; empty when all is well.
    """

    build: str
    prefix: str
    faults: tuple[str, ...]


class Live:
    """The present notice, and the streams that wait for the next. `tell` and `close` may be called from any thread."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()

    @property
    def notice(self) -> Notice:
        """What was told last."""
        return self._notice

    def tell(self, notice: Notice) -> None:
        """Send a notice to every open page; one that connects later gets it too."""
        self._notice = notice
        self._wake()

    def close(self) -> None:
        """End every stream."""
        self._is_closed = True
        self._wake()

    async def stream(self) -> AsyncIterator[bytes]:
        """Server-sent events: the present notice, and then each new one."""
        self._loop = asyncio.get_running_loop()
        wake = asyncio.Event()
        self._waiting.add(wake)
        sent: Notice | None = None
        try:
            while not self._is_closed:
                wake.clear()  # before the notice is read: one told from here on wakes us again
                if self._notice != sent:
                    sent = self._notice
                    yield f"data: {json.dumps({'build': sent.build, 'faults': sent.faults})}\n\n".encode("ascii")
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), HEARTBEAT_S)
                    continue
                yield b": still here\n\n"
        finally:
            self._waiting.discard(wake)

    def _wake(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and all streams with it
                self._loop.call_soon_threadsafe(self._set_all)

    def _set_all(self) -> None:
        for wake in self._waiting:
            wake.set()


# ------------------------------------------------------------------ answers


def application(folder: Path, live: Live, host: str) -> ASGIApp:
    """The site in `folder` as an ASGI application (HTTP only), for requests that name `host` or the loopback interface."""

    async def answer_request(scope: Scope, receive: Receive, send: Send) -> None:
        response = _answer(scope, folder, live, host)
        response.headers.update(_HEADERS)
        await response(scope, receive, send)

    return answer_request


def _answer(scope: Scope, folder: Path, live: Live, host: str) -> Response:
    headers = Headers(scope=scope)
    refusal = _refusal(scope["method"], headers, host)
    if refusal is not None:
        return refusal
    path = _decoded(scope["raw_path"])
    if path is None:
        return _plain(400, "Bad request")
    if path == SCRIPT_ROUTE:
        return Response(_script(), media_type=_TYPES[".js"])
    if path == EVENTS_ROUTE:
        if scope["method"] == "HEAD":
            return Response(media_type="text/event-stream")
        return StreamingResponse(live.stream(), media_type="text/event-stream")
    return _file_answer(path, folder, live.notice)


def _refusal(method: str, headers: Headers, host: str) -> Response | None:
    """The answer to a request that came from elsewhere or wants more than to read; None for one in order."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _is_ours(hosts[0], host):
        return _plain(403, "This preview answers only to the name it was started with (see --host)")
    origins = headers.getlist("origin")
    if any(origin.lower() != f"http://{hosts[0].lower()}" for origin in origins):
        return _plain(403, "Not for other sites")
    is_foreign = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    if is_foreign and headers.get("sec-fetch-mode") != "navigate":
        return _plain(403, "Not for other sites")
    if method not in {"GET", "HEAD"}:
        response = _plain(405, "GET and HEAD only")
        response.headers["allow"] = "GET, HEAD"
        return response
    return None


def _is_ours(value: str, host: str) -> bool:
    """Whether a Host header names this machine's loopback, or what was asked for with --host.

    Bound to all interfaces, any address in figures will do: rebinding needs a name.
    """
    match = _HOST.fullmatch(value)
    if match is None:
        return False
    name = match[1].strip("[]").lower()
    if name in {"localhost", host.lower()}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or host in _ANY


def _decoded(raw: bytes) -> str | None:
    """A request's path, decoded once; None if it is not a plain absolute path without dot segments."""
    if not raw.startswith(b"/") or _BAD_ESCAPE.search(raw):
        return None
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if _BAD_CHARACTER.search(path) or any(part in {".", ".."} for part in path.split("/")):
        return None
    return path


def _file_answer(path: str, folder: Path, notice: Notice) -> Response:
    """The file that a path names under the site's prefix, its folder's index, a redirection, or the page for what is not there."""
    if not path.startswith(notice.prefix):
        return RedirectResponse(notice.prefix) if f"{path}/" == notice.prefix or path == "/" else _missing(folder, notice)
    inside = path.removeprefix(notice.prefix)
    name = f"{inside}index.html" if inside == "" or inside.endswith("/") else inside
    data = _read(folder, name)
    if data is not None:
        return _file_response(name, data, notice, 200)
    if not inside.endswith("/") and _read(folder, f"{inside}/index.html") is not None:
        return RedirectResponse(quote(f"{path}/"))
    return _missing(folder, notice)


def _missing(folder: Path, notice: Notice) -> Response:
    """The site's own page for what is not there, or a plain one."""
    data = _read(folder, "404.html")
    if data is None:
        link = f'<p>There is no such page. <a href="{quote(notice.prefix)}">To the index</a></p>'
        data = f"<!DOCTYPE html>\n<html lang=en><title>Not found</title><body>{link}</body></html>\n".encode()
    return _file_response("404.html", data, notice, 404)


def _file_response(name: str, data: bytes, notice: Notice, status: int) -> Response:
    media_type = _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    if not media_type.startswith("text/html"):
        return Response(data, status, media_type=media_type)
    page, policy = _with_script(data, notice.build)
    return Response(page, status, {"content-security-policy": policy} if policy else None, media_type)


def _plain(status: int, text: str) -> Response:
    return Response(f"{text}.\n", status, media_type=_TYPES[".txt"])


def _script() -> bytes:
    return files(__package__).joinpath("live.js").read_bytes()


def _with_script(page: bytes, build: str) -> tuple[bytes, str]:
    """A page with the script at its end, and its content security policy, as a header that lets the script work.

    A policy in the page itself would forbid the event stream, so it moves to the header; nothing else of it changes.
    """
    tag = f'<script src="{SCRIPT_ROUTE}" data-build="{build}"></script>'.encode("ascii")
    head, end, tail = page.rpartition(b"</body>")
    page = head + tag + end + tail if end else page + tag
    match = _POLICY.search(page)
    if match is None or not match[1].isascii():
        return page, ""
    return page[: match.start()] + page[match.end() :], _policy(unescape(match[1].decode("ascii")))


def _policy(policy: str) -> str:
    """The policy with 'self' allowed for scripts and connections."""
    directives = {words[0].lower(): words[1:] for part in policy.split(";") if (words := part.split())}
    for name in ("script-src", "connect-src"):
        sources = [source for source in directives.get(name, directives.get("default-src", ["'self'"])) if source != "'none'"]
        directives[name] = sources if "'self'" in sources else ["'self'", *sources]
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


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


# ------------------------------------------------------------------ the server


@contextmanager
def serving(folder: Path, live: Live, host: str, port: int) -> Iterator[str]:
    """Serve `folder` in a thread, and yield the address. At the end every stream is closed, and the port is free.

    Takes the next free port if `port` is taken. Raises `OSError` if there is none, or `host` is not of this machine.
    """
    sockets = bind(host, port)
    config = uvicorn.Config(
        application(folder, live, host),
        http="h11",
        loop="asyncio",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, name="preview", daemon=True)
    thread.start()
    try:
        yield f"http://{_address_name(host)}:{sockets[0].getsockname()[1]}"
    finally:
        live.close()
        server.should_exit = True
        thread.join(2 * GRACE_S)
        for each in sockets:
            each.close()


def _address_name(host: str) -> str:
    """How a browser on this machine writes the host."""
    if host in _ANY:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def bind(host: str, port: int) -> list[socket.socket]:
    """Listening sockets for `host` on the first port from `port` on that is free; `localhost` is both loopback addresses."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        try:
            return _listen(host, candidate)
        except OSError as fault:
            if fault.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
    raise OSError(errno.EADDRINUSE, f"no free port from {port} on")


def _listen(host: str, port: int) -> list[socket.socket]:
    """Sockets on every address of `host`, all on one port; a protocol that the machine lacks is left out."""
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    try:
        for name in _LOOPBACK[1:] if host == "localhost" else (host,):
            family = socket.AF_INET6 if ":" in name else socket.AF_INET
            try:
                sockets.append(listener(family, name, sockets[0].getsockname()[1] if sockets else port))
            except OSError as fault:
                if fault.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    raise
                missing = fault
    except BaseException:
        for each in sockets:
            each.close()
        raise
    if missing is not None and not sockets:
        raise missing
    return sockets


def listener(family: socket.AddressFamily, name: str, port: int) -> socket.socket:
    """One listening socket. It listens at once: of two that are only bound, neither would know of the other."""
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((name, port))
        opened.listen(1024)
    except BaseException:
        opened.close()
        raise
    return opened
