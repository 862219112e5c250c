"""The commands `check` and `verify`: what is wrong with the content, and whether output/ is what a clean build makes. No writing.

Exit codes as everywhere: 0 no fault; 1 faults (`check` counts warnings with --strict only); 2 nothing could be looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli_links import checked_links
from generator.console import print_diagnostics, progress
from generator.site.build import Checked, Options
from generator.site.build import check as check_site
from generator.site.hosting import goes_without
from generator.site.verify import verify as verify_site
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
    say,
    shown_path,
    site_root,
)

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
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
            typer.echo(as_json(diagnostics, {"output": str(target), "files": found.file_count, "differ": len(found.differences)}))
        else:
            print_diagnostics(diagnostics)
            differ = f"{len(found.differences):,} differ from a clean build" if diagnostics else "as a clean build makes them"
            typer.echo(f"{count(found.file_count, 'file')} in {shown_path(target)}/, {differ}")
        raise typer.Exit(exit_code(diagnostics, strict=True, is_refused=bool(found.report.stopped)))


@commands.command()
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
            typer.echo(as_json(diagnostics, _content_facts(collated) | (followed.facts if followed else {})))
        else:
            print_diagnostics(diagnostics)
            checked = "; ".join(
                [content_counts(collated.comparison_count, collated.note_count), *([str(followed)] if followed else [])]
            )
            for hint in goes_without(collated.config) if collated.is_configured else ():
                say(f"hint: {hint}")
            typer.echo(f"{checked}: {counted_faults(diagnostics) or 'no faults'}")
        raise typer.Exit(exit_code(diagnostics, strict=strict, is_refused=not collated.is_configured))


def _content_facts(collated: Checked) -> dict[str, object]:
    return {"comparisons": collated.comparison_count, "notes": collated.note_count}
