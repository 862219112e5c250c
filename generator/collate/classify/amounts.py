"""Changed numbers and dates: which figures of an edit differ, and which of them belong together.

In: a row as two `Passage`s, and the two spans of an edit. Out: the facts that differ, or the detail that says how. A figure
that the edit takes away and that stands elsewhere in the row has moved, and is no change. Nothing is rounded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from math import isfinite

from generator.collate.classify.details import MAX_PAIRS, became, listed, text_of
from generator.collate.classify.statements import Edited, Facts, Passage
from generator.collate.classify.vocabulary import Fact
from generator.model import ChangeKind, Pair

SAME_MAGNITUDE = 2.0
"""Factor below which two figures in one change are taken for figures of one thing though the nouns differ ("12,000 troops",
"15,000 soldiers"). Higher: "two days" and "seven miles" are one thing. From 1.3 to 2."""

MAX_ROUNDING = 0.1
"""Share of a figure by which a rounded one may differ from it and still say the same: "5 billion" of "5.1 billion", not
"20,000" of "15,000". From .05 to .2."""

_AMOUNT = re.compile(r"[<>]?-?[\d.]+(?:e[-+]?\d+)?")


def number_change(edit: Edited) -> str | None:
    """Figures that one side has and the other has not, or that stand in each other's place."""
    a, b = _changed_facts("number", edit.row, edit.facts)
    return listed(_number_detail(edit.row, *pair) for pair in islice(paired(a, b), MAX_PAIRS + 1)) if a or b else None


def _changed_facts(kind: ChangeKind, row: Pair[Passage], facts: Pair[Facts]) -> tuple[list[Fact], list[Fact]]:
    """The numbers or dates among the facts that differ: not those that have moved inside the row.

    Weak ones differ only by standing in each other's place.
    """
    a, b = without_common(facts.a.get(kind, ()), facts.b.get(kind, ()))
    if a and b:
        return _not_moved(a, kind, row.b), _not_moved(b, kind, row.a)
    return _lost(a, row.b), _lost(b, row.a)


def without_common(a: Sequence[Fact], b: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Both without those of equal value, each counted as often as it occurs.

    A value of one unit does not answer for another unit that the other side gives another value: "12 dead and 15 wounded" has
    nothing in common with "15 dead and 12 wounded".
    """
    if not a or not b:
        return list(a), list(b)
    if list(map(_value_and_unit, a)) == list(map(_value_and_unit, b)):
        return [], []
    left_a, left_b = _without(a, b, _value_and_unit), _without(b, a, _value_and_unit)
    disputed = {fact.unit for fact in left_a if fact.unit} & {fact.unit for fact in left_b if fact.unit}
    if len(disputed) > 1:
        left_a, left_b = (
            _without(left_a, [f for f in left_b if f.unit not in disputed], _value),
            _without(left_b, [f for f in left_a if f.unit not in disputed], _value),
        )
        return left_a, left_b
    return _without(left_a, left_b, _value), _without(left_b, left_a, _value)


def _value(fact: Fact) -> str:
    return fact.value


def _value_and_unit(fact: Fact) -> tuple[str, str]:
    return fact.value, fact.unit


def _without(facts: Sequence[Fact], others: Sequence[Fact], key: Callable[[Fact], object]) -> list[Fact]:
    left = Counter(map(key, others))
    kept = []
    for fact in facts:
        if left[key(fact)] > 0:
            left[key(fact)] -= 1
        else:
            kept.append(fact)
    return kept


def _not_moved(facts: Sequence[Fact], kind: ChangeKind, other: Passage) -> list[Fact]:
    """Those without a fact of equal value and unit on the other side."""
    units = {(fact.value, fact.unit) for fact in other.facts.get(kind, ())}
    return [fact for fact in facts if (fact.value, fact.unit) not in units and not _is_spelt_out(fact, other)]


def _lost(facts: Sequence[Fact], other: Passage) -> list[Fact]:
    """Those that say something by themselves, and whose value stands nowhere on the other side."""
    return [fact for fact in facts if not fact.weak and not other.counts[fact.kind, fact.value] and not _is_spelt_out(fact, other)]


def _is_spelt_out(fact: Fact, other: Passage) -> bool:
    """Whether all words of a relative time stand on the other side: "earlier this year", "earlier reports this year"."""
    return fact.kind == "date" and bool(fact.unit) and all(word in other.words for word in fact.unit.split())


def paired(a: Sequence[Fact], b: Sequence[Fact]) -> Iterator[tuple[Fact | None, Fact | None]]:
    """Facts side by side: first those that count the same thing, then the others, each in order."""
    left: dict[str, list[Fact]] = {}
    for fact in reversed(b):
        left.setdefault(fact.unit, []).append(fact)
    waiting = []
    for fact in a:
        if fact.unit and left.get(fact.unit):
            yield fact, left[fact.unit].pop()
        else:
            waiting.append(fact)
    yield from zip_longest(waiting, sorted(fact for same in left.values() for fact in same))


def _number_detail(row: Pair[Passage], a: Fact | None, b: Fact | None) -> str:
    """What became what, and by how much: "12,000 → 15,000 (+25 %)"; percentages are compared in points."""
    detail = became(text_of(row.a, a), text_of(row.b, b))
    if a is None or b is None or not a.amount or a.amount == b.amount or _sign(a) == "th":
        return detail
    if _sign(a) != _sign(b) or not isfinite(b.amount / a.amount):
        return detail
    if _sign(a) == "%":
        return f"{detail} ({b.amount - a.amount:+.3g} points)"
    return f"{detail} ({_percentage(100 * (b.amount - a.amount) / abs(a.amount))})"


def _sign(fact: Fact) -> str:
    """The unit in the value of a number: "%", a currency, "th" or empty."""
    return _AMOUNT.sub("", fact.value)


def _percentage(change: float) -> str:
    return f"{change:+.1f} %" if abs(change) < 10 and round(change, 1) != round(change) else f"{change:+,.0f} %"


def date_change(edit: Edited) -> str | None:
    """Times that one side has and the other has not, or that stand in each other's place."""
    a, b = _changed_facts("date", edit.row, edit.facts)
    return side_by_side(edit.row, a, b) if a or b else None


def side_by_side(row: Pair[Passage], a: Sequence[Fact], b: Sequence[Fact]) -> str:
    """What became what: the facts of both sides in pairs, of many the first ones."""
    return listed(became(text_of(row.a, x), text_of(row.b, y)) for x, y in islice(paired(a, b), MAX_PAIRS + 1))


def contradicts(row: Pair[Passage], changed: Sequence[Pair[Facts]]) -> bool:
    """Whether both sides give a figure of one thing, and the figures differ; or a day, month, year or hour.

    Measured on 951 newswire pairs: of the changed figures and dates that people annotated it finds 96 in 100, and 81 in 100
    that it finds are annotated.
    """
    left = without_common(row.a.facts.get("number", ()), row.b.facts.get("number", ()))
    together = {(x, y) for facts in changed for x in facts.a.get("number", ()) for y in facts.b.get("number", ())}
    return any(_count_one_thing(x, y, in_one_change=(x, y) in together) for x in left[0] for y in left[1]) or any(
        _are_dates_of_one_sort(x, y) for facts in changed for x, y in zip(*_changed_facts("date", row, facts), strict=False)
    )


def _count_one_thing(a: Fact, b: Fact, *, in_one_change: bool) -> bool:
    """Whether two different figures are of one thing: their units are equal, or they stand in one change.

    In one change a unit must be unknown, or the figures must be of one magnitude. A figure and the same one rounded agree.
    """
    if a.weak or b.weak or _sign(a) != _sign(b) or _is_rounded(a.amount, b.amount) or _is_rounded(b.amount, a.amount):
        return False
    if a.unit and b.unit:
        return a.unit == b.unit or (in_one_change and 1 / SAME_MAGNITUDE < abs(a.amount / (b.amount or 1.0)) < SAME_MAGNITUDE)
    return in_one_change


def _is_rounded(short: float, long: float) -> bool:
    """Whether the figure `short` is `long` given in fewer digits; a half is rounded up."""
    if short == long or abs(long - short) > MAX_ROUNDING * abs(long):
        return False
    digits = len(f"{abs(short):.11e}".partition("e")[0].rstrip("0").replace(".", ""))
    return f"{long * (1 + 1e-9):.{digits - 1}e}" == f"{short:.{digits - 1}e}"


def _are_dates_of_one_sort(a: Fact, b: Fact) -> bool:
    """Whether both are weekdays, or months, years, hours: the first word of their values says so.

    "July 10" and "July" do not differ: one says less.
    """
    sort = a.value.partition(" ")[0]
    says_less = f"{a.value} ".startswith(f"{b.value} ") or f"{b.value} ".startswith(f"{a.value} ")
    return sort == b.value.partition(" ")[0] and sort not in {"relative", "season"} and not says_less
