"""Who may ask the preview server, and for what: pure decisions about a request's method, headers and path.

In: a request. Out: the refusal it gets, or the plain path that it asks for. It touches no file.

A preview shows drafts, so it must not leak: Host and Origin are checked (a page elsewhere must not read it by DNS
rebinding), GET and HEAD only, and a path is decoded once.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers

ANY = ("0.0.0.0", "::")  # noqa: S104 compared with what a person asked for; bound by nobody else
"""Hosts that stand for every interface of the machine."""

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})|%2[fF]|%5[cC]|%00")
_BAD_CHARACTER = re.compile(r"[\x00-\x1f\x7f\\:]|//")


class Refusal(NamedTuple):
    """An answer that says no."""

    status: int
    reason: str


def refusal(method: str, headers: Headers, hosts: Collection[str]) -> Refusal | None:
    """The answer to a request that came from elsewhere or wants more than to read; None for one in order."""
    named = headers.getlist("host")
    if len(named) != 1 or not is_ours(named[0], hosts):
        return Refusal(403, "This preview answers only to the name it was started with (see --host and --allow-host)")
    origins = headers.getlist("origin")
    if any(origin.lower() != f"http://{named[0].lower()}" for origin in origins):
        return Refusal(403, "Not for other sites")
    is_foreign = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    if is_foreign and headers.get("sec-fetch-mode") != "navigate":
        return Refusal(403, "Not for other sites")
    if method not in {"GET", "HEAD"}:
        return Refusal(405, "GET and HEAD only")
    return None


def is_ours(value: str, hosts: Collection[str]) -> bool:
    """Whether a Host header names this machine's loopback, or one of `hosts`, in lower case.

    Bound to all interfaces, any address in figures will do: rebinding needs a name.
    """
    match = _HOST.fullmatch(value)
    if match is None:
        return False
    name = match[1].strip("[]").lower()
    if name == "localhost" or name in hosts:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or any(host in ANY for host in hosts)


def decoded(raw: bytes) -> str | None:
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
