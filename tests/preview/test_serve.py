"""The preview server against raw sockets, as a hostile client sees it."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.preview import listen
from generator.preview import live as live_module
from generator.preview.answers import SCRIPT_ROUTE
from generator.preview.listen import bind
from generator.preview.live import Live, Notice, Shown
from generator.preview.serve import EVENTS_ROUTE, NOTICE_ROUTE, Address, serving
from generator.site.hosting import POLICY, SEARCH_POLICY

PAGE = b"<!doctype html>\n<html><body><p>The page \xe2\x80\x93 &lt;/body&gt;</p></body>\n</html>\n"
SECRET = b"not for anybody"


class Answer:
    """A response, taken apart."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}


class Client:
    """Speaks to one server."""

    def __init__(self, address: str, live: Live) -> None:
        self.port = int(address.rpartition(":")[2])
        self.live = live

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def raw(self, request: bytes) -> Answer:
        """The whole answer to the bytes of a request."""
        with self.connect() as connection:
            connection.sendall(request)
            return Answer(b"".join(iter(lambda: connection.recv(65536), b"")))

    def get(self, path: str, *headers: str, method: str = "GET", host: str = "localhost") -> Answer:
        lines = (f"{method} {path} HTTP/1.1", *([f"Host: {host}"] if host else []), "Connection: close", *headers, "", "")
        return self.raw("\r\n".join(lines).encode("utf-8"))

    def stream(self, seen: str) -> Iterator[dict[str, object]]:
        """The messages of an event stream, for a page of the build called `seen`."""
        with self.connect() as connection:
            connection.sendall(f"GET {EVENTS_ROUTE}?build={seen} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("ascii"))
            data = b""
            while True:
                while match := re.search(rb"data: (.*?)\n\n", data):
                    data = data[match.end() :]
                    yield json.loads(match[1])
                received = connection.recv(65536)
                if not received:
                    return
                data += received


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site, with things beside and inside it that must not be served."""
    above = tmp_path_factory.mktemp("preview")
    site = above / "site"
    for name, data in {
        "index.html": PAGE,
        "kim/index.html": PAGE,
        "kim/a text.txt": "Grüße\n".encode(),
        "assets/style.css": b"p {}",
        "assets/site.js": b"",
        "assets/picture.png": b"\x89PNG",
        "assets/data": b"\0",
        "pages/bare.html": b"<p>no body element",
        ".variorum-manifest.json": SECRET,
        ".git/config": SECRET,
        "kim/.hidden": SECRET,
        "../secret.txt": SECRET,
        "../site-drafts/secret.txt": SECRET,
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    (site / "link.txt").symlink_to("../secret.txt")
    (site / "linked").symlink_to("..")
    os.mkfifo(site / "fifo")
    return site


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        yield Client(address, live)


@pytest.fixture(scope="module")
def below(folder: Path) -> Iterator[Client]:
    """The same site under a path."""
    live = Live(Notice("/news/today/"))
    with serving(folder, live, Address("localhost", 0)) as address:
        yield Client(address, live)


# ------------------------------------------------------------------ what is served


@pytest.mark.parametrize(
    ("path", "media_type", "body"),
    [
        ("/kim/a%20text.txt", "text/plain; charset=utf-8", "Grüße\n".encode()),
        ("/assets/style.css?v=1", "text/css; charset=utf-8", b"p {}"),
        ("/assets/site.js", "text/javascript; charset=utf-8", b""),
        ("/assets/picture.png", "image/png", b"\x89PNG"),
        ("/assets/data", "application/octet-stream", b"\0"),
    ],
)
def test_files_come_as_they_are(client: Client, path: str, media_type: str, body: bytes) -> None:
    answer = client.get(path)
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, media_type, body)


@pytest.mark.parametrize("path", ["/", "/index.html", "/kim/", "/kim/index.html"])
def test_a_page_gets_the_script_before_its_end_and_is_else_unchanged(client: Client, path: str) -> None:
    answer = client.get(path)
    tag = f'<script src="{SCRIPT_ROUTE}" data-build="{client.live.build}" data-prefix="/"></script>'.encode("ascii")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.body == PAGE.replace(b"</body>", tag + b"</body>")


def test_a_page_without_an_end_gets_the_script_too(client: Client) -> None:
    assert client.get("/pages/bare.html").body.startswith(b"<p>no body element<script src=")


def test_the_script_is_served_by_the_server(client: Client) -> None:
    answer = client.get(SCRIPT_ROUTE)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert b"EventSource" in answer.body
    assert EVENTS_ROUTE.encode() in answer.body


def test_a_folder_without_its_slash_is_redirected(client: Client) -> None:
    answer = client.get("/kim")
    assert (answer.status, answer.headers["location"]) == (307, "/kim/")


def test_what_is_not_there_is_a_page_that_reloads(client: Client) -> None:
    answer = client.get("/none.html")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"live.js" in answer.body


def test_the_sites_own_page_for_what_is_not_there_is_used(client: Client, folder: Path) -> None:
    (folder / "404.html").write_bytes(b"<p>Lost</p>")
    try:
        answer = client.get("/none")
    finally:
        (folder / "404.html").unlink()
    assert answer.status == 404
    assert answer.body.startswith(b"<p>Lost</p>")


def test_a_head_request_has_no_body(client: Client) -> None:
    answer = client.get("/kim/a%20text.txt", method="HEAD")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "8")
    answer = client.get(EVENTS_ROUTE, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/assets/style.css", "/none", "/../x", SCRIPT_ROUTE])
def test_nothing_is_stored_sniffed_or_framed(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert not {"server", "access-control-allow-origin"} & headers.keys()


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/", 307, "/news/today/"),
        ("/news/today", 307, "/news/today/"),
        ("/news/today/kim", 307, "/news/today/kim/"),
        ("/news/today/", 200, None),
        ("/news/today/kim/", 200, None),
        ("/kim/", 404, None),
        ("/news/", 404, None),
        (SCRIPT_ROUTE, 200, None),
    ],
)
def test_the_site_stands_under_its_own_path(below: Client, path: str, status: int, location: str | None) -> None:
    answer = below.get(path)
    assert (answer.status, answer.headers.get("location")) == (status, location)


def test_a_path_that_is_not_ascii_is_served_under_its_escapes(folder: Path) -> None:
    live = Live(Notice("/grüße/vom kap/"))
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        answer = client.get("/gr%C3%BC%C3%9Fe/vom%20kap/kim")
        assert (answer.status, answer.headers["location"]) == (307, "/gr%C3%BC%C3%9Fe/vom%20kap/kim/")
        assert 'data-prefix="/grüße/vom kap/"'.encode() in client.get(answer.headers["location"]).body


def test_a_redirection_keeps_the_query(below: Client) -> None:
    assert below.get("/news/today/kim?view=inline").headers["location"] == "/news/today/kim/?view=inline"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-3", (206, "bytes 0-3/10", b"0123")),
        ("bytes=8-", (206, "bytes 8-9/10", b"89")),
        ("bytes=8-99", (206, "bytes 8-9/10", b"89")),
        ("bytes=-3", (206, "bytes 7-9/10", b"789")),
        ("bytes=-99", (206, "bytes 0-9/10", b"0123456789")),
        ("bytes=9-9", (206, "bytes 9-9/10", b"9")),
        ("bytes=10-", (416, "bytes */10", b"")),
        ("bytes=99-100", (416, "bytes */10", b"")),
        ("bytes=-0", (416, "bytes */10", b"")),
        ("bytes=3-1", (200, None, b"0123456789")),
        ("bytes=-", (200, None, b"0123456789")),
        ("bytes=0-1,3-4", (200, None, b"0123456789")),
        ("bytes=x-", (200, None, b"0123456789")),
        ("lines=1-2", (200, None, b"0123456789")),
        (f"bytes=0-{'9' * 50}", (200, None, b"0123456789")),
    ],
)
def test_a_part_of_a_file_may_be_asked_for(
    client: Client, folder: Path, wanted: str, expected: tuple[int, str | None, bytes]
) -> None:
    (folder / "assets/digits.txt").write_bytes(b"0123456789")
    answer = client.get("/assets/digits.txt", f"Range: {wanted}")
    assert (answer.status, answer.headers.get("content-range"), answer.body) == expected
    assert answer.headers["accept-ranges"] == "bytes"
    whole = client.get("/assets/digits.txt", f"Range: {wanted}", 'If-Range: "x"')
    assert (whole.status, whole.body) == (200, b"0123456789")
    assert client.get("/assets/digits.txt", f"Range: {wanted}", method="HEAD").status == 200


def test_pages_come_whole(client: Client) -> None:
    answer = client.get("/", "Range: bytes=0-3")
    assert answer.status == 200
    assert "accept-ranges" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/kim/", "/none.html", "/assets/style.css"])
def test_before_there_is_a_site_every_page_says_so_and_waits(tmp_path: Path, path: str) -> None:
    live = Live(Notice())
    with serving(tmp_path / "none", live, Address("localhost", 0)) as address:
        client = Client(address, live)
        answer = client.get(path)
        assert answer.status == 503
        assert b"The site is being built" in answer.body
        live.tell(Notice(faults=(Shown("variorum.toml:1", "broken"),)))
        answer = client.get(path)
        assert answer.status == 503
        assert b"The site could not be built yet" in answer.body
        assert b" data-missing></script>" in answer.body


# ------------------------------------------------------------------ what is not


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/../secret.txt", 400),
        ("/kim/../../secret.txt", 400),
        ("/%2e%2e/secret.txt", 400),
        ("/.%2e/secret.txt", 400),
        ("/%2e%2e%2fsecret.txt", 400),
        ("/..%2Fsecret.txt", 400),
        ("/..%5csecret.txt", 400),
        ("/..\\secret.txt", 400),
        ("/%252e%252e/secret.txt", 404),
        ("/%252e%252e%252fsecret.txt", 404),
        ("/..%252fsecret.txt", 404),
        ("/%c0%ae%c0%ae/secret.txt", 400),
        ("/%ff", 400),
        ("/%", 400),
        ("/%zz", 400),
        ("/%u002e", 400),
        ("/index.html%00.txt", 400),
        ("/a%0d%0aX-Evil:%201", 400),
        ("/%7f", 400),
        ("//secret.txt", 400),
        ("//evil.example/..", 400),
        ("/kim//", 400),
        ("/./index.html", 400),
        ("/C:/secret.txt", 400),
        ("/index.html:stream", 400),
        ("secret.txt", 400),
        ("*", 400),
        ("http://localhost/index.html", 400),
        ("http://evil.example/", 400),
        ("/.variorum-manifest.json", 404),
        ("/.git/config", 404),
        ("/%2egit/config", 404),
        ("/kim/.hidden", 404),
        ("/link.txt", 404),
        ("/linked/secret.txt", 404),
        ("/linked/site/index.html", 404),
        ("/fifo", 404),
        ("/assets/", 404),
        ("/assets", 404),
        ("/index.html/", 404),
        ("/site-drafts/secret.txt", 404),
        ("/-drafts/secret.txt", 404),
        (f"/{'a' * 5000}", 404),
        (f"/{'a/' * 2000}x", 404),
        ("/etc/passwd", 404),
        ("/__variorum__/", 404),
        ("/__variorum__/serve.py", 404),
    ],
)
def test_nothing_outside_or_hidden_is_served(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status == status
    assert SECRET not in answer.body


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost:1234", "127.0.0.1", "127.0.0.1:80", "127.8.9.1", "[::1]", "[::1]:8000"]
)
def test_loopback_hosts_are_answered(client: Client, host: str) -> None:
    assert client.get("/", host=host).status == 200


OTHER_HOSTS = """
evil.example localhost.evil.example 127.0.0.1.evil.example evil.localhost localhost. 0.0.0.0 192.168.1.5 [::] [::1 ::1 localhost:
localhost:80:80 user@localhost localhost/x 2130706433 127.1 0x7f.0.0.1 [ - localhost:999999 [::ffff:10.0.0.1]
"""


@pytest.mark.parametrize("host", OTHER_HOSTS.split())
def test_other_hosts_are_refused(client: Client, host: str) -> None:
    assert client.get("/", host=host).status == 403


def test_a_request_without_a_host_is_refused(client: Client) -> None:
    assert client.get("/", host="").status == 400
    assert client.raw(b"GET / HTTP/1.0\r\n\r\n").status == 403


def test_a_request_with_two_hosts_is_refused(client: Client) -> None:
    assert client.get("/", "Host: evil.example").status in {400, 403}
    assert client.get("/", "Host: localhost").status in {400, 403}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost", "null", "http://localhost:9", "http://localhost.evil.example", ""]
)
@pytest.mark.parametrize("path", ["/", EVENTS_ROUTE])
def test_foreign_origins_are_refused(client: Client, origin: str, path: str) -> None:
    assert client.get(path, f"Origin: {origin}").status == 403


def test_the_own_origin_is_fine(client: Client) -> None:
    assert client.get("/", f"Origin: http://localhost:{client.port}", host=f"localhost:{client.port}").status == 200


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("cross-site", "no-cors", 403),
        ("cross-site", "cors", 403),
        ("same-site", "no-cors", 403),
        ("cross-site", "navigate", 200),
        ("same-origin", "no-cors", 200),
        ("none", "navigate", 200),
    ],
)
def test_other_sites_may_link_here_and_not_read(client: Client, site: str, mode: str, status: int) -> None:
    assert client.get("/", f"Sec-Fetch-Site: {site}", f"Sec-Fetch-Mode: {mode}").status == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "BREW"])
def test_only_get_and_head_are_known(client: Client, method: str) -> None:
    answer = client.get("/", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n X: y\r\n Z\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"y" * 200_000,
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 20_000,
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\0" * 70_000,
    ],
)
def test_what_is_no_request_does_no_harm(client: Client, request_bytes: bytes) -> None:
    with client.connect() as connection:
        answer = b""
        with suppress(OSError):  # it may hang up before it has heard all of it
            connection.sendall(request_bytes + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not answer or Answer(answer).status in {400, 403, 405, 200}
    assert SECRET not in answer
    assert client.get("/").status == 200


@settings(max_examples=30)
@given(path=st.text(st.characters(codec="latin-1", exclude_characters="\r\n \t\0"), max_size=30))
def test_no_path_breaks_the_server_or_gets_out(client: Client, path: str) -> None:
    answer = client.get(f"/{path}")
    assert answer.status < 500
    assert SECRET not in answer.body


def test_clients_that_say_nothing_hold_nobody_up(client: Client) -> None:
    silent = [client.connect() for _ in range(60)]
    for connection in silent:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    assert client.get("/").status == 200
    for connection in silent:
        connection.close()


def is_closed(connection: socket.socket) -> bool:
    """Whether the server ends a connection, sooner or later."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return True


@pytest.mark.parametrize(
    "sent", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: loc", b"GET /assets/site.js HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT"]
)
def test_a_client_that_never_ends_its_request_is_sent_away(folder: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(listen, "REQUEST_S", 0.1)
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address, Client(address, live).connect() as connection:
        connection.sendall(sent)
        assert is_closed(connection)


def test_a_client_that_sends_byte_by_byte_is_sent_away_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "REQUEST_S", 0.2)
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address, Client(address, live).connect() as connection:
        with suppress(OSError):
            for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 2000:
                connection.sendall(bytes([byte]))
                threading.Event().wait(0.01)
            pytest.fail("it may go on for ever")
        assert Client(address, live).get("/").status == 200


def test_a_page_that_listens_is_not_sent_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "REQUEST_S", 0.05)
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        news = Client(address, live).stream(live.build)
        next(news)
        threading.Event().wait(0.3)
        live.tell(Notice(changed=("x",)))
        assert next(news)["changed"] == ["x"]


def test_requests_on_one_connection_are_answered_in_turn(client: Client) -> None:
    one = b"GET /assets/style.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /assets/data HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with client.connect() as connection:
        connection.sendall(one * 20 + last)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answers.count(b"HTTP/1.1 200") == 21
    assert answers.count(b"p {}") == 20
    assert answers.endswith(b"\0")


# ------------------------------------------------------------------ live reload


def test_a_stream_tells_the_present_notice_and_every_new_one(folder: Path) -> None:
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        news = client.stream(live.build)
        assert next(news) == {"id": live.build, "prefix": "/", "faults": [], "changed": []}
        live.tell(Notice(faults=(Shown("a.txt:1", "“broken” \x1b", line=1, at="x"),)))
        fault = {"place": "a.txt:1", "message": "“broken” \x1b", "hint": "", "line": 1}
        assert next(news)["faults"] == [fault | {"before": "", "at": "x", "after": ""}]
        live.tell(Notice(changed=("kim/index.html", "assets/style.css")))
        assert next(news) == {"id": live.build, "prefix": "/", "faults": [], "changed": ["assets/style.css", "kim/index.html"]}
        assert f'data-build="{live.build}"'.encode() in client.get("/").body
    assert list(news) == []


def test_a_page_that_was_away_is_told_what_changed_meanwhile(folder: Path) -> None:
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        first = live.build
        live.tell(Notice(changed=("one.html",)))
        second = live.build
        live.tell(Notice(changed=("two.html", "one.html")))
        live.tell(Notice(changed=("three.html",)))

        def asked(build: str, *headers: str) -> object:
            answer = client.get(f"{NOTICE_ROUTE}?build={build}", *headers)
            assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
            return json.loads(answer.body)["changed"]

        assert asked(first) == ["one.html", "three.html", "two.html"]
        assert asked(second) == ["one.html", "three.html", "two.html"]
        assert asked(live.build) == []
        assert asked(first, f"Last-Event-ID: {live.build}") == []
        assert next(client.stream(first))["changed"] == ["one.html", "three.html", "two.html"]


@pytest.mark.parametrize(
    "seen", ["", "x", "other.1", "{0}.99", "{0}.-1", "{0}.%C2%B2", f"{{0}}.{'9' * 5000}", "{0}.", "%00", "{0}.0.0"]
)
def test_a_page_of_another_run_or_of_nowhere_is_told_that_everything_changed(client: Client, seen: str) -> None:
    answer = client.get(f"{NOTICE_ROUTE}?build={seen.format(client.live.build.partition('.')[0])}")
    assert json.loads(answer.body)["changed"] is None


def test_more_changes_than_are_remembered_are_everything() -> None:
    live = Live(Notice())
    first = live.build
    live.tell(Notice(changed=tuple(map(str, range(live_module.REMEMBERED + 1)))))
    second = live.build
    live.tell(Notice(changed=("new.html",)))
    assert live.message(first)["changed"] is None
    assert live.message(second)["changed"] == ["new.html"]
    live.tell(Notice(changed=None))
    assert live.message(second)["changed"] is None
    assert live.message(live.build)["changed"] == []


def test_the_prefix_follows_the_settings(folder: Path) -> None:
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        live.tell(Notice("/new/"))
        assert client.get("/new/").status == 200
        assert json.loads(client.get(NOTICE_ROUTE).body)["prefix"] == "/new/"


@pytest.fixture
def many_files() -> Iterator[None]:
    """Both ends of every connection are in this process."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("many_files")
def test_five_hundred_idle_streams_hold_nobody_up(folder: Path) -> None:
    threads = set(threading.enumerate())
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        streams = [client.stream(live.build) for _ in range(500)]
        assert all(next(stream)["id"] == live.build for stream in streams)
        assert client.get("/").status == 200
        live.tell(Notice(changed=("x",)))
        assert all(next(stream)["id"] == live.build for stream in streams)
    assert set(threading.enumerate()) == threads
    for stream in streams:
        stream.close()


def test_more_streams_than_a_process_can_hold_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "STREAMS", 2)
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        streams = [client.stream(live.build) for _ in range(2)]
        assert [next(stream)["id"] for stream in streams] == [live.build] * 2
        assert client.get(EVENTS_ROUTE).status == 503
        assert client.get("/").status == 200


def test_a_quiet_stream_has_a_heartbeat_and_a_client_that_left_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "HEARTBEAT_S", 0.02)
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        client = Client(address, live)
        with client.connect() as connection:
            connection.sendall(f"GET {EVENTS_ROUTE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("ascii"))
            data = b""
            while b": still here" not in data:
                data += connection.recv(1000)
        waited = threading.Event()
        for _ in range(1000):
            if not live._waiting:  # noqa: SLF001 nothing outside shows whether a stream was forgotten
                break
            waited.wait(0.02)
        assert not live._waiting  # noqa: SLF001 see above


def test_telling_when_nobody_listens_any_more_is_no_fault(folder: Path) -> None:
    live = Live(Notice())
    with serving(folder, live, Address("localhost", 0)) as address:
        assert next(Client(address, live).stream(""))["id"] == live.build
    live.tell(Notice(changed=("x",)))
    assert live.message("")["id"] == live.build


def test_nothing_is_read_while_a_change_is_made_in_place(folder: Path) -> None:
    live, gate = Live(Notice()), threading.Lock()
    with serving(folder, live, Address("localhost", 0), gate) as address:
        client = Client(address, live)
        with client.connect() as connection:
            with gate:
                connection.sendall(b"GET /assets/style.css HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                connection.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    connection.recv(1)
            connection.settimeout(20)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")


# ------------------------------------------------------------------ policy


def test_pages_come_under_the_policy_of_the_published_site(client: Client, folder: Path) -> None:
    def allowed(policy: str) -> set[str]:
        return {part.strip() for part in policy.split(";")} - {"connect-src 'self'"}

    (folder / "search").mkdir()
    (folder / "search/index.html").write_bytes(PAGE)
    for path, published in (("/", POLICY), ("/none", POLICY), ("/search/", SEARCH_POLICY)):
        policy = client.get(path).headers["content-security-policy"]
        assert allowed(policy) == allowed(published)
        assert "connect-src 'self'" in policy


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default-src &#39;none&#39;; script-src 'self'", "default-src 'none'; script-src 'self'; connect-src 'self'"),
        ("default-src 'self'", "default-src 'self'; script-src 'self'; connect-src 'self'"),
        ("script-src 'none'; connect-src 'none'", "script-src 'self'; connect-src 'self'"),
        ("script-src 'sha256-x'; ;", "script-src 'self' 'sha256-x'; connect-src 'self'"),
        ("upgrade-insecure-requests", "upgrade-insecure-requests; script-src 'self'; connect-src 'self'"),
        ("img-src\n  'self'", "img-src 'self'; script-src 'self'; connect-src 'self'"),
    ],
)
def test_a_policy_in_the_page_moves_to_the_header_and_lets_the_stream_through(
    folder: Path, client: Client, policy: str, expected: str
) -> None:
    (folder / "policy.html").write_text(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<p>x</p>')
    try:
        answer = client.get("/policy.html")
    finally:
        (folder / "policy.html").unlink()
    assert answer.headers["content-security-policy"] == expected
    assert answer.body.startswith(b"<p>x</p>")


@pytest.mark.parametrize("policy", ["img-src ü", "img-src &#8217;self&#8217;", "img-src &hellip;"])
def test_a_policy_that_no_header_can_say_stays_in_the_page(folder: Path, client: Client, policy: str) -> None:
    page = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<p>x</p>'
    (folder / "policy.html").write_text(page, encoding="utf-8")
    try:
        answer = client.get("/policy.html")
    finally:
        (folder / "policy.html").unlink()
    assert (answer.status, answer.body[: len(page.encode())].decode()) == (200, page)


# ------------------------------------------------------------------ ports


def test_a_port_that_is_taken_gives_the_next_one(folder: Path) -> None:
    with serving(folder, Live(Notice()), Address("localhost", 0)) as first:
        port = int(first.rpartition(":")[2])
        with serving(folder, Live(Notice()), Address("localhost", port)) as second:
            assert int(second.rpartition(":")[2]) > port


@pytest.mark.parametrize(("name", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_port_taken_on_one_loopback_address_only_counts_as_taken(folder: Path, name: str, family: socket.AddressFamily) -> None:
    try:
        other = socket.create_server((name, 0), family=family)
    except OSError:
        pytest.skip(f"no {name} on this machine")
    with other:
        port = other.getsockname()[1]
        with serving(folder, Live(Notice()), Address("localhost", port)) as address:
            assert int(address.rpartition(":")[2]) != port


def test_any_port_is_never_one_that_only_the_system_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The port that the first address was given is taken on the second."""
    real, asked = listen.listener, []

    def taken_at_first(family: socket.AddressFamily, name: str, port: int) -> socket.socket:
        asked.append(port)
        if len(asked) == 2:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return real(family, name, port)

    monkeypatch.setattr(listen, "listener", taken_at_first)
    sockets = bind("localhost", 0)
    assert asked[2] == 0
    for each in sockets:
        each.close()


def test_without_a_free_port_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "PORTS_TRIED", 1)
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="no free port"):
        bind("127.0.0.1", other.getsockname()[1])


def test_a_host_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="assign"):
        bind("192.0.2.1", 0)


def test_without_one_protocol_the_other_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    real = listen.listener

    def only_four(family: socket.AddressFamily, name: str, port: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported")
        return real(family, name, port)

    monkeypatch.setattr(listen, "listener", only_four)
    sockets = bind("localhost", 0)
    assert [each.getsockname()[0] for each in sockets] == ["127.0.0.1"]
    for each in sockets:
        each.close()


def test_without_the_protocol_that_was_asked_for_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> socket.socket:
        raise OSError(97, "Address family not supported")

    monkeypatch.setattr(listen, "listener", none)
    with pytest.raises(OSError, match="not supported"):
        bind("localhost", 0)


@pytest.mark.parametrize(("host", "name"), [("0.0.0.0", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])  # noqa: S104 one is under test
def test_the_address_is_one_that_a_browser_opens(folder: Path, host: str, name: str) -> None:
    with serving(folder, Live(Notice()), Address(host, 0)) as address:
        assert re.fullmatch(rf"http://{re.escape(name)}:\d+", address)


def test_bound_to_everything_addresses_in_figures_are_answered_and_names_are_not(folder: Path) -> None:
    live = Live(Notice())
    with serving(folder, live, Address("0.0.0.0", 0)) as address:  # noqa: S104 what is under test
        client = Client(address, live)
        assert client.get("/", host="192.168.1.5:8000").status == 200
        assert client.get("/", host="evil.example").status == 403
