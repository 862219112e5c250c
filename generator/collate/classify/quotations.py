"""Quotations of a text: what stands between quotation marks, of any style and language.

In: the text of a block. Out: a `Quotation` for each, with its words folded, so that two that differ in typography only are
equal. A mark that is not closed runs to the end of the block if it opens it (newspapers repeat the opening mark with each
paragraph), and is an inch or an apostrophe otherwise. It does not say who is quoted.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.model import Span

APOSTROPHES = 20
"""Apostrophes before a letter inside a quotation between straight single marks. More: in "'a 'a 'a …" as many are read again for
each mark; fewer: a long quotation of somebody who says 'em is not seen. From 10 to 100."""

_QUOTATION = re.compile(
    rf"""(?=["“”„«»「『‘'])(?:  # fails fast where no mark stands: a third of the time
      (?<![^\W_])"(?=\S)(?P<straight>[^"]+)(?:"|\Z)
    | “(?P<curly>[^“”„]+)(?:[”“]|\Z)
    | „(?P<low>[^„“”"]+)["“”]
    | «(?P<angle>[^«»]+)» | »(?P<inward>[^«»]+)«
    | 「(?P<corner>[^「」]+)」 | 『(?P<double>[^『』]+)』
    | ”(?=\w)(?P<closing>[^”“]+)”
    | (?<![\w'’])‘(?=\w)(?P<single>(?:[^‘’\n]|’(?=\w))+)’(?!\w)
    | (?<![\w'’])'(?=\w)(?!\d\ds?\b)(?P<apostrophe>[^'\n]*+(?:'(?=\w)[^'\n]*+){{0,{APOSTROPHES}}})'(?!\w)
    )""",
    re.VERBOSE,
)
_ANY_MARK = re.compile(r"[\"“”„«»「」『』‘'’]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Quotation(NamedTuple):
    """A quotation: `outer` with its marks, `inner` without, in code points; `words` folded, which decide whether it is intact."""

    outer: Span
    inner: Span
    words: tuple[str, ...]


def quotations(text: str, start: int, end: int) -> tuple[Quotation, ...]:
    """The quotations of `text[start:end]` (one block), in order, none overlapping; spans count from the start of `text`."""
    if not _ANY_MARK.search(text, start, end):
        return ()
    found = []
    for match in _QUOTATION.finditer(text, start, end):
        inner = Span(*match.span(match.lastgroup or 0))
        is_closed = match.end() > inner.end
        words = tuple([word.replace("’", "'").lower() for word in _WORD.findall(text, *inner)])
        if words and (is_closed or match.start() == start):
            found.append(Quotation(Span(*match.span()), inner, words))
    return tuple(found)
