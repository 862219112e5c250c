"""Proposals from quotations: altered, shortened, dropped, added, or with their marks taken off or put on.

In: a scene. Out: proposals, and the quotations themselves, in which nothing else needs to be looked for. Quotations with the same
words are the same, whatever their marks look like; one that is broken in two by "he said" is the same too. A headline's
quotation marks are left to the proposal for the headline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from generator.collate.classify.kinds import MIN_QUOTATION_LIKENESS, likeness
from generator.collate.classify.quotations import Quotation, quotations
from generator.collate.diff import diff_tokens
from generator.model import BOILERPLATE, Article, Change, Direction, NoteSeverity, Pair, Span
from generator.suggest.proposals import TOLD_LENGTH, Proposal, Scene, clipped, marked, quoted

SCARE_WORDS = 3
"""Up to so many words between marks are a word that somebody used rather than a statement. From 1 to 4."""

MAX_MARKS = 4
"""Altered places of one quotation that a note points at; of more, it points at the whole quotation."""


class Found(NamedTuple):
    """What became of the quotations: pairs that differ, and those of one side only."""

    altered: tuple[Pair[Quotation], ...]
    dropped: tuple[Quotation, ...]
    added: tuple[Quotation, ...]

    @property
    def one_sided(self) -> Pair[tuple[Quotation, ...]]:
        """Those of one side only, by side."""
        return Pair(self.dropped, self.added)

    @property
    def spans(self) -> Pair[tuple[Span, ...]]:
        """All that differ, by side, in order: what changes in them is told with the quotation."""
        return Pair(
            tuple(sorted(quotation.outer for quotation in (*(pair.a for pair in self.altered), *self.dropped))),
            tuple(sorted({quotation.outer for quotation in (*(pair.b for pair in self.altered), *self.added)})),
        )


def differing_quotations(scene: Scene) -> Found:
    """The quotations of the two texts that are not the same; two of one row that share few words are versions of one too."""
    found = _matched(*scene.comparison.articles.map(_quotations))
    dropped, added, altered = [*found.dropped], [*found.added], [*found.altered]
    for row, _ in scene.rows:
        here = Pair(_inside(dropped, row.spans.a), _inside(added, row.spans.b))
        for pair in map(Pair, here.a, here.b):
            dropped.remove(pair.a)
            added.remove(pair.b)
            altered.append(pair)
    return Found(tuple(altered), tuple(dropped), tuple(added))


def _inside(quotations_: Sequence[Quotation], span: Span) -> list[Quotation]:
    """The quotations inside a row."""
    return [each for each in quotations_ if span.start <= each.outer.start and each.outer.end <= span.end]


def quotation_proposals(scene: Scene, found: Found, gone: Pair[tuple[Span, ...]]) -> Iterator[Proposal]:
    """What differs between the quotations of the two texts; those in sentences that are `gone` are told with the sentence."""
    yield from (_altered(scene, pair) for pair in found.altered)
    for side, quotations_, spans in zip("ab", found.one_sided, gone, strict=True):
        for quotation in quotations_:
            if not any(span.start <= quotation.inner.start and quotation.inner.end <= span.end for span in spans):
                yield _one_sided(scene, side, quotation)


def _quotations(article: Article) -> tuple[Quotation, ...]:
    """The quotations of an article, headlines and site furniture left out."""
    told = (block for block in article.blocks if block.role not in BOILERPLATE and block.role != "headline")
    return tuple(chain.from_iterable(quotations(article.text, *block.span) for block in told))


def _matched(a: tuple[Quotation, ...], b: tuple[Quotation, ...]) -> Found:
    """Those that differ. A quotation that the other side's quotations hold word for word, in one or in several, is intact."""
    runs = [run for one, others in ((a, b), (b, a)) for each in one if (run := _held_by(each, others))]
    held = {each for run in runs for each in run} | {
        each for one, others in ((a, b), (b, a)) for each in one if _held_by(each, others)
    }
    left, right = [each for each in a if each not in held], [each for each in b if each not in held]
    altered, dropped = [], []
    for quotation in left:
        best = max(right, key=lambda other, mine=quotation: likeness(mine, other), default=None)  # type: ignore[misc]  # a default binds the loop's value
        if best is not None and likeness(quotation, best) >= MIN_QUOTATION_LIKENESS:
            right.remove(best)
            altered.append(Pair(quotation, best))
            continue
        part = next((other for other in b if len(other.words) > SCARE_WORDS and _holds(quotation.words, other.words)), None)
        if part is None:
            dropped.append(quotation)
            continue
        altered.append(Pair(quotation, part))
        if part in right:
            right.remove(part)
    return Found(tuple(altered), tuple(dropped), tuple(right))


def _held_by(quotation: Quotation, others: Sequence[Quotation]) -> tuple[Quotation, ...]:
    """The other with the same words, or several in a row that make them up; none if there are none."""
    same = next((other for other in others if other.words == quotation.words), None)
    if same is not None:
        return (same,)
    for first, other in enumerate(others):
        if other.words == quotation.words[: len(other.words)]:
            run = _run(quotation.words, others[first:])
            if run:
                return run
    return ()


def _run(words: tuple[str, ...], others: Sequence[Quotation]) -> tuple[Quotation, ...]:
    """The first of the others, as many as have the words one after the other; none if they say something else."""
    joined: tuple[str, ...] = ()
    for count, other in enumerate(others, 1):
        joined += other.words
        if joined == words:
            return tuple(others[:count])
        if joined != words[: len(joined)]:
            break
    return ()


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether `part` stands in `words`, in a row."""
    return any(words[start : start + len(part)] == part for start in range(len(words) - len(part) + 1))


# ------------------------------------------------------------------ altered


def _altered(scene: Scene, pair: Pair[Quotation]) -> Proposal:
    """Two versions of one quotation, with the places in which their words differ."""
    said = Pair(_told(scene, "a", pair.a), _told(scene, "b", pair.b))
    marks = _differing(scene, pair)
    if _holds(pair.a.words, pair.b.words) or _holds(pair.b.words, pair.a.words):
        is_shorter = len(pair.a.words) > len(pair.b.words)
        title = f"A quotation is {'shortened' if is_shorter else 'longer'}: {quoted(said.b if is_shorter else said.a)}"
        return Proposal(("quote-altered",), _gravity(pair.a, "moderate"), title, marks, said, _length(is_shorter=is_shorter))
    title = f"Other words in a quotation: {quoted(said.b)}"
    return Proposal(("quote-altered",), _gravity(max(pair, key=lambda each: len(each.words)), "major"), title, marks, said)


def _length(*, is_shorter: bool) -> Direction:
    return "narrower" if is_shorter else "broader"


def _told(scene: Scene, side: str, quotation: Quotation) -> str:
    return clipped(scene.quote(side, quotation.inner), TOLD_LENGTH)


def _differing(scene: Scene, pair: Pair[Quotation]) -> Pair[tuple[Span, ...]]:
    """The words of each that the other does not have, with a gap where they would stand; of many places, both as a whole."""
    pointers = scene.pointers
    words = Pair(pointers.a.words(pair.a.inner), pointers.b.words(pair.b.inner))
    folds = Pair([pointers.a.tokens[i].fold for i in words.a], [pointers.b.tokens[i].fold for i in words.b])
    steps = [step for step in diff_tokens(folds.a, folds.b) if step[0] != "equal"]
    if not steps or len(steps) > MAX_MARKS:
        return Pair((pair.a.inner,), (pair.b.inner,))
    return Pair(
        tuple(_place(scene, "a", words.a, start, end) for _, start, end, _, _ in steps),
        tuple(_place(scene, "b", words.b, start, end) for _, _, _, start, end in steps),
    )


def _place(scene: Scene, side: str, words: range, start: int, end: int) -> Span:
    pointer = getattr(scene.pointers, side)
    if start < end:
        return Span(*pointer.span_of(words[start:end]))
    position = pointer.tokens[words[start - 1]].end if start else pointer.tokens[words[0]].start
    return Span(position, position)


# ------------------------------------------------------------------ on one side only


def _one_sided(scene: Scene, side: str, quotation: Quotation) -> Proposal:
    """A quotation that the other text does not quote; it may say the same without the marks."""
    told, kind = _told(scene, side, quotation), "quote-dropped" if side == "a" else "quote-added"
    bare = _bare(scene, "b" if side == "a" else "a", quotation)
    here = quotation.inner
    if bare is not None:
        marks = marked(here, bare) if side == "a" else marked(bare, here)
        title = f"{quoted(told)} {'loses' if side == 'a' else 'gets'} its quotation marks"
        remark = "The words are the same; only one text sets them in quotation marks."
        return Proposal((kind,), _gravity(quotation, "moderate"), title, marks, Pair(told, told), remark=remark)
    gap = _counterpart(scene, side, here)
    marks = marked(here, gap) if side == "a" else marked(gap, here)
    title = f"A quotation is {'left out' if side == 'a' else 'new'}: {quoted(told)}"
    said = Pair(told, "") if side == "a" else Pair("", told)
    return Proposal((kind,), _gravity(quotation, "moderate" if side == "a" else "major"), title, marks, said)


def _gravity(quotation: Quotation, otherwise: NoteSeverity) -> NoteSeverity:
    return "minor" if len(quotation.words) <= SCARE_WORDS else otherwise


def _bare(scene: Scene, side: str, quotation: Quotation) -> Span | None:
    """Where the other text says the same words, if it does so once."""
    pointer = getattr(scene.pointers, side)
    folds = [token.fold for token in pointer.tokens]
    size = len(quotation.words)
    first = quotation.words[0]
    places = [at for at, fold in enumerate(folds) if fold == first and tuple(folds[at : at + size]) == quotation.words]
    return Span(*pointer.span_of(range(places[0], places[0] + size))) if len(places) == 1 else None


def _counterpart(scene: Scene, side: str, here: Span) -> Span:
    """The gap on the other side: where the script stands when it comes to the quotation's end."""
    steps = (step.edit if isinstance(step, Change) else step for row, _ in scene.rows for step in row.script)
    ends = (edit.spans for edit in steps if getattr(edit.spans, side).end >= here.end)
    spans = next(ends)
    other = spans.b if side == "a" else spans.a
    return Span(other.start, other.start)
