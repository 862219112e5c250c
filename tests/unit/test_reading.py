"""YAML with places, and what its two parsers make of the same text."""

import pytest
import yaml

from generator.reading import yamlnodes
from generator.reading.files import TextFile, text_file
from generator.reading.markdown import is_laborious, is_safe_link, read_markdown
from generator.reading.report import report
from generator.reading.yamlnodes import Yaml, YamlList, YamlMap, key_place, read_yaml, value_place


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test with libyaml, and with the parser that takes its place where it is missing."""
    monkeypatch.setattr(yamlnodes, "LOADER", getattr(yaml, request.param))


def said(text: str) -> list[str]:
    file = text_file("f", text)
    return [str(fault) for fault in report(file, read_yaml(file)[1])]


def data(text: str) -> Yaml:
    found, faults = read_yaml(text_file("f", text))
    assert faults == ()
    return found


def test_scalars_stay_text() -> None:
    text = "a: no\nb: 1.10\nc: 2025-02-30\nd: 0x10\ne: 'null'\nf: Null\n1: true\nnull: ~\n"
    assert data(text) == {
        "a": "no", "b": "1.10", "c": "2025-02-30", "d": "0x10", "e": "null", "f": "Null", "1": "true", "null": None,
    }  # fmt: skip


def test_nothing_null_and_a_tilde_are_none() -> None:
    assert data("a:\nb: null\nc: ~\nd: ''\n") == {"a": None, "b": None, "c": None, "d": ""}
    assert data("") is None
    assert data("# nothing\n") is None


def test_every_key_and_value_knows_its_place() -> None:
    text = "title: One\nnotes:\n  - id: x\n    list: [a, {b: c}]\n  - ''\n"
    found = data(text)
    assert isinstance(found, YamlMap)
    places = {
        ("title",): ("title: One", "One\n"),
        ("notes",): ("notes:", "- id"),
        ("notes", 0): ("id: x", "id: x"),
        ("notes", 0, "list", 1, "b"): ("b: c", "c}]"),
        ("notes", 1): ("''", "''"),
        ("notes", 1, "<tag>", 7): ("''", "''"),
    }
    for loc, (key, value) in places.items():
        assert text.startswith(key, key_place(found, loc)), loc
        assert text.startswith(value, value_place(found, loc)), loc
    assert value_place(None, ("a",)) == 0


@pytest.mark.parametrize("separator", ["\n", "\r", "\r\n"])
def test_lines_are_counted_as_editors_count_them(separator: str) -> None:
    text = separator.join(['a: "x\u2028y\x85z\u2029"', "b: x\u2028y", "c: ü", 'd: "open'])
    file = text_file("f", text.replace("\x85", ""))
    assert [str(fault) for fault in report(file, read_yaml(file)[1])] == [
        "f:4:4: error: the quotation mark opened here is never closed (close it at the end of the text)"
    ]


def test_line_breaks_that_no_editor_knows_stay_in_the_text() -> None:
    assert data('a: "x\u2028y"\nb: p\u2029q\n\ue000: \u2028\n') == {"a": "x\u2028y", "b": "p\u2029q", "\ue000": "\u2028"}


def test_a_stretch_of_a_file_has_the_files_places() -> None:
    file = text_file("f", "---\na: 1\nb: [\n---\nText")
    _, spots = read_yaml(file, 4, 14)
    assert [str(fault.where) for fault in report(file, spots)] == ["f:3:4"]
    found, _ = read_yaml(file, 4, 8)
    assert value_place(found, ("a",)) == 7


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a: "open', "1:4"),
        ('a: "one\n\nb: "two"\n', "1:4"),
        ('a: "x\n---\n y"\n', "1:4"),
        ("a: 'Kim's'\n", "1:9"),
        ('a: "He said "no""\n', "1:14"),
        ("a:\n\t- b\n", "2:1"),
        ("a:\r \tb: c\r  d", "2:2"),
        ("a: @x\n", "1:4"),
        ("a: `x`\n", "1:4"),
        ("a: *Confirms* x\n", "1:4"),
        ("a: b: c\n", "1:5"),
        ("a: [1, 2\nb: 3\n", "1:4"),
        ("a: {b\n", "1:4"),
        ("a: [\n", "1:4"),
        ("a: [b\n", "1:4"),
        ("%YAML 9.9\n---\na: 1", "1:1"),
        ("a: |\n  b\n c\n", "3:2"),
        ("a: {b: c}}\n", "1:10"),
        (": x\n", "1:1"),
        ("a: 1\nb\n", "2:1"),
    ],
)
def test_a_syntax_error_is_one_error_where_it_was_made(text: str, place: str) -> None:
    (fault,) = said(text)
    assert fault.startswith(f"f:{place}: error: ")
    assert fault.isprintable()


@pytest.mark.parametrize("text", ['a: "\\UFFFFFFFF"\n', 'a: "\\ud800"\n', 'a: "\\q"\n', "a: \ufffe\n", 'a: "\\xzz"'])
def test_characters_that_there_are_not_are_one_error(text: str) -> None:
    assert len(said(text)) == 1


def test_what_is_refused_leaves_the_rest_readable() -> None:
    found, faults = read_yaml(text_file("f", "a: &x [1]\nb: *x\na: 2\n<<: {c: 1}\n? {d: 1}\n: 5\n{e: 1}: 6\nf: !!int 7\n*x : 8\n"))
    assert found == {"a": ["1"], "b": None, "f": "7", "*x": "8"}
    assert [fault.message.partition(",")[0] for _, fault in faults] == [
        "an anchor", "an alias", "duplicate key 'a'", "a merge key",
        "a key must be text", "a key must be text", "a tag", "an alias",
    ]  # fmt: skip
    assert read_yaml(text_file("f", "? \n: x\n"))[0] == {}
    assert read_yaml(text_file("f", "- &x a\n- &y {b: c}"))[0] == ["a", {"b": "c"}]


def test_an_alias_bomb_is_read_at_once() -> None:
    text = "a0: &a0 {x: 1}\n" + "".join(f"a{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * 9)}]}}\n" for n in range(40))
    found, faults = read_yaml(text_file("f", text))
    assert isinstance(found, YamlMap)
    assert len(found) == 41
    assert len(faults) == 41 + 40 + 360


def test_depth_is_limited() -> None:
    assert isinstance(data("[" * 32 + "]" * 32), YamlList)
    assert said("[" * 33 + "]" * 33) == ["f:1:33: error: nested more than 32 deep (the formats need eight levels at most)"]
    assert len(said("[" * 100_000)) == 1


def test_a_list_of_known_names_is_cut() -> None:
    file = TextFile("f", "x", (0,))
    known = tuple(f"{letter}{number}" for letter in "xy" for number in range(900))
    fault = yamlnodes.Fault("unknown", "none", "x9000", known)
    assert report(file, (), [yamlnodes.Spot(0, fault)])[0].hint == "did you mean 'x90'?"
    assert report(file, (), [yamlnodes.Spot(0, fault._replace(name="q"))])[0].hint == "none"
    assert report(file, (), [yamlnodes.Spot(0, fault._replace(name="q" * 999))])[0].hint == "none"
    listed = report(file, (), [yamlnodes.Spot(0, fault._replace(name="q", known=known[:150]))])[0].hint
    assert listed.startswith("known: x0, x1, x10")
    assert len(listed) == 240


# ------------------------------------------------------------------ Markdown


def test_lists_and_quotations_inside_each_other_keep_the_innermost_form() -> None:
    found = read_markdown("> - one\n>\n>   > two\n\n3) three\n\n## *four*\n> # five")
    assert [(block.form, block.level, block.marker, block.span.of(found.text)) for block in found.blocks] == [
        ("item", 1, "•", "one"),
        ("quotation", 0, "", "two"),
        ("item", 1, "3.", "three"),
        ("heading", 2, "", "four"),
        ("heading", 1, "", "five"),
    ]


def test_blocks_are_in_order_apart_and_hold_the_whole_text() -> None:
    found = read_markdown("a\n\n- b\n- c\n\n    code\n\n> d  \n> e\n\n***\n\n`f`")
    assert "\n\n".join(block.span.of(found.text) for block in found.blocks) == found.text


@pytest.mark.parametrize(
    ("href", "is_safe"),
    [
        ("https://example.org/x", True), ("http://example.org", True), ("mailto:me@example.org", True),
        ("MAILTO:me@example.org", True),
        ("javascript:alert(1)", False), ("mailto:nobody", False), ("mailto:a@b c", False), ("//example.org", False),
        ("/x", False), ("#x", False), ("", False), ("data:text/html,x", False), ("vbscript:x", False),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_web_or_to_a_mailbox(href: str, is_safe: bool) -> None:
    assert is_safe_link(href) == is_safe


def test_an_image_inside_an_image_is_its_alternative_text_too() -> None:
    found = read_markdown("One ![two ![*three*](a)\\\nfour](b) *![](c)*")
    assert (found.text, found.styles) == ("One two three four ", ())


def test_html_and_bare_addresses_are_text() -> None:
    found = read_markdown("<script>alert(1)</script> www.example.org https://example.org <!-- x -->\n\n<div>x</div>")
    assert found.styles == ()
    assert found.text == "<script>alert(1)</script> www.example.org https://example.org <!-- x -->\n\n<div>x</div>"


def test_five_hundred_links_are_no_labour_and_a_heap_of_brackets_is() -> None:
    assert not is_laborious("no bracket")
    assert not is_laborious("[link](https://example.org/) and some words\n" * 500)
    assert not is_laborious("[[[\r\n\r\n" * 20_000)
    assert is_laborious("[" * 20_000)
