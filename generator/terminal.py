"""What all commands share: how they are told which site and story, how they fail, and lines that a terminal cannot obey.

In: folders, failures, diagnostics, text that somebody wrote. Out: exit codes and lines. No command is here.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from generator.errors import Diagnostic, has_errors
from generator.layout import CONTENT, OUTPUT
from generator.reading.formats import address_fault


class Format(StrEnum):
    """How results are told."""

    TEXT = "text"
    JSON = "json"


DONE, FAULTY, REFUSED = 0, 1, 2
INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""

YOUNG_OBJECTS = 20_000
"""How many new objects Python gathers before it looks for cycles among them (its own default: 700). Comparisons and pages are
plain values and make none: looking for them costs 7 in 100. More: cycles of libraries stay longer. From 5,000 to 100,000."""

Site = Annotated[Path, typer.Option("--site", metavar="DIR", help="The site's folder, which holds content/ and variorum.toml.")]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Where the site is written. Default: output/ in the site's folder.")
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="The site's address, instead of the one in variorum.toml.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure of the program.")]

Strict = Annotated[bool, typer.Option("--strict", help="Warnings count as faults.")]
Form = Annotated[Format, typer.Option("--format", help="Lines for people, or one JSON document on stdout.")]


@contextmanager
def failures_told(debug: bool, *, of_build: bool = False) -> Iterator[None]:  # noqa: FBT001 what the option is called
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
        say(failure_line(failure, of_build=of_build))
        raise typer.Exit(REFUSED) from None


def failure_line(failure: Exception, *, of_build: bool = False) -> str:
    """What a failure of the disk or of the program is told in; of a build, that it did no harm."""
    if isinstance(failure, OSError):
        place = f"{failure.filename}: " if failure.filename else ""
        harm = " (the site that stood before still stands)" if of_build else ""
        return f"error: {place}{failure.strerror or failure}{harm}"
    return f"error: the program failed: {type(failure).__name__}: {failure} (a bug: run again with --debug, and report it)"


def site_root(site: Path) -> Path:
    """The site's folder, if it is one."""
    if not site.is_dir():
        raise typer.BadParameter(f"there is no folder {printable(str(site))!r}", param_hint="--site")
    if not (site / CONTENT).is_dir():
        hint = "run this in a site's folder, or name one with --site"
        raise typer.BadParameter(f"the folder {printable(str(site))!r} has no content/ ({hint})", param_hint="--site")
    return site


def output_folder(site: Path, output: Path | None) -> Path:
    """Where the site is written, unless somebody said."""
    return site / OUTPUT if output is None else output


def checked_url(url: str | None) -> str | None:
    """An address as settings hold it: with a scheme and a host, and a slash at its end."""
    if not url:
        return url
    fault = address_fault(url)
    if fault is not None:
        raise typer.BadParameter(printable(f"{fault.message} ({fault.hint})"), param_hint="--base-url")
    if "?" in url or "#" in url:
        raise typer.BadParameter(
            "it has a query or a fragment (write the address of the site's first page)", param_hint="--base-url"
        )
    return url if url.endswith("/") else f"{url}/"


def printable(text: str) -> str:
    """Text on one line that a terminal shows and does not obey: controls, bidi marks and the like become escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def say(line: str) -> None:
    """A line on stderr."""
    typer.echo(printable(line), err=True)


def counted_faults(diagnostics: Collection[Diagnostic]) -> str:
    """How many errors and warnings, as in `1 error, 2 warnings`; empty if there are none."""
    counts = {severity: sum(diagnostic.severity == severity for diagnostic in diagnostics) for severity in ("error", "warning")}
    return ", ".join(count(number, severity) for severity, number in counts.items() if number)


def shown_path(path: Path) -> str:
    """A path that a terminal shows and does not obey; relative to where we are, if it is below."""
    path, here = path.absolute(), Path.cwd()
    return printable(str(path.relative_to(here)) if path.is_relative_to(here) else str(path))


def content_counts(comparison_count: int, note_count: int) -> str:
    """As in `2 comparisons, 36 notes`."""
    return f"{count(comparison_count, 'comparison')}, {count(note_count, 'note')}"


def count(number: int, noun: str) -> str:
    """A number with its noun, as in `1 note` and `1,200 notes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def as_json(diagnostics: Iterable[Diagnostic], report: dict[str, object]) -> str:
    """One document for machines. Lines and columns count from 1; 0 means unknown."""
    listed = [
        {
            "severity": each.severity,
            "path": each.where.path,
            "line": each.where.line,
            "column": each.where.column,
            "message": each.message,
            "hint": each.hint,
        }
        for each in diagnostics
    ]
    return json.dumps({"diagnostics": listed, "report": report}, indent=2)


def exit_code(diagnostics: tuple[Diagnostic, ...], *, strict: bool, is_refused: bool) -> int:
    """What a command ends with that found these; `strict`: warnings count, too; `is_refused`: nothing was done."""
    if is_refused:
        return REFUSED
    return FAULTY if has_errors(diagnostics) or (strict and diagnostics) else DONE


def write_whole(path: Path, data: bytes) -> None:
    """`data` as the file's bytes, in one step: a reader sees the old file or the new one, and a failure leaves the old one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def rest_collector() -> None:
    """Has Python look for garbage in cycles more rarely, and never among what has been imported so far."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
