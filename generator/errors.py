"""Faults in what people wrote, as values.

In: a place and a sentence. Out: a `Diagnostic`, which a stage returns beside its result.
Nothing here raises: exceptions are for bugs and for the disk, never for a faulty article or note.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file: `path` as people know it (relative to the site), `line` and `column` from 1; 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`path`, `path:line` or `path:line:column`, as far as known."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: where it is, what is wrong, and how to mend it.

    An *error* means that something is left out of the site; a *warning*, that everything is shown but should be looked at.
    """

    severity: Severity
    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: severity: message (hint)`."""
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: {self.severity}: {self.message}{tail}"


def error(where: Where, message: str, hint: str = "") -> Diagnostic:
    """An error at `where`."""
    return Diagnostic("error", where, message, hint)


def warning(where: Where, message: str, hint: str = "") -> Diagnostic:
    """A warning at `where`."""
    return Diagnostic("warning", where, message, hint)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the diagnostics is an error."""
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint naming the known name nearest to `name`, or listing all of them when none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
