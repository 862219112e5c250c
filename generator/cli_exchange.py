"""The commands that exchange data with other tools: `export`, `import annotations`, `schema`.

Exit codes as everywhere: 0 done; 1 something of the content was left out; 2 nothing was done: wrong usage, settings, or the disk. A
document goes to stdout or into a file; what is to be said, to stderr. `import` never overwrites a file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from generator.chosen import chosen_comparison, schema_remarks, settings, story_folder
from generator.collate.compare import compare_story
from generator.config import SiteConfig
from generator.console import print_diagnostics
from generator.errors import Diagnostic, has_errors
from generator.importing.annotations import import_annotations
from generator.layout import CONTENT
from generator.model import Story
from generator.reading.jsontext import JSON_LIMIT, JsonText, read_json
from generator.reference import SCHEMA_FOLDER, FileFormat, json_schema, markdown_reference, schema_files, schema_line
from generator.site.export import ExportFormat, document
from generator.sources import read_story
from generator.terminal import DONE, FAULTY, REFUSED, Debug, Site, count, failures_told, printable, say, site_root, write_whole

IMPORTED = "annotations.imported.yaml"

commands = typer.Typer(rich_markup_mode=None)
importing = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
commands.add_typer(importing, name="import", help="Read notes that were made elsewhere.")

StoryName = Annotated[str, typer.Argument(metavar="STORY", help="A folder of content/.")]
Target = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Where to write it.")]


@commands.command()
def export(
    story: StoryName,
    *,
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", metavar="A B", help="Two witnesses. Default: all pairs.")
    ] = None,
    output: Target = None,
    site: Site = Path(),
    debug: Debug = False,
) -> None:
    """Write the notes or the changes of a comparison in the format of other tools, to stdout or a file.

    jsonld: notes as W3C Web Annotations. csv: notes, one a row. changes: changes, one a row. json: everything.
    critic, markdown: the text with its changes marked.
    """
    with failures_told(debug):
        root = site_root(site)
        config = settings(root)
        found, faults = _story(root, story, config)
        comparisons, more = compare_story(found)
        print_diagnostics(dict.fromkeys((*faults, *more)))
        chosen = chosen_comparison(comparisons, pair)
        text = document(config, (found, comparisons), chosen, form)
        if output is None:
            typer.echo(text.encode(), nl=False)
        else:
            output.write_bytes(text.encode())
        raise typer.Exit(FAULTY if has_errors((*faults, *more)) else DONE)


@importing.command("annotations")
def import_notes(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Web Annotations as JSON-LD.")],
    story: StoryName,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help=f"A new sidecar. Default: {IMPORTED} in the story's folder."),
    ] = None,
    site: Site = Path(),
    debug: Debug = False,
) -> None:
    """Write a new sidecar with the notes in a file of W3C Web Annotations.

    What does not fit into a note is kept in comments, and told. No file is ever overwritten.
    """
    with failures_told(debug):
        root = site_root(site)
        config = settings(root)
        found, faults = _story(root, story, config)
        target = output or root / CONTENT / found.slug / IMPORTED
        if target.exists() or target.is_symlink():
            raise typer.BadParameter(printable(f"{target} is there already, and is not overwritten"), param_hint="--output")
        data = _json(file)
        if isinstance(data, Diagnostic):
            print_diagnostics((data,))
            raise typer.Exit(REFUSED)
        imported = import_annotations(printable(file.name), data, found, {kind.key for kind in config.kinds})
        print_diagnostics(dict.fromkeys((*faults, *imported.diagnostics)))
        if not imported.text:
            raise typer.Exit(REFUSED)
        with target.open("x", encoding="utf-8", newline="\n") as sidecar:
            sidecar.write("".join(f"# {line}\n" for line in schema_remarks(root, target)) + imported.text)
        typer.echo(printable(f"{count(imported.note_count, 'note')} written to {target}"))
        raise typer.Exit(FAULTY if has_errors((*faults, *imported.diagnostics)) else DONE)


@commands.command()
def schema(
    form: Annotated[FileFormat, typer.Argument(metavar="[FORMAT]", help="comparison, annotations, front-matter or page.")] = (
        FileFormat.ANNOTATIONS
    ),
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="A table for people instead.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write the schemas of all formats into {SCHEMA_FOLDER}/ in the site's folder.")
    ] = False,
    site: Site = Path(),
    debug: Debug = False,
) -> None:
    """Print the JSON Schema of a format, by which editors complete and check while you type."""
    with failures_told(debug):
        if write:
            _write_schemas(site_root(site) / SCHEMA_FOLDER)
            return
        text = markdown_reference(form) if markdown else json.dumps(json_schema(form), indent=2, ensure_ascii=False)
        typer.echo(text.rstrip().encode())


# ------------------------------------------------------------------ steps


def _write_schemas(folder: Path) -> None:
    """Write every schema; they are made from the program, so older ones are replaced."""
    folder.mkdir(exist_ok=True)
    for name, text in schema_files().items():
        write_whole(folder / name, text.encode())
    line = schema_line(FileFormat.ANNOTATIONS)
    typer.echo(printable(f"{count(len(FileFormat), 'schema')} written to {folder}/; first line of a sidecar: # {line}"))


def _story(root: Path, name: str, config: SiteConfig) -> tuple[Story, tuple[Diagnostic, ...]]:
    """The story called `name`, which may be written as a path."""
    folder = story_folder(root, name)
    story, faults = read_story(root, folder, config)
    if story is None:
        print_diagnostics(faults)
        say(f"error: {folder.name} cannot be read; mend its errors first")
        raise typer.Exit(FAULTY)
    return story, faults


def _json(file: Path) -> JsonText | Diagnostic:
    """The data in a file, of which no more is read than may be."""
    with file.open("rb") as stream:
        return read_json(printable(str(file)), stream.read(JSON_LIMIT + 1))
