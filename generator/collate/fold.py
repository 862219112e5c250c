r"""Folds text to what it is compared on: typography is straightened, nothing else is touched.

In: any text. Out: `fold`, a string to compare tokens by; `fold_with_map`, the same with case kept, runs of white space made
one space, and the way back to the raw text, for anchoring. Nothing here cuts text into tokens, and no compatibility form is
applied: "½" stays "½", full-width letters stay wide.

    fold("“Kursk’s…”")                   '"kursk\'s..."'
    fold_with_map("a…  B").text          'a... B'
    fold_with_map("a…  B").starts        (0, 1, 1, 1, 2, 4, 5)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

DOUBLE_QUOTES = '"“”„‟״«»❝❞〝〞〟＂″״「」『』'
"""Quotation marks that fold to the straight double one."""

SINGLE_QUOTES = "'‘’‚‛‹›❛❜＇′‵ʼʻʹ׳`´"
"""Quotation marks and apostrophes that fold to the straight single one; two of these in a row fold to a double one."""

DASHES = "-־‐‑‒–—―−⁃﹘﹣－"
"""Hyphens, dashes and minus signs; a run of them folds to one hyphen."""

IGNORED = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
"""Invisible code points that fold to nothing: soft hyphen, zero-width space, direction marks, text and emoji presentation."""

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_STRAIGHT: dict[int, str] = {
    **dict.fromkeys(map(ord, DOUBLE_QUOTES), '"'),
    **dict.fromkeys(map(ord, SINGLE_QUOTES), "'"),
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, IGNORED), ""),
    **dict.fromkeys(map(ord, _SPACES), " "),
    ord("…"): "...",
    ord("⋯"): "...",
    ord("‥"): "..",
}

_RUNS = re.compile(r"--+|''")

_D, _S, _I = (re.escape(marks) for marks in (DASHES, SINGLE_QUOTES, IGNORED))
_OTHERS = re.escape("".join(map(chr, sorted(_STRAIGHT.keys() - set(map(ord, DASHES + SINGLE_QUOTES + IGNORED + _SPACES))))))
# Begins with one class, so that what folds to itself is passed over fast; an empty group says what was found.
_UNFOLDED = re.compile(
    rf"[\s{_D}{_S}{_I}{_OTHERS}](?:"
    rf"(?<=[^\S ])[\s{_I}]*()"  # 1: white space that is no plain space
    rf"|(?<= )(?:[\s{_I}]+|\Z)()"  # 2: a plain space before more of it, or at the end
    rf"|(?<=[{_D}])[{_D}{_I}]*()"  # 3: a run of dashes
    rf"|(?<=[{_S}])[{_I}]*[{_S}]()"  # 4: two apostrophes
    rf"|(?<=[{_S}{_I}{_OTHERS}]))"  # one code point for another, for three or for none
)
_PIECES = (None, " ", " ", "-", '"')


CHUNK = 2048
"""Longer texts are composed in stretches of this length, up to twice as long where no boundary is near: canonical ordering
is quadratic in a run of combining marks (50,000 of them: 3 s). Such a run is cut, and may stay uncomposed at the cut.
More: fewer joints; fewer: a bound that holds tighter. Sensible from 256 to 8192."""


CLUSTER = 8
"""How far back a character is looked at to tell whether it composes with what stands before it; a Hangul syllable takes two."""


class Folded(NamedTuple):
    """Folded text and its way back: folded character i comes from raw code point `starts[i]`.

    `starts` never decreases and has one entry more than `text`, the length of the raw text; so the folded range [i, j) is
    the raw range [starts[i], starts[j]).
    """

    text: str
    starts: tuple[int, ...]


def fold(text: str) -> str:
    """`text` in NFC and lower case with straight quotation marks, plain hyphens, `...`, and spaces that may break.

    Lower case is `str.lower`, not `str.casefold`, so that word lists can be written as people write: "straße". Law:
    `fold(fold(x)) == fold(x)`.
    """
    if not text.isascii():
        text = _nfc(_nfc(text).translate(_STRAIGHT))
    elif "`" in text:
        text = text.replace("`", "'")
    if "--" in text or "''" in text:
        text = _RUNS.sub(lambda run: "-" if run[0][0] == "-" else '"', text)
    return text.lower() if text.isascii() else _nfc(text.lower())


def fold_with_map(raw: str) -> Folded:
    """`raw` folded as `fold` does, but in its own case and with one space for a run of white space, and the way back."""
    starts: Sequence[int] = range(len(raw) + 1)
    text, starts = _composed(raw, starts)
    text, starts = _straightened(text, starts)
    text, starts = _composed(text, starts)
    return Folded(text, tuple(starts))


def _nfc(text: str) -> str:
    return "".join([unicodedata.normalize("NFC", chunk) for chunk in _chunks(text)])


def _is_nfc(text: str) -> bool:
    return all(unicodedata.is_normalized("NFC", chunk) for chunk in _chunks(text))


def _chunks(text: str) -> list[str]:
    """The text in stretches that can be composed on their own."""
    chunks = []
    start = 0
    while len(text) - start > CHUNK:
        last = min(start + 2 * CHUNK, len(text))
        cut = next((index for index in range(start + CHUNK, last) if _is_boundary(text[index - 1], text[index])), last)
        chunks.append(text[start:cut])
        start = cut
    return [*chunks, text[start:]]


def _is_boundary(before: str, here: str) -> bool:
    """Whether nothing composes or is reordered across the joint of `before` and the character `here`."""
    if unicodedata.combining(here):
        return False
    apart = unicodedata.normalize("NFC", before) + unicodedata.normalize("NFC", here)
    return unicodedata.normalize("NFC", before + here) == apart


def _straightened(text: str, starts: Sequence[int]) -> tuple[str, Sequence[int]]:
    """The typography of a composed text straightened; `starts` carried along."""
    pieces: list[str] = []
    found: list[int] = []
    done = 0
    for match in _UNFOLDED.finditer(text):
        start, end = match.span()
        new = _PIECES[match.lastindex or 0] or _STRAIGHT.get(ord(match[0]), match[0])
        pieces += (text[done:start], new)
        found += starts[done:start]
        found += [starts[start]] * len(new)
        done = end
    pieces.append(text[done:])
    found += starts[done:]
    return "".join(pieces), found


def _composed(text: str, starts: Sequence[int]) -> tuple[str, Sequence[int]]:
    """`text` in NFC; every character of a cluster that changes comes from the cluster's start."""
    if _is_nfc(text):
        return text, starts
    pieces: list[str] = []
    found: list[int] = []
    for start, end in _clusters(text):
        piece = _nfc(text[start:end])
        pieces.append(piece)
        found += starts[start:end] if piece == text[start:end] else [starts[start]] * len(piece)
    found.append(starts[len(text)])
    return "".join(pieces), found


def _clusters(text: str) -> list[tuple[int, int]]:
    """The shortest stretches that can be composed on their own."""
    cuts = [0]
    for index in range(1, len(text)):
        if _is_boundary(text[max(cuts[-1], index - CLUSTER) : index], text[index]):
            cuts.append(index)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))
