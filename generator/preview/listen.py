"""Sockets and connections of the preview server: which port, and how long a client may think before it asks.

In: a host and a port. Out: listening sockets; a protocol for uvicorn that closes connections on which no request comes.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from itertools import repeat

from uvicorn.protocols.http.h11_impl import H11Protocol

PORTS_TRIED = 50
"""How many ports are tried from the wanted one on."""

REQUEST_S = 10.0
"""How long a connection may stay without a whole request. Browsers open some in advance, and open them anew when closed."""

LOOPBACK = ("127.0.0.1", "::1")


def bind(host: str, port: int) -> list[socket.socket]:
    """Listening sockets for `host` on the first port from `port` on that is free; `localhost` is both loopback addresses.

    Raises `OSError` if none of `PORTS_TRIED` is free, or `host` is not of this machine.
    """
    # Any port (0) may be taken on the other loopback address: another one, then, and not those that nobody may bind.
    for candidate in range(port, min(port + PORTS_TRIED, 65536)) if port else repeat(0, PORTS_TRIED):
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
        for name in LOOPBACK if host == "localhost" else (host,):
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


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, that closes a connection on which no whole request comes: uvicorn itself waits for ever."""

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as narrow as uvicorn's own
        """A client connected; its time runs."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Bytes came; its time runs on until they make a request, and anew after each answer."""
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()
        else:
            self._expect()

    def on_response_complete(self) -> None:
        """A request was answered."""
        super().on_response_complete()
        if not self._is_answering():
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left, or was sent away."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return bool(self.cycle) and not self.cycle.response_complete  # uvicorn's annotation does not say that it may be None

    def _expect(self) -> None:
        if self._overdue is None and not self.transport.is_closing():
            self._overdue = self.loop.call_later(REQUEST_S, self._give_up)

    def _stop_waiting(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _give_up(self) -> None:
        self.transport.close()
