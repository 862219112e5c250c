"""Notes stand on the words they quote, or nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from generator.collate.anchor import allot, anchor, nearest, passages, placing
from generator.collate.anchor.find import QUOTED_LENGTH
from generator.collate.anchor.locking import standings
from generator.collate.anchor.passages import folded_quote, needle_in, prepared, ready, whole_places
from generator.collate.anchor.relocate import context_score
from generator.collate.fold import fold_with_map
from generator.collate.segment import segment
from generator.config import read_config
from generator.errors import Where
from generator.model import Annotation, Article, Evidence, Lock, LockedPlace, Pair, Placement, Selector, Span, Story
from generator.sources import read_story, story_folders
from tests import pictures
from tests.stories import ROOT, source

CASES = sorted((ROOT / "tests" / "cases" / "anchor").glob("*.txt"))
LOCKED_CASES = sorted((ROOT / "tests" / "cases" / "anchor" / "locked").glob("*.txt"))
EXAMPLES = story_folders(ROOT)
OPEN, CLOSE = "⟦", "⟧"
HERE = Where("annotations.yaml", 3, 5)


def article(text: str, name: str = "one") -> Article:
    return segment(source(name, text))[0]


def selector(quote: str = "", **fields: Any) -> Selector:
    return Selector(quote, HERE, **fields)


def note(**targets: Selector | tuple[Selector, ...]) -> Annotation:
    """A note with these selectors, by witness name."""
    chosen = tuple((name, found if isinstance(found, tuple) else (found,)) for name, found in targets.items())
    return pictures.note("n", targets=chosen, where=HERE)


def placed(text: str, wanted: Selector, locks: tuple[Lock, ...] = ()) -> tuple[Placement, tuple[str, ...]]:
    """The placement of one selector in one text, and what the writer is told."""
    articles = Pair(article(text), article("Nothing.", "two"))
    (placement,), diagnostics = anchor((note(one=wanted),), articles, locks)
    assert all(diagnostic.where == wanted.where for diagnostic in diagnostics)
    return placement, tuple(str(diagnostic).removeprefix(f"{HERE}: ") for diagnostic in diagnostics)


def locked_in(text: str, wanted: Selector) -> tuple[Lock, ...]:
    """The lock of one selector, made on a text that it has a place in."""
    (standing,) = standings((note(one=wanted),), (article(text),), ())
    assert standing.state == "new"
    assert standing.new is not None
    return (standing.new,)


def folded(text: str) -> str:
    return fold_with_map(text).text.strip()


# ------------------------------------------------------------------ cases as pictures


@dataclass(frozen=True)
class Case:
    """`locked`: the text when the note was locked, if it was; `methods`: how each anchor was found, with its score."""

    name: str
    locked: str
    picture: str
    selector: Selector
    methods: tuple[str, ...]
    told: tuple[str, ...]


def read_cases(path: Path) -> Iterator[Case]:
    """Cases of a file: a title, the text as it was locked (<) and as it is (|), the selector, methods (=), what is told (!)."""
    for part in path.read_text(encoding="utf-8").strip().split("\n\n"):
        title, *lines = part.splitlines()
        locked, picture = ("\n".join(line[2:] for line in lines if line.startswith(sign)) for sign in "<|")
        methods, told = (tuple(line[2:] for line in lines if line.startswith(sign)) for sign in "=!")
        fields = dict(line.split(": ", 1) for line in lines if line[0] not in "<|=!")
        yield Case(f"{path.stem}: {title[2:]}", locked, picture, read_selector(fields), methods, told)


def read_selector(fields: dict[str, str]) -> Selector:
    values: dict[str, Any] = {key: json.loads(value) if value.startswith('"') else value for key, value in fields.items()}
    gap = next((key for key in ("before", "after") if key in values), "")
    quote = values.pop(gap, "") or values.pop("quote", "")
    if "nth" in values:
        values["nth"] = int(values["nth"])
    if "all" in values:
        values["every"] = values.pop("all") == "true"
    if "position" in values:
        start, end = values["position"].split(" to ")
        values["position"] = Span(int(start), int(end))
    return Selector(quote, HERE, gap=gap, **values)  # type: ignore[arg-type]  # gap is one of two literals, or empty


def drawn(text: str, spans: list[Span]) -> str:
    """The text with its anchors marked."""
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + OPEN + text[span.start : span.end] + CLOSE + text[span.end :]
    return text


def all_cases() -> list[Case]:
    return [case for path in CASES for case in read_cases(path)]


def locked_cases() -> list[Case]:
    return [case for path in LOCKED_CASES for case in read_cases(path)]


def unmarked(picture: str) -> str:
    return picture.replace(OPEN, "").replace(CLOSE, "")


def test_there_are_cases_and_examples() -> None:
    assert len(all_cases()) > 40
    assert len(locked_cases()) > 15
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_case(case: Case) -> None:
    text = unmarked(case.picture)
    placement, told = placed(text, case.selector)
    assert drawn(text, [found.span for found in placement.anchors.a]) == case.picture
    assert told == case.told


@pytest.mark.parametrize("case", locked_cases(), ids=lambda case: case.name)
def test_locked_case(case: Case) -> None:
    before, text = unmarked(case.locked), unmarked(case.picture)
    then, _ = placed(before, case.selector)
    assert drawn(before, [found.span for found in then.anchors.a]) == case.locked
    placement, told = placed(text, case.selector, locked_in(before, case.selector))
    assert drawn(text, [found.span for found in placement.anchors.a]) == case.picture
    assert tuple(f"{found.method} {found.score:.2f}" for found in placement.anchors.a) == case.methods
    assert told == case.told
    assert len(placement.orphans.a) == (not case.methods)


@pytest.mark.parametrize("case", locked_cases(), ids=lambda case: case.name)
def test_a_locked_case_is_exact_on_the_text_it_was_locked_on(case: Case) -> None:
    text = unmarked(case.locked)
    placement, told = placed(text, case.selector, locked_in(text, case.selector))
    assert {(found.method, found.score) for found in placement.anchors.a} == {("exact", 1.0)}
    assert told == ()


@pytest.mark.parametrize("case", [case for case in all_cases() if case.told], ids=lambda case: case.name)
def test_whatever_is_told_leaves_an_orphan(case: Case) -> None:
    placement, _ = placed(case.picture, case.selector)
    (orphan,) = placement.orphans.a
    assert orphan.selector == case.selector
    assert orphan.reason
    assert bool(orphan.nearest) == (orphan.score > 0)
    assert placement.is_orphan


# ------------------------------------------------------------------ placements


def test_every_note_on_the_pair_has_one_placement_in_the_order_given() -> None:
    articles = Pair(article("The troops left."), article("The soldiers left.", "two"))
    notes = (
        replace(note(two=selector("soldiers")), id="second"),
        replace(note(three=selector("elsewhere")), id="other"),
        replace(note(one=selector("troops"), two=selector("absent")), id="both"),
        replace(note(one=(selector("The"), selector("gone"), selector("left"))), id="several"),
    )
    placements, diagnostics = anchor(notes, articles)
    assert [placement.annotation.id for placement in placements] == ["second", "both", "several"]
    second, both, several = placements
    assert second.anchors.a == ()
    assert second.anchors.b == (type(second.anchors.b[0])(Span(4, 12), selector("soldiers")),)
    assert len(both.anchors.a) == 1
    assert [orphan.selector.quote for orphan in both.orphans.b] == ["absent"]
    assert not both.is_orphan
    assert [found.selector.quote for found in several.anchors.a] == ["The", "left"]
    assert [orphan.selector.quote for orphan in several.orphans.a] == ["gone"]
    assert len(diagnostics) == 2


def test_a_note_that_names_other_witnesses_only_has_no_placement() -> None:
    articles = Pair(article("The troops left."), article("The soldiers left.", "two"))
    assert anchor((note(three=selector("troops")),), articles) == ((), ())


def test_quotations_in_evidence_are_checked_and_take_no_place() -> None:
    articles = Pair(article("The troops left."), article("The soldiers left.", "two"))
    quotes = (("one", selector("troops")), ("two", selector("sailors")), ("three", selector("unseen")))
    evidence = Evidence(quotes, "", "", "", "", "", "", "")
    (placement,), diagnostics = anchor((replace(note(one=selector("left")), evidence=(evidence,)),), articles)
    assert [found.selector.quote for found in placement.anchors.a] == ["left"]
    assert placement.orphans == Pair((), ())
    assert [diagnostic.severity for diagnostic in diagnostics] == ["warning"]
    assert diagnostics[0].message.startswith('"sailors" not found in "two"')


def test_the_same_text_on_both_sides_is_told_apart_by_name() -> None:
    articles = Pair(article("The troops left."), article("So the troops left.", "two"))
    (placement,), _ = anchor((note(one=selector("troops"), two=selector("troops")),), articles)
    assert placement.anchors.map(lambda found: found[0].span) == Pair(Span(4, 10), Span(7, 13))


# ------------------------------------------------------------------ pairs


def ids(allotted: tuple[tuple[Annotation, ...], ...]) -> list[list[str]]:
    return [[annotation.id for annotation in notes] for notes in allotted]


def test_a_note_belongs_to_the_pairs_that_hold_most_of_its_witnesses() -> None:
    here = selector("here")
    notes = (
        replace(note(first=here, second=here), id="earlier"),
        replace(note(second=here, third=here), id="later"),
        replace(note(first=here, second=here, third=here), id="throughout"),
        replace(note(second=here), id="alone"),
        replace(note(first=here, third=here), id="apart"),
    )
    allotted, diagnostics = allot(notes, (Pair("first", "second"), Pair("second", "third")))
    assert ids(allotted) == [["earlier", "throughout", "alone", "apart"], ["later", "throughout", "alone", "apart"]]
    assert diagnostics == ()


def test_a_note_that_no_pair_has_a_place_for_is_an_error() -> None:
    allotted, (diagnostic,) = allot((note(third=selector("here")),), (Pair("first", "second"),))
    assert ids(allotted) == [[]]
    assert str(diagnostic) == (f'{HERE}: error: note "n" points at no witness that is compared (compared are: first with second)')


# ------------------------------------------------------------------ the examples


@cache
def example_story(folder: Path) -> Story:
    config, _ = read_config(ROOT)
    read, faults = read_story(ROOT, folder, config)
    assert read is not None
    assert faults == ()
    return read


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_every_note_of_an_example_stands_on_every_word_it_quotes(folder: Path) -> None:
    told = example_story(folder)
    articles = {witness.name: segment(witness)[0] for witness in told.witnesses}
    allotted, faults = allot(told.annotations, told.pairs)
    assert faults == ()
    for notes, names in zip(allotted, told.pairs, strict=True):
        placements, faults = anchor(notes, names.map(articles.__getitem__))
        assert faults == ()
        assert [placement.annotation for placement in placements] == list(notes)
        assert not any(orphans for placement in placements for orphans in placement.orphans)
    assert {note for notes in allotted for note in notes} == set(told.annotations)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_a_note_of_an_example_is_an_orphan_once_its_words_are_deleted(folder: Path) -> None:
    told = example_story(folder)
    for name, wanted in {target for annotation in told.annotations for target in annotation.targets}:
        text = told.witness(name).text
        for one in wanted:
            (found,) = placed(text, replace(one, gap=""))[0].anchors.a
            placement, _ = placed(text[: found.span.start] + text[found.span.end :], one)
            assert placement.anchors.a == ()
            assert len(placement.orphans.a) == 1


# ------------------------------------------------------------------ messages


def test_a_long_quotation_is_clipped_in_the_message_but_whole_in_the_line_to_paste() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    _, (told,) = placed(f"Before it. {words} end.", selector(words + " ends"))
    message, _, hint = told.partition(" (if that is meant: ")
    assert hint == f'one: "{words} end")'
    assert len(message) < 2 * QUOTED_LENGTH + 80


def test_a_quotation_inside_the_line_to_paste_is_escaped() -> None:
    _, (told,) = placed('He said "go home" twice.', selector('She said "go home" twice'))
    assert told.endswith('one: "He said \\"go home\\" twice")')


def test_an_invisible_passage_to_stand_within_is_not_found() -> None:
    _, told = placed("The \u200b troops left.", selector("troops", within="\u200b"))
    assert told == ('warning: within: "\u200b" not found in "one"',)


def test_invisible_characters_are_no_part_of_a_quotation() -> None:
    placement, told = placed("The sol\u00addiers\u200b left.", selector("soldiers\u200b left"))
    assert told == ()
    assert placement.anchors.a[0].span == Span(4, 19)


def test_the_nearest_of_several_alike_passages_is_the_most_alike() -> None:
    text = "Forty ships sailed for the north. Forty ships sailed for the south today. Forty boats sailed."
    placement, _ = placed(text, selector("Forty ships sailed for the south yesterday"))
    assert placement.orphans.a[0].nearest == "Forty ships sailed for the south today"


# ------------------------------------------------------------------ laws

WORDS = st.sampled_from(
    [
        "the",
        "troops",
        "Kursk",
        "war",
        "warned",
        "15,000",
        "12",
        "’s",
        "“so”",
        "forces…",
        "—",
        "q̃",
        "e\u0301t",
        "👍🏽",
        "金正恩",
        "can’t",
        "5bn",
        "sol\u00addiers",
        "--",
    ]
)
GAPS = st.sampled_from([" ", "\n\n", "\u00a0", "  "])
TEXTS = st.lists(st.tuples(WORDS, GAPS), min_size=2, max_size=25).map(lambda parts: "".join(word + gap for word, gap in parts))


def cut(text: str, first: int, count: int) -> str:
    """Some of the words of a text, with the white space between them."""
    starts = [place for place in range(len(text)) if not text[place].isspace() and (place == 0 or text[place - 1].isspace())]
    begin = starts[first % len(starts)]
    rest = text[begin:]
    for place in range(len(rest)):
        if rest[place].isspace() and not rest[:place][-1:].isspace():
            count -= 1
            if count == 0:
                return rest[:place]
    return rest.rstrip()


def times(text: str, quote: str) -> int:
    """How often a quotation stands in a text, overlaps and parts of longer words included."""
    whole, part = folded(text), folded(quote)
    return sum(whole.startswith(part, place) for place in range(len(whole)))


@given(TEXTS, st.integers(0, 30), st.integers(1, 6))
@example("war warned", 0, 1)
def test_a_unique_passage_is_anchored_on_itself(text: str, first: int, count: int) -> None:
    quote = cut(text, first, count)
    assume(times(text, quote) == 1)
    placement, told = placed(text, selector(quote))
    (found,) = placement.anchors.a
    assert told == ()
    assert folded(found.span.of(text)) == folded(quote)
    assert found.span.of(text) == quote


@given(TEXTS, st.text("thewarKus150, .’…\u0301👍🏽", min_size=1, max_size=8))
def test_an_anchor_folds_to_its_quotation_and_cuts_nothing(text: str, quote: str) -> None:
    placement, _ = placed(text, selector(quote, every=True))
    for found in placement.anchors.a:
        passage = found.span.of(text)
        assert folded(passage) == folded(quote)
        assert passage == passage.strip()
        before, after = text[: found.span.start][-1:], text[found.span.end :][:1]
        assert not (before.isalnum() and before.isascii() and passage[0].isalnum())
        assert not (after.isalnum() and after.isascii() and passage[-1].isalnum())
        assert after not in {"\u0301", "\u0303", "🏽"}


@given(TEXTS, st.integers(0, 60), st.integers(1, 30))
def test_a_part_of_a_folded_text_is_folded_already(text: str, start: int, length: int) -> None:
    part = ready(article(text)).fold[start : start + length]
    assert needle_in(ready(article(text)), part) == part.strip() == folded_quote(part)


@given(TEXTS, st.integers(0, 30), st.integers(1, 6))
def test_a_deleted_passage_is_never_found_elsewhere(text: str, first: int, count: int) -> None:
    quote = cut(text, first, count)
    assume(times(text, quote) == 1)
    rest = text.replace(quote, "", 1)
    assume(folded(quote) not in folded(rest))
    placement, told = placed(rest, selector(quote))
    assert placement.anchors.a == ()
    (orphan,) = placement.orphans.a
    assert orphan.score < 1
    assert len(told) == 1


@given(TEXTS, st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
@example("\u200b troops troops ", "the troops")
def test_the_line_to_paste_anchors_on_the_nearest_passage(text: str, quote: str) -> None:
    placement, told = placed(text, selector(quote))
    assume(placement.orphans.a and placement.orphans.a[0].nearest)
    value = told[0].partition("(if that is meant: one: ")[2].removesuffix(")")
    quoted, end = json.JSONDecoder().raw_decode(value.removeprefix("{quote: "))
    nth = value.removeprefix("{quote: ")[end:].removeprefix(", nth: ").removesuffix("}")
    again, told_again = placed(text, selector(quoted, nth=int(nth or 0)))
    assert told_again == ()
    assert " ".join(again.anchors.a[0].span.of(text).split()) == placement.orphans.a[0].nearest


@given(TEXTS, st.integers(-5, 60), st.integers(-5, 60))
def test_a_position_is_either_trimmed_or_told(text: str, start: int, end: int) -> None:
    placement, told = placed(text, selector(position=Span(start, end)))
    assert len(placement.anchors.a) + len(told) == 1
    for found in placement.anchors.a:
        assert start <= found.span.start <= found.span.end <= end
        assert start == end or found.span.of(text) == text[start:end].strip() != ""


@given(TEXTS, st.integers(0, 30), st.integers(1, 6), TEXTS, st.integers(0, 80))
def test_under_a_lock_every_anchor_is_on_its_words_or_in_doubt_and_told(
    text: str, first: int, count: int, inserted: str, place: int
) -> None:
    quote = cut(text, first, count)
    assume(times(text, quote) == 1)
    locks = locked_in(text, selector(quote))
    after = text[: place % len(text)] + inserted + text[place % len(text) + count :]
    placement, told = placed(after, selector(quote), locks)
    doubts = [found for found in placement.anchors.a if found.method != "exact"]
    assert len(placement.anchors.a) + len(placement.orphans.a) == 1
    assert len(told) == len(doubts) + len(placement.orphans.a)
    for found in placement.anchors.a:
        passage = found.span.of(after)
        assert found.method == "fuzzy" or folded(passage) == folded(quote)
        assert passage == passage.strip() != ""
        assert 0.0 <= found.score <= 1.0


@given(TEXTS, st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4))
def test_places_gathered_in_one_pass_are_those_found_one_by_one(text: str, chosen: list[tuple[int, int]]) -> None:
    one_by_one = ready(article(text))
    quotes = [folded(cut(text, first, count)) for first, count in chosen] + ["nowhere to be found"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passages, "SCANNED_MAX", 0)
        gathered = prepared(one_by_one, quotes)
    assert gathered.beginnings is not None
    for quote in quotes:
        assert list(whole_places(gathered, quote))[:2] == list(whole_places(one_by_one, quote))


@pytest.mark.parametrize(("now", "most"), [("Kim said that much on day", 1), ("Of Kim not a word about", placing.PLACES_MAX**2)])
def test_of_a_selector_that_takes_all_few_surroundings_are_compared(now: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["\n".join(f"{words} {day}.\n" for day in range(100)) for words in ("Kim said that much on day", now)]
    wanted = selector("Kim", every=True)
    locks = locked_in(texts[0], wanted)
    compared: list[Span] = []

    def score(place: LockedPlace, raw: str, span: Span) -> float:
        compared.append(span)
        return context_score(place, raw, span)

    monkeypatch.setattr(placing, "context_score", score)
    placement, _ = placed(texts[1], wanted, locks)
    assert {found.method for found in placement.anchors.a} == {"exact" if most == 1 else "moved?"}
    assert 1 <= len(compared) <= most


def test_of_a_quotation_in_another_script_few_words_are_looked_for_by_their_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(nearest.difflib, "get_close_matches", lambda word, *_, **__: tried.append(word) or [])
    placement, _ = placed("The troops left for home.", selector("зима близко " * 20))
    assert placement.orphans.a[0].nearest == ""
    assert len(tried) == nearest.NEAREST_SPELT_MAX


def test_few_quotations_are_searched_one_by_one() -> None:
    text = ready(article("The troops left."))
    assert prepared(text, ["troops"] * 100) is text
