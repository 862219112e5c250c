"""Whether anything at all changed since the last build, found out without reading a file: what a build without a change costs.

In: the folders. Out: the report of a build that has nothing to do, or None. Equal digests of what the file system says, of all that
a site is made from and of the folders of output/, mean that a build would write nothing. 40,000 files take 0.4 s; nothing is
imported here that a build needs, which would take longer than that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from generator.layout import CONFIG, CONTENT, PAGES, STATIC, TEMPLATES
from generator.site.cachefile import cache_path, kept
from generator.site.claim import OutputRefused, locked, refuse_forbidden
from generator.site.manifest import MANIFEST
from generator.site.program import default_templates, program
from generator.site.publish import heal
from generator.site.report import BuildReport, as_json, of_json
from generator.site.stamps import RACY, digest, file_stamp, folders_stamp, story_stamps, tree_stamp

_INPUTS, _FOLDERS, _OUTPUT, _REPORT = "inputs", "folders", "output", "report"

_OTHERS = (CONFIG, TEMPLATES, STATIC, "/".join(PAGES))
"""What a site is made from besides its stories, by its names in the site's folder."""


def as_it_stands(root: Path, output: Path, options: str) -> BuildReport | None:
    """What a build would report that has nothing to do; None if something changed, or it cannot be told so quickly.

    `options`: those that have a say in what is built, as the last build knew them (`said`). Raises `OSError` from the disk.
    """
    try:
        refuse_forbidden(root, output)
        with locked(output):
            heal(output)
            return _as_it_stands(root, output, options)
    except OutputRefused:
        return None


def said(*, drafts: bool, base_url: str | None, fingerprint: bool = True, is_searchable: bool = True) -> str:
    """The options that have a say in what is built."""
    return repr((drafts, base_url, fingerprint, is_searchable))


def remembered(
    root: Path, output: Path, options: str, report: BuildReport, *, stamps: Mapping[str, str], files: Iterable[str]
) -> dict[str, str]:
    """What the next build needs to find that nothing changed, and to report it; nothing if something is too young to tell."""
    inputs = _inputs_stamp(root, options, stamps)
    if not inputs:
        return {}
    folders = _folders_of(files)
    again = replace(report, written=(), removed=(), unchanged=len(report.written) + report.unchanged, reasons=())
    return {_INPUTS: inputs, _FOLDERS: json.dumps(folders), _OUTPUT: _output_stamp(output, folders), _REPORT: as_json(again)}


def _as_it_stands(root: Path, output: Path, options: str) -> BuildReport | None:
    last = kept(cache_path(root, output), _INPUTS, _FOLDERS, _OUTPUT, _REPORT)
    if not last or _output_stamp(output, json.loads(last[_FOLDERS])) != last[_OUTPUT]:
        return None
    return of_json(last[_REPORT]) if _inputs_stamp(root, options, story_stamps(root)) == last[_INPUTS] else None


def _inputs_stamp(root: Path, options: str, stamps: Mapping[str, str]) -> str:
    """One digest of everything that is read; empty if any of it is too young to be believed."""
    others = tree_stamp(*(root / name for name in _OTHERS), default_templates())
    if others == RACY or RACY in stamps.values():
        return ""
    content = file_stamp(root / CONTENT)  # a folder there may take the address of a page
    found = repr((others, content, program(), options, list(stamps.items())))
    return digest(found.encode("utf-8", "backslashreplace"))


def _output_stamp(output: Path, folders: Iterable[str]) -> str:
    """One digest of the manifest and of these folders of output/, in which a file that came or went shows; empty if one is gone.

    A file that was changed without being replaced does not: a build that has to do with it reads it.
    """
    try:
        return digest(f"{file_stamp(output / MANIFEST)} {folders_stamp(output, folders)}".encode())
    except OSError:
        return ""


def _folders_of(paths: Iterable[str]) -> list[str]:
    """All folders that these files lie in, the top one as `.`."""
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(folder or "." for folder in found)
