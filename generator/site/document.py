"""The Markdown of the site's own pages as HTML: CommonMark with tables, headings with addresses, pictures of the site only.

In: Markdown, and where its links lead. Out: a string of HTML that is safe to set in: raw HTML stays text, and a link that leads
nowhere is words alone. `render` declares it safe. The highest headings of the text are of the second level, whichever sign they
are written with, because the title of the page is of the first.

    document("# Who we are", links)  → '<h2 id="who-we-are">Who we are</h2>'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from generator.ownpages import page_parser

_NO_WORD = re.compile(r"[^\w]+")

_IDS_OF_THE_FRAME = frozenset({"main", "theme", "live"})
"""What `base.html` calls places of its own, and `site.js` looks for."""


def _table_open(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    """A table in a frame of its own that scrolls on a narrow screen, and that the keyboard reaches."""
    return f'<div class="scroll" tabindex="0">\n{self.renderToken(tokens, idx, options, env)}'


def _table_close(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    return f"{self.renderToken(tokens, idx, options, env)}</div>\n"


_PARSER = page_parser()
_PARSER.add_render_rule("table_open", _table_open)
_PARSER.add_render_rule("table_close", _table_close)


def document(text: str, links: Callable[[str], str]) -> str:
    """`text` as HTML; `links` gives the address to write for one in the text, or an empty string."""
    tokens = _PARSER.parse(text)
    taken = set(_IDS_OF_THE_FRAME)
    highest = min((int(token.tag[1:]) for token in tokens if token.type == "heading_open"), default=2)
    for index, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) - highest + 2, 6)}"
        if token.type == "heading_open":
            token.attrSet("id", _heading_id(tokens[index + 1], taken))
        if token.children:
            token.children = _led(token.children, links)
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _heading_id(inline: Token, taken: set[str]) -> str:
    """The fragment that leads to a heading: its words; of two alike the second is numbered."""
    words = "".join(child.content for child in inline.children or ())
    stem = _NO_WORD.sub("-", unicodedata.normalize("NFC", words).lower()).strip("-") or "section"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def _led(tokens: Sequence[Token], links: Callable[[str], str]) -> list[Token]:
    """Inline tokens with their addresses led to where they mean; a link that leads nowhere loses its tags, a picture its place.

    A picture from elsewhere becomes a link to it: pages load nothing from other hosts.
    """
    led: list[Token] = []
    is_open: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            href = links(str(token.attrs.get("href", "")))
            is_open.append(bool(href))
            if href:
                token.attrSet("href", href)
                if "://" in href:
                    token.attrSet("rel", "external")
                led.append(token)
        elif token.type == "link_close":
            if is_open.pop():
                led.append(token)
        elif token.type == "image":
            led.extend(_picture(token, links(str(token.attrs.get("src", ""))), is_linked=any(is_open)))
        else:
            led.append(token)
    return led


def _picture(token: Token, source: str, *, is_linked: bool) -> list[Token]:
    """A picture of the site as it is; of another host as a link; of no place as its words."""
    if source and "://" not in source:
        token.attrSet("src", source)
        token.attrSet("loading", "lazy")
        return [token]
    words = token.content or source
    label = Token("text", "", 0, content=words)
    if not source or is_linked:
        return [label]
    return [Token("link_open", "a", 1, attrs={"href": source, "rel": "external"}), label, Token("link_close", "a", -1)]
