"""Serves a built site on this machine, and tells open pages when there is a new one. Never builds, never writes.

In: a folder that `build` publishes into, and a `Notice` after each build. Out: HTTP on the loopback interface, under the
site's real sub-path, to those who may ask (`guard`), with a script in every page (`answers`) that listens for news (`live`).

    with serving(folder, live, Address("localhost", 8000)) as address:
        live.tell(Notice(changed=("kim/index.html",)))
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from generator.preview.answers import SCRIPT_ROUTE, file_answer, plain, script_answer
from generator.preview.guard import ANY, decoded, refusal
from generator.preview.listen import PatientProtocol, bind
from generator.preview.live import STREAMS, Live

EVENTS_ROUTE = "/__variorum__/events"
NOTICE_ROUTE = "/__variorum__/notice"

GRACE_S = 1
"""How long requests under way may take when the server stops."""

SPARE_CONNECTIONS = 200
"""Connections beyond the pages that listen; past them a request is answered 503."""

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
}


class Address(NamedTuple):
    """Where to serve, and the further names by which a request may call this machine."""

    host: str
    port: int
    names: tuple[str, ...] = ()


def application(folder: Path, live: Live, address: Address, gate: AbstractContextManager[object]) -> ASGIApp:
    """The site in `folder` as an ASGI application (HTTP only).

    `gate` is held while files are read: whoever changes the folder file by file holds it too, and no answer sees half of it.
    """
    hosts = frozenset(name.lower() for name in (address.host, *address.names))

    async def answer_request(scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refused = refusal(scope["method"], headers, hosts)
        if refused is not None:
            response = plain(*refused)
            if refused.status == 405:
                response.headers["allow"] = "GET, HEAD"
        else:
            response = _answer(scope, headers, folder, live, gate)
        response.headers.update(_HEADERS)
        await response(scope, receive, send)

    return answer_request


def _answer(scope: Scope, headers: Headers, folder: Path, live: Live, gate: AbstractContextManager[object]) -> Response:
    path = decoded(scope["raw_path"])
    if path is None:
        return plain(400, "Bad request")
    query = scope["query_string"].decode("latin-1")
    if path == SCRIPT_ROUTE:
        return script_answer(_script())
    if path in {EVENTS_ROUTE, NOTICE_ROUTE}:
        return _news(path, scope["method"], headers, query, live)
    # Without a validator no If-Range can match, and then the whole file is the answer (RFC 9110, 13.1.5).
    wanted = headers.get("range") if scope["method"] == "GET" and "if-range" not in headers else None
    with gate:
        return file_answer(path, query, folder, live, wanted)


def _news(path: str, method: str, headers: Headers, query: str, live: Live) -> Response:
    """What changed since the build that the client names: in the address, or by the last event it got; once, or as a stream."""
    seen = headers.get("last-event-id") or "".join(parse_qs(query).get("build", ()))
    if path == NOTICE_ROUTE:
        return Response(json.dumps(live.message(seen)), media_type="application/json")
    if method == "HEAD":
        return Response(media_type="text/event-stream")
    if live.is_full:
        return plain(503, "Too many pages are listening")
    return StreamingResponse(live.stream(seen), media_type="text/event-stream")


def _script() -> bytes:
    return files(__package__).joinpath("live.js").read_bytes()


# ------------------------------------------------------------------ the server


@contextmanager
def serving(folder: Path, live: Live, address: Address, gate: AbstractContextManager[object] | None = None) -> Iterator[str]:
    """Serve `folder` in a thread, and yield the address. At the end every stream is closed, and the port is free.

    Takes the next free port if the wanted one is taken. Raises `OSError` if there is none, or the host is not of this machine.
    """
    sockets = bind(address.host, address.port)
    config = uvicorn.Config(
        application(folder, live, address, gate or nullcontext()),
        http=PatientProtocol,
        loop="asyncio",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        limit_concurrency=STREAMS + SPARE_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, name="preview", daemon=True)
    thread.start()
    try:
        yield f"http://{_address_name(address.host)}:{sockets[0].getsockname()[1]}"
    finally:
        live.close()
        server.should_exit = True
        thread.join(GRACE_S)
        for each in sockets:
            each.close()


def _address_name(host: str) -> str:
    """How a browser on this machine writes the host."""
    if host in ANY:
        return "localhost"
    return f"[{host}]" if ":" in host else host
