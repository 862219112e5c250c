"""The passages that a selector chooses in a text, exactly or not at all.

In: a selector, and a text made ready. Out: the spans of the quotation it chooses (beside a gap too), or a `Fault` that says
why there are none. A quotation is matched on the fold (quotation marks, dashes, ellipses and white space straightened;
case kept), must be unique unless the selector says which match it means, and never cuts a word, a number or a character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from generator.collate.anchor.passages import Text, is_cut, needle_in, places_of, raw_span, splits_character, trimmed, whole_places
from generator.errors import Severity
from generator.model import Selector, Span

CONTEXT_LENGTH = 28
"""Characters shown on each side of a match in a message."""

QUOTED_LENGTH = 90
"""Characters of a quotation shown in a message."""


class Fault(NamedTuple):
    """Why a selector has no place. `sought` is the quotation whose nearest passage would help, if any, `key` what names it."""

    severity: Severity
    reason: str
    message: str
    hint: str = ""
    sought: str = ""
    key: str = "quote"


Outcome = tuple[Span, ...] | Fault


def find(selector: Selector, text: Text) -> Outcome:
    """The spans that a selector chooses in one witness, beside its gap if it means one; or why it chooses none."""
    if selector.position is not None:
        return _find_position(selector.position, text)
    if not (selector.within or selector.nth or selector.prefix or selector.suffix):
        span = _only_match(selector.quote, text)
        if span is not None:
            return (span,)
    return _find_quote(selector, text)


def _only_match(quote: str, text: Text) -> Span | None:
    """The place of a quotation that is folded already and stands in the text once: what nearly all of them do."""
    if not quote or quote[0] == " " or quote[-1] == " ":
        return None
    places = whole_places(text, quote)
    if len(places) != 1:
        return None
    start, end = places[0], places[0] + len(quote)
    return None if is_cut(text, start) or is_cut(text, end) else Span(text.starts[start], text.starts[end])


def _find_position(position: Span, text: Text) -> Outcome:
    """A span given in code points, trimmed of white space, if it lies in the text and cuts no character."""
    raw = text.article.text
    if not 0 <= position.start <= position.end <= len(raw):
        message = f'{position.start} to {position.end} is no place in "{name_of(text)}", which has {len(raw)} characters'
        return Fault("error", "outside the text", message, "positions are code points from 0; a quotation is safer")
    span = trimmed(raw, position)
    if position.start < position.end and span.start == span.end:
        message = f'{position.start} to {position.end} of "{name_of(text)}" is nothing but white space'
        return Fault("error", "nothing but white space", message, "point at words, or at a gap with before or after")
    if splits_character(raw, span.start) or splits_character(raw, span.end):
        message = f'{position.start} to {position.end} of "{name_of(text)}" cuts a character in two'
        return Fault("error", "cuts a character in two", message, "a quotation is safer")
    return (span,)


def _find_quote(selector: Selector, text: Text) -> Outcome:
    """The spans of the matches that a quotation and what narrows it choose."""
    needle = needle_in(text, selector.quote)
    if not needle:
        return Fault("error", "empty quotation", f'an empty quotation stands nowhere in "{name_of(text)}"')
    scope = _scope(selector, text) if selector.within else text.whole
    if isinstance(scope, Fault):
        return scope
    places = places_of(text, needle, scope)
    if len(places) != 1 or selector.nth or selector.prefix or selector.suffix:
        chosen = _chosen(selector, text, places, len(needle)) if places else _missing(selector, text, needle, scope)
        if isinstance(chosen, Fault):
            return chosen
        places = chosen
    return tuple([raw_span(text, place, place + len(needle)) for place in places])


def _chosen(selector: Selector, text: Text, places: list[int], length: int) -> list[int] | Fault:
    """The matches that a selector chooses among those of its quotation, which are `length` long."""
    places = _beside(text, places, length, needle_in(text, selector.prefix), needle_in(text, selector.suffix))
    if not places:
        return _but(selector, text, "not next to its prefix or suffix")
    if selector.nth > len(places):
        message = f'match {selector.nth} of {quoted(selector.quote)} is asked for, but "{name_of(text)}" has {len(places)}'
        return Fault("error", f"there is no match {selector.nth}, only {len(places)}", message, f"nth: 1 to {len(places)}")
    if selector.nth:
        return places[selector.nth - 1 : selector.nth]
    return places if selector.every or len(places) == 1 else _ambiguous(selector.quote, text, places, length)


def _scope(selector: Selector, text: Text) -> Span | Fault:
    """The part of the fold that `within` narrows the search to."""
    needle = needle_in(text, selector.within)
    places = places_of(text, needle, text.whole) if needle else []
    if len(places) == 1:
        return Span(places[0], places[0] + len(needle))
    if places:
        return _ambiguous(selector.within, text, places, len(needle))
    message = f'within: {quoted(selector.within)} not found in "{name_of(text)}"'
    return Fault("warning", "the passage it should stand within is not found", message, sought=selector.within, key="within")


def _beside(text: Text, places: list[int], length: int, prefix: str, suffix: str) -> list[int]:
    """The places that follow `prefix` and precede `suffix`, with or without a space between."""
    fold = text.fold
    if prefix:
        places = [at for at in places if fold.endswith((prefix, prefix + " "), 0, at)]
    if suffix:
        places = [at for at in places if fold.startswith((suffix, " " + suffix), at + length)]
    return places


# ------------------------------------------------------------------ faults


def _missing(selector: Selector, text: Text, needle: str, scope: Span) -> Fault:
    """Why a quotation has no match, as far as its characters being there says it."""
    if text.fold.find(needle, scope.start, scope.end) >= 0:
        return _but(selector, text, "only inside a longer word, number or character")
    if needle in text.fold:
        return _but(selector, text, "not within the passage named")
    message = f'{quoted(selector.quote)} not found in "{name_of(text)}"'
    return Fault("warning", "not found", message, sought=selector.quote, key=selector.gap or "quote")


def _but(selector: Selector, text: Text, reason: str) -> Fault:
    """The fault of a quotation that is there, but not so as the selector asks for it."""
    message = f'{quoted(selector.quote)} found in "{name_of(text)}", but {reason}'
    return Fault("warning", reason, message, sought=selector.quote, key=selector.gap or "quote")


def _ambiguous(quote: str, text: Text, places: Sequence[int], length: int) -> Fault:
    """The fault of a quotation that matches more than once: the first two places, and how to choose."""
    shown = "; ".join(_in_context(text, place, length) for place in places[:2])
    more = f"; and {len(places) - 2} more" if len(places) > 2 else ""
    return Fault(
        "error",
        f"found {len(places)} times",
        f'{quoted(quote)} stands {len(places)} times in "{name_of(text)}": {shown}{more}',
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
    return f'paragraph {paragraph_of(text, text.starts[place])} "{before.lstrip()}[{match}]{after.rstrip()}"'


# ------------------------------------------------------------------ words of a message


def name_of(text: Text) -> str:
    """The name of the witness."""
    return text.article.source.name


def paragraph_of(text: Text, position: int) -> int:
    """The number, from 1, of the block at a position."""
    return max(1, bisect_right([block.span.start for block in text.article.blocks], position))


def quoted(quote: str) -> str:
    """A quotation in a message: on one line, and not too long."""
    return f'"{_clipped(" ".join(quote.split()))}"'


def _clipped(quote: str) -> str:
    return quote if len(quote) <= QUOTED_LENGTH else quote[: QUOTED_LENGTH - 1].rstrip() + "…"
