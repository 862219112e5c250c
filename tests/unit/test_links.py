"""Links of a built site: what leads somewhere, what leads nowhere, and what is said of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from generator.errors import Where
from generator.site.elsewhere import LIMIT, Answer, check_elsewhere, request
from generator.site.links import Links, check_links, resolved
from tests.files import write_files


def site(root: Path, pages: dict[str, str]) -> Path:
    return write_files(root / "output", pages)


def faults(links: Links) -> list[str]:
    return [str(fault) for fault in links.faults]


@pytest.mark.parametrize(
    ("address", "route", "base_url", "target"),
    [
        ("b.html", "index.html", "", ("b.html", "")),
        ("../index.html#x", "a/index.html", "", ("index.html", "x")),
        ("#x", "a/index.html", "", ("a/index.html", "x")),
        ("#caf%C3%A9", "index.html", "", ("index.html", "café")),
        ("", "a/index.html", "", ("a/index.html", "")),
        ("./", "a/index.html", "", ("a/index.html", "")),
        ("../", "a/index.html", "", ("index.html", "")),
        ("b/", "a/index.html", "", ("a/b/index.html", "")),
        ("a%20b.txt?x=1", "index.html", "", ("a b.txt", "")),
        ("/a/", "b/index.html", "", ("a/index.html", "")),
        ("/news/a/", "b/index.html", "https://example.org/news/", ("a/index.html", "")),
        ("https://example.org/news/a/#n", "index.html", "https://example.org/news/", ("a/index.html", "n")),
        ("https://example.org/news", "index.html", "https://example.org/news/", ("index.html", "")),
    ],
)
def test_an_address_inside_the_site_is_a_file_and_a_fragment(
    address: str, route: str, base_url: str, target: tuple[str, str]
) -> None:
    assert resolved(address, route, base_url) == target


@pytest.mark.parametrize(
    "address", ["https://example.com/", "//example.com/x", "http://example.org/newsroom/", "/elsewhere/", "ftp://example.org/"]
)
def test_an_address_outside_the_site_is_none(address: str) -> None:
    assert resolved(address, "index.html", "https://example.org/news/") is None


def test_links_that_lead_somewhere_are_counted_and_give_no_fault(tmp_path: Path) -> None:
    output = site(
        tmp_path,
        {
            "index.html": '<a href="a/index.html#n">x</a><a href="#top">up</a><img src="p.png" srcset="p.png 1x, q.png 2x">',
            "a/index.html": '<p id="n"><a href="../">home</a><a href="#:~:text=words">w</a><a href="mailto:a@b.c">m</a>',
            "p.png": "",
            "q.png": "",
        },
    )
    links = check_links(output)
    assert links.faults == ()
    assert links.count == 7


def test_a_link_to_a_missing_place_names_page_line_column_and_the_nearest_place(tmp_path: Path) -> None:
    output = site(tmp_path, {"index.html": '<p id="note-toll">\n  <a href="#note-tol">x</a>'})
    assert faults(check_links(output)) == [
        (
            "output/index.html:2:3: error: the link '#note-tol' leads nowhere: "
            "index.html has no place called 'note-tol' (did you mean 'note-toll'?)"
        )
    ]


def test_a_link_to_a_missing_file_names_the_nearest_file_beside_it(tmp_path: Path) -> None:
    output = site(
        tmp_path,
        {
            "index.html": '<link href="stile.css" rel="stylesheet">',
            "style.css": "",
            "z/y.html": "<a name=here href=#here srcset=''>x</a>",
        },
    )
    assert faults(check_links(output)) == [
        "output/index.html:1:1: error: the link 'stile.css' leads nowhere: there is no stile.css (did you mean 'style.css'?)"
    ]


def test_a_link_to_a_folder_without_a_slash_is_told(tmp_path: Path) -> None:
    output = site(tmp_path, {"index.html": '<a href="a">x</a>', "a/index.html": ""})
    assert "a is a folder (write a slash at its end)" in faults(check_links(output))[0]


def test_what_is_no_address_is_told_and_a_page_in_another_encoding_is_read(tmp_path: Path) -> None:
    output = site(tmp_path, {"index.html": '<a href="https://[x/">x</a><a href="MAILTO:a@b.c">m</a><a href="old.html#n">o</a>'})
    (output / "old.html").write_bytes("<p id=n>caf\xe9".encode("latin-1"))
    links = check_links(output)
    assert [fault.where.column for fault in links.faults] == [1]
    assert "'https://[x/' leads nowhere: Invalid IPv6 URL" in faults(links)[0]
    assert links.count == 1


def test_links_from_the_root_lead_below_the_address_that_the_first_page_gives(tmp_path: Path) -> None:
    first = '<link rel="canonical" href="https://example.org/news/">'
    output = site(tmp_path, {"index.html": first, "404.html": '<a href="/news/">x</a><a href="/news/b/">y</a>'})
    assert [fault.where.column for fault in check_links(output).faults] == [23]


def test_addresses_elsewhere_are_gathered_once_with_the_first_place(tmp_path: Path) -> None:
    page = '<a href="https://example.com/a">x</a>\n<a href="https://example.com/a">x</a>'
    links = check_links(site(tmp_path, {"index.html": page}))
    assert links.elsewhere == {"https://example.com/a": Where("output/index.html", 1, 1)}


# ------------------------------------------------------------------ elsewhere


def asked(answers: dict[str, list[Answer]], addresses: dict[str, Where]) -> tuple[list[str], int, list[tuple[str, str]]]:
    calls: list[tuple[str, str]] = []

    def ask(method: str, address: str) -> Answer:
        calls.append((method, address))
        return answers[address].pop(0)

    found, count = check_elsewhere(addresses, ask, pause_s=0)
    return [str(fault) for fault in found], count, calls


def test_a_page_that_is_gone_is_a_warning_where_it_is_named() -> None:
    told, count, calls = asked(
        {"https://a.example/x": [Answer(404, ""), Answer(404, "")], "https://b.example/": [Answer(200, "")]},
        {"https://b.example/#part": Where("output/index.html", 9), "https://a.example/x": Where("output/index.html", 3)},
    )
    assert told == [
        (
            "output/index.html:3: warning: https://a.example/x answers 404 "
            "(mend the address, or name a copy of the page with 'archived')"
        )
    ]
    assert count == 2
    assert ("HEAD", "https://b.example/") in calls


def test_a_host_that_refuses_head_is_asked_again_with_get() -> None:
    told, _, calls = asked({"https://a.example/": [Answer(405, ""), Answer(200, "")]}, {"https://a.example/": Where("p")})
    assert told == []
    assert calls == [("HEAD", "https://a.example/"), ("GET", "https://a.example/")]


def test_a_host_that_keeps_programs_out_says_nothing_of_the_page() -> None:
    told, _, _ = asked({"https://a.example/": [Answer(403, ""), Answer(429, "")]}, {"https://a.example/": Where("p")})
    assert told == []


def test_a_host_that_does_not_answer_is_a_warning_with_the_reason() -> None:
    told, _, _ = asked({"https://a.example/": [Answer(0, "no such name")]}, {"https://a.example/": Where("p")})
    assert "does not answer: no such name" in told[0]


def test_no_more_addresses_are_asked_than_the_limit() -> None:
    addresses = {f"https://a.example/{number}": Where("p", number + 1) for number in range(LIMIT + 5)}
    told, count, calls = asked({address: [Answer(200, "")] for address in addresses}, addresses)
    assert told == []
    assert count == len(calls) == LIMIT


class _Host(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/caf%C3%A9?q=a%20b" else 410)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def host() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_request_tells_the_status_and_encodes_what_people_paste() -> None:
    with host() as address:
        assert request("HEAD", f"{address}/café?q=a b#part") == Answer(200, "")
        assert request("HEAD", f"{address}/gone") == Answer(410, "")
    refused = request("HEAD", f"{address}/")
    assert refused.status == 0
    assert refused.reason
