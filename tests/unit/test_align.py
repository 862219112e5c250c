"""align, and what it is made of: similarity, beads, rows, pieces, overrides."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.align import align, align_sentences, pair_blocks, pieces
from generator.collate.align.beads import find_groups
from generator.collate.align.rows import Link, block_rows, cut_links
from generator.collate.align.similarity import Bag, Likeness, bag_of, likeness
from generator.collate.segment import segment
from generator.errors import Diagnostic, Where
from generator.model import Alignment, Article, Bead, Pair, PairingOverride
from tests.stories import source

CASES = sorted((Path(__file__).parent.parent / "cases" / "align").glob("*.txt"))
WHERE = Where("content/test/comparison.yaml", 3, 5)

PIER = "The harbour authority closed the northern pier on Monday."
FERRY = "Ferries to Oland were cancelled for 900 passengers."
COUNCIL = "The town council will discuss repairs costing 2.3 million kronor."
CHOIR = "A choir from Lund sang on the quay that evening."


def bags(*sentences: str) -> list[Bag]:
    return [bag_of(sentence) for sentence in sentences]


def articles(a: str, b: str) -> Pair[Article]:
    return Pair(segment(source("a", a))[0], segment(source("b", b))[0])


def paragraphs(*texts: str) -> str:
    return "\n\n".join(texts)


def aligned(a: str, b: str, *overrides: PairingOverride) -> tuple[Alignment, tuple[Diagnostic, ...]]:
    return align(articles(a, b), overrides)


def numbers(side: range) -> str:
    """A range as people count: "", "1" or "1-3"."""
    if not side:
        return ""
    return str(side.start + 1) if len(side) == 1 else f"{side.start + 1}-{side.stop}"


def picture(sides: tuple[tuple[range, range], ...]) -> str:
    return "".join(f"{numbers(a):<6}| {numbers(b)}".rstrip() + "\n" for a, b in sides)


def pairs_of(beads: tuple[Bead, ...]) -> list[tuple[list[int], list[int]]]:
    return [(list(bead.a), list(bead.b)) for bead in beads if bead.a and bead.b]


def override(action: str, a: str, b: str, names: tuple[str, str] = ("a", "b")) -> PairingOverride:
    assert action in {"pair", "unpair"}
    return PairingOverride("pair" if action == "pair" else "unpair", ((names[0], a), (names[1], b)), WHERE)


# ------------------------------------------------------------------ pictures


def test_there_are_pictures() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_picture_comes_out_as_drawn(case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    parts = {part.partition("\n")[0]: part.partition("\n")[2] for part in text.split("=== ")[1:]}
    both = articles(parts["a"], parts["b"])
    alignment, faults = align(both)
    drawn = {
        "beads": picture(tuple((bead.a, bead.b) for bead in alignment.beads)),
        "moves": picture(tuple((bead.a, bead.b) for bead in alignment.moves)),
        "rows": picture(tuple((row.a, row.b) for row in pair_blocks(both, alignment))),
    }
    assert drawn == {name: parts[name] for name in drawn}
    assert faults == ()


# ------------------------------------------------------------------ sentences


def test_empty_sides_have_no_links() -> None:
    assert align_sentences([], []) == align_sentences([PIER], []) == align_sentences([], [PIER]) == []


def test_a_moved_sentence_is_found_though_it_crosses() -> None:
    assert align_sentences([PIER, FERRY, COUNCIL], [COUNCIL, PIER, FERRY]) == [(0, 1), (1, 2), (2, 0)]


def test_a_sentence_that_was_merged_into_a_distant_one_is_linked_to_it() -> None:
    merged = COUNCIL[:-1] + ", and a choir from Lund sang on the quay that evening."
    assert (0, 3) in align_sentences([CHOIR, PIER, FERRY, COUNCIL], [PIER, FERRY, "Nobody was hurt.", merged])


def test_two_unlike_texts_share_nothing() -> None:
    assert align_sentences([PIER, FERRY], ["Maize prices doubled in Kenya.", "Locusts ate half a crop.", "Rain came late."]) == []


def test_equal_sentences_are_wholly_alike_even_without_words() -> None:
    alike = likeness(bags("!!!", PIER), bags("?", "!!!", PIER))
    assert (alike.cosines[0][1], alike.cosines[1][2], alike.cosines[0][0]) == (1.0, 1.0, 0.0)


def test_more_in_common_is_more_alike() -> None:
    row = likeness(bags(PIER), bags("The harbour authority closed the pier.", "The authority spoke.", CHOIR)).cosines[0]
    assert row[0] > row[1] > row[2]


def test_an_inflected_word_counts_for_something() -> None:
    row = likeness(bags("He acknowledged losses."), bags("Acknowledging is hard.", "Admitting is hard.")).cosines[0]
    assert row[0] > row[1]


# ------------------------------------------------------------------ evidence


def linked(*cosines: list[float]) -> list[tuple[int, int]]:
    """The pairs of a table of cosines, moved ones included, of sentences that share no feature."""
    a, b = len(cosines), len(cosines[0])
    alike = Likeness(list(cosines), {}, [{}] * a, [{}] * b, Pair([1.0] * a, [1.0] * b))
    found = find_groups(alike, Pair([50] * a, [50] * b))
    return sorted((group.a_start, group.b_start) for group in (*found.groups, *found.moves))


def test_a_weak_match_is_believed_where_best_matches_follow_one_another() -> None:
    weak = [0.0, 0.0, 0.0, 0.0, 0.1]
    assert (3, 4) in linked([0.4, 0, 0, 0, 0], [0, 0.4, 0, 0, 0], [0, 0, 0.4, 0, 0], weak)
    assert (3, 4) not in linked([0, 0, 0.4, 0, 0], [0, 0.4, 0, 0, 0], [0.4, 0, 0, 0, 0], weak)


def test_between_drafts_only_what_is_nearly_as_alike_as_other_pairs_has_moved() -> None:
    drafts = [[0, 0.9, 0, 0], [0, 0, 0.9, 0], [0, 0, 0, 0.9]]
    assert (3, 0) in linked(*drafts, [0.85, 0, 0, 0])
    assert (3, 0) not in linked(*drafts, [0.55, 0, 0, 0])
    rewritten = [[0, 0.4, 0, 0], [0, 0, 0.4, 0], [0, 0, 0, 0.4]]
    assert (3, 0) in linked(*rewritten, [0.3, 0, 0, 0])


def test_a_doubtful_run_of_moves_does_not_hide_an_evident_move() -> None:
    rows = [[0.0] * 12 for _ in range(12)]
    for at in range(8):
        rows[at][at + 4] = 0.9
    rows[8][2] = rows[9][3] = 0.57
    rows[11][0] = 0.84
    assert [pair for pair in linked(*rows) if pair[0] >= 8] == [(11, 0)]


def test_a_sentence_that_nearly_repeats_its_neighbour_joins_it() -> None:
    whole = "Lena Brandt told the council: “I am not against a bridge. I am against a bridge that shuts my gate.”"
    cut = "Lena Brandt told the council: “I am against a bridge that shuts my gate.”"
    both = [
        (paragraphs(PIER, FERRY, one, COUNCIL), paragraphs(PIER, FERRY, other, COUNCIL))
        for one, other in ((whole, cut), (cut, whole))
    ]
    for a, b in both:
        assert ([2, 3], [2]) in [pair if len(pair[0]) > 1 else pair[::-1] for pair in pairs_of(aligned(a, b)[0].beads)]


def test_a_sentence_joins_a_pair_whose_lengths_it_makes_equal() -> None:
    long = "The ferry to Oland with 900 passengers turned back at dawn, and the pier was closed to traffic by the authority."
    half = "The ferry to Oland with 900 passengers turned back at dawn."
    assert align_sentences([CHOIR, half, "The pier was closed to traffic by the authority."], [CHOIR, long]) == [
        (0, 0),
        (1, 1),
        (2, 1),
    ]
    assert align_sentences([CHOIR, half, f"{COUNCIL[:-1]} while the pier is closed to traffic."], [CHOIR, long]) == [(0, 0), (1, 1)]


# ------------------------------------------------------------------ moves


def test_a_move_stands_among_the_beads_once_on_each_side() -> None:
    alignment, _ = aligned(paragraphs(PIER, FERRY, COUNCIL), paragraphs(COUNCIL, PIER, FERRY))
    (move,) = alignment.moves
    assert (move.a, move.b) == (range(2, 3), range(1))
    assert [bead.a for bead in alignment.beads if not bead.b] == [move.a]
    assert [bead.b for bead in alignment.beads if not bead.a] == [move.b]


def test_a_short_sentence_is_not_called_moved() -> None:
    alignment, _ = aligned(paragraphs(PIER, FERRY, "He said no."), paragraphs("He said no.", PIER, FERRY))
    assert alignment.moves == ()


def test_moved_sentences_in_one_paragraph_keep_their_row() -> None:
    both = articles(f"{PIER} {FERRY} {COUNCIL}", f"{COUNCIL} {PIER} {FERRY}")
    alignment, _ = align(both)
    assert len(alignment.moves) == 1
    assert pair_blocks(both, alignment) == (Pair(range(1), range(1)),)


# ------------------------------------------------------------------ overrides


def test_an_override_pairs_what_has_no_word_in_common() -> None:
    alignment, faults = aligned(
        paragraphs(PIER, CHOIR, FERRY), paragraphs(PIER, "Nobody was hurt.", FERRY), override("pair", "choir", "Nobody")
    )
    assert pairs_of(alignment.beads) == [([0], [0]), ([1], [1]), ([2], [2])]
    assert faults == ()


def test_an_override_that_crosses_becomes_a_move() -> None:
    alignment, faults = aligned(
        paragraphs(PIER, FERRY, CHOIR), paragraphs("Nobody.", PIER, FERRY), override("pair", "A choir", "Nobody")
    )
    assert pairs_of(alignment.moves) == [([2], [0])]
    assert pairs_of(alignment.beads) == [([0], [1]), ([1], [2])]
    assert faults == ()


def test_an_override_pairs_across_roles() -> None:
    alignment, _ = aligned(paragraphs("Pier closed", PIER), PIER, override("pair", "Pier closed", "northern pier"))
    assert pairs_of(alignment.beads) == [([0], [0])]


def test_an_override_of_several_sentences_makes_one_bead() -> None:
    alignment, _ = aligned(
        f"{PIER} {FERRY}", f"{COUNCIL} {CHOIR}", override("pair", f"pier on Monday. {FERRY}", f"kronor. {CHOIR}")
    )
    assert pairs_of(alignment.beads) == [([0, 1], [0, 1])]


def test_the_same_override_twice_is_one() -> None:
    twice = (override("pair", "choir", "Nobody"), override("pair", "A choir", "Nobody"))
    alignment, faults = aligned(CHOIR, "Nobody was hurt.", *twice)
    assert pairs_of(alignment.beads) == [([0], [0])]
    assert faults == ()


def test_unpaired_sentences_never_share_a_bead() -> None:
    alignment, faults = aligned(paragraphs(PIER, FERRY), paragraphs(PIER, FERRY), override("unpair", "harbour", "harbour"))
    assert pairs_of(alignment.beads) == [([1], [1])]
    assert alignment.moves == ()
    assert faults == ()


def test_an_unpaired_sentence_does_not_come_back_through_a_merge() -> None:
    merged = "The minister, who flew to Nairobi on Tuesday, met farmers who had lost their maize to locusts."
    split = "The minister flew to Nairobi on Tuesday. She met farmers there who had lost their maize to locusts."
    alignment, _ = aligned(split, merged, override("unpair", "flew to Nairobi", "minister"))
    assert pairs_of(alignment.beads) == [([1], [0])]


def test_an_override_of_other_witnesses_is_passed_over() -> None:
    _, faults = aligned(PIER, PIER, override("pair", "no such words", "nor these", ("a", "c")))
    assert faults == ()


@pytest.mark.parametrize(
    ("quote", "message", "hint"),
    [
        ("the harbour authority opened", 'quotation not found in "a"', f'nearest: "{PIER}"'),
        ("xyzzy", "quotation not found", "copy the passage"),
        ("", "quotation not found", "copy the passage"),
        ("e", "stands more than once", "quote more of the sentence"),
    ],
)
def test_a_quotation_that_cannot_be_placed_is_a_fault_with_a_hint(quote: str, message: str, hint: str) -> None:
    alignment, (fault,) = aligned(PIER, PIER, override("pair", quote, "harbour"))
    assert message in fault.message
    assert hint in fault.hint
    assert fault.where == WHERE
    assert pairs_of(alignment.beads) == [([0], [0])]


def test_a_quotation_that_ends_inside_a_character_stands_for_its_sentence() -> None:
    forced = override("pair", "q", "Nobody")
    alignment, faults = aligned(paragraphs(PIER, "q\u0307\u0323 left."), paragraphs(PIER, "Nobody was hurt."), forced)
    assert pairs_of(alignment.beads) == [([0], [0]), ([1], [1])]
    assert faults == ()


def test_a_quotation_of_an_empty_text_is_a_fault() -> None:
    _, (fault,) = aligned("", PIER, override("pair", "word", "harbour"))
    assert fault.hint == "the text is empty"


def test_a_long_quotation_is_shortened_in_its_fault() -> None:
    _, (fault,) = aligned(PIER, PIER, override("pair", "word " * 50, "harbour"))
    assert fault.message.endswith('…"')


@pytest.mark.parametrize(
    ("first", "second", "hint"),
    [
        (override("pair", "harbour", "harbour"), override("unpair", "pier", "pier"), "both paired and unpaired"),
        (override("unpair", "harbour", "harbour"), override("pair", "pier", "pier"), "both paired and unpaired"),
        (override("pair", "harbour", "harbour"), override("pair", "harbour", "Ferries"), "paired once"),
        (override("pair", "harbour", "harbour"), override("pair", "Ferries", "harbour"), "paired once"),
    ],
)
def test_overrides_that_contradict_are_a_fault(first: PairingOverride, second: PairingOverride, hint: str) -> None:
    text = paragraphs(PIER, FERRY)
    _, (fault,) = aligned(text, text, first, second)
    assert hint in fault.hint


def test_a_sentence_may_be_paired_with_one_and_kept_from_another() -> None:
    text = paragraphs(PIER, FERRY)
    alignment, faults = aligned(text, text, override("pair", "harbour", "harbour"), override("unpair", "harbour", "Ferries"))
    assert faults == ()
    assert pairs_of(alignment.beads) == [([0], [0]), ([1], [1])]


def test_a_crossing_override_over_several_paragraphs_is_a_fault() -> None:
    forced = override("pair", f"{FERRY} {COUNCIL}", "Nobody was hurt.")
    _, faults = aligned(
        paragraphs(PIER, FERRY, COUNCIL),
        paragraphs("Nobody was hurt.", PIER),
        forced,
        override("pair", "harbour", "harbour"),
    )
    assert [fault.hint for fault in faults] == ["pair one paragraph at a time"]


# ------------------------------------------------------------------ rows


def test_blocks_without_counterpart_stand_headline_then_a_then_b() -> None:
    rows = block_rows([Link(0, 0, 0, 0, 1.0)], 3, 4, frozenset({1}))
    assert [(list(row.a), list(row.b)) for row in rows] == [([0], [0]), ([], [1]), ([1], []), ([2], []), ([], [2]), ([], [3])]


def test_a_light_link_between_two_heavy_ones_is_cut() -> None:
    light = Link(0, 0, 1, 1, 40.0)
    assert cut_links([Link(0, 0, 0, 0, 100.0), light, Link(1, 1, 1, 1, 100.0)]) == {light}


def test_a_paragraph_cut_in_two_keeps_both_links() -> None:
    assert cut_links([Link(0, 0, 0, 0, 100.0), Link(0, 0, 1, 1, 10.0), Link(1, 1, 2, 2, 100.0)]) == frozenset()


def test_a_row_that_is_too_wide_loses_the_links_that_have_others_beside_them() -> None:
    first, last = Link(0, 0, 0, 0, 8.0), Link(2, 2, 2, 2, 8.5)
    assert cut_links([first, Link(0, 1, 0, 1, 9.0), Link(1, 2, 1, 2, 9.0), last]) == {first, last}


def test_a_chain_of_many_paragraphs_is_cut_at_its_lightest_link() -> None:
    chain = [Link(k // 2, k // 2, (k + 1) // 2, (k + 1) // 2, 100.0 + k) for k in range(6)]
    cut = cut_links(chain)
    rows = block_rows([link for link in chain if link not in cut], 3, 4, frozenset())
    assert Link(0, 0, 1, 1, 101.0) in cut
    assert all(min(len(row.a), len(row.b)) < 2 or len(row.a) + len(row.b) <= 4 for row in rows)


# ------------------------------------------------------------------ laws

WORDS = st.sampled_from(["Kim", "troops", "3,000", "were", "sent", "to", "Kursk", "on", "Friday", "the", "war", "losses"])
SENTENCE = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)
TEXT = st.lists(PARAGRAPH, max_size=5).map("\n\n".join)


@given(TEXT, TEXT)
def test_beads_tile_both_sides_and_rows_tile_the_blocks(a: str, b: str) -> None:
    both = articles(a, b)
    alignment, _ = align(both)
    assert [i for bead in alignment.beads for i in bead.a] == list(range(len(both.a.sentences)))
    assert [j for bead in alignment.beads for j in bead.b] == list(range(len(both.b.sentences)))
    assert all(bead.a or bead.b for bead in alignment.beads)
    assert all((bead.similarity > 0) == bool(bead.a and bead.b) and bead.similarity <= 1 for bead in alignment.beads)
    rows = pair_blocks(both, alignment)
    assert [block for row in rows for block in row.a] == list(range(len(both.a.blocks)))
    assert [block for row in rows for block in row.b] == list(range(len(both.b.blocks)))


@given(TEXT, TEXT)
def test_each_end_of_a_move_is_one_bead_in_one_block(a: str, b: str) -> None:
    both = articles(a, b)
    alignment, _ = align(both)
    lone = {("a", bead.a) for bead in alignment.beads if not bead.b} | {("b", bead.b) for bead in alignment.beads if not bead.a}
    assert all(("a", move.a) in lone and ("b", move.b) in lone for move in alignment.moves)


@given(TEXT, TEXT)
def test_beads_come_in_the_order_of_the_rows(a: str, b: str) -> None:
    both = articles(a, b)
    alignment, _ = align(both)
    row_of = {
        (side, block): number
        for number, row in enumerate(pair_blocks(both, alignment))
        for side, blocks in zip("ab", row, strict=True)
        for block in blocks
    }
    owners = both.map(lambda article: [index for index, block in enumerate(article.blocks) for _ in block.sentences])
    order = [{row_of["a", owners.a[i]] for i in bead.a} | {row_of["b", owners.b[j]] for j in bead.b} for bead in alignment.beads]
    assert all(len(rows) == 1 for rows in order)
    assert order == sorted(order, key=min)


@given(TEXT)
def test_a_text_aligned_with_itself_is_pairs_of_likeness_one(text: str) -> None:
    both = articles(text, text)
    alignment, _ = align(both)
    count = len(both.a.sentences)
    assert alignment == Alignment(tuple(Bead(range(i, i + 1), range(i, i + 1), 1.0) for i in range(count)))


# ------------------------------------------------------------------ bounds


def test_ten_thousand_equal_sentences_are_paired_one_by_one() -> None:
    many = ["The same again."] * 10_000
    assert align_sentences(many, many) == [(i, i) for i in range(10_000)]


def test_beyond_the_limit_the_alignment_says_that_it_is_coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    text = paragraphs(PIER, FERRY, COUNCIL, CHOIR)
    assert not aligned(text, text)[0].coarse
    monkeypatch.setattr(pieces, "WORK_LIMIT", 8)
    assert aligned(text, text)[0].coarse


@given(st.lists(SENTENCE, max_size=12), st.lists(SENTENCE, max_size=12))
def test_pieces_tile_both_texts_within_the_limit(a: list[str], b: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "WORK_LIMIT", 4)
        patch.setattr(pieces, "PIECE", 2)
        links = align_sentences(a, b)
    assert all(0 <= i < len(a) and 0 <= j < len(b) for i, j in links)
    assert len(set(links)) == len(links)


def test_pieces_keep_overrides_and_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "WORK_LIMIT", 4)
    monkeypatch.setattr(pieces, "PIECE", 2)
    a, b = paragraphs(PIER, FERRY, CHOIR, COUNCIL), paragraphs(PIER, FERRY, "Nobody was hurt.", COUNCIL)
    alignment, faults = aligned(a, b, override("pair", "choir", "Nobody"), override("unpair", "Ferries", "Ferries"))
    assert pairs_of(alignment.beads) == [([0], [0]), ([2], [2]), ([3], [3])]
    assert faults == ()


def test_an_override_across_pieces_is_a_fault_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "WORK_LIMIT", 4)
    monkeypatch.setattr(pieces, "PIECE", 1)
    a, b = paragraphs(CHOIR, PIER, FERRY), paragraphs(PIER, FERRY, "Nobody was hurt.")
    _, faults = aligned(a, b, override("pair", "choir", "Nobody"))
    assert [(fault.where, fault.hint) for fault in faults] == [
        (WHERE, "leave this pair out, or compare shorter parts of the texts")
    ]
