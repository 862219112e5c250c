"""CSV and JSON: what a spreadsheet or a script gets, and that no cell runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.compare import compare_story
from generator.config import SiteConfig, read_config
from generator.errors import Where
from generator.model import Annotator, Comparison, Evidence, Revision, Selector, Span, Story
from generator.site.export import notes_names, pair_files, site_csv, site_notes
from generator.site.tables import CHANGE_COLUMNS, NOTE_COLUMNS, as_csv, change_rows, comparison_json, note_rows, notes_json
from generator.sources import read_story
from tests import pictures
from tests.stories import ROOT, SEED, story

HERE = Where("content/test/annotations.yaml", 1, 1)
CONFIG, _ = read_config(ROOT)
Made = tuple[Story, Comparison]


def comparison_data(config: SiteConfig, found: Story, comparison: Comparison) -> Any:
    return json.loads(comparison_json(config, found, comparison, notes_json(config, found, comparison)))


def seed() -> tuple[Story, tuple[Comparison, ...]]:
    found, _ = read_story(ROOT, ROOT / "content" / SEED, CONFIG)
    assert found is not None
    return found, compare_story(found)[0]


def made(a: str, b: str, *targets: tuple[str, tuple[Selector, ...]], **fields: Any) -> Made:
    values: dict[str, Any] = {
        "kinds": ("number", "certainty"), "direction": "higher", "title": "A title", "body": "A *text*.\nMore.", "targets": targets,
        "see": ("two", "three"), "history": (Revision("2025-01-01", "first"), Revision("2025-02-02", "second")),
    }  # fmt: skip
    note = pictures.note("one", **values | fields)
    found = replace(story(a, b, annotations=(note,) if targets else ()), annotators=(Annotator("desk", "The desk", ""),))
    return found, compare_story(found)[0][0]


def quote(text: str, **fields: Any) -> Selector:
    return Selector(text, HERE, **fields)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


# ------------------------------------------------------------------ CSV


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5))
def test_a_table_reads_back_as_it_was_written(rows: list[list[str]]) -> None:
    text = as_csv(("x", "y"), rows)
    back = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [[cell.removeprefix("'") if cell[1:2] in set("=+-@\t\r\n") else cell for cell in row] for row in back[1:]] == [
        [cell.removeprefix("'") if cell[1:2] in set("=+-@\t\r\n") else cell for cell in row] for row in rows
    ]
    assert text.endswith("\r\n")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://e.org")'])
def test_a_cell_that_would_run_is_neutralised(cell: str) -> None:
    (row,) = read(as_csv(("x",), [(cell,)]))
    assert row["x"] == f"'{cell}"


def test_a_cell_that_would_not_run_is_left_alone() -> None:
    assert as_csv(("x", "y"), [("a = b", "7"), ("", "a-1")]) == '"x","y"\r\n"a = b","7"\r\n"","a-1"\r\n'


def test_a_note_is_one_row_with_everything_it_says() -> None:
    evidence = (
        Evidence((("a", quote("old")),), "because", "", "", "", "", "", ""),
        Evidence((), "", "https://e.org/1", "Title", "Publisher", "2025-03-03", "quoted", "https://e.org/2"),
    )
    targets = (("a", (quote("old"),)), ("b", (quote("new"), quote("cat"), quote("gone"), quote("x", gap="before"))))
    found, comparison = made("One old cat.", "One new cat.", *targets, evidence=evidence)
    (row,) = read(as_csv(NOTE_COLUMNS, note_rows(CONFIG, found, comparison)))
    assert row == {
        "story": "test", "a": "a", "b": "b", "id": "one", "kinds": "number; certainty", "severity": "major", "status": "confirmed",
        "direction": "higher", "title": "A title", "note": "A *text*.\nMore.", "a_quotes": "old", "a_spans": "4-7",
        "b_quotes": "new | cat", "b_spans": "4-7; 8-11", "lost": "gone | before x",
        "evidence": "a: old; because | Title; Publisher; https://e.org/1; quoted; 2025-03-03; https://e.org/2",
        "see": "two; three", "history": "2025-01-01 first; 2025-02-02 second", "by": "The desk",
        "page": "urn:x-variorum:test/#note-one",
    }  # fmt: skip


def test_a_lost_place_is_told_by_its_numbers() -> None:
    found, comparison = made("One.", "Two.", ("b", (quote("", position=Span(50, 60)),)), by="nobody")
    (row,) = read(as_csv(NOTE_COLUMNS, note_rows(CONFIG, found, comparison)))
    assert (row["lost"], row["by"]) == ("50-60", "nobody")


def test_every_change_of_the_seed_is_one_row_with_its_text() -> None:
    _, (comparison,) = seed()
    rows = read(as_csv(CHANGE_COLUMNS, change_rows(comparison)))
    changes = [change for row in comparison.rows for change in row.changes]
    assert [row["id"] for row in rows] == [change.id for change in changes]
    for row in rows:
        for side, article in zip("ab", comparison.articles, strict=True):
            text = article.text[int(row[f"{side}_start"]) : int(row[f"{side}_end"])]
            assert row[f"{side}_text"].removeprefix("'") == text


# ------------------------------------------------------------------ JSON


def test_the_changes_of_a_row_leave_what_is_equal_between_them() -> None:
    found, (comparison,) = seed()
    data = comparison_data(CONFIG, found, comparison)
    a, b = (data["witnesses"][side]["text"] for side in "ab")
    for row in data["rows"]:
        ends = [*row["a"], *row["b"]]
        start_a, start_b = ends[0], ends[2]
        for change in [*row["changes"], {"a": [ends[1], ends[1]], "b": [ends[3], ends[3]]}]:
            assert a[start_a : change["a"][0]] == b[start_b : change["b"][0]]
            start_a, start_b = change["a"][1], change["b"][1]


def test_the_comparison_holds_changes_notes_and_figures() -> None:
    found, (comparison,) = seed()
    data = comparison_data(CONFIG, found, comparison)
    changes = [change for row in comparison.rows for change in row.changes]
    listed = [change for row in data["rows"] for change in row["changes"]]
    assert [(each["id"], each["tag"], each.get("detail", ""), each.get("move", ""), tuple(each["kinds"])) for each in listed] == [
        (change.id, change.edit.tag, change.detail, change.move, change.kinds) for change in changes
    ]
    assert data["figures"]["words"]["kept"] == comparison.figures.words_kept
    assert data["figures"]["changes"] == dict(comparison.figures.changes)
    assert [note["id"] for note in data["notes"]] == [each.annotation.id for each in comparison.placements]
    text = data["witnesses"]["b"]["text"]
    for note in data["notes"]:
        assert all(text[each["start"] : each["end"]] == each["quote"] for each in note["b"])


def test_what_is_kept_inside_a_substitution_is_told() -> None:
    found, (comparison,) = seed()
    row = comparison.rows[0]
    change = next(change for row in comparison.rows for change in row.changes)
    spans = change.edit.spans
    kept = change._replace(edit=change.edit._replace(kept=(spans,)))
    comparison = replace(comparison, rows=(replace(row, script=(kept,)),))
    (told,) = comparison_data(CONFIG, found, comparison)["rows"][0]["changes"]
    assert told["kept"] == [[list(spans.a), list(spans.b)]]


def test_a_note_tells_what_was_not_found_and_what_resembles_it() -> None:
    evidence = (Evidence((("a", quote("cat")),), "because", "https://e.org/", "", "", "", "", ""),)
    found, comparison = made(
        "The committee met on Friday evening.", "The committee met on Friday evening.",
        ("b", (quote("committee met on Thursday evening"),)), evidence=evidence,
    )  # fmt: skip
    (note,) = json.loads(notes_json(CONFIG, found, comparison))
    (lost,) = note["lost"]
    assert lost["quote"] == "committee met on Thursday evening"
    assert lost["reason"]
    assert "Friday" in lost["nearest"]
    assert 0 < lost["score"] < 1
    assert note["evidence"] == [{"quotes": [{"witness": "a", "quote": "cat"}], "why": "because", "url": "https://e.org/"}]


# ------------------------------------------------------------------ files


def test_a_pair_has_four_files_beside_its_page() -> None:
    found, comparisons = seed()
    files, _ = pair_files(CONFIG, found, comparisons)
    names = ("annotations.jsonld", "notes.csv", "changes.csv", "comparison.json")
    assert list(files) == [f"{SEED}/{name}" for name in names]
    assert files == pair_files(CONFIG, found, comparisons)[0]
    assert len(read(files[f"{SEED}/notes.csv"].decode())) == len(found.annotations)
    assert json.loads(files[f"{SEED}/annotations.jsonld"])["total"] == len(found.annotations)
    assert json.loads(files[f"{SEED}/comparison.json"]) == comparison_data(CONFIG, found, comparisons[0])


def test_the_site_has_the_notes_of_all_pairs() -> None:
    found, comparisons = seed()
    parts = [pair_files(CONFIG, each, comparisons)[1] for each in (found, replace(found, slug="again"))]
    rows = read(site_csv(parts).decode())
    assert len(rows) == 2 * len(found.annotations)
    document = json.loads(site_notes(CONFIG, parts))
    pairs = document["pairs"]
    assert "next" not in document
    assert [(pair["story"], note["id"]) for pair in pairs for note in pair["notes"]] == [(row["story"], row["id"]) for row in rows]
    assert pairs[0]["witnesses"] == ["original", "rewrite"]


def test_a_site_without_comparisons_has_empty_files() -> None:
    assert read(site_csv([]).decode()) == []
    assert json.loads(site_notes(CONFIG, []))["pairs"] == []


def test_notes_of_many_comparisons_are_in_several_files_that_name_the_next() -> None:
    assert [notes_names(number) for number in (0, 1, 2)] == [
        ("notes.csv", "notes.json"),
        ("notes-2.csv", "notes-2.json"),
        ("notes-3.csv", "notes-3.json"),
    ]
    assert json.loads(site_notes(CONFIG, [], notes_names(1)[1]))["next"] == "notes-2.json"


def test_a_change_is_told_with_no_more_than_it_has() -> None:
    data = comparison_data(CONFIG, *made("It is raining now.", "It is now raining hard."))
    for change in data["rows"][0]["changes"]:
        assert all(change.values())
        assert {"id", "kinds", "tag", "a", "b"} <= change.keys()
