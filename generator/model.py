"""Every type that more than one stage shares. Values only: frozen, slotted, tuples for lists.

Each stage takes values and returns a new type; no field means "not yet".

    Source ──segment──▶ Article ──align──▶ Alignment ──diff──▶ Edit ──classify──▶ Change
    Annotation × Article ──anchor──▶ Anchor | Orphan
    Comparison = everything known about one pair

One coordinate system: `Span`, half-open, in code points of `Article.text`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, Literal, NamedTuple, TypeVar

from generator.errors import Where

T = TypeVar("T")
U = TypeVar("U")


class Span(NamedTuple):
    """Half-open range of code points of an article's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` in this span."""
        return text[self.start : self.end]


class Pair(NamedTuple, Generic[T]):
    """The same thing of both sides: `a` is the base (read first), `b` the other."""

    a: T
    b: T

    def map(self, function: Callable[[T], U]) -> Pair[U]:
        """`function` applied to both sides."""
        return Pair(function(self.a), function(self.b))


# ------------------------------------------------------------------ texts

BlockForm = Literal["paragraph", "heading", "quotation", "item", "code"]
"""How a block is set: what Markdown said of it; always `paragraph` in plain text."""

Role = Literal["headline", "dateline", "related", "promotion", "caption", "body", "quotation"]
"""What a block is for: `related` is a related-link line, `promotion` a call to action or other boilerplate."""

BOILERPLATE: frozenset[Role] = frozenset({"dateline", "related", "promotion"})
"""Roles of site furniture: folded into one quiet class, paired only with their own kind."""

TokenKind = Literal["word", "number", "punctuation", "symbol", "url", "handle"]


@dataclass(frozen=True, slots=True)
class Style:
    """An inline style over a span of an article: emphasis, strong, code, or a link to `href`."""

    tag: Literal["em", "strong", "code", "a"]
    span: Span
    href: str = ""


class SourceBlock(NamedTuple):
    """A block that the file's markup declares. `level`: of a heading (1–6), or the depth of an item; `marker`: "•" or "3."."""

    form: BlockForm
    span: Span
    level: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class RoleOverride:
    """What comparison.yaml says of one block: the block that holds `quote` has `role`."""

    quote: str
    role: Role
    where: Where


@dataclass(frozen=True, slots=True)
class Source:
    """One witness as read. `blocks` is empty for plain text, whose paragraphs `segment` finds."""

    name: str
    label: str
    publisher: str
    headline: str
    author: str
    published: str
    url: str
    archived: str
    language: str
    based_on: str
    generator: str
    file_name: str
    text: str
    blocks: tuple[SourceBlock, ...]
    styles: tuple[Style, ...]
    roles: tuple[RoleOverride, ...]
    where: Where

    @property
    def digest(self) -> str:
        """The SHA-256 of the text in UTF-8, in hexadecimal: of plain text, what `sha256sum` says of the file."""
        return sha256(self.text.encode()).hexdigest()


class Token(NamedTuple):
    """A word, number, mark of punctuation, … of an article; no white space but a no-break space inside a number ("12 000").

    `fold` is what tokens are compared on: NFC, straight quotation marks, plain hyphens, `...`, lower case.
    A NamedTuple, because a page makes a thousand of them: 0.4 µs each, against 1.4 µs for a frozen dataclass.
    """

    start: int
    end: int
    kind: TokenKind
    fold: str


class Sentence(NamedTuple):
    """A sentence: from its first token's start to its last token's end."""

    span: Span
    tokens: tuple[Token, ...]


class Block(NamedTuple):
    """A paragraph, headline, related-link line, …; `form`, `level` and `marker` as in `SourceBlock`."""

    role: Role
    form: BlockForm
    level: int
    marker: str
    span: Span
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A segmented witness. Blocks are in order, do not overlap, and hold every character that is not white space."""

    source: Source
    text: str
    blocks: tuple[Block, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences, in order."""
        return tuple([sentence for block in self.blocks for sentence in block.sentences])


# ------------------------------------------------------------------ collation

Tag = Literal["equal", "replace", "delete", "insert"]
"""difflib's tags."""

ChangeKind = Literal[
    "number", "date", "name", "quotation", "attribution", "certainty", "negation",
    "omission", "addition", "moved", "wording", "inflection", "case", "typographic",
]  # fmt: skip


class Bead(NamedTuple):
    """Sentences of a that correspond to sentences of b, by index; either side may be empty, both sides are contiguous.

    `similarity` from 0 to 1 (0 when a side is empty).
    """

    a: range
    b: range
    similarity: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which sentences correspond.

    `beads` are strictly monotone and tile both sides: each starts where the last one ended, on either side.
    `moves` are the pairs that cross the beads, in a's order. Each side of a move is one block's sentences, and stands among
    `beads` too: as one bead whose other side is empty, with the same range.
    `coarse`: the limit on work was reached, and a coarser alignment stands somewhere.
    """

    beads: tuple[Bead, ...]
    moves: tuple[Bead, ...] = ()
    coarse: bool = False


class Edit(NamedTuple):
    """One step of a script. Edits of a row tile both sides: each starts where the last one ended, on either side.

    `equal` means equal code point for code point. `kept` (substitutions only): what both sides share inside a
    replaced stretch.
    """

    tag: Tag
    spans: Pair[Span]
    kept: tuple[Pair[Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """The edits of a passage, and the moves among them: indices of a deletion and of the insertion that repeats its words.

    `coarse`: the limit on work was reached, and a coarser comparison stands here.
    """

    edits: tuple[Edit, ...]
    moves: tuple[tuple[int, int], ...] = ()
    coarse: bool = False


class Change(NamedTuple):
    """An edit that is not `equal`, with what it is.

    `id` comes from its content, so that it survives edits elsewhere. `kinds`: the first is the primary.
    `detail` says what became what ("12,000 → 15,000 (+25 %)") or is empty. `move` is the id of the other end of a move,
    or empty.
    """

    id: str
    edit: Edit
    kinds: tuple[ChangeKind, ...]
    detail: str = ""
    move: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks that stand side by side. A side may have none (a passage omitted or added) or several.

    The script tiles the row's text on both sides, from its first block's start to its last block's end.
    """

    blocks: Pair[range]
    spans: Pair[Span]
    role: Role
    script: tuple[Edit | Change, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The script without what is equal."""
        return tuple([step for step in self.script if isinstance(step, Change)])


# ------------------------------------------------------------------ notes

NoteSeverity = Literal["major", "moderate", "minor", "checked"]
Status = Literal["draft", "confirmed", "disputed", "corrected", "withdrawn"]
Direction = Literal["higher", "lower", "stronger", "weaker", "broader", "narrower"]


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a note points in one witness.

    `quote` is the passage itself, or with `gap` the text that the gap stands `before` or `after`.
    `within` narrows the search to one longer quotation, `nth` (from 1) chooses one match, `every` takes all of them.
    `prefix` and `suffix` must stand next to the passage. `position` instead of a quotation: code points, the last resort.
    """

    quote: str
    where: Where
    gap: Literal["", "before", "after"] = ""
    within: str = ""
    nth: int = 0
    every: bool = False
    prefix: str = ""
    suffix: str = ""
    position: Span | None = None

    @property
    def terms(self) -> tuple[object, ...]:
        """All that it says, without the place where it says so: equal for two selectors that choose the same."""
        return (self.quote, self.gap, self.within, self.nth, self.every, self.prefix, self.suffix, self.position)


class LockedPlace(NamedTuple):
    """A place that a selector chose when it was locked: the words there (`exact`), the code points on either side, its span."""

    exact: str
    prefix: str
    suffix: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lock:
    """What annotations.lock.json keeps of one selector of a note: the places it chose in a text, of which `text` is the SHA-256.

    Of a gap, the quotation beside it. `is_accepted`: the words found differ from those quoted, and somebody took them for
    the ones meant.
    """

    note: str
    witness: str
    selector: Selector
    places: tuple[LockedPlace, ...]
    text: str
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class NoteKind:
    """A kind of note: its key in sidecars, its label on pages, its definition, and the group it belongs to."""

    key: str
    label: str
    definition: str
    group: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a note rests on: a passage of a witness (`quotes`: name and selector) or a source elsewhere (`url`, …)."""

    quotes: tuple[tuple[str, Selector], ...]
    why: str
    url: str
    title: str
    publisher: str
    accessed: str
    quote: str
    archived: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A dated line of a note's history."""

    date: str
    change: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """One note of a sidecar. `targets`: witness name and its selectors, in the sidecar's order."""

    id: str
    kinds: tuple[str, ...]
    severity: NoteSeverity
    status: Status
    direction: Direction | Literal[""]
    title: str
    body: str
    by: str
    targets: tuple[tuple[str, tuple[Selector, ...]], ...]
    evidence: tuple[Evidence, ...]
    see: tuple[str, ...]
    history: tuple[Revision, ...]
    where: Where

    def selectors(self, witness: str) -> tuple[Selector, ...]:
        """The selectors for one witness; none if the note says nothing of it."""
        for name, selectors in self.targets:
            if name == witness:
                return selectors
        return ()


Method = Literal["exact", "moved?", "fuzzy"]
"""How a selector was found: its words, its words among others than before, or words like them in the same place."""


class Anchor(NamedTuple):
    """Where a selector was found. An empty span is a gap.

    `score`, from 0 to 1: of `moved?`, how much of the text around it is as it was; of `fuzzy`, how like the words are.
    A NamedTuple: a page makes a hundred of them, at 0.5 µs each against 2 µs.
    """

    span: Span
    selector: Selector
    method: Method = "exact"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Orphan:
    """A selector that was not found, why, and the nearest passage (empty if none resembles it) with its score from 0 to 1."""

    selector: Selector
    reason: str
    nearest: str
    score: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A note on a pair: where it stands on both sides, and which of its selectors found nothing."""

    annotation: Annotation
    anchors: Pair[tuple[Anchor, ...]]
    orphans: Pair[tuple[Orphan, ...]]

    @property
    def is_orphan(self) -> bool:
        """Whether the note stands nowhere in the two texts."""
        return not (self.anchors.a or self.anchors.b)


# ------------------------------------------------------------------ the whole


@dataclass(frozen=True, slots=True)
class PairingOverride:
    """A hand on the alignment: sentences or blocks holding these quotations do (`pair`) or do not (`unpair`) correspond."""

    action: Literal["pair", "unpair"]
    quotes: tuple[tuple[str, str], ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody who writes notes."""

    key: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Story:
    """One folder of content as read: two or more witnesses, the pairs to compare, and the notes.

    `slug` is the folder's name and the page's address.
    """

    slug: str
    title: str
    summary: str
    published: str
    tags: tuple[str, ...]
    language: str
    witnesses: tuple[Source, ...]
    pairs: tuple[Pair[str], ...]
    overrides: tuple[PairingOverride, ...]
    annotators: tuple[Annotator, ...]
    annotations: tuple[Annotation, ...]
    where: Where
    locks: tuple[Lock, ...] = ()

    def witness(self, name: str) -> Source:
        """The witness called `name`."""
        return next(source for source in self.witnesses if source.name == name)


@dataclass(frozen=True, slots=True)
class Quotations:
    """Quotations of the base: how many stand unchanged, changed, or no more in b; and how many only b has."""

    intact: int
    altered: int
    dropped: int
    added: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The summary of a pair. A word has a letter or a digit; counts of words leave out site furniture.

    `changes`: how many of each primary kind, most frequent first. `missing`: facts of the base that have no counterpart
    in b, by kind, each with the words it stood in. Passages are whole blocks; `phrases_moved` counts moves inside and across them.
    """

    words: Pair[int]
    words_kept: int
    changes: tuple[tuple[ChangeKind, int], ...]
    passages_omitted: int
    passages_added: int
    passages_moved: int
    phrases_moved: int
    furniture_omitted: int
    quotations: Quotations
    missing: tuple[tuple[ChangeKind, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything known about one pair: a pure value.

    Law: over all rows, scripts restore both texts code point for code point (white space between blocks aside).
    `coarse`: the work limit was reached somewhere, and a coarser comparison stands there; the page says so.
    """

    articles: Pair[Article]
    rows: tuple[Row, ...]
    placements: tuple[Placement, ...]
    figures: Figures
    coarse: bool
