"""Parts of Web Annotations as they stand in JSON: selectors, addresses, lists that may be single values.

In: plain data of any shape. Out: what of it has the shape that it should have; the rest is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model import Source, Span


def texts(value: Any) -> list[str]:
    """A text or a list of them, as a list."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def selectors(selector: Any, kind: str) -> Iterator[dict[str, Any]]:
    """The selectors of one kind: alone, in a list, or refining another one."""
    for each in selector if isinstance(selector, list) else [selector]:
        if isinstance(each, dict):
            if each.get("type") == kind:
                yield each
            if "refinedBy" in each:
                yield from selectors(each["refinedBy"], kind)


def quote_of(selector: Any) -> dict[str, Any] | None:
    """The first selector by words."""
    return next((each for each in selectors(selector, "TextQuoteSelector") if isinstance(each.get("exact"), str)), None)


def position_of(selector: Any) -> Span | None:
    """The first place that is one: not inside another selection, not negative, not backwards."""
    for each in selector if isinstance(selector, list) else [selector]:
        if isinstance(each, dict) and each.get("type") == "TextPositionSelector":
            start, end = each.get("start"), each.get("end")
            if type(start) is int and type(end) is int and 0 <= start <= end:
                return Span(start, end)
    return None


def text_in(selector: dict[str, Any] | None, key: str) -> str:
    """A text of a selector; empty if it has none."""
    value = selector.get(key) if selector else None
    return value if isinstance(value, str) else ""


def consume(resource: dict[str, Any], quote: dict[str, Any] | None, position: Span | None) -> None:
    """Take out the selectors that were understood: the quotation, and the place if it says the same."""
    if quote is not None:
        for key in ("type", "exact", "prefix", "suffix"):
            if isinstance(quote.get(key), str):
                del quote[key]
    if position is not None:
        for each in selectors(resource.get("selector"), "TextPositionSelector"):
            if (each.get("start"), each.get("end")) == position:
                for key in ("type", "start", "end"):
                    del each[key]
                break


def same_page(address: str, source: Source) -> bool:
    """Whether an address is the one that a witness was published at or is archived at, whatever its scheme and fragment."""
    return any(known and _bare(known) == _bare(address) for known in (source.url, source.archived))


def _bare(address: str) -> str:
    return address.partition("#")[0].partition("://")[2].rstrip("/")
