"""The marks inside a line of text, as HTML: changes, passages of notes, references, inline styles.

In: the runs of one paragraph (`runs`), and the notes by index. Out: a string of HTML, without the paragraph around it. Everything
around a line (paragraphs, rows, lists of notes) is written by templates; a line is not, because a page has a thousand runs of it
and a template takes 6 µs for each, this module 1.5.

    Kim ⟦first|initially⟧ said
    Kim <span class="c sub" id="c-…" data-kind="wording"><del>first</del><span class="sp"> </span><ins>initially</ins></span> said

Classes: of a change as in `Look`; of `del` and `ins` `w` (white space at an edge), `kp` (kept inside a rewritten sentence), `pb`
(a paragraph break of a alone); `sp` a separator, `caret` a gap, `d` a passage of a note with its severity, `pt` a second place to
link to, `mv-l` the arrow of a move, `ref` a note's number, `sn` its margin note; in a text alone `x` in place of `del` and `ins`.

Safety: text, titles, labels, addresses and keys go through `escaped`; what does not is written here or taken from one of the
tables below. `render` alone declares the result to be markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model import Style
from generator.site.apparatus import NoteView
from generator.site.cut import Mark
from generator.site.looks import Look
from generator.site.runs import Reference, Run

_OPENING = {
    ("del", ""): "<del>", ("del", "w"): '<del class="w">', ("del", "kp"): '<del class="kp">', ("del", "pb"): '<del class="pb">',
    ("ins", ""): "<ins>", ("ins", "w"): '<ins class="w">', ("ins", "kp"): '<ins class="kp">',
    ("sp", ""): '<span class="sp">',
}  # fmt: skip
_CLOSING = {"del": "</del>", "ins": "</ins>", "sp": "</span>"}
_STYLE_TAGS = {"em": "em", "strong": "strong", "code": "code", "a": "a"}


def escaped(text: str) -> str:
    """`text` as it may stand between tags or in a quoted attribute: what `markupsafe.escape` gives, in a fifth of its time."""
    if not ("&" in text or "<" in text or ">" in text or '"' in text or "'" in text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;").replace("'", "&#39;")


def inline(runs: Sequence[Run], notes: Mapping[int, NoteView]) -> str:
    """A line of both texts: what only a has in `del`, what only b has in `ins`."""
    found: list[str] = []
    write = found.append
    for text, tag, form, mark, styles, look, opens, closes, move, references in runs:
        if opens and look:
            write(_change(look))
        if tag == "gap":
            write(_caret(mark))
        else:
            shown = escaped(text)
            if styles:
                shown = _styled(shown, styles)
            if mark and text:
                shown = _marked(shown, mark)
            write(f"{_OPENING[tag, form]}{shown}{_CLOSING[tag]}" if tag else shown)
        if move:
            label = escaped(move.label)
            write(f'<a class="mv-l {move.direction}" href="{escaped(move.href)}" aria-label="{label}" title="{label}"></a>')
        if closes:
            write("</span>")
        for reference in references:
            write(_reference(reference, notes[reference.note]))
    return "".join(found)


def alone(runs: Sequence[Run], notes: Mapping[int, NoteView]) -> str:
    """A line of one text: what the other lacks in a `span`."""
    found: list[str] = []
    write = found.append
    last, opening = None, ""
    for text, tag, form, mark, styles, look, _, _, _, references in runs:
        shown = escaped(text)
        if styles:
            shown = _styled(shown, styles)
        if mark:
            shown = f'<mark class="d {mark.severity}" data-note="{escaped(mark.keys)}">{shown}</mark>'
        if look and not form:
            if look is not last:
                last, opening = look, f'<span class="{look.side_classes}" data-c="{escaped(look.key)}" data-kind="{look.kinds}">'
            write(f"{opening}{shown}</span>")
        else:
            write('<span class="caret"></span>' if tag == "gap" else shown)
        for reference in references:
            write(_reference(reference, notes[reference.note]))
    return "".join(found)


def _change(look: Look) -> str:
    """Where a change begins; one that goes on in another paragraph names itself without an id."""
    name = "id" if look.id else "data-c"
    title = f' title="{escaped(look.title)}"' if look.title else ""
    return f'<span class="{look.classes}" {name}="{escaped(look.key)}" data-kind="{look.kinds}"{title}>'


def _caret(mark: Mark | None) -> str:
    ids = "".join(f' id="{escaped(name)}"' for name in mark.ids) if mark else ""
    return f'<span class="caret"{ids}></span>'


def _marked(shown: str, mark: Mark) -> str:
    """A passage of notes; it can be linked to by one id, and further ones stand before it."""
    severity, keys, ids = mark
    if not ids:
        return f'<mark class="d {severity}" data-note="{escaped(keys)}">{shown}</mark>'
    more = "".join([f'<span class="pt" id="{escaped(name)}"></span>' for name in ids[1:]])
    return f'{more}<mark class="d {severity}" id="{escaped(ids[0])}" data-note="{escaped(keys)}">{shown}</mark>'


def _styled(shown: str, styles: Sequence[Style]) -> str:
    """Text in inline styles of its article, the outermost first."""
    for style in reversed(styles):
        tag = _STYLE_TAGS[style.tag]
        link = f' href="{escaped(style.href)}" rel="external"' if style.href else ""
        shown = f"<{tag}{link}>{shown}</{tag}>"
    return shown


def _reference(reference: Reference, note: NoteView) -> str:
    """Where a note is referred to, with its margin note at its first place."""
    severity, number, kind, key = note.severity, note.number, escaped(note.kind), escaped(note.key)
    link = (
        f'<a class="ref {severity}" id="{escaped(reference.id)}" href="#note-{key}" role="doc-noteref" data-note="{key}" '
        f'aria-label="Note {number}, {severity}: {kind}">{number}</a>'
    )
    if not reference.is_first:
        return link
    return (
        f'{link}<span class="sn {severity}" id="sn-{key}" data-note="{key}" aria-hidden="true"><span class="sn-h">'
        f'<b class="num {severity}">{number}</b> <span class="sn-k">{kind}</span> '
        f'<span class="sn-s">{escaped(note.status) or severity.capitalize()}</span></span> '
        f'<span class="sn-t">{escaped(note.title)}</span></span>'
    )
