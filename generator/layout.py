"""Where things lie in a site's folder, by name. Nothing is read here."""

from __future__ import annotations

import os
import re

CONFIG = "variorum.toml"
"""The settings."""

CONTENT = "content"
"""Each folder in it is a story, but for `PAGES`."""

PAGES = (CONTENT, "pages")
"""The names that lead to the site's own pages. No story can have this address (`addresses.RESERVED`)."""

TEMPLATES = "templates"
"""Stand in for the theme's of the same name."""

STATIC = "static"
"""Copied as it is, under this name."""

OUTPUT = "output"
"""Where the site is written, unless somebody says."""

SOURCES = (CONFIG, CONTENT, TEMPLATES, STATIC)
"""What a site is made from."""

COMPARISON = "comparison.yaml"
MISSPELT = ("comparison.yml", "Comparison.yaml", "comparision.yaml")
STORY_FILES = (COMPARISON, *MISSPELT)
"""A folder that has one of these is a comparison, or wants to be one."""


SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
"""What the folder of a story and the file of an own page may be called, for it becomes their address."""


def is_story(folder: str | os.PathLike[str]) -> bool:
    """Whether a folder is a comparison, or somebody wanted it to be one; of one that cannot be looked into, whether it may be."""
    is_seen = any(os.path.lexists(os.path.join(folder, name)) for name in STORY_FILES)  # noqa: PTH118 strings are five times as quick
    return is_seen or _is_closed(folder)


def _is_closed(folder: str | os.PathLike[str]) -> bool:
    """Whether a folder that may be a story, by its name, cannot be looked into; to take it for none would take its page away."""
    name = os.path.basename(folder)  # noqa: PTH119 see above
    may_be = SLUG.fullmatch(name) is not None and name != PAGES[-1]
    return may_be and os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK)  # noqa: PTH112 see above
