"""Edits drawn in a line of text: ⟦what a has|what b has⟧, with » before ⟧ at the end of a move that is left, « at the one that
is reached.

    The ⟦old|new⟧ cat sat.     a "The old cat sat."     b "The new cat sat."
"""

from __future__ import annotations

import re

from generator.model import Edit, Pair, Span, Tag

NOTHING = Pair("", "")

_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")


def edits_of(picture: str, before: Pair[str] = NOTHING) -> tuple[Pair[str], tuple[Edit, ...], tuple[tuple[int, int], ...]]:
    """Both texts of a picture, with `before` in front of them, its edits, and its moves."""
    texts = [before.a, before.b]
    edits: list[Edit] = []
    ends: dict[str, int] = {}

    def add(a: str, b: str, tag: Tag) -> None:
        starts = [len(text) for text in texts]
        texts[0] += a
        texts[1] += b
        edits.append(Edit(tag, Pair(Span(starts[0], len(texts[0])), Span(starts[1], len(texts[1])))))

    position = 0
    for match in _MARK.finditer(picture):
        if match.start() > position:
            add(picture[position : match.start()], picture[position : match.start()], "equal")
        ends |= {mark: len(edits) for mark in "»«" if mark in match[0]}
        a, b = (side.rstrip("»«") for side in match.groups())
        add(a, b, "delete" if not b else "insert" if not a else "replace")
        position = match.end()
    if position < len(picture):
        add(picture[position:], picture[position:], "equal")
    moves = ((ends["»"], ends["«"]),) if ends else ()
    return Pair(*texts), tuple(edits), moves
