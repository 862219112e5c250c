"""Web Annotations in: what was exported comes back the same, what is foreign finds its passage, and nothing is lost in silence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.collate.anchor import anchor
from generator.collate.anchor.passages import ready
from generator.collate.compare import compare_story
from generator.collate.segment import segment
from generator.config import read_config
from generator.errors import Diagnostic, Where
from generator.importing.annotations import Imported, import_annotations
from generator.importing.leftovers import kept, name_in, title_of
from generator.importing.passages import find, selecting
from generator.model import Annotation, Annotator, Article, Comparison, Evidence, Pair, Revision, Selector, Span, Story
from generator.reading.jsontext import DEPTH_LIMIT, JSON_LIMIT, JsonText, json_path, read_json
from generator.sidecartext import NoteText, sidecar_text
from generator.site.export import ExportFormat, document
from generator.sources import read_story, story_folders
from tests import pictures
from tests.stories import ROOT, source, story

CONFIG, _ = read_config(ROOT)
KINDS = {kind.key for kind in CONFIG.kinds}
HERE = Where("annotations.yaml", 1, 1)
SLUGS = [folder.name for folder in story_folders(ROOT)]
A = "Up to 12,000 troops were sent in April. The troops of the first wave came back in May, and nobody said why."
B = "About 15,000 troops were sent in April.\n\nThe 15,000 troops came back in May."


def imported(data: Any, into: Story | None = None) -> Imported:
    text = read_json("in.jsonld", json.dumps(data).encode())
    assert isinstance(text, JsonText)
    return import_annotations("in.jsonld", text, into or story(A, B), KINDS)


def foreign(**fields: Any) -> dict[str, Any]:
    target = {"source": "https://x.org/test/b.txt", "selector": {"type": "TextQuoteSelector", "exact": "About 15,000"}}
    return {"type": "Annotation", "body": {"type": "TextualBody", "value": "Why?"}, "target": target} | fields


def aimed(selector: Any, source_: str = "https://x.org/test/b.txt") -> dict[str, Any]:
    return foreign(target={"source": source_, "selector": selector})


def read_back(text: str, into: Story, root: Path) -> tuple[Story, tuple[Comparison, ...], list[str]]:
    """The story with a sidecar for its only one, read from the disk as any other."""
    folder = root / "content" / into.slug
    folder.mkdir(parents=True)
    names = [each.name for each in into.witnesses]
    lines = [f"  {each.name}: {{file: {each.name}.txt}}\n" for each in into.witnesses]
    pairs = json.dumps([[pair.a, pair.b] for pair in into.pairs])
    (folder / "comparison.yaml").write_text(f"title: T\nwitnesses:\n{''.join(lines)}pairs: {pairs}\n", encoding="utf-8")
    for name in names:
        (folder / f"{name}.txt").write_bytes(into.witness(name).text.encode())
    (folder / "annotations.imported.yaml").write_text(text, encoding="utf-8", newline="")
    found, faults = read_story(root, folder, CONFIG)
    assert found is not None
    comparisons, more = compare_story(found)
    return found, comparisons, [str(each) for each in (*faults, *more)]


def spans(comparisons: tuple[Comparison, ...]) -> dict[tuple[str, str], list[Span]]:
    return {
        (placement.annotation.id, article.source.name): sorted({anchor.span for anchor in anchors})
        for comparison in comparisons
        for placement in comparison.placements
        for article, anchors in zip(comparison.articles, placement.anchors, strict=True)
    }


def said(note: Annotation) -> dict[str, Any]:
    """A note without its places."""
    evidence = [
        (sorted((name, each.quote, each.gap, each.nth) for name, each in item.quotes), item.why, item.url, item.title,
         item.publisher, item.accessed, item.quote, item.archived)
        for item in note.evidence
    ]  # fmt: skip
    keys = ("id", "kinds", "severity", "status", "direction", "title", "body", "by", "see", "history")
    return {key: getattr(note, key) for key in keys} | {"evidence": evidence}


def assert_round_trip(found: Story, root: Path) -> None:
    comparisons, _ = compare_story(found)
    text = read_json("x", document(CONFIG, (found, comparisons), None, ExportFormat.JSONLD).encode())
    assert isinstance(text, JsonText)
    back = import_annotations("x", text, replace(found, annotations=(), annotators=()), KINDS)
    assert back.diagnostics == ()
    again, compared, faults = read_back(back.text, found, root)
    assert faults == []
    assert [said(note) for note in again.annotations] == [said(note) for note in found.annotations]
    assert spans(compared) == spans(comparisons)
    assert again.annotators == found.annotators


# ------------------------------------------------------------------ there and back


@pytest.mark.parametrize("slug", SLUGS)
def test_an_example_comes_back_as_it_went(slug: str, tmp_path: Path) -> None:
    found, _ = read_story(ROOT, ROOT / "content" / slug, CONFIG)
    assert found is not None
    assert_round_trip(found, tmp_path)


def quote(text: str, **fields: Any) -> Selector:
    return Selector(text, HERE, **fields)


def note(name: str, *targets: tuple[str, tuple[Selector, ...]], **fields: Any) -> Annotation:
    return pictures.note(name, **{"body": "", "by": "", "targets": targets, **fields})


def test_everything_a_note_can_say_comes_back(tmp_path: Path) -> None:
    evidence = (
        Evidence((("a", quote("12,000")), ("b", quote("troops", nth=2))), "because", "", "", "", "", "", ""),
        Evidence((), "", "https://e.org/1", "Title", "Publisher", "2025-03-03", "quoted", "https://e.org/2"),
        Evidence((), "", "", "A book", "", "", "", ""),
        Evidence((("b", quote("came back", gap="before")),), "", "https://e.org/3", "", "", "", "", ""),
    )
    notes = (
        note(
            "one", ("a", (quote("Up to 12,000"),)), ("b", (quote("15,000", nth=2), quote("April"))), by="desk", evidence=evidence,
            kinds=("number", "certainty"), direction="higher", body="*One*: two.\n\n- # three\n- four: 'five'", see=("two", "four"),
            history=(Revision("2025-01-01", "first"), Revision("2025-02-03", "second")), status="corrected",
        ),
        note("two", ("b", (quote("troops", every=True),)), severity="checked", status="disputed"),
        note("three", ("b", (quote("15,000", within="The 15,000 troops"), quote("troops", prefix="About 15,000")))),
        note("four", ("a", (quote("and nobody", gap="before"), quote("in May", gap="after"))), title="- [x]: # \\ 'y' \"z\""),
        note("five", ("b", (quote("", position=Span(6, 12)), quote("", position=Span(41, 41))))),
        note("six", ("a", (quote("of the first wave"),)), ("b", (quote("The 15,000", gap="before"),)), status="draft"),
    )  # fmt: skip
    found = replace(story(A, B, annotations=notes), annotators=(Annotator("desk", "The desk", "https://e.org/desk"),))
    assert_round_trip(found, tmp_path)


def test_what_has_lost_its_place_is_kept_as_it_was_quoted(tmp_path: Path) -> None:
    notes = (
        note("one", ("b", (quote("never said", prefix="He"), quote("not here", gap="after"), quote("", position=Span(900, 901))))),
        note("two", ("a", (quote("12,000"),)), ("b", (quote("not there", within="at all"),))),
    )
    found = story(A, B, annotations=notes)
    comparisons, _ = compare_story(found)
    data = json.loads(document(CONFIG, (found, comparisons), None, ExportFormat.JSONLD))
    back = imported(data, replace(found, annotations=()))
    again, _, _ = read_back(back.text, found, tmp_path)
    stripped = [
        [(name, [replace(each, where=HERE) for each in selectors]) for name, selectors in each.targets]
        for each in again.annotations
    ]
    assert stripped == [[(name, list(selectors)) for name, selectors in each.targets] for each in notes]
    assert all("not found in b" in str(fault) for fault in back.diagnostics)
    assert len(back.diagnostics) == 4


def selector_of(form: Any) -> Selector:
    """What a sidecar selects by a form."""
    if isinstance(form, str):
        return quote(form)
    if form.keys() == {"start", "end"}:
        return quote("", position=Span(form["start"], form["end"]))
    gap = next((key for key in ("before", "after") if key in form), "")
    return quote(form[gap or "quote"], gap=gap, nth=form.get("nth", 0))


@given(st.integers(0, len(B)), st.integers(0, len(B)))
def test_any_passage_is_found_again_by_its_selector(one: int, other: int) -> None:
    span = Span(min(one, other), max(one, other))
    assume(span.of(B) == span.of(B).strip())
    articles = Pair(*(segment(source(name, text))[0] for name, text in (("a", A), ("b", B))))
    text = ready(articles.b)
    assert find(text, span.of(B), B[max(0, span.start - 32) : span.start], B[span.end : span.end + 32], span) == span
    (placement,), faults = anchor((note("one", ("b", (selector_of(selecting(text, span)),))),), articles)
    assert faults == ()
    assert [found.span for found in placement.anchors.b] == [span]


def test_a_gap_between_words_that_stand_twice_is_told_by_its_number() -> None:
    line = "one two three four " * 8
    text = ready(Article(source("b", f"{line}\n\n{line}"), f"{line}\n\n{line}", ()))
    offset = len(line) + 2
    assert selecting(text, Span(offset, offset)) == {"before": " ".join(line.split()[:23]), "nth": 9}
    assert selecting(ready(Article(source("b", ""), "", ())), Span(0, 0)) == {"start": 0, "end": 0}


# ------------------------------------------------------------------ from elsewhere


def sidecar(data: Any, tmp_path: Path, into: Story | None = None) -> tuple[Imported, tuple[Annotation, ...], list[str]]:
    result = imported(data, into)
    again, _, faults = read_back(result.text, into or story(A, B), tmp_path)
    return result, again.annotations, faults


def test_a_note_from_elsewhere_becomes_a_draft_that_asks_for_a_choice(tmp_path: Path) -> None:
    result, (only,), faults = sidecar(foreign(id="https://hypothes.is/a/Ab_C9"), tmp_path)
    assert faults == []
    assert (only.id, only.kinds, only.severity, only.status, only.title, only.body) == (
        "ab-c9", ("framing",), "minor", "draft", "Why?", "",
    )  # fmt: skip
    assert only.targets[0][0] == "b"
    assert "choose them" in result.text
    assert '"id": "https://hypothes.is/a/Ab_C9"' in result.text
    assert [str(fault) for fault in result.diagnostics] == [
        'in.jsonld: warning: $: kept as a comment, because it has no place in a note: {"id": "https://hypothes.is/a/Ab_C9"}',
        "in.jsonld: warning: $: ab-c9: kind or severity is not in the imported file: choose them, then set status: confirmed",
    ]


def test_tags_say_kind_severity_and_direction(tmp_path: Path) -> None:
    tags = ("number", "major", "direction:higher", "status:disputed", "my own")
    bodies = [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags]
    result, (only,), _ = sidecar(foreign(body=[*bodies, {"type": "TextualBody", "value": "x " * 60 + "\nmore"}]), tmp_path)
    assert (only.kinds, only.severity, only.direction, only.status) == (("number",), "major", "higher", "disputed")
    assert len(only.title) < 90
    assert only.title.endswith(" …")
    assert only.body.endswith("more")
    assert "my own" in result.text
    assert len(result.diagnostics) == 1


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"exact": "15,000", "prefix": "The ", "suffix": " troops"}, {"quote": "15,000", "nth": 2}),
        ({"exact": "15,000", "prefix": "About "}, {"quote": "15,000", "nth": 1}),
        ({"exact": "About  15,000 "}, "About 15,000"),
        ({"exact": "in April.\n\nThe"}, "in April. The"),
        ({"exact": "", "prefix": "About ", "suffix": "15,000"}, {"before": "15,000"}),
        ({"exact": "", "prefix": "About "}, {"after": "About"}),
    ],
)
def test_a_quotation_is_looked_up_with_what_stands_around_it(selector: dict[str, str], expected: Any, tmp_path: Path) -> None:
    _, (only,), _ = sidecar(aimed({"type": "TextQuoteSelector", **selector}), tmp_path)
    (found,) = only.targets[0][1]
    form = {"quote": found.quote} if not found.gap else {found.gap: found.quote}
    form |= {"nth": found.nth} if found.nth else {}
    assert (found.quote if form.keys() == {"quote"} else form) == expected


def test_what_the_interface_of_hypothesis_gives_is_understood(tmp_path: Path) -> None:
    target = aimed([{"type": "TextQuoteSelector", "exact": "About 15,000", "suffix": " troops"}], "https://x.org/test/b.txt")[
        "target"
    ]
    row = {
        "id": "Ab1", "user": "acct:me@x.org", "uri": "https://x.org/test/b.txt", "text": "Why?", "tags": ["number", "major", "fun"],
        "target": [target], "group": "all",
    }  # fmt: skip
    result, (only,), faults = sidecar({"total": 1, "rows": [row]}, tmp_path)
    assert faults == []
    assert (only.kinds, only.severity, only.title, only.by) == (("number",), "major", "Why?", "me-x-org")
    assert '# not understood: {"id": "Ab1", "tags": ["fun"], "group": "all"}' in result.text


def test_an_ambiguous_or_missing_quotation_is_kept_and_told(tmp_path: Path) -> None:
    result, _, faults = sidecar([aimed({"type": "TextQuoteSelector", "exact": "15,000"}),
                                 aimed({"type": "TextQuoteSelector", "exact": "a ship", "prefix": "of "})], tmp_path)  # fmt: skip
    told = [str(fault) for fault in result.diagnostics]
    assert any("ambiguous in b: '15,000'" in line for line in told)
    assert any("not found in b: 'a ship'" in line for line in told)
    assert any("stands 2 times" in line for line in faults)


def test_a_place_without_words_is_quoted(tmp_path: Path) -> None:
    _, (only,), _ = sidecar(aimed({"type": "TextPositionSelector", "start": 0, "end": 12}), tmp_path)
    assert only.targets[0][1][0].quote == "About 15,000"


def test_a_place_that_the_words_contradict_is_not_believed(tmp_path: Path) -> None:
    selectors = [{"type": "TextPositionSelector", "start": 700, "end": 712}, {"type": "TextQuoteSelector", "exact": "About 15,000"},
                 {"type": "RangeSelector", "startSelector": {"type": "XPathSelector", "value": "/p[1]"}}]  # fmt: skip
    result, (only,), faults = sidecar(aimed(selectors), tmp_path)
    assert only.targets[0][1][0].quote == "About 15,000"
    assert faults == []
    assert "700" in result.text
    assert "/p[1]" in result.text


def test_a_quotation_may_refine_another_selector(tmp_path: Path) -> None:
    selector = {"type": "FragmentSelector", "value": "p2", "refinedBy": {"type": "TextQuoteSelector", "exact": "About 15,000"}}
    result, (only,), _ = sidecar(aimed(selector), tmp_path)
    assert only.targets[0][1][0].quote == "About 15,000"
    assert "FragmentSelector" in result.text


def test_a_witness_is_known_by_its_address_or_by_being_the_only_one_with_the_words() -> None:
    into = story(A, B)
    into = replace(into, witnesses=(into.witnesses[0], replace(into.witnesses[1], url="https://news.org/b/")))
    words = {"type": "TextQuoteSelector", "exact": "in April."}
    assert "  b: " in imported(aimed(words, "http://news.org/b#top"), into).text
    assert "  a: " in imported(aimed({"type": "TextQuoteSelector", "exact": "Up to 12,000"}, "https://elsewhere.org/"), into).text
    assert imported(aimed(words, "https://elsewhere.org/"), into).note_count == 0


def test_a_note_that_points_at_no_witness_is_an_error_and_a_comment() -> None:
    result = imported([foreign(), foreign(target="https://elsewhere.org/", id="urn:x:1")])
    assert result.note_count == 1
    assert any(fault.severity == "error" and "points at no witness" in fault.message for fault in result.diagnostics)
    assert "# A note that points at no witness:" in result.text
    assert "https://elsewhere.org/" in result.text


def test_links_become_evidence_and_references_between_notes_are_kept(tmp_path: Path) -> None:
    link = {"type": "SpecificResource", "purpose": "linking", "source": "https://e.org/"}
    notes = [
        foreign(id="urn:x:first", body=["https://e.org/a", {"id": "https://e.org/b"}, link]),
        foreign(id="urn:x:second", body=[{"type": "SpecificResource", "purpose": "linking", "source": "urn:x:first"}]),
        foreign(id="urn:x:third", body=[{"type": "SpecificResource", "purpose": "linking", "source": "https://x.org/#note-known"}]),
    ]
    into = story(A, B, annotations=(note("known", ("a", (quote("12,000"),))),))
    result = imported(notes, into)
    again, _, _ = read_back(result.text, into, tmp_path)
    assert [item.url for item in again.annotations[0].evidence] == ["https://e.org/a", "https://e.org/b", "https://e.org/"]
    assert again.annotations[1].see == ("first",)
    assert "see: [known]" in result.text
    assert again.annotations[1].title == "Imported note"


def test_a_new_id_is_given_where_one_is_taken() -> None:
    into = story(A, B, annotations=(note("first", ("a", (quote("12,000"),))),))
    text = imported([foreign(id="https://x.org/#note-first"), foreign(id="urn:x:first"), foreign()], into).text
    assert [line.strip() for line in text.splitlines() if "- id:" in line] == [
        '- id: "first-2"', '- id: "first-3"', '- id: "imported-3"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("creator", "expected"),
    [
        ("Somebody", 'somebody: {name: "Somebody"}'),
        ({"name": "A  B", "nickname": "ab", "homepage": "https://e.org/"}, 'ab: {name: "A B", url: "https://e.org/"}'),
        ({"id": "https://e.org/me", "name": "7 Up"}, 'a-7-up: {name: "7 Up", url: "https://e.org/me"}'),
        ({"nickname": "acct:x@y"}, 'acct-x-y: {name: "acct:x@y"}'),
        ({"name": "日本"}, 'imported: {name: "日本"}'),
    ],
)
def test_who_made_a_note_becomes_an_annotator(creator: Any, expected: str, tmp_path: Path) -> None:
    result, (only,), faults = sidecar(foreign(creator=creator), tmp_path)
    assert expected in result.text
    assert only.by == expected.partition(":")[0]
    assert faults == []


@pytest.mark.parametrize("address", ["http://[x", "http://[::1", "http://ex\u2100mple/a", "urn:["])
def test_an_address_that_is_none_is_kept_and_told(address: str, tmp_path: Path) -> None:
    words = {"type": "TextQuoteSelector", "exact": "About 15,000"}
    result, (only,), faults = sidecar(foreign(id=address, target={"source": address, "selector": words}), tmp_path)
    assert faults == []
    assert (only.id, only.targets[0][0]) == ("imported-1", "b")
    assert json.dumps(address, ensure_ascii=False) in result.text


@pytest.mark.parametrize("name", ["7 Up", "1" * 80, "null", "-", "x" * 80])
def test_every_annotator_has_a_key_that_a_sidecar_takes(name: str, tmp_path: Path) -> None:
    notes = [foreign(creator={"name": name, "homepage": f"https://e.org/{number}"}) for number in range(3)]
    _, found, faults = sidecar(notes, tmp_path)
    assert faults == []
    assert len({each.by for each in found}) == 3


def test_who_has_no_name_is_kept_as_a_comment() -> None:
    assert '"homepage": "https://e.org/"' in imported(foreign(creator={"name": " ", "homepage": "https://e.org/"})).text
    assert '"nickname": 7' in imported(foreign(creator={"name": "Ab", "nickname": 7})).text


def test_of_the_words_around_a_passage_the_nearest_count() -> None:
    around = " ".join(f"word{number}" for number in range(60))
    text = f"{around} 15,000 men came. {around[::-1]} 15,000 men left."
    found = find(ready(Article(source("b", text), text, ())), "15,000", "x" * 1_000_000 + around + " ", "", None)
    assert found == Span(len(around) + 1, len(around) + 7)


def test_two_people_of_one_name_stay_two() -> None:
    into = replace(story(A, B), annotators=(Annotator("ab", "Ab", ""),))
    notes = [foreign(creator={"name": "Ab", "homepage": "https://e.org/1"}), foreign(creator={"name": "Ab"}), foreign(creator=7)]
    text = imported(notes, into).text
    assert 'ab-2: {name: "Ab", url: "https://e.org/1"}' in text
    assert 'ab: {name: "Ab"}' in text
    assert '"creator": 7' in text


def test_what_the_sidecar_refuses_is_kept_beside_the_note(tmp_path: Path) -> None:
    result, (only,), faults = sidecar(
        foreign(**{"variorum:history": [{"date": "2025-99-99", "change": "x"}], "modified": "2025-01-01T00:00:00Z"}), tmp_path
    )
    assert faults == []
    assert only.history == ()
    assert "2025-99-99" in result.text
    assert any("history" in str(fault) for fault in result.diagnostics)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "TextualBody", "value": "<b>x</b>", "format": "text/html"},
        {"type": "TextualBody", "value": "x", "language": "fr"},
        {"type": "TextualBody", "value": "x", "purpose": "editing"},
        {"type": "TextualBody", "value": 7},
        {"type": "Choice", "items": ["https://e.org/"]},
        {"type": "SpecificResource", "source": 7},
        {"type": "SpecificResource", "source": {"no": "id"}},
        {"type": "SpecificResource", "source": "https://x.org/test/b.txt"},
        {"type": "SpecificResource", "source": "https://e.org/", "selector": {"type": "TextQuoteSelector", "exact": "x"}},
        {"type": "SpecificResource", "source": "https://x.org/test/b.txt", "selector": {"type": "TextQuoteSelector", "exact": " "}},
        {"id": "mailto:x@y.z"}, {"id": 7}, 7, ["x"], "no address", True, {"type": "TextualBody", "value": "x", "purpose": ["a"]},
    ],
)  # fmt: skip
def test_a_body_that_is_not_understood_is_kept_and_told(body: Any) -> None:
    result = imported(foreign(body=[body, {"type": "TextualBody", "value": "words"}]))
    assert result.note_count == 1
    assert "not understood" in result.text
    assert any("kept as a comment" in str(fault) for fault in result.diagnostics)


@pytest.mark.parametrize("target", [7, None, [], {}, "x", [7], {"source": "https://x.org/test/b.txt", "selector": 7},
                                    {"source": "https://x.org/test/b.txt", "selector": [{"type": "TextQuoteSelector", "exact": 7}]},
                                    {"source": "https://x.org/test/b.txt", "selector": {"type": "TextPositionSelector", "start": -1,
                                                                                        "end": 3}}])  # fmt: skip
def test_a_target_that_is_not_understood_is_an_error(target: Any) -> None:
    result = imported([foreign(target=target)])
    assert result.note_count == 0
    assert any(fault.severity == "error" for fault in result.diagnostics)


@pytest.mark.parametrize("data", [{}, [], 7, "x", None, {"type": "AnnotationPage", "items": []}, {"rows": 7}])
def test_a_file_without_an_annotation_is_an_error(data: Any) -> None:
    result = imported(data)
    assert result.text == ""
    assert [fault.message for fault in result.diagnostics] == ["there is no annotation in this file"]


def test_what_wraps_the_annotations_is_understood_or_told() -> None:
    page = {"@context": "x", "type": "AnnotationPage", "id": "urn:x", "items": [foreign()]}
    assert imported(page).note_count == 1
    collection = {"type": "AnnotationCollection", "first": page, "label": "x", "next": "urn:more"}
    result = imported(collection)
    assert "urn:more" in result.text
    assert imported({"total": 1, "rows": [foreign()]}).note_count == 1


def test_diagnostics_are_bounded_and_counted() -> None:
    result = imported([foreign(id=f"urn:x:{number}", extra=number) for number in range(200)])
    assert len(result.diagnostics) == 51
    assert result.diagnostics[-1].message == "350 more of these"
    assert result.text.count('"extra"') == 200


def test_a_comment_cannot_be_broken_out_of(tmp_path: Path) -> None:
    evil = 'x\n  - id: evil\u2028- id: evil\u0085\r"'
    result, notes, faults = sidecar(foreign(evil=evil, title=evil, **{evil: evil}), tmp_path)
    assert len(notes) == 1
    assert all("U+FFFD" in line for line in faults)
    assert result.note_count == 1


KEYS = (
    "type", "id", "body", "target", "source", "selector", "exact", "prefix", "start", "end", "value", "purpose", "creator", "name",
    "variorum:evidence", "variorum:selector", "variorum:history", "items", "quote", "before",
)  # fmt: skip
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(["https://x.org/test/b.txt", "About", "http://[x"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(KEYS), children, max_size=5),
    max_leaves=12,
)


@given(json_values, json_values, json_values)
def test_no_json_breaks_it_and_every_note_reads_back(body: Any, target: Any, more: Any) -> None:
    item = foreign(body=body, creator=more, **{"variorum:history": more})
    selector = {"type": "TextQuoteSelector", "exact": "April", "prefix": more}
    result = imported(
        [item, foreign(target=target), aimed([selector, target]), foreign(target=[item["target"], target], body=more)]
    )
    assert len(yaml.safe_load(result.text)["notes"]) == result.note_count >= 1


# ------------------------------------------------------------------ reading JSON


def fault(content: bytes) -> str:
    found = read_json("in.jsonld", content)
    assert isinstance(found, Diagnostic)
    return str(found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "in.jsonld:1:1: error: this is not JSON: expecting value"),
        (b'{"a":\n1,}', "in.jsonld:2:3: error: this is not JSON: "),
        (b"\xff\xfe", "in.jsonld: error: byte 0xFF is not UTF-8"),
        (b'{"a": 1, "a": 2}', "in.jsonld: error: the key 'a' stands twice in one object"),
        (b"[NaN]", "in.jsonld: error: NaN is no number of JSON"),
        (b"[-Infinity]", "in.jsonld: error: -Infinity is no number of JSON"),
        (b"9" * 5000, "in.jsonld: error: a number with thousands of digits"),
        (b"[" * 40 + b"]" * 40, "in.jsonld: error: nested more than 32 deep"),
        (b"[" * 100_000, "in.jsonld: error: nested more than 32 deep"),
        (b" " * (JSON_LIMIT + 1), "in.jsonld: error: the file is larger than 16,384 kB"),
    ],
    ids=str,
)
def test_json_that_is_none_or_too_much_is_one_diagnostic(content: bytes, expected: str) -> None:
    assert fault(content).startswith(expected)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert isinstance(read_json("x", b"[" * DEPTH_LIMIT + b"]" * DEPTH_LIMIT), JsonText)


def test_controls_and_lone_surrogates_are_replaced_and_counted() -> None:
    found = read_json("x", b'\xef\xbb\xbf{"a\\u0000": ["b\\ud800", 1, "c"]}')
    assert found == JsonText({"a\ufffd": ["b\ufffd", 1, "c"]}, 2)
    data = foreign(body={"type": "TextualBody", "value": "x\u0001y"})
    assert any("2 control characters" in str(each) for each in imported([data, data]).diagnostics)


def test_a_way_into_data_is_written_as_a_path() -> None:
    assert json_path(("first", "items", 3, "target")) == "$.first.items[3].target"


# ------------------------------------------------------------------ parts


def test_long_leftovers_are_cut_and_the_rest_counted() -> None:
    assert kept("x" * 50, 10) == '"xxxxxxxxx … (42 more characters)'


@pytest.mark.parametrize(("address", "name"), [("https://x.org/[", ""), ("urn:uuid:1-2", "1-2"), ("x#note-ok", "ok"), ("", "")])
def test_a_name_is_taken_from_an_address(address: str, name: str) -> None:
    assert name_in(address) == name


def test_a_title_is_cut_between_words_or_inside_a_very_long_one() -> None:
    assert title_of("y" * 100) == "y" * 80 + " …"
    assert title_of("two\nlines") == "two"


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_in_a_sidecar_reads_back_as_it_was(title: str, body: str) -> None:
    told = sidecar_text({}, [NoteText({"id": "x", "title": title, "note": body}, (title,))], (body,))
    assert yaml.safe_load(told)["notes"] == [{"id": "x", "title": title, "note": body}]
