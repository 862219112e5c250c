"""The command line: arguments in, exit codes and lines out. Wires building and checking, and gathers the commands of the `cli_*`.

Exit codes: 0 done; 1 faults in content (with --strict, warnings too); 2 nothing was built: wrong usage, settings, templates,
or the disk. Diagnostics go to stderr, one a line, as `file:line:column: severity: message (hint)`; the summary to stdout.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

from generator import __version__
from generator.cli_links import checked_links
from generator.errors import Diagnostic, has_errors
from generator.site.build import BuildReport, Checked, Options
from generator.site.build import build as build_site
from generator.site.build import check as check_site
from generator.site.hosting import goes_without
from generator.site.verify import verify as verify_site
from generator.terminal import (
    DONE,
    FAULTY,
    REFUSED,
    BaseUrl,
    Debug,
    Output,
    Site,
    checked_url,
    content_counts,
    count,
    counted_faults,
    failures_told,
    output_folder,
    print_diagnostics,
    printable,
    progress,
    rest_collector,
    say,
    shown_path,
    site_root,
)


class Format(StrEnum):
    """How results are told."""

    TEXT = "text"
    JSON = "json"


LATER = {
    "anchor": "cli_notes",
    "suggest": "cli_suggest",
    "init": "cli_start",
    "watch": "cli_preview",
    "serve": "cli_preview",
    "export": "cli_exchange",
    "schema": "cli_exchange",
    "import": "cli_exchange",
    "theme": "cli_start",
}
"""Commands that are imported when they are called, and the modules whose `commands` they are among, in the order of the help."""


class Lazily(TyperGroup):
    """The commands of this module and those of `LATER`: a build does not wait for the import of a server (0.3 s of 0.7).

    All are imported to list them with what they do, or to guess which one was meant.
    """

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # click's own is copied into typer
        """All names, in the order of the help."""
        return [*(name for name in super().list_commands(ctx) if name not in LATER), *LATER]

    def get_command(self, ctx: typer.Context, cmd_name: str):  # type: ignore[no-untyped-def, override]  # see above
        """The command of this name, or None."""
        if cmd_name not in self.commands:
            for name in (cmd_name,) if cmd_name in LATER else LATER:
                self.add_command(get_group(import_module(f"generator.{LATER[name]}").commands).commands[name])
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    name="variorum",
    cls=Lazily,
    help="Build static sites of annotated news comparisons.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Strict = Annotated[bool, typer.Option("--strict", help="Warnings count as faults.")]
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
    page: Annotated[str | None, typer.Argument(metavar="[PAGE]", help="With --explain: the page that is asked about.")] = None,
    *,
    site: Site = Path(),
    output: Output = None,
    strict: Strict = False,
    base_url: BaseUrl = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Publish draft notes too.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build everything anew, whatever is known of the last build.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print why each part was built again, or PAGE was or was not.")
    ] = False,
    form: Form = Format.TEXT,
    debug: Debug = False,
) -> None:
    """Build what has changed into the site's output folder, in one switch: the old site stands until the new one is whole."""
    with failures_told(debug):
        if page and not explain:
            raise typer.BadParameter("it is asked about with --explain", param_hint="PAGE")
        root, target = site_root(site), output_folder(site, output)
        started = time.perf_counter()
        with progress() as shown_progress:
            options = Options(drafts, checked_url(base_url), catch=not debug, progress=shown_progress, fresh=fresh, say=say)
            report = build_site(root, target, options)
        if form is Format.JSON:
            typer.echo(_as_json(report.diagnostics, _report_facts(report, target)))
        else:
            print_diagnostics(report.diagnostics)
            for line in _explained(report, target, page) if explain else ():
                typer.echo(printable(line))
            typer.echo(_summary(report, target, time.perf_counter() - started))
        raise typer.Exit(_exit_code(report.diagnostics, strict=strict, is_refused=report.stopped not in {"", "content"}))


@app.command()
def verify(
    *,
    site: Site = Path(),
    output: Output = None,
    base_url: BaseUrl = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="The site was built with draft notes.")] = False,
    form: Form = Format.TEXT,
    debug: Debug = False,
) -> None:
    """Build the site from nothing beside its output folder, and name every file there that differs; write nothing."""
    with failures_told(debug):
        root, target = site_root(site), output_folder(site, output)
        with progress() as shown_progress:
            found = verify_site(root, target, Options(drafts, checked_url(base_url), catch=not debug, progress=shown_progress))
        diagnostics = found.differences or (found.report.diagnostics if found.report.stopped else ())
        if form is Format.JSON:
            typer.echo(_as_json(diagnostics, {"output": str(target), "files": found.file_count, "differ": len(found.differences)}))
        else:
            print_diagnostics(diagnostics)
            differ = f"{len(found.differences):,} differ from a clean build" if diagnostics else "as a clean build makes them"
            typer.echo(f"{count(found.file_count, 'file')} in {printable(shown_path(target))}/, {differ}")
        raise typer.Exit(_exit_code(diagnostics, strict=True, is_refused=bool(found.report.stopped)))


@app.command()
def check(
    *,
    site: Site = Path(),
    output: Output = None,
    links: Annotated[bool, typer.Option("--links", help="Follow every link of the built site, too.")] = False,
    external: Annotated[bool, typer.Option("--external", help="With --links: ask the web whether other addresses answer.")] = False,
    strict: Strict = False,
    form: Form = Format.TEXT,
    debug: Debug = False,
) -> None:
    """Report every fault in the content and the settings, and on request in the links of the built site; write nothing."""
    with failures_told(debug):
        if external and not links:
            raise typer.BadParameter("it says which links --links follows", param_hint="--external")
        root = site_root(site)
        with progress() as shown_progress:
            collated = check_site(root, Options(drafts=True, catch=not debug, progress=shown_progress))
        followed = checked_links(output_folder(site, output), external=external) if links else None
        diagnostics = (*collated.diagnostics, *(followed.diagnostics if followed else ()))
        if form is Format.JSON:
            typer.echo(_as_json(diagnostics, _content_facts(collated) | (followed.facts if followed else {})))
        else:
            print_diagnostics(diagnostics)
            checked = "; ".join(
                [content_counts(collated.comparison_count, collated.note_count), *([str(followed)] if followed else [])]
            )
            for hint in goes_without(collated.config):
                say(f"hint: {hint}")
            typer.echo(f"{checked}: {counted_faults(diagnostics) or 'no faults'}")
        raise typer.Exit(_exit_code(diagnostics, strict=strict, is_refused=not collated.is_configured))


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name of a file must not be able to stop us where the locale is C
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, we tidy up as after Ctrl-C
    rest_collector()
    app(prog_name="variorum")


# ------------------------------------------------------------------ lines


def _summary(report: BuildReport, target: Path, seconds: float) -> str:
    """One line, as in `2 comparisons, 36 notes: 6 pages written to output/ in 0.1 s; 1 warning`."""
    faults = counted_faults(report.diagnostics)
    tail = f"; {faults}" if faults else ""
    place = f"{printable(shown_path(target))}/"
    if report.stopped:
        return f"nothing was written to {place}{tail}"
    pages = count(report.page_count, "page")
    changed = len(report.written) + len(report.removed)
    what = f"{pages} written to {place}" if not report.unchanged else f"{pages} in {place}, {count(changed, 'file')} changed,"
    in_place = f"; one by one, because {report.in_place}" if report.in_place else ""
    return f"{content_counts(report.comparison_count, report.note_count)}: {what} in {seconds:.1f} s{in_place}{tail}"


def _explained(report: BuildReport, target: Path, page: str | None) -> Iterator[str]:
    """Why each unit was built, or one page was or was not: as in `bridge/: annotations.yaml changed`."""
    reasons = dict(report.reasons)
    if page is None:
        yield from (f"{unit}: {', '.join(map(str, why))}" for unit, why in reasons.items())
        return
    path = page.removeprefix(f"{shown_path(target)}/").strip("/")
    units = (f"{path.partition('/')[0]}/", path, f"{path}/index.html".lstrip("/"))
    unit = next((unit for unit in units if unit in reasons), None)
    if unit is not None:
        yield f"{page}: {', '.join(map(str, reasons[unit]))}"
    elif (target / path).exists():
        yield f"{page}: not built again, because nothing changed that it is made from"
    else:
        raise typer.BadParameter(printable(f"there is no page {page!r} in {shown_path(target)}/"), param_hint="PAGE")


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
        "reasons": {unit: [str(reason) for reason in why] for unit, why in report.reasons},
    }


def _content_facts(collated: Checked) -> dict[str, object]:
    return {"comparisons": collated.comparison_count, "notes": collated.note_count}


def _exit_code(diagnostics: tuple[Diagnostic, ...], *, strict: bool, is_refused: bool) -> int:
    if is_refused:
        return REFUSED
    return FAULTY if has_errors(diagnostics) or (strict and diagnostics) else DONE
