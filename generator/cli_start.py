"""The commands that begin and dress a site: `init`, `theme list`, `theme eject`.

Exit codes: 0 done; 2 wrong usage, or the disk. Nothing that is there already is ever overwritten.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.errors import did_you_mean
from generator.layout import TEMPLATES
from generator.scaffold import Host, scaffold
from generator.site.program import default_templates
from generator.terminal import Debug, Site, count, failures_told, printable, site_root

commands = typer.Typer(rich_markup_mode=None)
theme = typer.Typer(no_args_is_help=True, help="See and copy what the pages are made with.")
commands.add_typer(theme, name="theme")


@commands.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new site's folder. It may exist, and be empty.")],
    *,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The site's name. Default: made from the folder's.")] = "",
    host: Annotated[
        list[Host] | None, typer.Option("--host", help="Where it will be published; may be repeated. Default: a file for each.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Begin a site: settings with comments, a first comparison to change, a page of your own, and files that publish it."""
    with failures_told(debug):
        if not title.isprintable():
            raise typer.BadParameter("a title is one line, without control characters", param_hint="--title")
        files = scaffold(title.strip() or _title(folder), host or list(Host))
        _write_new(folder, files)
        shown = printable(str(folder))
        typer.echo(f"{count(len(files), 'file')} written to {shown}/\nNext: cd {shown} && variorum serve --open")


@theme.command("list")
def list_templates(*, site: Site = Path(), debug: Debug = False) -> None:
    """List the files of the theme; those that the site has made its own are marked."""
    with failures_told(debug):
        templates = site_root(site) / TEMPLATES
        for name in _theme_files():
            own = "  (the site's own)" if (templates / name).exists() else ""
            typer.echo(f"{name}{own}")


@theme.command()
def eject(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Files of the theme, as `variorum theme list` names them.")],
    *,
    site: Site = Path(),
    debug: Debug = False,
) -> None:
    """Copy files of the theme into the site's templates/, to start from. The copy is used instead of the theme's own."""
    with failures_told(debug):
        templates, known = site_root(site) / TEMPLATES, _theme_files()
        for name in names:
            if name not in known:
                raise typer.BadParameter(printable(f"the theme has no {name!r} ({did_you_mean(name, known)})"), param_hint="NAME")
        files = {name: known[name].read_text(encoding="utf-8") for name in names}
        _write_new(templates, files, into_others=True)
        for name in files:
            typer.echo(printable(f"{templates / name} is yours now; delete it to return to the theme's"))


# ------------------------------------------------------------------ steps


def _title(folder: Path) -> str:
    """A folder's name as a title: `media-watch` as `Media watch`."""
    name = folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    return f"{name[:1].upper()}{name[1:]}" if name and name.isprintable() else "Variorum"


def _theme_files() -> dict[str, Path]:
    """Every text file of the default theme, by its name."""
    root = default_templates()
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix in {".html", ".css", ".js", ".svg", ".xml"})
    return {path.relative_to(root).as_posix(): path for path in paths}


def _write_new(folder: Path, files: dict[str, str], *, into_others: bool = False) -> None:
    """Write files that must not be there yet; all are looked at before the first is written.

    Unless `into_others`, the folder itself must be empty, hidden entries (a fresh repository's .git) aside.
    """
    if folder.exists() and not folder.is_dir():
        raise typer.BadParameter(printable(f"{folder} is not a folder"))
    present = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    visible = [name for name in present if not name.startswith(".")]
    if visible and not into_others:
        raise typer.BadParameter(printable(f"{folder} is not empty: it holds {visible[0]!r} (name a new folder)"))
    for name in files:
        if (folder / name).exists() or (folder / name).is_symlink():
            raise typer.BadParameter(printable(f"{folder / name} is there already, and is not overwritten"))
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
