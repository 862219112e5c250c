"""The preview server against raw sockets, as a hostile client sees it."""

from __future__ import annotations

import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.preview import serve as module
from generator.preview.serve import EVENTS_ROUTE, SCRIPT_ROUTE, Live, Notice, bind, serving

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

    def stream(self) -> Iterator[dict[str, object]]:
        """The notices of an event stream."""
        with self.connect() as connection:
            connection.sendall(f"GET {EVENTS_ROUTE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("ascii"))
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
    live = Live(Notice("b1", "/", ()))
    with serving(folder, live, "localhost", 0) as address:
        yield Client(address, live)


@pytest.fixture(scope="module")
def below(folder: Path) -> Iterator[Client]:
    """The same site under a path."""
    live = Live(Notice("b1", "/news/today/", ()))
    with serving(folder, live, "localhost", 0) as address:
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
    tag = f'<script src="{SCRIPT_ROUTE}" data-build="b1"></script>'.encode("ascii")
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
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\0" * 70_000,
    ],
)
def test_what_is_no_request_does_no_harm(client: Client, request_bytes: bytes) -> None:
    with client.connect() as connection:
        connection.sendall(request_bytes + b"\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionResetError):
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not answer or Answer(answer).status in {400, 403}
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


# ------------------------------------------------------------------ live reload


def test_a_stream_tells_the_present_notice_and_every_new_one(folder: Path) -> None:
    live = Live(Notice("b1", "/", ()))
    with serving(folder, live, "localhost", 0) as address:
        notices = Client(address, live).stream()
        assert next(notices) == {"build": "b1", "faults": []}
        live.tell(Notice("b1", "/", ("a.txt:1: error: “broken” \x1b",)))
        assert next(notices) == {"build": "b1", "faults": ["a.txt:1: error: “broken” \x1b"]}
        live.tell(Notice("b2", "/", ()))
        assert next(notices) == {"build": "b2", "faults": []}
        assert b'data-build="b2"' in Client(address, live).get("/").body
    assert list(notices) == []


def test_the_prefix_follows_the_settings(folder: Path) -> None:
    live = Live(Notice("b1", "/", ()))
    with serving(folder, live, "localhost", 0) as address:
        client = Client(address, live)
        live.tell(Notice("b2", "/new/", ()))
        assert client.get("/new/").status == 200


def test_hundreds_of_idle_streams_hold_nobody_up(folder: Path) -> None:
    threads = set(threading.enumerate())
    live = Live(Notice("b1", "/", ()))
    with serving(folder, live, "localhost", 0) as address:
        client = Client(address, live)
        streams = [client.stream() for _ in range(200)]
        assert all(next(stream) == {"build": "b1", "faults": []} for stream in streams)
        assert client.get("/").status == 200
        live.tell(Notice("b2", "/", ()))
        assert all(next(stream) == {"build": "b2", "faults": []} for stream in streams)
    assert set(threading.enumerate()) == threads
    for stream in streams:
        stream.close()


def test_a_quiet_stream_has_a_heartbeat_and_a_client_that_left_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_S", 0.02)
    live = Live(Notice("b1", "/", ()))
    with serving(folder, live, "localhost", 0) as address:
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
    live = Live(Notice("b1", "/", ()))
    live.tell(Notice("b2", "/", ()))
    with serving(folder, live, "localhost", 0) as address:
        assert next(Client(address, live).stream())["build"] == "b2"
    live.tell(Notice("b3", "/", ()))
    assert live.notice.build == "b3"


# ------------------------------------------------------------------ policy


def test_a_policy_in_the_page_moves_to_the_header_and_lets_the_stream_through(folder: Path, client: Client) -> None:
    policy = "default-src &#39;none&#39;; script-src 'self'; require-trusted-types-for 'script'"
    (folder / "strict.html").write_text(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<p>x</p>')
    try:
        answer = client.get("/strict.html")
    finally:
        (folder / "strict.html").unlink()
    expected = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; connect-src 'self'"
    assert answer.headers["content-security-policy"] == expected
    assert answer.body.startswith(b"<p>x</p>")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default-src 'self'", "default-src 'self'; script-src 'self'; connect-src 'self'"),
        ("script-src 'none'; connect-src 'none'", "script-src 'self'; connect-src 'self'"),
        ("script-src 'sha256-x'; ;", "script-src 'self' 'sha256-x'; connect-src 'self'"),
        ("upgrade-insecure-requests", "upgrade-insecure-requests; script-src 'self'; connect-src 'self'"),
    ],
)
def test_nothing_else_of_a_policy_changes(folder: Path, client: Client, policy: str, expected: str) -> None:
    (folder / "policy.html").write_text(f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    try:
        assert client.get("/policy.html").headers["content-security-policy"] == expected
    finally:
        (folder / "policy.html").unlink()


def test_a_page_without_a_policy_gets_none(client: Client) -> None:
    assert "content-security-policy" not in client.get("/").headers


# ------------------------------------------------------------------ ports


def test_a_port_that_is_taken_gives_the_next_one(folder: Path) -> None:
    with serving(folder, Live(Notice("", "/", ())), "localhost", 0) as first:
        port = int(first.rpartition(":")[2])
        with serving(folder, Live(Notice("", "/", ())), "localhost", port) as second:
            assert int(second.rpartition(":")[2]) > port


@pytest.mark.parametrize(("name", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_port_taken_on_one_loopback_address_only_counts_as_taken(folder: Path, name: str, family: socket.AddressFamily) -> None:
    try:
        other = socket.create_server((name, 0), family=family)
    except OSError:
        pytest.skip(f"no {name} on this machine")
    with other:
        port = other.getsockname()[1]
        with serving(folder, Live(Notice("", "/", ())), "localhost", port) as address:
            assert int(address.rpartition(":")[2]) != port


def test_without_a_free_port_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORTS_TRIED", 1)
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="no free port"):
        bind("127.0.0.1", other.getsockname()[1])


def test_a_host_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="assign"):
        bind("192.0.2.1", 0)


def test_without_one_protocol_the_other_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.listener

    def only_four(family: socket.AddressFamily, name: str, port: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported")
        return real(family, name, port)

    monkeypatch.setattr(module, "listener", only_four)
    sockets = bind("localhost", 0)
    assert [each.getsockname()[0] for each in sockets] == ["127.0.0.1"]
    for each in sockets:
        each.close()


def test_without_the_protocol_that_was_asked_for_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> socket.socket:
        raise OSError(97, "Address family not supported")

    monkeypatch.setattr(module, "listener", none)
    with pytest.raises(OSError, match="not supported"):
        bind("localhost", 0)


@pytest.mark.parametrize(("host", "name"), [("0.0.0.0", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])  # noqa: S104 one is under test
def test_the_address_is_one_that_a_browser_opens(folder: Path, host: str, name: str) -> None:
    with serving(folder, Live(Notice("", "/", ())), host, 0) as address:
        assert re.fullmatch(rf"http://{re.escape(name)}:\d+", address)


def test_bound_to_everything_addresses_in_figures_are_answered_and_names_are_not(folder: Path) -> None:
    live = Live(Notice("", "/", ()))
    with serving(folder, live, "0.0.0.0", 0) as address:  # noqa: S104 what is under test
        client = Client(address, live)
        assert client.get("/", host="192.168.1.5:8000").status == 200
        assert client.get("/", host="evil.example").status == 403
