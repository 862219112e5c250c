"""Proposals from a text that contradicts itself where the other text does not.

In: a scene. Out: proposals. A text by itself seldom shows that it is at odds with itself: two figures may be of two things.
Beside another text that tells the same it does. Two rules, for either side:

    a sum     one text has a total and two parts that make it up ("of the 15,000 troops"; "12,000 …, before another 3,000");
              in the other the same total stands, and the figures in the places of the parts make up another
    twice     one text gives a figure in two places; in the other the same figure stands in one of them, another in the other
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from generator.collate.classify.amounts import without_common
from generator.collate.classify.statements import Passage
from generator.collate.classify.vocabulary import Fact
from generator.model import Pair, Span
from generator.suggest.proposals import Proposal, Scene, with_unit

MIN_AMOUNT = 10
"""Figures below are too common to be known again by their value: "two" of one thing, "two" of another. From 5 to 100."""

MAX_FIGURES = 12
"""Figures of a sentence that are tried as parts of a sum; a sentence with more is a table. From 6 to 30."""

_SIGNS = frozenset("%$€£¥₹")


class _Sum(NamedTuple):
    """A total and the parts that make it up, all of one text; `row` is where the parts stand."""

    total: Fact
    parts: tuple[Fact, Fact]
    row: int


def inconsistency_proposals(scene: Scene) -> Iterator[Proposal]:
    """What one text states at odds with itself, and the other does not."""
    for side in ("b", "a"):
        yield from _sums(scene, side)
        yield from _twice(scene, side)


def _sides(here: Pair[Passage], side: str) -> tuple[Passage, Passage]:
    """The passage of a side, and the other's."""
    return (here.a, here.b) if side == "a" else (here.b, here.a)


def _figures(passage: Passage) -> list[Fact]:
    return [fact for fact in passage.facts.get("number", ()) if not fact.weak and abs(fact.amount) >= MIN_AMOUNT]


# ------------------------------------------------------------------ sums


def _sums(scene: Scene, side: str) -> Iterator[Proposal]:
    """Totals that both texts give, and that only the other's parts make up."""
    model = "a" if side == "b" else "b"
    totals: defaultdict[float, list[tuple[int, Fact]]] = defaultdict(list)
    for index, (_, here) in enumerate(scene.rows):
        for fact in _figures(_sides(here, model)[0]):
            totals[fact.amount].append((index, fact))
    for index, (_, here) in enumerate(scene.rows):
        own, other = _sides(here, side)
        for parts in _additions(scene, other):
            replaced = _replacements(own, other, parts)
            for at, total in totals[parts[0].amount + parts[1].amount]:
                same = _same(_sides(scene.rows[at][1], side)[0], total)
                if replaced is None or same is None or not _is_sum_of(total, parts):
                    continue
                if replaced[0].amount + replaced[1].amount != same.amount:
                    yield _sum_proposal(scene, side, _Sum(same, replaced, index), _Sum(total, parts, index))


def _additions(scene: Scene, passage: Passage) -> Iterator[tuple[Fact, Fact]]:
    """Two figures of a sentence of which the second is added to the first: "12,000 …, before another 3,000"."""
    added = scene.lists.lexicon.words("added")
    for sentence in passage.sentences:
        found = [fact for fact in _figures(passage) if sentence.span.start <= fact.start < sentence.span.end]
        for first, second in combinations(found[:MAX_FIGURES], 2):
            before = [token.fold for token in sentence.tokens if token.end <= second.start][-2:]
            after = [token.fold for token in sentence.tokens if token.start >= second.end][:1]
            if not added.isdisjoint((*before, *after)) and _sign(first) == _sign(second):
                yield first, second


def _sign(fact: Fact) -> str:
    return fact.unit if fact.unit in _SIGNS else ""


def _is_sum_of(total: Fact, parts: tuple[Fact, Fact]) -> bool:
    """Whether a figure counts what the first part counts, and stands elsewhere."""
    return total.start not in {part.start for part in parts} and total.unit == parts[0].unit != ""


def _same(passage: Passage, fact: Fact) -> Fact | None:
    """The same figure in another passage."""
    return next((found for found in _figures(passage) if found.value == fact.value), None)


def _replacements(own: Passage, other: Passage, parts: tuple[Fact, Fact]) -> tuple[Fact, Fact] | None:
    """The figures of a passage in the places of the parts: as many figures, of which at least one is the same."""
    mine, theirs = _figures(own), _figures(other)
    if len(mine) != len(theirs):
        return None
    first, second = (mine[theirs.index(part)] for part in parts)
    is_half_the_same = (first.value == parts[0].value) != (second.value == parts[1].value)
    return (first, second) if is_half_the_same else None


def _sum_proposal(scene: Scene, side: str, wrong: _Sum, right: _Sum) -> Proposal:
    model = "a" if side == "b" else "b"
    marks = {name: _marks(scene, name, each) for name, each in ((side, wrong), (model, right))}
    parts, total = [_text(scene, side, part) for part in wrong.parts], _text(scene, side, wrong.total)
    found = wrong.parts[0].amount + wrong.parts[1].amount
    return Proposal(
        ("inconsistency",),
        "major",
        f"{parts[0]} and {parts[1]} add up to {found:,.12g}, not {total}",
        Pair(marks["a"], marks["b"]),
        Pair(_said(scene, "a", marks["a"]), _said(scene, "b", marks["b"])),
        "higher" if found > wrong.total.amount else "lower",
        f"The parts add up: {_sum_of(scene, model, right)} in one text, {_sum_of(scene, side, wrong)} in the other.",
    )


def _marks(scene: Scene, side: str, found: _Sum) -> tuple[Span, ...]:
    return tuple(sorted(_span(scene, side, fact) for fact in (found.total, *found.parts)))


def _sum_of(scene: Scene, side: str, found: _Sum) -> str:
    first, second = (_text(scene, side, part) for part in found.parts)
    return f"{first} + {second} = {found.parts[0].amount + found.parts[1].amount:,.12g}"


def _said(scene: Scene, side: str, marks: Sequence[Span]) -> str:
    return " … ".join(scene.quote(side, mark) for mark in marks)


def _text(scene: Scene, side: str, fact: Fact) -> str:
    return scene.quote(side, Span(fact.start, fact.end))


def _span(scene: Scene, side: str, fact: Fact) -> Span:
    """A figure with the "another" before it, and the noun it counts."""
    pointer = getattr(scene.pointers, side)
    index = pointer.words(Span(fact.start, fact.end)).start
    is_added = index and pointer.tokens[index - 1].fold in scene.lists.lexicon.words("added")
    start = pointer.tokens[index - 1].start if is_added else fact.start
    return Span(start, with_unit(pointer.article.text, fact))


# ------------------------------------------------------------------ twice


def _twice(scene: Scene, side: str) -> Iterator[Proposal]:
    """A figure that the other text gives in two places, and that stands in one of them here, and another in the other."""
    kept: dict[tuple[str, str], tuple[Fact, Fact]] = {}
    changed: dict[tuple[str, str], tuple[Fact, Fact]] = {}
    for _, here in scene.rows:
        own, other = _sides(here, side)
        mine, theirs = _figures(own), _figures(other)
        for fact in theirs:
            same = next((found for found in mine if (found.value, found.unit) == (fact.value, fact.unit)), None)
            if same is not None:
                kept.setdefault((fact.value, fact.unit), (same, fact))
        left, right = without_common(mine, theirs)
        for found, fact in zip(left, right, strict=False):
            if len(left) == len(right) == 1 and found.unit == fact.unit:
                changed.setdefault((fact.value, fact.unit), (found, fact))
    for key, (found, fact) in changed.items():
        if key in kept and key[1]:
            yield _twice_proposal(scene, side, (kept[key][0], found), (kept[key][1], fact))


def _twice_proposal(scene: Scene, side: str, wrong: tuple[Fact, Fact], right: tuple[Fact, Fact]) -> Proposal:
    model = "a" if side == "b" else "b"
    texts = [_text(scene, side, fact) for fact in wrong]
    marks = {name: tuple(sorted(_span(scene, name, fact) for fact in facts)) for name, facts in ((side, wrong), (model, right))}
    return Proposal(
        ("inconsistency",),
        "major",
        f"One figure is given as {texts[0]} and as {texts[1]}",
        Pair(marks["a"], marks["b"]),
        Pair(_said(scene, "a", marks["a"]), _said(scene, "b", marks["b"])),
        remark="One text gives the same figure in both places, the other two figures.",
    )
