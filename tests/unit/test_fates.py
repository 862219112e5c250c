"""What became of facts and words from version to version, told by comparisons of pairs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType

from hypothesis import given
from hypothesis import strategies as st

from generator.collate.compare import compare_story
from generator.model import Article, Comparison, Pair, Story
from generator.site.fates import Fates, Gone, Station, fates
from generator.site.standing import Standing, standing
from tests.stories import source, story


def told(*texts: str, pairs: Sequence[tuple[int, int]] = (), language: str = "en") -> Story:
    """Texts as the versions v0, v1, … of a story, each compared with the next if nothing else is said."""
    chosen = pairs or [(index, index + 1) for index in range(len(texts) - 1)]
    return replace(
        story("", ""),
        witnesses=tuple(source(f"v{index}", text, language=language) for index, text in enumerate(texts)),
        pairs=tuple(Pair(f"v{a}", f"v{b}") for a, b in chosen),
    )


def compared(of: Story) -> tuple[list[Article], tuple[Comparison, ...]]:
    comparisons, faults = compare_story(of)
    assert faults == ()
    found = {article.source.name: article for comparison in comparisons for article in comparison.articles}
    return [found[witness.name] for witness in of.witnesses if witness.name in found], comparisons


def shown(found: Fates) -> list[str]:
    """Each fate as a line: words of each version, `-` where it is not stated, `*` where a change is named."""
    return [
        f"{fate.kind}: "
        + " → ".join(
            ("-" if isinstance(station, Gone) else station.words) + ("*" if station.change else "") for station in fate.stations
        )
        for fate in found.changed
    ]


def test_a_figure_is_followed_through_three_versions() -> None:
    found = fates(
        *compared(
            told(
                "Some 12,000 troops were sent to the border on Monday.",
                "Some 12,000 troops were sent to the border on Monday.",
                "Some 15,000 troops were sent to the border on Monday.",
            )
        )
    )
    assert shown(found) == ["number: 12,000 troops → 12,000 troops → 15,000 troops*"]
    assert dict(found.kept) == {"date": 1}


def test_what_goes_and_comes_back_is_one_fact() -> None:
    with_it = "A petition was handed in. It was signed by 1,140 people in the town."
    found = fates(*compared(told(with_it, "A petition was handed in.", with_it)))
    assert shown(found) == ["number: 1,140 people → -* → 1,140 people*"]


def test_a_change_is_named_by_the_pair_and_the_id_it_has_on_its_page() -> None:
    articles, comparisons = compared(told("It cost £4.2 million.", "It cost £4.8 million.", "It cost £4.8 million."))
    (fate,) = fates(articles, comparisons).changed
    station = fate.stations[1]
    assert isinstance(station, Station)
    assert station.change is not None
    pair, name = station.change
    assert name in {change.id for row in comparisons[pair].rows for change in row.changes}
    assert [station.change for station in (fate.stations[0], fate.stations[2])] == [None, None]


def test_versions_compared_with_the_first_only_are_followed_from_there() -> None:
    texts = ("The fire killed 12 people.", "The fire killed 14 people.", "The fire killed 15 people.")
    assert shown(fates(*compared(told(*texts, pairs=[(0, 1), (0, 2)])))) == ["number: 12 people → 14 people* → 15 people*"]


def test_a_version_that_no_pair_compares_is_left_out() -> None:
    found = fates(*compared(told("It rained 3 days.", "It rained 4 days.", "It rained 5 days.", pairs=[(0, 1)])))
    assert [len(fate.stations) for fate in found.changed] == [2]


def test_a_figure_repeated_in_the_headline_is_told_once() -> None:
    before = "Bridge to be built\n\nThe bridge will cost £4.2 million, the council said."
    after = "Bridge for £4.8 million to be built\n\nThe bridge will cost £4.8 million, the council said."
    assert shown(fates(*compared(told(before, after)))) == ["number: £4.2 million → £4.8 million*"]


def test_a_fact_that_stands_elsewhere_has_not_gone() -> None:
    before = "Mayor Maren Holt spoke for nine minutes.\n\nThe session began late."
    after = "The session began late.\n\nFor nine minutes spoke Maren Holt, the mayor."
    assert [line for line in shown(fates(*compared(told(before, after)))) if "Holt" in line] == []


def test_a_name_that_is_shortened_stays_and_one_that_is_spelt_anew_is_one_name() -> None:
    assert shown(fates(*compared(told("On Monday Maren Holt spoke.", "On Monday Holt spoke, and Maren was glad.")))) == []
    found = shown(fates(*compared(told("They met General Stoiky there.", "They met General Stoyky there."))))
    assert len(found) == 1
    assert "Stoiky" in found[0]
    assert "Stoyky" in found[0]


def test_an_altered_quotation_is_one_and_another_one_is_not() -> None:
    kept = "He said: “I am not against a bridge. I am against a bridge that shuts my gate.”"
    cut = "He said: “I am against a bridge that shuts my gate.”"
    other = "He said: “There was no talk with those who fish.”"
    (line,) = shown(fates(*compared(told(kept, cut))))
    assert line == f"quotation: {kept.removeprefix('He said: ')} → {cut.removeprefix('He said: ')}*"
    assert len(shown(fates(*compared(told(cut, other))))) == 2


def test_a_bare_figure_brings_the_words_before_it() -> None:
    found = shown(fates(*compared(told("They voted by seven votes to four.", "They voted by seven votes to five."))))
    assert found == ["number: votes to four → votes to five*"]


def test_a_figure_is_read_in_the_language_of_its_text() -> None:
    texts = ("Es kamen 12.000 Menschen.", "Es kamen 12000 Menschen.")
    assert shown(fates(*compared(told(*texts, language="de")))) == []
    assert shown(fates(*compared(told(*texts)))) == ["number: 12.000 Menschen → 12000 Menschen*"]


def test_figures_of_different_things_are_not_one() -> None:
    found = shown(fates(*compared(told("It took 2 days to get there.", "It took 700 miles to get there."))))
    assert len(found) == 2


WORDS = st.lists(
    st.sampled_from(["12", "15", "Holt", "said", "“no bridge here now”", "Monday", "the", "people.", "\n\n"]),
    min_size=1,
    max_size=20,
)


@given(st.lists(WORDS, min_size=2, max_size=4))
def test_every_fate_has_a_station_for_each_version_and_says_something(texts: list[list[str]]) -> None:
    articles, comparisons = compared(told(*(" ".join(["Then", *words]) for words in texts)))
    found = fates(articles, comparisons)
    names = {change.id for comparison in comparisons for row in comparison.rows for change in row.changes}
    for fate in found.changed:
        values = [station.value if isinstance(station, Station) else None for station in fate.stations]
        assert len(values) == len(articles)
        assert len(set(values)) > 1
        for station in fate.stations:
            assert station.change is None or station.change[1] in names
    assert fates(articles, comparisons) == found


def revised(count: int) -> Story:
    """Three versions of as many paragraphs, each of which states other figures and names in every second version."""
    texts = (
        "\n\n".join(f"Some {1000 * number + version} people of Town{number} saw no {number + 2}nd day." for number in range(count))
        for version in (1, 3, 7)
    )
    return told(*texts)


def test_twice_the_facts_are_little_more_than_twice_the_work() -> None:
    def calls(count: int) -> int:
        told_by = compared(revised(count))
        counted = 0

        def note(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event in {"call", "c_call"}

        sys.setprofile(note)
        try:
            found = fates(*told_by)
        finally:
            sys.setprofile(None)
        assert len(found.changed) >= count
        return counted

    assert calls(80) < 2.2 * calls(40)


# ------------------------------------------------------------------ words


def test_words_of_the_first_version_are_followed_where_they_were_never_compared() -> None:
    articles, comparisons = compared(told("one two three four", "one two five four", "one six five four"))
    assert standing(articles, comparisons) == (Standing(4, 4, 4), Standing(4, 3, 3), Standing(4, 2, 2))


def test_a_direct_comparison_counts_as_its_page_does() -> None:
    first = "The council backed the plan. The ferry runs on. A third sentence stands here."
    second = "The ferry runs on. The council has backed a plan. A third sentence, too, stands here."
    articles, comparisons = compared(told(first, second, pairs=[(0, 1)]))
    assert standing(articles, comparisons)[1] == Standing(
        comparisons[0].figures.words.b, comparisons[0].figures.words_kept, comparisons[0].figures.words_kept
    )


def test_a_version_that_nothing_connects_with_the_first_has_no_standing() -> None:
    articles, comparisons = compared(told("one two", "one three", "four five", "four six", pairs=[(0, 1), (2, 3)]))
    assert [each is None for each in standing(articles, comparisons)] == [False, False, True, True]


def test_a_word_that_goes_and_comes_back_is_new() -> None:
    articles, comparisons = compared(told("one two three", "one three", "one two three"))
    assert standing(articles, comparisons)[2] == Standing(3, 2, 2)
