"""Tags and publishers: one address each, for ever, whatever script they are in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.site.terms import SLUG_LENGTH, publishers_of, spelling_faults, tags_of, terms
from tests.storyfacts import facts, witness


def slugs(*tags: str) -> list[str]:
    return [term.slug for term in terms("tag", [facts("s", tags=tags)], tags_of).every]


@pytest.mark.parametrize(
    ("tag", "slug"),
    [("Local news", "local-news"), ("élections", "elections"), ("C++", "c"), ("Straße 7", "strasse-7"), ("A & B", "a-b")],
)
def test_the_address_of_a_tag_reads_like_it(tag: str, slug: str) -> None:
    assert slugs(tag) == [slug]


@pytest.mark.parametrize("tag", ["選挙", "انتخابات", "Выборы 2024", "…", "🗳", "x" * 100])
def test_what_has_no_plain_letters_or_is_long_carries_a_hash(tag: str) -> None:
    (slug,) = slugs(tag)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", slug)
    assert len(slug) <= SLUG_LENGTH + 9


def test_tags_that_would_share_an_address_are_told_apart_and_the_plain_one_keeps_it() -> None:
    found = terms("tag", [facts("s", tags=("résumé", "resume", "C++", "C"))], tags_of)
    by_name = {term.name: term.slug for term in found.every}
    assert (by_name["resume"], by_name["C"]) == ("resume", "c")
    assert by_name["résumé"].startswith("resume-")
    assert by_name["C++"].startswith("c-")


def test_spellings_that_differ_in_case_and_separators_are_one_tag_and_told() -> None:
    stories = [facts("a", tags=("Local news",)), facts("b", tags=("Local news",)), facts("c", tags=("local-news", "LOCAL  NEWS"))]
    found = terms("tag", stories, tags_of)
    (term,) = found.every
    assert (term.name, [story.slug for story in term.stories]) == ("Local news", ["a", "b", "c"])
    assert found.of(["local-news", "Local news"]) == (term,)
    spelt = {story.slug: story.tags for story in stories}
    faults = spelling_faults(spelt)
    assert [(fault.severity, fault.where.path) for fault in faults] == [("warning", "content/c/comparison.yaml")] * 2
    assert "'local-news' is spelt 'Local news'" in faults[0].message
    del spelt["c"]
    assert spelling_faults(spelt) == ()


def test_publishers_are_counted_once_a_story_and_listed_by_name() -> None:
    two = facts("a", witnesses=(witness("a", "Zeit"), witness("b", "Zeit")))
    three = facts("b", witnesses=(witness("a", "Écho"), witness("b", "Zeit"), witness("c")))
    found = terms("publisher", [two, three], publishers_of)
    assert [(term.name, term.route, len(term.stories)) for term in found.every] == [
        ("Écho", "publisher/echo/index.html", 1), ("Zeit", "publisher/zeit/index.html", 2),
    ]  # fmt: skip


@given(st.lists(st.text(min_size=1, max_size=12), max_size=12))
def test_every_tag_has_an_address_of_its_own_that_any_disk_and_host_takes(tags: list[str]) -> None:
    found = terms("tag", [facts("s", tags=tuple(tags))], tags_of)
    every = [term.slug for term in found.every]
    assert len(set(every)) == len(every)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in every)
    assert {found.spelt[tag].slug for tag in tags} == set(every)


@given(st.lists(st.text("aB éش-_", min_size=1, max_size=4), min_size=1, max_size=6), st.randoms())
def test_the_order_of_stories_changes_no_address(tags: list[str], random: object) -> None:
    shuffled = list(tags)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (terms("tag", [facts("s", tags=tuple(each))], tags_of) for each in (tags, shuffled))
    assert {tag: one.spelt[tag].slug for tag in tags} == {tag: other.spelt[tag].slug for tag in tags}
