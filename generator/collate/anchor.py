"""Where notes stand: selectors found in the two texts of a pair, exactly or not at all.

In: annotations and a pair of articles. Out: one `Placement` for each annotation that speaks of either witness, and
diagnostics. A quotation is matched on the fold (quotation marks, dashes, ellipses and white space straightened; case
kept), must be unique unless the selector says which match it means, and never cuts a word, a number or a character.

    The troops he sent to ⟦Kursk⟧ …       quote: Kursk
    ⟦⟧The troops he sent to Kursk …       before: The troops

What is not found is an `Orphan` with the passage nearest to it, which is shown and never taken for a match: a note must
not point at the wrong words. Deliberately not here: approximate matches accepted under the guard of a lock file.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from generator.collate.nearest import Index, indexed, nearest_passage
from generator.collate.passages import Text, needle_in, places_of, raw_span, ready, splits_character, trimmed
from generator.errors import Diagnostic, Severity, error
from generator.model import Anchor, Annotation, Article, Orphan, Pair, Placement, Selector, Span

CONTEXT_LENGTH = 28
"""Characters shown on each side of a match in a message."""

QUOTED_LENGTH = 90
"""Characters of a quotation shown in a message."""


class _Fault(NamedTuple):
    """Why a selector has no place. `sought` is the quotation whose nearest passage would help, if any, `key` what names it."""

    severity: Severity
    reason: str
    message: str
    hint: str = ""
    sought: str = ""
    key: str = "quote"


_Outcome = tuple[Span, ...] | _Fault


def anchor(annotations: tuple[Annotation, ...], articles: Pair[Article]) -> tuple[tuple[Placement, ...], tuple[Diagnostic, ...]]:
    """The place of every annotation that has selectors for a witness of the pair, in the order given.

    Laws: each such annotation yields one placement, and each of its selectors there one or more anchors or one orphan;
    an anchored text folds to the selector's quotation; an anchor neither starts nor ends on white space, nor inside a
    word, a number or a character. Quotations in evidence are checked too, and only reported.
    """
    names = articles.map(lambda article: article.source.name)
    relevant = tuple(note for note in annotations if note.selectors(names.a) or note.selectors(names.b))
    if not relevant:
        return (), ()
    sides = articles.map(lambda article: _side(relevant, article))
    placements = tuple(
        Placement(note, Pair(a.anchors, b.anchors), Pair(a.orphans, b.orphans))
        for note, a, b in zip(relevant, sides.a.notes, sides.b.notes, strict=True)
    )
    return placements, (*sides.a.diagnostics, *sides.b.diagnostics)


def allot(
    annotations: Sequence[Annotation], pairs: Sequence[Pair[str]]
) -> tuple[tuple[tuple[Annotation, ...], ...], tuple[Diagnostic, ...]]:
    """The annotations that belong to each of a story's pairs of witness names, for `anchor` to place.

    A note belongs to the pairs that hold most of the witnesses it names: one that compares the first version with the
    second would say something untrue beside the third. A note that no pair has a place for is an error.
    """
    chosen: list[list[Annotation]] = [[] for _ in pairs]
    diagnostics: list[Diagnostic] = []
    for note in annotations:
        named = {name for name, selectors in note.targets if selectors}
        counts = [(pair.a in named) + (pair.b in named) for pair in pairs]
        most = max(counts, default=0)
        if most:
            for notes, count in zip(chosen, counts, strict=True):
                if count == most:
                    notes.append(note)
        else:
            hint = f"compared are: {', '.join(f'{pair.a} with {pair.b}' for pair in pairs)}"
            diagnostics.append(error(note.where, f'note "{note.id}" points at no witness that is compared', hint))
    return tuple(map(tuple, chosen)), tuple(diagnostics)


# ------------------------------------------------------------------ one witness


class _Found(NamedTuple):
    """What one annotation has in one witness."""

    anchors: tuple[Anchor, ...]
    orphans: tuple[Orphan, ...]
    diagnostics: tuple[Diagnostic, ...]


class _Side(NamedTuple):
    """What all annotations have in one witness, in their order, and every diagnostic about it."""

    notes: tuple[_Found, ...]
    diagnostics: tuple[Diagnostic, ...]


def _side(annotations: Sequence[Annotation], article: Article) -> _Side:
    """Every annotation's selectors for one witness, found or explained; those of its evidence only explained."""
    text = ready(article)
    name = article.source.name
    wanted = [note.selectors(name) for note in annotations]
    cited = [selector for note in annotations for item in note.evidence for witness, selector in item.quotes if witness == name]
    outcomes = [[(selector, _find(selector, text)) for selector in selectors] for selectors in (*wanted, cited)]
    faulty = any(isinstance(outcome, _Fault) for found in outcomes for _, outcome in found)
    index = indexed(article) if faulty else Index((), {})
    *notes, evidence = (_found(found, text, index) for found in outcomes)
    return _Side(tuple(notes), tuple(diagnostic for found in (*notes, evidence) for diagnostic in found.diagnostics))


def _found(outcomes: Sequence[tuple[Selector, _Outcome]], text: Text, index: Index) -> _Found:
    """The outcomes of one annotation's selectors, parted into anchors and orphans."""
    anchors: list[Anchor] = []
    orphans: list[Orphan] = []
    diagnostics: list[Diagnostic] = []
    for selector, outcome in outcomes:
        if isinstance(outcome, _Fault):
            orphan, diagnostic = _explained(selector, outcome, text, index)
            orphans.append(orphan)
            diagnostics.append(diagnostic)
        else:
            anchors += [Anchor(span, selector) for span in outcome]
    return _Found(tuple(anchors), tuple(orphans), tuple(diagnostics))


def _find(selector: Selector, text: Text) -> _Outcome:
    """The spans that a selector chooses in one witness, or why it chooses none."""
    outcome = _find_quote(selector, text) if selector.position is None else _find_position(selector.position, text)
    if not selector.gap or isinstance(outcome, _Fault):
        return outcome
    return tuple(Span(span.start, span.start) if selector.gap == "before" else Span(span.end, span.end) for span in outcome)


def _find_position(position: Span, text: Text) -> _Outcome:
    """A span given in code points, trimmed of white space, if it lies in the text and cuts no character."""
    raw = text.article.text
    if not 0 <= position.start <= position.end <= len(raw):
        message = f'{position.start} to {position.end} is no place in "{_name(text)}", which has {len(raw)} characters'
        return _Fault("error", "outside the text", message, "positions are code points from 0; a quotation is safer")
    span = trimmed(raw, position)
    if position.start < position.end and span.start == span.end:
        message = f'{position.start} to {position.end} of "{_name(text)}" is nothing but white space'
        return _Fault("error", "nothing but white space", message, "point at words, or at a gap with before or after")
    if splits_character(raw, span.start) or splits_character(raw, span.end):
        message = f'{position.start} to {position.end} of "{_name(text)}" cuts a character in two'
        return _Fault("error", "cuts a character in two", message, "a quotation is safer")
    return (span,)


def _find_quote(selector: Selector, text: Text) -> _Outcome:
    """The spans of the matches that a quotation and what narrows it choose."""
    needle = needle_in(text, selector.quote)
    if not needle:
        return _Fault("error", "empty quotation", f'an empty quotation stands nowhere in "{_name(text)}"')
    scope = _scope(selector, text) if selector.within else text.whole
    if isinstance(scope, _Fault):
        return scope
    places = places_of(text, needle, scope)
    if len(places) != 1 or selector.nth or selector.prefix or selector.suffix:
        chosen = _chosen(selector, text, places, len(needle)) if places else _missing(selector, text, needle, scope)
        if isinstance(chosen, _Fault):
            return chosen
        places = chosen
    return tuple([raw_span(text, place, place + len(needle)) for place in places])


def _chosen(selector: Selector, text: Text, places: list[int], length: int) -> list[int] | _Fault:
    """The matches that a selector chooses among those of its quotation, which are `length` long."""
    places = _beside(text, places, length, needle_in(text, selector.prefix), needle_in(text, selector.suffix))
    if not places:
        return _but(selector, text, "not next to its prefix or suffix")
    if selector.nth > len(places):
        message = f'match {selector.nth} of {_quoted(selector.quote)} is asked for, but "{_name(text)}" has {len(places)}'
        return _Fault("error", f"there is no match {selector.nth}, only {len(places)}", message, f"nth: 1 to {len(places)}")
    if selector.nth:
        return places[selector.nth - 1 : selector.nth]
    return places if selector.every or len(places) == 1 else _ambiguous(selector.quote, text, places, length)


def _scope(selector: Selector, text: Text) -> Span | _Fault:
    """The part of the fold that `within` narrows the search to."""
    needle = needle_in(text, selector.within)
    places = places_of(text, needle, text.whole) if needle else []
    if len(places) == 1:
        return Span(places[0], places[0] + len(needle))
    if places:
        return _ambiguous(selector.within, text, places, len(needle))
    message = f'within: {_quoted(selector.within)} not found in "{_name(text)}"'
    return _Fault("warning", "the passage it should stand within is not found", message, sought=selector.within, key="within")


def _beside(text: Text, places: list[int], length: int, prefix: str, suffix: str) -> list[int]:
    """The places that follow `prefix` and precede `suffix`, with or without a space between."""
    fold = text.fold
    if prefix:
        places = [at for at in places if fold.endswith((prefix, prefix + " "), 0, at)]
    if suffix:
        places = [at for at in places if fold.startswith((suffix, " " + suffix), at + length)]
    return places


# ------------------------------------------------------------------ faults


def _missing(selector: Selector, text: Text, needle: str, scope: Span) -> _Fault:
    """Why a quotation has no match, as far as its characters being there says it."""
    if text.fold.find(needle, scope.start, scope.end) >= 0:
        return _but(selector, text, "only inside a longer word, number or character")
    if needle in text.fold:
        return _but(selector, text, "not within the passage named")
    message = f'{_quoted(selector.quote)} not found in "{_name(text)}"'
    return _Fault("warning", "not found", message, sought=selector.quote, key=selector.gap or "quote")


def _but(selector: Selector, text: Text, reason: str) -> _Fault:
    """The fault of a quotation that is there, but not so as the selector asks for it."""
    message = f'{_quoted(selector.quote)} found in "{_name(text)}", but {reason}'
    return _Fault("warning", reason, message, sought=selector.quote, key=selector.gap or "quote")


def _ambiguous(quote: str, text: Text, places: Sequence[int], length: int) -> _Fault:
    """The fault of a quotation that matches more than once: the first two places, and how to choose."""
    shown = "; ".join(_in_context(text, place, length) for place in places[:2])
    more = f"; and {len(places) - 2} more" if len(places) > 2 else ""
    return _Fault(
        "error",
        f"found {len(places)} times",
        f'{_quoted(quote)} stands {len(places)} times in "{_name(text)}": {shown}{more}',
        "quote more words, or choose with {quote: …, nth: 1}; prefix, suffix and within narrow it, all: true takes each",
    )


def _in_context(text: Text, place: int, length: int) -> str:
    """A match with its paragraph and a few words around it, on one line."""
    before = text.fold[max(0, place - CONTEXT_LENGTH) : place]
    after = text.fold[place + length : place + length + CONTEXT_LENGTH]
    if place > CONTEXT_LENGTH:
        before = "…" + before.partition(" ")[2]
    if place + length + CONTEXT_LENGTH < len(text.fold):
        after = after.rpartition(" ")[0] + "…"
    match = _clipped(text.fold[place : place + length])
    return f'paragraph {_paragraph(text, text.starts[place])} "{before.lstrip()}[{match}]{after.rstrip()}"'


def _explained(selector: Selector, fault: _Fault, text: Text, index: Index) -> tuple[Orphan, Diagnostic]:
    """A selector without a place, as the page shows it and as the writer reads it."""
    nearest = nearest_passage(fault.sought, text, index) if fault.sought else None
    if nearest is None:
        return Orphan(selector, fault.reason, "", 0.0), Diagnostic(fault.severity, selector.where, fault.message, fault.hint)
    passage = " ".join(nearest.span.of(text.article.text).split())
    paragraph = _paragraph(text, nearest.span.start)
    message = f"{fault.message}; nearest ({nearest.score:.2f}), paragraph {paragraph}: {_quoted(passage)}"
    hint = f"if that is meant: {_pasteable(fault.key, nearest.span, text)}"
    orphan = Orphan(selector, fault.reason, passage, nearest.score)
    return orphan, Diagnostic(fault.severity, selector.where, message, hint)


def _pasteable(key: str, span: Span, text: Text) -> str:
    """What to write in the sidecar to select `span` and nothing else; after `within`, which knows no `nth`, as far as words can."""
    passage = " ".join(span.of(text.article.text).split())
    if key == "within":
        return f"within: {_yaml(passage)}"
    needle = needle_in(text, passage)
    spans = [raw_span(text, place, place + len(needle)) for place in places_of(text, needle, text.whole)]
    nth = f", nth: {bisect_right([found.start for found in spans], span.start)}" if len(spans) > 1 else ""
    if key == "quote" and not nth:
        return f"{_name(text)}: {_yaml(passage)}"
    return f"{_name(text)}: {{{key}: {_yaml(passage)}{nth}}}"


def _name(text: Text) -> str:
    return text.article.source.name


def _paragraph(text: Text, position: int) -> int:
    """The number, from 1, of the block at a position."""
    return max(1, bisect_right([block.span.start for block in text.article.blocks], position))


def _yaml(quote: str) -> str:
    """A quotation as a double-quoted scalar, which YAML shares with JSON."""
    return json.dumps(quote, ensure_ascii=False)


def _quoted(quote: str) -> str:
    """A quotation in a message: on one line, and not too long."""
    return f'"{_clipped(" ".join(quote.split()))}"'


def _clipped(quote: str) -> str:
    return quote if len(quote) <= QUOTED_LENGTH else quote[: QUOTED_LENGTH - 1].rstrip() + "…"
