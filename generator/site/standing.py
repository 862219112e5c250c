"""How much of the first version of a story still stands in each later one, also where the two were never compared.

In: the versions of a story in reading order, and the comparisons between some of them. Out: a `Standing` for each. A word is
followed from comparison to comparison as the figures of a page count it: what is equal, in another place, in another form or
typography. A word that goes and comes back is a new one. Site furniture is not counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.model import BOILERPLATE, Article, Change, ChangeKind, Comparison, Pair, Span

_WORDLIKE = frozenset({"word", "number", "url", "handle"})
_KEPT: frozenset[ChangeKind] = frozenset({"typographic", "case", "inflection", "moved"})


class Standing(NamedTuple):
    """A version: its words; how many of the first version's words it keeps; and how many of its own come from there."""

    words: int
    kept: int
    inherited: int


def standing(articles: Sequence[Article], comparisons: Sequence[Comparison]) -> tuple[Standing | None, ...]:
    """The standing of each of `articles`; None of those that no chain of comparisons connects with the first."""
    starts = {article.source.name: _word_starts(article) for article in articles}
    first = articles[0].source.name
    origins: dict[str, dict[int, int]] = {first: {word: word for word in range(len(starts[first]))}}
    # Whoever was compared with the first version itself is read from there.
    ordered = sorted(comparisons, key=lambda comparison: comparison.articles.a.source.name != first)
    for _ in articles:
        for comparison in ordered:
            a, b = comparison.articles.map(lambda article: article.source.name)
            if a in origins and b not in origins:
                kept = _kept_words(comparison, Pair(starts[a], starts[b]))
                origins[b] = {there: origins[a][here] for here, there in kept if here in origins[a]}
    return tuple(
        Standing(len(starts[name]), len(set(origins[name].values())), len(origins[name])) if name in origins else None
        for name in (article.source.name for article in articles)
    )


def _word_starts(article: Article) -> list[int]:
    """Where each word starts."""
    blocks = (block for block in article.blocks if block.role not in BOILERPLATE)
    tokens = (token for block in blocks for sentence in block.sentences for token in sentence.tokens)
    return [token.start for token in tokens if token.kind in _WORDLIKE]


def _kept_words(comparison: Comparison, starts: Pair[list[int]]) -> Iterator[tuple[int, int]]:
    """The words of a that stand in b, by their ordinals on both sides."""
    places = {change.id: change.edit.spans for row in comparison.rows for change in row.changes if change.move}
    for row in comparison.rows:
        for step in row.script:
            edit = step.edit if isinstance(step, Change) else step
            if isinstance(step, Change) and step.move:
                spans = [Pair(edit.spans.a, places[step.move].b)] if edit.tag == "delete" and step.move in places else []
            elif isinstance(step, Change) and step.kinds[0] not in _KEPT:
                spans = [*edit.kept]
            else:
                spans = [edit.spans]
            for pair in spans:
                yield from zip(_ordinals(starts.a, pair.a), _ordinals(starts.b, pair.b), strict=False)


def _ordinals(starts: Sequence[int], span: Span) -> range:
    return range(bisect_left(starts, span.start), bisect_left(starts, span.end))
