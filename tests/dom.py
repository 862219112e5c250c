"""A small tree of a page, to ask what it says: elements, their attributes, their text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "wbr", "input", "img", "hr"})


@dataclass
class Node:
    """An element; `children` holds elements and strings."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    def walk(self) -> Iterator[Node]:
        """All elements below it, in order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", classes: str = "") -> list[Node]:
        """Elements below it with this tag and all these classes."""
        return [node for node in self.walk() if (not tag or node.tag == tag) and set(classes.split()) <= node.classes]

    def by_id(self, name: str) -> Node:
        """The element with this id."""
        return next(node for node in self.walk() if node.attributes.get("id") == name)

    def text(self, drop: Callable[[Node], bool] = lambda _: False) -> str:
        """Its text without the elements that `drop` names."""
        return "".join(child if isinstance(child, str) else "" if drop(child) else child.text(drop) for child in self.children)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        assert len(node.attributes) == len(attrs), f"an attribute twice in <{tag}>"
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The tree of a page; a tag that is not closed in order is an error."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.open) == 1, f"<{parser.open[-1].tag}> is never closed"
    return parser.root


def is_apparatus(node: Node) -> bool:
    """Whether an element stands in the text without being of it: numbers, margin notes, arrows, separators."""
    return bool(node.classes & {"ref", "sn", "mv-l", "sp"})


def side_text(row: Node, side: str) -> str:
    """What the inline text of a row says of one side."""
    other = "ins" if side == "a" else "del"
    return "".join(one.text(lambda node: node.tag == other or is_apparatus(node)) for one in row.all("p", "m"))


def alone_text(row: Node, side: str) -> str:
    """What the text of one side alone says in a row."""
    return "".join(one.text(is_apparatus) for one in row.all("p", side))
