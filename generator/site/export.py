"""What a site offers for download, as bytes: notes and changes in the formats of other tools.

In: settings, stories, comparisons. Out: the files that lie beside each page and at the site's root, and single documents for
the command line. Same input, same bytes. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain

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


def data_files(config: SiteConfig, entries: Iterable[Entry]) -> dict[str, bytes]:
    """The files beside the page of each pair, and at the site's root the notes of all pairs, by path in the site."""
    files: dict[str, bytes] = {}
    rows = [as_csv(NOTE_COLUMNS, ())]
    pairs: list[tuple[Story, Comparison, str]] = []
    for story, comparisons in entries:
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
            rows.append(table.removeprefix(rows[0]))
            pairs.append((story, comparison, notes))
    return files | {NOTES_CSV: "".join(rows).encode(), NOTES_JSON: f"{site_json(config, pairs)}\n".encode()}


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
