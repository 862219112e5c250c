from __future__ import annotations

from generator.collate.classify import classify, state
from generator.collate.segment import segment
from generator.collate.summary import summarise
from generator.model import Article, Change, Edit, Figures, Pair, Quotations, Role, RoleOverride, Row, Span
from tests.edits import edits_of
from tests.stories import source

HERE = source("a", "").where


def figures(*paragraphs: str, furniture: tuple[str, ...] = (), language: str = "en") -> Figures:
    """The figures of paragraphs drawn as pictures, one row each; those that hold a word of `furniture` are promotions."""
    texts, scripts = Pair("", ""), []
    for picture in paragraphs:
        texts, edits, moves = edits_of(picture, texts)
        scripts.append((edits, moves))
        texts = texts.map(lambda text: text if text.endswith("\n\n") or not text else f"{text}\n\n")
    roles = tuple(RoleOverride(quote, "promotion", HERE) for quote in furniture)
    articles = Pair(*(article_of(name, text, roles, language) for name, text in zip("ab", texts, strict=True)))
    rows = tuple(row_of(articles, edits, moves) for edits, moves in scripts)
    return summarise(articles, rows, articles.map(state))


def article_of(name: str, text: str, roles: tuple[RoleOverride, ...], language: str) -> Article:
    known = tuple(role for role in roles if role.quote in text)
    return segment(source(name, text, roles=known, language=language))[0]


def row_of(articles: Pair[Article], edits: tuple[Edit, ...], moves: tuple[tuple[int, int], ...]) -> Row:
    spans = Pair(
        Span(edits[0].spans.a.start, edits[-1].spans.a.end),
        Span(edits[0].spans.b.start, edits[-1].spans.b.end),
    )
    blocks = Pair(blocks_in(articles.a, spans.a), blocks_in(articles.b, spans.b))
    typed = classify(articles, edits, moves)
    script = tuple(
        Change(str(n), edit, kinds.kinds, kinds.detail) if kinds else edit
        for n, (edit, kinds) in enumerate(zip(edits, typed, strict=True))
    )
    role: Role = articles.a.blocks[blocks.a.start].role if blocks.a else articles.b.blocks[blocks.b.start].role
    return Row(blocks, spans, role, script)


def blocks_in(article: Article, span: Span) -> range:
    inside = [n for n, block in enumerate(article.blocks) if block.span.start < span.end and block.span.end > span.start]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def test_equal_texts_keep_every_word_and_miss_nothing() -> None:
    found = figures("Kim said on Friday that 12 boats sank, and the “brave” men were saved.")
    assert found.words == Pair(14, 14)
    assert found.words_kept == 14
    assert found.changes == ()
    assert found.missing == ()
    assert found.quotations == Quotations(intact=1, altered=0, dropped=0, added=0)


def test_words_in_typographic_inflected_and_moved_changes_are_kept() -> None:
    found = figures("⟦On Friday »|⟧the men ⟦repeat|repeated⟧ ⟦it…|it...⟧ and ⟦The|the⟧ crew left⟦| on Friday «⟧ ⟦here|there⟧ now.")
    assert found.words == Pair(12, 12)
    assert found.words_kept == 11
    assert found.phrases_moved == 1
    assert found.changes == (("moved", 2), ("case", 1), ("inflection", 1), ("wording", 1), ("typographic", 1))


def test_what_a_rewritten_sentence_kept_is_kept() -> None:
    texts, edits, _ = edits_of("⟦The old ship sank|A ship went down⟧.")
    articles = texts.map(lambda text: segment(source("a", text))[0])
    kept = Pair(Span(8, 12), Span(2, 6))
    change = Change("1", Edit("replace", edits[0].spans, (kept,)), ("wording",))
    row = Row(Pair(range(1), range(1)), articles.map(lambda article: article.blocks[0].span), "body", (change, edits[1]))
    assert summarise(articles, (row,), articles.map(state)).words_kept == 1


def test_passages_are_counted_whole() -> None:
    found = figures(
        "The harbour was closed to all ships after the storm hit the coast.",
        "⟦The mayor spoke of heavy losses to the town and its people.|⟧",
        "⟦|The council will meet again to vote on the money for repairs.⟧",
    )
    assert (found.passages_omitted, found.passages_added, found.passages_moved) == (1, 1, 0)
    assert found.changes[0] == ("addition", 1)


def test_a_row_that_has_moved_as_a_whole_is_a_moved_passage() -> None:
    texts = Pair("Nobody was hurt when the crane fell.\n\nThe port is closed.", "The port is closed.")
    articles = texts.map(lambda text: segment(source("a", text))[0])
    span = articles.a.blocks[0].span
    change = Change("1", Edit("delete", Pair(span, Span(0, 0))), ("moved",), move="2")
    rows = (
        Row(Pair(range(1), range(0)), Pair(span, Span(0, 0)), "body", (change,)),
        Row(Pair(range(1, 2), range(1)), Pair(articles.a.blocks[1].span, articles.b.blocks[0].span), "body", ()),
    )
    found = summarise(articles, rows, articles.map(state))
    assert (found.passages_moved, found.passages_omitted, found.phrases_moved) == (1, 0, 0)
    assert found.words_kept == 7


def test_site_furniture_is_counted_by_itself_and_nowhere_else() -> None:
    found = figures(
        "The harbour was closed after the storm.",
        "⟦Click here for 99 “great” offers from Acme|⟧",
        furniture=("Click here",),
    )
    assert found.furniture_omitted == 1
    assert found.words == Pair(7, 7)
    assert (found.passages_omitted, found.changes, found.missing) == (0, (), ())
    assert found.quotations == Quotations(0, 0, 0, 0)


def test_quotations_are_intact_altered_dropped_or_added() -> None:
    found = figures(
        'He said: ⟦"|“⟧We left at dawn⟦"|”⟧.',
        "She said: “We ⟦proved the power|showed the might⟧ of the army today.”",
        "He called it ⟦“a triumph of will”|a success⟧.",
        "They called it ⟦a loss|“the end of all hope”⟧.",
    )
    assert found.quotations == Quotations(intact=1, altered=1, dropped=1, added=1)


def test_a_fact_is_missing_only_if_it_stands_nowhere_in_b() -> None:
    found = figures(
        "⟦Some 600 troops fell in early July, reported Reuters.|Many troops fell.⟧",
        "The ⟦7.5 million tons|7,500,000 tons⟧ went to Kursk.",
        "⟦In May, 40 boats sank.|Boats sank.⟧",
        "It ⟦rained|rained on 40 boats in May⟧.",
    )
    assert found.missing == (
        ("number", ("Some 600 troops",)),
        ("date", ("July",)),
        ("name", ("Reuters",)),
        ("attribution", ("reported Reuters",)),
    )


def test_a_fact_that_is_missing_twice_is_told_once() -> None:
    found = figures("⟦Then 600 men came. The 600 men left.|Then men came. They left.⟧")
    assert found.missing == (("number", ("600 men",)),)


def test_a_language_without_word_lists_still_has_its_counts() -> None:
    found = figures("Le port a fermé ⟦12|15⟧ quais.", language="fr")
    assert found.words == Pair(6, 6)
    assert found.words_kept == 5
    assert found.changes == (("number", 1),)
    assert found.missing == (("number", ("12 quais",)),)


def test_missing_facts_come_in_the_order_of_the_base_with_the_words_that_bound_them() -> None:
    found = figures("⟦Up to 12,000 North Korean troops fell, then 40 boats sank, then up to 12,000 more troops fell|Some fell⟧.")
    assert found.missing == (("number", ("Up to 12,000 North Korean troops", "40 boats")), ("name", ("North Korean",)))
