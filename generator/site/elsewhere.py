"""Asks the web whether addresses still answer: bounded in number, time and bytes, and polite to each host.

In: addresses with the places that name them. Out: a warning for each that does not answer. The only module that opens a
connection to another machine, and only when somebody asks for it (`variorum check --links --external`).

One request at a time and a pause for each host, a few hosts side by side; HEAD first, GET where a host refuses HEAD.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag, urlsplit
from urllib.request import Request, urlopen

from generator import __version__
from generator.errors import Diagnostic, Where, warning

LIMIT = 500
"""Addresses asked in one run. A site of a hundred comparisons names about as many; from 100 to 5,000."""

HOSTS_AT_ONCE = 4
"""Hosts asked side by side. More finish sooner and look like an attack from one office; from 1 to 8."""

PAUSE_S = 1.0
"""Between two requests to one host. Less gets a checker blocked; from 0.5 to 5."""

TIMEOUT_S = 15.0
"""The longest wait for one answer. Archives take up to 10; from 5 to 60."""

_AGENT = f"Variorum/{__version__} (link check)"
_REFUSES_HEAD = frozenset({403, 404, 405, 406, 501, 503})
_GUARDED = frozenset({401, 402, 403, 429, 451, 999})
"""Answers of hosts that keep programs out: the page may be there, and nothing can be said of it."""

_SAFE = "/?%:@!$&()*+,;=~-._"
"""Characters of an address that stay as they are; others, which people paste, are percent-encoded."""


class Answer(NamedTuple):
    """What a host said: a status, or 0 and why there was none."""

    status: int
    reason: str


def check_elsewhere(
    addresses: Mapping[str, Where], ask: Callable[[str, str], Answer] | None = None, pause_s: float = PAUSE_S
) -> tuple[tuple[Diagnostic, ...], int]:
    """A warning for each address that does not answer, in the order of places; and how many were asked.

    `ask` makes one request (method, address); by default over the network. Pages on one address are asked for once.
    """
    asked = ask or request
    places: dict[str, Where] = {}
    for address, where in addresses.items():
        places.setdefault(urldefrag(address)[0], where)
    chosen = dict(sorted(places.items(), key=lambda item: item[1])[:LIMIT])
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in chosen:
        by_host[urlsplit(address).netloc].append(address)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        answers = [pair for found in pool.map(lambda urls: _ask_host(urls, asked, pause_s), by_host.values()) for pair in found]
    faults = [warning(chosen[address], *said) for address, answer in answers if (said := _said(address, answer))]
    return tuple(sorted(faults, key=lambda fault: fault.where)), len(chosen)


def _ask_host(addresses: Iterable[str], ask: Callable[[str, str], Answer], pause_s: float) -> list[tuple[str, Answer]]:
    """All addresses of one host, one after the other."""
    answers = []
    for index, address in enumerate(addresses):
        if index:
            time.sleep(pause_s)
        answer = ask("HEAD", address)
        if answer.status in _REFUSES_HEAD:
            time.sleep(pause_s)
            answer = ask("GET", address)
        answers.append((address, answer))
    return answers


def _said(address: str, answer: Answer) -> tuple[str, str] | None:
    """What is wrong with an answer, and what to do; None if the page is there, or keeps programs out."""
    if 200 <= answer.status < 400 or answer.status in _GUARDED:
        return None
    what = f"answers {answer.status}" if answer.status else f"does not answer: {answer.reason}"
    return f"{address} {what}", "mend the address, or name a copy of the page with 'archived'"


def request(method: str, address: str) -> Answer:
    """One request over the network; redirects are followed, the body is not read."""
    parts = urlsplit(address)
    plain = parts._replace(
        scheme=parts.scheme or "https", path=quote(parts.path, safe=_SAFE), query=quote(parts.query, safe=_SAFE), fragment=""
    ).geturl()
    try:
        with urlopen(Request(plain, method=method, headers={"User-Agent": _AGENT}), timeout=TIMEOUT_S) as response:  # noqa: S310 - http and https alone come here
            return Answer(response.status, "")
    except HTTPError as refusal:
        refusal.close()
        return Answer(refusal.code, "")
    except (OSError, HTTPException, ValueError) as failure:
        return Answer(0, str(getattr(failure, "reason", "") or failure) or type(failure).__name__)
