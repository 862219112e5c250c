"""The command line: arguments in, exit codes and lines out. Wires watching, building and serving; decides nothing else.

Exit codes: 0 done; 1 faults in content (with --strict, warnings too); 2 nothing was built: wrong usage, settings, templates,
or the disk. Diagnostics go to stderr, one a line, as `file:line:column: severity: message (hint)`; the summary to stdout.
"""

from __future__ import annotations

import json
import signal
import sys
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from generator import __version__
from generator.cli_exchange import exchange
from generator.cli_notes import anchor
from generator.cli_suggest import suggest
from generator.config import read_config
from generator.errors import Diagnostic, has_errors
from generator.preview.serve import Live, Notice, serving
from generator.preview.watch import watch as watch_files
from generator.reading.formats import address_fault
from generator.site.build import BuildReport, Collated, Options
from generator.site.build import build as build_site
from generator.site.build import check as check_site
from generator.site.claim import generation
from generator.terminal import (
    DONE,
    FAULTY,
    REFUSED,
    Debug,
    Site,
    count,
    failure_line,
    failures_told,
    print_diagnostics,
    printable,
    say,
    site_root,
)

LONG_WORK = 20
"""From this many comparisons on, a progress bar is worth its flicker: below, a build is over within half a second."""


class Format(StrEnum):
    """How results are told."""

    TEXT = "text"
    JSON = "json"


app = typer.Typer(
    name="variorum",
    help="Build static sites of annotated news comparisons.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Output = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Where the site is written. Default: output/ in the site's folder.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings count as faults.")]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="The site's address, instead of the one in variorum.toml.")
]
Form = Annotated[Format, typer.Option("--format", help="Lines for people, or one JSON document on stdout.")]


# ------------------------------------------------------------------ commands


def _version(value: bool) -> None:  # noqa: FBT001 typer calls it by position
    if value:
        typer.echo(f"variorum {__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Build static sites of annotated news comparisons."""


@app.command()
def build(
    *,
    site: Site = Path(),
    output: Output = None,
    strict: Strict = False,
    base_url: BaseUrl = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Publish draft notes too.")] = False,
    form: Form = Format.TEXT,
    debug: Debug = False,
) -> None:
    """Build the site into its output folder, in one switch: the old site stands until the new one is whole."""
    with failures_told(debug):
        root, target = site_root(site), _output(site, output)
        started = time.perf_counter()
        with _progress() as progress:
            report = build_site(root, target, Options(drafts, _checked_url(base_url), catch=not debug, progress=progress))
        if form is Format.JSON:
            typer.echo(_as_json(report.diagnostics, _report_facts(report, target)))
        else:
            print_diagnostics(report.diagnostics)
            typer.echo(_summary(report, target, time.perf_counter() - started))
        raise typer.Exit(_exit_code(report.diagnostics, strict=strict, is_refused=report.stopped not in {"", "content"}))


@app.command()
def check(*, site: Site = Path(), strict: Strict = False, form: Form = Format.TEXT, debug: Debug = False) -> None:
    """Report every fault in the content and the settings; write nothing."""
    with failures_told(debug):
        root = site_root(site)
        with _progress() as progress:
            collated = check_site(root, Options(drafts=True, catch=not debug, progress=progress))
        if form is Format.JSON:
            typer.echo(_as_json(collated.diagnostics, _content_facts(collated)))
        else:
            print_diagnostics(collated.diagnostics)
            typer.echo(
                f"{_content(collated.comparison_count, collated.note_count)}: {_faults(collated.diagnostics) or 'no faults'}"
            )
        raise typer.Exit(_exit_code(collated.diagnostics, strict=strict, is_refused=not collated.is_configured))


app.command()(anchor)
app.command()(suggest)
app.add_typer(exchange)


@app.command()
def watch(
    *,
    site: Site = Path(),
    output: Output = None,
    base_url: BaseUrl = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Publish draft notes too.")] = False,
    debug: Debug = False,
) -> None:
    """Build at once and after every change, until Ctrl-C. A build with errors leaves the site that stands."""
    with failures_told(debug), _until_interrupted():
        root, target = site_root(site), _output(site, output)
        options = Options(drafts, _checked_url(base_url), keep_good=True, catch=not debug)
        for changed in watch_files(_sources(root), say=say):
            _rebuild(root, target, options, changed)


@app.command()
def serve(
    *,
    site: Site = Path(),
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="The name or address to serve on.")] = "localhost",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; the next free one if it is taken.")] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
    drafts: Annotated[bool, typer.Option("--drafts/--no-drafts", help="Show draft notes.")] = True,
    debug: Debug = False,
) -> None:
    """Serve the site on this machine, rebuild it after every change, and reload open pages, until Ctrl-C.

    Builds into a folder of its own, so that drafts never reach output/.
    """
    with failures_told(debug), _until_interrupted(), TemporaryDirectory(prefix="variorum-preview-") as folder:
        root, target = site_root(site), Path(folder) / "site"
        options = Options(drafts, keep_good=True, catch=not debug)
        live = Live(Notice("", _prefix(root), ()))
        with serving(target, live, host, port) as address:
            if port and not address.endswith(f":{port}"):
                say(f"port {port} is taken")
            for changed in watch_files(_sources(root), say=say):
                report = _rebuild(root, target, options, changed)
                live.tell(Notice(generation(target), _prefix(root), shown_faults(report)))
                if not changed:
                    typer.echo(f"Serving {address}{live.notice.prefix} (Ctrl-C ends it)")
                    if open_browser:
                        webbrowser.open(f"{address}{live.notice.prefix}")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name of a file must not be able to stop us where the locale is C
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, we tidy up as after Ctrl-C
    app(prog_name="variorum")


# ------------------------------------------------------------------ steps


@contextmanager
def _until_interrupted() -> Iterator[None]:
    """Work that Ctrl-C ends as it should."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("", err=True)


def _output(site: Path, output: Path | None) -> Path:
    return site / "output" if output is None else output


def _checked_url(url: str | None) -> str | None:
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


def _sources(root: Path) -> tuple[Path, ...]:
    """What a site is made from."""
    return root / "content", root / "templates", root / "variorum.toml"


def _prefix(root: Path) -> str:
    """The path of the site's address, under which it is served."""
    return urlsplit(read_config(root)[0].base_url).path or "/"


def _rebuild(root: Path, target: Path, options: Options, changed: tuple[Path, ...]) -> BuildReport | None:
    """Build, and say so in one line. A failure of the disk or a bug is told, and waits for the next change."""
    started = time.perf_counter()
    if changed:
        say(_change_line(root, changed))
    try:
        report = build_site(root, target, options)
    except Exception as failure:
        if not options.catch:
            raise
        say(failure_line(failure))
        return None
    print_diagnostics(report.diagnostics)
    typer.echo(_summary(report, target, time.perf_counter() - started))
    return report


def _change_line(root: Path, changed: tuple[Path, ...]) -> str:
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"changed: {changed[0].relative_to(root)}{more}"


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr while there is long work, and a terminal to show it on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn("comparing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("comparing", visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=total >= LONG_WORK)


# ------------------------------------------------------------------ lines


def shown_faults(report: BuildReport | None) -> tuple[str, ...]:
    """What the overlay of an open page lists: the errors of a build that left something out."""
    if report is None:
        return ("the build failed; the terminal says why",)
    return tuple(printable(str(diagnostic)) for diagnostic in report.diagnostics if diagnostic.severity == "error")


def _content(comparison_count: int, note_count: int) -> str:
    return f"{count(comparison_count, 'comparison')}, {count(note_count, 'note')}"


def _faults(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many errors and warnings, as in `1 error, 2 warnings`; empty if there are none."""
    counts = {severity: sum(diagnostic.severity == severity for diagnostic in diagnostics) for severity in ("error", "warning")}
    return ", ".join(count(number, severity) for severity, number in counts.items() if number)


def _summary(report: BuildReport, target: Path, seconds: float) -> str:
    """One line, as in `2 comparisons, 36 notes: 6 pages written to output/ in 0.1 s; 1 warning`."""
    faults = _faults(report.diagnostics)
    tail = f"; {faults}" if faults else ""
    place = f"{printable(_shown_path(target))}/"
    if report.stopped:
        return f"nothing was written to {place}{tail}"
    pages = count(report.page_count, "page")
    changed = len(report.written) + len(report.removed)
    what = f"{pages} written to {place}" if not report.unchanged else f"{pages} in {place}, {count(changed, 'file')} changed,"
    in_place = f"; one by one, because {report.in_place}" if report.in_place else ""
    return f"{_content(report.comparison_count, report.note_count)}: {what} in {seconds:.1f} s{in_place}{tail}"


def _shown_path(path: Path) -> str:
    """Relative to where we are, if it is below."""
    path, here = path.absolute(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _as_json(diagnostics: Iterable[Diagnostic], report: dict[str, object]) -> str:
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


def _report_facts(report: BuildReport, target: Path) -> dict[str, object]:
    return {
        "output": str(target),
        "stopped": report.stopped,
        "in_place": report.in_place,
        "comparisons": report.comparison_count,
        "notes": report.note_count,
        "pages": report.page_count,
        "written": report.written,
        "unchanged": report.unchanged,
        "removed": report.removed,
    }


def _content_facts(collated: Collated) -> dict[str, object]:
    return {"comparisons": collated.comparison_count, "notes": collated.note_count}


def _exit_code(diagnostics: tuple[Diagnostic, ...], *, strict: bool, is_refused: bool) -> int:
    if is_refused:
        return REFUSED
    return FAULTY if has_errors(diagnostics) or (strict and diagnostics) else DONE
