"""What a change says in a line: "12,000 → 15,000", short, with a dash for nothing.

In: texts and facts. Out: text for a page or a terminal. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.collate.classify.statements import Passage
from generator.collate.classify.vocabulary import Fact

MAX_DETAIL_LENGTH = 120
"""Code points of a detail that quotes both sides of an edit; of a longer one only the words that matter are quoted. From 60
to 200."""
MAX_PAIRS = 3
"""Facts that a detail names; of more, the first ones. From 2 to 5."""
NOTHING = "–"
"""Stands in a detail for the side that has nothing."""


def text_of(side: Passage, fact: Fact | None) -> str:
    """The words of a fact; empty if there is none."""
    return side.text[fact.start : fact.end] if fact else ""


def texts_of(side: Passage, facts: Sequence[Fact]) -> str:
    """The words of the facts, in one line."""
    return ", ".join(each_text_of(side, facts))


def each_text_of(side: Passage, facts: Sequence[Fact]) -> list[str]:
    """The words of each fact."""
    return [text_of(side, fact) for fact in facts]


def listed(details: Iterable[str]) -> str:
    """The details in one line, each once; of many, the first ones and an ellipsis."""
    listed = list(dict.fromkeys(filter(None, details)))
    return "; ".join(listed if len(listed) <= MAX_PAIRS else [*listed[:MAX_PAIRS], "…"])


def became(a: str, b: str) -> str:
    """What became what, `a → b`, with a dash for nothing; empty if it would be long."""
    detail = f"{' '.join(a.split()) or NOTHING} → {' '.join(b.split()) or NOTHING}"
    return detail if len(detail) <= MAX_DETAIL_LENGTH else ""
