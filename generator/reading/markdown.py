r"""A Markdown article to its text, with blocks and inline styles as spans.

In: Markdown (CommonMark). Out: what is compared and anchored to. Blocks are separated by one empty line; a soft line break is
a space, a hard one a line break; an image is its alternative text; HTML is no markup but text. Links keep their address when
it is http, https or mailto; other links are plain text, and counted. Nothing is fetched.

    read_markdown("# One\n\nTwo *three*")     # "One\n\nTwo three"; heading 0–3, paragraph 5–14; em 9–14
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.model import BlockForm, SourceBlock, Span, Style
from generator.reading.formats import address_fault

NESTING_LIMIT = 100
"""How deep quotations and lists may nest; deeper ones lose their text, which the caller is told."""

BRACKET_WORK = 100_000_000
"""Most of opening brackets times length, summed over paragraphs, that is parsed: each bracket makes the parser look through its
paragraph, 6 ns a character. A page of 500 links is at 15,000,000; 20 kB of brackets alone take 2.5 s."""

_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_STYLES: dict[str, Literal["em", "strong"]] = {"em": "em", "strong": "strong"}
_SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article's text and structure.

    `links_dropped`: how many links point where no page may link; `is_too_deep`: text was lost.
    """

    text: str
    blocks: tuple[SourceBlock, ...]
    styles: tuple[Style, ...]
    links_dropped: int
    is_too_deep: bool


def _any_link(url: str) -> bool:  # noqa: ARG001 - the parser's signature
    return True


def commonmark() -> MarkdownIt:
    """A parser of CommonMark without HTML. It takes any link, so that the words of one that is refused stay."""
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False, "maxNesting": NESTING_LIMIT})
    parser.validateLink = _any_link  # type: ignore[method-assign]  # the parser's documented way
    return parser


_PARSER = commonmark()


def read_markdown(source: str) -> Rendered:
    """The article that `source` writes."""
    tokens = _PARSER.parse(source)
    article = _Article()
    for form, level, marker, token in _leaves(tokens):
        article.block(form, level, marker, token)
    return Rendered(
        "".join(article.parts), tuple(article.blocks), tuple(article.styles), article.links_dropped, is_too_deep(tokens)
    )


def is_too_deep(tokens: Iterable[Token]) -> bool:
    """Whether a text nests so deep that the parser left some of it out."""
    return any(token.level >= NESTING_LIMIT - 1 for token in tokens)


def is_laborious(source: str) -> bool:
    """Whether the brackets of `source` would hold the parser."""
    if "[" not in source:
        return False
    paragraphs = _PARAGRAPHS.split(source.replace("\r\n", "\n").replace("\r", "\n"))
    return sum(paragraph.count("[") * len(paragraph) for paragraph in paragraphs) > BRACKET_WORK


def is_safe_link(href: str) -> bool:
    """Whether a page may link there: http, https with a host, or mailto."""
    return address_fault(href) is None or (href.lower().startswith("mailto:") and "@" in href and not any(map(str.isspace, href)))


@dataclass(slots=True)
class _List:
    """An open list: the number of its item, or None for bullets; and whether the item still needs its marker."""

    number: int | None
    is_fresh: bool = False


def _leaves(tokens: list[Token]) -> Iterator[tuple[BlockForm, int, str, Token]]:
    """Each token that holds text, with the form, level and marker of its block."""
    around: list[_List | None] = []  # None: a quotation
    heading = 0
    for token in tokens:
        match token.type:
            case "blockquote_open":
                around.append(None)
            case "bullet_list_open" | "ordered_list_open":
                around.append(_List(int(token.attrs.get("start", 1)) - 1 if token.type == "ordered_list_open" else None))
            case "blockquote_close" | "bullet_list_close" | "ordered_list_close":
                around.pop()
            case "list_item_open":
                _next_item(around[-1])
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "inline":
                yield (*(("heading", heading, "") if heading else _setting(around)), token)
            case "fence" | "code_block":
                yield "code", 0, "", token


def _next_item(within: _List | None) -> None:
    """An item begins in the innermost list."""
    if within is not None:
        within.is_fresh = True
        within.number = None if within.number is None else within.number + 1


def _setting(around: list[_List | None]) -> tuple[BlockForm, int, str]:
    """How a paragraph inside these lists and quotations is set; the innermost decides."""
    if not around:
        return "paragraph", 0, ""
    within = around[-1]
    if within is None:
        return "quotation", 0, ""
    marker = ""
    if within.is_fresh:
        within.is_fresh = False
        marker = "•" if within.number is None else f"{within.number}."
    return "item", sum(entry is not None for entry in around), marker


@dataclass(slots=True)
class _Article:
    """The text so far, in parts, and what stands in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[SourceBlock] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    links_dropped: int = 0

    def add(self, text: str) -> None:
        """Appends text."""
        self.parts.append(text)
        self.length += len(text)

    def block(self, form: BlockForm, level: int, marker: str, token: Token) -> None:
        """Appends a block, unless it has no text."""
        before = len(self.parts), self.length, len(self.styles)
        if self.length:
            self.add(_SEPARATOR)
        start = self.length
        if form == "code":
            self.add(token.content.rstrip("\n"))
        else:
            self.inline(token.children or [])
        if "".join(self.parts[before[0] :]).strip():
            self.blocks.append(SourceBlock(form, Span(start, self.length), level, marker))
            self.styles[before[2] :] = sorted(self.styles[before[2] :], key=lambda style: (style.span.start, -style.span.end))
        else:
            del self.parts[before[0] :], self.styles[before[2] :]
            self.length = before[1]

    def inline(self, tokens: list[Token]) -> None:
        """Appends the text of inline tokens, and keeps their styles."""
        opened: list[tuple[int, str]] = []
        for token in tokens:
            match token.type:
                case "softbreak":
                    self.add(" ")
                case "hardbreak":
                    self.add("\n")
                case "image":
                    self.image(token.children or [])
                case "code_inline":
                    self.add(token.content)
                    self.style("code", self.length - len(token.content))
                case "em_open" | "strong_open":
                    opened.append((self.length, ""))
                case "link_open":
                    opened.append((self.length, str(token.attrs.get("href", ""))))
                case "em_close" | "strong_close":
                    self.style(_STYLES[token.tag], opened.pop()[0])
                case "link_close":
                    start, href = opened.pop()
                    if is_safe_link(href):
                        self.style("a", start, href)
                    else:
                        self.links_dropped += 1
                case _:
                    self.add(token.content)

    def image(self, tokens: list[Token]) -> None:
        """Appends an image's alternative text, without styles."""
        for token in tokens:
            if token.children:
                self.image(token.children)
            else:
                self.add(" " if token.type in {"softbreak", "hardbreak"} else token.content)

    def style(self, tag: Literal["em", "strong", "code", "a"], start: int, href: str = "") -> None:
        """Keeps a style from `start` to here, unless it is empty."""
        if start < self.length:
            self.styles.append(Style(tag, Span(start, self.length), href))
