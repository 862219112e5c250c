"""The marks inside a line of text, as HTML: changes, passages of notes, references, inline styles.

In: the runs of one paragraph (`runs`), and the notes by index. Out: a string of HTML, without the paragraph around it. Everything
around a line (paragraphs, rows, lists of notes) is written by templates; a line is not, because a page has a thousand runs of it
and a template takes 6 µs for each, this module 1.5.

    Kim ⟦first|initially⟧ said
    Kim <span class="c sub" id="c-…" data-kind="wording"><del>first</del><span class="sp"> </span><ins>initially</ins></span> said

Classes: of a change as in `Look`, and `n` where a note speaks of it; of `del` and `ins` `w` (white space at an edge), `t` (such a
space that is not shown), `kp` (kept inside a rewritten sentence), `pb` (a paragraph break of a alone); `sp` a space of neither
text, `caret` a gap, `d` a passage of a note with its severity, `pt` a second place to link to, `mv-l` the arrow of a move, `ref` a
note's number, `sn` its margin note, `iv` a character that is not seen; in a text alone `x` in place of `del` and `ins`.

Elements are as few as can be, because a browser lays out every one of them: neighbours that are set alike share theirs. None
but a change holds another, `del`, `ins` and `x` hold passages, and a number stands outside of all but the change.

Safety: text, titles, labels, addresses and keys go through `escaped`; what does not is written here or taken from one of the
tables below. `render` alone declares the result to be markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from generator.model import Style
from generator.site.apparatus import NoteView
from generator.site.cut import Mark
from generator.site.looks import Look, MoveLink
from generator.site.runs import Reference, Run
from generator.site.unseen import unseen_name, with_names

_OPENING = {
    ("", ""): "", ("sp", ""): '<span class="sp">',
    ("del", ""): "<del>", ("del", "w"): '<del class="w">', ("del", "i"): '<del class="w">', ("del", "t"): '<del class="w t">',
    ("del", "kp"): '<del class="kp">', ("del", "pb"): '<del class="pb">',
    ("ins", ""): "<ins>", ("ins", "w"): '<ins class="w">', ("ins", "i"): '<ins class="w">', ("ins", "kp"): '<ins class="kp">',
}  # fmt: skip
_CLOSING = {"": "", "del": "</del>", "ins": "</ins>", "sp": "</span>"}
_STYLE_TAGS = {"em": "em", "strong": "strong", "code": "code", "a": "a"}


def escaped(text: str) -> str:
    """`text` as it may stand between tags or in a quoted attribute: what `markupsafe.escape` gives, in a fifth of its time."""
    if not ("&" in text or "<" in text or ">" in text or '"' in text or "'" in text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;").replace("'", "&#39;")


class _Line:
    """A line as it is written. Duty: one element (`del`, `ins`, `x`) at most is open, and in it one passage at most."""

    __slots__ = ("keys", "parts", "setting", "tail")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.setting: tuple[str, str] | Look | None = None
        self.tail = ""
        self.keys = ""

    def close(self) -> None:
        """Ends what is open."""
        if self.keys:
            self.parts.append("</mark>")
            self.keys = ""
        if self.tail:
            self.parts.append(self.tail)
            self.tail = ""
        self.setting = None

    def set(self, setting: tuple[str, str] | Look | None, head: str, tail: str) -> None:
        """Ends what is open, and begins an element."""
        self.close()
        self.parts.append(head)
        self.setting, self.tail = setting, tail

    def mark(self, mark: Mark | None, *, has_ids: bool) -> None:
        """The text that follows belongs to this passage, or to none."""
        keys = mark.keys if mark else ""
        if keys == self.keys and not (has_ids and mark and mark.ids):
            return
        if self.keys:
            self.parts.append("</mark>")
        if mark:
            self.parts.append(_opened(mark, mark.ids if has_ids else ()))
        self.keys = keys


def inline(runs: Sequence[Run], notes: Mapping[int, NoteView]) -> str:
    """A line of both texts: what only a has in `del`, what only b has in `ins`."""
    line = _Line()
    write = line.parts.append
    for text, tag, form, mark, styles, look, opens, closes, move, references in runs:
        if opens and look:
            line.close()
            write(_change(look))
        if text:
            if line.setting != (tag, form) and not (form == "i" and line.setting and line.setting[0] == tag):
                line.set((tag, form), _OPENING[tag, form], _CLOSING[tag])
            if mark or line.keys:
                line.mark(mark, has_ids=True)
            write(_shown(text, styles, is_changed=tag != ""))
        elif tag == "gap":
            line.close()
            write(_caret(mark))
        if closes or move or references:
            line.close()
            write(_arrow(move) if move else "")
            write("</span>" if closes else "")
            for reference in references:
                write(_reference(reference, notes[reference.note]))
    line.close()
    return "".join(line.parts)


def alone(runs: Sequence[Run], notes: Mapping[int, NoteView]) -> str:
    """A line of one text: what the other lacks in a `span`."""
    line = _Line()
    write = line.parts.append
    for text, tag, form, mark, styles, look, _, _, _, references in runs:
        setting = None if form else look  # white space and kept words are plain
        if setting is not line.setting:
            line.set(setting, *((_side_change(setting), "</span>") if setting else ("", "")))
        if tag == "gap":
            line.mark(None, has_ids=False)
            write('<span class="caret"></span>')
        else:
            if mark or line.keys:
                line.mark(mark, has_ids=False)
            write(_shown(text, styles, is_changed=setting is not None))
        if references:
            line.close()
            for reference in references:
                write(_reference(reference, notes[reference.note]))
    line.close()
    return "".join(line.parts)


def change_list(changes: Iterable[tuple[str, str, str, str]]) -> str:
    """Items of a list: changes as links, with their kinds. Each is given as its address, what a has, what b has, and kinds."""
    return "".join([_listed(*change) for change in changes])


def _listed(href: str, a: str, b: str, kinds: str) -> str:
    gone = f"<del>{_shown(a, (), is_changed=True)}</del>" if a else ""
    come = f"<ins>{_shown(b, (), is_changed=True)}</ins>" if b else ""
    return f'<li><a href="{escaped(href)}">{gone}{" " if a and b else ""}{come}</a> {escaped(kinds)}</li>\n'


def _side_change(look: Look) -> str:
    return f'<span class="{look.side_classes}" data-c="{escaped(look.key)}" data-kind="{look.kinds}">'


def _change(look: Look) -> str:
    """Where a change begins; one that goes on in another paragraph names itself without an id."""
    name = "id" if look.id else "data-c"
    title = f' title="{escaped(look.title)}"' if look.title else ""
    return f'<span class="{look.classes}" {name}="{escaped(look.key)}" data-kind="{look.kinds}"{title}>'


def _caret(mark: Mark | None) -> str:
    ids = "".join(f' id="{escaped(name)}"' for name in mark.ids) if mark else ""
    return f'<span class="caret"{ids}></span>'


def _opened(mark: Mark, ids: Sequence[str]) -> str:
    """Where a passage of notes begins; it can be linked to by one id, and further ones stand before it."""
    severity, keys, _ = mark
    if not ids:
        return f'<mark class="d {severity}" data-note="{escaped(keys)}">'
    more = "".join([f'<span class="pt" id="{escaped(name)}"></span>' for name in ids[1:]])
    return f'{more}<mark class="d {severity}" id="{escaped(ids[0])}" data-note="{escaped(keys)}">'


def _arrow(move: MoveLink) -> str:
    label = escaped(move.label)
    return f'<a class="mv-l {move.direction}" href="{escaped(move.href)}" aria-label="{label}" title="{label}"></a>'


def _shown(text: str, styles: Sequence[Style], *, is_changed: bool) -> str:
    """Text in the inline styles of its article; in a change, what is not seen is named."""
    shown = escaped(text)
    if is_changed and not shown.isascii():
        shown = with_names(shown, _named)
    return _styled(shown, styles) if styles else shown


def _named(match: re.Match[str]) -> str:
    label, name = unseen_name(match[0])
    return f'<span class="iv" data-u="{label}" title="{name}">{match[0]}</span>'


def _styled(shown: str, styles: Sequence[Style]) -> str:
    """Text in inline styles of its article, the outermost first."""
    for style in reversed(styles):
        tag = _STYLE_TAGS[style.tag]
        link = f' href="{escaped(style.href)}" rel="external"' if style.href else ""
        shown = f"<{tag}{link}>{shown}</{tag}>"
    return shown


def _reference(reference: Reference, note: NoteView) -> str:
    """Where a note is referred to, with its margin note at its first place."""
    severity, number, key = note.severity, note.number, escaped(note.key)
    kinds = f' data-kind="{note.changes}"'
    link = (
        f'<a class="ref {severity}" id="{escaped(reference.id)}" href="#note-{key}" role="doc-noteref" data-note="{key}"{kinds} '
        f'aria-label="{escaped(note.name)}">{number}</a>'
    )
    if not reference.is_first:
        return link
    return (
        f'{link}<span class="sn {severity}" id="sn-{key}" data-note="{key}"{kinds} aria-hidden="true">'
        f'<b class="num {severity}">{number}</b> <b class="sn-k">{escaped(note.kind)}</b> '
        f'{escaped(note.status or note.weight)}<span class="sn-t">{escaped(note.title)}</span></span>'
    )
