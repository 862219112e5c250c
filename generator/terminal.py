"""What all commands share: how they are told which site and story, how they fail, and lines that a terminal cannot obey.

In: folders, failures, diagnostics, text that somebody wrote. Out: exit codes and lines. No command is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from generator.errors import Diagnostic, did_you_mean
from generator.model import Comparison
from generator.sources import story_folders

DONE, FAULTY, REFUSED = 0, 1, 2
INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""

Site = Annotated[Path, typer.Option("--site", metavar="DIR", help="The site's folder, which holds content/ and variorum.toml.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure of the program.")]


@contextmanager
def failures_told(debug: bool) -> Iterator[None]:  # noqa: FBT001 the only argument, and it is a flag
    """Tell failures of the disk and of the program in one line instead of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as failure:
        if debug:
            raise
        say(failure_line(failure))
        raise typer.Exit(REFUSED) from None


def failure_line(failure: Exception) -> str:
    """What a failure of the disk or of the program is told in."""
    if isinstance(failure, OSError):
        place = f"{failure.filename}: " if failure.filename else ""
        return f"error: {place}{failure.strerror or failure} (the site that stood before still stands)"
    return f"error: the program failed: {type(failure).__name__}: {failure} (a bug: run again with --debug, and report it)"


def site_root(site: Path) -> Path:
    """The site's folder, if it is one."""
    if not site.is_dir():
        raise typer.BadParameter(f"there is no folder {printable(str(site))!r}", param_hint="--site")
    if not (site / "content").is_dir():
        hint = "run this in a site's folder, or name one with --site"
        raise typer.BadParameter(f"the folder {printable(str(site))!r} has no content/ ({hint})", param_hint="--site")
    return site


def printable(text: str) -> str:
    """Text on one line that a terminal shows and does not obey: controls, bidi marks and the like become escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def say(line: str) -> None:
    """A line on stderr."""
    typer.echo(printable(line), err=True)


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """One line each; in a terminal, the severity in colour."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for diagnostic in diagnostics:
        line = Text(printable(str(diagnostic)))
        line.highlight_words([f" {diagnostic.severity}: "], style="bold red" if diagnostic.severity == "error" else "bold yellow")
        console.print(line)


def count(number: int, noun: str) -> str:
    """A number with its noun, as in `1 note` and `1,200 notes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def story_folder(root: Path, name: str) -> Path:
    """The folder of the story called `name`, which may be written as a path; wrong usage if there is none."""
    folders = {folder.name: folder for folder in story_folders(root)}
    slug = Path(name).name
    if slug not in folders:
        hint = did_you_mean(slug, folders) if folders else "content/ has no comparison"
        raise typer.BadParameter(printable(f"there is no comparison {slug!r} ({hint})"), param_hint="STORY")
    return folders[slug]


def chosen_comparison(comparisons: tuple[Comparison, ...], names: tuple[str, str] | None) -> Comparison | None:
    """The comparison of two witnesses, or None when all pairs are meant; wrong usage if they are not compared."""
    if names is None:
        return None
    pairs = {(each.articles.a.source.name, each.articles.b.source.name): each for each in comparisons}
    if names not in pairs:
        known = ", ".join(" ".join(pair) for pair in pairs)
        raise typer.BadParameter(printable(f"{' '.join(names)} are not compared (known: {known})"), param_hint="--pair")
    return pairs[names]
