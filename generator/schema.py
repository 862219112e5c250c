"""The formats of comparison.yaml, of the sidecars, and of front matter: the single source of their validation and description.

In: data as `reading.yamlnodes` gives them, where every scalar is text. Out: models. What needs more than one file, the
site's settings or the names of the witnesses (an unknown kind, a dangling `see`) is checked where those are known.
"""

from __future__ import annotations

import re
from collections.abc import Sized
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    model_validator,
)

from generator.model import Direction, NoteSeverity, Role, Status
from generator.reading.formats import Fault, address_fault, date_fault, language_fault, shown
from generator.reading.validation import checked, refuse

S = TypeVar("S", bound=Sized)

NAME = re.compile(r"[a-z][a-z0-9-]*")
NOTE_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
NAME_LIMIT = 64
"""Longest name of a witness, note id or slug: they become parts of file names and addresses."""


def _line_fault(text: str) -> Fault | None:
    return Fault("more than one line", "write it on one line") if "\n" in text or "\r" in text else None


def _name_fault(text: str) -> Fault | None:
    if NAME.fullmatch(text) and len(text) <= NAME_LIMIT:
        return None
    return Fault(f"{shown(text)} cannot be a name", "a name is lower-case letters, digits and hyphens, and begins with a letter")


def _reserved_fault(text: str) -> Fault | None:
    if text not in RESERVED:
        return None
    return Fault(f"a witness cannot be called {text!r}", f"that is a key of notes; call it for example '{text}-text'")


def _note_id_fault(text: str) -> Fault | None:
    if NOTE_ID.fullmatch(text) and len(text) <= NAME_LIMIT:
        return None
    return Fault(f"{shown(text)} cannot be an id", f"an id is lower-case letters, digits and hyphens, {NAME_LIMIT} at most")


def _file_fault(text: str) -> Fault | None:
    if "/" in text or "\\" in text or text.startswith("."):
        return Fault(f"{shown(text)} is not a file beside comparison.yaml", "name a file of this folder, without a path")
    if not text.endswith((".txt", ".md")):
        return Fault(f"{shown(text)} is neither .txt nor .md", "a witness is plain text or Markdown")
    return None


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _not_empty(value: S) -> S:
    if not len(value):
        refuse(Fault("an empty list", "write a value or delete the key"))
    return value


def _two(value: S) -> S:
    if len(value) != 2:
        refuse(Fault(f"a pair has two witnesses, not {len(value)}", "write pairs: [[original, rewrite]]"))
    return value


def _two_or_more(value: S) -> S:
    if len(value) < 2:
        refuse(Fault("a comparison needs two witnesses or more", "name a second one under 'witnesses'"))
    return value


def _described(name: re.Pattern[str]) -> dict[str, JsonValue]:
    """What a JSON Schema says of a name."""
    return {"pattern": f"^{name.pattern}$", "maxLength": NAME_LIMIT}


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[Prose, checked(_line_fault)]
Name = Annotated[Prose, checked(_name_fault), Field(json_schema_extra=_described(NAME))]
WitnessName = Annotated[Name, checked(_reserved_fault)]
NoteId = Annotated[Prose, checked(_note_id_fault), Field(json_schema_extra=_described(NOTE_ID))]
FileName = Annotated[Line, checked(_file_fault), Field(json_schema_extra={"pattern": r"^[^./\\][^/\\]*\.(?:txt|md)$"})]
Date = Annotated[Prose, checked(date_fault), Field(json_schema_extra={"format": "date"})]
WebAddress = Annotated[Prose, checked(address_fault), Field(json_schema_extra={"format": "uri"})]
Language = Annotated[Prose, checked(language_fault)]
Ordinal = Annotated[int, Field(ge=1)]


class Strict(BaseModel):
    """A mapping whose unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# ------------------------------------------------------------------ comparison.yaml


class GeneratorEntry(Strict):
    """The program that wrote a witness."""

    type: Line = Field(description="The kind or name of the program; `unknown` if that is all that is known.")


class RoleEntry(Strict):
    """What a block of a witness is for, where the program cannot see it."""

    quote: Prose = Field(description="Words that stand in the block, and in no other.")
    role: Role = Field(description="What the block is for.")


class WitnessEntry(Strict):
    """One of the texts compared."""

    file: FileName = Field(description="The text: a .txt or .md file in the same folder.")
    label: Line | None = Field(default=None, description="What the page calls it; by default its name.")
    publisher: Line | None = Field(default=None, description="Who published it.")
    author: Line | None = Field(default=None, description="Who wrote it.")
    headline: Line | None = Field(default=None, description="Its headline, where that is no part of the text.")
    url: WebAddress | None = Field(default=None, description="Where it was published.")
    archived: WebAddress | None = Field(default=None, description="Where a copy is kept.")
    published: Date | None = Field(default=None, description="The day it was published.")
    language: Language | None = Field(default=None, description="Its language, a BCP 47 tag; by default that of the comparison.")
    based_on: Name | None = Field(default=None, description="The witness that it rewrites, if that is known.")
    generator: GeneratorEntry | None = Field(default=None, description="The program that wrote it, if one did.")
    roles: tuple[RoleEntry, ...] = Field(default=(), description="Blocks whose role is not seen by itself.")


Quotes: TypeAlias = dict[Name, Prose]
WitnessPair = Annotated[tuple[Name, ...], AfterValidator(_two), Field(json_schema_extra={"minItems": 2, "maxItems": 2})]
Pairs = Annotated[
    Annotated[Literal["consecutive"], Tag("<word>")]
    | Annotated[tuple[WitnessPair, ...], AfterValidator(_not_empty), Tag("<list>")],
    Discriminator(lambda value: "<word>" if isinstance(value, str) else "<list>"),
]


class ComparisonFile(Strict):
    """What is compared: comparison.yaml."""

    title: Line = Field(description="The title of the page.")
    summary: Prose | None = Field(default=None, description="One paragraph of Markdown under the title.")
    published: Date | None = Field(default=None, description="The day the comparison was published.")
    tags: tuple[Line, ...] | None = Field(default=None, description="Subjects.")
    language: Language | None = Field(default=None, description="The witnesses' language, a BCP 47 tag; by default the site's.")
    witnesses: Annotated[dict[WitnessName, WitnessEntry], AfterValidator(_two_or_more)] = Field(
        description="The texts by name, in reading order; the first is the base."
    )
    pairs: Pairs | None = Field(
        default=None,
        description="Which witnesses are compared; by default the base with each other one; `consecutive`: each with the next.",
    )
    pair: tuple[Quotes, ...] = Field(default=(), description="Passages that do correspond: for each witness a quotation.")
    unpair: tuple[Quotes, ...] = Field(default=(), description="Passages that do not correspond: for each witness a quotation.")


class FrontMatter(Strict):
    """What a Markdown witness says of itself; comparison.yaml wins over it."""

    title: Line | None = Field(default=None, description="Its headline.")
    headline: Line | None = Field(default=None, description="Its headline; the same as `title`.")
    author: Line | None = Field(default=None, description="Who wrote it.")
    publisher: Line | None = Field(default=None, description="Who published it.")
    published: Date | None = Field(default=None, description="The day it was published.")
    url: WebAddress | None = Field(default=None, description="Where it was published.")
    archived: WebAddress | None = Field(default=None, description="Where a copy is kept.")
    language: Language | None = Field(default=None, description="Its language, a BCP 47 tag.")
    label: Line | None = Field(default=None, description="What the page calls it.")

    @model_validator(mode="after")
    def _one_headline(self) -> FrontMatter:
        if self.title and self.headline:
            refuse(Fault("'title' and 'headline' mean the same", "keep one of them"))
        return self


class PageFrontMatter(Strict):
    """What a page of the site's own says of itself: content/pages/<name>.md."""

    title: Line = Field(description="Its title.")
    label: Line | None = Field(default=None, description="What the navigation calls it; by default its title.")
    nav: bool = Field(default=True, description="Whether the navigation of every page names it.")
    order: int = Field(default=0, description="Its place in the navigation: lower numbers first, equal ones by file name.")
    description: Line | None = Field(default=None, description="One sentence for search engines and link previews.")
    language: Language | None = Field(default=None, description="Its language, a BCP 47 tag; by default the site's.")


# ------------------------------------------------------------------ annotations.yaml


class QuoteSelector(Strict):
    """A passage by its words."""

    quote: Prose = Field(description="The words, as they stand in the text.")
    within: Prose | None = Field(default=None, description="A longer quotation that holds them.")
    nth: Ordinal | None = Field(default=None, description="Which match is meant, from 1.")
    all: bool = Field(default=False, description="Whether every match is meant.")
    prefix: Prose | None = Field(default=None, description="Words that stand right before.")
    suffix: Prose | None = Field(default=None, description="Words that stand right after.")

    @model_validator(mode="after")
    def _one_choice(self) -> QuoteSelector:
        if self.all and self.nth:
            refuse(Fault("'nth' chooses one match and 'all' takes every one", "keep one of them"))
        return self


class GapSelector(Strict):
    """A gap: the place before or after some words, where something is missing."""

    before: Prose | None = Field(default=None, description="The words that follow the gap.")
    after: Prose | None = Field(default=None, description="The words that precede the gap.")
    within: Prose | None = Field(default=None, description="A longer quotation that holds the words.")
    nth: Ordinal | None = Field(default=None, description="Which match is meant, from 1.")

    @model_validator(mode="after")
    def _one_side(self) -> GapSelector:
        if (self.before is None) == (self.after is None):
            refuse(Fault("a gap stands either before or after some words", "write one of 'before' and 'after'"))
        return self


class PositionSelector(Strict):
    """A passage by its place, the last resort: code points of the text."""

    start: Annotated[int, Field(ge=0)] = Field(description="The code point at which it begins, from 0.")
    end: Annotated[int, Field(ge=0)] = Field(description="The code point before which it ends.")

    @model_validator(mode="after")
    def _forward(self) -> PositionSelector:
        if self.end < self.start:
            refuse(Fault("'end' lies before 'start'", "positions count code points from the start of the text"))
        return self


def _selector_form(value: object) -> str | None:
    if isinstance(value, str):
        return "<text>"
    if not isinstance(value, dict):
        return None
    if "before" in value or "after" in value:
        return "<gap>"
    return "<position>" if "quote" not in value and ("start" in value or "end" in value) else "<quote>"


Selector = Annotated[
    Annotated[Prose, Tag("<text>")]
    | Annotated[QuoteSelector, Tag("<quote>")]
    | Annotated[GapSelector, Tag("<gap>")]
    | Annotated[PositionSelector, Tag("<position>")],
    Discriminator(_selector_form),
]
Selectors = Annotated[
    tuple[Selector, ...],
    AfterValidator(_not_empty),
    BeforeValidator(_as_list, json_schema_input_type=Selector | tuple[Selector, ...]),
]


class ByWitness(BaseModel):
    """A mapping with keys of its own, whose other keys are names of witnesses."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Selectors] = Field(init=False)

    @property
    def targets(self) -> dict[str, Any]:
        """Selectors by name of witness, in the order written."""
        return self.__pydantic_extra__


class EvidenceEntry(ByWitness):
    """What a note rests on: passages of the witnesses, or a source elsewhere."""

    why: Prose | None = Field(default=None, description="What it shows.")
    url: WebAddress | None = Field(default=None, description="The source's address.")
    title: Line | None = Field(default=None, description="The source's title.")
    publisher: Line | None = Field(default=None, description="Who published the source.")
    accessed: Date | None = Field(default=None, description="The day it was looked at.")
    quote: Prose | None = Field(default=None, description="What the source says.")
    archived: WebAddress | None = Field(default=None, description="Where a copy of the source is kept.")

    @model_validator(mode="after")
    def _has_source(self) -> EvidenceEntry:
        if not (self.targets or self.url or self.title):
            refuse(Fault("evidence names neither a witness nor a source", "quote a witness, or write 'url' or 'title'"))
        return self


class RevisionEntry(Strict):
    """A line of a note's history, shown on the page."""

    date: Date = Field(description="The day of the change.")
    change: Line = Field(description="What was changed.")


def _ascending(history: tuple[RevisionEntry, ...]) -> tuple[RevisionEntry, ...]:
    for earlier, later in pairwise(history):
        if later.date < earlier.date:
            refuse(Fault(f"the history goes back from {earlier.date} to {later.date}", "oldest first"))
    return history


History: TypeAlias = Annotated[tuple[RevisionEntry, ...], AfterValidator(_ascending)]
Kinds: TypeAlias = Annotated[
    tuple[Line, ...], AfterValidator(_not_empty), BeforeValidator(_as_list, json_schema_input_type=Line | tuple[Line, ...])
]
NoteIds: TypeAlias = Annotated[tuple[NoteId, ...], BeforeValidator(_as_list, json_schema_input_type=NoteId | tuple[NoteId, ...])]


class NoteEntry(ByWitness):
    """A note. Its other keys are names of witnesses: where it points."""

    id: NoteId = Field(description="Its stable name, which becomes its address on the page.")
    kind: Kinds = Field(description="What kind of discrepancy it is; of several the first is the primary one.")
    severity: NoteSeverity = Field(description="What it means for a reader; `checked`: looked at, and found to agree.")
    title: Line = Field(description="The note in one line.")
    note: Prose | None = Field(default=None, description="The note in full: Markdown.")
    direction: Direction | None = Field(default=None, description="Which way the second text differs.")
    status: Status | None = Field(default=None, description="`draft` is shown in the preview only.")
    by: Line | None = Field(default=None, description="Who wrote it: a key of `annotators`.")
    evidence: tuple[EvidenceEntry, ...] | None = Field(default=None, description="What it rests on.")
    see: NoteIds | None = Field(default=None, description="Ids of related notes.")
    history: History | None = Field(default=None, description="What was changed after publication, oldest first.")


class AnnotatorEntry(Strict):
    """Somebody who writes notes."""

    name: Line = Field(description="The name shown.")
    url: WebAddress | None = Field(default=None, description="A page about them.")


class Defaults(Strict):
    """What holds for the notes of this file that do not say otherwise."""

    by: Line | None = Field(default=None, description="Who wrote them: a key of `annotators`.")
    status: Status | None = Field(default=None, description="Their status; by default `confirmed`.")


class SidecarFile(Strict):
    """Notes on a comparison: annotations.yaml, annotations.<name>.yaml."""

    annotators: dict[Name, AnnotatorEntry] | None = Field(default=None, description="Who wrote the notes, by key.")
    defaults: Defaults | None = Field(default=None, description="What holds for notes that do not say otherwise.")
    notes: tuple[NoteEntry, ...] | None = Field(default=None, description="The notes.")


RESERVED = frozenset(NoteEntry.model_fields) | frozenset(EvidenceEntry.model_fields)
"""Names that no witness can have: they are keys of notes and of evidence."""
