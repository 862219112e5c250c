"""What a site offers for download, as bytes: notes and changes in the formats of other tools.

In: settings, stories, comparisons. Out: the files that lie beside each page and at the site's root, and single documents for
the command line. Same input, same bytes. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import Comparison, Story
from generator.site.frame import ANNOTATIONS, CHANGES_CSV, COMPARISON_JSON, NOTES_CSV, NOTES_JSON, comparison_route
from generator.site.redline import critic_markup, markdown_redline
from generator.site.tables import (
    CHANGE_COLUMNS,
    NOTE_COLUMNS,
    as_csv,
    change_rows,
    comparison_json,
    note_rows,
    notes_json,
    pair_notes_json,
    site_json,
)
from generator.site.webannotation import annotation_collection


class ExportFormat(StrEnum):
    """What a story can be exported as."""

    JSONLD = "jsonld"
    CSV = "csv"
    CHANGES = "changes"
    JSON = "json"
    CRITIC = "critic"
    MARKDOWN = "markdown"


Entry = tuple[Story, Sequence[Comparison]]


class SiteNotes(NamedTuple):
    """What a story adds to the site's notes: rows of CSV without the head line, and pairs as JSON with commas between."""

    rows: str
    pairs: str


def pair_files(config: SiteConfig, story: Story, comparisons: Sequence[Comparison]) -> tuple[dict[str, bytes], SiteNotes]:
    """The files beside the page of each pair, by path in the site, and what the story adds to the notes of all pairs."""
    files: dict[str, bytes] = {}
    rows, pairs = [], []
    for comparison in comparisons:
        folder = comparison_route(story, comparison).removesuffix("index.html")
        notes = notes_json(config, story, comparison)
        table = as_csv(NOTE_COLUMNS, note_rows(config, story, comparison))
        files |= {
            f"{folder}{ANNOTATIONS}": f"{annotation_collection(config, story, comparisons, comparison)}\n".encode(),
            f"{folder}{NOTES_CSV}": table.encode(),
            f"{folder}{CHANGES_CSV}": as_csv(CHANGE_COLUMNS, change_rows(comparison)).encode(),
            f"{folder}{COMPARISON_JSON}": f"{comparison_json(config, story, comparison, notes)}\n".encode(),
        }
        rows.append(table.removeprefix(_NOTES_HEAD))
        pairs.append(pair_notes_json(story, comparison, notes))
    return files, SiteNotes("".join(rows), ",".join(pairs))


def notes_names(number: int) -> tuple[str, str]:
    """The two files of the site that hold the notes of chunk `number` of the stories, from 0 (notes.csv, notes-2.csv, …)."""
    mark = f"-{number + 1}" if number else ""
    return NOTES_CSV.replace(".", f"{mark}."), NOTES_JSON.replace(".", f"{mark}.")


def site_csv(parts: Iterable[SiteNotes]) -> bytes:
    """The notes of some stories as one table."""
    return "".join([_NOTES_HEAD, *(part.rows for part in parts)]).encode()


def site_notes(config: SiteConfig, parts: Iterable[SiteNotes], following: str = "") -> bytes:
    """The notes of some stories as one JSON document; `following` names the file with the next ones, if any."""
    return f"{site_json(config, (part.pairs for part in parts if part.pairs), following)}\n".encode()


_NOTES_HEAD = as_csv(NOTE_COLUMNS, ())


def document(config: SiteConfig, entry: Entry, chosen: Comparison | None, form: ExportFormat) -> str:
    """One document: of a pair, or with none chosen of all pairs of a story, one after the other."""
    story, comparisons = entry
    shown = comparisons if chosen is None else (chosen,)
    if form is ExportFormat.JSONLD:
        return f"{annotation_collection(config, story, comparisons, chosen)}\n"
    if form is ExportFormat.CSV:
        return as_csv(NOTE_COLUMNS, chain.from_iterable(note_rows(config, story, each) for each in shown))
    if form is ExportFormat.CHANGES:
        return as_csv(CHANGE_COLUMNS, chain.from_iterable(change_rows(each) for each in shown))
    if form is ExportFormat.JSON:
        data = [comparison_json(config, story, each, notes_json(config, story, each)) for each in shown]
        return f"{data[0]}\n" if len(data) == 1 else f"[{','.join(data)}]\n"
    write = critic_markup if form is ExportFormat.CRITIC else markdown_redline
    return "\n".join(map(write, shown))
