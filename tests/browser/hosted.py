"""A site on a server that sends what its `_headers` says, below a path: what a host of static sites does with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def rules(text: str) -> list[tuple[str, list[str]]]:
    """The rules of a `_headers` file: a path, and its lines."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("/"):
            found.append((line, []))
        elif line.strip():
            found[-1][1].append(line.strip())
    return found


def cloudflare(text: str, path: str) -> dict[str, str]:
    """What Cloudflare Pages sends: headers of several rules are joined, unless a line with `!` drops the earlier ones."""
    sent: dict[str, str] = {}
    for pattern, lines in rules(text):
        if fnmatchcase(path, pattern):
            for line in lines:
                name, colon, value = line.partition(": ")
                if not colon:
                    sent.pop(line.removeprefix("! "), None)
                else:
                    sent[name] = f"{sent[name]}, {value}" if name in sent else value
    return sent


def netlify(text: str, path: str) -> dict[str, str]:
    """What Netlify sends: a later rule wins; a line without a colon is skipped."""
    sent: dict[str, str] = {}
    for pattern, lines in rules(text):
        if fnmatchcase(path, pattern):
            sent |= dict(line.split(": ", 1) for line in lines if ":" in line)
    return sent


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, base: str, **more: object) -> None:
        self.base = base
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(self.base)) if path.startswith(self.base) else "/nowhere"

    def end_headers(self) -> None:
        text = Path(self.directory, "_headers").read_text(encoding="utf-8")
        for name, value in cloudflare(text, "/" + self.path.partition("?")[0].removeprefix(self.base)).items():
            if name != "Content-Type":
                self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def hosted(folder: Path, base: str) -> Iterator[str]:
    """The address of the site in `folder`, served below the path `base`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder), base=base))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}".removesuffix("/")
    finally:
        server.shutdown()
        server.server_close()
