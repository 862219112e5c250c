"""What pages hold: runs, numbers, ids, the map, figures, lists. The text itself is checked in the rendered page too."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Where
from generator.model import (
    Anchor,
    Annotator,
    ChangeKind,
    Comparison,
    Evidence,
    Figures,
    Pair,
    Placement,
    Quotations,
    Revision,
    Selector,
    Span,
    Style,
)
from generator.site.changemap import columns
from generator.site.labels import KIND_LABELS, external_link, fragment_link, safe_link
from generator.site.program import default_templates
from generator.site.runs import Paragraph, Run, lay_out
from generator.site.view import LONG_WORDS, ComparisonPage, comparison_page
from tests.pictures import CONFIG, WHERE, compared, note, orphaned, placed, told, with_notes


def page(comparison: Comparison, **fields: object) -> ComparisonPage:
    return comparison_page(CONFIG, told(comparison, **fields), comparison)


def plain(paragraphs: tuple[Paragraph, ...]) -> str:
    """The text of one side as a line, without signs for what is deleted or inserted."""
    return shown(tuple(Paragraph(one.block, [_bare(run) for run in one.runs]) for one in paragraphs))


def _bare(run: Run) -> Run:
    return run if run.tag == "gap" else run._replace(tag="")


def shown(paragraphs: tuple[Paragraph, ...]) -> str:
    """Runs as a line: `-deleted-`, `+inserted+`, `_` for a separator, `‸` a gap, `[…]` marked, `(n)` a reference, `/` a break."""
    return "/".join("".join(_shown(run) for run in paragraph.runs) for paragraph in paragraphs)


def _shown(run: Run) -> str:
    text = f"[{run.text}]" if run.mark and run.text else run.text
    sign = {"del": "-", "ins": "+"}.get(run.tag, "")
    text = {"sp": "_", "gap": "‸"}.get(run.tag, f"{sign}{text}{sign}")
    return text + "".join(f"({reference.id})" for reference in run.references)


def inline(comparison: Comparison) -> list[str]:
    return [shown(row.inline) for row in lay_out(comparison).rows]


def test_a_substitution_is_a_deletion_a_separator_and_an_insertion() -> None:
    assert inline(compared("Kim {first|initially} said.")) == ["Kim -first-_+initially+ said."]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("killed{ — though|, even} it", "killed- -- — though-+, even+ it"),
        ("Korea{n|’s|inflection} leader", "Korea-n-+’s+ leader"),
        ("{\"|“|typographic}heroic", '-"-+“+heroic'),
        ("Putin{ have suffered|}.", "Putin- --have suffered-."),
        ("a {b |c }d", "a -b-- -+c++ +d"),
    ],
    ids=["tight", "inflection", "typographic", "space before", "space after"],
)  # fmt: skip
def test_spaces_at_the_edges_of_a_change_stand_alone_and_nothing_is_added_there(picture: str, expected: str) -> None:
    assert inline(compared(picture)) == [expected.replace("- -- — though-", "- --— though-")]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("oil{, which ||omission}{and is one|. This|number} it", "oil-, which-- -_-and is one-+. This+ it"),
        ("x {|foo|moved#m}{bar||omission} y {foo||moved#m}.", "x +foo+_-bar- y -foo-."),
        ("x {bar||omission}{|foo|moved#m} y {foo||moved#m}.", "x -bar-_+foo+ y -foo-."),
        ("army{,\u201d said; ||omission}{|.|}", "army-,\u201d said;-- -+.+"),
        ("(“{old ||omission}{word|new} x", "(“-old-- --word-_+new+ x"),
        ("中国{军队|士兵}在", "中国-军队-+士兵+在"),
        ("中国{army|士兵}在", "中国-army-_+士兵+在"),
        ("a{ ||}b", "a- -b"),
    ],
    ids=["space in the change before", "after an insertion", "before an insertion", "before punctuation", "after an opening mark",
         "no spaces", "one without spaces", "nothing but a space"],
)  # fmt: skip
def test_a_deletion_stands_apart_from_its_neighbours_whichever_of_them_are_hidden(picture: str, expected: str) -> None:
    assert inline(compared(picture)) == [expected]


def test_a_space_that_only_a_has_before_punctuation_of_b_is_not_shown() -> None:
    comparison = compared("army{ said |}{|.}")
    runs = lay_out(comparison).rows[0].inline[0].runs
    assert [(run.text, run.form) for run in runs if run.tag == "del"] == [(" ", "w"), ("said", ""), (" ", "t")]


def test_a_change_and_its_note_know_of_each_other() -> None:
    comparison = compared("{1|2|number} {one|two|wording} {three|four|wording certainty}")
    comparison = with_notes(comparison, placed(comparison, note("x"), "1 one"))
    layout = lay_out(comparison)
    opening = [run.look.classes for run in layout.rows[0].inline[0].runs if run.opens and run.look]
    assert opening == ["c sub n", "c sub q n", "c sub"]
    assert layout.kinds == {0: "number wording"}
    assert page(comparison).notes[0].changes == "number wording"


def test_a_gap_alone_makes_no_change_a_noted_one() -> None:
    comparison = compared("{|A headline}", "{So|Thus} it is.")
    comparison = with_notes(comparison, placed(comparison, note("x"), ("before", "So"), "A headline"))
    runs = [run for row in lay_out(comparison).rows for run in row.inline[0].runs]
    assert [run.look.classes for run in runs if run.opens and run.look] == ["c q n", "c sub q"]


def test_a_change_of_hidden_characters_is_no_mere_typography() -> None:
    comparison = compared('pass{\u202eword|word|typographic} {"|“|typographic}so')
    layout = lay_out(comparison)
    assert [look.classes for look in layout.looks.values()] == ["c sub q", "ty q"]


def test_every_change_that_is_a_stop_is_listed_with_a_link_to_it() -> None:
    comparison = compared("{The|the|case} {first|initially|wording certainty} {|" + "word " * 20 + "|addition}end{ ||}")
    changes = [change for row in comparison.rows for change in row.changes]
    assert [tuple(one) for one in page(comparison).changes] == [
        (f"#c-{changes[1].id}", "first", "initially", "Wording, Certainty"),
        (f"#c-{changes[2].id}", "", ("word " * 12).strip() + " …", "Additions"),
        (f"#c-{changes[3].id}", "␣", "", "Wording"),
    ]


def test_a_text_is_long_from_a_number_of_words_on() -> None:
    comparison = compared("one")
    assert not page(comparison).is_long
    assert page(replace(comparison, figures=replace(comparison.figures, words=Pair(LONG_WORDS, 1)))).is_long


def test_the_common_stem_of_an_inflected_word_is_kept() -> None:
    comparison = compared("He {repeats|repeated|inflection} it.")
    assert inline(comparison) == ["He repeat-s-+ed+ it."]
    assert plain(lay_out(comparison).rows[0].alone.a) == "He repeats it."


def test_a_stem_never_cuts_a_letter_from_its_accent() -> None:
    assert inline(compared("{cafe|cafe\u0301|inflection} x")) == ["caf-e-+e\u0301+ x"]


def test_a_note_is_numbered_after_its_last_words_outside_the_deletion() -> None:
    comparison = compared("he {sent to fight Ukraine for|dispatched to Ukraine to support} Putin")
    comparison = with_notes(comparison, placed(comparison, note("place"), "fight Ukraine", "to Ukraine"))
    assert inline(comparison) == ["he -sent to --[fight Ukraine]-- for-_+dispatched ++[to Ukraine]+(ref-place)+ to support+ Putin"]


def test_a_note_on_deleted_words_alone_stands_inside_the_change_but_outside_its_deletion() -> None:
    comparison = compared("{before then, in early July|later}, he")
    comparison = with_notes(comparison, placed(comparison, note("july"), "early July"))
    assert inline(comparison) == ["-before then, in --[early July]-(ref-july)_+later+, he"]


def test_a_note_on_kept_words_works_like_any_other() -> None:
    comparison = compared("to go in April {then|later}")
    comparison = with_notes(comparison, placed(comparison, note("april"), None, "in April"))
    assert inline(comparison) == ["to go [in April](ref-april) -then-_+later+"]
    row = lay_out(comparison).rows[0]
    assert [plain(row.alone.a), plain(row.alone.b)] == ["to go in April then", "to go [in April](ref-april_b) later"]


def test_overlapping_notes_make_flat_segments_that_name_both() -> None:
    comparison = compared("one two three four")
    comparison = with_notes(
        comparison,
        placed(comparison, note("x", severity="minor"), "one two three"),
        placed(comparison, note("y", severity="moderate"), None, "two three four"),
    )
    runs = lay_out(comparison).rows[0].inline[0].runs
    assert [(run.text, run.mark.severity, run.mark.keys, run.mark.ids) for run in runs if run.mark] == [
        ("one ", "minor", "x", ("d-x",)),
        ("two three", "moderate", "x y", ("d-y",)),
        (" four", "moderate", "y", ()),
    ]
    assert inline(comparison) == ["[one ][two three](ref-x)[ four](ref-y)"]


def test_two_notes_on_the_same_words_both_get_an_id_and_a_reference() -> None:
    comparison = compared("one two")
    comparison = with_notes(comparison, placed(comparison, note("x"), "two"), placed(comparison, note("y"), "two"))
    assert inline(comparison) == ["one [two](ref-x)(ref-y)"]
    assert lay_out(comparison).rows[0].inline[0].runs[1].mark == ("major", "x y", ("d-x", "d-y"))


def test_a_gap_shows_a_caret_in_its_own_text_only_when_the_note_has_words_elsewhere() -> None:
    comparison = compared("{|A headline}", "It is {so|thus}.")
    comparison = with_notes(comparison, placed(comparison, note("head"), ("before", "It is"), "A headline"))
    rows = lay_out(comparison).rows
    assert inline(comparison) == ["+[A headline]+(ref-head)", "It is -so-_+thus+."]
    assert plain(rows[1].alone.a) == "‸(ref-head_a)It is so."


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(("after", "is"), "It is‸(ref-gap) -so-_+thus+."), (("before", "so"), "It is ‸(ref-gap)-so-_+thus+."),
     (("after", "so"), "It is -so-‸(ref-gap)_+thus+."), (("after", "so."), "It is -so-_+thus+.‸(ref-gap)"),
     (("before", "It"), "‸(ref-gap)It is -so-_+thus+.")],
)  # fmt: skip
def test_a_note_that_has_only_a_gap_shows_a_caret_inline(gap: tuple[str, str], expected: str) -> None:
    comparison = compared("It is {so|thus}.")
    comparison = with_notes(comparison, placed(comparison, note("gap"), gap))
    assert inline(comparison) == [expected]


def test_a_gap_between_rows_stands_beside_the_words_it_names() -> None:
    comparison = compared("First.", "Second.")
    comparison = with_notes(
        comparison,
        placed(comparison, note("after"), ("after", "First.")),
        placed(comparison, note("before"), None, ("before", "Second.")),
    )
    assert inline(comparison) == ["First.‸(ref-after)", "‸(ref-before)Second."]


def test_a_passage_over_two_rows_has_an_id_in_each_and_one_reference_at_its_end() -> None:
    comparison = compared("One two.", "Three four.")
    comparison = with_notes(comparison, placed(comparison, note("long"), "two.\n\nThree"))
    assert inline(comparison) == ["One [two.]", "[Three](ref-long) four."]
    ids = [run.mark.ids for row in lay_out(comparison).rows for run in row.inline[0].runs if run.mark]
    assert ids == [("d-long",), ("d-long_2",)]


def test_a_note_with_passages_in_two_rows_has_a_reference_in_each() -> None:
    comparison = compared("One two.", "Three four.")
    comparison = with_notes(comparison, placed(comparison, note("both"), "two", "Three"))
    assert inline(comparison) == ["One [two](ref-both).", "[Three](ref-both_2) four."]
    backs = page(comparison).notes[0].backs
    assert [(back.href, back.label) for back in backs] == [("#ref-both", "paragraph 1"), ("#ref-both_2", "paragraph 2")]


def test_numbers_follow_the_order_of_the_references_not_of_the_file() -> None:
    comparison = compared("one two three four")
    comparison = with_notes(
        comparison,
        placed(comparison, note("late"), "four"),
        placed(comparison, note("wide"), "one two three"),
        placed(comparison, note("early"), "two"),
    )
    assert [(found.key, found.number) for found in page(comparison).notes.values()] == [("early", 1), ("wide", 2), ("late", 3)]


def test_both_ends_of_a_move_link_to_each_other_and_say_where() -> None:
    comparison = compared("{|On Friday, |moved#m}Kim spoke{ on Friday||moved#m}.", "{Gone||moved#n}", "Kept.", "{|Gone|moved#n}")
    changes = [change for row in comparison.rows for change in row.changes]
    runs = [run for row in page(comparison).rows for paragraph in row.inline for run in paragraph.runs if run.move]
    links = [(run.text, run.move.href, run.move.direction, run.move.label) for run in runs if run.move]
    assert links == [
        ("On Friday,", f"#c-{changes[1].id}", "down", "Moved here from later in the paragraph"),
        ("on Friday", f"#c-{changes[0].id}", "up", "Moved to earlier in the paragraph"),
        ("Gone", f"#c-{changes[3].id}", "down", "Moved to further down"),
        ("Gone", f"#c-{changes[2].id}", "up", "Moved here from further up"),
    ]
    assert [row.label for row in page(comparison).rows if row.only] == ["Moved in B", "Moved here in B"]


def test_a_move_to_another_paragraph_names_it() -> None:
    comparison = compared("One{ gone||moved#m}.", "Two{| gone|moved#m}.")
    runs = [run for row in page(comparison).rows for paragraph in row.inline for run in paragraph.runs if run.move]
    assert [run.move.label for run in runs if run.move] == ["Moved to paragraph 2", "Moved here from paragraph 1"]


def test_a_rewritten_sentence_shows_what_it_keeps_on_both_sides() -> None:
    comparison = compared("{Old ~core~ tail|New ~core~ end|wording}.")
    runs = lay_out(comparison).rows[0].inline[0].runs
    assert [(run.text, run.tag, run.form) for run in runs] == [
        ("Old", "del", ""), (" ", "del", "i"), ("core", "del", "kp"), (" ", "del", "i"), ("tail", "del", ""), (" ", "sp", ""),
        ("New", "ins", ""), (" ", "ins", "i"), ("core", "ins", "kp"), (" ", "ins", "i"), ("end", "ins", ""), (".", "", ""),
    ]  # fmt: skip
    assert runs[0].look is not None
    assert runs[0].look.classes == "c rw q"


def test_a_paragraph_break_of_b_starts_a_paragraph_and_one_of_a_alone_is_a_mark() -> None:
    comparison = compared("One.{ |¶}Two.{¶| }Three.")
    row = page(comparison).rows[0]
    assert shown(row.inline) == "One.- -+\n\n+/Two.-\n\n-+ +Three."
    assert [run.form for run in row.inline[1].runs if run.tag] == ["pb", ""]
    assert plain(row.a) == "One. Two.\n\n/Three."
    assert plain(row.b) == "One.\n\n/Two. Three."


def test_a_break_that_both_texts_have_starts_a_paragraph_in_each() -> None:
    row = page(compared("One.¶Two {x|y}.")).rows[0]
    assert shown(row.inline) == "One.\n\n/Two -x-_+y+."
    assert [plain(row.a), plain(row.b)] == ["One.\n\n/Two x.", "One.\n\n/Two y."]


def test_a_change_across_paragraphs_carries_its_id_once() -> None:
    comparison = compared("{|One.¶Two.}")
    looks = [run.look for paragraph in page(comparison).rows[0].inline for run in paragraph.runs if run.opens]
    assert [look.id for look in looks if look] == ["c-00000001", ""]


def test_a_passage_of_a_alone_keeps_its_paragraphs() -> None:
    assert shown(page(compared("{One.¶Two.|}")).rows[0].inline) == "-One.--\n\n-/-Two.-"


def test_inline_styles_cut_runs_and_unsafe_links_lose_their_style() -> None:
    styles = (
        Style("em", Span(4, 9)),
        Style("a", Span(4, 7), "https://example.org/"),
        Style("a", Span(0, 3), "javascript:alert(1)"),
        Style("a", Span(0, 3), "#here"),
    )
    comparison = compared("One two three {x|y}", styles=Pair((), styles))
    runs = lay_out(comparison).rows[0].inline[0].runs
    assert [(run.text, [style.tag for style in run.styles]) for run in runs[:4]] == [
        ("One ", []), ("two", ["em", "a"]), (" t", ["em"]), ("hree ", []),
    ]  # fmt: skip


def test_rows_are_numbered_and_passages_of_one_text_are_labelled() -> None:
    comparison = compared(("headline", "{|A headline}"), ("related", "{READ THIS|}"), "Body.", ("promotion", "{CLICK|}"), "More.")
    rows = page(comparison).rows
    assert [(row.id, row.number, row.only, row.form, row.label) for row in rows] == [
        ("x1", 0, "b", "hd", "Added in B: headline"),
        ("x2", 0, "a", "fu", "Omitted in B: related link"),
        ("p1", 1, "", "", ""),
        ("x3", 0, "a", "fu", "Omitted in B: promotion"),
        ("p2", 2, "", "", ""),
    ]
    assert page(comparison).witnesses.b.headline == "A headline"


def test_a_note_shows_what_both_texts_say_and_marks_where_they_differ() -> None:
    comparison = compared("by {the end of the summer|summer’s end} and on", "again")
    comparison = with_notes(
        comparison,
        placed(comparison, note("x"), "by the end of the summer", "by summer’s end and", "again"),
        placed(comparison, note("y"), "the end of the summer", ("before", "summer’s end and on")),
    )
    found = page(comparison).notes
    assert [(one.side, [tuple(part) for part in one.fragments]) for one in found[0].readings] == [
        ("a", [("by ", False), ("the end of the summer", True), (" … again", False)]),
        ("b", [("by ", False), ("summer’s end", True), (" and", False)]),
    ]
    assert [(one.fragments, one.absence) for one in found[1].readings] == [
        ((("the end of the summer", False),), ""),
        ((), "Nothing before “summer’s end and on”"),
    ]


def test_a_long_neighbour_of_a_gap_is_shortened_at_a_word() -> None:
    words = "word " * 20 + "end"
    comparison = compared(words)
    comparison = with_notes(comparison, placed(comparison, note("x"), ("before", words)))
    absence = page(comparison).notes[0].readings[0].absence
    assert absence == f"Nothing before “{('word ' * 12).strip()} …”"


def test_a_note_carries_evidence_references_history_author_and_state() -> None:
    selector = Selector("quoted", WHERE)
    evidence = (
        Evidence((("a", selector), ("other", selector)), "because", "", "", "", "", "", ""),
        Evidence((), "", "https://example.org/", "", "A paper", "2025-09-01", "words", "javascript:x"),
        Evidence((("b", Selector("", WHERE, position=Span(3, 9))),), "", "", "", "", "", "", ""),
    )
    comparison = compared("one two")
    whole = note(
        "x", evidence=evidence, see=("y", "z", "nowhere"), status="disputed", direction="higher",
        history=(Revision("2025-09-02", "Mended"),), title="",
    )  # fmt: skip
    comparison = with_notes(
        comparison,
        placed(comparison, whole, "one"),
        placed(comparison, note("y"), "two"),
        orphaned(note("z", title=""), "gone"),
    )
    annotators = (Annotator("desk", "The desk", "javascript:alert(1)"),)
    found = page(comparison, annotators=annotators).notes[0]
    first, second, third = found.evidence
    assert [(quote.side, quote.label, quote.text) for quote in first.quotes] == [("a", "A", "quoted"), ("", "other", "quoted")]
    assert (second.source, second.details, second.archived) == (
        ("https://example.org/#:~:text=words", "https://example.org/"), "A paper, seen 1 September 2025", "",
    )  # fmt: skip
    assert third.quotes[0].text == "characters 3 to 9"
    assert [tuple(link) for link in found.see] == [("#note-y", "note 2, About y"), ("", "z"), ("", "nowhere")]
    assert (found.status, found.direction, found.title, found.by) == ("Disputed", "higher", "Number", ("", "The desk"))


def test_a_note_that_lost_its_place_keeps_its_quotation_and_no_number() -> None:
    comparison = compared("one two")
    half = Placement(note("half"), placed(comparison, note("half"), "one").anchors, orphaned(note("half"), "gone").orphans)
    comparison = with_notes(comparison, half, orphaned(note("lost"), "never there"))
    found = page(comparison)
    assert [one.key for one in found.notes.values()] == ["half"]
    assert found.notes[0].losses == ("“gone” was not found: not found",)
    (lost,) = found.lost
    assert (lost.number, lost.backs, lost.readings[0].fragments[0].text) == (0, (), "never there")
    assert found.discrepancies == 1


def test_a_passage_that_is_not_where_or_what_the_note_says_is_doubted_in_words() -> None:
    comparison = compared("one two")
    (found,) = placed(comparison, note("x"), "two").anchors.a
    anchors = (found._replace(method="fuzzy", score=0.9), found._replace(method="moved?", score=0.5), found)
    comparison = with_notes(comparison, Placement(note("x"), Pair(anchors, ()), Pair((), ())))
    assert page(comparison).notes[0].losses == (
        "Fuzzy: the passage was edited after this note, which refers to “two”.",
        "Moved? “two” stands among other words than when this note was written.",
    )


def test_counts_leave_out_what_agrees_and_what_was_withdrawn() -> None:
    comparison = compared("one two three four")
    comparison = with_notes(
        comparison,
        placed(comparison, note("m"), "one"),
        placed(comparison, note("c", severity="checked"), "two"),
        placed(comparison, note("w", status="withdrawn"), "three"),
        placed(comparison, note("n", severity="minor"), "four"),
    )
    found = page(comparison)
    assert [tuple(count) for count in found.severities] == [("major", 1), ("minor", 1), ("checked", 1)]
    assert found.discrepancies == 2
    assert [one.key for one in found.majors] == ["m"]


def test_missing_facts_are_counted_in_a_sentence() -> None:
    comparison = compared("The text.")

    def line(*missing: tuple[ChangeKind, tuple[str, ...]]) -> str:
        return page(replace(comparison, figures=replace(comparison.figures, missing=missing))).missing_line

    assert line() == ""
    assert line(("number", ("600 killed",))) == "1 number of A is missing in B"
    three = ("number", ("5", "6", "7")), ("name", ("Kim",)), ("attribution", ("he said", "it said"))
    assert line(*three) == "3 numbers, 1 name and 2 attributions of A are missing in B"


def test_figures_say_what_they_count() -> None:
    figures = Figures(
        Pair(200, 180), 93, (("wording", 3),), 0, 1, 1, 2, 4, Quotations(1, 2, 1, 0), (("number", ("600 killed",)), ("date", ()))
    )  # fmt: skip
    comparison = replace(compared(("headline", "{|A headline}"), "Text."), figures=figures)
    found = page(comparison)
    assert [(figure.number + figure.unit, figure.label, figure.detail) for figure in found.figures] == [
        ("46%", "of A’s words kept", "93 of 200"),
        ("4", "passages omitted", "all site furniture"),
        ("1", "passage added", "the headline"),
        ("3", "moved", "1 of them a whole passage"),
        ("2", "of 4 quotations altered", "1 dropped and 1 intact"),
    ]
    assert [tuple(group) for group in found.missing] == [("Numbers", ("600 killed",))]
    empty = replace(
        figures, words=Pair(0, 0), words_kept=0, quotations=Quotations(0, 0, 0, 0), passages_omitted=1, passages_moved=0
    )
    figures_of_nothing = page(replace(comparison, figures=empty)).figures
    assert [(figure.number, figure.detail) for figure in figures_of_nothing] == [
        ("0", "0 of 0"), ("5", "4 of site furniture"), ("1", "the headline"), ("2", ""),
    ]  # fmt: skip


def test_filters_offer_the_kinds_that_occur() -> None:
    comparison = compared("{1|2|number} {a|b|wording certainty} {\"|“|typographic}")  # fmt: skip
    assert [option.value for option in page(comparison).filters] == ["all", "main", "notes", "number", "certainty", "wording"]


def test_the_style_sheet_knows_every_kind_that_a_filter_can_offer() -> None:
    hidden = compared("pass{\u202eword|word|typographic}")
    assert "typographic" in [option.value for option in page(hidden).filters]
    sheet = (default_templates() / "style.css").read_text(encoding="utf-8")
    for kind in KIND_LABELS:
        assert f'.tools:has(#f-{kind}:checked) ~ .text [data-kind~="{kind}"]' in sheet


def test_capitals_alone_are_quiet_like_typography_and_no_kind_to_filter_by() -> None:
    comparison = compared("{The|the|case} leader {Kim|kim|case name}")
    runs = lay_out(comparison).rows[0].inline[0].runs
    assert inline(comparison) == ["-The-+the+ leader -Kim-_+kim+"]
    assert [run.look.classes for run in runs if run.opens and run.look] == ["ty q", "c sub"]
    assert [option.value for option in page(comparison).filters] == ["all", "main", "notes", "name", "case"]
    assert [option.value for option in page(compared("{The|the|case} leader")).filters] == ["all", "main", "notes"]


def test_the_map_has_a_column_a_word_and_a_pin_a_note() -> None:
    comparison = compared("one two {three|four five} six{ gone||moved#m}{| gone|moved#m}", "{left out words|}", "{|put in}")
    comparison = with_notes(
        comparison, placed(comparison, note("x"), "three"), placed(comparison, note("k", severity="checked"), None, "six")
    )
    drawn = page(comparison).map
    paths = dict(drawn.strip.paths)
    assert paths["k"] == "M0 0h2v20h-2zM0 23h2v20h-2zM5 0h1v20h-1zM5 23h1v20h-1z"
    assert paths["na"] == "M2 0h1v20h-1z"
    assert paths["xb"] == "M3 23h2v20h-2z"
    assert (paths["mv-a"], paths["mv-b"]) == ("M6 0h1v20h-1z", "M7 23h1v20h-1z")
    assert paths["oa"] == "M15 0h3v20h-3z"
    assert paths["ob"] == "M25 23h2v20h-2z"
    assert drawn.strip.width == 27
    assert [(pin.note, pin.severity) for pin in drawn.wide.pins] == [(0, "major"), (1, "checked")]
    assert [severity for severity, _ in drawn.wide.stems] == ["major", "checked"]
    assert [area.href for area in drawn.narrow.areas] == ["#p1", "#x1", "#x2"]


def test_a_note_reaches_on_the_map_over_its_words_and_to_its_gap_no_further() -> None:
    comparison = compared("one two three four{ five six||omission} seven {eight|8|number}")
    comparison = with_notes(
        comparison,
        placed(comparison, note("gone"), "five six", ("after", "four")),
        placed(comparison, note("gap"), None, ("before", "seven")),
        placed(comparison, note("both"), "eight", ("before", "three")),
    )
    row = lay_out(comparison).rows[0]
    _, reached = columns(0, row.sides, row.script, ("major", "major", "major"))
    assert sorted(tuple(reach) for reach in reached) == [(0, 0, 4, 6), (1, 0, 6, 6), (2, 0, 2, 8)]


def test_a_pin_stands_in_the_row_that_has_the_words_of_its_note() -> None:
    comparison = compared("One two.", "Three {four||omission} five.")
    comparison = with_notes(comparison, placed(comparison, note("x"), "four", ("after", "two.")))
    drawing = page(comparison).map.wide
    (pin,), (first, second) = drawing.pins, drawing.areas
    assert float(first.x) + float(first.width) < float(second.x) <= float(pin.x) <= float(second.x) + float(second.width)


def test_pins_keep_their_distance_and_the_weightiest_find_a_place_first() -> None:
    words = " ".join(f"w{index}" for index in range(100))
    comparison = compared(words)
    placements = [placed(comparison, note(f"n{index}", severity="minor"), f"w{index} ") for index in range(99)]
    comparison = with_notes(comparison, *placements, placed(comparison, note("heavy"), "w50 "))
    for drawing in (page(comparison).map.wide, page(comparison).map.narrow):
        pins = drawing.pins
        assert any(pin.severity == "major" for pin in pins)
        assert sum(path.count("H") for _, path in drawing.stems) == 100 >= len(pins)
        for level in {pin.y for pin in pins}:
            places = sorted(float(pin.x) for pin in pins if pin.y == level)
            assert all(right - left >= 23.9 for left, right in pairwise(places))


def test_a_character_of_a_script_without_spaces_is_a_column() -> None:
    assert dict(page(compared("東京{都|府}")).map.strip.paths)["k"].startswith("M0 0h2v20")


def test_sides_in_different_languages_are_told_apart() -> None:
    found = page(compared("{مرحبا|hello}", languages=Pair("ar", "en")))
    assert found.is_mixed
    assert (found.witnesses.a.direction, found.witnesses.b.direction) == ("rtl", "ltr")


def test_a_story_of_one_pair_is_at_its_own_address_and_of_several_below_an_overview() -> None:
    comparison = compared("one {two|three}")
    story = told(comparison)
    assert comparison_page(CONFIG, story, comparison).route == "test/index.html"
    several = replace(story, pairs=(Pair("a", "b"), Pair("b", "a")))
    found = comparison_page(replace(CONFIG, base_url="https://example.org/x/"), several, comparison)
    assert found.route == "test/a-b/index.html"
    assert (found.site.root, found.overview.href, found.witnesses.a.source) == ("../../", "../index.html", "../a.txt")
    assert found.head.canonical == "https://example.org/x/test/a-b/"


@pytest.mark.parametrize("url", ["https://x.org/a:b", "HTTP://x", "mailto:a@b.org", "../a.html", "a/b?c=d:e", "#note-x", "a.html"])
def test_these_links_are_safe(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "//host/x", "\\\\host",
     "a\\b", "/\t/host/x", "a\nb", "feed:javascript:x", "jar:x", "blob:x", "\tjavascript:x", "intent:x", "x-y+z.1:q", ""],
)  # fmt: skip
def test_these_links_are_not(url: str) -> None:
    assert safe_link(url) == ""


def test_a_link_inside_an_article_must_lead_out() -> None:
    assert [external_link(url) for url in ("https://x.org/", "page.html", "#a", "javascript:x")] == ["https://x.org/", "", "", ""]


PICTURE = st.lists(
    st.one_of(
        st.text("ab .’", min_size=1, max_size=6),
        st.tuples(st.text("ab .", max_size=5), st.text("bc ,", max_size=5)).filter(any).map("{{{0[0]}|{0[1]}}}".format),
    ),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip


@given(PICTURE, st.data())
def test_runs_restore_both_texts_whatever_the_notes(picture: str, data: st.DataObject) -> None:
    comparison = compared(picture)
    texts = comparison.articles.map(lambda article: article.text)
    placements = []
    for index in range(data.draw(st.integers(0, 3))):
        spans = []
        for text in texts:
            start = data.draw(st.integers(0, len(text)))
            spans.append(Span(start, data.draw(st.integers(start, len(text)))))
        empty = Selector("", Where("x"), gap="before")
        anchors = Pair(*(placed_at(span, empty) for span in spans))
        placements.append(Placement(note(f"n{index}"), anchors, Pair((), ())))
    layout = lay_out(with_notes(comparison, *placements))
    runs = [run for row in layout.rows for paragraph in row.inline for run in paragraph.runs]
    assert "".join(run.text for run in runs if run.tag in {"", "del"}) == texts.a
    assert "".join(run.text for run in runs if run.tag in {"", "ins"}) == texts.b
    for text, side in zip(texts, ("a", "b"), strict=True):
        paragraphs = [paragraph for row in layout.rows for paragraph in (row.alone.a if side == "a" else row.alone.b)]
        assert "".join(run.text for paragraph in paragraphs for run in paragraph.runs) == text
    ids = [reference.id for run in runs for reference in run.references] + [
        name for run in runs if run.mark for name in run.mark.ids
    ]
    assert len(ids) == len(set(ids))
    balance = 0
    for row in layout.rows:
        for paragraph in row.inline:
            for run in paragraph.runs:
                balance += run.opens - run.closes
                assert balance in {0, 1}
            assert balance == 0


def placed_at(span: Span, selector: Selector) -> tuple[Anchor, ...]:
    return (Anchor(span, selector),)


@pytest.mark.parametrize(
    ("url", "quote", "link"),
    [
        ("https://example.org/a", "roughly 600 troops", "https://example.org/a#:~:text=roughly%20600%20troops"),
        ("https://example.org/a", "well-known, “so”", "https://example.org/a#:~:text=well%2Dknown%2C%20%E2%80%9Cso%E2%80%9D"),
        ("https://example.org/a#b", "words", "https://example.org/a#b"),
        ("https://example.org/a", "", "https://example.org/a"),
        ("mailto:desk@example.org", "words", "mailto:desk@example.org"),
        ("", "words", ""),
    ],
)
def test_evidence_on_the_web_leads_to_the_words_quoted(url: str, quote: str, link: str) -> None:
    assert fragment_link(url, quote) == link
