"""The files that a new site begins with.

In: a title, and where the site is to be published. Out: text by path. Nothing is written here: that is `cli_start`'s.
The texts themselves lie beside this module, as they are, with `{title}`, `{version}` and `{project}` to be filled in.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from enum import StrEnum
from importlib.resources import files

from generator import __version__
from generator.addresses import slug
from generator.reference import SCHEMA_FOLDER, schema_files


class Host(StrEnum):
    """Where a site is published."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NETLIFY = "netlify"
    CLOUDFLARE = "cloudflare"


PROJECT_LENGTH = 58
"""Longest name of a project that Cloudflare takes."""

_SITE: Mapping[str, str] = {
    "README.md": "README.md",
    "requirements.txt": "requirements.txt",
    "variorum.toml": "variorum.toml",
    ".gitignore": "gitignore",
    **{
        path: path
        for path in (
            "content/first-comparison/comparison.yaml",
            "content/first-comparison/original.txt",
            "content/first-comparison/rewrite.txt",
            "content/first-comparison/annotations.yaml",
            "content/pages/about.md",
        )
    },
}
"""Path in the site → file beside this module."""

_PUBLISHING: Mapping[Host, tuple[str, str]] = {
    Host.GITHUB: (".github/workflows/publish.yml", "github.yml"),
    Host.GITLAB: (".gitlab-ci.yml", "gitlab-ci.yml"),
    Host.NETLIFY: ("netlify.toml", "netlify.toml"),
    Host.CLOUDFLARE: (".github/workflows/publish-cloudflare.yml", "cloudflare.yml"),
}


def scaffold(title: str, hosts: Collection[Host]) -> dict[str, str]:
    """Every file of a new site called `title`, with what builds and publishes it on each of `hosts`."""
    sources = {**_SITE, **dict(_PUBLISHING[host] for host in Host if host in hosts)}
    found = {path: _filled(path, source, title) for path, source in sources.items()}
    schemas = {f"{SCHEMA_FOLDER}/{name}": text for name, text in schema_files().items()}
    return dict(sorted({**found, **schemas}.items()))


def _filled(path: str, source: str, title: str) -> str:
    text = files(__package__).joinpath(source).read_text(encoding="utf-8")
    shown = json.dumps(title, ensure_ascii=False)[1:-1] if path.endswith(".toml") else title
    for name, value in (("version", __version__), ("project", project_name(title)), ("title", shown)):
        text = text.replace(f"{{{name}}}", value)  # the title last, for it may speak of "{version}"
    return text


def project_name(title: str) -> str:
    """A title as hosts write the name of a project: `My Site!` as `my-site`; `comparisons` if nothing is left."""
    return slug(title, PROJECT_LENGTH) or "comparisons"
