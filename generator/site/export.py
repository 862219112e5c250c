"""What a site offers for download, as bytes: notes and changes in the formats of other tools.

In: settings, stories, comparisons. Out: the files that lie beside each page and at the site's root, and single documents for
the command line. Same input, same bytes. Nothing is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any

from generator.config import SiteConfig
from generator.model import Comparison, Story
from generator.site.frame import comparison_route
from generator.site.redline import critic_markup, markdown_redline
from generator.site.tables import (
    CHANGE_COLUMNS,
    CHANGES_CSV,
    COMPARISON_JSON,
    NOTE_COLUMNS,
    NOTES_CSV,
    NOTES_JSON,
    as_csv,
    change_rows,
    comparison_data,
    note_rows,
    site_notes,
)
from generator.site.webannotation import ANNOTATIONS, annotation_collection

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class ExportFormat(StrEnum):
    """What a story can be exported as."""

    JSONLD = "jsonld"
    CSV = "csv"
    CHANGES = "changes"
    JSON = "json"
    CRITIC = "critic"
    MARKDOWN = "markdown"


Entry = tuple[Story, Sequence[Comparison]]


def pair_files(config: SiteConfig, story: Story, comparisons: Sequence[Comparison], comparison: Comparison) -> dict[str, bytes]:
    """The files beside the page of one pair, by path in the site."""
    folder = comparison_route(story, comparison).removesuffix("index.html")
    return {
        f"{folder}{ANNOTATIONS}": _json(annotation_collection(config, story, comparisons, comparison)),
        f"{folder}{NOTES_CSV}": as_csv(NOTE_COLUMNS, note_rows(config, story, comparison)).encode(),
        f"{folder}{CHANGES_CSV}": as_csv(CHANGE_COLUMNS, change_rows(comparison)).encode(),
        f"{folder}{COMPARISON_JSON}": _json(comparison_data(config, story, comparison)),
    }


def notes_files(config: SiteConfig, entries: Iterable[Entry]) -> dict[str, bytes]:
    """The files at the site's root: the notes of all pairs."""
    entries = tuple(entries)
    rows = chain.from_iterable(
        note_rows(config, story, comparison) for story, comparisons in entries for comparison in comparisons
    )
    return {
        NOTES_CSV: as_csv(NOTE_COLUMNS, rows).encode(),
        NOTES_JSON: _json(site_notes(config, entries)),
    }
