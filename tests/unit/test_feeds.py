"""Feeds: held against the schemas of their formats, and read by a program that other people wrote."""

import json
from dataclasses import replace
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

from generator.config import Author, SiteConfig
from generator.site.facts import StoryFacts
from generator.site.feeds import ATOM, FEED_LENGTH, JSON_FEED, atom, json_feed, newest, planned
from generator.site.frame import Count
from tests.pictures import CONFIG
from tests.stories import ROOT
from tests.storyfacts import facts, witness

SCHEMAS = ROOT / "tests" / "schemas"
RELAX = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
VALIDATOR = Draft202012Validator(json.loads((SCHEMAS / "jsonfeed.json").read_text(encoding="utf-8")))
SITE = replace(CONFIG, base_url="https://example.org/sub/")
HOSTILE = "</title>]]><script>alert('&amp;')</script> \u0001\ufffe \U0001f600"


def read_atom(config: SiteConfig, stories: tuple[StoryFacts, ...]) -> Any:
    """The feed as feedparser reads it, after it was found valid."""
    data = atom(config, stories)
    RELAX.assertValid(etree.fromstring(data))
    found = feedparser.parse(data, sanitize_html=False)
    assert not found.bozo
    return found


def read_json(config: SiteConfig, stories: tuple[StoryFacts, ...]) -> Any:
    found = json.loads(json_feed(config, stories))
    VALIDATOR.validate(found)
    return found


def test_an_entry_says_what_a_comparison_is_and_when_it_changed() -> None:
    pair = facts("vote").pairs[0]._replace(kept=46, counts=(Count("major", 2), Count("checked", 1)), omitted=1, added=3)
    story = facts(
        "vote",
        title="The vote",
        summary="A *short* summary.",
        published="2025-03-01",
        updated="2025-04-02",
        tags=("town", "C & A"),
        authors=(("Ruth", "https://example.org/ruth"), ("Desk", "")),
        pairs=(pair,),
    )
    found = read_atom(SITE, (story,))
    assert (found.feed.id, found.feed.title, found.feed.subtitle) == ("https://example.org/sub/", "The Test", "A test site.")
    assert found.feed.updated == "2025-04-02T00:00:00Z"
    assert {(link.rel, link.href) for link in found.feed.links} == {
        ("self", "https://example.org/sub/feed.xml"),
        ("alternate", "https://example.org/sub/"),
    }
    (entry,) = found.entries
    assert entry.id == entry.link == "https://example.org/sub/vote/"
    assert (entry.title, entry.summary) == ("The vote", "A short summary.")
    assert (entry.published, entry.updated) == ("2025-03-01T00:00:00Z", "2025-04-02T00:00:00Z")
    assert [tag.term for tag in entry.tags] == ["town", "C & A"]
    assert [(author.name, author.get("href")) for author in entry.authors] == [("Ruth", "https://example.org/ruth"), ("Desk", None)]
    assert "46% of the words kept; 2 discrepancies; 1 passage omitted; 3 passages added" in entry.content[0].value

    (item,) = read_json(SITE, (story,))["items"]
    assert item == {
        "id": "https://example.org/sub/vote/",
        "url": "https://example.org/sub/vote/",
        "title": "The vote",
        "summary": "A short summary.",
        "content_html": entry.content[0].value,
        "image": "https://example.org/sub/vote/card.png",
        "date_published": "2025-03-01T00:00:00Z",
        "date_modified": "2025-04-02T00:00:00Z",
        "authors": [{"name": "Ruth", "url": "https://example.org/ruth"}, {"name": "Desk"}],
        "tags": ["town", "C & A"],
    }


def test_a_story_of_several_pairs_is_one_entry_with_a_link_to_each() -> None:
    story = facts("vote")
    pairs = tuple(story.pairs[0]._replace(route=f"vote/{name}/index.html") for name in ("a-b", "b-c"))
    (entry,) = read_atom(SITE, (story._replace(pairs=pairs),)).entries
    assert entry.content[0].value.count("<li>") == 2
    assert "https://example.org/sub/vote/b-c/" in entry.content[0].value


def test_what_a_note_changes_moves_its_entry_up_and_its_id_stays() -> None:
    old, new = facts("old", published="2024-01-01"), facts("new", published="2025-01-01")
    assert [story.slug for story in newest([old, new])] == ["new", "old"]
    revised = old._replace(updated="2025-06-30")
    assert [story.slug for story in newest([revised, new])] == ["old", "new"]
    before, after = (read_atom(SITE, newest([each, new])) for each in (old, revised))
    assert {entry.id for entry in before.entries} == {entry.id for entry in after.entries}
    assert (before.feed.updated, after.feed.updated) == ("2025-01-01T00:00:00Z", "2025-06-30T00:00:00Z")


def test_a_feed_holds_the_newest_and_needs_their_facts_alone() -> None:
    stories = [facts(f"s{number:03}", published=f"2025-01-{number % 28 + 1:02}") for number in range(FEED_LENGTH + 20)]
    chosen = newest(stories)
    assert len(chosen) == FEED_LENGTH
    assert [story.updated for story in chosen] == sorted((story.updated for story in stories), reverse=True)[:FEED_LENGTH]
    assert newest(stories[::-1]) == chosen
    plans = planned(SITE, stories)
    assert [plan.route for plan in plans] == [ATOM, JSON_FEED]
    assert {plan.needs for plan in plans} == {tuple(story.slug for story in chosen)}
    made = [plan.make() for plan in plans]
    assert made == [atom(SITE, chosen), json_feed(SITE, chosen)]


def test_dates_come_from_versions_where_a_comparison_has_none_and_nothing_is_dated_by_a_clock() -> None:
    dated = facts(
        "dated", published="", updated="", witnesses=(witness("a", published="2023-05-05"), witness("b", published="2023-05-07"))
    )
    bare = facts("bare", published="", updated="")
    assert [story.slug for story in newest([dated, bare])] == ["dated"]
    (entry,) = read_atom(SITE, newest([dated])).entries
    assert (entry.published, entry.updated) == ("2023-05-07T00:00:00Z", "2023-05-07T00:00:00Z")
    assert read_atom(SITE, ()).feed.updated == "1970-01-01T00:00:00Z"
    assert read_json(SITE, ())["items"] == []


def test_without_an_address_there_is_no_feed_and_a_story_without_a_page_is_in_none() -> None:
    assert planned(CONFIG, [facts("a")]) == ()
    assert newest([facts("a", pairs=())]) == ()


def test_the_site_is_the_author_where_nobody_else_is() -> None:
    assert read_atom(SITE, (facts("a"),)).feed.author == "The Test"
    named = replace(SITE, authors=(Author("Desk", "https://example.org/desk"),))
    assert read_atom(named, (facts("a"),)).feed.author_detail.name == "Desk"
    assert read_json(named, ())["authors"] == [{"name": "Desk", "url": "https://example.org/desk"}]


def test_without_pictures_no_item_names_one() -> None:
    (item,) = read_json(replace(SITE, share_images=False), (facts("a"),))["items"]
    assert "image" not in item


def test_figures_are_in_the_language_of_the_site() -> None:
    story = facts("a")
    assert "50\xa0%" in read_json(replace(SITE, language="de"), (story,))["items"][0]["content_html"]


@pytest.mark.parametrize("field", ["title", "summary", "tags", "authors", "labels"])
def test_nothing_that_people_wrote_becomes_markup(field: str) -> None:
    story = facts("a")
    story = {
        "title": story._replace(title=HOSTILE),
        "summary": story._replace(summary=HOSTILE),
        "tags": story._replace(tags=(HOSTILE,)),
        "authors": story._replace(authors=((HOSTILE, ""),)),
        "labels": story._replace(witnesses=tuple(each._replace(label=HOSTILE) for each in story.witnesses)),
    }[field]
    found = read_atom(SITE, (story,))
    assert "<script" not in found.entries[0].content[0].value
    assert "<script" not in read_json(SITE, (story,))["items"][0]["content_html"]
    if field == "title":
        assert found.entries[0].title == HOSTILE.replace("\u0001", "\ufffd").replace("\ufffe", "\ufffd")


@given(st.text(min_size=1).filter(str.strip), st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_any_words_make_a_valid_feed(title: str, summary: str, tags: list[str]) -> None:
    story = facts("a", title=title, summary=summary, tags=tuple(tags))
    RELAX.assertValid(etree.fromstring(atom(SITE, (story,))))
    VALIDATOR.validate(json.loads(json_feed(SITE, (story,))))


def test_the_schemas_refuse_what_is_no_feed() -> None:
    text = atom(SITE, (facts("a"),)).decode()
    for wrong in (
        text.replace("<updated>2025-01-01T00:00:00Z</updated>", "", 1),
        text.replace("T00:00:00Z", ""),
        text.replace("<id>https://example.org/sub/</id>", "<id>x</id>"),
    ):
        assert not RELAX.validate(etree.fromstring(wrong.encode()))
    assert not VALIDATOR.is_valid(
        {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"url": "https://x.org"}]}
    )
