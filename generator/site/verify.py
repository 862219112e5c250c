"""What stands in output/ held against a build from nothing: every byte that differs.

In: a site's root and its output folder. Out: the faults of the content, and one for each file that is not what a clean build
makes. The clean build goes into a temporary folder, without the cache; output/ is read, never written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from generator.errors import Diagnostic, Where, error
from generator.site.build import Options, build
from generator.site.claim import refuse_forbidden
from generator.site.manifest import has_site, read_manifest
from generator.site.report import BuildReport

EXCERPT = 24
"""Bytes shown on each side of the first one that differs."""

_AGAIN = "delete it and build again"


class Verified(NamedTuple):
    """What the clean build reported, how many files were compared, and a fault for each that differs, by path."""

    report: BuildReport
    file_count: int
    differences: tuple[Diagnostic, ...]


def verify(root: Path, output: Path, options: Options) -> Verified:
    """Build the site from nothing beside `output`, and compare. Raises `OSError` from the disk, and `OutputRefused`."""
    refuse_forbidden(root, output)
    with TemporaryDirectory(prefix="variorum-verify-") as folder:
        clean = Path(folder) / "site"
        report = build(root, clean, replace(options, is_cached=False))
        if report.stopped:
            return Verified(report, 0, ())
        if not has_site(output):
            return Verified(report, 0, (error(Where(f"{output.name}/"), "there is no site", "build it first"),))
        paths = sorted({*read_manifest(clean).files, *read_manifest(output).files})
        return Verified(report, len(paths), tuple(fault for path in paths for fault in _compared(output, clean, path)))


def _compared(output: Path, clean: Path, path: str) -> Iterator[Diagnostic]:
    where = Where(f"{output.name}/{path}")
    if not (clean / path).is_file():
        yield error(where, "a clean build does not make this file", _AGAIN)
    elif not (output / path).is_file():
        yield error(where, "the file is missing", "build again")
    else:
        found, expected = (output / path).read_bytes(), (clean / path).read_bytes()
        if found != expected:
            at = next((index for index, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), -1)
            at = min(len(found), len(expected)) if at < 0 else at
            shown = f"“{_excerpt(found, at)}” where a clean build has “{_excerpt(expected, at)}”"
            yield error(where, f"byte {at:,} differs: {shown}", _AGAIN)


def _excerpt(data: bytes, at: int) -> str:
    """The bytes around one, as text."""
    return data[max(0, at - EXCERPT) : at + EXCERPT].decode(errors="backslashreplace")
