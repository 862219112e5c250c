"""YAML to plain data with places: mappings, lists and text, and for each key and value where it stands.

In: a `TextFile`, or a stretch of one (front matter). Out: data, and the faults of the YAML itself.
Scalars stay text (`no` is "no", 1.10 is "1.10"); only a bare `null`, `~` or nothing at all is None. What YAML has beyond
mappings, lists and text is refused: anchors, aliases and merge keys (379 bytes of them hold a loader for 6.5 s), tags, keys
that are not text, duplicate keys, a second document. Such a fault leaves the rest readable, so that all are told at once;
a syntax error does not, and is one error at one place.

    data, faults = read_yaml(text_file("a.yaml", "title: 1.10"))     # {"title": "1.10"}, ()
    value_place(data, ("title",))                                    # 7
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import yaml

from generator.reading.files import TextFile
from generator.reading.formats import CONTROL, Fault, shown
from generator.reading.yamlsyntax import SyntaxFault, syntax_fault

DEPTH_LIMIT = 32
"""Deepest nesting; the formats need eight levels, and a parser that recurses dies somewhere past a thousand."""

FAULTS_KEPT = 1000
"""How many faults of the YAML itself are looked at."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it, else the one in Python, ten times slower."""

_NULLS = frozenset({"", "~", "null"})

_NOWHERE = "\x00"
"""The key of a value that is read and dropped; no key of a file holds a control character."""

# YAML 1.1 breaks lines at these, editors and YAML 1.2 do not; they pass through the parser as private characters.
_FOREIGN_BREAKS = "\x85\u2028\u2029"
_HAS_FOREIGN_BREAK = re.compile(f"[{_FOREIGN_BREAKS}]")


class YamlMap(dict[str, Any]):
    """A mapping; `start` is its place, `keys_at` and `values_at` those of each key and its value (code points of the file)."""

    __slots__ = ("keys_at", "start", "values_at")

    def __init__(self, start: int) -> None:
        super().__init__()
        self.start = start
        self.keys_at: dict[str, int] = {}
        self.values_at: dict[str, int] = {}


class YamlList(list[Any]):
    """A list; `start` is its place, `items_at` those of its items."""

    __slots__ = ("items_at", "start")

    def __init__(self, start: int) -> None:
        super().__init__()
        self.start = start
        self.items_at: list[int] = []


Yaml: TypeAlias = str | YamlMap | YamlList | None
Loc: TypeAlias = Sequence[str | int]
Event: TypeAlias = Any
"""One of PyYAML's events; its stubs allow None for marks and anchors where no parser gives it."""


class Spot(NamedTuple):
    """A fault and the code point of the file at which it stands."""

    at: int
    fault: Fault


def read_yaml(file: TextFile, start: int = 0, end: int | None = None) -> tuple[Yaml, tuple[Spot, ...]]:
    """The data of `file.text[start:end]`, or None for an empty stretch; and every fault of its YAML."""
    text = file.text[start:end]
    stand_ins: dict[int, int] = {}
    if _HAS_FOREIGN_BREAK.search(text):
        free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in text)
        stand_ins = {ord(character): code for character, code in zip(_FOREIGN_BREAKS, free, strict=False)}
        text = text.translate(stand_ins)
    builder = _Builder(start, {code: original for original, code in stand_ins.items()})
    try:
        _feed(text, builder)
    except SyntaxFault as fault:
        builder.faults.append(Spot(fault.index + start, Fault(fault.message, fault.hint)))
        return None, tuple(builder.faults)
    return builder.root, tuple(builder.faults)


def key_place(data: Yaml, loc: Loc) -> int:
    """Where the last key of `loc` stands; steps that the data do not have (a validator's own) are passed over."""
    return _place(data, loc, of_key=True)


def value_place(data: Yaml, loc: Loc) -> int:
    """Where the value at `loc` stands, or the nearest mapping or list around it."""
    return _place(data, loc, of_key=False)


def _place(data: Yaml, loc: Loc, *, of_key: bool) -> int:
    at = data.start if isinstance(data, YamlMap | YamlList) else 0
    for step in loc:
        if isinstance(data, YamlMap) and isinstance(step, str) and step in data:
            at = data.keys_at[step] if of_key else data.values_at[step]
            data = data[step]
        elif isinstance(data, YamlList) and isinstance(step, int) and step < len(data):
            at, data = data.items_at[step], data[step]
    return at


def _feed(text: str, builder: _Builder) -> None:
    """Hands every event of `text` to `builder`; `SyntaxFault` where the text stops being YAML."""
    handlers = builder.handlers()
    try:
        loader = LOADER(text)
        try:
            while (event := loader.get_event()) is not None:
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        finally:
            loader.dispose()
    # The parser in Python lets chr() raise the last two for "\UFFFFFFFF".
    except (yaml.YAMLError, ValueError, OverflowError) as problem:
        raise syntax_fault(text, problem, builder.last_quoted) from None


class _Builder:
    """One document under construction. `stack` holds the open mappings and lists, `pending` the key that waits in each."""

    __slots__ = ("_documents", "_offset", "_stand_ins", "faults", "last_quoted", "pending", "root", "stack")

    def __init__(self, offset: int, stand_ins: dict[int, int]) -> None:
        self._offset, self._stand_ins = offset, stand_ins
        self._documents = 0
        self.root: Yaml = None
        self.faults: list[Spot] = []
        self.stack: list[YamlMap | YamlList] = []
        self.pending: list[str | None] = []
        self.last_quoted: Event = None

    def handlers(self) -> dict[type, Callable[[Event], None]]:
        """What is done with which event; the others carry nothing."""
        return {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.mapping,
            yaml.SequenceStartEvent: self.sequence,
            yaml.MappingEndEvent: self.close,
            yaml.SequenceEndEvent: self.close,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }

    def fault(self, at: int, message: str, hint: str = "") -> None:
        """Keeps a fault at a code point of the file; past `FAULTS_KEPT` there is no reading on."""
        if len(self.faults) >= FAULTS_KEPT:
            raise SyntaxFault(at - self._offset, "too many faults to read on", "mend the first ones")
        self.faults.append(Spot(at, Fault(message, hint)))

    def document(self, event: Event) -> None:
        """A document begins; there may be one."""
        self._documents += 1
        if self._documents > 1:
            raise SyntaxFault(
                event.start_mark.index, "a second document begins here", "one file holds one document: delete this line"
            )

    def scalar(self, event: Event) -> None:
        """A text: a key, a value or an item."""
        at = event.start_mark.index + self._offset
        value: str = event.value
        if event.anchor is not None or event.tag is not None:
            self._refuse(event, at)
        if not event.style:  # plain: "" from libyaml, None from the parser in Python
            if self._stand_ins:
                value = value.translate(self._stand_ins)
            self._put(None if value in _NULLS else value, at, value)
            return
        if event.style == '"' and CONTROL.search(value):
            self.fault(at, "the text holds a control character", "delete the escape that stands for it")
            value = CONTROL.sub("", value)
        if event.style in "\"'":
            self.last_quoted = event
        if self._stand_ins:
            value = value.translate(self._stand_ins)
        self._put(value, at, value)

    def mapping(self, event: Event) -> None:
        """A mapping opens."""
        self._open(event, YamlMap(event.start_mark.index + self._offset))

    def sequence(self, event: Event) -> None:
        """A list opens."""
        self._open(event, YamlList(event.start_mark.index + self._offset))

    def close(self, _event: Event) -> None:
        """The innermost mapping or list closes."""
        self.stack.pop()
        self.pending.pop()

    def alias(self, event: Event) -> None:
        """A reference to an anchor, which is refused wherever it stands."""
        at = event.start_mark.index + self._offset
        self.fault(
            at, f"an alias, {shown('*' + event.anchor)}", "write the value again; a text that begins with * needs quotation marks"
        )
        self._put(None, at, "*" + event.anchor)

    def _open(self, event: Event, container: YamlMap | YamlList) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse(event, container.start)
        self._put(container, container.start, None)
        self.stack.append(container)
        self.pending.append(None)
        if len(self.stack) > DEPTH_LIMIT:
            raise SyntaxFault(
                event.start_mark.index, f"nested more than {DEPTH_LIMIT} deep", "the formats need eight levels at most"
            )

    def _refuse(self, event: Event, at: int) -> None:
        """A fault for an anchor or a tag."""
        if event.anchor is not None:
            self.fault(at, f"an anchor, {shown('&' + event.anchor)}", "delete it; a text that begins with & needs quotation marks")
        else:
            self.fault(at, f"a tag, {shown(event.tag)}", "delete it; a text that begins with ! needs quotation marks")

    def _put(self, value: Yaml, at: int, key: str | None) -> None:
        """Stores a value where it belongs; `key` is what it is called if a key is due (None: it can be no key)."""
        if not self.stack:
            self.root = value
            return
        parent = self.stack[-1]
        if isinstance(parent, YamlList):
            parent.append(value)
            parent.items_at.append(at)
            return
        name = self.pending[-1]
        if name is None:
            self.pending[-1] = self._key(parent, key, at)
            return
        self.pending[-1] = None
        if name is not _NOWHERE:
            parent[name] = value
            parent.values_at[name] = at

    def _key(self, parent: YamlMap, key: str | None, at: int) -> str:
        """The key under which the next value is stored, or nowhere."""
        if key is None:
            self.fault(
                at, "a key must be text, not a mapping or a list", "put quotation marks around a text that begins with [ or {"
            )
        elif key == "":
            self.fault(at, "a key is missing before the colon")
        elif key == "<<":
            self.fault(at, "a merge key, <<", "write the keys out")
        elif key in parent.keys_at:
            self.fault(at, f"duplicate key {shown(key)}", "keep one of the two")
        else:
            parent.keys_at[key] = at
            return key
        return _NOWHERE
