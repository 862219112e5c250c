"""`variorum watch` and `variorum serve`: build after every change, and show the result in a browser while one writes.

Wires watching, building and serving; decides nothing else. Each build is told in one line: why, what, how long.
"""

from __future__ import annotations

import fcntl
import os
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import urlsplit

import typer

from generator.config import CONFIG, read_config
from generator.errors import has_errors
from generator.preview.faults import shown_faults
from generator.preview.live import Live, Notice, Shown
from generator.preview.serve import Address, serving
from generator.preview.watch import watch as watch_files
from generator.site.build import BuildReport, Options
from generator.site.build import build as build_site
from generator.sources import CONTENT
from generator.terminal import (
    BaseUrl,
    Debug,
    Output,
    Site,
    checked_url,
    count,
    counted_faults,
    failure_line,
    failures_told,
    output_folder,
    print_diagnostics,
    printable,
    say,
    shown_path,
    site_root,
)

SOURCES = (CONTENT, "templates", "static", CONFIG)
"""What a site is made from, by its names in the site's folder."""

CACHE = ".variorum"
PREVIEW = "preview"
"""Where `serve` builds: a folder of its own, so that drafts never reach output/, and one that stays, so that it starts quickly."""

Poll = Annotated[
    bool, typer.Option("--poll", help="Look for changes instead of waiting for events: for network and container mounts.")
]

Rebuild = Callable[[tuple[Path, ...]], BuildReport | None]


def watch(
    *,
    site: Site = Path(),
    output: Output = None,
    base_url: BaseUrl = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Publish draft notes too.")] = False,
    poll: Poll = False,
    debug: Debug = False,
) -> None:
    """Build at once and after every change, until Ctrl-C. A build with errors leaves the site that stands."""
    with failures_told(debug), _until_interrupted():
        root, target = site_root(site), output_folder(site, output)
        rebuild = rebuilder(root, target, Options(drafts, checked_url(base_url), keep_good=True, catch=not debug))
        for changed in watch_files(_sources(root), say=say, poll=poll):
            rebuild(changed)


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
    poll: Poll = False,
    debug: Debug = False,
) -> None:
    """Serve the site on this machine, rebuild it after every change, and keep open pages up to date, until Ctrl-C.

    Builds into a folder of its own, so that drafts never reach output/.
    """
    with failures_told(debug), _until_interrupted(), ExitStack() as stack:
        root = site_root(site)
        target = stack.enter_context(preview_folder(root))
        rebuild = rebuilder(root, target, Options(drafts, keep_good=True, catch=not debug))
        live = Live(Notice(_prefix(root), changed=None))
        address = stack.enter_context(serving(target, live, Address(host, port, tuple(allow_host or ()))))
        if port and not address.endswith(f":{port}"):
            say(f"port {port} is taken")
        for changed in watch_files(_sources(root), say=say, poll=poll):
            live.tell(notice(root, rebuild(changed), is_first=not changed))
            if not changed:
                typer.echo(f"Serving {address}{live.notice.prefix} (Ctrl-C ends it)")
                if open_browser:
                    webbrowser.open(f"{address}{live.notice.prefix}")


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
    """The path of the site's address, under which it is served."""
    return urlsplit(read_config(root)[0].base_url).path or "/"


@contextmanager
def preview_folder(root: Path) -> Iterator[Path]:
    """A folder to build the preview into that nobody else uses meanwhile: the site's own one, or another beside it.

    Where the site's folder cannot be written, a folder of the system's, which goes in the end.
    """
    number = 1
    while True:
        folder = root / CACHE / (PREVIEW if number == 1 else f"{PREVIEW}-{number}")
        try:
            folder.parent.mkdir(exist_ok=True)
            descriptor = os.open(folder.with_suffix(".used"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as fault:
            say(f"{CACHE}/ cannot be written ({fault.strerror}): the preview is built elsewhere, and anew each time")
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
                say(f"this site is being served already; this preview is another one, in {CACHE}/{folder.name}/")
            yield folder
        finally:
            os.close(descriptor)
        return


def rebuilder(root: Path, target: Path, options: Options) -> Rebuild:
    """A function that builds after a change, and says so in one line.

    A failure of the disk or a bug is told, and the next change waited for.
    """

    def rebuild(changed: tuple[Path, ...]) -> BuildReport | None:
        started = time.perf_counter()
        try:
            report = build_site(root, target, options)
        except Exception as failure:
            if not options.catch:
                raise
            say(failure_line(failure))
            return None
        print_diagnostics(report.diagnostics)
        typer.echo(_line(root, target, changed, report, time.perf_counter() - started))
        return report

    return rebuild


def notice(root: Path, report: BuildReport | None, *, is_first: bool) -> Notice:
    """What a build means for open pages. After the first one of a run, anything may be different from what they show."""
    prefix = _prefix(root)
    if report is None:
        return Notice(prefix, (Shown("error", "", "the build failed; the terminal says why"),))
    faults = shown_faults(root, report.diagnostics) if has_errors(report.diagnostics) else ()
    return Notice(prefix, faults, None if is_first else (*report.written, *report.removed))


# ------------------------------------------------------------------ lines


def _line(root: Path, target: Path, changed: tuple[Path, ...], report: BuildReport, seconds: float) -> str:
    """Why, what, how long: `content/kim/a.txt changed: 1 page, 2 other files in output/ in 0.06 s`."""
    why = f"{_named(root, changed)} changed: " if changed else ""
    faults = counted_faults(report.diagnostics)
    tail = f"; {faults}" if faults else ""
    if report.stopped:
        return f"{why}nothing was written to {shown_path(target)}/ in {seconds:.2f} s{tail}"
    files = [*report.written, *report.removed]
    pages = sum(path.endswith(".html") for path in files)
    parts = [count(pages, "page")] if pages else []
    if len(files) > pages:
        parts.append(count(len(files) - pages, "other file" if pages else "file"))
    what = f"{', '.join(parts)} written to" if parts else "nothing new in"
    return f"{why}{what} {shown_path(target)}/ in {seconds:.2f} s{tail}"


def _named(root: Path, changed: tuple[Path, ...]) -> str:
    more = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
    return printable(f"{changed[0].relative_to(root)}{more}")
