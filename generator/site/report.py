"""What a build says of itself: how much there is, what it wrote and why, and the faults it met. Values, and their JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from generator.errors import Diagnostic, Where

How = Literal["new", "added", "changed", "removed", "missing in output"]

Stopped = Literal["", "configuration", "template", "output", "content"]
"""Why a build published nothing; empty if it did."""


class Reason(NamedTuple):
    """Why a unit is built again: which of its parts, and what became of it. `detail` says more where there is more to say."""

    what: str
    how: How
    detail: str = ""

    def __str__(self) -> str:
        """As in `annotations.yaml changed`, `new`, or `program 0.2 → 0.3`."""
        return f"{self.what} {self.detail or self.how}".strip()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Paths are sorted and relative to output/; diagnostics stand in the order of their places.

    `unchanged`: how many files stay the same. `in_place`: why files were replaced one by one instead of all at once, or empty.
    `reasons`: every unit that was built, and why; a story is called by its folder (`bridge/`), others by their file.
    """

    comparison_count: int
    note_count: int
    page_count: int
    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    in_place: str
    stopped: Stopped
    diagnostics: tuple[Diagnostic, ...]
    reasons: tuple[tuple[str, tuple[Reason, ...]], ...] = ()


def as_json(report: BuildReport) -> str:
    """A report of a build that wrote nothing, to be kept."""
    return json.dumps(asdict(report))


def of_json(text: str) -> BuildReport:
    """Such a report as it was kept. Raises `ValueError`, `KeyError` or `TypeError` for what is none."""
    kept: dict[str, Any] = json.loads(text)
    diagnostics = (Diagnostic(**(each | {"where": Where(**each["where"])})) for each in kept.pop("diagnostics"))
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return BuildReport(**values, diagnostics=tuple(diagnostics))
