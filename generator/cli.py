"""The command line: which commands there are, each imported when it is called.

Exit codes of all: 0 done; 1 faults in content (with --strict, warnings too); 2 nothing was done: wrong usage, settings, templates,
or the disk. Diagnostics go to stderr, one a line, as `file:line:column: severity: message (hint)`; results to stdout.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

from generator import __version__
from generator.terminal import rest_collector

COMMANDS = {
    "build": "cli_build",
    "verify": "cli_check",
    "check": "cli_check",
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
"""The modules whose `commands` they are among, in the order of the help."""


class Lazily(TyperGroup):
    """The commands of `COMMANDS`: a build does not wait for the import of a server, which takes 0.3 s.

    All are imported to list them with what they do, or to guess which one was meant.
    """

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002  click's own is copied into typer
        """All names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str):  # type: ignore[no-untyped-def, override]  # see above
        """The command of this name, or None."""
        if cmd_name not in self.commands:
            for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
                self.add_command(get_group(import_module(f"generator.{COMMANDS[name]}").commands).commands[name])
            rest_collector()
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


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name of a file must not be able to stop us where the locale is C
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, we tidy up as after Ctrl-C
    app(prog_name="variorum")
