"""The faults of a build as the overlay of an open page shows them: with the line of the file that each speaks of.

In: diagnostics, and the site's root. Out: `Shown` values. Reads the files that diagnostics name, below the root and without
following links; what cannot be read is shown without its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.errors import Diagnostic, Where
from generator.preview.live import Shown
from generator.reading.files import TextFile, read_text

FAULTS = 20
"""So many are shown; the terminal has all of them, and nobody reads more on a page."""

EXCERPT = 90
"""How much of a long line is shown before the column, and after it, in characters. A paragraph of an article is one line."""

FILE_LIMIT = 4 * 1024 * 1024
"""Largest file that a line is shown of, in bytes: the limit for articles."""


def shown_faults(root: Path, diagnostics: Iterable[Diagnostic]) -> tuple[Shown, ...]:
    """The errors among `diagnostics`, as pages show them; of very many, the first."""
    errors = [each for each in diagnostics if each.severity == "error"]
    shown = tuple(_shown(root, each) for each in errors[:FAULTS])
    more = len(errors) - len(shown)
    return (*shown, Shown("", f"and {more:,} more; the terminal lists them")) if more > 0 else shown


def _shown(root: Path, fault: Diagnostic) -> Shown:
    before, at, after = _excerpt(root, fault.where)
    line = fault.where.line if before or at or after else 0
    return Shown(str(fault.where), fault.message, fault.hint, line, before, at, after)


def _excerpt(root: Path, where: Where) -> tuple[str, str, str]:
    """The line at a place, cut before and after the character at its column; all empty if it cannot be read."""
    nothing = ("", "", "")
    names = where.path.split("/")
    if not where.line or any(name in {"", ".", ".."} for name in names):
        return nothing
    file = read_text(root, names, FILE_LIMIT)
    if not isinstance(file, TextFile) or where.line > len(file.line_starts):
        return nothing
    start = file.line_starts[where.line - 1]
    end = file.line_starts[where.line] if where.line < len(file.line_starts) else len(file.text)
    line = file.text[start:end].rstrip("\r\n")
    if not where.column:
        return _ended(line), "", ""
    column = min(where.column - 1, len(line))
    before, after = line[:column], line[column + 1 :]
    return (f"…{before[-EXCERPT:]}" if len(before) > EXCERPT else before), line[column : column + 1] or " ", _ended(after)


def _ended(text: str) -> str:
    return f"{text[:EXCERPT]}…" if len(text) > EXCERPT else text
