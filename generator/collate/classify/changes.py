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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.collate.classify.amounts import contradicts, date_change, number_change
from generator.collate.classify.forms import form_kinds
from generator.collate.classify.kinds import attribution_change, certainty_change, name_change, negation_change, quotation_change
from generator.collate.classify.scopes import Scopes, changed_scopes
from generator.collate.classify.statements import Edited, Passage, Stated, passage, state, stated_at
from generator.collate.classify.vocabulary import Vocabulary, vocabulary
from generator.collate.diff import diff_tokens
from generator.collate.lexicon import DEFAULT_LANGUAGE
from generator.collate.tokens import tokenize
from generator.model import Article, ChangeKind, Edit, Pair, Sentence, Span, Token

_OMISSION: ChangeKind = "omission"
_ADDITION: ChangeKind = "addition"
_TYPOGRAPHIC: tuple[ChangeKind, ...] = ("typographic",)


class Typed(NamedTuple):
    """What an edit is: its kinds, the primary first, at least one; and what became what, or empty."""

    kinds: tuple[ChangeKind, ...]
    detail: str = ""


Moves = tuple[tuple[int, int], ...]
"""Pairs of indices of edits, as in `Script`."""


def classify(articles: Pair[Article], edits: tuple[Edit, ...], moves: Moves) -> tuple[Typed | None, ...]:
    """The kinds of one row's edits, parallel to them; None for equal ones.

    Laws: an edit that is not equal has a kind; an edit whose two sides differ in typography only is `typographic` and nothing
    else.
    """
    return classify_rows(articles, [(edits, moves)], articles.map(state))[0]


def classify_rows(
    articles: Pair[Article], rows: Sequence[tuple[tuple[Edit, ...], Moves]], stated: Pair[Stated]
) -> list[tuple[Typed | None, ...]]:
    """The same of the edits and moves of several rows, given what the articles state.

    One check after the other for all edits, not one edit after the other: the interpreter keeps at one thing, and takes less.
    """
    changed = [(edits, moves) for edits, moves in rows if any(edit.tag != "equal" for edit in edits)]
    ends = [(edits[0].spans, edits[-1].spans) for edits, _ in changed]
    sides_a = [stated_at(stated.a, Span(first.a.start, last.a.end)) for first, last in ends]
    sides_b = [stated_at(stated.b, Span(first.b.start, last.b.end)) for first, last in ends]
    cases: list[_Case] = []
    for (edits, moves), row in zip(changed, map(Pair, sides_a, sides_b), strict=True):
        scopes, moved = changed_scopes(row, edits), {index for move in moves for index in move}
        cases += [_Case(row, edit.spans, scopes, index in moved) for index, edit in enumerate(edits) if edit.tag != "equal"]
    typed = iter(_typed(cases, vocabulary(articles.b.source.language)))
    return [tuple([None if edit.tag == "equal" else next(typed) for edit in edits]) for edits, _ in rows]


# ------------------------------------------------------------------ edits


class _Case(NamedTuple):
    """An edit that is not equal, in its row."""

    row: Pair[Passage]
    spans: Pair[Span]
    scopes: Scopes
    is_moved: bool


def _typed(cases: Sequence[_Case], lists: Vocabulary) -> list[Typed]:
    """The kinds of each edit, in the order of the module's docstring, and the details that say something."""
    said = [(row.a.said(spans.a), row.b.said(spans.b)) for row, spans, _, _ in cases]
    forms = [_form(case, *words, lists) for case, words in zip(cases, said, strict=True)]
    left = [index for index, (form, quoted) in enumerate(forms) if not form or quoted is not None]
    wholes = {index: _whole_sentences(cases[index].row, cases[index].spans) for index in left}
    fresh = {index: Pair(_fresh(said[index][0], cases[index].row.b), _fresh(said[index][1], cases[index].row.a)) for index in left}
    edits = {
        index: Edited(row, spans, Pair(row.a.touched(spans.a), row.b.touched(spans.b)), fresh[index])
        for index, (row, spans, _, is_moved) in enumerate(cases)
        if index in fresh and not is_moved
    }
    facts = _changed_facts(edits, cases, wholes, lists)
    return [
        _composed(facts.get(index), quoted, wholes[index], _extent(*said[index], fresh[index], lists))
        if index in fresh
        else Typed(form)
        for index, (form, quoted) in enumerate(forms)
    ]


def _form(
    case: _Case, said_a: Sequence[str], said_b: Sequence[str], lists: Vocabulary
) -> tuple[tuple[ChangeKind, ...], str | None]:
    """The kinds of form that both sides differ in, if they differ in nothing else; and how the edit changes a quotation."""
    row, ((start_a, end_a), (start_b, end_b)), _, _ = case
    a, b = row.a.text[start_a:end_a], row.b.text[start_b:end_b]
    form = form_kinds(a, b, said_a, said_b, lists)
    is_one_sided = not a or not b or a.isspace() or b.isspace()
    return form, quotation_change(row, case.spans) if is_one_sided or form != _TYPOGRAPHIC else None


def _composed(facts: dict[ChangeKind, str] | None, quoted: str | None, whole: ChangeKind | None, extent: ChangeKind) -> Typed:
    """The kinds of an edit in order. `facts`: those it changes with their details, or None if it has moved."""
    kinds: list[ChangeKind] = [*(facts or ())] if quoted is None else ["quotation", *(facts or ())]
    if facts is None:
        kinds.append("moved")
    elif whole:
        kinds.insert(0, whole)
    elif extent != "wording" or not kinds:
        kinds.append(extent)
    details = "; ".join(dict.fromkeys(filter(None, facts.values()))) if facts else ""
    return Typed(tuple(kinds), details or quoted or "")


def _changed_facts(
    edits: Mapping[int, Edited], cases: Sequence[_Case], wholes: Mapping[int, ChangeKind | None], lists: Vocabulary
) -> dict[int, dict[ChangeKind, str]]:
    """The kinds of fact that each edit changes, with their details.

    A whole sentence that comes or goes is neither surer nor denied.
    """
    found: dict[int, dict[ChangeKind, str]] = {index: {} for index in edits}

    def note(kind: ChangeKind, details: Iterable[tuple[int, str | None]]) -> None:
        for index, detail in details:
            if detail is not None:
                found[index][kind] = detail

    def having(kind: ChangeKind) -> list[tuple[int, Edited]]:
        return [(index, edit) for index, edit in edits.items() if kind in edit.facts.a or kind in edit.facts.b]

    note("number", [(index, number_change(edit)) for index, edit in having("number")])
    note("date", [(index, date_change(edit)) for index, edit in having("date")])
    note("negation", [(index, negation_change(edit, lists)) for index, edit in edits.items() if not wholes[index]])
    speakers = [
        (index, attribution_change(edit) or cases[index].scopes.at(edit.row, edit.spans)) for index, edit in having("attribution")
    ]
    note("attribution", speakers)
    note("certainty", [(index, certainty_change(edit)) for index, edit in having("certainty") if not wholes[index]])
    note("name", [(index, name_change(edit)) for index, edit in having("name")])
    return found


def _whole_sentences(row: Pair[Passage], spans: Pair[Span]) -> ChangeKind | None:
    """`omission` or `addition` if the edit takes away or adds a whole sentence, and leaves nothing in its place."""
    (start_a, end_a), (start_b, end_b) = spans
    if (start_b == end_b or row.b.text[start_b:end_b].isspace()) and _holds_a_sentence(row.a, spans.a):
        return "omission"
    is_addition = (start_a == end_a or row.a.text[start_a:end_a].isspace()) and _holds_a_sentence(row.b, spans.b)
    return "addition" if is_addition else None


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


def _extent(said_a: Sequence[str], said_b: Sequence[str], fresh: Pair[list[str]], lists: Vocabulary) -> ChangeKind:
    """`omission` or `addition` if only one side has words, and one that says something and stands nowhere on the other side."""
    others, kind = (said_b, _OMISSION) if fresh.a else (said_a, _ADDITION)
    return "wording" if any(map(_is_word, others)) or lists.plain_capitals.issuperset(fresh.a or fresh.b) else kind


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
    for typed in _typed([_Case(row, spans, Scopes(()), is_moved=False) for spans in changed], lists):
        kinds.update(typed.kinds)
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
