"""The example everybody sees first: what must be true of its collation, named by the words a reader sees."""

from functools import cache

import pytest

from generator.collate.compare import compare_story
from generator.config import read_config
from generator.model import BOILERPLATE, Change, Comparison, Story
from generator.sources import read_story
from tests.stories import ROOT, SEED, block_text, restored


@cache
def seed() -> tuple[Story, Comparison]:
    config, _ = read_config(ROOT)
    story, faults = read_story(ROOT, ROOT / "content" / SEED, config)
    assert faults == ()
    assert story is not None
    comparisons, faults = compare_story(story)
    assert faults == ()
    return story, comparisons[0]


def changes() -> list[Change]:
    return [change for row in seed()[1].rows for change in row.changes]


def words(change: Change) -> tuple[str, str]:
    a, b = seed()[1].articles
    return change.edit.spans.a.of(a.text), change.edit.spans.b.of(b.text)


def touching(a: str = "", b: str = "") -> list[Change]:
    """The changes that share a character with the first place where these words stand."""
    found = []
    for quote, article, side in zip((a, b), seed()[1].articles, "ab", strict=True):
        if quote:
            start = article.text.index(quote)
            spans = [(change, getattr(change.edit.spans, side)) for change in changes()]
            found += [change for change, span in spans if span.start < start + len(quote) and start < span.end]
    return found


def test_both_articles_are_restored_code_point_for_code_point() -> None:
    comparison = seed()[1]
    assert restored(comparison) == block_text(comparison)
    for article, text in zip(comparison.articles, block_text(comparison), strict=True):
        assert "".join(text.split()) == "".join(article.text.split())


PARAGRAPHS = [(1, 1), (2, 2), (3, 3), (5, 4), (6, 5), (7, 6), (8, 7), (10, 8), (11, 9), (12, 10), (14, 11), (15, 12)]


def test_every_paragraph_finds_its_own() -> None:
    comparison = seed()[1]
    pairs = [(a, b) for row in comparison.rows for a in row.blocks.a for b in row.blocks.b]
    assert pairs == PARAGRAPHS


def test_promotion_is_omitted_and_pairs_with_nothing() -> None:
    comparison = seed()[1]
    alone = [row for row in comparison.rows if not row.blocks.b]
    assert [next(iter(row.blocks.a)) for row in alone] == [0, 4, 9, 13]
    assert all(row.role in BOILERPLATE for row in alone)


def test_the_headline_is_an_added_passage() -> None:
    comparison = seed()[1]
    (row,) = [row for row in comparison.rows if not row.blocks.a]
    assert row.spans.b.of(comparison.articles.b.text).startswith("Kim Jong Un confirms 100")
    assert row.role == "headline"
    assert [change.kinds[0] for change in row.changes] == ["addition"]


def test_nothing_is_called_moved_that_is_not() -> None:
    assert seed()[1].figures.passages_moved == 0


def test_twelve_thousand_becomes_fifteen_thousand_as_one_whole_change() -> None:
    (change,) = [change for change in touching(a="12,000") if "12,000" in words(change)[0]]
    assert "15,000" in words(change)[1]
    assert change.kinds[0] == "number"
    assert change.detail.startswith("12,000 → 15,000")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("activities", "operations of our"),
        ("proved without regret the power", "undeniably demonstrated the might"),
        ("the fighting spirit of the heroes", "the heroic spirit of our fighters"),
    ],
)
def test_words_altered_inside_quotation_marks_are_marked_as_such(a: str, b: str) -> None:
    found = [change for change in touching(a, b) if "typographic" not in change.kinds]
    assert found
    assert {change.kinds[0] for change in found if change.kinds[0] != "moved"} == {"quotation"}


def test_typography_is_never_a_discrepancy() -> None:
    quiet = [change for change in changes() if set("".join(words(change))) <= set("\"“”’'….,") and change.edit.tag == "replace"]
    assert quiet
    marks = [change for change in quiet if {*words(change)} in ({'"', "“"}, {'"', "”"}, {"...", "…"})]
    assert marks
    assert {change.kinds for change in marks} == {("typographic",)}


@pytest.mark.parametrize(
    ("kind", "a", "b"),
    [
        ("number", "roughly 600 troops killed", ""),
        ("certainty", "appeared to acknowledge", "seemed to confirm"),
        ("attribution", "reported the Institute for the Study of War", ""),
    ],
)
def test_facts_have_their_kind(kind: str, a: str, b: str) -> None:
    assert kind in {found for change in touching(a, b) for found in change.kinds}


def test_the_lost_date_is_an_omission_or_a_date() -> None:
    assert {found for change in touching(a="in early July") for found in change.kinds} & {"omission", "date"}


def test_no_token_is_cut() -> None:
    comparison = seed()[1]
    for article, side in zip(comparison.articles, "ab", strict=True):
        inner = {at for sentence in article.sentences for token in sentence.tokens for at in range(token.start + 1, token.end)}
        edges = {at for change in changes() for at in getattr(change.edit.spans, side)}
        assert not inner & edges


QUIET = {"typographic", "case"}


def test_marks_stand_in_few_regions() -> None:
    regions = 0
    for row in seed()[1].rows:
        loud = [isinstance(step, Change) and step.kinds[0] not in QUIET for step in row.script]
        regions += sum(now and not before for before, now in zip([False, *loud], loud, strict=False))
    assert regions <= 60


def test_every_note_of_the_sidecar_is_anchored() -> None:
    story, comparison = seed()
    assert len(comparison.placements) == len(story.annotations) >= 24
    assert [placement.annotation.id for placement in comparison.placements if placement.orphans.a or placement.orphans.b] == []
