"""annotations.lock.json: where each note stood when somebody last looked. To `Lock`s, and back to text.

In: the site's root, the folder, its file names and witnesses. Out: locks, and one warning for a file that is damaged, of
another version, or not of these texts: it is left aside whole. Nothing is searched for, and nothing is written to the disk:
only `variorum anchor` writes the file, with `lock_text`.

    {"notes": {"first-wave": {"original": [{"places": [{"start": 210, "end": 239, "exact": "Up to 12,000 …", "prefix": …,
     "suffix": …}], "selector": {"quote": "Up to 12,000 …"}}]}}, "texts": {"original": "9f2c… (SHA-256)"}, "version": 1}

An entry that was made on another text than `texts` names for its witness names its own (`text`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.errors import Diagnostic, Where, warning
from generator.model import Lock, LockedPlace, Selector, Source, Span
from generator.reading.files import TextFile, read_text, shown_path
from generator.reading.formats import shown

LOCK_FILE = "annotations.lock.json"

LOCK_LIMIT = 16 * 1024 * 1024
"""Largest lock file in bytes; a selector takes about 600, and 20,000 notes have 40,000 of them at most."""

VERSION = 1

_AGAIN = "run variorum anchor to write it anew"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Place(_Strict):
    start: Annotated[int, Field(ge=0)]
    end: int
    exact: str
    prefix: str
    suffix: str


class _Selector(_Strict):
    """A selector in the words of the sidecar."""

    quote: str = ""
    before: str = ""
    after: str = ""
    within: str = ""
    nth: Annotated[int, Field(ge=0)] = 0
    all: bool = False
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


class _Entry(_Strict):
    selector: _Selector
    places: Annotated[list[_Place], Field(min_length=1)]
    text: str = ""
    accepted: bool = False


class _LockFile(_Strict):
    version: Literal[1]
    texts: dict[str, str]
    notes: dict[str, dict[str, list[_Entry]]]


# ------------------------------------------------------------------ from the file


def read_locks(
    root: Path, folder: Sequence[str], file_names: Iterable[str], witnesses: Sequence[Source]
) -> tuple[tuple[Lock, ...], tuple[Diagnostic, ...]]:
    """The locks of a comparison, or none and a warning why. Those of unknown notes and witnesses stay: they choose nothing."""
    if LOCK_FILE not in file_names:
        return (), ()
    where = Where(shown_path(*folder, LOCK_FILE))
    file = read_text(root, (*folder, LOCK_FILE), LOCK_LIMIT)
    if not isinstance(file, TextFile):
        return (), (warning(file.where, f"no note is held to its place: {file.message}", file.hint or _AGAIN),)
    try:
        model = _LockFile.model_validate_json(file.text)
    except ValidationError as problem:
        return (), (warning(where, f"no note is held to its place: the file is damaged, {_fault(problem)}", _AGAIN),)
    locks = tuple(_locks(model, where))
    texts = {(source.name, source.digest): source.text for source in witnesses}
    stray = next((lock for lock in locks if not _is_sound(lock, texts)), None)
    if stray is not None:
        message = f"no note is held to its place: what the file says of {shown(stray.note)} is not so in {shown(stray.witness)}"
        return (), (warning(where, message, _AGAIN),)
    return locks, ()


def _fault(problem: ValidationError) -> str:
    """The first of a damaged file's faults, with the keys that lead to it."""
    first = problem.errors(include_url=False, include_input=False)[0]
    if first["loc"] == ("version",) and first["type"] == "literal_error":
        return f"or of another version than {VERSION}"
    place = ".".join(map(str, first["loc"]))
    return f"{first['msg'][:80]}{f' at {place[:80]}' if place else ''}"


def _locks(model: _LockFile, where: Where) -> Iterator[Lock]:
    for note, of_witness in model.notes.items():
        for witness, entries in of_witness.items():
            for entry in entries:
                places = tuple([LockedPlace(at.exact, at.prefix, at.suffix, Span(at.start, at.end)) for at in entry.places])
                text = entry.text or model.texts.get(witness, "")
                yield Lock(note, witness, _selector(entry.selector, where), places, text, entry.accepted)


def _selector(entry: _Selector, where: Where) -> Selector:
    position = Span(entry.start, entry.end) if entry.start is not None and entry.end is not None else None
    return Selector(
        entry.quote or entry.before or entry.after,
        where,
        gap="before" if entry.before else "after" if entry.after else "",
        within=entry.within,
        nth=entry.nth,
        every=entry.all,
        prefix=entry.prefix,
        suffix=entry.suffix,
        position=position,
    )


def _is_sound(lock: Lock, texts: Mapping[tuple[str, str], str]) -> bool:
    """Whether a lock's spans fit its words, and the words its text, if that is among `texts` (by witness and hash)."""
    if any(len(place.exact) != place.span.end - place.span.start for place in lock.places):
        return False
    text = texts.get((lock.witness, lock.text))
    return text is None or all(_stands(place, text) for place in lock.places)


def _stands(place: LockedPlace, text: str) -> bool:
    start, end = place.span
    return place.exact == text[start:end] and text.endswith(place.prefix, 0, start) and text.startswith(place.suffix, end)


# ------------------------------------------------------------------ to the file


def lock_text(locks: Iterable[Lock]) -> str:
    """The file's text: keys sorted, one value a line, a newline at its end, so that a change of one note changes its lines only.

    Law: reading it gives the same locks. Characters that cannot be seen are escaped.
    """
    kept = tuple(locks)
    texts = _texts(kept)
    notes: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for lock in kept:
        notes.setdefault(lock.note, {}).setdefault(lock.witness, []).append(_entry(lock, texts))
    data = {"version": VERSION, "texts": texts, "notes": notes}
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text) + "\n"


def _texts(locks: Sequence[Lock]) -> dict[str, str]:
    """The text that most locks of each witness were made on."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for lock in locks:
        counts[lock.witness][lock.text] += 1
    return {witness: min(count, key=lambda text: (-count[text], text)) for witness, count in counts.items()}


def _entry(lock: Lock, texts: Mapping[str, str]) -> dict[str, Any]:
    places = [
        {"start": at.span.start, "end": at.span.end, "exact": at.exact, "prefix": at.prefix, "suffix": at.suffix}
        for at in lock.places
    ]
    own = {"text": lock.text} if lock.text != texts[lock.witness] else {}
    accepted = {"accepted": True} if lock.is_accepted else {}
    return {"selector": _terms(lock.selector), "places": places} | own | accepted


def _terms(selector: Selector) -> dict[str, Any]:
    """What a selector says, in the words of the sidecar."""
    if selector.position is not None:
        return {"start": selector.position.start, "end": selector.position.end}
    others = {
        "within": selector.within,
        "nth": selector.nth,
        "all": selector.every,
        "prefix": selector.prefix,
        "suffix": selector.suffix,
    }
    return {selector.gap or "quote": selector.quote} | {key: value for key, value in others.items() if value}
