"""What pages say of themselves to programs: JSON-LD, what is shown where a page is shared, words without markup."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import Author, SiteConfig
from generator.model import Annotator, Comparison, Pair, Revision, Story
from generator.site.frame import Head, Link, address
from generator.site.language import language_of
from generator.site.metadata import card_route, comparison_head, list_head, plain, script_safe, story_head
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.view import comparison_page
from tests.dom import parse
from tests.pictures import CONFIG, compared, note, placed, told, with_notes

SITE = replace(CONFIG, base_url="https://example.org/sub/", authors=(Author("Desk", "https://example.org/desk"),))
ENGLISH = language_of("en")
HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \"x\" 'y'"


def nodes(data: str) -> dict[str, Any]:
    """The nodes of a document by their type."""
    found = json.loads(data)
    assert found["@context"] == "https://schema.org"
    return {node["@type"]: node for node in found["@graph"]}


def noted() -> Comparison:
    comparison = compared("Kim {one|two|number} said.")
    first = replace(note("x", by="ruth"), history=(Revision("2025-05-01", "Added."), Revision("2025-06-02", "Corrected.")))
    return with_notes(comparison, placed(comparison, first, "one"))


def story_of(comparison: Comparison, **fields: object) -> Story:
    told_story = told(
        comparison, title="The vote", summary="A *short* one.", published="2025-03-01", tags=("town", "vote"), **fields
    )
    first, second = told_story.witnesses
    witnesses = (
        replace(first, url="https://first.example/1", publisher="First", headline="Kim one", published="2025-02-01"),
        replace(second, based_on=first.name, author="B. Writer", archived="https://archive.example/2"),
    )
    return replace(
        told_story, witnesses=witnesses, annotators=(Annotator("ruth", "Ruth", "https://example.org/ruth"), Annotator("x", "X", ""))
    )


def head(config: SiteConfig, **fields: object) -> Head:
    comparison = noted()
    story = story_of(comparison, **fields)
    sides = Pair(*(replace(side, source=source) for side, source in zip(comparison.articles, story.witnesses, strict=True)))
    return comparison_head(config, story, replace(comparison, articles=sides), "The vote", ENGLISH)


def test_a_comparison_is_an_analysis_of_its_two_texts() -> None:
    found = nodes(head(SITE).data)
    assert set(found) == {"AnalysisNewsArticle", "BreadcrumbList"}
    article = found["AnalysisNewsArticle"]
    url = "https://example.org/sub/test/"
    assert (article["@id"], article["url"], article["mainEntityOfPage"]) == (url, url, url)
    assert (article["headline"], article["description"]) == ("The vote", "A short one.")
    assert (article["datePublished"], article["dateModified"]) == ("2025-03-01", "2025-06-02")
    assert (article["inLanguage"], article["keywords"]) == ("en", ["town", "vote"])
    assert article["author"] == [{"name": "Ruth", "url": "https://example.org/ruth"}]
    assert article["publisher"] == {"@type": "Organization", "name": "The Test", "url": "https://example.org/sub/"}
    assert article["image"] == "https://example.org/sub/test/card.png"
    assert article["isBasedOn"] == ["https://first.example/1"]
    first, second = article["about"]
    assert (first["@type"], first["url"], first["headline"], first["datePublished"]) == (
        "NewsArticle", "https://first.example/1", "Kim one", "2025-02-01",
    )  # fmt: skip
    assert first["publisher"] == {"@type": "Organization", "name": "First"}
    assert "isBasedOn" not in first
    assert second["isBasedOn"] == {"@type": "NewsArticle", "name": first["name"], "url": "https://first.example/1"}
    assert (second["author"], second["archivedAt"]) == ([{"name": "B. Writer"}], "https://archive.example/2")
    trail = found["BreadcrumbList"]["itemListElement"]
    assert [(each["position"], each["name"], each["item"]) for each in trail] == [
        (1, "The Test", "https://example.org/sub/"),
        (2, "The vote", url),
    ]


def test_without_an_address_nothing_is_said_that_needs_one() -> None:
    found = nodes(head(CONFIG).data)
    assert set(found) == {"AnalysisNewsArticle"}
    assert not {"@id", "url", "mainEntityOfPage", "image"} & set(found["AnalysisNewsArticle"])
    share = head(CONFIG).share
    assert share is not None
    assert (share.image, share.image_alt) == ("", "")


def test_a_story_of_several_pairs_has_their_pages_as_parts() -> None:
    comparison = noted()
    story = replace(story_of(comparison), pairs=(Pair("a", "b"), Pair("b", "a")))
    found = nodes(story_head(SITE, story, (comparison,), ENGLISH).data)
    assert found["AnalysisNewsArticle"]["hasPart"] == [{"@type": "AnalysisNewsArticle", "url": "https://example.org/sub/test/a-b/"}]
    assert "hasPart" not in nodes(story_head(CONFIG, story, (comparison,), ENGLISH).data)["AnalysisNewsArticle"]
    pair = nodes(comparison_head(SITE, story, comparison, "Two of them", ENGLISH).data)
    assert [each["name"] for each in pair["BreadcrumbList"]["itemListElement"]] == ["The Test", "The vote", "Two of them"]


def test_nobody_named_the_site_answers_for_a_comparison() -> None:
    comparison = compared("One {two|three} four.")
    found = nodes(comparison_head(SITE, told(comparison), comparison, "T", ENGLISH).data)
    assert found["AnalysisNewsArticle"]["author"] == [{"name": "Desk", "url": "https://example.org/desk"}]


def test_a_list_names_its_items_in_order() -> None:
    items = [Link("b/index.html", "B"), Link("a/index.html", "A")]
    found = nodes(list_head(SITE, "tag/x/index.html", "X", items, trail=[Link("tags/index.html", "Tags")]).data)
    assert [(each["position"], each["name"], each["url"]) for each in found["CollectionPage"]["mainEntity"]["itemListElement"]] == [
        (1, "B", "https://example.org/sub/b/"),
        (2, "A", "https://example.org/sub/a/"),
    ]
    assert [each["name"] for each in found["BreadcrumbList"]["itemListElement"]] == ["The Test", "Tags", "X"]
    assert set(nodes(list_head(SITE, "index.html", "The Test", items).data)) == {"CollectionPage"}
    assert "mainEntity" not in nodes(list_head(SITE, "index.html", "The Test", []).data)["CollectionPage"]


def test_data_stands_in_the_page_as_it_is_and_ends_nothing() -> None:
    comparison = noted()
    config = replace(SITE, title=HOSTILE)
    story = replace(story_of(comparison), title=HOSTILE, summary=HOSTILE, tags=(HOSTILE,))
    html = Renderer(config, (default_templates(),)).render(comparison_page(config, story, comparison))
    (script,) = [node for node in parse(html).all("script") if "src" not in node.attributes]
    assert script.attributes == {"type": "application/ld+json"}
    assert "alert(1)</script>" not in html
    article = nodes(script.text())["AnalysisNewsArticle"]
    assert article["headline"] == HOSTILE
    assert article["keywords"] == [HOSTILE]
    assert article["publisher"]["name"] == HOSTILE


@given(st.text())
def test_any_text_survives_being_made_safe(text: str) -> None:
    data = script_safe(json.dumps({"x": text}, ensure_ascii=False))
    assert json.loads(data) == {"x": text}
    assert not set("<>&\u2028\u2029") & set(data)


def test_a_page_says_what_is_shown_where_it_is_shared() -> None:
    comparison = noted()
    html = Renderer(SITE, (default_templates(),)).render(comparison_page(SITE, story_of(comparison), comparison))
    tree = parse(html)
    said = [
        (node.attributes.get("property") or node.attributes.get("name"), node.attributes.get("content"))
        for node in tree.all("meta")
    ]
    found = dict(said)
    assert found["og:type"] == "article"
    assert (found["og:title"], found["og:site_name"], found["og:description"]) == ("The vote", "The Test", "A short one.")
    assert found["og:url"] == "https://example.org/sub/test/"
    assert found["og:image"] == "https://example.org/sub/test/card.png"
    assert (found["og:image:width"], found["og:image:height"], found["og:image:type"]) == ("1200", "630", "image/png")
    assert found["og:image:alt"] == "A map of where the texts differ; 50% of the words kept, 1 discrepancy."
    assert found["twitter:card"] == "summary_large_image"
    assert (found["article:published_time"], found["article:modified_time"]) == ("2025-03-01", "2025-06-02")
    assert [value for name, value in said if name == "article:tag"] == ["town", "vote"]
    feeds = {node.attributes["type"]: node.attributes["href"] for node in tree.all("link") if "feed" in node.attributes["href"]}
    assert feeds == {"application/atom+xml": "../feed.xml", "application/feed+json": "../feed.json"}
    assert "pagefind-filter" not in html


def test_a_page_without_an_address_has_no_feeds_and_no_picture() -> None:
    comparison = noted()
    html = Renderer(CONFIG, (default_templates(),)).render(comparison_page(CONFIG, story_of(comparison), comparison))
    assert "feed.xml" not in html
    assert "og:image" not in html
    assert "og:url" not in html
    assert 'content="summary"' in html


@pytest.mark.parametrize(
    ("route", "expected"), [("a/index.html", "a/card.png"), ("a/b-c/index.html", "a/b-c/card.png"), ("index.html", "card.png")]
)
def test_a_picture_lies_beside_its_page(route: str, expected: str) -> None:
    assert card_route(route) == expected


def test_addresses_are_of_folders_and_hold_what_an_address_may() -> None:
    assert address(SITE, "index.html") == "https://example.org/sub/"
    assert address(SITE, "tag/söldner/index.html") == "https://example.org/sub/tag/s%C3%B6ldner/"
    assert address(SITE, "feed.xml") == "https://example.org/sub/feed.xml"
    assert address(CONFIG, "a/index.html") == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" Plain\n words. ", "Plain words."),
        ("A *short* [link](https://x.org) `code`.", "A short link code."),
        ("one\\\ntwo  \nthree", "one two three"),
        ("<b>not</b> markup &amp; all", "<b>not</b> markup & all"),
        ("", ""),
    ],
)
def test_markdown_becomes_words(text: str, words: str) -> None:
    assert plain(text) == words
