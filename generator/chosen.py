"""Which story and which pair of its witnesses a command is about, as somebody named them, and how a file begins that is put there.

In: names that people typed, and the site's folder. Out: its settings, a folder, a comparison, lines; wrong usage, with what there
is, if there is none of that name.
"""

from __future__ import annotations

from pathlib import Path

import typer

from generator.config import SiteConfig, read_config
from generator.console import print_diagnostics
from generator.errors import did_you_mean, has_errors
from generator.model import Comparison
from generator.reference import SCHEMA_FOLDER, FileFormat, schema_line
from generator.sources import story_folders
from generator.terminal import REFUSED, printable


def settings(root: Path) -> SiteConfig:
    """The settings, whose faults are told; with an error among them nothing is done, as nothing is built."""
    config, faults = read_config(root)
    print_diagnostics(faults)
    if has_errors(faults):
        raise typer.Exit(REFUSED)
    return config


def schema_remarks(root: Path, target: Path) -> tuple[str, ...]:
    """The comment that a new sidecar begins with: which schema editors hold it against, if the site keeps schemas beside it."""
    form = FileFormat.ANNOTATIONS
    is_kept = (root / SCHEMA_FOLDER / f"{form.value}.schema.json").is_file()
    return (schema_line(form),) if is_kept and target.absolute().parent.parent.parent == root.absolute() else ()


def story_folder(root: Path, name: str) -> Path:
    """The folder of the story called `name`, which may be written as a path; wrong usage if there is none."""
    folders = {folder.name: folder for folder in story_folders(root)}
    slug = Path(name).name
    if slug not in folders:
        hint = did_you_mean(slug, folders) if folders else "content/ has no comparison"
        raise typer.BadParameter(printable(f"there is no comparison {slug!r} ({hint})"), param_hint="STORY")
    return folders[slug]


def chosen_comparison(comparisons: tuple[Comparison, ...], names: tuple[str, str] | None) -> Comparison | None:
    """The comparison of two witnesses, or None when all pairs are meant; wrong usage if they are not compared."""
    if names is None:
        return None
    pairs = {(each.articles.a.source.name, each.articles.b.source.name): each for each in comparisons}
    if names not in pairs:
        known = ", ".join(" ".join(pair) for pair in pairs)
        raise typer.BadParameter(printable(f"{' '.join(names)} are not compared (known: {known})"), param_hint="--pair")
    return pairs[names]
