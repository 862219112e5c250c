"""The figures of a comparison: how much is kept, what changed, what the other side does not say.

In: two articles and the rows of their comparison. Out: `Figures`. Site furniture (datelines, related links, promotions)
is left out of all counts but its own. It compares nothing itself but facts and quotations, and those only by value:
a figure is missing if its value stands nowhere in b, not if it stands elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

from generator.collate.classify.kinds import MIN_QUOTATION_LIKENESS, is_named, is_spoken, likeness
from generator.collate.classify.quotations import Quotation
from generator.collate.classify.statements import Passage, Stated, stated_without
from generator.collate.classify.vocabulary import Fact
from generator.collate.lexicon import lexicon
from generator.model import BOILERPLATE, Article, Change, ChangeKind, Figures, Pair, Quotations, Row, Span

_WORDLIKE = frozenset({"word", "number", "url", "handle"})
_KEPT: frozenset[ChangeKind] = frozenset({"typographic", "case", "inflection", "moved"})
NOUN_REACH = 40
"""Code points behind a figure in which the noun stands that it counts. From 20 to 60."""

_MISSABLE: tuple[ChangeKind, ...] = ("number", "date", "name", "attribution")


def summarise(articles: Pair[Article], rows: tuple[Row, ...], stated: Pair[Stated]) -> Figures:
    """The figures of a pair whose comparison is `rows`; `stated`: what the articles state."""
    starts = articles.map(_word_starts)
    told = [(row, row.changes) for row in rows if row.role not in BOILERPLATE]
    moved = [row for row, changes in told if _is_moved(row, changes)]
    others = [(row, changes) for row, changes in told if row not in moved] if moved else told
    return Figures(
        words=starts.map(len),
        words_kept=sum([_words_kept(row, starts.a) for row, _ in told]),
        changes=_changes([changes for _, changes in told]),
        passages_omitted=sum([len(row.blocks.a) for row, _ in others if not row.blocks.b]),
        passages_added=sum([len(row.blocks.b) for row, _ in others if not row.blocks.a]),
        passages_moved=sum([len(row.blocks.a) for row in moved]),
        phrases_moved=sum([_moved_phrases(changes) for _, changes in others]),
        furniture_omitted=sum([len(row.blocks.a) for row in rows if row.role in BOILERPLATE and not row.blocks.b]),
        quotations=_quotations(stated, [row for row, _ in told]),
        missing=_missing(articles.a, stated),
    )


def _word_starts(article: Article) -> list[int]:
    """Where each word starts, site furniture left out."""
    return [
        token[0]
        for block in article.blocks
        if block.role not in BOILERPLATE
        for _, tokens in block.sentences
        for token in tokens
        if token[2] in _WORDLIKE
    ]


def _is_moved(row: Row, changes: Sequence[Change]) -> bool:
    """Whether a row of one side, which has these changes, has moved as a whole."""
    is_one_sided = not (row.blocks.a and row.blocks.b)
    return is_one_sided and bool(changes) and all(change.kinds[0] == "moved" for change in changes)


def _moved_phrases(changes: Iterable[Change]) -> int:
    """How many of the changes are a move that starts there."""
    return len([change for change in changes if change.kinds[0] == "moved" and change.edit.tag == "delete"])


def _words_kept(row: Row, starts: Sequence[int]) -> int:
    """The words of side a that stand on side b as well."""
    kept = 0
    for step in row.script:
        edit = step.edit if isinstance(step, Change) else step
        is_kept = not isinstance(step, Change) or step.kinds[0] in _KEPT
        for start, end in [edit.spans.a] if is_kept else [pair.a for pair in edit.kept]:
            kept += bisect_left(starts, end) - bisect_left(starts, start)
    return kept


def _changes(rows: Iterable[Sequence[Change]]) -> tuple[tuple[ChangeKind, int], ...]:
    """How many changes of each primary kind, most frequent first, typographic ones last."""
    counts = Counter([change.kinds[0] for changes in rows for change in changes])
    return tuple(sorted(counts.items(), key=lambda count: (count[0] == "typographic", -count[1], count[0])))


# ------------------------------------------------------------------ quotations


def _quotations(stated: Pair[Stated], rows: Sequence[Row]) -> Quotations:
    """What became of the quotations of the base."""
    found = [Pair(_quoted(stated.a, row.blocks.a), _quoted(stated.b, row.blocks.b)) for row in rows]
    left = Counter([quoted.words for row in found for quoted in row.b])
    intact = altered = dropped = 0
    waiting: list[tuple[int, Quotation]] = []
    for index, row in enumerate(found):
        for quoted in row.a:
            if left[quoted.words] > 0:
                left[quoted.words] -= 1
                intact += 1
            else:
                waiting.append((index, quoted))
    for index, quoted in waiting:
        near = [other for other in found[index].b if left[other.words] > 0]
        best = max(near, key=lambda other: likeness(quoted, other), default=None)
        if best and likeness(quoted, best) >= MIN_QUOTATION_LIKENESS:
            left[best.words] -= 1
            altered += 1
        else:
            dropped += 1
    return Quotations(intact, altered, dropped, added=sum(left.values()))


def _quoted(stated: Stated, blocks: range) -> list[Quotation]:
    return [quoted for found in stated.quotations[blocks.start : blocks.stop] for quoted in found]


# ------------------------------------------------------------------ missing facts


def _missing(article: Article, stated: Pair[Stated]) -> tuple[tuple[ChangeKind, tuple[str, ...]], ...]:
    """The facts of the base that have no counterpart anywhere in b, by kind, each once, with the words they stood in."""
    base = stated_without(stated.a, [index for index, block in enumerate(article.blocks) if block.role in BOILERPLATE])
    other = stated_without(stated.b, ())
    numbers = frozenset([fact.value.lstrip("<>") for fact in other.facts.get("number", ())])
    approximators = lexicon(article.source.language).words("approximators")
    missing = []
    for kind in _MISSABLE:
        facts: dict[str, Fact] = {}
        for fact in base.facts.get(kind, ()):
            if fact.value not in facts and not _has_counterpart(fact, base, other, numbers):
                facts[fact.value] = fact
        if facts:
            missing.append((kind, tuple([_words_of(fact, base, approximators) for fact in facts.values()])))
    return tuple(missing)


def _has_counterpart(fact: Fact, base: Passage, other: Passage, numbers: frozenset[str]) -> bool:
    """Whether the other side states the fact somewhere; a weak figure or time is not missed."""
    if fact.kind == "number":
        return fact.weak or fact.value.lstrip("<>") in numbers
    if fact.kind == "name":
        return is_named(fact, base, other) or any(word in other.words for word in fact.unit.split())
    if fact.kind == "attribution":
        return is_spoken(fact, other)
    return fact.weak or (fact.kind, fact.value) in other.counts


def _words_of(fact: Fact, base: Passage, approximators: frozenset[str]) -> str:
    """The words a fact stood in; those of a number with what it counts, and the word before it that qualifies it."""
    start, end = fact.start, fact.end
    if fact.kind == "number":
        noun = base.text[end : end + NOUN_REACH].lower().find(fact.unit) if fact.unit.isalpha() else -1
        end += noun + len(fact.unit) if noun >= 0 else 0
        hedge = base.touched(Span(start - 2, start)).get("certainty", ())
        before = max(0, bisect_left(base.starts, start) - 1)
        start = hedge[0].start if hedge else base.starts[before] if base.folds[before] in approximators else start
    return " ".join(base.text[start:end].split())
