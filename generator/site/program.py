"""What of the program itself has a say in a site: its version and code, the libraries that make pages with it, and its theme.

In: the files of the installed package. Out: one line of text, and a folder.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from generator import __version__

_LIBRARIES = ("babel", "cbor2", "jinja2", "markdown-it-py", "markupsafe", "pagefind-bin", "pillow", "pyyaml", "pydantic")
"""What has a say in the bytes of a page, a picture or the search index, besides this program."""

_CODE = frozenset({".json", ".mo", ".py", ".toml", ".ttf", ".txt"})
"""Suffixes of the package's files that have."""

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def program() -> str:
    """This program: its version, a digest of its code, the libraries that make pages with it, and Python. Looked at once."""
    code = blake2b(digest_size=8)
    for path in sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE and path.is_file()):
        code.update(f"{path.relative_to(_PACKAGE)}\0".encode())
        code.update(path.read_bytes())
    return f"{__version__} ({code.hexdigest()}; {', '.join(_versions(_LIBRARIES))}; Python {platform.python_version()})"


def default_templates() -> Path:
    """The templates of the default theme: inside the package in a wheel, beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def _versions(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"
