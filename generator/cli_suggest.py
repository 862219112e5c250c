"""The command `suggest`: proposes notes, and writes them as drafts. The only writer of annotations.suggested.yaml.

Exit codes: 0 written, or nothing to write; 1 the comparison has errors to mend first; 2 wrong usage, settings, the disk, or a file
that somebody has worked on since it was written, which is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from generator.chosen import chosen_comparison, schema_remarks, settings, story_folder
from generator.collate.compare import compare_story
from generator.config import SiteConfig
from generator.console import print_diagnostics
from generator.errors import has_errors
from generator.layout import CONTENT
from generator.model import Story
from generator.reading.files import folder_names
from generator.reading.formats import Fault
from generator.sidecars import read_sidecars
from generator.sources import read_story
from generator.suggest.drafting import Suggestion, suggestions
from generator.suggest.sidecar import SUGGESTED, is_as_written, suggested_text
from generator.terminal import DONE, FAULTY, REFUSED, Debug, Site, count, failures_told, printable, say, site_root, write_whole

commands = typer.Typer(rich_markup_mode=None)

MAX_SUGGESTIONS = 300
"""Notes in one file. More than anybody goes through; two texts that share nothing have thousands. From 100 to 1,000."""

_GRAVITY = ("major", "moderate", "minor")


@commands.command()
def suggest(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A folder of content/.")],
    *,
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", metavar="A B", help="Two witnesses. Default: all pairs.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help=f"Where to write. Default: {SUGGESTED} in the story's folder.")
    ] = None,
    site: Site = Path(),
    debug: Debug = False,
) -> None:
    """Propose notes on what changed, as drafts in annotations.suggested.yaml; what a note covers already is left out.

    A file that somebody has changed since it was written is not replaced.
    """
    with failures_told(debug):
        root = site_root(site)
        config = settings(root)
        folder = story_folder(root, story)
        target = output or folder / SUGGESTED
        _refuse_changed(target)
        found = _story(root, folder, config)
        made = _suggestions(found, pair)
        kept = _gravest(made)
        left_out = len(made) - len(kept)
        is_new = _write(target, suggested_text(kept, left_out, schema_remarks(root, target)), is_empty=not kept)
        typer.echo(printable(_line(found.slug, kept, left_out, target, is_new=is_new)))
        raise typer.Exit(DONE)


def _refuse_changed(target: Path) -> None:
    """Refuse to replace a file that is not as this command wrote it."""
    if target.is_symlink() or (target.exists() and not _is_ours(target)):
        say(f"error: {target} was changed since it was written, or is not a file of this command: it is left as it is")
        say("hint: move the notes you keep to a sidecar of another name and delete the file, or write elsewhere with --output")
        raise typer.Exit(REFUSED)


def _is_ours(path: Path) -> bool:
    """Whether a file is what this command wrote, unchanged."""
    return path.is_file() and is_as_written(path.read_bytes().decode("utf-8", "replace"))


def _story(root: Path, folder: Path, config: SiteConfig) -> Story:
    """The story with the notes that people wrote. With errors in its files nothing is proposed: a note left out covers nothing."""
    story, told = read_story(root, folder, config)
    names = folder_names(root, (CONTENT, folder.name))
    if story is not None and not isinstance(names, Fault) and SUGGESTED in names and _is_ours(folder / SUGGESTED):
        witnesses = tuple(source.name for source in story.witnesses)
        people = tuple(name for name in names if name != SUGGESTED)
        own = {f"{CONTENT}/{folder.name}/{name}" for name in names if name.startswith("annotations") and name.endswith(".yaml")}
        notes, more = read_sidecars(root, (CONTENT, folder.name), people, witnesses, {kind.key for kind in config.kinds})
        story = replace(story, annotators=notes.annotators, annotations=notes.annotations)
        told = (*(each for each in told if each.where.path not in own), *more)
    print_diagnostics(dict.fromkeys(told))
    if story is None or has_errors(told):
        say(f"error: {folder.name}: nothing proposed; mend its errors first")
        raise typer.Exit(FAULTY)
    return story


def _suggestions(story: Story, names: tuple[str, str] | None) -> list[Suggestion]:
    """What all comparisons of a story, or one, call for."""
    comparisons, _ = compare_story(story)
    taken = {note.id for note in story.annotations}
    found: list[Suggestion] = []
    chosen = chosen_comparison(comparisons, names)
    for comparison in comparisons if chosen is None else (chosen,):
        made = suggestions(comparison, taken)
        taken |= {each.id for each in made}
        found += made
    return found


def _gravest(made: Sequence[Suggestion]) -> list[Suggestion]:
    """As many suggestions as a file holds, the gravest, in their order."""
    ranked = sorted(range(len(made)), key=lambda index: (_GRAVITY.index(made[index].data["severity"]), index))
    return [made[index] for index in sorted(ranked[:MAX_SUGGESTIONS])]


def _write(target: Path, text: str, *, is_empty: bool) -> bool:
    """Write the file if it would say something else than it does; whether it was written."""
    data = text.encode()
    is_same = target.read_bytes() == data if target.exists() else is_empty
    if is_same:
        return False
    write_whole(target, data)
    return True


def _line(slug: str, kept: Sequence[Suggestion], left_out: int, target: Path, *, is_new: bool) -> str:
    """What was done, as in `kim: 17 suggestions (5 major, 4 moderate, 8 minor) written to …`."""
    if not kept:
        return f"{slug}: nothing to suggest{f'; {target} is empty now' if is_new else ''}"
    counts = {name: sum(each.data["severity"] == name for each in kept) for name in _GRAVITY}
    grades = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    more = f"; {left_out:,} less grave left out" if left_out else ""
    done = f"written to {target}" if is_new else f"stand in {target} already"
    return f"{slug}: {count(len(kept), 'suggestion')} ({grades}) {done}{more}"
