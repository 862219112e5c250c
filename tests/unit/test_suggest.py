"""What the machine proposes: on the two examples, on small pairs made for one rule each, and as a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from generator.cli import app
from generator.collate.anchor import anchor
from generator.collate.compare import compare_story
from generator.config import read_config
from generator.errors import Where
from generator.kinds import BUILT_IN_KINDS
from generator.model import Annotation, Comparison, Selector, Story
from generator.sources import read_story
from generator.suggest.drafting import Suggestion, suggestions
from generator.suggest.sidecar import SUGGESTED, is_as_written, suggested_text
from tests.pictures import note
from tests.stories import ROOT, SEED, source, story

BRIDGE = "harbour-bridge-vote"


def example(slug: str) -> Story:
    """An example's story, without its notes."""
    found, _ = read_story(ROOT, ROOT / "content" / slug, read_config(ROOT)[0])
    assert found is not None
    return replace(found, annotations=())


@pytest.fixture(scope="module")
def kim() -> tuple[Suggestion, ...]:
    return suggestions(compare_story(example(SEED))[0][0])


def compared(a: str, b: str, **fields: Any) -> Comparison:
    return compare_story(story(a, b, **fields))[0][0]


def proposed(a: str, b: str, **fields: Any) -> list[dict[str, Any]]:
    return [each.data for each in suggestions(compared(a, b, **fields))]


def kinds(data: dict[str, Any]) -> list[str]:
    return [data["kind"]] if isinstance(data["kind"], str) else data["kind"]


def words(selector: Any) -> str:
    """All that a target quotes."""
    if isinstance(selector, list):
        return " … ".join(map(words, selector))
    return selector if isinstance(selector, str) else str(next(iter(selector.values())))


def find(notes: tuple[Suggestion, ...], original: str, rewrite: str = "") -> list[dict[str, Any]]:
    """The notes that quote these words of both sides."""
    return [note.data for note in notes if original in words(note.data["original"]) and rewrite in words(note.data["rewrite"])]


# ------------------------------------------------------------------ the example of one wire report


def test_the_first_wave_is_a_figure_with_another_bound(kim: tuple[Suggestion, ...]) -> None:
    (note,) = [each for each in find(kim, "Up to 12,000", "Approximately 15,000") if "number" in kinds(each)]
    assert kinds(note) == ["number", "certainty"]
    assert (note["direction"], note["severity"], note["title"]) == ("higher", "major", "“12,000” becomes “15,000”")
    assert note["note"] == "Original: “Up to 12,000 North Korean troops”; Rewrite: “Approximately 15,000 soldiers”."


def test_the_two_waves_do_not_add_up_in_the_rewrite(kim: tuple[Suggestion, ...]) -> None:
    (note,) = [each.data for each in kim if kinds(each.data) == ["inconsistency"]]
    assert "15,000 + 3,000 = 18,000" in note["note"]
    assert "12,000 + 3,000 = 15,000" in note["note"]
    assert note["severity"] == "major"
    assert words(note["rewrite"]) == "15,000 North Korean troops … 15,000 soldiers … additional 3,000 deployed"


@pytest.mark.parametrize(
    ("original", "rewrite"),
    [("activities of overseas operational", "our overseas"), ("proved the fighting spirit", "affirmed the heroic spirit")],
)
def test_both_quotations_are_altered(kim: tuple[Suggestion, ...], original: str, rewrite: str) -> None:
    (note,) = find(kim, original, rewrite)
    assert kinds(note) == ["quote-altered"]
    assert note["severity"] == "major"


def test_the_headline_is_new_and_surer_than_the_text(kim: tuple[Suggestion, ...]) -> None:
    note = kim[0].data
    assert kinds(note) == ["headline", "certainty"]
    assert note["original"] == {"before": "North Korean leader Kim"}
    assert "“confirms” where the text below it says “seemed to confirm”" in note["note"]


def test_six_hundred_dead_are_left_out(kim: tuple[Suggestion, ...]) -> None:
    (note,) = find(kim, "roughly 600 troops", "total casualties")
    assert kinds(note) == ["omission", "number"]


def test_the_date_of_the_second_admission_is_left_out(kim: tuple[Suggestion, ...]) -> None:
    (note,) = find(kim, "in early July")
    assert kinds(note) == ["omission", "circumstance"]


def test_the_verb_of_the_first_sentence_is_surer(kim: tuple[Suggestion, ...]) -> None:
    (note,) = find(kim, "appeared to acknowledge", "seemed to confirm")
    assert kinds(note) == ["certainty"]
    assert note["direction"] == "stronger"


def test_the_institute_answers_for_fewer_sentences(kim: tuple[Suggestion, ...]) -> None:
    (note,) = find(kim, "reported the Institute", "reported by the Institute")
    assert kinds(note) == ["attribution"]
    assert note["direction"] == "narrower"


def test_the_refinery_loses_its_rank(kim: tuple[Suggestion, ...]) -> None:
    (note,) = find(kim, "one of southern Russia’s largest")
    assert kinds(note) == ["number"]
    assert note["direction"] == "weaker"


def test_leader_and_soldiers_are_named_less_fully(kim: tuple[Suggestion, ...]) -> None:
    assert [kinds(note) for note in find(kim, "Kim Jong-un")] == [["entity"]]
    assert [kinds(note) for note in find(kim, "North Korean soldiers")] == [["entity"]]


def test_what_agrees_furniture_and_typography_make_no_note(kim: tuple[Suggestion, ...]) -> None:
    quoted = " ".join(words(note.data[name]) for note in kim for name in ("original", "rewrite"))
    for agreeing in (
        "victorious conclusion",
        "4,700",
        "returned home",
        "repatriated",
        "CALLS FOR RAPID",
        "LAVROV",
        "CLICK",
        "NEW You",
    ):
        assert agreeing not in quoted
    assert len(kim) <= 40


def test_every_selector_chooses_one_place() -> None:
    for slug in (SEED, BRIDGE):
        for comparison in compare_story(example(slug))[0]:
            notes = tuple(_annotation(each) for each in suggestions(comparison))
            placements, faults = anchor(notes, comparison.articles)
            assert faults == ()
            assert len(placements) == len(notes)
            assert all(not placement.orphans.a and not placement.orphans.b for placement in placements)


def _annotation(each: Suggestion) -> Annotation:
    """A suggestion as a note, as the sidecar's reader would make it."""
    targets = {name: value for name, value in each.data.items() if name not in _KEYS}
    return note(
        each.id,
        kinds=tuple(kinds(each.data)),
        targets=tuple(
            (name, tuple(map(_selector, value if isinstance(value, list) else [value]))) for name, value in targets.items()
        ),
    )


_KEYS = {"id", "kind", "direction", "severity", "status", "by", "title", "note", "evidence"}


def _selector(value: Any) -> Selector:
    if isinstance(value, str):
        return Selector(value, Where("test"))
    gap = next((key for key in ("before", "after") if key in value), "")
    return Selector(value.get(gap or "quote", ""), Where("test"), gap=gap, nth=value.get("nth", 0))  # type: ignore[arg-type]  # a gap's two words


def test_the_second_example_gets_its_own_notes_and_no_nonsense() -> None:
    first, second = (suggestions(comparison) for comparison in compare_story(example(BRIDGE))[0])
    titles = [note.data["title"] for note in (*first, *second)]
    assert titles == [
        "Another headline: “Council approves £4.8 million harbour bridge”",
        "“four” becomes “five”",
        "“would” becomes “will”",
        "“£4.2 million” becomes “£4.8 million”",
        "“could” becomes “will”",
        "The condition “subject to a grant from the regional transport fund” is left out",
        "“1,140 people” is left out",
        "A quotation is shortened: “I am against a bridge that shuts my gate.”",
        "The condition “if the regional transport fund awards a grant” is new",
        "“140” becomes “104”",
        "“1,140 people” is new",
        "A quotation is longer: “I am against a bridge that shuts my gate.”",
        "2 sentences are new: “Correction, 16 May: An earlier version of this article gave…”",
    ]


def test_what_notes_cover_is_not_proposed() -> None:
    found, _ = read_story(ROOT, ROOT / "content" / SEED, read_config(ROOT)[0])
    assert found is not None
    left = suggestions(compare_story(found)[0][0])
    assert len(left) <= 3
    assert not any({"quote-altered", "inconsistency", "number", "omission"} & set(kinds(each.data)) for each in left)


def test_a_note_that_says_that_words_agree_covers_all_kinds() -> None:
    a, b = "The mayor praised 20 firefighters.", "The mayor praised 30 firefighters."
    agrees = note("ok", kinds=("equivalent",), severity="checked", targets=(("a", (Selector("20", Where("x")),)),))
    assert proposed(a, b)
    assert not proposed(a, b, annotations=(agrees,))


# ------------------------------------------------------------------ rules, one by one

LONG = "The council met for three hours on Monday and heard the report of the harbour master about the state of the old pier."


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (
            "It cost $20 million to build.",
            "It cost $18 million to build.",
            (["number"], "major", "lower", "“$20 million” becomes “$18 million”"),
        ),
        (
            "They found 500 graves there.",
            "They found more than 500 graves there.",
            (["number", "certainty"], "moderate", "", "“500 graves” becomes “more than 500 graves”"),
        ),
        ("It cost $500 to mend.", "It cost €500 to mend.", (["number"], "major", "", "“$500” becomes “€500”")),
        (
            "The Donbas and the Crimea saw war, and Donbas is near.",
            "The war came to the Crimea, said Olga Petrova.",
            (["entity", "omission"], "moderate", "", "“Donbas” is not named any more"),
        ),
        ("It opened in March 2021.", "It opened in April 2021.", (["circumstance"], "major", "", "“in March” becomes “in April”")),
        (
            "It opened in 2021 by the river.",
            "It opened by the river.",
            (["omission", "circumstance"], "moderate", "", "“in 2021” is left out"),
        ),
        (
            "It opened by the river.",
            "It opened in 2021 by the river.",
            (["addition", "circumstance"], "moderate", "", "“in 2021” is new"),
        ),
        (
            "The paper sued Google in court.",
            "The paper sued Amazon in court.",
            (["entity"], "major", "", "“Google” becomes “Amazon”"),
        ),
        (
            "They met Elena Voronova there.",
            "They met Elena Woronowa there.",
            (["entity"], "minor", "", "“Elena Voronova” becomes “Elena Woronowa”"),
        ),
        (
            "The paper sued Google and Amazon in court.",
            "The paper sued Amazon in court.",
            (["entity", "omission"], "moderate", "", "“Google” is not named any more"),
        ),
        (
            "The paper sued Amazon in court.",
            "The paper sued Google and Amazon in court.",
            (["entity", "addition"], "moderate", "", "“Google” is a new name"),
        ),
        (
            "The minister was able to attend.",
            "The minister was unable to attend.",
            (["predicate"], "major", "", "“able” becomes “unable”"),
        ),
        (
            "The minister did attend the talks.",
            "The minister didn't attend the talks.",
            (["predicate"], "major", "", "“did” becomes “didn't”"),
        ),
        ("The deal is dead.", "The deal is not dead.", (["predicate"], "major", "", "“not” is new")),
        (
            "It may rain in the valley.",
            "It will rain in the valley.",
            (["certainty"], "moderate", "stronger", "“may” becomes “will”"),
        ),
        ("It is the largest port.", "It is a large port.", (["number"], "minor", "weaker", "“largest” becomes “a large”")),
        ("It is a port.", "It is the largest port.", (["number"], "minor", "stronger", "“largest” is new")),
        (
            "The bridge is safe, according to the Marsh Institute.",
            "The bridge is safe.",
            (["attribution"], "moderate", "", "The source “according to the Marsh Institute” is left out"),
        ),
        (
            "The bridge is safe.",
            "The bridge is safe, according to the Marsh Institute.",
            (["attribution"], "moderate", "", "The source “according to the Marsh Institute” is new"),
        ),
        (
            "The bridge is safe, according to the Marsh Institute.",
            "The bridge is safe, according to Elena Voronova.",
            (["attribution"], "major", "", "“according to the Marsh Institute” becomes “according to Elena Voronova”"),
        ),
        (
            "The town rebuilt the bridge over the wide and stony river.",
            "The town rebuilt the bridge.",
            (["omission"], "minor", "", "“over the wide and stony river” is left out"),
        ),
    ],
)
def test_a_change_of_one_fact_is_proposed(a: str, b: str, expected: tuple[list[str], str, str, str]) -> None:
    notes = proposed(f"{LONG}\n\n{a}", f"{LONG}\n\n{b}")
    assert expected in [(kinds(note), note["severity"], note.get("direction", ""), note["title"]) for note in notes]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("“It's late,” she said – at last.", '"It’s late," she said - at last.'),
        ("The Council met.", "The council met."),
        ("The dog ran home quickly.", "The dogs run home quickly."),
        ("It limits loans to seven thousand crowns.", "It limits loans to seven-thousand crowns."),
        ("It took 3 1/2 hours to mend the pier.", "It took 3½ hours to mend the pier."),
        ("They paid 300 EUR for it.", "They paid 300 euros for it."),
        ("He said, “We will stay here until the spring comes.”", "“We will stay here,” he said, “until the spring comes.”"),
        ("The law of the Donbas holds, and Donbas has many laws.", "The law of the Donbass holds, and there are many laws."),
        (
            f"{LONG}\n\nMany people in the Donbas voted early.\n\nThe old region is rich in coal and iron.",
            f"{LONG}\n\nMany people voted early.\n\nThe old Donbass is rich in coal and iron.",
        ),
        (
            f"{LONG}\n\nThey say Google paid a fine.\n\nIn the end the firm left town and did not come back.",
            f"{LONG}\n\nThey say Google paid a fine.\n\nIn the end Google left town and did not come back.",
        ),
        ("He said it might rain today, of course.", "He said it might rain today, of course. …"),
        (f"{LONG}\n\nThe pier is old.\n\nThe gulls do not care.", f"{LONG}\n\nThe gulls do not care.\n\nThe pier is old."),
    ],
)
def test_what_reads_the_same_is_not_proposed(a: str, b: str) -> None:
    assert proposed(a, b) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (
            "He called it “a good and useful plan” today.",
            "He called it a plan today.",
            ("quote-dropped", "moderate", "A quotation is left out: “a good and useful plan”"),
        ),
        (
            "He called it a plan today.",
            "He called it “a good and useful plan” today.",
            ("quote-added", "major", "A quotation is new: “a good and useful plan”"),
        ),
        (
            "He called it “a good and useful plan” today.",
            "He called it a good and useful plan today.",
            ("quote-dropped", "moderate", "“a good and useful plan” loses its quotation marks"),
        ),
        (
            "He called it a good and useful plan today.",
            "He called it “a good and useful plan” today.",
            ("quote-added", "moderate", "“a good and useful plan” gets its quotation marks"),
        ),
        (
            "He called it a “useful” plan.",
            "He called it a “harmful” plan.",
            ("quote-altered", "minor", "Other words in a quotation: “harmful”"),
        ),
        (
            "“It is good for us. It is good for all of you.”",
            "“It is good for all of you.”",
            ("quote-altered", "moderate", "A quotation is shortened: “It is good for all of you.”"),
        ),
        (
            "“The sun is hot, the moon is old, the sea is deep, the road is long, the sky is blue, the day is short.”",
            "“The sun is cold, the moon is new, the sea is flat, the road is wide, the sky is grey, the day is dark.”",
            (
                "quote-altered",
                "major",
                "Other words in a quotation: “The sun is cold, the moon is new, the sea is flat, the road…”",
            ),
        ),
    ],
)
def test_a_quotation_that_differs_is_proposed_once(a: str, b: str, expected: tuple[str, str, str]) -> None:
    notes = proposed(f"{LONG}\n\n{a}", f"{LONG}\n\n{b}")
    assert [(kinds(note)[0], note["severity"], note["title"]) for note in notes if kinds(note)[0].startswith("quote")] == [expected]


def test_a_few_words_of_a_long_quotation_are_a_shortened_one() -> None:
    whole = (
        "We have to wait for a long time until the men come home from the sea, and then we shall all sit down and eat by the fire."
    )
    notes = proposed(f"{LONG}\n\n“{whole}”", f"{LONG}\n\nThey would wait for the men, and “sit down and eat” by the fire.")
    titles = [note["title"] for note in notes if kinds(note)[0].startswith("quote")]
    assert titles == ["A quotation is shortened: “sit down and eat”"]


def test_a_quotation_of_which_only_the_beginning_is_quoted_is_not_intact() -> None:
    a = f"{LONG}\n\n“We stay here. We leave soon after the rain.”"
    notes = proposed(a, f"{LONG}\n\n“We stay here,” he said. “Nobody else will ever come.”")
    assert "quote-altered" in [kinds(note)[0] for note in notes]


def test_a_passage_with_a_quotation_makes_one_note() -> None:
    (note,) = proposed(f"{LONG}\n\nTwo gulls watched. “They never fly,” said Elena Voronova of the 12 birds.", LONG)
    assert kinds(note) == ["omission", "quote-dropped"]
    assert note["severity"] == "moderate"
    assert note["b"] == {"after": "of the old pier"}


def test_a_long_passage_is_pointed_at_by_its_first_and_last_sentence() -> None:
    birds = " ".join(f"The {name} flew away over the water." for name in ("gull", "tern", "crow", "duck", "swan", "rook", "wren"))
    (note,) = proposed(LONG, f"{LONG}\n\n{birds}")
    assert note["title"].startswith("7 sentences are new")
    assert note["severity"] == "minor"
    assert note["b"] == ["The gull flew away over the water", "The wren flew away over the water"]


def test_a_headline_that_goes_or_is_another_is_proposed() -> None:
    headline = "Council votes for a new harbour pier"
    (gone,) = proposed(f"{headline}\n\n{LONG}", LONG)
    assert (kinds(gone), gone["severity"]) == (["headline"], "minor")
    (added,) = proposed(LONG, f"{headline}\n\n{LONG}")
    assert (kinds(added), added["severity"]) == (["headline"], "moderate")
    (other,) = proposed(f"{headline} of 20 metres\n\n{LONG}", f"{headline} of 30 metres\n\n{LONG}")
    assert (kinds(other), other["severity"]) == (["headline", "number"], "major")


def test_a_headline_is_surer_only_than_a_hedged_text() -> None:
    headline = "Mayor confirms plan for a new harbour pier"
    for text in (LONG, "The mayor said on Monday that the plan for a new pier is good."):
        (note,) = proposed(text, f"{headline}\n\n{text}")
        assert kinds(note) == ["headline"]
    (note,) = proposed("The mayor appeared to confirm the plan.", f"{headline}\n\nThe mayor appeared to confirm the plan.")
    assert kinds(note) == ["headline", "certainty"]


def test_a_headline_given_beside_the_text_is_not_missed() -> None:
    one = story(LONG, f"Council votes for a new harbour pier\n\n{LONG}")
    held = replace(one, witnesses=(source("a", LONG, headline="Council votes"), one.witnesses[1]))
    assert suggestions(compare_story(held)[0][0]) == ()


def test_a_figure_given_twice_with_different_values_is_an_inconsistency() -> None:
    a = "The storm closed 40 schools in the region.\n\nParents said that the 40 schools had no heating at all."
    b = "The storm closed 40 schools in the region.\n\nParents said that the 60 schools had no heating at all."
    (note,) = [each for each in proposed(a, b) if "inconsistency" in kinds(each)]
    assert note["title"] == "One figure is given as 40 and as 60"
    assert note["b"] == ["40 schools", "60 schools"]
    (turned,) = [each for each in proposed(b, a) if "inconsistency" in kinds(each)]
    assert turned["a"] == ["40 schools", "60 schools"]


def test_a_sum_that_fits_on_both_sides_is_no_inconsistency() -> None:
    a = "Of the 150 boats, most were lost.\n\nFirst 120 boats sailed, then another 30 in May."
    b = "Of the 150 boats, most sank.\n\nAt first 120 boats went out, then another 30 in May."
    assert not [each for each in proposed(a, b) if "inconsistency" in kinds(each)]


def test_a_figure_in_a_moved_passage_is_found() -> None:
    fifth = "The last ferry of the day carried 55 passengers to the island and came back empty before the storm."
    a = f"{LONG}\n\nThe pier has stood since the war and is loved by all who fish there.\n\n{fifth}"
    b = f"{fifth.replace('55', '95')}\n\n{LONG}\n\nThe pier has stood since the war and is loved by all who fish there."
    assert ("“55” becomes “95”", ["number"]) in [(note["title"], kinds(note)) for note in proposed(a, b)]


def test_names_of_one_fate_make_one_note() -> None:
    a = f"{LONG}\n\nThe Russian boats left.\n\n{LONG}\n\nThe Russian crews stayed.\n\nRussian law says so."
    b = f"{LONG}\n\nThe boats left.\n\n{LONG}\n\nThe crews stayed.\n\nRussian law says so."
    (note,) = [each for each in proposed(a, b) if kinds(each) == ["entity"]]
    assert note["a"] == ["Russian boats", "Russian crews"]


def test_words_that_stand_everywhere_are_pointed_at_by_number() -> None:
    line = "The crew of that old boat was 20 men strong."
    a = f"{LONG}\n\n{line}\n\n{LONG}\n\n{line}"
    (note,) = proposed(a, f"{a}\n\nNobody in the harbour spoke of it afterwards.")
    assert note["title"] == "A sentence is new: “Nobody in the harbour spoke of it afterwards.”"
    assert note["a"] == {"after": "was 20 men strong", "nth": 2}
    (turned,) = [
        each for each in proposed(a, f"{LONG}\n\n{line}\n\n{LONG}\n\n{line.replace('20', '30')}") if kinds(each) == ["number"]
    ]
    assert turned["a"] == {"quote": "20 men", "nth": 2}


def test_markdown_in_a_text_stays_text() -> None:
    (note,) = proposed(f"{LONG}\n\n“He saw *small* [stars] there.”", f"{LONG}\n\n“He saw *large* [stars] there.”")
    assert note["note"] == "A: “He saw \\*small\\* \\[stars\\] there.”; B: “He saw \\*large\\* \\[stars\\] there.”"


def test_identical_texts_give_nothing() -> None:
    assert proposed(LONG, LONG) == []


def test_the_same_comparison_gives_the_same_ids_and_taken_ids_are_not_used() -> None:
    comparison = compared(f"{LONG}\n\nHe saw 20 gulls.", f"{LONG}\n\nHe saw 30 gulls.")
    (one,) = suggestions(comparison)
    assert suggestions(comparison) == (one,)
    assert [each.id for each in suggestions(comparison, {one.id})] == [f"{one.id}-2"]


def test_every_kind_proposed_is_a_kind(kim: tuple[Suggestion, ...]) -> None:
    known = {kind.key for kind in BUILT_IN_KINDS}
    assert {kind for note in kim for kind in kinds(note.data)} <= known


PARTS = st.sampled_from(
    [
        "The council met on Monday.",
        "“We will stay,” said Elena Voronova.",
        "Up to 12,000 people came.",
        "It may rain, he said.",
        "It will not rain, he said.",
        "About 300 people came.",
        "“We may stay,” said Elena.",
        "20",
        "A fire broke out in March.",
        "",
        "*x* [y] “",
    ]
)


@given(st.lists(PARTS, max_size=6), st.lists(PARTS, max_size=6))
def test_all_suggestions_anchor_whatever_the_texts(a: list[str], b: list[str]) -> None:
    comparison = compared("\n\n".join(a), " ".join(b))
    notes = tuple(_annotation(each) for each in suggestions(comparison))
    placements, faults = anchor(notes, comparison.articles)
    assert faults == ()
    assert len({note.id for note in notes}) == len(notes) == len(placements)


# ------------------------------------------------------------------ the file and the command


def test_a_file_knows_whether_it_is_as_written(kim: tuple[Suggestion, ...]) -> None:
    text = suggested_text(kim)
    assert is_as_written(text)
    assert is_as_written(text.replace("\n", "\r\n"))
    assert not is_as_written(text.replace("draft", "confirmed", 1))
    assert not is_as_written("notes: []\n")
    assert "3 more were left out" in suggested_text((), 3)


def test_characters_that_yaml_refuses_are_escaped() -> None:
    (one,) = suggestions(compared(f"{LONG}\n\nHe saw 20\x7f gulls.", f"{LONG}\n\nHe saw 30 gulls."))
    told = suggested_text([one._replace(data=one.data | {"title": "\x7f \x9f"})])
    assert yaml.safe_load(told)["notes"][0]["title"] == "\x7f \x9f"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content" / SEED, tmp_path / "content" / SEED)
    (tmp_path / "content" / SEED / "annotations.yaml").unlink()
    shutil.copy(ROOT / "variorum.toml", tmp_path)
    return tmp_path


@pytest.fixture
def run(site: Path) -> Callable[..., tuple[int, str]]:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["suggest", *arguments, "--site", str(site)])
        return done.exit_code, done.output

    return run


Run = Callable[..., tuple[int, str]]


def test_the_command_writes_a_sidecar_that_reads_without_a_fault(site: Path, run: Run) -> None:
    code, told = run(SEED)
    assert code == 0
    assert "suggestions (5 major," in told
    found, faults = read_story(site, site / "content" / SEED, read_config(site)[0])
    assert faults == ()
    assert found is not None
    assert {note.status for note in found.annotations} == {"draft"}
    assert {(each.key, each.name) for each in found.annotators} == {("suggested", "Machine suggestion")}
    assert {note.by for note in found.annotations} == {"suggested"}
    comparisons, faults = compare_story(found)
    assert faults == ()
    assert len(comparisons[0].placements) == len(found.annotations) > 10


def test_the_command_is_stable_and_replaces_what_it_wrote(site: Path, run: Run) -> None:
    run(SEED)
    path = site / "content" / SEED / SUGGESTED
    first = path.read_bytes()
    assert "stand in" in run(SEED)[1]
    assert path.read_bytes() == first
    shutil.copy(ROOT / "content" / SEED / "annotations.yaml", path.parent)
    assert run(SEED)[0] == 0
    assert path.read_bytes() != first
    assert is_as_written(path.read_text("utf-8"))


def test_a_note_taken_over_with_its_id_is_covered(site: Path, run: Run) -> None:
    run(SEED)
    path = site / "content" / SEED / SUGGESTED
    path.with_name("annotations.mine.yaml").write_text(
        path.read_text("utf-8").replace("suggested:", "me:").replace("by: suggested", "by: me"), "utf-8"
    )
    code, told = run(SEED)
    assert (code, "nothing to suggest" in told, "is empty now" in told) == (0, True, True)
    assert read_story(site, site / "content" / SEED, read_config(site)[0])[1] == ()
    path.unlink()
    assert "nothing to suggest" in run(SEED)[1]
    assert not path.exists()


def test_a_file_that_somebody_changed_is_left_alone(site: Path, run: Run) -> None:
    run(SEED)
    path = site / "content" / SEED / SUGGESTED
    path.write_text(path.read_text("utf-8").replace("draft", "confirmed", 1), "utf-8")
    changed = path.read_bytes()
    code, told = run(SEED)
    assert code == 2
    assert "left as it is" in told
    assert "hint:" in told
    assert path.read_bytes() == changed
    assert "nothing to suggest" in run(SEED, "--output", str(site / "elsewhere.yaml"))[1]


def test_a_link_is_left_alone(site: Path, run: Run) -> None:
    (site / "content" / SEED / SUGGESTED).symlink_to(site / "variorum.toml")
    assert run(SEED)[0] == 2


def test_one_pair_of_several_can_be_asked_for(site: Path, run: Run) -> None:
    shutil.copytree(ROOT / "content" / BRIDGE, site / "content" / BRIDGE)
    (site / "content" / BRIDGE / "annotations.yaml").unlink()
    assert run(BRIDGE, "--pair", "updated", "corrected")[0] == 0
    text = (site / "content" / BRIDGE / SUGGESTED).read_text("utf-8")
    assert "first:" not in text
    assert run(BRIDGE)[0] == 0
    assert "first:" in (site / "content" / BRIDGE / SUGGESTED).read_text("utf-8")
    code, told = run(BRIDGE, "--pair", "first", "corrected")
    assert code == 2
    assert "known: first updated, updated corrected" in " ".join(told.replace("│", " ").split())


def test_an_unknown_story_is_told_with_the_nearest(run: Run) -> None:
    code, told = run("kim-jong-un-100-soldier")
    assert code == 2
    assert SEED in told


def test_nothing_is_proposed_before_errors_are_mended(site: Path, run: Run) -> None:
    (site / "content" / SEED / "annotations.yaml").write_text("notes: [{id: x}]\n", "utf-8")
    code, told = run(SEED)
    assert code == 1
    assert "mend its errors first" in told
    assert not (site / "content" / SEED / SUGGESTED).exists()


def test_only_the_gravest_of_very_many_are_written(site: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.cli_suggest.MAX_SUGGESTIONS", 6)
    assert "less grave left out" in run(SEED)[1]
    found, _ = read_story(site, site / "content" / SEED, read_config(site)[0])
    assert found is not None
    assert [note.severity for note in found.annotations].count("major") == 5
