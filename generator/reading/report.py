"""The faults of one file as diagnostics: each at its place, and never more than a screenful.

In: faults, each with the code point it stands at. Out: diagnostics in the order of the file, with their hints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.errors import Diagnostic, Where, did_you_mean, error
from generator.reading.files import TextFile
from generator.reading.formats import Fault
from generator.reading.validation import Found
from generator.reading.yamlnodes import Spot, Yaml, key_place, value_place

FAULTS_SHOWN = 50
"""How many faults of one file are listed; the rest are counted. People mend a screenful at a time."""

NAME_SOUGHT = 64
"""Longest name whose nearest known one is looked for: no key, kind or id is longer."""

NAMES_SOUGHT = 200
"""How many known names are looked through at most, past which only those with the same first two letters are."""

HINT_LENGTH = 240
"""Longest list of known names; three lines of a terminal."""


def placed(data: Yaml, found: Iterable[Found]) -> Iterator[Spot]:
    """Faults in data with their places."""
    for loc, of_key, fault in found:
        yield Spot((key_place if of_key else value_place)(data, loc), fault)


def report(file: TextFile, of_syntax: Iterable[Spot], of_data: Iterable[Spot] = ()) -> tuple[Diagnostic, ...]:
    """Errors in the order of the file; after fifty, a count of the rest. Where the syntax is at fault, the data are not blamed."""
    syntax = frozenset(of_syntax)
    blamed = {at for at, _ in syntax}
    spots = sorted({*syntax, *(spot for spot in of_data if spot.at not in blamed or spot.fault.stands_for > 1)}, key=_order)
    listed = [spot for spot in spots if spot.fault.stands_for == 1][:FAULTS_SHOWN]
    shown = tuple(error(file.where(at), fault.message, _hint(fault)) for at, fault in listed)
    rest = sum(spot.fault.stands_for for spot in spots) - len(shown)
    return (*shown, error(Where(file.path), f"{rest:,} more faults in this file", "mend the first ones")) if rest else shown


def _order(spot: Spot) -> tuple[int, str]:
    return spot.at, spot.fault.message


def _hint(fault: Fault) -> str:
    """A fault's hint; where names are known, the nearest of them or a list."""
    if not fault.known or len(fault.name) > NAME_SOUGHT:
        return fault.hint
    known = [name for name in fault.known if name.isprintable()]
    if len(known) > NAMES_SOUGHT:
        known = [name for name in known if name.startswith(fault.name[:2])][:NAMES_SOUGHT]
    hint = did_you_mean(fault.name, known) if known else fault.hint
    return hint if len(hint) <= HINT_LENGTH else hint[: HINT_LENGTH - 1] + "…"
