"""What a site is made from, as digests: each story's files, and the settings.

In: the site's root. Out: digests of content, under names that people know; `stamps` says whether they need to be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator.config import SiteConfig
from generator.layout import CONTENT
from generator.reading.files import read_bytes
from generator.reading.formats import Fault
from generator.site.stamps import digest, story_entries

_LIMIT = 16 * 1024 * 1024
"""The longest file that is read for a story; of a longer one, its length is what counts."""

Parts = dict[str, str]
"""What something is made from: names that people know, as in `annotations.yaml` or `setting title`, with a digest of each."""


def digest_of_parts(parts: Mapping[str, str]) -> str:
    """One digest of several parts, whatever their order."""
    return digest(repr(sorted(parts.items())).encode("utf-8", "backslashreplace"))


def story_parts(root: Path, slug: str) -> Parts:
    """Every file of a story with a digest of its bytes; of what is no file to read, why."""
    folder = root / CONTENT / slug
    try:
        if folder.is_symlink():
            return {slug: "link"}
        names = [name for name, _ in story_entries(folder)]
    except OSError as problem:
        return {slug: f"unreadable {problem.errno}"}
    return {name: _content(read_bytes(root, (CONTENT, slug, name), _LIMIT)) for name in names}


def setting_parts(config: SiteConfig, *, drafts: bool) -> Parts:
    """Every setting, and whether drafts are shown."""
    parts = {f"setting {name}": digest(repr(getattr(config, name)).encode()) for name in config.__slots__}
    return {**parts, "option drafts": "shown" if drafts else "left out"}


def _content(found: bytes | Fault) -> str:
    return digest(found) if isinstance(found, bytes) else f"{found.message} {found.hint}"
