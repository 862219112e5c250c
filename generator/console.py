"""What a terminal shows in colour, or moves: diagnostics and a bar of progress. The only module that knows rich."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from generator.errors import Diagnostic
from generator.terminal import printable

LONG_WORK = 20
"""From this many comparisons on, a progress bar is worth its flicker: below, a build is over within half a second."""


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """One line each; in a terminal, the severity in colour."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for diagnostic in diagnostics:
        line = Text(printable(str(diagnostic)))
        line.highlight_words([f" {diagnostic.severity}: "], style="bold red" if diagnostic.severity == "error" else "bold yellow")
        console.print(line)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr while there is long work, and a terminal to show it on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn("comparing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("comparing", visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=total >= LONG_WORK)
