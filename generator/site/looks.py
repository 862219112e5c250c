"""How each change of a comparison looks on the page: its id, classes, kinds, what it says on hover, and its move's other end.

In: rows. Out: a `Look` for each change, by the change's id. Also the ids and numbers of rows, which moves speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from generator.model import Article, Change, ChangeKind, Pair, Row, Tag
from generator.site.labels import detail_in
from generator.site.language import Language, message
from generator.site.unseen import has_hidden

_QUIETEST = "ty"
"""The class of changes of typography, at which nothing stops."""


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

    @property
    def is_stop(self) -> bool:
        """Whether stepping stops at the change, and lists count it."""
        return not self.classes.startswith(_QUIETEST)

    def noted(self) -> Look:
        """The look of a change that a note speaks of: with the class `n`."""
        return self._replace(classes=self.classes + " n", side_classes=self.side_classes + " n")


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


QUIET_KINDS: frozenset[ChangeKind] = frozenset({"wording", "inflection", "case", "typographic"})
"""Kinds of change that leave facts, voices and structure alone: the filter "Hide wording" hides them."""


def _is_typographic(change: Change, articles: Pair[Article]) -> bool:
    """Whether a change is one of typography, or of capitals alone, as where another sentence begins.

    Characters that hide or turn text are no typography: such a change is shown in full.
    """
    if change.kinds[0] != "typographic" and not {"case", "typographic"}.issuperset(change.kinds):
        return False
    spans = change.edit.spans
    return not (has_hidden(spans.a.of(articles.a.text)) or has_hidden(spans.b.of(articles.b.text)))


def looks(rows: Sequence[Row], articles: Pair[Article], language: Language) -> dict[str, Look]:
    """The look of every change, by its id, in the order of the page; moves are spoken of in `language`."""
    changes = [row.changes for row in rows]
    order = {change.id: (index, place) for index, row in enumerate(changes) for place, change in enumerate(row)}
    places = row_places(rows)
    found = {}
    for change in (change for row in changes for change in row):
        edit = change.edit
        classes, side_classes = _classes(
            _QUIETEST if _is_typographic(change, articles) else change.kinds[0],
            edit.tag,
            is_rewritten=bool(edit.kept),
            is_moved=bool(change.move),
            is_quiet=QUIET_KINDS.issuperset(change.kinds),
        )
        move = _move(change, order, places, language) if change.move in order else None
        name = f"c-{change.id}"
        found[change.id] = Look(name, name, classes, side_classes, " ".join(change.kinds), detail_in(change.detail, language), move)
    return found


@cache
def _classes(primary: str, tag: Tag, *, is_rewritten: bool, is_moved: bool, is_quiet: bool) -> tuple[str, str]:
    """Classes inline and in a text alone.

    `ty` is no stop for stepping; `inf` a grammatical ending; `sub` a substitution; `rw` a rewritten sentence; `q` leaves facts,
    voices and structure alone.
    """
    if primary == _QUIETEST:
        return "ty q", "x ty q"
    if primary == "inflection":
        return ("c inf q", "x inf q") if is_quiet else ("c inf", "x inf")
    more = f" {'rw' if is_rewritten else 'sub'}" if tag == "replace" else ""
    if is_moved:
        more += " mv mv-from" if tag == "delete" else " mv mv-to"
    if is_quiet:
        more += " q"
    return "c" + more, "x" + more


def _move(change: Change, order: dict[str, tuple[int, int]], places: Sequence[Place], language: Language) -> MoveLink:
    here, there = order[change.id], order[change.move]
    direction = "down" if there > here else "up"
    number = places[there[0]].number
    is_gone = change.edit.tag == "delete"
    if here[0] == there[0]:
        label = language.text(_WITHIN[is_gone, direction])
    elif number:
        label = language.text(_TO_PARAGRAPH[is_gone], number=number)
    else:
        label = language.text(_FURTHER[is_gone, direction])
    return MoveLink(f"#c-{change.move}", direction, label)


_WITHIN = {
    (True, "down"): message("Moved to later in the paragraph"),
    (True, "up"): message("Moved to earlier in the paragraph"),
    (False, "down"): message("Moved here from later in the paragraph"),
    (False, "up"): message("Moved here from earlier in the paragraph"),
}
_TO_PARAGRAPH = {True: message("Moved to paragraph %(number)s"), False: message("Moved here from paragraph %(number)s")}
_FURTHER = {
    (True, "down"): message("Moved to further down"),
    (True, "up"): message("Moved to further up"),
    (False, "down"): message("Moved here from further down"),
    (False, "up"): message("Moved here from further up"),
}
