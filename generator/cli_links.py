"""What `variorum check --links` does: follows the links of the built site, and on request asks the web about the others.

In: the folder of a built site. Out: faults, and a line that says how much was looked at. Nothing is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import typer

from generator.errors import Diagnostic
from generator.site.elsewhere import check_elsewhere
from generator.site.links import check_links
from generator.terminal import count, printable


class Checked(NamedTuple):
    """Links followed inside the site, addresses asked elsewhere and all that there are, and the faults of both."""

    inside: int
    asked: int
    outside: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def facts(self) -> dict[str, object]:
        """The numbers, for machines."""
        return {"links": self.inside, "external": self.outside, "asked": self.asked}

    def __str__(self) -> str:
        """One line."""
        asked = f", {self.asked:,} of them asked" if self.asked else ""
        return f"{count(self.inside, 'link')} in the site, {self.outside:,} elsewhere{asked}"


def checked_links(output: Path, *, external: bool) -> Checked:
    """Check the links of the site in `output`; wrong usage if none is there. `external`: ask the web, too."""
    if not (output / "index.html").is_file():
        raise typer.BadParameter(printable(f"there is no built site in {output} (run variorum build first)"), param_hint="--links")
    links = check_links(output)
    faults, asked = check_elsewhere(links.elsewhere) if external else ((), 0)
    return Checked(links.count, asked, len(links.elsewhere), (*links.faults, *faults))
