"""The command `anchor`: locks the place of every note, and tells what it changes. The only writer of annotations.lock.json.

Exit codes: 0 every note of the comparisons is locked; 1 some are doubtful, and not accepted; 2 wrong usage, settings, or the disk.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from generator.chosen import settings, story_folder
from generator.collate.anchor.locking import DOUBTFUL, Standing, State, standings
from generator.collate.segment import segment
from generator.config import SiteConfig
from generator.console import print_diagnostics
from generator.errors import Diagnostic, did_you_mean, has_errors
from generator.locks import LOCK_FILE, lock_text
from generator.model import Lock, LockedPlace, Story
from generator.sources import read_story, story_folders
from generator.terminal import DONE, FAULTY, Debug, Site, count, failures_told, printable, site_root, write_whole

commands = typer.Typer(rich_markup_mode=None)

QUOTED_LENGTH = 72
"""Characters of a quotation shown in a line; with what stands before it, most fit a terminal of 100 columns."""

_STATES: tuple[State, ...] = ("new", "context updated", "moved?", "fuzzy", "orphan", "shifted", "unchanged")
"""In the order of the summary; notes that are as they were, or only further up or down, are not listed."""

_SILENT = frozenset(_STATES[-2:])
_SPACES = re.compile(r"\s+")


class _Work(NamedTuple):
    """A story with the standing of its notes, and the ids of locked notes that are in no sidecar any more."""

    folder: Path
    story: Story
    standings: tuple[Standing, ...]
    gone: tuple[str, ...]

    def locks(self, accepted: Collection[str]) -> tuple[Lock, ...]:
        """The locks to keep."""
        return tuple(lock for standing in self.standings if (lock := standing.kept(accepted)) is not None)

    def doubtful(self, accepted: Collection[str]) -> tuple[str, ...]:
        """The notes that are not locked where they stand, each once."""
        doubts = (each for each in self.standings if each.state in DOUBTFUL)
        return tuple(dict.fromkeys(each.note for each in doubts if each.note not in accepted or each.new is None))


@commands.command()
def anchor(
    stories: Annotated[list[str] | None, typer.Argument(metavar="STORY", help="Folders of content/. Default: all.")] = None,
    *,
    site: Site = Path(),
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="ID", help="Lock this note where it stands, doubtful or not.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; write nothing.")] = False,
    debug: Debug = False,
) -> None:
    """Lock where notes stand, in annotations.lock.json beside each comparison, so that none ends up on other words unnoticed."""
    with failures_told(debug):
        root = site_root(site)
        config = settings(root)
        accepted = frozenset(accept or ())
        folders = dict.fromkeys(story_folder(root, name) for name in stories) if stories else story_folders(root)
        works = [_work(root, folder, config) for folder in folders]
        _refuse_unknown(accepted, [work for work in works if work is not None])
        is_sure = True
        for work in works:
            is_sure = work is not None and _lock(work, accepted, dry_run=dry_run) and is_sure
        raise typer.Exit(DONE if is_sure else FAULTY)


def _refuse_unknown(accepted: Iterable[str], works: Sequence[_Work]) -> None:
    """Refuse to accept what is no note."""
    known = {note.id for work in works for note in work.story.annotations}
    for id_ in accepted:
        if id_ not in known:
            hint = did_you_mean(id_, known) if known else "no note is there to be locked"
            raise typer.BadParameter(printable(f"there is no note {id_!r} ({hint})"), param_hint="--accept")


def _work(root: Path, folder: Path, config: SiteConfig) -> _Work | None:
    """A story, and how its notes stand. With errors in its files none is locked: a note left out would lose its lock."""
    story, faults = read_story(root, folder, config)
    print_diagnostics(faults)
    if story is None or has_errors(faults):
        typer.echo(f"{printable(folder.name)}: not locked; mend its errors first")
        return None
    articles = [segment(source)[0] for source in story.witnesses]
    present = {note.id for note in story.annotations}
    gone = sorted({lock.note for lock in story.locks} - present)
    return _Work(folder, story, standings(story.annotations, articles, story.locks), tuple(gone))


def _lock(work: _Work, accepted: Collection[str], *, dry_run: bool) -> bool:
    """Tell and write one story's locks; whether every note is locked where it stands."""
    for line in _lines(work, accepted):
        typer.echo(printable(line))
    doubtful = work.doubtful(accepted)
    print_diagnostics(_told(work, accepted))
    locks = work.locks(accepted)
    path, data = work.folder / LOCK_FILE, lock_text(locks).encode()
    stands = path.is_file() and not path.is_symlink() and path.read_bytes() == data
    is_same = stands or not (locks or path.exists())
    if not (dry_run or is_same):
        write_whole(path, data)
    done = "nothing to change" if is_same else "not written (--dry-run)" if dry_run else f"{LOCK_FILE} written"
    typer.echo(f"{printable(work.story.slug)}: {_summary(work)}; {done}")
    if doubtful:
        typer.echo(f"  {count(len(doubtful), 'note')} to look at: {', '.join(doubtful)}")
    return not doubtful


def _told(work: _Work, accepted: Collection[str]) -> tuple[Diagnostic, ...]:
    """What is to be said of notes that stay doubtful."""
    doubts = (standing for standing in work.standings if standing.new is None or standing.note not in accepted)
    return tuple(dict.fromkeys(diagnostic for standing in doubts for diagnostic in standing.told))


def _summary(work: _Work) -> str:
    """How many quotations stand how, as in `86 quotations: 2 new, 1 fuzzy, 83 unchanged`."""
    counts = {state: sum(each.state == state for each in work.standings) for state in _STATES}
    parts = ", ".join(f"{number:,} {state}" for state, number in counts.items() if number)
    return f"{count(len(work.standings), 'quotation')}{f': {parts}' if parts else ''}"


def _lines(work: _Work, accepted: Collection[str]) -> Iterator[str]:
    """What changes, note by note; the witnesses with one state share a line."""
    for note, group in groupby(work.standings, key=lambda standing: standing.note):
        changed = [standing for standing in group if standing.state not in _SILENT]
        for state in dict.fromkeys(standing.state for standing in changed):
            alike = [standing for standing in changed if standing.state == state]
            names = ", ".join(dict.fromkeys(standing.witness for standing in alike))
            is_taken = note in accepted and state in DOUBTFUL and all(standing.new for standing in alike)
            yield f"  {note}: {state}{', accepted' if is_taken else ''} ({names})"
            yield from (f"    {line}" for standing in alike for line in _change(standing))
    yield from (f"  {note}: no longer in the sidecars, its lock is dropped" for note in work.gone)


def _change(standing: Standing) -> Iterator[str]:
    """The words before and after, where they are not those of the lock."""
    if standing.state in {"moved?", "fuzzy"} and standing.old and standing.new:
        for sign, lock in (("-", standing.old), ("+", standing.new)):
            yield from (f"{sign} {_in_context(place)}" for place in lock.places)
    elif standing.state == "orphan":
        yield f"- {_shown(standing.selector.quote or (standing.old.places[0].exact if standing.old else 'a position'))}"
        yield from (f"+ {_in_context(place)}" for place in (standing.new.places if standing.new else ()))


def _in_context(place: LockedPlace) -> str:
    """A locked place on one line."""
    before, after = (_SPACES.sub(" ", context) for context in (place.prefix, place.suffix))
    return f"…{before}[{_shown(place.exact)}]{after}…"


def _shown(quote: str) -> str:
    quote = " ".join(quote.split())
    return quote if len(quote) <= QUOTED_LENGTH else quote[: QUOTED_LENGTH - 1].rstrip() + "…"
