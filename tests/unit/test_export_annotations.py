"""Web Annotations: every MUST of the model, code points, and nothing left out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from generator.collate.compare import compare_story
from generator.config import SiteConfig, read_config
from generator.errors import Where
from generator.model import Annotation, Annotator, Comparison, Evidence, Pair, Revision, Selector, Span, Story
from generator.site import webannotation
from generator.site.tables import notes_json
from generator.sources import read_story, story_folders
from tests import pictures
from tests.stories import ROOT, story
from tests.webannotations import broken

HERE = Where("content/test/annotations.yaml", 1, 1)
BARE, _ = read_config(ROOT)
ADDRESSED = replace(BARE, base_url="https://example.org/news/")
SLUGS = [folder.name for folder in story_folders(ROOT)]


def annotation_collection(*arguments: Any) -> dict[str, Any]:
    data = json.loads(webannotation.annotation_collection(*arguments))
    assert isinstance(data, dict)
    return data


def example(slug: str) -> tuple[Story, tuple[Comparison, ...]]:
    found, _ = read_story(ROOT, ROOT / "content" / slug, BARE)
    assert found is not None
    return found, compare_story(found)[0]


def note(name: str = "one", **fields: Any) -> Annotation:
    return pictures.note(name, **{"title": "A title", "body": "", "by": "", **fields})


def quote(text: str, **fields: Any) -> Selector:
    return Selector(text, HERE, **fields)


def exported(a: str, b: str, *notes: Annotation, config: SiteConfig = BARE, **fields: Any) -> dict[str, Any]:
    found = replace(story(a, b, annotations=notes), **fields)
    comparisons, _ = compare_story(found)
    data = annotation_collection(config, found, comparisons, comparisons[0])
    assert broken(data) == []
    return data


def only(data: dict[str, Any]) -> dict[str, Any]:
    (item,) = data["first"]["items"]
    return item


@pytest.mark.parametrize("config", [BARE, ADDRESSED], ids=["urn", "address"])
@pytest.mark.parametrize("slug", SLUGS)
def test_the_examples_break_no_must_of_the_model(slug: str, config: SiteConfig) -> None:
    found, comparisons = example(slug)
    for chosen in (None, *comparisons):
        data = annotation_collection(config, found, comparisons, chosen)
        assert broken(data) == []
        assert data["total"] == len(found.annotations if chosen is None else chosen.placements)


@pytest.mark.parametrize("slug", SLUGS)
def test_selectors_count_code_points_and_have_32_around_them(slug: str) -> None:
    found, comparisons = example(slug)
    texts = {f"{slug}/{source.name}.txt": source.text for source in found.witnesses}
    count = 0
    for item in annotation_collection(ADDRESSED, found, comparisons)["first"]["items"]:
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        for resource in [*targets, *(body for body in item["body"] if isinstance(body.get("selector"), list))]:
            text = texts[resource["source"].removeprefix("https://example.org/news/")]
            words, place = resource["selector"]
            start, end = place["start"], place["end"]
            assert words["exact"] == text[start:end]
            assert words["prefix"] == text[max(0, start - 32) : start]
            assert words["suffix"] == text[end : end + 32]
            count += 1
    assert count >= len(found.annotations)


def test_offsets_are_code_points_and_not_units_of_utf_16() -> None:
    data = only(exported("𝒜𝓂 👩‍🚀 one.", "𝒜𝓂 👩‍🚀 two.", note(targets=(("b", (quote("two"),)),))))
    assert data["target"]["selector"][1] == {"type": "TextPositionSelector", "start": 7, "end": 10}
    assert data["target"]["selector"][0]["prefix"] == "𝒜𝓂 👩‍🚀 "


def test_the_target_is_in_the_rewrite_and_the_base_is_linked() -> None:
    data = only(exported("One old cat.", "One new cat.", note(targets=(("a", (quote("old"),)), ("b", (quote("new"),))))))
    assert data["target"]["source"] == "urn:x-variorum:test/b.txt"
    linked = [body for body in data["body"] if body.get("purpose") == "linking"]
    assert [(body["source"], body["selector"][0]["exact"]) for body in linked] == [("urn:x-variorum:test/a.txt", "old")]


def test_a_note_on_the_base_alone_targets_the_base() -> None:
    data = only(exported("One old cat.", "One cat.", note(targets=(("a", (quote("old"),)),))))
    assert data["target"]["source"] == "urn:x-variorum:test/a.txt"
    assert not [body for body in data["body"] if body["type"] == "SpecificResource"]


def test_several_anchors_are_several_targets() -> None:
    data = only(exported("Cats.", "A cat, a dog.", note(targets=(("b", (quote("cat"), quote("dog"))),))))
    assert [target["selector"][0]["exact"] for target in data["target"]] == ["cat", "dog"]


def test_what_is_lost_of_a_note_stands_beside_what_is_found() -> None:
    data = only(exported("Cats.", "Two cats, two dogs.", note(targets=(("b", (quote("wo"), quote("dogs"))),))))
    found, lost = data["target"]
    assert found["selector"][1]["start"] == 14
    assert lost["selector"] == {"type": "TextQuoteSelector", "exact": "wo"}


def test_a_gap_is_an_empty_range_with_its_surroundings() -> None:
    data = only(exported("One old cat.", "One cat.", note(targets=(("b", (quote("cat", gap="before"),)),))))
    assert data["target"]["selector"] == [
        {"type": "TextQuoteSelector", "exact": "", "prefix": "One ", "suffix": "cat."},
        {"type": "TextPositionSelector", "start": 4, "end": 4},
    ]
    assert data["target"]["variorum:selector"] == {"before": "cat"}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (quote("gone"), {"type": "TextQuoteSelector", "exact": "gone"}),
        (quote("gone", prefix="p", suffix="s"), {"type": "TextQuoteSelector", "exact": "gone", "prefix": "p", "suffix": "s"}),
        (quote("gone", gap="before"), {"type": "TextQuoteSelector", "exact": "", "suffix": "gone"}),
        (quote("gone", gap="after"), {"type": "TextQuoteSelector", "exact": "", "prefix": "gone"}),
        (quote("", position=Span(90, 99)), {"type": "TextPositionSelector", "start": 90, "end": 99}),
    ],
)
def test_an_orphan_keeps_its_quotation_without_a_place(selector: Selector, expected: dict[str, Any]) -> None:
    data = only(exported("One cat.", "One cat.", note(targets=(("b", (selector,)),))))
    assert data["target"]["selector"] == expected


def test_a_passage_that_was_not_found_exactly_says_so() -> None:
    found = story("One cat.", "One dog.", annotations=(note(targets=(("b", (quote("dog"),)),)),))
    (comparison,), _ = compare_story(found)
    (placement,) = comparison.placements
    doubtful = placement.anchors.b[0]._replace(method="fuzzy", score=0.8)
    comparison = replace(comparison, placements=(replace(placement, anchors=Pair((), (doubtful,))),))
    data = annotation_collection(BARE, found, (comparison,), comparison)
    assert broken(data) == []
    assert only(data)["target"]["variorum:method"] == "fuzzy"
    assert json.loads(notes_json(BARE, found, comparison))[0]["b"] == [
        {"start": 4, "end": 7, "quote": "dog", "method": "fuzzy", "score": 0.8}
    ]


def test_a_note_says_everything_it_knows() -> None:
    evidence = (
        Evidence((("a", quote("old")), ("b", quote("cat", nth=1))), "because", "", "", "", "", "", ""),
        Evidence((), "", "https://e.org/1", "A title", "A publisher", "2025-01-02", "a quotation", "https://e.org/2"),
        Evidence((), "", "", "A book", "", "", "", ""),
    )
    first = note(
        targets=(("b", (quote("new"),)),), direction="higher", body="*Text*", by="desk", kinds=("number", "certainty"),
        evidence=evidence, see=("two",), history=(Revision("2025-01-01", "x"), Revision("2025-02-03", "y")),
    )  # fmt: skip
    second = note("two", targets=(("b", (quote("cat"),)),))
    annotators = (Annotator("desk", "The desk", "https://e.org/desk"),)
    data = exported("One old cat.", "One new cat.", first, second, config=ADDRESSED, annotators=annotators)["first"]["items"][0]
    bodies = data["body"]
    assert data["id"] == "https://example.org/news/test/#note-one"
    assert data["creator"] == {"name": "The desk", "nickname": "desk", "homepage": "https://e.org/desk"}
    assert data["modified"] == "2025-02-03T00:00:00Z"
    assert data["variorum:history"] == [{"date": "2025-01-01", "change": "x"}, {"date": "2025-02-03", "change": "y"}]
    assert [(body["purpose"], body["value"]) for body in bodies if body["type"] == "TextualBody"] == [
        ("describing", "A title"), ("commenting", "*Text*"), ("classifying", "number"), ("classifying", "certainty"),
        ("tagging", "severity:major"), ("tagging", "status:confirmed"), ("tagging", "direction:higher"), ("linking", "A book"),
    ]  # fmt: skip
    assert next(body for body in bodies if body["purpose"] == "commenting")["format"] == "text/markdown"
    sources = [body["source"] for body in bodies if body["type"] == "SpecificResource"]
    assert sources == [
        "https://example.org/news/test/#note-two",
        "https://example.org/news/test/a.txt",
        "https://example.org/news/test/b.txt",
        "https://e.org/1",
    ]
    assert [body["variorum:evidence"] for body in bodies if "variorum:evidence" in body] == [
        {"number": 1, "why": "because"},
        {"number": 1},
        {
            "number": 2, "title": "A title", "publisher": "A publisher", "accessed": "2025-01-02", "quote": "a quotation",
            "archived": "https://e.org/2",
        },
        {"number": 3},
    ]  # fmt: skip


def test_a_passage_of_a_witness_that_is_not_compared_is_kept_as_it_is_quoted() -> None:
    found, _ = example("harbour-bridge-vote")
    found = replace(found, pairs=found.pairs[:1])
    comparisons, _ = compare_story(found)
    item = next(
        each for each in annotation_collection(BARE, found, comparisons)["first"]["items"] if each["id"].endswith("#note-petition")
    )
    body = next(each for each in item["body"] if each.get("source", "").endswith("corrected.txt"))
    assert body["selector"] == {"type": "TextQuoteSelector", "exact": "signed by 1,140 people"}


def test_a_story_has_each_note_once_in_the_order_of_its_sidecars() -> None:
    found, comparisons = example("harbour-bridge-vote")
    items = annotation_collection(BARE, found, comparisons)["first"]["items"]
    assert [item["id"].partition("#note-")[2] for item in items] == [each.id for each in found.annotations]


def test_without_notes_the_collection_has_no_page() -> None:
    data = exported("One.", "Two.")
    assert data["total"] == 0
    assert "first" not in data


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda item: item.pop(key)


def _set(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda item: item.update({key: value})


@pytest.mark.parametrize(
    ("spoil", "section"),
    [
        (_without("@context"), "3.1"),
        (_set("@context", ["http://www.w3.org/ns/anno.jsonld"]), "3.1"),
        (_without("id"), "3.1"),
        (_set("id", "no iri"), "3.1"),
        (_set("type", "Note"), "3.1"),
        (_without("target"), "3.1"),
        (_set("target", "no iri"), "3.2.1"),
        (_set("target", {"type": "List", "items": []}), "3.2.7"),
        (_set("bodyValue", "text"), "3.2.5"),
        (_set("modified", "2025-01-01"), "3.3.1"),
        (_set("body", {"type": "TextualBody"}), "3.2.4"),
        (_set("body", {"type": "SpecificResource"}), "4"),
        (_set("target", {"type": "SpecificResource", "source": "a:b", "selector": {"type": "TextQuoteSelector"}}), "4.2.4"),
        (
            _set(
                "target", {"type": "SpecificResource", "source": "a:b", "selector": {"type": "TextPositionSelector", "start": -1}}
            ),
            "4.2.5",
        ),
        (_set("target", {"type": "SpecificResource", "source": "a:b", "selector": {"exact": "x"}}), "4.2"),
    ],
)
def test_the_validator_sees_what_is_broken(spoil: Callable[[dict[str, Any]], None], section: str) -> None:
    data = exported("One old cat.", "One new cat.", note(targets=(("b", (quote("new"),)),)))
    item = copy.deepcopy(only(data))
    assert broken(item) == []
    spoil(item)
    assert any(fault.startswith(section) for fault in broken(item))
