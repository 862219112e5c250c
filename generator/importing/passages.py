"""Finds the passage that a foreign selector means, and says how a sidecar selects it.

In: a witness made ready for searching, and what a Web Annotation says of the passage: its words, what stands before and after
them, its place. Out: a span, or none; and for a span the shortest selector that finds it and nothing else. Words are matched
exactly on the fold; of several matches the one whose surroundings agree best is taken, and none where two agree equally.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from generator.collate.anchor.passages import Text, folded_quote, places_of, raw_span, trimmed
from generator.model import Span

GAP_WORDS = 4
"""Words of a neighbouring passage that say where a gap is; more are taken where these stand twice."""

GAP_WORDS_MOST = 24
"""Past so many words a gap is given by counting matches."""

GAP_REACH = 400
"""Code points looked at on either side of a gap."""

CONTEXT = 200
"""Code points before and after a passage that are compared; the usual programs give 32. Each match is looked at with so much around
it, so that more would let a file from elsewhere take a day. From 32 to 2,000."""

Form: TypeAlias = str | dict[str, Any]
"""A selector as a sidecar has it."""


def find(text: Text, exact: str | None, prefix: str, suffix: str, position: Span | None) -> Span | None:
    """Where a passage is; a place counts only if the words there agree. Empty words are a gap; no words (None), the place alone."""
    raw = text.article.text
    prefix, suffix = prefix[-CONTEXT:], suffix[:CONTEXT]
    inside = position is not None and position.end <= len(raw)
    if position is not None and inside:
        if exact is None:
            return trimmed(raw, position)
        if folded_quote(position.of(raw)) == folded_quote(exact) and (exact or _agreement(text, position, prefix, suffix)):
            return trimmed(raw, position) if exact else position
    needle = folded_quote(exact or "")
    spans = [raw_span(text, place, place + len(needle)) for place in places_of(text, needle, text.whole)] if needle else []
    if len(spans) < 2:
        return spans[0] if spans else None
    scores = [_agreement(text, span, prefix, suffix) for span in spans]
    best = max(scores)
    return spans[scores.index(best)] if best and scores.count(best) == 1 else None


def _agreement(text: Text, span: Span, prefix: str, suffix: str) -> int:
    """How many of the two sides of a span read as they should; an empty side says nothing, and agrees in a gap."""
    raw = text.article.text
    before, after = folded_quote(prefix), folded_quote(suffix)
    is_gap = span.start == span.end
    reach = 4 * (len(prefix) + len(suffix) + 8)
    left = (bool(before) or is_gap) and folded_quote(raw[max(0, span.start - reach) : span.start]).endswith(before)
    right = (bool(after) or is_gap) and folded_quote(raw[span.end : span.end + reach]).startswith(after)
    return int(left and right) if is_gap else left + right


# ------------------------------------------------------------------ selectors for spans


def selecting(text: Text, span: Span) -> Form:
    """What to write in a sidecar for a span: a quotation if it is enough, which match of it, or the place."""
    if span.start == span.end:
        forms = (form for quote, gap in _neighbours(text.article.text, span.start) for form in _gap_forms(text, span, quote, gap))
        return next(forms, None) or {"start": span.start, "end": span.end}
    quote = " ".join(span.of(text.article.text).split())
    spans = _spans(text, quote)
    if spans == [span]:
        return quote
    return {"quote": quote, "nth": spans.index(span) + 1} if span in spans else {"start": span.start, "end": span.end}


def quoting(exact: str, prefix: str, suffix: str, position: Span | None) -> Form:
    """What to write for a passage that was not found: what its selector says."""
    if exact.strip():
        beside = {"prefix": prefix.strip(), "suffix": suffix.strip()}
        more = {key: value for key, value in beside.items() if value}
        return {"quote": exact.strip(), **more} if more else exact.strip()
    if suffix.strip():
        return {"before": suffix.strip()}
    if prefix.strip():
        return {"after": prefix.strip()}
    return {"start": position.start, "end": position.end} if position is not None else ""


def agrees(form: dict[str, Any], exact: str, span: Span | None, text: Text) -> bool:
    """Whether a sidecar's own selector says the same as the standard ones beside it, which another program may have changed."""
    if form.keys() == {"start", "end"}:
        return span is None or list(span) == [form["start"], form["end"]]
    for gap in ("before", "after"):
        quote = form.get(gap)
        if isinstance(quote, str):
            return not exact and (span is None or span in [_edge(each, gap) for each in _spans(text, quote)])
    quote = form.get("quote")
    return isinstance(quote, str) and folded_quote(quote) == folded_quote(exact)


def _spans(text: Text, quote: str) -> list[Span]:
    needle = folded_quote(quote)
    return [raw_span(text, place, place + len(needle)) for place in places_of(text, needle, text.whole)] if needle else []


def _edge(span: Span, gap: str) -> Span:
    return Span(span.start, span.start) if gap == "before" else Span(span.end, span.end)


def _neighbours(raw: str, offset: int) -> Iterator[tuple[str, str]]:
    """Quotations beside a gap, short ones first: of the words after it, and of those before it, each within its line."""
    after = raw[offset : offset + GAP_REACH].partition("\n")[0].split()
    before = raw[max(0, offset - GAP_REACH) : offset].rpartition("\n")[2].split()
    for count in range(GAP_WORDS, GAP_WORDS_MOST):
        if len(after) >= count or count == GAP_WORDS:
            yield " ".join(after[:count]), "before"
        if len(before) >= count or count == GAP_WORDS:
            yield " ".join(before[-count:]), "after"


def _gap_forms(text: Text, span: Span, quote: str, gap: str) -> Iterator[Form]:
    """The selectors of a gap by one quotation that find it and nothing else."""
    edges = [_edge(each, gap) for each in _spans(text, quote)]
    if edges == [span]:
        yield {gap: quote}
    elif span in edges and len(quote.split()) >= GAP_WORDS_MOST - 1:
        yield {gap: quote, "nth": edges.index(span) + 1}
