"""Composes the stages: two articles and the notes on them in, everything known about the pair out.

    Pair[Article] ─align─▶ rows of sentence pairs ─diff─▶ edits ─classify─▶ changes ─summarise─▶ figures

Nothing is decided here but composition: how the sentences of a row become one script that tiles the row, how the two ends
of a move find each other, and what a change is called (its id).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2s
from itertools import chain
from typing import NamedTuple

from generator.collate.align import align, pair_blocks
from generator.collate.anchor import allot, anchor
from generator.collate.classify import Stated, Typed, classify_rows, state
from generator.collate.diff import Passages, diff_passage, diff_passages
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
    Figures,
    Lock,
    Pair,
    PairingOverride,
    Role,
    Row,
    Script,
    Sentence,
    Source,
    Span,
    Story,
    Tag,
    Token,
)

CONTEXT_LENGTH = 16
"""Code points on each side of a change that go into its id. More: two equal changes are told apart more often; fewer: an
edit nearby leaves the id as it is more often. Sensible from 8 to 40."""


KEPT_PAIRS = 8
"""Comparisons of texts that are remembered: an edited note leaves those as they are, and collation is a quarter of what its page
costs. More: whoever goes from story to story waits less; fewer: less memory, 2 MB for 500 words a side. From 1 to 64."""


def compare_story(story: Story) -> tuple[tuple[Comparison, ...], tuple[Diagnostic, ...]]:
    """One comparison for each pair of the story, in the story's order."""
    named = {name for pair in story.pairs for name in pair}
    sources = {source.name: source for source in story.witnesses if source.name in named}
    diagnostics = [fault for source in sources.values() for fault in _segmented(source)[1]]
    notes, faults = allot(story.annotations, story.pairs)
    diagnostics.extend(faults)
    comparisons = []
    for pair, chosen in zip(story.pairs, notes, strict=True):
        comparison, faults = _noted(_remembered(sources[pair.a], sources[pair.b], story.overrides), chosen, story.locks)
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
    return _noted(_texts(articles, overrides), annotations, locks)


class _Texts(NamedTuple):
    """Two texts compared, without the notes on them: all of a comparison that an edited note leaves as it is."""

    articles: Pair[Article]
    rows: tuple[Row, ...]
    figures: Figures
    coarse: bool
    faults: tuple[Diagnostic, ...]


@lru_cache(maxsize=KEPT_PAIRS)
def _remembered(a: Source, b: Source, overrides: tuple[PairingOverride, ...]) -> _Texts:
    """Two witnesses compared."""
    return _texts(Pair(_segmented(a)[0], _segmented(b)[0]), overrides)


@lru_cache(maxsize=2 * KEPT_PAIRS)
def _segmented(source: Source) -> tuple[Article, tuple[Diagnostic, ...]]:
    """A witness segmented, and the faults of its role corrections."""
    return segment(source)


def _texts(articles: Pair[Article], overrides: tuple[PairingOverride, ...]) -> _Texts:
    alignment, faults = align(articles, overrides)
    drafts = _drafts(articles, alignment)
    stated = articles.map(state)
    rows = _typed_rows(articles, stated, alignment, drafts)
    coarse = alignment.coarse or any(draft.coarse for draft in drafts)
    return _Texts(articles, rows, summarise(articles, rows, stated), coarse, faults)


def _noted(
    texts: _Texts, annotations: tuple[Annotation, ...], locks: tuple[Lock, ...]
) -> tuple[Comparison, tuple[Diagnostic, ...]]:
    """With the notes in their places."""
    placements, faults = anchor(annotations, texts.articles, locks)
    return Comparison(texts.articles, texts.rows, placements, texts.figures, texts.coarse), texts.faults + faults


# ------------------------------------------------------------------ rows


class _Draft(NamedTuple):
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
    sentences = Pair(articles.a.sentences, articles.b.sentences)
    moved: Pair[Mapping[int, int]] = Pair(
        {index: bead.a.start for bead in alignment.moves for index in bead.a},
        {index: bead.b.start for bead in alignment.moves for index in bead.b},
    )
    at_a = at_b = 0
    drafts = []
    scripts = _scripts(articles, sentences, alignment)
    for blocks, beads in zip(ranges, _beads_of_rows(articles, alignment, ranges), strict=True):
        spans = Pair(_blocks_span(articles.a, blocks.a, at_a), _blocks_span(articles.b, blocks.b, at_b))
        at_a, at_b = spans.a.end, spans.b.end
        weaver = _Weaver(articles, sentences, spans, moved, scripts)
        for bead in beads:
            weaver.add(bead)
        weaver.close()
        first = articles.a.blocks[blocks.a.start] if blocks.a else articles.b.blocks[blocks.b.start]
        drafts.append(
            _Draft(blocks, spans, first.role, tuple(weaver.edits), tuple(weaver.moves), tuple(weaver.ends), weaver.coarse)
        )
    return tuple(drafts)


def _scripts(
    articles: Pair[Article], sentences: Pair[tuple[Sentence, ...]], alignment: Alignment
) -> dict[int, tuple[Pair[Span], Script]]:
    """The spans and the script of each bead that has sentences on both sides, by its first sentence of a."""
    beads = [bead for bead in alignment.beads if bead.a and bead.b]
    pairs = [Passages(_bead_spans(sentences, bead), _bead_tokens(sentences, bead)) for bead in beads]
    scripts = diff_passages(articles, pairs)
    return {bead.a.start: (pair.spans, script) for bead, pair, script in zip(beads, pairs, scripts, strict=True)}


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


class _Weaver:
    """Makes one script of a row's beads. Duty: after `close`, `edits` tile the row (`spans`) on both sides.

    A sentence of one side only takes the white space before it along (at the start of the row, the white space after it),
    so that what remains around it is the same on both sides. `moved`: for each sentence that stands elsewhere on the other
    side, the first sentence of the passage it moved with; `scripts`: of the beads that have sentences on both sides.
    """

    def __init__(
        self,
        articles: Pair[Article],
        sentences: Pair[tuple[Sentence, ...]],
        spans: Pair[Span],
        moved: Pair[Mapping[int, int]],
        scripts: Mapping[int, tuple[Pair[Span], Script]],
    ) -> None:
        self.articles, self.sentences, self.spans, self.moved, self.scripts = articles, sentences, spans, moved, scripts
        self.at_a, self.at_b = spans.a.start, spans.b.start
        self.edits: list[Edit] = []
        self.moves: list[tuple[int, int]] = []
        self.ends: list[tuple[tuple[str, int], int]] = []
        self.coarse = False

    def add(self, bead: Bead) -> None:
        """The edits of one bead, and those of the white space before it."""
        if bead.a and bead.b:
            self._both(bead)
        elif bead.a:
            end = _stretch_end(self.articles.a, self.sentences.a, bead.a, self.spans.a, self.at_a)
            first = self.moved.a.get(bead.a.start)
            self._one_sided("delete", end, self.at_b, None if first is None else ("a", first))
        else:
            end = _stretch_end(self.articles.b, self.sentences.b, bead.b, self.spans.b, self.at_b)
            first = self.moved.b.get(bead.b.start)
            self._one_sided("insert", self.at_a, end, None if first is None else ("b", first))

    def close(self) -> None:
        """What is left of the row: white space that only one side has."""
        self._space(self.spans.a.end, self.spans.b.end)

    def _both(self, bead: Bead) -> None:
        spans, script = self.scripts[bead.a.start]
        self._space(spans.a.start, spans.b.start)
        shift = len(self.edits)
        self.edits.extend(script.edits)
        self.moves.extend([(source + shift, target + shift) for source, target in script.moves])
        self.coarse = self.coarse or script.coarse
        self.at_a, self.at_b = spans.a.end, spans.b.end

    def _one_sided(self, tag: Tag, end_a: int, end_b: int, end_of_move: tuple[str, int] | None) -> None:
        """A deletion or insertion up to the two ends, joined to the last edit if it continues that."""
        from_a, from_b = self.at_a, self.at_b
        if self._continues(tag, end_of_move):
            last = self.edits.pop().spans
            from_a, from_b = last.a.start, last.b.start
        elif end_of_move:
            self.ends.append((end_of_move, len(self.edits)))
        self.edits.append(Edit(tag, Pair(Span(from_a, end_a), Span(from_b, end_b))))
        self.at_a, self.at_b = end_a, end_b

    def _continues(self, tag: Tag, end_of_move: tuple[str, int] | None) -> bool:
        """Whether a one-sided stretch belongs to the last edit: same tag, and the same end of a move or none."""
        if not self.edits or self.edits[-1].tag != tag:
            return False
        last = len(self.edits) - 1
        held = next((end for end, index in self.ends if index == last), None)
        return held == end_of_move and not any(last in move for move in self.moves)

    def _space(self, end_a: int, end_b: int) -> None:
        """An edit of what lies between here and the two ends, if anything does."""
        if end_a > self.at_a or end_b > self.at_b:
            spans = Pair(Span(self.at_a, end_a), Span(self.at_b, end_b))
            self.edits.append(Edit(_tag(spans.a.of(self.articles.a.text), spans.b.of(self.articles.b.text)), spans))
        self.at_a, self.at_b = end_a, end_b


def _stretch_end(article: Article, sentences: Sequence[Sentence], chosen: range, row: Span, cursor: int) -> int:
    """Where the stretch from the cursor on ends that holds these sentences; at the start of the row, after the white space."""
    end = sentences[chosen.stop - 1].span.end
    if cursor == row.start:
        rest = article.text[end : row.end]
        end += len(rest) - len(rest.lstrip())
    return end


def _tag(a: str, b: str) -> Tag:
    if a == b:
        return "equal"
    if a and b:
        return "replace"
    return "delete" if a else "insert"


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


def _typed_rows(articles: Pair[Article], stated: Pair[Stated], alignment: Alignment, drafts: Sequence[_Draft]) -> tuple[Row, ...]:
    """The rows with every edit but the equal ones turned into a change with its kinds, its id, and the other end of its move."""
    typed = [list(row) for row in classify_rows(articles, [(draft.edits, draft.moves) for draft in drafts], stated)]
    names = _Names(articles)
    ids = [
        [names.of(edit) if kinds else "" for edit, kinds in zip(draft.edits, row, strict=True)]
        for draft, row in zip(drafts, typed, strict=True)
    ]
    links: dict[str, str] = {}
    for row_ids, draft in zip(ids, drafts, strict=True):
        for source, target in draft.moves:
            links[row_ids[source]], links[row_ids[target]] = row_ids[target], row_ids[source]
    sentences = Pair(articles.a.sentences, articles.b.sentences)
    place = {end: (row, index) for row, draft in enumerate(drafts) for end, index in draft.ends}
    for bead in alignment.moves:
        ends = place[("a", bead.a.start)], place[("b", bead.b.start)]
        kinds = _moved(articles, stated, sentences, bead)
        for (row, index), (other_row, other_index) in (ends, ends[::-1]):
            typed[row][index] = kinds
            links[ids[row][index]] = ids[other_row][other_index]
    return tuple(_row(*parts, links) for parts in zip(drafts, typed, ids, strict=True))


def _row(draft: _Draft, typed: Iterable[Typed | None], ids: Iterable[str], links: dict[str, str]) -> Row:
    script = [
        edit if kinds is None else Change(name, edit, kinds.kinds, kinds.detail, links.get(name, ""))
        for edit, kinds, name in zip(draft.edits, typed, ids, strict=True)
    ]
    return Row(draft.blocks, draft.spans, draft.role, tuple(script))


def _moved(articles: Pair[Article], stated: Pair[Stated], sentences: Pair[tuple[Sentence, ...]], bead: Bead) -> Typed:
    """A moved sentence: moved first, then whatever changed inside it."""
    script = diff_passage(articles, _bead_spans(sentences, bead), _bead_tokens(sentences, bead))
    inner = [typed for typed in classify_rows(articles, [(script.edits, script.moves)], stated)[0] if typed]
    kinds = dict.fromkeys(kind for typed in inner for kind in typed.kinds if kind not in _QUIET)
    details = dict.fromkeys(typed.detail for typed in inner if typed.detail)
    return Typed(("moved", *kinds), "; ".join(details))


_QUIET: frozenset[ChangeKind] = frozenset({"moved", "typographic", "case", "inflection"})
"""Kinds that are not worth a word about a sentence that has moved."""


class _Names:
    """Names changes by their content and a little context, so that a name survives edits elsewhere; equal ones are counted."""

    def __init__(self, articles: Pair[Article]) -> None:
        self.a, self.b = articles.a.text, articles.b.text
        self.seen: dict[str, int] = {}

    def of(self, edit: Edit) -> str:
        """Eight hexadecimal digits; the second of the same name gets `-2`."""
        tag, ((start_a, end_a), (start_b, end_b)), _ = edit
        content = f"{tag}\0{_in_context(self.a, start_a, end_a)}\0{_in_context(self.b, start_b, end_b)}"
        name = blake2s(content.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
        count = self.seen[name] = self.seen.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"


def _in_context(text: str, start: int, end: int) -> str:
    """What stands there, and the code points before and after it; of an empty place nothing."""
    if start == end:
        return ""
    before = start - CONTEXT_LENGTH if start > CONTEXT_LENGTH else 0
    return f"{text[start:end]}\0{text[before:start]}\0{text[end : end + CONTEXT_LENGTH]}"
