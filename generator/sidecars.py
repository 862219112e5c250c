"""The notes on one comparison: annotations.yaml and annotations.<name>.yaml to `Annotation`s.

In: the site's root, the folder, the names of its witnesses, the kinds the site knows. Out: annotators, notes, and every
fault with its place. A faulty note is left out with an error, the others stay; a `see` that leads nowhere costs the
reference, not the note. Quotations are not looked up in the texts here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

from generator.errors import Diagnostic, Where, warning
from generator.model import Annotation, Annotator, Evidence, Revision, Selector, Span
from generator.reading.files import TextFile, read_text, shown_path
from generator.reading.formats import Fault, shown
from generator.reading.invisible import invisible
from generator.reading.report import placed, report
from generator.reading.validation import FAULTS_KEPT, Found, validate
from generator.reading.yamlnodes import Spot, YamlList, YamlMap, read_yaml, value_place
from generator.schema import EvidenceEntry, GapSelector, NoteEntry, PositionSelector, QuoteSelector, SidecarFile

SIDECAR_LIMIT = 1024 * 1024
"""Largest YAML file in bytes; a note takes about 500."""

NOTES_LIMIT = 20_000
"""Most notes in one file; so many sound ones of 50 bytes fill it, and faulty ones are refused at 30 µs each."""

_SIDECAR = re.compile(r"annotations(?:\.[a-z0-9-]+)?\.yaml")
_ALMOST_SIDECAR = re.compile(r"annotations?\b.*\.ya?ml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Notes:
    """What all sidecars of a comparison hold, in the order of their file names."""

    annotators: tuple[Annotator, ...]
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class _Sidecar:
    """A sidecar as read. `entries`: its sound notes, each with its index in the file; `spots` grows while files are merged."""

    file: TextFile
    data: YamlMap
    model: SidecarFile
    entries: tuple[tuple[int, NoteEntry], ...]
    syntax: tuple[Spot, ...]
    spots: list[Spot]


def read_sidecars(
    root: Path, folder: Sequence[str], file_names: Iterable[str], witnesses: Sequence[str], kinds: Collection[str]
) -> tuple[Notes, tuple[Diagnostic, ...]]:
    """The notes of every sidecar among `file_names`, and all faults, file by file."""
    names = sorted(file_names)
    read = [_read(root, (*folder, name), witnesses) for name in names if _SIDECAR.fullmatch(name)]
    sidecars = [each for each in read if isinstance(each, _Sidecar)]
    notes = _merged(sidecars, kinds)
    faults = (_diagnostics(each) if isinstance(each, _Sidecar) else each for each in read)
    strays = (
        warning(
            Where(shown_path(*folder, name)),
            "this file is not read",
            "sidecars are called annotations.yaml or annotations.<name>.yaml",
        )
        for name in names
        if _ALMOST_SIDECAR.fullmatch(name) and not _SIDECAR.fullmatch(name)
    )
    return notes, (*chain.from_iterable(faults), *strays)


def _diagnostics(sidecar: _Sidecar) -> tuple[Diagnostic, ...]:
    return (*report(sidecar.file, sidecar.syntax, sidecar.spots), *invisible(sidecar.file))


# ------------------------------------------------------------------ one file


class _Keys(NamedTuple):
    """The keys that a note and that a piece of evidence can have, names of witnesses included."""

    of_note: tuple[str, ...]
    of_evidence: tuple[str, ...]


def _read(root: Path, names: Sequence[str], witnesses: Sequence[str]) -> _Sidecar | tuple[Diagnostic, ...]:
    """One sidecar with its sound notes and the faults that it shows by itself; or why there is none."""
    file = read_text(root, names, SIDECAR_LIMIT)
    if not isinstance(file, TextFile):
        return (file,)
    data, spots = read_yaml(file)
    if isinstance(data, YamlMap):
        return _validated(file, data, spots, witnesses)
    if data is not None:
        spots = (*spots, Spot(0, Fault("a sidecar is a mapping", "begin with a line notes:")))
    return report(file, spots)


def _validated(file: TextFile, data: YamlMap, syntax: tuple[Spot, ...], witnesses: Sequence[str]) -> _Sidecar:
    """A sidecar's data as models, without what is faulty."""
    notes = data.get("notes")
    rest = {key: value for key, value in data.items() if not (key == "notes" and isinstance(notes, YamlList))}
    model, found = validate(SidecarFile, rest)
    if model is None:
        model = validate(SidecarFile, _pruned(rest, found))[0] or SidecarFile()
    spots = [*placed(data, found)]
    known = _Keys((*NoteEntry.model_fields, *witnesses), (*EvidenceEntry.model_fields, *witnesses))
    entries: list[tuple[int, NoteEntry]] = []
    if isinstance(notes, YamlList) and len(notes) > NOTES_LIMIT:
        spots.append(Spot(notes.start, Fault(f"more than {NOTES_LIMIT:,} notes in one file", "put them into several sidecars")))
        notes = None
    for index, note in enumerate(notes if isinstance(notes, YamlList) else ()):
        entry, found = _validated_note(note, index, known, FAULTS_KEPT - len(spots))
        spots.extend(placed(data, found))
        if entry is not None:
            entries.append((index, entry))
    return _Sidecar(file, data, model, tuple(entries), syntax, spots)


def _validated_note(note: object, index: int, known: _Keys, kept: int) -> tuple[NoteEntry | None, tuple[Found, ...]]:
    """A note, or its faults; what a key holds that there is not is not told besides."""
    strays = tuple(_strays(note, known)) if isinstance(note, YamlMap) else ()
    stray_locs = {stray.loc for stray in strays}
    entry, found = validate(NoteEntry, note, kept)
    others = (each for each in found if not any(each.loc[:length] in stray_locs for length in range(1, len(each.loc) + 1)))
    faults = tuple(each._replace(loc=("notes", index, *each.loc)) for each in (*strays, *others))
    return (None if faults else entry), faults


def _strays(note: YamlMap, known: _Keys) -> Iterator[Found]:
    """Keys of a note and of its evidence that are neither known nor a witness."""
    yield from _stray_keys((), note, known.of_note)
    evidence = note.get("evidence")
    for number, item in enumerate(evidence if isinstance(evidence, YamlList) else ()):
        if isinstance(item, YamlMap):
            yield from _stray_keys(("evidence", number), item, known.of_evidence)


def _stray_keys(loc: tuple[str | int, ...], mapping: YamlMap, known: tuple[str, ...]) -> Iterator[Found]:
    for key in mapping:
        if key not in known:
            yield Found(
                (*loc, key), of_key=True, fault=Fault(f"{shown(key)} is neither a key nor a witness", name=key, known=known)
            )


def _pruned(data: dict[str, Any], found: Iterable[Found]) -> dict[str, Any]:
    """`data` without what is faulty: single annotators, or whole keys."""
    locs = {each.loc[:2] if each.loc[:1] == ("annotators",) else each.loc[:1] for each in found}
    rest = {key: value for key, value in data.items() if (key,) not in locs}
    annotators = rest.get("annotators")
    if isinstance(annotators, dict):
        rest["annotators"] = {key: value for key, value in annotators.items() if ("annotators", key) not in locs}
    return rest


# ------------------------------------------------------------------ all files together


@dataclass(frozen=True, slots=True)
class _Known:
    """What a note may name: kinds of the site, annotators (those with a sound entry in `annotators`), ids of all files."""

    kinds: Collection[str]
    annotator_names: Collection[str]
    annotators: Collection[str]
    ids: Collection[str]


def _merged(sidecars: Sequence[_Sidecar], kinds: Collection[str]) -> Notes:
    """The notes of all files; faults that only show between notes or files are added to those of their file."""
    annotators = _annotators(sidecars)
    names = {name for sidecar in sidecars for name in sidecar.data.get("annotators") or () if isinstance(name, str)}
    known = _Known(kinds, names, {annotator.key for annotator in annotators}, set(_declared_ids(sidecars)))
    first: dict[str, Where] = {}
    annotations: list[Annotation] = []
    for sidecar in sidecars:
        sidecar.spots.extend(placed(sidecar.data, _faults_of_defaults(sidecar, known)))
        for index, entry in sidecar.entries:
            found = tuple(_faults_of_note(index, entry, known))
            sidecar.spots.extend(placed(sidecar.data, (*found, *_dangling(index, entry, known))))
            at = value_place(sidecar.data, ("notes", index, "id"))
            if entry.id in first:
                fault = Fault(
                    f"duplicate id {entry.id!r}, first at {first[entry.id]}", "an id is used once in all sidecars of a folder"
                )
                sidecar.spots.append(Spot(at, fault))
            elif not found:
                annotations.append(_annotation(sidecar, index, entry, known))
            first.setdefault(entry.id, sidecar.file.where(at))
    present = {annotation.id for annotation in annotations}
    return Notes(annotators, tuple(_with_see(annotation, present) for annotation in annotations))


def _annotators(sidecars: Sequence[_Sidecar]) -> tuple[Annotator, ...]:
    """The annotators of all files; the same key in two files must mean the same person."""
    found: dict[str, Annotator] = {}
    first: dict[str, Where] = {}
    for sidecar in sidecars:
        for key, entry in (sidecar.model.annotators or {}).items():
            annotator = Annotator(key, entry.name, entry.url or "")
            at = value_place(sidecar.data, ("annotators", key))
            if found.setdefault(key, annotator) != annotator:
                fault = Fault(f"annotator {key!r} is somebody else at {first[key]}", "give one of them another key")
                sidecar.spots.append(Spot(at, fault))
            first.setdefault(key, sidecar.file.where(at))
    return tuple(found.values())


def _declared_ids(sidecars: Sequence[_Sidecar]) -> Iterator[str]:
    """The ids of all notes, faulty ones included: a `see` that points at one of those does not dangle."""
    for sidecar in sidecars:
        notes = sidecar.data.get("notes")
        for note in notes if isinstance(notes, YamlList) else ():
            if isinstance(note, YamlMap) and isinstance(note.get("id"), str):
                yield note["id"]


def _faults_of_defaults(sidecar: _Sidecar, known: _Known) -> Iterator[Found]:
    by = sidecar.model.defaults.by if sidecar.model.defaults else None
    if by is not None and by not in known.annotator_names:
        yield _unknown(("defaults", "by"), "annotator", by, known.annotator_names)


def _faults_of_note(index: int, entry: NoteEntry, known: _Known) -> Iterator[Found]:
    """What a note names that there is not."""
    for number, kind in enumerate(entry.kind):
        if kind not in known.kinds:
            yield _unknown(("notes", index, "kind", number), "kind", kind, known.kinds)
    if entry.by is not None and entry.by not in known.annotator_names:
        yield _unknown(("notes", index, "by"), "annotator", entry.by, known.annotator_names)
    if not entry.targets:
        fault = Fault(f"the note {entry.id!r} points at no witness", 'quote at least one: <witness>: "…"')
        yield Found(("notes", index), of_key=False, fault=fault)


def _dangling(index: int, entry: NoteEntry, known: _Known) -> Iterator[Found]:
    for number, name in enumerate(entry.see or ()):
        if name not in known.ids:
            yield _unknown(("notes", index, "see", number), "note", name, known.ids)


def _unknown(loc: tuple[str | int, ...], what: str, name: str, known: Collection[str]) -> Found:
    fault = Fault(f"unknown {what} {shown(name)}", f"no {what} is declared", name, tuple(known))
    return Found(loc, of_key=False, fault=fault)


# ------------------------------------------------------------------ to the model


def _with_see(annotation: Annotation, present: Collection[str]) -> Annotation:
    """The annotation without references to notes that were left out."""
    if all(name in present for name in annotation.see):
        return annotation
    return replace(annotation, see=tuple(name for name in annotation.see if name in present))


def _annotation(sidecar: _Sidecar, index: int, entry: NoteEntry, known: _Known) -> Annotation:
    """A sound note as the other stages know it."""
    note: YamlMap = sidecar.data["notes"][index]
    defaults = sidecar.model.defaults
    by = entry.by or (defaults.by if defaults else None) or ""
    return Annotation(
        id=entry.id,
        kinds=tuple(dict.fromkeys(entry.kind)),
        severity=entry.severity,
        status=entry.status or (defaults.status if defaults else None) or "confirmed",
        direction=entry.direction or "",
        title=entry.title,
        body=entry.note or "",
        by=by if by in known.annotators else "",
        targets=tuple((name, _selectors(sidecar.file, selectors, note, name)) for name, selectors in entry.targets.items()),
        evidence=tuple(_evidence(sidecar.file, each, note["evidence"][number]) for number, each in enumerate(entry.evidence or ())),
        see=entry.see or (),
        history=tuple(Revision(revision.date, revision.change) for revision in entry.history or ()),
        where=sidecar.file.where(note.start),
    )


def _evidence(file: TextFile, entry: EvidenceEntry, data: YamlMap) -> Evidence:
    quotes = ((name, selector) for name, selectors in entry.targets.items() for selector in _selectors(file, selectors, data, name))
    return Evidence(
        quotes=tuple(quotes),
        why=entry.why or "",
        url=entry.url or "",
        title=entry.title or "",
        publisher=entry.publisher or "",
        accessed=entry.accessed or "",
        quote=entry.quote or "",
        archived=entry.archived or "",
    )


def _selectors(file: TextFile, selectors: Sequence[Any], data: YamlMap, name: str) -> tuple[Selector, ...]:
    """The selectors under one witness's name, each with its place."""
    value = data[name]
    places = value.items_at if isinstance(value, YamlList) else (data.values_at[name],)
    return tuple(_selector(selector, file.where(at)) for selector, at in zip(selectors, places, strict=True))


def _selector(entry: str | QuoteSelector | GapSelector | PositionSelector, where: Where) -> Selector:
    if isinstance(entry, str):
        return Selector(entry, where)
    if isinstance(entry, PositionSelector):
        return Selector("", where, position=Span(entry.start, entry.end))
    if isinstance(entry, GapSelector):
        gap: Literal["before", "after"] = "before" if entry.before is not None else "after"
        return Selector(entry.before or entry.after or "", where, gap=gap, within=entry.within or "", nth=entry.nth or 0)
    return Selector(
        entry.quote,
        where,
        within=entry.within or "",
        nth=entry.nth or 0,
        every=entry.all,
        prefix=entry.prefix or "",
        suffix=entry.suffix or "",
    )
