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
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from generator.model import Annotation, Comparison, Edit, Pair, Row, Span

_MARKUP = re.compile(r"[\\`*_\[\]<>~|]|(?<=\{)[+=-]|[+=-](?=\})|&(?=#?\w+;)|^[ \t]*\d+(?=[.)])|^[ \t]*(?=[#+=-])", re.MULTILINE)
r"""What Markdown or CriticMarkup could read as markup; a marker of a list or heading only where a line can begin.

CriticMarkup knows no escape. The backslash stands inside its marks, `{\++`, where it breaks them for every reader.
"""

_NOTE_MARKUP = re.compile(r"(?<=\{)[+=~>-]|[+=~<-](?=\})")
_BLANK_LINE = re.compile(r"[^\S\n]*\n\s*\n\s*")
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)

WORD_JOINER = "\u2060"
"""Invisible and no punctuation: Markdown sees no mark between a word and punctuation ("cat**,**"), but sees it after this."""

_Kind: TypeAlias = Literal["equal", "delete", "insert", "note"]


class _Piece(NamedTuple):
    """A stretch of the redline: text of both sides or of one; or a note, by its id."""

    kind: _Kind
    text: str


class _Waiting(NamedTuple):
    """A note that stands further on: after the code point before `offset`, and if it is on a gap, after what is struck there."""

    offset: int
    is_gap: bool
    note: str


_Queues: TypeAlias = Pair[deque[_Waiting]]


def critic_markup(comparison: Comparison) -> str:
    """The pair in CriticMarkup; notes without a place stand at the end."""
    notes = {placement.annotation.id: placement.annotation for placement in comparison.placements}
    rows, rest = _rows(comparison)
    paragraphs = ["".join(_critic(row, notes)) for row in rows]
    paragraphs += [_comment(notes[name]) for name in rest]
    return "\n\n".join(paragraphs) + "\n"


def markdown_redline(comparison: Comparison) -> str:
    """The pair in Markdown, its notes as footnotes at the end."""
    notes = {placement.annotation.id: placement.annotation for placement in comparison.placements}
    rows, rest = _rows(comparison)
    paragraphs = ["".join(_struck(row)) for row in rows]
    if rest:
        paragraphs.append(f"Notes without a place: {' '.join(f'[^{name}]' for name in rest)}")
    order = [piece.text for row in rows for piece in row if piece.kind == "note"]
    paragraphs += [_footnote(notes[name]) for name in (*order, *rest)]
    return "\n\n".join(paragraphs) + "\n"


# ------------------------------------------------------------------ pieces


def _rows(comparison: Comparison) -> tuple[list[list[_Piece]], list[str]]:
    """The pieces of each row, neighbours of one kind made one; and the notes that stand nowhere."""
    texts = comparison.articles.map(lambda article: article.text)
    queues: _Queues = Pair(deque(), deque())
    found: Pair[list[_Waiting]] = Pair([], [])
    rest = []
    for placement in comparison.placements:
        anchors = placement.anchors.b or placement.anchors.a
        if anchors:
            start, end = anchors[0].span
            side = found.b if placement.anchors.b else found.a
            side.append(_Waiting(end, start == end, placement.annotation.id))
        else:
            rest.append(placement.annotation.id)
    queues.a.extend(sorted(found.a))
    queues.b.extend(sorted(found.b))
    rows = [list(_merged(_pieces(row, texts, queues))) for row in comparison.rows]
    late = [waiting.note for queue in queues for waiting in queue]
    return [row for row in rows if row], [*late, *rest]


def _pieces(row: Row, texts: Pair[str], queues: _Queues) -> Iterator[_Piece]:
    """A row in order: deletions before insertions, notes after the words that they are about."""
    for step in row.script:
        if isinstance(step, Edit):
            yield from _equal(step, texts.b, queues)
            continue
        spans = step.edit.spans
        yield from _at(queues, spans)
        yield _Piece("delete", spans.a.of(texts.a))
        yield _Piece("insert", spans.b.of(texts.b))
        for queue, span in zip(queues, spans, strict=True):
            yield from (_Piece("note", waiting.note) for waiting in _due(queue, span.end, at_end=False))
    for queue, span in zip(queues, row.spans, strict=True):
        if span.start < span.end:
            yield from (_Piece("note", waiting.note) for waiting in _due(queue, span.end, at_end=True))


def _at(queues: _Queues, spans: Pair[Span]) -> Iterator[_Piece]:
    """The notes on gaps where a change begins."""
    for queue, span in zip(queues, spans, strict=True):
        if span.start < span.end:
            yield from (_Piece("note", waiting.note) for waiting in _due(queue, span.start, at_end=True))


def _equal(edit: Edit, text: str, queues: _Queues) -> Iterator[_Piece]:
    """Text of both sides, cut where notes stand."""
    start, end = edit.spans.b
    due = [
        (max(waiting.offset - span.start, 0) + start, waiting.note)
        for queue, span in zip(queues, edit.spans, strict=True)
        for waiting in _due(queue, span.end, at_end=False)
    ]
    for offset, note in sorted(due):
        yield _Piece("equal", text[start:offset])
        yield _Piece("note", note)
        start = offset
    yield _Piece("equal", text[start:end])


def _due(queue: deque[_Waiting], end: int, *, at_end: bool) -> Iterator[_Waiting]:
    """The notes that stand before `end`, and those that end there; those on a gap there only `at_end` of a row."""
    while queue and (queue[0].offset < end or (queue[0].offset == end and (at_end or not queue[0].is_gap))):
        yield queue.popleft()


def _merged(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Pieces without empty ones, neighbours of one kind made one: two marks side by side would close each other."""
    last: _Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.kind == piece.kind != "note":
            last = _Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


# ------------------------------------------------------------------ CriticMarkup


def _critic(pieces: Sequence[_Piece], notes: dict[str, Annotation]) -> Iterator[str]:
    """A row in CriticMarkup; a deletion and the insertion in its place are one substitution."""
    skip = False
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        if skip:
            skip = False
        elif piece.kind == "equal":
            yield _escaped(piece.text)
        elif piece.kind == "note":
            yield _comment(notes[piece.text])
        elif piece.kind == "insert":
            yield f"{{++{_escaped(piece.text)}++}}"
        elif after is not None and after.kind == "insert":
            yield f"{{~~{_escaped(piece.text)}~>{_escaped(after.text)}~~}}"
            skip = True
        else:
            yield f"{{--{_escaped(piece.text)}--}}"


def _comment(note: Annotation) -> str:
    words = f"{note.title} ({note.severity}, {', '.join(note.kinds)}). {' '.join(note.body.split())}".rstrip()
    return f"{{>>{_NOTE_MARKUP.sub(_backslash, words)}<<}}"


def _escaped(text: str) -> str:
    """A text in which nothing is markup."""
    return _MARKUP.sub(_backslash, text)


def _backslash(match: re.Match[str]) -> str:
    """A backslash before a character of markup; after the number of a list item, before its full stop; before other markers."""
    found = match[0]
    return f"{found}\\" if not found or found[-1].isspace() or found[-1].isdigit() else f"\\{found}"


# ------------------------------------------------------------------ Markdown


def _struck(pieces: Sequence[_Piece]) -> Iterator[str]:
    """A row in Markdown. `before` and `after` are the characters that a mark would touch."""
    before = ""
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        after = following.text[0] if following is not None and following.kind == "equal" else ""
        if piece.kind == "equal":
            text = _BLANK_LINE.sub("\n\n", _escaped(piece.text))
        elif piece.kind == "note":
            text = f"[^{piece.text}]"
        else:
            text = _marked("~~" if piece.kind == "delete" else "**", piece.text, before, after)
        yield text
        before = text[-1:]


def _marked(mark: str, text: str, before: str, after: str) -> str:
    """A text marked paragraph by paragraph, white space at its ends left outside: a mark beside white space is none."""
    parts = _BLANK_LINE.split(text)
    shown = []
    for number, part in enumerate(parts):
        edges = _EDGES.fullmatch(part)
        lead, core, trail = edges.groups() if edges else ("", part, "")
        left = "" if lead or number else before
        right = "" if trail or number < len(parts) - 1 else after
        shown.append(f"{lead}{mark}{_joined(left, _escaped(core), right)}{mark}{trail}" if core else lead)
    return "\n\n".join(shown)


def _joined(before: str, core: str, after: str) -> str:
    """Marked text with a word joiner where a word touches the mark from outside and punctuation from inside."""
    start = WORD_JOINER if before.isalnum() and not core[0].isalnum() else ""
    end = WORD_JOINER if after.isalnum() and not core[-1].isalnum() else ""
    return f"{start}{core}{end}"


def _footnote(note: Annotation) -> str:
    first = f"[^{note.id}]: **{_escaped(note.title)}** ({note.severity}, {', '.join(note.kinds)})."
    lines = (f"    {line}" if line else "" for line in note.body.split("\n"))
    return "\n".join([first, "", *lines]) if note.body else first
