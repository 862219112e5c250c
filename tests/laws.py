"""What is true of every comparison, whatever its two texts are."""

from __future__ import annotations

from generator.collate.compare import compare_story
from generator.model import Change, Comparison, Pair, Row
from tests.stories import block_text, restored, story


def compared(a: str, b: str, language: str = "en") -> Comparison:
    """Two bare texts, compared."""
    comparisons, faults = compare_story(story(a, b, language=language))
    assert faults == ()
    return comparisons[0]


def assert_laws(comparison: Comparison) -> None:
    """Scripts restore both texts and tile their rows, rows tile the blocks, equal is equal, and moves refer to each other."""
    assert restored(comparison) == block_text(comparison)
    for side, article in zip("ab", comparison.articles, strict=True):
        blocks = [index for row in comparison.rows for index in getattr(row.blocks, side)]
        assert blocks == list(range(len(article.blocks)))
    for row in comparison.rows:
        _assert_tiled(row, comparison.articles.map(lambda article: article.text))
    changes = {change.id: change for row in comparison.rows for change in row.changes}
    assert len(changes) == sum(len(row.changes) for row in comparison.rows), "ids are unique"
    for change in changes.values():
        assert change.kinds
        assert not change.move or changes[change.move].move == change.id != change.move, "a move leads there and back"
        assert not change.move or change.kinds[0] == changes[change.move].kinds[0] == "moved"


def _assert_tiled(row: Row, texts: Pair[str]) -> None:
    cursor = [row.spans.a.start, row.spans.b.start]
    for step in row.script:
        edit = step.edit if isinstance(step, Change) else step
        assert [edit.spans.a.start, edit.spans.b.start] == cursor
        cursor = [edit.spans.a.end, edit.spans.b.end]
        parts = edit.spans.a.of(texts.a), edit.spans.b.of(texts.b)
        assert (parts[0] == parts[1]) == (not isinstance(step, Change)), parts
        for span, kept in ((edit.spans.a, [pair.a for pair in edit.kept]), (edit.spans.b, [pair.b for pair in edit.kept])):
            assert all(span.start <= place.start < place.end <= span.end for place in kept)
    assert cursor == [row.spans.a.end, row.spans.b.end]
