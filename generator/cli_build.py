"""The command `build`: what changed is built; if nothing did, that is found out and told before anything else is imported.

Exit codes as everywhere: 0 done; 1 faults in content (with --strict, warnings too); 2 nothing was built.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import typer

from generator.errors import Diagnostic
from generator.site.report import BuildReport
from generator.site.unchanged import as_it_stands, said
from generator.terminal import (
    BaseUrl,
    Debug,
    Form,
    Format,
    Output,
    Site,
    Strict,
    as_json,
    checked_url,
    content_counts,
    count,
    counted_faults,
    exit_code,
    failures_told,
    output_folder,
    printable,
    rest_collector,
    say,
    shown_path,
    site_root,
)

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
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
    with failures_told(debug, of_build=True):
        if page and not explain:
            raise typer.BadParameter("it is asked about with --explain", param_hint="PAGE")
        root, target = site_root(site), output_folder(site, output)
        started = time.perf_counter()
        url = checked_url(base_url)
        report = None if fresh else as_it_stands(root, target, said(drafts=drafts, base_url=url))
        if report is None:
            report = _built(root, target, drafts=drafts, base_url=url, fresh=fresh, debug=debug)
        if form is Format.JSON:
            typer.echo(as_json(report.diagnostics, _report_facts(report, target)))
        else:
            _print_diagnostics(report.diagnostics)
            for line in _explained(report, target, page) if explain else ():
                typer.echo(printable(line))
            typer.echo(_summary(report, target, time.perf_counter() - started))
        raise typer.Exit(exit_code(report.diagnostics, strict=strict, is_refused=report.stopped not in {"", "content"}))


def _built(root: Path, target: Path, *, drafts: bool, base_url: str | None, fresh: bool, debug: bool) -> BuildReport:
    """Build what changed. What that needs is imported now: half a second, for which a build without a change does not wait."""
    from generator.console import progress  # noqa: PLC0415 see above
    from generator.site import build as building  # noqa: PLC0415 see above

    rest_collector()
    with progress() as shown_progress:
        options = building.Options(drafts, base_url, catch=not debug, progress=shown_progress, fresh=fresh, say=say)
        return building.build(root, target, options)


def _print_diagnostics(diagnostics: Collection[Diagnostic]) -> None:
    """One line each, in colour; imported if there is anything to tell, for the same reason."""
    if diagnostics:
        from generator.console import print_diagnostics  # noqa: PLC0415 see above

        print_diagnostics(diagnostics)


# ------------------------------------------------------------------ lines


def _summary(report: BuildReport, target: Path, seconds: float) -> str:
    """One line, as in `2 comparisons, 36 notes: 6 pages written to output/ in 0.1 s; 1 warning`."""
    faults = counted_faults(report.diagnostics)
    tail = f"; {faults}" if faults else ""
    place = f"{shown_path(target)}/"
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
