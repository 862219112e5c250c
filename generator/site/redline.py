r"""A pair as one text with its changes marked: CriticMarkup, and Markdown with deletions struck through and insertions bold.

In: a comparison. Out: Markdown text. Rows stand apart by a blank line. Characters of the texts that would be markup get a
backslash, so that nothing in an article can mark anything. Notes follow the words they are about: as comments in
CriticMarkup, as footnotes in Markdown.

    {~~12,000~>15,000~~} troops{>>First wave: …<<}          ~~12,000~~**15,000** troops[^first-wave]

Laws: in CriticMarkup, without comments and backslashes, insertions dropped give A and deletions dropped give B, row by row and
code point for code point. In Markdown the same holds up to white space, which cannot be marked there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from generator.model import Annotation, Change, Comparison, Placement, Row

CRITIC = "redline.critic.md"
MARKDOWN = "redline.md"

_MARKUP = re.compile(r"[\\`*_{}\[\]<>~|^]|&(?=#?\w+;)|(?:^|(?<=\n))[ \t]*(?:[#+=-]|\d+(?=[.)]))", re.MULTILINE)
_NOTE_MARKUP = re.compile(r"[{}]|(?<=<)<|(?<=>)>")
_BREAK = re.compile(r"\s*\n\s*")
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)

WORD_JOINER = "\u2060"
"""Invisible, and no punctuation: between a word and marked punctuation it lets Markdown see the mark ("cat**,**" marks nothing)."""

_Kind = Literal["equal", "delete", "insert", "note"]


class _Piece(NamedTuple):
    """A stretch of the redline: text of both sides or of one, or a note, by its id."""

    kind: _Kind
    text: str
