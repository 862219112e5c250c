"""What kind of change each edit is, and what became what.

In: two articles and the edits of one row. Out: `Typed` for each edit that is not equal: its kinds, the primary first, and
a detail such as "12,000 → 15,000 (+25 %)". A fact is looked for in its whole row: a figure that is deleted in one place and
stands in another has moved, and is no change of a number. It does not decide what an edit is, and knows no other row.

The order of kinds, the primary first: an omission or addition of whole sentences; quotation, number, date, negation,
attribution, certainty, name; moved, omission, addition, wording; inflection, case, typographic. So what can make a text
wrong stands before what makes it read differently, and a change inside quotation marks is a change of a quotation first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.collate.classify.amounts import contradicts, date_change, number_change
from generator.collate.classify.forms import form_kinds
from generator.collate.classify.kinds import attribution_change, certainty_change, name_change, negation_change, quotation_change
from generator.collate.classify.scopes import Scopes, changed_scopes
from generator.collate.classify.statements import Edited, Passage, Stated, passage, passage_at, stated_at
from generator.collate.classify.vocabulary import Vocabulary, vocabulary
from generator.collate.diff import diff_tokens
from generator.collate.lexicon import DEFAULT_LANGUAGE
from generator.collate.segment import tokenize
from generator.model import Article, ChangeKind, Edit, Pair, Sentence, Span, Token

_OMISSION: ChangeKind = "omission"
_ADDITION: ChangeKind = "addition"
_TYPOGRAPHIC: tuple[ChangeKind, ...] = ("typographic",)


class Typed(NamedTuple):
    """What an edit is: its kinds, the primary first, at least one; and what became what, or empty."""

    kinds: tuple[ChangeKind, ...]
    detail: str = ""


def classify(
    articles: Pair[Article],
    edits: tuple[Edit, ...],
    moves: tuple[tuple[int, int], ...],
    stated: Pair[Stated] | None = None,
) -> tuple[Typed | None, ...]:
    """The kinds of one row's edits, parallel to them; None for equal ones.

    `moves` are pairs of indices of edits, as in `Script`; `stated`: what the articles state, if that is known. Laws: an edit
    that is not equal has a kind; an edit whose two sides differ in typography only is `typographic` and nothing else.
    """
    if all(edit.tag == "equal" for edit in edits):
        return (None,) * len(edits)
    (first_a, first_b), (last_a, last_b) = edits[0].spans, edits[-1].spans
    spans = Pair(Span(first_a.start, last_a.end), Span(first_b.start, last_b.end))
    row = (
        Pair(stated_at(stated.a, spans.a), stated_at(stated.b, spans.b))
        if stated
        else Pair(passage_at(articles.a, spans.a), passage_at(articles.b, spans.b))
    )
    lists = vocabulary(articles.b.source.language or DEFAULT_LANGUAGE)
    scopes = changed_scopes(row, edits)
    moved = {index for move in moves for index in move}
    return tuple(
        [
            None if edit.tag == "equal" else _typed(row, edit.spans, lists, scopes, is_moved=index in moved)
            for index, edit in enumerate(edits)
        ]
    )


# ------------------------------------------------------------------ one edit


def _typed(row: Pair[Passage], spans: Pair[Span], lists: Vocabulary, scopes: Scopes, *, is_moved: bool) -> Typed:
    """The kinds of one edit, in the order of the module's docstring, and the details that say something."""
    (side_a, side_b), (span_a, span_b) = row, spans
    a, b = side_a.text[span_a[0] : span_a[1]], side_b.text[span_b[0] : span_b[1]]
    said_a, said_b = side_a.said(span_a), side_b.said(span_b)
    is_one_sided = not a or not b or a.isspace() or b.isspace()
    form = form_kinds(a, b, said_a, said_b, lists)
    quoted = quotation_change(row, spans) if is_one_sided or form != _TYPOGRAPHIC else None
    if form and quoted is None:
        return Typed(form)
    fresh_a, fresh_b = _fresh(said_a, side_b), _fresh(said_b, side_a)
    whole = _whole_sentences(row, spans, a, b) if is_one_sided else None
    facts: dict[ChangeKind, str] = {}
    if not is_moved:
        edit = Edited(row, spans, Pair(side_a.touched(span_a), side_b.touched(span_b)), Pair(fresh_a, fresh_b))
        facts = _changed_facts(edit, lists, scopes, is_whole=whole is not None)
    kinds: list[ChangeKind] = [*facts] if quoted is None else ["quotation", *facts]
    if is_moved:
        kinds.append("moved")
    elif whole:
        kinds.insert(0, whole)
    else:
        extent = _extent(fresh_a, said_b, _OMISSION, lists) if fresh_a else _extent(fresh_b, said_a, _ADDITION, lists)
        if extent != "wording" or not kinds:
            kinds.append(extent)
    return Typed(tuple(kinds), "; ".join(dict.fromkeys(filter(None, facts.values()))) or quoted or "")


def _changed_facts(edit: Edited, lists: Vocabulary, scopes: Scopes, *, is_whole: bool) -> dict[ChangeKind, str]:
    """The kinds of fact that the edit changes, each with its detail.

    A whole sentence that comes or goes is neither surer nor denied.
    """
    row, spans, (a, b), (fresh_a, fresh_b) = edit
    touched = {*a, *b}
    found: dict[ChangeKind, str | None] = {}
    if "number" in touched:
        found["number"] = number_change(edit)
    if "date" in touched:
        found["date"] = date_change(edit)
    if not is_whole and (fresh_a or fresh_b or "negation" in touched):
        found["negation"] = negation_change(edit, lists)
    if "attribution" in touched:
        found["attribution"] = attribution_change(edit) or scopes.at(row, spans)
    if "certainty" in touched and not is_whole:
        found["certainty"] = certainty_change(edit)
    if "name" in touched:
        found["name"] = name_change(edit)
    return {kind: detail for kind, detail in found.items() if detail is not None}


def _whole_sentences(row: Pair[Passage], spans: Pair[Span], a: str, b: str) -> ChangeKind | None:
    """`omission` or `addition` if the edit takes away or adds a whole sentence, and leaves nothing in its place."""
    if not b.strip() and _holds_a_sentence(row.a, spans.a):
        return "omission"
    return "addition" if not a.strip() and _holds_a_sentence(row.b, spans.b) else None


def _holds_a_sentence(side: Passage, span: Span) -> bool:
    first = bisect_left(side.sentences, span.start, key=lambda sentence: sentence.span.start)
    return first < len(side.sentences) and side.sentences[first].span.end <= span.end


def _fresh(said: Sequence[str], other: Passage) -> list[str]:
    """The words that stand nowhere on the other side of the row."""
    known = other.words
    return [word for word in said if word not in known and (word.isalnum() or _is_word(word))]


def _is_word(said: str) -> bool:
    """Whether it is no mark of punctuation, nor a token of invisible code points alone, which folds to nothing."""
    return said[:1].isalnum() or said[-1:].isalnum()


def _extent(fresh: list[str], others: Sequence[str], kind: ChangeKind, lists: Vocabulary) -> ChangeKind:
    """`kind` if one side's `fresh` words say something, and the other side has no words; else `wording`."""
    return "wording" if any(map(_is_word, others)) or lists.plain_capitals.issuperset(fresh) else kind


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
    touched = [Pair(row.a.touched(spans.a), row.b.touched(spans.b)) for spans in changed]
    return kinds | {"number"} if contradicts(row, touched) else kinds


def _sentence_passage(text: str, tokens: tuple[Token, ...]) -> Passage:
    whole = Span(0, len(text))
    return passage(text, DEFAULT_LANGUAGE, (Sentence(whole, tokens),), (whole,))


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
