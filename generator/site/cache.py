"""What has to be built again, and why.

In: what each unit of the site was made from last time, and what it would be made from now. Out: the units to build, each with its
reasons. Everything here is a pure function of values; `inputs` looks at the disk, `store` keeps what is known from build to build.

A unit is a story, or a file (some files) around the stories. The laws of the cache:

- Everything that has a say in a unit's bytes is one of its parts, by the digest of its content: files, settings, templates, the
  names of assets, the program. Times and places are no parts.
- What is known of a unit is never changed, only replaced as a whole, and only after what it tells of stands in output/.
- Warnings are known with the unit, so that they are told again while it is left as it is.
- Whatever is not known is built: less knowledge costs time, never bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from generator.errors import Diagnostic
from generator.site.inputs import Parts
from generator.site.report import Reason
from generator.site.stamps import digest


class Environment(NamedTuple):
    """The parts that units share: settings, templates, asset names, the program. `key`: one digest of them all."""

    key: str
    parts: Parts


class Known(NamedTuple):
    """A unit as it was built: the key of what it was made from, and what came of it.

    `inputs`: its own parts. `environment`: the key of the others. `files`: paths in the site, with their hashes; `page_count`: how
    many are pages. The rest is a story's: its stamp, digests of its facts, of these without its notes (`brief`), and of its part in
    the site's notes, the comparisons and notes in it, and its faults.
    """

    key: str
    inputs: Parts
    environment: str
    files: Mapping[str, str]
    page_count: int = 0
    stamp: str = ""
    facts: str = ""
    brief: str = ""
    notes: str = ""
    comparison_count: int = 0
    note_count: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()


class Wanted(NamedTuple):
    """A unit as it would be built now. `needs`: the stories whose facts it is made from, which `inputs` holds as one digest."""

    inputs: Parts
    environment: Environment
    needs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """One digest of all parts."""
        return key_of(self.inputs, self.environment.key)


def key_of(inputs: Parts, environment: str) -> str:
    """One digest of a unit's own parts and of those it shares."""
    return digest(repr((sorted(inputs.items()), environment)).encode("utf-8", "backslashreplace"))


STORIES = "comparisons"
"""The part of a unit's inputs that is the digest of the facts of the stories it needs, in their order."""


def outdated(
    known: Mapping[str, Known],
    environments: Mapping[str, Parts],
    wanted: Mapping[str, Wanted],
    standing: Mapping[str, str],
    altered: Collection[str] = (),
) -> dict[str, tuple[Reason, ...]]:
    """The units of `wanted` that must be built, in its order, each with all its reasons.

    `environments`: the shared parts behind the keys in `known`. `standing`: the files in output/ with their hashes. `altered`:
    stories whose facts are others than last time.
    Law: a unit that is not returned has the key it had, and every file it was built into stands as it was written.
    """
    found: dict[str, tuple[Reason, ...]] = {}
    for name, unit in wanted.items():
        before = known.get(name)
        if before is None:
            found[name] = (Reason("", "new"),)
            continue
        reasons = tuple(_missing(before.files, standing))
        if before.key != unit.key:
            reasons = (*_different(before, environments.get(before.environment, {}), unit, altered), *reasons)
        if reasons:
            found[name] = reasons
    return found


def _missing(files: Mapping[str, str], standing: Mapping[str, str]) -> Iterator[Reason]:
    for path, written in files.items():
        if standing.get(path) != written:
            yield Reason(path, "missing in output")


def _different(before: Known, environment: Parts, unit: Wanted, altered: Collection[str]) -> Iterator[Reason]:
    """What differs between the parts of a unit then and now; at least one thing."""
    inputs = tuple(_differences(before.inputs, unit.inputs))
    for reason in inputs:
        which = [slug for slug in unit.needs if slug in altered] if reason.what == STORIES else []
        yield from (Reason(slug, "changed") for slug in which) if which else (_list_reason(reason),)
    shared = tuple(_differences(environment, unit.environment.parts)) if before.environment != unit.environment.key else ()
    yield from shared
    if not inputs and not shared:
        yield Reason("the record of what it was made from", "changed")


def _list_reason(reason: Reason) -> Reason:
    return Reason("list of comparisons", "changed") if reason.what == STORIES else reason


def _differences(before: Parts, now: Parts) -> Iterator[Reason]:
    for name in sorted({*before, *now}):
        if name not in before:
            yield Reason(name, "added")
        elif name not in now:
            yield Reason(name, "removed")
        elif before[name] != now[name]:
            yield _changed(name, before[name], now[name])


def _changed(name: str, before: str, now: str) -> Reason:
    """A change; of the program, with both versions if they differ."""
    versions = (before.split(maxsplit=1)[0], now.split(maxsplit=1)[0])
    return Reason(name, "changed", " → ".join(versions) if name == PROGRAM and versions[0] != versions[1] else "")


PROGRAM = "program"
"""The part that is this program."""
