"""Web Annotations (JSON-LD) to a sidecar: notes that were made elsewhere, or exported from here.

In: JSON as `reading.jsontext` gives it, the story it is about, the kinds the site knows. Out: the text of a sidecar, and what
is to be said about it. Everything that is understood is taken out of the data; what is left of a note stands in comments
above it and in a warning, so that nothing is dropped silently. A passage is looked up in the witnesses here, by its words and
what stands around them, and by its place only where the words agree; the note gets the shortest selector that finds it.
Nothing is read from the disk or the network, and nothing is written.

    {"target": {"source": "…/rewrite.txt", "selector": {"type": "TextQuoteSelector", "exact": "15,000", …}}}
        →  rewrite: {quote: "15,000", nth: 2}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args
from urllib.parse import unquote

from generator.addresses import slug
from generator.collate.anchor.passages import Text, folded_quote, ready
from generator.errors import Diagnostic, Where, error, warning
from generator.importing.jsonld import consume, position_of, quote_of, same_page, text_in, texts
from generator.importing.leftovers import fragment, kept, name_in, one_line, path_of, pruned, title_of, unused
from generator.importing.passages import Form, agrees, find, quoting, selecting
from generator.model import Article, Direction, NoteSeverity, Status, Story
from generator.reading.formats import address_fault, shown
from generator.reading.jsontext import JsonText, json_path
from generator.reading.report import FAULTS_SHOWN
from generator.reading.validation import validate
from generator.schema import NAME, NAME_LIMIT, NoteEntry
from generator.sidecartext import NoteText, sidecar_text

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
SELECTOR, EVIDENCE, HISTORY = (f"variorum:{name}" for name in ("selector", "evidence", "history"))

DEFAULT_KIND = "framing"
DEFAULT_SEVERITY: NoteSeverity = "minor"
"""What a note is called that says neither; it is imported as a draft, and a comment asks for a choice."""

Loc = tuple[str | int, ...]


class Imported(NamedTuple):
    """The text of a sidecar, how many notes it holds, and every fault."""

    text: str
    note_count: int
    diagnostics: tuple[Diagnostic, ...]


def import_annotations(path: str, json_text: JsonText, story: Story, kinds: Collection[str]) -> Imported:
    """The notes in a file called `path`, for a story."""
    data = json_text.data
    reader = _Reader(story, kinds, [ready(Article(source, source.text, ())) for source in story.witnesses])
    items = tuple(_items(data, ()))
    if not items:
        return Imported("", 0, (error(Where(path), "there is no annotation in this file", "it needs one of type Annotation"),))
    reader.name_all(items)
    notes = [reader.note(loc, item) for loc, item in items]
    rest = pruned(data)
    if rest is not None:
        reader.say((), "not understood", rest)
    replaced = json_text.replaced
    if replaced:
        reader.faults.append(((), f"{replaced} control characters were replaced by U+FFFD", False))
    remarks = [f"Imported from {path}. Check every note, then set its status."]
    if rest is not None:
        remarks.append(f"Of the file, not understood: {kept(rest)}")
    count = sum(bool(note.data) for note in notes)
    return Imported(sidecar_text(reader.annotators, notes, remarks), count, _diagnostics(path, reader.faults))


def _items(data: Any, loc: Loc) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """The annotations in a document: one, a list, a page, a collection with its page, or what an interface wraps them in.

    What holds them is taken out of the data.
    """
    if isinstance(data, list):
        for index, each in enumerate(data):
            yield from _items(each, (*loc, index))
    elif isinstance(data, dict):
        types = texts(data.get("type"))
        if "Annotation" in types or "target" in data:
            yield loc, data
            return
        for key in ("items", "first", "rows"):
            if isinstance(data.get(key), dict | list):
                yield from _items(data[key], (*loc, key))
        if {"AnnotationPage", "AnnotationCollection"} & set(types):
            for key in ("@context", "id", "type", "label", "total", "partOf", "startIndex", "last"):
                data.pop(key, None)


def _diagnostics(path: str, faults: Sequence[tuple[Loc, str, bool]]) -> tuple[Diagnostic, ...]:
    """One line each, errors first; after fifty, a count of the rest."""
    ordered = sorted(faults, key=lambda fault: not fault[2])
    listed = [
        (error if is_error else warning)(Where(path), f"{json_path(loc)}: {message}")
        for loc, message, is_error in ordered[:FAULTS_SHOWN]
    ]
    if len(ordered) > FAULTS_SHOWN:
        make = error if ordered[FAULTS_SHOWN][2] else warning
        listed.append(make(Where(path), f"{len(ordered) - FAULTS_SHOWN:,} more of these", "the comments in the sidecar have all"))
    return tuple(listed)


# ------------------------------------------------------------------ one note


@dataclass(slots=True)
class _Draft:
    """A note while it is read."""

    kinds: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    title: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    passages: dict[str, list[Any]] = field(default_factory=dict)
    evidence: dict[object, dict[str, Any]] = field(default_factory=dict)
    see: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


# Tuples, not sets: a value from elsewhere may be a list, which has no hash.
_TEXT_PURPOSES = (None, "commenting", "describing", "replying", "assessing", "questioning")
_PLAIN_PURPOSES = (None, "tagging", "classifying", "describing", "commenting", "linking")

_MARKS: dict[str, Sequence[str]] = {
    "severity": get_args(NoteSeverity),
    "status": get_args(Status),
    "direction": get_args(Direction),
}
"""What a tag can say of a note, as `severity:major` or simply `major`; no word is in two of these."""


@dataclass(slots=True)
class _Reader:
    """Reads the notes of one file. Duty: every id given out is new to the story, every passage is a place or said to be none."""

    story: Story
    kinds: Collection[str]
    texts: list[Text]
    names: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    annotators: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[tuple[Loc, str, bool]] = field(default_factory=list)

    def say(self, loc: Loc, message: str, value: Any = None, *, is_error: bool = False) -> None:
        """Keep a fault for the end."""
        self.faults.append((loc, message if value is None else f"{message}: {kept(value, 120)}", is_error))

    def name_all(self, items: Sequence[tuple[Loc, dict[str, Any]]]) -> None:
        """An id for every note, taken from its own: that of a note exported here, else what its address ends in."""
        taken = {note.id for note in self.story.annotations}
        for number, (_, item) in enumerate(items, start=1):
            address = item.get("id")
            stem = name_in(address) if isinstance(address, str) else ""
            name = unused(stem or f"imported-{number}", taken)
            taken.add(name)
            self.given.append(name)
            if isinstance(address, str):
                self.names.setdefault(address, name)

    # -------------------------------------------------------------- the whole

    def note(self, loc: Loc, item: dict[str, Any]) -> NoteText:
        """One annotation, as a note with its comments, or, if it points at no witness, as comments alone."""
        name = self.given.pop(0)
        draft = _Draft()
        self._frame(item, name)
        by = self._creator(item)
        for key in ("target", "body"):
            self._bodies(item, key, (*loc, key), draft)
        self._plain(item, draft)
        history = self._history(item)
        data = self._data(draft, name) | ({"by": by} if by else {}) | ({"history": history} if history else {})
        data = self._sound(loc, data, item)
        rest = pruned(item)
        item.clear()
        if rest is not None:
            self.say(loc, "kept as a comment, because it has no place in a note", rest)
        if not any(source.name in data for source in self.story.witnesses):
            self.say(loc, f"{name} points at no witness, and is kept as a comment only", is_error=True)
            comments = ("A note that points at no witness:", kept(data), *([kept(rest)] if rest is not None else []))
            return NoteText({}, comments)
        for doubt in draft.doubts:
            self.say(loc, f"{name}: {doubt}")
        return NoteText(data, (*draft.doubts, *([f"not understood: {kept(rest)}"] if rest is not None else [])))

    def _frame(self, item: dict[str, Any], name: str) -> None:
        """Take out what every annotation has, as far as it says nothing new."""
        if item.get("@context") == CONTEXT:
            del item["@context"]
        if item.get("type") == "Annotation":
            del item["type"]
        if item.get("motivation") == "commenting":
            del item["motivation"]
        if isinstance(item.get("id"), str) and item["id"].endswith(f"#note-{name}"):
            del item["id"]

    def _plain(self, item: dict[str, Any], draft: _Draft) -> None:
        """A body that is a plain text, and what the interface of Hypothesis has in its place: `text`, `tags`, `uri`."""
        for key in ("bodyValue", "text"):
            if isinstance(item.get(key), str):
                draft.texts.append(item.pop(key))
        tags = item.get("tags")
        if isinstance(tags, list):
            item["tags"] = [tag for tag in tags if not (isinstance(tag, str) and self._is_mark(tag, draft))]
        if item.get("uri") in draft.sources:
            item.pop("uri")

    def _data(self, draft: _Draft, name: str) -> dict[str, Any]:
        """The note in the form of the sidecar, what is missing filled in."""
        kinds = list(dict.fromkeys(draft.kinds))
        body = "\n\n".join(text.strip() for text in draft.texts if text.strip())
        if not kinds or "severity" not in draft.marks:
            draft.doubts.append("kind or severity is not in the imported file: choose them, then set status: confirmed")
            draft.marks.setdefault("status", "draft")
        data: dict[str, Any] = {
            "id": name,
            "kind": (kinds[0] if len(kinds) == 1 else kinds) or DEFAULT_KIND,
            "severity": draft.marks.get("severity", DEFAULT_SEVERITY),
            "title": draft.title or title_of(body) or "Imported note",
        }
        data |= {key: value for key, value in draft.marks.items() if key != "severity"}
        for source in self.story.witnesses:
            found = _distinct(draft.passages.get(source.name, ()))
            if found:
                data[source.name] = found[0] if len(found) == 1 else found
        if body and body != data["title"]:
            data["note"] = body
        evidence = [_evidence(entry) for entry in draft.evidence.values()]
        data |= {"evidence": evidence} if evidence else {}
        return data | ({"see": draft.see} if draft.see else {})

    def _sound(self, loc: Loc, data: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
        """The data without what the sidecar's schema refuses, which goes back to what is left of the item."""
        for _ in range(len(data)):
            _, found = validate(NoteEntry, data)
            faulty = [each for each in found if each.loc and each.loc[0] in data]
            if not faulty:
                break
            for each in faulty:
                key = str(each.loc[0])
                if key in data:
                    self.say(loc, f"{key}: {each.fault.message}")
                    item[f"refused {key}"] = data.pop(key)
        data.setdefault("title", "Imported note")
        return data

    # -------------------------------------------------------------- people and dates

    def _creator(self, item: dict[str, Any]) -> str:
        """The key of whoever made the note, who becomes an annotator; empty if nobody is named."""
        if "creator" not in item and isinstance(item.get("user"), str):
            item["creator"] = item.pop("user").removeprefix("acct:")
        creator = item.get("creator")
        if isinstance(creator, str) and creator.strip():
            item.pop("creator")
            return self._annotator(creator, {"name": one_line(creator)})
        if not isinstance(creator, dict):
            return ""
        called = creator.get("name") or creator.get("nickname")
        if not isinstance(called, str) or not called.strip():
            return ""
        name = one_line(called)
        entry = {"name": name}
        for key in ("homepage", "id"):
            address = creator.get(key)
            if "url" not in entry and isinstance(address, str) and address_fault(address) is None:
                entry["url"] = creator.pop(key)
        nickname = creator.pop("nickname") if isinstance(creator.get("nickname"), str) else name
        creator.pop("name", None)
        return self._annotator(nickname, entry)

    def _annotator(self, stem: str, entry: dict[str, str]) -> str:
        """The key of an annotator, a new one unless the same is known."""
        known = {each.key: {"name": each.name, **({"url": each.url} if each.url else {})} for each in self.story.annotators}
        known |= self.annotators
        base = stem if NAME.fullmatch(stem) and len(stem) <= NAME_LIMIT else slug(stem, NAME_LIMIT - 2) or "imported"
        base = base if NAME.fullmatch(base) else f"a-{base}"
        key, number = base, 2
        while known.get(key, entry) != entry:
            key, number = f"{base[: NAME_LIMIT - 4]}-{number}", number + 1
        self.annotators[key] = entry
        return key

    def _history(self, item: dict[str, Any]) -> list[dict[str, str]]:
        """The dated changes; the date of modification says the same as the last of them."""
        history = item.get(HISTORY)
        if not isinstance(history, list) or not all(isinstance(each, dict) for each in history):
            return []
        item.pop(HISTORY)
        if history and item.get("modified") == f"{history[-1].get('date')}T00:00:00Z":
            item.pop("modified")
        return history

    # -------------------------------------------------------------- bodies and targets

    def _bodies(self, item: dict[str, Any], key: str, loc: Loc, draft: _Draft) -> None:
        """The bodies or the targets: those that are understood are taken out."""
        value = item.get(key)
        several = value if isinstance(value, list) else [value]
        left = []
        for index, each in enumerate(several):
            here = (*loc, index) if isinstance(value, list) else loc
            if each is None or self._is_taken(each, key, here, draft):
                continue
            left.append(each)
        if left:
            item[key] = left
        else:
            item.pop(key, None)

    def _is_taken(self, value: Any, key: str, loc: Loc, draft: _Draft) -> bool:
        """Whether a body or a target went into the note whole."""
        if isinstance(value, str):
            return key == "body" and self._link(value, draft)
        if not isinstance(value, dict):
            self.say(loc, "neither an address nor an object", value)
            return False
        if isinstance(value.get("value"), str) and key == "body":
            self._text(value, draft)
        elif isinstance(value.get("source"), str | dict):
            self._resource(value, loc, draft)
        elif key == "body" and isinstance(value.get("id"), str) and self._link(value["id"], draft):
            value.pop("id")
        if value.get("type") in ("TextualBody", "SpecificResource") and not {"source", "value"} & value.keys():
            value.pop("type")
        return pruned(value) is None

    def _text(self, body: dict[str, Any], draft: _Draft) -> None:
        """A textual body, by its purpose."""
        purpose, value = body.get("purpose"), body["value"].strip()
        evidence = body.get(EVIDENCE)
        if isinstance(evidence, dict):
            entry = self._evidence_entry(body, draft)
            if value:
                entry["title"] = value
        elif purpose in ("tagging", "classifying"):
            if not self._is_mark(value, draft):
                return
        elif purpose == "describing" and not draft.title and value and "\n" not in value:
            draft.title = value
        elif purpose in _TEXT_PURPOSES:
            draft.texts.append(value)
        else:
            return
        body.pop("value")
        if purpose in _PLAIN_PURPOSES:
            body.pop("purpose", None)
        if body.get("format") in (None, "text/markdown", "text/plain"):
            body.pop("format", None)
        if body.get("language") in (None, self.story.language):
            body.pop("language", None)

    def _is_mark(self, tag: str, draft: _Draft) -> bool:
        """Whether a tag is a kind, a severity, a status or a direction."""
        if tag in self.kinds:
            draft.kinds.append(tag)
            return True
        named, _, value = tag.rpartition(":")
        for mark, known in _MARKS.items():
            if value in known and named in {"", mark} and mark not in draft.marks:
                draft.marks[mark] = value
                return True
        return False

    def _link(self, address: str, draft: _Draft) -> bool:
        """Whether an address became evidence."""
        if address_fault(address) is not None:
            return False
        draft.evidence[len(draft.evidence), address] = {"url": address}
        return True

    def _evidence_entry(self, body: dict[str, Any], draft: _Draft) -> dict[str, Any]:
        """The piece of evidence that a body belongs to, with what the body says of it."""
        known = body[EVIDENCE]
        number = known.pop("number", None)
        key = number if isinstance(number, int | str) else len(draft.evidence)
        entry = draft.evidence.setdefault(("number", key), {})
        for name in ("why", "title", "publisher", "accessed", "quote", "archived"):
            if isinstance(known.get(name), str):
                entry[name] = known.pop(name)
        return entry

    def _resource(self, resource: dict[str, Any], loc: Loc, draft: _Draft) -> None:
        """A specific resource: a passage of a witness, another note, or a source elsewhere."""
        source = resource["source"]
        address = source.get("id") if isinstance(source, dict) else source
        if not isinstance(address, str):
            return
        is_evidence = isinstance(resource.get(EVIDENCE), dict)
        text = self._witness(address, resource)
        if text is not None:
            selector = self._selector(resource, text, loc, draft, is_lookup=not is_evidence)
            if selector is None:
                return
            name = text.article.source.name
            draft.sources.append(address)
            if is_evidence:
                self._evidence_entry(resource, draft).setdefault(name, []).append(selector)
            else:
                draft.passages.setdefault(name, []).append(selector)
        elif address in self.names or self._is_known_note(address):
            draft.see.append(self.names.get(address) or fragment(address))
        elif is_evidence and address_fault(address) is None:
            self._evidence_entry(resource, draft)["url"] = address
        elif "selector" in resource or not self._link(address, draft):
            return
        if isinstance(source, dict):
            source.pop("id")
        if not isinstance(source, dict) or not source:
            resource.pop("source")
        if resource.get("purpose") == "linking":
            resource.pop("purpose")

    def _is_known_note(self, address: str) -> bool:
        return any(note.id == fragment(address) for note in self.story.annotations)

    # -------------------------------------------------------------- passages

    def _witness(self, address: str, resource: dict[str, Any]) -> Text | None:
        """The witness that an address means: its text on a site of ours, its own address, or the only one that has the words."""
        path = unquote(path_of(address))
        tail = path.rpartition(":")[2] if address.startswith("urn:") else path
        for text in self.texts:
            source = text.article.source
            if f"/{tail}".endswith(f"/{self.story.slug}/{source.name}.txt") or same_page(address, source):
                return text
        quote = quote_of(resource.get("selector"))
        needle = folded_quote(quote.get("exact", "")) if quote else ""
        holding = [text for text in self.texts if needle and needle in text.fold]
        return holding[0] if len(holding) == 1 else None

    def _selector(self, resource: dict[str, Any], text: Text, loc: Loc, draft: _Draft, *, is_lookup: bool) -> Form | None:
        """The selector of a passage in the form of the sidecar, or None if nothing in it says where the passage is.

        `is_lookup`: the words are looked up; those of evidence are kept as they are.
        """
        own = resource.get(SELECTOR)
        quote, position = quote_of(resource.get("selector")), position_of(resource.get("selector"))
        if quote is None and position is None and not isinstance(own, dict):
            self.say(loc, "no selector of a kind that is understood (TextQuoteSelector, TextPositionSelector)")
            return None
        exact, prefix, suffix = (text_in(quote, key) for key in ("exact", "prefix", "suffix"))
        span = find(text, exact if quote else None, prefix, suffix, position) if is_lookup else None
        selector: Form
        if isinstance(own, dict) and agrees(own, exact, span, text):
            selector = own
        elif span is not None:
            selector = selecting(text, span)
        else:
            selector = quoting(exact, prefix, suffix, position)
        if is_lookup and span is None:
            reason = "ambiguous" if exact and folded_quote(exact) in text.fold else "not found"
            words = exact or prefix or suffix or (f"{position.start} to {position.end}" if position else "")
            draft.doubts.append(f"{reason} in {text.article.source.name}: {shown(words)}")
        if not selector:
            return None
        consume(resource, quote, position if span is None or position == span or quote is None else None)
        if selector is own:
            resource.pop(SELECTOR)
        return selector


# ------------------------------------------------------------------ parts of notes


def _distinct(forms: Sequence[Form]) -> list[Form]:
    """Each selector once, in order: one that takes every match stands at each of them."""
    found: list[Form] = []
    for form in forms:
        if form not in found:
            found.append(form)
    return found


def _evidence(entry: dict[str, Any]) -> dict[str, Any]:
    """A piece of evidence with single passages out of their lists."""
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in entry.items()}
