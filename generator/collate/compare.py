"""Composes the stages: two articles and the notes on them in, everything known about the pair out.

    Pair[Article] ─align─▶ rows of sentence pairs ─diff─▶ edits ─classify─▶ changes ─summarise─▶ figures

Nothing is decided here but composition: how the sentences of a row become one script that tiles the row, how the two ends
of a move find each other, and what a change is called (its id).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from itertools import chain

from generator.collate.align import align, pair_blocks
from generator.collate.anchor import allot, anchor
from generator.collate.classify import Typed, classify
from generator.collate.diff import diff_passage
from generator.collate.segment import segment
from generator.collate.summary import summarise
from generator.errors import Diagnostic
from generator.model import (
    Alignment,
    Annotation,
    Article,
    Bead,
    Change,
    ChangeKind,
    Comparison,
    Edit,
    Lock,
    Pair,
    PairingOverride,
    Role,
    Row,
    Sentence,
    Span,
    Story,
    Tag,
    Token,
)

CONTEXT_LENGTH = 16
"""Code points on each side of a change that go into its id. More: two equal changes are told apart more often; fewer: an
edit nearby leaves the id as it is more often. Sensible from 8 to 40."""


def compare_story(story: Story) -> tuple[tuple[Comparison, ...], tuple[Diagnostic, ...]]:
    """One comparison for each pair of the story, in the story's order."""
    named = {name for pair in story.pairs for name in pair}
    segmented = {source.name: segment(source) for source in story.witnesses if source.name in named}
    diagnostics = [fault for _, faults in segmented.values() for fault in faults]
    notes, faults = allot(story.annotations, story.pairs)
    diagnostics.extend(faults)
    comparisons = []
    for pair, chosen in zip(story.pairs, notes, strict=True):
        comparison, faults = compare_pair(pair.map(lambda name: segmented[name][0]), story.overrides, chosen, story.locks)
        comparisons.append(comparison)
        diagnostics.extend(faults)
    return tuple(comparisons), tuple(dict.fromkeys(diagnostics))


def compare_pair(
    articles: Pair[Article],
    overrides: tuple[PairingOverride, ...],
    annotations: tuple[Annotation, ...],
    locks: tuple[Lock, ...] = (),
) -> tuple[Comparison, tuple[Diagnostic, ...]]:
    """The comparison of two segmented witnesses, with a hand on their alignment, the notes on them, and where those stood."""
    alignment, alignment_faults = align(articles, overrides)
    drafts = _drafts(articles, alignment)
    rows = _typed_rows(articles, alignment, drafts)
    placements, anchor_faults = anchor(annotations, articles, locks)
    coarse = alignment.coarse or any(draft.coarse for draft in drafts)
    comparison = Comparison(articles, rows, placements, summarise(articles, rows), coarse)
    return comparison, alignment_faults + anchor_faults


# ------------------------------------------------------------------ rows


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row before its edits have kinds. `ends`: which edit holds a moved sentence, by (side, index of the sentence)."""

    blocks: Pair[range]
    spans: Pair[Span]
    role: Role
    edits: tuple[Edit, ...]
    moves: tuple[tuple[int, int], ...]
    ends: tuple[tuple[tuple[str, int], int], ...]
    coarse: bool


def _drafts(articles: Pair[Article], alignment: Alignment) -> tuple[_Draft, ...]:
    """The rows of the page, in order, as untyped scripts."""
    ranges = pair_blocks(articles, alignment)
    beads = _beads_of_rows(articles, alignment, ranges)
    sentences = articles.map(lambda article: article.sentences)
    moved = Pair(
        {index: bead.a.start for bead in alignment.moves for index in bead.a},
        {index: bead.b.start for bead in alignment.moves for index in bead.b},
    )
    cursor = Pair(0, 0)
    drafts = []
    for blocks, row_beads in zip(ranges, beads, strict=True):
        spans = Pair(_blocks_span(articles.a, blocks.a, cursor.a), _blocks_span(articles.b, blocks.b, cursor.b))
        cursor = spans.map(lambda span: span.end)
        weaver = _Weaver(
            Pair(
                _Side("a", articles.a, sentences.a, spans.a, moved.a),
                _Side("b", articles.b, sentences.b, spans.b, moved.b),
            )
        )
        for bead in row_beads:
            weaver.add(bead)
        weaver.close()
        sides = ((articles.a, blocks.a), (articles.b, blocks.b))
        role = next(article.blocks[chosen.start].role for article, chosen in sides if chosen)
        drafts.append(_Draft(blocks, spans, role, tuple(weaver.edits), tuple(weaver.moves), tuple(weaver.ends), weaver.coarse))
    return tuple(drafts)


def _beads_of_rows(articles: Pair[Article], alignment: Alignment, ranges: Sequence[Pair[range]]) -> list[list[Bead]]:
    """The beads of each row, in order: a bead belongs where its first sentence stands."""
    rows_of_a = _rows_of_sentences(articles.a, [row.a for row in ranges])
    rows_of_b = _rows_of_sentences(articles.b, [row.b for row in ranges])
    beads: list[list[Bead]] = [[] for _ in ranges]
    for bead in alignment.beads:
        beads[rows_of_a[bead.a.start] if bead.a else rows_of_b[bead.b.start]].append(bead)
    return beads


def _rows_of_sentences(article: Article, ranges: Sequence[range]) -> list[int]:
    """For each sentence of an article, the row it stands in."""
    return [row for row, blocks in enumerate(ranges) for index in blocks for _ in article.blocks[index].sentences]


def _blocks_span(article: Article, blocks: range, cursor: int) -> Span:
    """From the first block's start to the last one's end; for no blocks, the empty span at `cursor`."""
    if not blocks:
        return Span(cursor, cursor)
    return Span(article.blocks[blocks.start].span.start, article.blocks[blocks.stop - 1].span.end)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a row: its article and sentences, and the row's span.

    `moved`: for each sentence that stands elsewhere on the other side, the first sentence of the passage it moved with.
    """

    name: str
    article: Article
    sentences: tuple[Sentence, ...]
    span: Span
    moved: Mapping[int, int]

    def stretch(self, chosen: range, cursor: int) -> Span:
        """From the cursor to the end of these sentences; at the start of the row with the white space that follows."""
        end = self.sentences[chosen.stop - 1].span.end
        if cursor == self.span.start:
            rest = self.article.text[end : self.span.end]
            end += len(rest) - len(rest.lstrip())
        return Span(cursor, end)

    def end_of_move(self, chosen: range) -> tuple[str, int] | None:
        """The name of this end of a move, if these sentences are one."""
        first = self.moved.get(chosen.start)
        return None if first is None else (self.name, first)


class _Weaver:
    """Makes one script of a row's beads. Duty: after `close`, `edits` tile the row on both sides.

    A sentence of one side only takes the white space before it along (at the start of the row, the white space after it),
    so that what remains around it is the same on both sides.
    """

    def __init__(self, sides: Pair[_Side]) -> None:
        self.sides = sides
        self.articles = sides.map(lambda side: side.article)
        self.cursor = sides.map(lambda side: side.span.start)
        self.edits: list[Edit] = []
        self.moves: list[tuple[int, int]] = []
        self.ends: list[tuple[tuple[str, int], int]] = []
        self.coarse = False

    def add(self, bead: Bead) -> None:
        """The edits of one bead, and those of the white space before it."""
        a, b = self.sides
        if bead.a and bead.b:
            self._both(bead)
        elif bead.a:
            self._one_sided("delete", a.stretch(bead.a, self.cursor.a), a.end_of_move(bead.a))
        else:
            self._one_sided("insert", b.stretch(bead.b, self.cursor.b), b.end_of_move(bead.b))

    def close(self) -> None:
        """What is left of the row: white space that only one side has."""
        self._space(self.sides.map(lambda side: side.span.end))

    def _both(self, bead: Bead) -> None:
        sentences = self.sides.map(lambda side: side.sentences)
        spans = _bead_spans(sentences, bead)
        self._space(spans.map(lambda span: span.start))
        script = diff_passage(self.articles, spans, _bead_tokens(sentences, bead))
        shift = len(self.edits)
        self.edits.extend(script.edits)
        self.moves.extend((source + shift, target + shift) for source, target in script.moves)
        self.coarse = self.coarse or script.coarse
        self.cursor = spans.map(lambda span: span.end)

    def _one_sided(self, tag: Tag, span: Span, end_of_move: tuple[str, int] | None) -> None:
        a, b = self.cursor
        spans = Pair(span, Span(b, b)) if tag == "delete" else Pair(Span(a, a), span)
        if self._continues(tag, end_of_move):
            last = self.edits.pop().spans
            spans = Pair(Span(last.a.start, spans.a.end), Span(last.b.start, spans.b.end))
        elif end_of_move:
            self.ends.append((end_of_move, len(self.edits)))
        self.edits.append(Edit(tag, spans))
        self.cursor = spans.map(lambda side: side.end)

    def _continues(self, tag: Tag, end_of_move: tuple[str, int] | None) -> bool:
        """Whether a one-sided stretch belongs to the last edit: same tag, and the same end of a move or none."""
        if not self.edits or self.edits[-1].tag != tag:
            return False
        last = len(self.edits) - 1
        held = next((end for end, index in self.ends if index == last), None)
        return held == end_of_move and not any(last in move for move in self.moves)

    def _space(self, upto: Pair[int]) -> None:
        spans = Pair(Span(self.cursor.a, upto.a), Span(self.cursor.b, upto.b))
        texts = Pair(spans.a.of(self.articles.a.text), spans.b.of(self.articles.b.text))
        if texts.a or texts.b:
            self.edits.append(Edit(_tag(texts), spans))
        self.cursor = upto


def _tag(texts: Pair[str]) -> Tag:
    if texts.a == texts.b:
        return "equal"
    if texts.a and texts.b:
        return "replace"
    return "delete" if texts.a else "insert"


def _bead_spans(sentences: Pair[tuple[Sentence, ...]], bead: Bead) -> Pair[Span]:
    return Pair(_span(sentences.a, bead.a), _span(sentences.b, bead.b))


def _span(sentences: Sequence[Sentence], chosen: range) -> Span:
    return Span(sentences[chosen.start].span.start, sentences[chosen.stop - 1].span.end)


def _bead_tokens(sentences: Pair[tuple[Sentence, ...]], bead: Bead) -> Pair[tuple[Token, ...]]:
    return Pair(_tokens(sentences.a, bead.a), _tokens(sentences.b, bead.b))


def _tokens(sentences: Sequence[Sentence], chosen: range) -> tuple[Token, ...]:
    if len(chosen) == 1:
        return sentences[chosen.start].tokens
    return tuple(chain.from_iterable(sentence.tokens for sentence in sentences[chosen.start : chosen.stop]))


# ------------------------------------------------------------------ changes


def _typed_rows(articles: Pair[Article], alignment: Alignment, drafts: Sequence[_Draft]) -> tuple[Row, ...]:
    """The rows with every edit but the equal ones turned into a change with its kinds, its id, and the other end of its move."""
    typed = [list(classify(articles, draft.edits, draft.moves)) for draft in drafts]
    names = _Names()
    ids = [
        [names.of(articles, edit) if kinds else "" for edit, kinds in zip(draft.edits, row, strict=True)]
        for draft, row in zip(drafts, typed, strict=True)
    ]
    links: dict[str, str] = {}
    for row_ids, draft in zip(ids, drafts, strict=True):
        for source, target in draft.moves:
            links[row_ids[source]], links[row_ids[target]] = row_ids[target], row_ids[source]
    sentences = articles.map(lambda article: article.sentences)
    place = {end: (row, index) for row, draft in enumerate(drafts) for end, index in draft.ends}
    for bead in alignment.moves:
        ends = place[("a", bead.a.start)], place[("b", bead.b.start)]
        kinds = _moved(articles, sentences, bead)
        for (row, index), (other_row, other_index) in (ends, ends[::-1]):
            typed[row][index] = kinds
            links[ids[row][index]] = ids[other_row][other_index]
    return tuple(_row(*parts, links) for parts in zip(drafts, typed, ids, strict=True))


def _row(draft: _Draft, typed: Iterable[Typed | None], ids: Iterable[str], links: dict[str, str]) -> Row:
    script = tuple(
        edit if kinds is None else Change(name, edit, kinds.kinds, kinds.detail, links.get(name, ""))
        for edit, kinds, name in zip(draft.edits, typed, ids, strict=True)
    )
    return Row(draft.blocks, draft.spans, draft.role, script)


def _moved(articles: Pair[Article], sentences: Pair[tuple[Sentence, ...]], bead: Bead) -> Typed:
    """A moved sentence: moved first, then whatever changed inside it."""
    script = diff_passage(articles, _bead_spans(sentences, bead), _bead_tokens(sentences, bead))
    inner = [typed for typed in classify(articles, script.edits, script.moves) if typed]
    kinds = dict.fromkeys(kind for typed in inner for kind in typed.kinds if kind not in _QUIET)
    details = dict.fromkeys(typed.detail for typed in inner if typed.detail)
    return Typed(("moved", *kinds), "; ".join(details))


_QUIET: frozenset[ChangeKind] = frozenset({"moved", "typographic", "case", "inflection"})
"""Kinds that are not worth a word about a sentence that has moved."""


class _Names:
    """Names changes by their content and a little context, so that a name survives edits elsewhere; equal ones are counted."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def of(self, articles: Pair[Article], edit: Edit) -> str:
        """Eight hexadecimal digits; the second of the same name gets `-2`."""
        parts = [edit.tag, *_context(articles, edit)]
        name = blake2s("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
        self.seen[name] += 1
        return name if self.seen[name] == 1 else f"{name}-{self.seen[name]}"


def _context(articles: Pair[Article], edit: Edit) -> Iterator[str]:
    for article, span in zip(articles, edit.spans, strict=True):
        yield span.of(article.text)
        if span.end > span.start:
            yield article.text[max(0, span.start - CONTEXT_LENGTH) : span.start]
            yield article.text[span.end : span.end + CONTEXT_LENGTH]
