"""What is outdated, and why: values in, values out."""

from __future__ import annotations

import pytest

from generator.site.cache import PROGRAM, STORIES, Environment, Known, Wanted, key_of, outdated
from generator.site.inputs import Parts
from generator.site.report import Reason

SHARED = Environment(
    "now", {PROGRAM: "0.2 (ab)", "setting title": "1", "template index.html": "2", "asset style.css": "style.1.css"}
)
FILES = {"bridge/index.html": "h1", "bridge/a.txt": "h2"}
INPUTS = {"a.txt": "1", "comparison.yaml": "2"}


def known(inputs: Parts | None = None, environment: str = "now", **fields: object) -> Known:
    inputs = INPUTS if inputs is None else inputs
    return Known(key_of(inputs, environment), inputs, environment, FILES)._replace(**fields)  # type: ignore[arg-type]  # a test's keywords


def reasons(before: Known | None, now: Wanted, then: Parts | None = None, standing: dict[str, str] | None = None) -> list[str]:
    units = {} if before is None else {"bridge": before}
    shared = {"then": then or {}, "now": SHARED.parts}
    found = outdated(units, shared, {"bridge": now}, FILES if standing is None else standing, {"ferry"})
    return [str(reason) for reason in found.get("bridge", ())]


def test_what_is_as_it_was_is_left() -> None:
    assert reasons(known(), Wanted(dict(INPUTS), SHARED)) == []


def test_what_is_not_known_is_new() -> None:
    assert reasons(None, Wanted(INPUTS, SHARED)) == ["new"]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({**INPUTS, "a.txt": "9"}, ["a.txt changed"]),
        ({**INPUTS, "b.txt": "1"}, ["b.txt added"]),
        ({"a.txt": "1"}, ["comparison.yaml removed"]),
        ({"a.txt": "9", "b.txt": "1"}, ["a.txt changed", "b.txt added", "comparison.yaml removed"]),
    ],
)
def test_every_file_that_differs_is_a_reason(inputs: Parts, expected: list[str]) -> None:
    assert reasons(known(), Wanted(inputs, SHARED)) == expected


@pytest.mark.parametrize(
    ("name", "then", "expected"),
    [
        ("setting title", "0", "setting title changed"),
        ("template index.html", "0", "template index.html changed"),
        ("asset style.css", "style.0.css", "asset style.css changed"),
        (PROGRAM, "0.1 (ab)", "program 0.1 → 0.2"),
        (PROGRAM, "0.2 (cd)", "program changed"),
    ],
)
def test_every_shared_part_that_differs_is_a_reason(name: str, then: str, expected: str) -> None:
    assert reasons(known(environment="then"), Wanted(INPUTS, SHARED), {**SHARED.parts, name: then}) == [expected]


def test_a_file_that_does_not_stand_as_it_was_written_is_a_reason() -> None:
    assert reasons(known(), Wanted(INPUTS, SHARED), standing={"bridge/a.txt": "h2"}) == ["bridge/index.html missing in output"]
    assert reasons(known(), Wanted(INPUTS, SHARED), standing={**FILES, "bridge/a.txt": "other"}) == [
        "bridge/a.txt missing in output"
    ]


def test_all_reasons_are_told_at_once() -> None:
    changed = Wanted({**INPUTS, "a.txt": "9"}, SHARED)
    told = reasons(known(environment="then"), changed, {**SHARED.parts, "setting title": "0"}, {"bridge/a.txt": "h2"})
    assert told == ["a.txt changed", "setting title changed", "bridge/index.html missing in output"]


def test_a_list_names_the_comparisons_that_changed_in_it() -> None:
    before = known({STORIES: "1", "list": "1"})
    assert reasons(before, Wanted({STORIES: "2", "list": "1"}, SHARED, ("bridge", "ferry"))) == ["ferry changed"]
    assert reasons(before, Wanted({STORIES: "2", "list": "1"}, SHARED, ("bridge",))) == ["list of comparisons changed"]
    assert reasons(before, Wanted({STORIES: "1", "list": "2"}, SHARED, ("bridge",))) == ["list changed"]


def test_a_unit_without_a_sound_key_is_built_again() -> None:
    assert reasons(known(key=""), Wanted(INPUTS, SHARED)) == ["the record of what it was made from changed"]


def test_shared_parts_that_are_forgotten_are_all_reasons() -> None:
    assert len(reasons(known(environment="forgotten"), Wanted(INPUTS, SHARED))) == len(SHARED.parts)


def test_units_come_in_the_order_they_are_wanted() -> None:
    wanted = {name: Wanted({}, SHARED) for name in ("c", "a", "b")}
    assert list(outdated({}, {}, wanted, {})) == ["c", "a", "b"]
    assert outdated({}, {}, wanted, {})["a"] == (Reason("", "new"),)
