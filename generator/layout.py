"""Where things lie in a site's folder, by name. Nothing is read here."""

from __future__ import annotations

import os

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


def is_story(folder: str | os.PathLike[str]) -> bool:
    """Whether a folder is a comparison, or somebody wanted it to be one."""
    return any(os.path.lexists(os.path.join(folder, name)) for name in STORY_FILES)  # noqa: PTH118 strings are five times as quick
