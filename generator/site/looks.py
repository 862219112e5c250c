"""How each change of a comparison looks on the page: its id, classes, kinds, what it says on hover, and its move's other end.

In: rows. Out: a `Look` for each change, by the change's id. Also the ids and numbers of rows, which moves speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator.model import Change, Row


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


def looks(rows: Sequence[Row]) -> dict[str, Look]:
    """The look of every change, by its id."""
    order = {change.id: (index, place) for index, row in enumerate(rows) for place, change in enumerate(row.changes)}
    places = row_places(rows)
    return {
        change.id: Look(
            f"c-{change.id}",
            f"c-{change.id}",
            " ".join(classes := _classes(change)),
            " ".join(["x", *(name for name in classes if name != "c")]),
            " ".join(change.kinds),
            change.detail,
            _move(change, order, places) if change.move in order else None,
        )
        for row in rows
        for change in row.changes
    }


def _classes(change: Change) -> list[str]:
    """`ty` is quiet and no stop for stepping; `inf` a grammatical ending; `sub` a substitution; `rw` a rewritten sentence."""
    primary = change.kinds[0]
    if primary == "typographic":
        return ["ty"]
    if primary == "inflection":
        return ["c", "inf"]
    classes = ["c"]
    if change.edit.tag == "replace":
        classes.append("rw" if change.edit.kept else "sub")
    if change.move:
        classes += ["mv", "mv-from" if change.edit.tag == "delete" else "mv-to"]
    return classes


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
