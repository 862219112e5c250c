"""The composed collation: laws on any pair, and what the rows of small pairs look like."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from generator.collate.compare import compare_pair, compare_story
from generator.model import Annotation, Selector
from tests.laws import assert_laws, compared
from tests.pictures import WHERE, note
from tests.stories import story

WORDS = "the of a Kursk troops Friday said 12,000 “heroic soldiers” Kim, were sent... not may Putin’s region. On However".split()
passages = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join), max_size=6)


@given(passages, passages)
def test_scripts_restore_both_sides_and_tile_every_row(a: list[str], b: list[str]) -> None:
    assert_laws(compared("\n\n".join(a), "\n\n".join(b)))


@given(passages, st.randoms(use_true_random=False))
def test_laws_hold_when_passages_are_shuffled_and_dropped(a: list[str], chance: random.Random) -> None:
    b = [passage for passage in a if chance.random() > 0.2]
    chance.shuffle(b)
    assert_laws(compared("\n\n".join(a), "\n\n".join(b)))


A = """Storm cuts power

The storm cut power to 12,000 homes on Friday, the company said.

CLICK HERE TO SUBSCRIBE

Crews will work through the night. Schools stay closed until Monday."""

B = """Storm cuts power

On Friday, the storm cut power to 15,000 homes, the company said.

Crews will work through the night."""


def test_a_number_becomes_another_as_one_whole_change() -> None:
    changes = [change for row in compared(A, B).rows for change in row.changes]
    numbers = [change for change in changes if change.kinds[0] == "number"]
    assert [(change.edit.spans.a.of(A), change.edit.spans.b.of(B)) for change in numbers] == [("12,000", "15,000")]


def test_a_passage_of_one_side_is_a_row_of_its_own() -> None:
    rows = [row for row in compared(A, B).rows if not row.blocks.b]
    assert [row.spans.a.of(A) for row in rows] == ["CLICK HERE TO SUBSCRIBE"]
    assert rows[0].role == "promotion"
    assert [change.edit.tag for change in rows[0].changes] == ["delete"]


def test_a_sentence_left_out_takes_the_space_before_it() -> None:
    changes = [change for row in compared(A, B).rows[-1:] for change in row.changes]
    assert [(change.edit.tag, change.edit.spans.a.of(A)) for change in changes] == [
        ("delete", " Schools stay closed until Monday.")
    ]


MOVED = "Rescue helicopters lifted seventeen stranded fishermen from the breakwater near Tarpon lighthouse."


def test_a_sentence_that_stands_elsewhere_is_linked_both_ways() -> None:
    rest = "\n\n".join(
        [
            "The harbour master closed every pier at noon.",
            "Ferries to the outer islands resume after dawn.",
            "Insurers expect claims to double this season.",
        ]
    )
    comparison = compared(f"{MOVED}\n\n{rest}", f"{rest}\n\n{MOVED}")
    moved = [change for row in comparison.rows for change in row.changes if change.kinds[0] == "moved"]
    assert [change.edit.tag for change in moved] == ["delete", "insert"]
    assert [change.move for change in moved] == [moved[1].id, moved[0].id]
    assert comparison.figures.passages_moved == 1
    assert_laws(comparison)


def test_change_ids_survive_edits_elsewhere() -> None:
    before = {change.id for row in compared(A, B).rows for change in row.changes}
    after = {change.id for row in compared(f"A new first paragraph of the day.\n\n{A}", B).rows for change in row.changes}
    assert before <= after


def test_equal_changes_have_different_ids() -> None:
    line = "The whole town council said no to the plan on Monday."
    other = "The whole town council says no to the plan on Monday."
    changes = [c for row in compared(f"{line}\n\n{line}", f"{other}\n\n{other}").rows for c in row.changes]
    assert len(changes) == 2
    assert changes[1].id == f"{changes[0].id}-2"


def test_an_edited_note_is_placed_in_texts_that_are_not_compared_again() -> None:
    told = story(A, B, annotations=(quoting("12,000 homes"),))
    edited = replace(told, annotations=(quoting("Schools stay closed"),))
    (first,), _ = compare_story(told)
    (second,), _ = compare_story(edited)
    assert second.rows is first.rows
    assert second.placements != first.placements
    alone, _ = compare_pair(second.articles, edited.overrides, edited.annotations, edited.locks)
    assert alone == second
    assert alone.rows is not second.rows
    (other,), _ = compare_story(story(A, B, language="de"))
    assert other.rows is not first.rows


def quoting(words: str) -> Annotation:
    return note("n", targets=(("a", (Selector(words, WHERE),)),))
