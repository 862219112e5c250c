"""Stories in: each folder of content/ to a `Story`, or to the faults that keep it from being one.

In: the site's root and settings. Out: values. The only reader of content/ (with `witnesses` and `sidecars`, its parts).
Nothing is compared, and no quotation is looked up. A fault in comparison.yaml or in a witness costs that story; a fault in a
note costs that note; the faults of all files of a folder are told at once.

    for folder in story_folders(root):
        story, faults = read_story(root, folder, config)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

from generator.addresses import RESERVED, slug
from generator.config import SiteConfig
from generator.errors import Diagnostic, Where, did_you_mean, error
from generator.layout import COMPARISON, CONTENT, MISSPELT, SLUG, is_story
from generator.locks import read_locks
from generator.model import Pair, PairingOverride, RoleOverride, Source, Story
from generator.reading.files import MISSING, TextFile, folder_names, read_text, shown_path
from generator.reading.formats import Fault, shown
from generator.reading.invisible import invisible
from generator.reading.report import placed, report
from generator.reading.validation import Found, validate
from generator.reading.yamlnodes import Spot, YamlMap, read_yaml, value_place
from generator.schema import NAME_LIMIT, ComparisonFile
from generator.sidecars import read_sidecars
from generator.witnesses import WitnessText, read_witness

COMPARISON_LIMIT = 256 * 1024
"""Largest comparison.yaml in bytes; a hundred witnesses take 20 kB."""


@dataclass(frozen=True, slots=True)
class _Declaration:
    """A sound comparison.yaml."""

    file: TextFile
    data: YamlMap
    model: ComparisonFile


def story_folders(root: Path) -> tuple[Path, ...]:
    """The folders of content/ that hold a comparison.yaml, by name.

    A linked folder, one that cannot be looked into, and one with a misspelt comparison.yml are among them, for `read_story` to say
    so. Raises `OSError` if content/ is there and cannot be looked into.
    """
    try:
        names = sorted(os.listdir(f"{root / CONTENT}/."))  # noqa: PTH208 a Path drops the dot, which asks whether it may be entered
    except (FileNotFoundError, NotADirectoryError):
        return ()
    folders = (root / CONTENT / name for name in names if not name.startswith("."))
    return tuple(folder for folder in folders if is_story(folder))


def read_story(root: Path, folder: Path, config: SiteConfig) -> tuple[Story | None, tuple[Diagnostic, ...]]:
    """The story in `folder`, or None; and every fault of every file in it."""
    names = (CONTENT, folder.name)
    fault = _name_fault(folder.name)
    if fault is not None:
        return None, (error(Where(shown_path(*names)), fault.message, fault.hint),)
    file_names = folder_names(root, names)
    if isinstance(file_names, Fault):
        return None, (error(Where(shown_path(*names)), f"the folder {file_names.message}", file_names.hint),)
    if COMPARISON not in file_names:
        hint = next((f"rename {name} to {COMPARISON}" for name in MISSPELT if name in file_names), "")
        return None, (error(Where(shown_path(*names, COMPARISON)), "the file does not exist", hint),)
    declaration, faults = _declaration(root, (*names, COMPARISON))
    if declaration is None:
        return None, faults
    witnesses, witness_faults = _witnesses(root, names, file_names, declaration, config)
    kinds = {kind.key for kind in config.kinds}
    notes, note_faults = read_sidecars(root, names, file_names, tuple(declaration.model.witnesses), kinds)
    all_faults = (*faults, *witness_faults, *note_faults)
    if witnesses is None:
        return None, all_faults
    locks, lock_faults = read_locks(root, names, file_names, witnesses)
    model = declaration.model
    story = Story(
        slug=folder.name,
        title=model.title,
        summary=model.summary or "",
        published=model.published or "",
        tags=tuple(dict.fromkeys(model.tags or ())),
        language=model.language or config.language,
        witnesses=witnesses,
        pairs=_pairs(model),
        overrides=tuple(_overrides(declaration)),
        annotators=notes.annotators,
        annotations=notes.annotations,
        where=Where(declaration.file.path),
        locks=locks,
    )
    return story, (*all_faults, *lock_faults)


def _name_fault(name: str) -> Fault | None:
    """What is wrong with a folder's name, which becomes the page's address."""
    if name in RESERVED:
        hint = f"rename the folder, for example to {name}-story"
        return Fault(f"the address {name}/ is taken by the site's own pages", hint)
    if SLUG.fullmatch(name) and len(name) <= NAME_LIMIT * 2:
        return None
    return Fault(f"{shown(name)} cannot be an address", f"rename the folder to {slug(name, NAME_LIMIT * 2) or 'a-short-name'}")


# ------------------------------------------------------------------ comparison.yaml


def _declaration(root: Path, names: Sequence[str]) -> tuple[_Declaration | None, tuple[Diagnostic, ...]]:
    """comparison.yaml, checked as far as it can be without the other files."""
    file = read_text(root, names, COMPARISON_LIMIT)
    if not isinstance(file, TextFile):
        return None, (file,)
    data, spots = read_yaml(file)
    if not isinstance(data, YamlMap):
        fault = Fault("comparison.yaml is not a mapping", "it needs at least 'title' and 'witnesses'")
        return None, report(file, spots or (Spot(0, fault),))
    model, found = validate(ComparisonFile, data)
    more = tuple(_inner_faults(model)) if model is not None else ()
    faults = report(file, spots, placed(data, (*found, *more)))
    return (None if faults or model is None else _Declaration(file, data, model)), (*faults, *invisible(file))


def _inner_faults(model: ComparisonFile) -> Iterator[Found]:
    """Names that do not fit together inside comparison.yaml."""
    names = tuple(model.witnesses)
    yield from _faults_of_witnesses(model)
    yield from _faults_of_pairs(model, names)
    for action in ("pair", "unpair"):
        for index, quotes in enumerate(getattr(model, action)):
            yield from (_unknown_witness((action, index, name), name, names, of_key=True) for name in quotes if name not in names)
            if len(quotes) < 2:
                fault = Fault("a passage of one witness only", "quote the passage of two witnesses")
                yield Found((action, index), of_key=False, fault=fault)


def _faults_of_witnesses(model: ComparisonFile) -> Iterator[Found]:
    """Two witnesses with one file, and `based_on` that leads nowhere or in a circle."""
    files: dict[str, str] = {}
    for name, witness in model.witnesses.items():
        other = files.setdefault(witness.file, name)
        if other != name:
            fault = Fault(f"{shown(witness.file)} is already the text of {other!r}", "each witness has a file of its own")
            yield Found(("witnesses", name, "file"), of_key=False, fault=fault)
        loc = ("witnesses", name, "based_on")
        if witness.based_on is not None and witness.based_on not in model.witnesses:
            yield _unknown_witness(loc, witness.based_on, tuple(model.witnesses))
        elif name in _ancestors(model, name):
            yield Found(loc, of_key=False, fault=Fault(f"{name!r} is based on itself", "take one 'based_on' of the circle out"))


def _ancestors(model: ComparisonFile, name: str) -> set[str]:
    """The witnesses that one is based on, at any remove."""
    found: set[str] = set()
    entry = model.witnesses.get(name)
    while entry is not None and entry.based_on is not None and entry.based_on not in found:
        found.add(entry.based_on)
        entry = model.witnesses.get(entry.based_on)
    return found


def _faults_of_pairs(model: ComparisonFile, names: tuple[str, ...]) -> Iterator[Found]:
    """Pairs of unknown witnesses, of one with itself, and pairs that would have one address."""
    routes: set[str] = set()
    for index, pair in enumerate(model.pairs if isinstance(model.pairs, tuple) else ()):
        loc = ("pairs", index)
        yield from (_unknown_witness((*loc, at), name, names) for at, name in enumerate(pair) if name not in names)
        route = "-".join(pair)
        if pair[0] == pair[1]:
            yield Found(loc, of_key=False, fault=Fault(f"{pair[0]!r} is compared with itself", "name two witnesses"))
        elif route in routes:
            fault = Fault(f"a second pair with the address {route!r}", "keep one of them, or rename a witness")
            yield Found(loc, of_key=False, fault=fault)
        routes.add(route)


def _unknown_witness(loc: tuple[str | int, ...], name: str, names: tuple[str, ...], *, of_key: bool = False) -> Found:
    return Found(loc, of_key=of_key, fault=Fault(f"unknown witness {shown(name)}", name=name, known=names))


def _pairs(model: ComparisonFile) -> tuple[Pair[str], ...]:
    """The pairs to compare: those listed, each witness with the next, or the base with each other one."""
    names = tuple(model.witnesses)
    if model.pairs is None:
        return tuple(Pair(names[0], name) for name in names[1:])
    return tuple(Pair(a, b) for a, b in (pairwise(names) if isinstance(model.pairs, str) else model.pairs))


def _overrides(declaration: _Declaration) -> Iterator[PairingOverride]:
    """`pair` and `unpair` of comparison.yaml, each with its place."""
    where = declaration.file.where
    for index, quotes in enumerate(declaration.model.pair):
        yield PairingOverride("pair", tuple(quotes.items()), where(value_place(declaration.data, ("pair", index))))
    for index, quotes in enumerate(declaration.model.unpair):
        yield PairingOverride("unpair", tuple(quotes.items()), where(value_place(declaration.data, ("unpair", index))))


# ------------------------------------------------------------------ witnesses


def _witnesses(
    root: Path, folder: Sequence[str], file_names: Sequence[str], declaration: _Declaration, config: SiteConfig
) -> tuple[tuple[Source, ...] | None, tuple[Diagnostic, ...]]:
    """All witnesses, or None when one of them cannot be read; and what is to be said of each."""
    sources: list[Source] = []
    faults: list[Diagnostic] = []
    for name, entry in declaration.model.witnesses.items():
        text, own = read_witness(root, (*folder, entry.file))
        faults.extend(own)
        if isinstance(text, Fault):
            where = declaration.file.where(value_place(declaration.data, ("witnesses", name, "file")))
            faults.append(
                error(where, f"{shown(entry.file)} {text.message}", text.hint or _nearest_file(text, entry.file, file_names))
            )
        elif text is not None:
            sources.append(_source(declaration, name, text, shown_path(*folder, entry.file), config))
    return (tuple(sources) if len(sources) == len(declaration.model.witnesses) else None), tuple(faults)


def _nearest_file(fault: Fault, name: str, file_names: Sequence[str]) -> str:
    """The file that was perhaps meant by one that does not exist."""
    if fault is not MISSING:
        return ""
    texts = [each for each in file_names if each.endswith((".txt", ".md")) and each.isprintable() and not each.startswith(".")]
    if normalize("NFC", name) in (normalize("NFC", each) for each in texts):
        return "there is one whose name looks the same, with its accents as characters of their own or without: rename it"
    return did_you_mean(name, texts) if texts else ""


def _source(declaration: _Declaration, name: str, text: WitnessText, path: str, config: SiteConfig) -> Source:
    """A witness with what comparison.yaml, then its front matter, then the story, then the site say of it."""
    entry, own = declaration.model.witnesses[name], text.front_matter
    where = declaration.file.where
    roles = (
        RoleOverride(role.quote, role.role, where(value_place(declaration.data, ("witnesses", name, "roles", index))))
        for index, role in enumerate(entry.roles)
    )
    return Source(
        name=name,
        label=entry.label or own.label or name.replace("-", " ").capitalize(),
        publisher=entry.publisher or own.publisher or "",
        headline=entry.headline or own.headline or own.title or "",
        author=entry.author or own.author or "",
        published=entry.published or own.published or "",
        url=entry.url or own.url or "",
        archived=entry.archived or own.archived or "",
        language=entry.language or own.language or declaration.model.language or config.language,
        based_on=entry.based_on or "",
        generator=entry.generator.type if entry.generator else "",
        file_name=entry.file,
        text=text.text,
        blocks=text.blocks,
        styles=text.styles,
        roles=tuple(roles),
        where=Where(path),
    )
