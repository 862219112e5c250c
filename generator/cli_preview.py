"""`variorum watch` and `variorum serve`: build after every change, and show the result in a browser while one writes.

Wires watching, building and serving; decides nothing else. Each build is told in one line: why, what, how long.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

import typer

from generator.config import read_config
from generator.console import print_diagnostics, progress
from generator.layout import SOURCES
from generator.preview.faults import shown_faults
from generator.preview.live import Live, Notice, Shown
from generator.preview.serve import Address, serving
from generator.preview.watch import watch as watch_files
from generator.site.build import Options
from generator.site.build import build as build_site
from generator.site.cachefile import CACHE_FOLDER, make_folder
from generator.site.claim import OutputRefused, locked
from generator.site.frame import base_path
from generator.site.memory import Memory, warm
from generator.site.report import BuildReport
from generator.terminal import (
    BaseUrl,
    Debug,
    Output,
    Site,
    checked_url,
    content_counts,
    count,
    counted_faults,
    failure_line,
    failures_told,
    output_folder,
    printable,
    say,
    shown_path,
    site_root,
)

commands = typer.Typer(rich_markup_mode=None)

PREVIEW = "preview"
"""Where `serve` builds: a folder of its own, so that drafts never reach output/, and one that stays, so that it starts quickly."""

OTHERS_S = 60.0
RETRY_S = 0.2
"""How long another build that has the folder is waited for, and how often is looked whether it has ended."""

REASONS = 3
"""So many reasons are told of what was built first; `build --explain` has all."""

Poll = Annotated[
    bool, typer.Option("--poll", help="Look for changes instead of waiting for events: for network and container mounts.")
]

Search = Annotated[bool, typer.Option("--search", help="Make the search index too, anew at each build.")]

Rebuild = Callable[[tuple[Path, ...]], BuildReport | None]


@commands.command()
def watch(
    *,
    site: Site = Path(),
    output: Output = None,
    base_url: BaseUrl = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Publish draft notes too.")] = False,
    search: Search = False,
    poll: Poll = False,
    debug: Debug = False,
) -> None:
    """Build at once and after every change, until Ctrl-C. A build with errors leaves the site that stands."""
    with failures_told(debug, of_build=True), _until_interrupted():
        root, target = site_root(site), output_folder(site, output)
        # Nobody reads output/ through us: the gate only says that a small change may be made in place.
        options = Options(
            drafts, checked_url(base_url), keep_good=True, catch=not debug, gate=nullcontext(), is_searchable=search, say=say
        )
        memory = Memory()
        rebuild = rebuilder(root, target, options, memory)
        for changed in watch_files(_sources(root), say=say, poll=poll):
            rebuild(changed)
            if not changed:
                warm(memory)


@commands.command()
def serve(
    *,
    site: Site = Path(),
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="The name or address to serve on.")] = "localhost",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; the next free one if it is taken.")] = 8000,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A further name that requests may use. Repeatable.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
    drafts: Annotated[bool, typer.Option("--drafts/--no-drafts", help="Show draft notes.")] = True,
    search: Search = False,
    poll: Poll = False,
    debug: Debug = False,
) -> None:
    """Serve the site on this machine, rebuild it after every change, and keep open pages up to date, until Ctrl-C.

    Builds into a folder of its own, so that drafts never reach output/.
    """
    with failures_told(debug, of_build=True), _until_interrupted(), ExitStack() as stack:
        root = site_root(site)
        target = stack.enter_context(preview_folder(root))
        gate = threading.Lock()
        options = Options(drafts, keep_good=True, catch=not debug, fingerprint=False, gate=gate, is_searchable=search, say=say)
        memory = Memory()
        rebuild = rebuilder(root, target, options, memory)
        live = Live(Notice(_prefix(root), changed=None))
        address = stack.enter_context(serving(target, live, Address(host, port, tuple(map(_host, allow_host or ()))), gate))
        if port and not address.endswith(f":{port}"):
            say(f"port {port} is taken")
        for changed in watch_files(_sources(root), say=say, poll=poll):
            live.tell(notice(root, rebuild(changed), is_first=not changed))
            if not changed:
                first_page = address + quote(live.notice.prefix)
                typer.echo(f"Serving {first_page} (Ctrl-C ends it)")
                if open_browser:
                    webbrowser.open(first_page)
                warm(memory)


# ------------------------------------------------------------------ steps


@contextmanager
def _until_interrupted() -> Iterator[None]:
    """Work that Ctrl-C ends as it should."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("", err=True)


def _sources(root: Path) -> tuple[Path, ...]:
    return tuple(root / name for name in SOURCES)


def _prefix(root: Path) -> str:
    """The path of the site's address, under which it is served, decoded."""
    return unquote(base_path(read_config(root)[0]))


def _host(name: str) -> str:
    """A further name of this machine; wrong usage for what is more than a name."""
    try:
        parts = urlsplit(f"//{name}")
        if parts.hostname and parts.netloc == name and parts.port is None and "@" not in name:
            return parts.hostname
    except ValueError:  # brackets that hold no address, or a port that is none
        pass
    raise typer.BadParameter(
        printable(f"{name!r} is not the name of a host (write it without scheme, port and path)"), param_hint="--allow-host"
    )


@contextmanager
def preview_folder(root: Path) -> Iterator[Path]:
    """A folder to build the preview into that nobody else uses meanwhile: the site's own one, or another beside it.

    Where the site's folder cannot be written, a folder of the system's, which goes in the end.
    """
    number = 1
    while True:
        folder = root / CACHE_FOLDER / (PREVIEW if number == 1 else f"{PREVIEW}-{number}")
        try:
            make_folder(folder.parent)
            descriptor = os.open(folder.with_suffix(".used"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as fault:
            say(f"{CACHE_FOLDER}/ cannot be written ({fault.strerror}): the preview is built elsewhere, and anew each time")
            with TemporaryDirectory(prefix="variorum-preview-") as elsewhere:
                yield Path(elsewhere) / PREVIEW
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel frees it when we die, however we die
        except BlockingIOError:
            os.close(descriptor)
            number += 1
            continue
        try:
            if number > 1:
                say(f"this site is being served already; this preview is another one, in {CACHE_FOLDER}/{folder.name}/")
            yield folder
        finally:
            os.close(descriptor)
        return


def rebuilder(root: Path, target: Path, options: Options, memory: Memory) -> Rebuild:
    """A function that builds after a change, and says so in one line.

    A failure of the disk or a bug is told, and the next change waited for. A build is handed what changed since the last one
    that published: also what those between could not take in.
    """
    pending: dict[Path, None] | None = None  # None: anything may have changed

    def rebuild(changed: tuple[Path, ...]) -> BuildReport | None:
        nonlocal pending
        pending = None if pending is None else pending | dict.fromkeys(changed)
        started = time.perf_counter()
        try:
            with progress() if pending is None else nullcontext(options.progress) as shown:
                since = None if pending is None else tuple(pending)
                report = _built(root, target, replace(options, progress=shown), memory, since)
        except Exception as failure:
            if not options.catch:
                raise
            say(failure_line(failure, of_build=True))
            return None
        if not report.stopped:
            pending = {}
        print_diagnostics(report.diagnostics)
        typer.echo(_line(root, target, changed, report, time.perf_counter() - started))
        return report

    return rebuild


def _built(root: Path, target: Path, options: Options, memory: Memory, changed: tuple[Path, ...] | None) -> BuildReport:
    """A build; when another one has the folder, another build after that one."""
    report = build_site(root, target, options, memory, changed)
    if report.stopped != "output" or not is_taken(target):
        return report
    print_diagnostics(report.diagnostics)
    for _ in range(int(OTHERS_S / RETRY_S)):
        time.sleep(RETRY_S)
        if not is_taken(target):
            break
    return build_site(root, target, options, memory, changed)


def is_taken(target: Path) -> bool:
    """Whether another process is building into `target` now."""
    try:
        with locked(target):
            return False
    except OutputRefused:
        return True


def notice(root: Path, report: BuildReport | None, *, is_first: bool) -> Notice:
    """What a build means for open pages. After the first one of a run, anything may be different from what they show."""
    prefix = _prefix(root)
    if report is None:
        return Notice(prefix, (Shown("", "the build failed; the terminal says why"),))
    changed = None if is_first else (*report.written, *report.removed)
    return Notice(prefix, shown_faults(root, report.diagnostics), changed)


# ------------------------------------------------------------------ lines


def _line(root: Path, target: Path, changed: tuple[Path, ...], report: BuildReport, seconds: float) -> str:
    """Why, what, how long: `content/kim/a.txt: kim/ (a.txt changed) and 2 more built, 5 files written to output/ in 0.06 s`."""
    why = _named(root, changed) if changed else content_counts(report.comparison_count, report.note_count)
    place = f"{shown_path(target)}/"
    faults = counted_faults(report.diagnostics)
    tail = f" in {seconds:.2f} s{f'; {faults}' if faults else ''}"
    if report.stopped:
        return f"{why}: nothing was written to {place}{tail}"
    files = len(report.written) + len(report.removed)
    built = f"{_units(report)} built, " if changed and report.reasons else ""
    return f"{why}: {built}{count(files, 'file')} written to {place}{tail}" if files else f"{why}: nothing new in {place}{tail}"


def _units(report: BuildReport) -> str:
    """What was built, and why the first of it was."""
    (first, reasons), *others = report.reasons
    more = f" and {len(others):,} more" if others else ""
    return printable(f"{first} ({', '.join(map(str, reasons[:REASONS]))}){more}")


def _named(root: Path, changed: tuple[Path, ...]) -> str:
    more = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
    return printable(f"{changed[0].relative_to(root)}{more}")
