"""What kind of change each edit is, and what became what.

In: two articles and the edits of one row. Out: `Typed` for each edit that is not equal: its kinds, the primary first, and
a detail such as "12,000 → 15,000 (+25 %)". A fact is looked for in its whole row: a figure that is deleted in one place and
stands in another has moved, and is no change of a number. It does not decide what an edit is, and knows no other row.

The order of kinds, the primary first: an omission or addition of whole sentences; quotation, number, date, negation,
attribution, certainty, name; moved, omission, addition, wording; inflection, case, typographic. So what can make a text
wrong stands before what makes it read differently, and a change inside quotation marks is a change of a quotation first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from generator.collate.amounts import contradicts, date_change, number_change
from generator.collate.diff import diff_tokens
from generator.collate.facts import sentence_facts
from generator.collate.fold import fold
from generator.collate.forms import form_kinds
from generator.collate.kinds import attribution_change, bare_words, certainty_change, name_change, negation_change, quotation_change
from generator.collate.lexicon import DEFAULT_LANGUAGE
from generator.collate.quotations import quotations
from generator.collate.scopes import Scopes, changed_scopes
from generator.collate.segment import tokenize
from generator.collate.statements import Passage, passage
from generator.collate.vocabulary import Fact, Vocabulary, vocabulary
from generator.model import Article, Block, ChangeKind, Edit, Pair, Span, Token

_OMISSION: ChangeKind = "omission"
_ADDITION: ChangeKind = "addition"


@dataclass(frozen=True, slots=True)
class Typed:
    """What an edit is: its kinds, the primary first, at least one; and what became what, or empty."""

    kinds: tuple[ChangeKind, ...]
    detail: str = ""


def classify(articles: Pair[Article], edits: tuple[Edit, ...], moves: tuple[tuple[int, int], ...]) -> tuple[Typed | None, ...]:
    """The kinds of one row's edits, parallel to them; None for equal ones.

    `moves` are pairs of indices of edits, as in `Script`. Laws: an edit that is not equal has a kind; an edit whose two sides
    differ in typography only is `typographic` and nothing else.
    """
    if all(edit.tag == "equal" for edit in edits):
        return (None,) * len(edits)
    first, last = edits[0].spans, edits[-1].spans
    row = Pair(
        _passage(articles.a, Span(first.a.start, last.a.end)),
        _passage(articles.b, Span(first.b.start, last.b.end)),
    )
    lists = vocabulary(articles.b.source.language or DEFAULT_LANGUAGE)
    scopes = changed_scopes(row, edits)
    moved = {index for move in moves for index in move}
    return tuple(
        None if edit.tag == "equal" else _typed(row, edit.spans, lists, scopes, is_moved=index in moved)
        for index, edit in enumerate(edits)
    )


def _passage(article: Article, span: Span) -> Passage:
    """What the blocks of an article state that the span overlaps."""
    language = article.source.language or DEFAULT_LANGUAGE
    blocks = _blocks(article.blocks, span)
    sentences = [
        sentence
        for block in blocks
        for sentence in block.sentences
        if sentence.span.start < span.end and sentence.span.end > span.start
    ]
    return passage(
        article.text,
        chain.from_iterable(sentence_facts(article.text, sentence.tokens, language) for sentence in sentences),
        tuple(chain.from_iterable(quotations(article.text, *block.span) for block in blocks)),
        tuple(sentence.span for sentence in sentences),
        (token.fold for sentence in sentences for token in sentence.tokens),
    )


def _blocks(blocks: Sequence[Block], span: Span) -> Sequence[Block]:
    """The blocks that overlap the span."""
    first = bisect_right(blocks, span.start, key=lambda block: block.span.end)
    last = bisect_left(blocks, span.end, lo=first, key=lambda block: block.span.start)
    return blocks[first:last]


# ------------------------------------------------------------------ one edit


def _typed(row: Pair[Passage], spans: Pair[Span], lists: Vocabulary, scopes: Scopes, *, is_moved: bool) -> Typed:
    """The kinds of one edit, in the order of the module's docstring, and the details that say something."""
    a, b = spans.a.of(row.a.text), spans.b.of(row.b.text)
    folded = Pair(fold(a), fold(b))
    form = form_kinds(a, b, folded.map(str.split), lists.lexicon)
    quoted = quotation_change(row, spans) if form != ("typographic",) or a.strip() == "" or b.strip() == "" else None
    if quoted is not None:
        form = ()
    elif form:
        return Typed(form)
    whole, words = _whole_sentences(row, spans), folded.map(bare_words)
    checked = () if is_moved else _fact_kinds(row, spans, words, lists, scopes, is_whole=bool(whole))
    facts = [(kind, detail) for kind, detail in checked if detail is not None]
    if quoted is not None:
        facts.insert(0, ("quotation", "" if any(detail for _, detail in facts) else quoted))
    kinds = [kind for kind, _ in facts]
    extent = "moved" if is_moved else whole or _extent(row, words, lists)
    if whole and not is_moved:
        kinds.insert(0, whole)
    elif extent != "wording" or not kinds:
        kinds.append(extent)
    details = dict.fromkeys(detail for _, detail in facts if detail)
    return Typed(tuple(dict.fromkeys(kinds)), "; ".join(details))


def _fact_kinds(
    row: Pair[Passage],
    spans: Pair[Span],
    words: Pair[list[str]],
    lists: Vocabulary,
    scopes: Scopes,
    *,
    is_whole: bool,
) -> Iterator[tuple[ChangeKind, str | None]]:
    """The kinds of fact that the edit may change, each with its detail, or None if it does not.

    A whole sentence that comes or goes is neither surer nor denied.
    """
    kinds = row.a.kinds_in(spans.a) | row.b.kinds_in(spans.b)
    if "number" in kinds:
        yield "number", number_change(row, spans)
    if "date" in kinds:
        yield "date", date_change(row, spans)
    if not is_whole:
        yield "negation", negation_change(row, spans, words, lists)
    if "attribution" in kinds:
        yield "attribution", attribution_change(row, spans) or scopes.at(row, spans)
    if "certainty" in kinds and not is_whole:
        yield "certainty", certainty_change(row, spans)
    if "name" in kinds:
        yield "name", name_change(row, spans)


def _whole_sentences(row: Pair[Passage], spans: Pair[Span]) -> ChangeKind | None:
    """`omission` or `addition` if the edit takes away or adds a whole sentence, and leaves nothing in its place."""
    for side, span, other, kind in (
        (row.a, spans.a, spans.b.of(row.b.text), "omission"),
        (row.b, spans.b, spans.a.of(row.a.text), "addition"),
    ):
        if other.strip():
            continue
        first = bisect_left(side.sentences, (span.start,))
        if first < len(side.sentences) and side.sentences[first].end <= span.end:
            return "omission" if kind == "omission" else "addition"
    return None


def _extent(row: Pair[Passage], words: Pair[list[str]], lists: Vocabulary) -> ChangeKind:
    """`omission` or `addition` if only one side has words, and one that says something and stands nowhere on the other side."""
    a, b = words
    functions = lists.plain_capitals
    if a and not b:
        return "omission" if any(word not in functions and word not in row.b.words for word in a) else "wording"
    if b and not a:
        return "addition" if any(word not in functions and word not in row.a.words for word in b) else "wording"
    return "wording"


# ------------------------------------------------------------------ two sentences


def changed_kinds(a: str, b: str) -> set[str]:
    """The kinds of change between two sentences in the default language: what both state, and state differently.

    Unlike `classify`, a figure that only one side has is no changed number: it is an omission or an addition. And as in the
    annotated corpora this is measured on, a day, month, year or hour that took another's place is a changed number too.
    """
    tokens = Pair(tokenize(a), tokenize(b))
    row = Pair(_sentence_passage(a, tokens.a), _sentence_passage(b, tokens.b))
    lists = vocabulary(DEFAULT_LANGUAGE)
    changed = list(_changed_spans(Pair(a, b), tokens))
    kinds: set[str] = set()
    for spans in changed:
        kinds.update(_typed(row, spans, lists, Scopes(()), is_moved=False).kinds)
    kinds.discard("number")
    return kinds | {"number"} if contradicts(row, changed) else kinds


def _sentence_passage(text: str, tokens: tuple[Token, ...]) -> Passage:
    facts: Iterable[Fact] = sentence_facts(text, tokens, DEFAULT_LANGUAGE)
    return passage(text, facts, quotations(text), (Span(0, len(text)),), (token.fold for token in tokens))


def _changed_spans(texts: Pair[str], tokens: Pair[tuple[Token, ...]]) -> Iterator[Pair[Span]]:
    """The spans of both texts that differ."""
    words = Pair([token.fold for token in tokens.a], [token.fold for token in tokens.b])
    for tag, i1, i2, j1, j2 in diff_tokens(words.a, words.b):
        if tag != "equal":
            yield Pair(_token_span(texts.a, tokens.a, i1, i2), _token_span(texts.b, tokens.b, j1, j2))


def _token_span(text: str, tokens: Sequence[Token], first: int, last: int) -> Span:
    """From token `first` to before token `last`; between two tokens if there is none."""
    start = tokens[first].start if first < len(tokens) else len(text)
    return Span(start, tokens[last - 1].end) if first < last else Span(start, start)
