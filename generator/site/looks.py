"""How each change of a comparison looks on the page: its id, classes, kinds, what it says on hover, and its move's other end.

In: rows. Out: a `Look` for each change, by the change's id. Also the ids and numbers of rows, which moves speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from generator.model import Change, ChangeKind, Row, Tag


class MoveLink(NamedTuple):
    """A link to the other end of a move; `direction`: up or down the page."""

    href: str
    direction: str
    label: str


class Look(NamedTuple):
    """What the templates need of a change.

    `key` names it everywhere; `id` is the same in the place that carries it as its id, else empty. `kinds`: space separated,
    the primary one first.
    """

    id: str
    key: str
    classes: str
    side_classes: str
    kinds: str
    title: str
    move: MoveLink | None


class Place(NamedTuple):
    """The id of a row, and its number for the reader (0 for a passage of one version)."""

    id: str
    number: int


def row_places(rows: Sequence[Row]) -> tuple[Place, ...]:
    """Rows with both sides are numbered p1, p2, …; passages of one version x1, x2 and so on."""
    places, paired, alone = [], 0, 0
    for row in rows:
        if row.blocks.a and row.blocks.b:
            paired += 1
            places.append(Place(f"p{paired}", paired))
        else:
            alone += 1
            places.append(Place(f"x{alone}", 0))
    return tuple(places)


def is_quiet(change: Change) -> bool:
    """Whether a change is one of typography, or of capitals alone, as where another sentence begins: no stop for stepping."""
    return change.kinds[0] == "typographic" or set(change.kinds) <= {"case", "typographic"}


def looks(rows: Sequence[Row]) -> dict[str, Look]:
    """The look of every change, by its id."""
    changes = [row.changes for row in rows]
    order = {change.id: (index, place) for index, row in enumerate(changes) for place, change in enumerate(row)}
    places = row_places(rows)
    found = {}
    for change in (change for row in changes for change in row):
        edit = change.edit
        classes, side_classes = _classes(
            "typographic" if is_quiet(change) else change.kinds[0],
            edit.tag,
            is_rewritten=bool(edit.kept),
            is_moved=bool(change.move),
        )
        move = _move(change, order, places) if change.move in order else None
        name = f"c-{change.id}"
        found[change.id] = Look(name, name, classes, side_classes, " ".join(change.kinds), change.detail, move)
    return found


@cache
def _classes(primary: ChangeKind, tag: Tag, *, is_rewritten: bool, is_moved: bool) -> tuple[str, str]:
    """Classes inline and in a text alone.

    `ty` is quiet and no stop for stepping; `inf` a grammatical ending; `sub` a substitution; `rw` a rewritten sentence.
    """
    if primary == "typographic":
        return "ty", "x ty"
    if primary == "inflection":
        return "c inf", "x inf"
    more = f" {'rw' if is_rewritten else 'sub'}" if tag == "replace" else ""
    if is_moved:
        more += " mv mv-from" if tag == "delete" else " mv mv-to"
    return "c" + more, "x" + more


def _move(change: Change, order: dict[str, tuple[int, int]], places: Sequence[Place]) -> MoveLink:
    here, there = order[change.id], order[change.move]
    is_down = there > here
    if here[0] == there[0]:
        where = f"{'later' if is_down else 'earlier'} in the paragraph"
    elif number := places[there[0]].number:
        where = f"paragraph {number}"
    else:
        where = f"further {'down' if is_down else 'up'}"
    words = "Moved to" if change.edit.tag == "delete" else "Moved here from"
    return MoveLink(f"#c-{change.move}", "down" if is_down else "up", f"{words} {where}")
