"""Stories as files, read."""

import os
import socket
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator import layout
from generator.config import read_config
from generator.errors import Diagnostic, Where
from generator.model import Pair, Source, SourceBlock, Span, Story, Style
from generator.reading import files
from generator.sources import read_story, story_folders
from tests.sitefiles import BASE, write_site

NOTE = "kind: number, severity: minor, title: One"


def read(root: Path, overlay: Mapping[str, str | bytes] | None = None, slug: str = "story") -> tuple[Story | None, list[str]]:
    folder = write_site(root, overlay or {}, slug)
    config, faults = read_config(root)
    story, more = read_story(root, folder, config)
    return story, [str(fault) for fault in (*faults, *more)]


def sound(root: Path, overlay: Mapping[str, str | bytes] | None = None) -> Story:
    story, faults = read(root, overlay)
    assert faults == []
    assert story is not None
    return story


def first(root: Path, overlay: Mapping[str, str | bytes]) -> Source:
    return sound(root, overlay).witnesses[0]


# ------------------------------------------------------------------ the story


def test_the_smallest_story_has_its_defaults(tmp_path: Path) -> None:
    story = sound(tmp_path)
    assert (story.slug, story.title, story.summary, story.published, story.tags, story.language) == (
        "story",
        "Story",
        "",
        "",
        (),
        "en",
    )
    assert story.pairs == (Pair("a", "b"),)
    assert story.where == Where("content/story/comparison.yaml")
    assert story.witness("b") == Source(
        name="b", label="B", publisher="", headline="", author="", published="", url="", archived="", language="en", based_on="",
        generator="", file_name="b.txt", text="One two four.\n", blocks=(), styles=(), roles=(), where=Where("content/story/b.txt"),
    )  # fmt: skip


def test_every_key_of_comparison_yaml_arrives(tmp_path: Path) -> None:
    text = """\
title: <script>alert(1)</script>
summary: |
  What *changed*.
published: 2025-08-22
tags: [one, two, one]
language: en-GB
witnesses:
  a: {file: a.txt, label: First, publisher: Somebody, author: No, headline: 1.10, url: https://example.org/a, archived: null,
      published: 2025-08-21, language: ko, roles: [{quote: One two, role: headline}]}
  b:
    file: b.txt
    based_on: a
    generator: {type: unknown}
pair:
  - {a: One, b: One}
unpair:
  - {a: two, b: four}
"""
    story = sound(tmp_path, {"comparison.yaml": text})
    assert story.title == "<script>alert(1)</script>"
    assert (story.summary, story.published, story.tags, story.language) == (
        "What *changed*.",
        "2025-08-22",
        ("one", "two"),
        "en-GB",
    )
    a, b = story.witnesses
    assert (a.label, a.publisher, a.author, a.headline, a.url) == ("First", "Somebody", "No", "1.10", "https://example.org/a")
    assert (a.archived, a.published, a.language, b.language, b.based_on, b.generator) == (
        "",
        "2025-08-21",
        "ko",
        "en-GB",
        "a",
        "unknown",
    )
    assert [(role.quote, role.role, role.where.line, role.where.column) for role in a.roles] == [("One two", "headline", 9, 52)]
    assert [(each.action, each.quotes, each.where.line) for each in story.overrides] == [
        ("pair", (("a", "One"), ("b", "One")), 15),
        ("unpair", (("a", "two"), ("b", "four")), 17),
    ]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ("", [("a", "b"), ("a", "c")]),
        ("pairs: consecutive", [("a", "b"), ("b", "c")]),
        ("pairs: [[c, a], [b, c]]", [("c", "a"), ("b", "c")]),
        ("pairs: null", [("a", "b"), ("a", "c")]),
    ],
)
def test_pairs_are_the_base_with_each_unless_told(tmp_path: Path, pairs: str, expected: list[tuple[str, str]]) -> None:
    text = f"title: Story\nwitnesses: {{a: {{file: a.txt}}, b: {{file: b.txt}}, c: {{file: c.txt}}}}\n{pairs}\n"
    assert [(pair.a, pair.b) for pair in sound(tmp_path, {"comparison.yaml": text, "c.txt": "Three"}).pairs] == expected


def test_reading_order_is_the_order_written(tmp_path: Path) -> None:
    text = "title: Story\nwitnesses:\n  z: {file: b.txt}\n  a-2: {file: a.txt}\n"
    story = sound(tmp_path, {"comparison.yaml": text})
    assert [(source.name, source.label) for source in story.witnesses] == [("z", "Z"), ("a-2", "A 2")]


def test_a_witness_is_in_its_own_language_then_its_front_matters_then_the_storys_then_the_sites(tmp_path: Path) -> None:
    text = "title: S\n{}witnesses: {{a: {{file: a.md{}}}, b: {{file: b.txt}}}}\n"
    front = "---\nlanguage: ko\n---\nText"
    site_file = 'language = "fr"'
    cases = [
        (text.format("language: de\n", ", language: it"), front, ["it", "de"]),
        (text.format("language: de\n", ""), front, ["ko", "de"]),
        (text.format("", ""), front, ["ko", "fr"]),
        (text.format("", ""), "Text", ["fr", "fr"]),
    ]
    for comparison, article, languages in cases:
        story = sound(tmp_path, {"comparison.yaml": comparison, "a.md": article, "variorum.toml": site_file})
        assert [source.language for source in story.witnesses] == languages


# ------------------------------------------------------------------ notes


def test_every_key_of_a_note_arrives(tmp_path: Path) -> None:
    text = """\
annotators: {desk: {name: Desk, url: https://example.org/desk}}
defaults: {by: desk, status: disputed}
notes:
  - id: one
    kind: [number, tone, number]
    direction: higher
    severity: major
    title: Three becomes four
    b: [four, {before: four}]
    a: {quote: three, within: two three, prefix: two, suffix: ., nth: 1}
    note: |
      *Three*.

      And more.
    evidence:
      - {a: [One, two], why: Because}
      - {url: https://example.org/x, title: No, publisher: P, accessed: 2025-09-01, quote: Q, archived: https://example.org/y}
    see: two
    history: [{date: 2025-09-02, change: Corrected}, {date: 2025-09-02, change: Again}]
  - {id: two, kind: equivalent, severity: checked, title: Two, status: draft, a: {start: 4, end: 7},
     b: {after: One, nth: 1, within: One two}}
  - {id: three, kind: equivalent, severity: checked, title: Two, a: {quote: o, all: true}}
"""
    toml = '[kinds.tone]\nlabel = "Tone"\ndefinition = "The tone differs."\n'
    story = sound(tmp_path, {"annotations.yaml": text, "variorum.toml": toml})
    assert [(each.key, each.name, each.url) for each in story.annotators] == [("desk", "Desk", "https://example.org/desk")]
    one, two, three = story.annotations
    assert (one.id, one.kinds, one.direction, one.severity, one.status) == (
        "one",
        ("number", "tone"),
        "higher",
        "major",
        "disputed",
    )
    assert (one.title, one.body, one.by, one.see) == ("Three becomes four", "*Three*.\n\nAnd more.", "desk", ("two",))
    assert one.where == Where("content/story/annotations.yaml", 4, 5)
    assert [name for name, _ in one.targets] == ["b", "a"]
    assert [(each.quote, each.gap, str(each.where)) for each in one.selectors("b")] == [
        ("four", "", "content/story/annotations.yaml:9:9"),
        ("four", "before", "content/story/annotations.yaml:9:15"),
    ]
    (a,) = one.selectors("a")
    assert (a.quote, a.within, a.prefix, a.suffix, a.nth, a.every, a.position) == ("three", "two three", "two", ".", 1, False, None)
    quoted, linked = one.evidence
    assert [(name, each.quote) for name, each in quoted.quotes] == [("a", "One"), ("a", "two")]
    assert (quoted.why, quoted.url) == ("Because", "")
    assert (linked.url, linked.title, linked.publisher, linked.accessed, linked.quote, linked.archived) == (
        "https://example.org/x", "No", "P", "2025-09-01", "Q", "https://example.org/y",
    )  # fmt: skip
    assert [(each.date, each.change) for each in one.history] == [("2025-09-02", "Corrected"), ("2025-09-02", "Again")]
    assert (two.status, two.by, two.direction, two.body) == ("draft", "desk", "", "")
    assert two.selectors("a")[0].position == Span(4, 7)
    assert (two.selectors("b")[0].gap, two.selectors("b")[0].within, two.selectors("b")[0].nth) == ("after", "One two", 1)
    assert three.selectors("a")[0].every
    assert three.selectors("b") == ()


def test_sidecars_are_merged_in_the_order_of_their_names(tmp_path: Path) -> None:
    note = "notes: [{{id: {}, " + NOTE + ", a: One, see: {}}}]\nannotators: {{desk: {{name: Desk}}}}\n"
    overlay = {
        "annotations.yaml": note.format("main", "zed"),
        "annotations.zoe.yaml": note.format("zed", "main"),
        "annotations.ann.yaml": note.format("ann", "[main, zed]"),
        "annotations.empty.yaml": "# nothing yet\n",
        "annotations.lock.json": '{"notes": {}, "texts": {}, "version": 1}',
    }
    story = sound(tmp_path, {**overlay})
    assert [note.id for note in story.annotations] == ["ann", "main", "zed"]
    assert [annotator.key for annotator in story.annotators] == ["desk"]


def test_a_faulty_note_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    text = f"""\
notes:
  - {{id: one, {NOTE}, a: One, see: [two, three, nine]}}
  - {{id: two, {NOTE}, a: One, colour: red}}
  - {{id: three, {NOTE}, a: One}}
"""
    story, faults = read(tmp_path, {"annotations.yaml": text})
    assert story is not None
    assert [(note.id, note.see) for note in story.annotations] == [("one", ("three",)), ("three", ())]
    assert len(faults) == 2


def test_of_many_faults_fifty_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    text = "notes:\n" + "".join(f"  - {{id: n{index}, {NOTE}, a: One, se: x, kind2: y}}\n" for index in range(2500))
    story, faults = read(tmp_path, {"annotations.yaml": text})
    assert story is not None
    assert len(faults) == 51
    assert faults[-1] == "content/story/annotations.yaml: error: 4,950 more faults in this file (mend the first ones)"
    assert max(map(len, faults)) < 300


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("notes: [" + "{}," * 20_001 + "]", "1:8: error: more than 20,000 notes in one file (put them into several sidecars)"),
        ("notes: [" + "{}," * 20_000 + "]", " error: 79,950 more faults in this file (mend the first ones)"),
        (
            "{" + "".join(f"k{index}: 1, " for index in range(9000)) + "}",
            " error: 8,950 more faults in this file (mend the first ones)",
        ),
        ("a: &a 1\nb: [" + "*a, " * 9000 + "]", " error: 951 more faults in this file (mend the first ones)"),
        ("x" * 2_000_000, " error: the file is larger than 1,024 kB (it has at least 2,000,000 bytes)"),
    ],
    ids=["notes", "faulty notes", "unknown keys", "aliases", "bytes"],
)
def test_a_sidecar_beyond_all_measure_is_refused_in_a_screenful(tmp_path: Path, text: str, said: str) -> None:
    story, faults = read(tmp_path, {"annotations.yaml": text})
    assert story is not None
    assert faults[-1] == f"content/story/annotations.yaml:{said}"
    assert len(faults) <= 51


def test_of_a_thousand_dangling_references_each_hint_stays_short(tmp_path: Path) -> None:
    text = "notes:\n" + "".join(f"  - {{id: n{index}, {NOTE}, a: One, see: x{'y' * (index % 40)}}}\n" for index in range(1000))
    story, faults = read(tmp_path, {"annotations.yaml": text})
    assert story is not None
    assert len(story.annotations) == 1000
    assert len(faults) == 51
    assert max(map(len, faults)) < 400


# ------------------------------------------------------------------ plain text


@pytest.mark.parametrize("text", ["One\r\n\r\nTwo\r\n", "One\rTwo", "Caf\u0065\u0301\u00a0x", "One\u2028Two", "\tOne"])
def test_plain_text_stays_what_it_is(tmp_path: Path, text: str) -> None:
    assert first(tmp_path, {"a.txt": text}).text == text


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path: Path) -> None:
    overlay: Mapping[str, str | bytes] = {
        "a.txt": b"\xef\xbb\xbfOne",
        "comparison.yaml": b"\xef\xbb\xbf" + BASE["comparison.yaml"].encode(),
    }
    assert first(tmp_path, overlay).text == "One"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"One\nCaf\xe9 closed", "2:4: error: byte 0xE9 is not UTF-8 (Windows-1252? There it is 'é'; save the file as UTF-8)"),
        (b"\xff\xfeO\x00n\x00e\x00", "1:1: error: byte 0xFF is not UTF-8 (UTF-16?; save the file as UTF-8)"),
        (b"O\x00n\x00e\x00", "1:2: error: control character U+0000 in the text (UTF-16? Save the file as UTF-8)"),
        (b"One\r\ntwo\x0cthree", "2:4: error: control character U+000C in the text (delete it)"),
        (
            "It\x92s".encode(),
            "1:3: error: control character U+0092 in the text (meant was perhaps '’', of a text in Windows-1252 read as Latin-1)",
        ),
        ("It\x81s".encode(), "1:3: error: control character U+0081 in the text (delete it)"),
        (b"One \x81", "1:5: error: byte 0x81 is not UTF-8 (Latin-1, or damaged?; save the file as UTF-8)"),
        ("é\x1b".encode(), "1:2: error: control character U+001B in the text (delete it)"),
    ],
)
def test_bytes_that_are_no_text_are_shown_with_a_guess(tmp_path: Path, data: bytes, expected: str) -> None:
    story, faults = read(tmp_path, {"a.txt": data})
    assert story is None
    assert faults == [f"content/story/a.txt:{expected}"]


def test_bytes_in_yaml_that_are_no_text_are_shown_too(tmp_path: Path) -> None:
    for name in ("comparison.yaml", "annotations.yaml", "variorum.toml"):
        _, faults = read(tmp_path, {name: b"title: \xe9"})
        assert [fault for fault in faults if "1:8: error: byte 0xE9" in fault]


# ------------------------------------------------------------------ Markdown

MARKDOWN = {"comparison.yaml": "title: Story\nwitnesses:\n  a: {file: a.md}\n  b: {file: b.txt}\n"}


def test_markdown_becomes_text_blocks_and_styles(tmp_path: Path) -> None:
    article = """\
# A *new* bridge

One **two
three** and `code`.\\
Next [link *in* it](https://example.org/a "title") ![the bridge](b.jpg).

> Quoted &amp; <b>

1. first
   more
3. second

   - inner

```
x = 1
```
"""
    a = first(tmp_path, MARKDOWN | {"a.md": article})
    assert a.text == (
        "A new bridge\n\nOne two three and code.\nNext link in it the bridge.\n\n"
        "Quoted & <b>\n\nfirst more\n\nsecond\n\ninner\n\nx = 1"
    )
    assert [(block.form, block.level, block.marker, block.span.of(a.text)) for block in a.blocks] == [
        ("heading", 1, "", "A new bridge"),
        ("paragraph", 0, "", "One two three and code.\nNext link in it the bridge."),
        ("quotation", 0, "", "Quoted & <b>"),
        ("item", 1, "1.", "first more"),
        ("item", 1, "2.", "second"),
        ("item", 2, "•", "inner"),
        ("code", 0, "", "x = 1"),
    ]
    assert [(style.tag, style.span.of(a.text), style.href) for style in a.styles] == [
        ("em", "new", ""),
        ("strong", "two three", ""),
        ("code", "code", ""),
        ("a", "link in it", "https://example.org/a"),
        ("em", "in", ""),
    ]


def test_a_second_paragraph_of_an_item_has_no_marker(tmp_path: Path) -> None:
    a = first(tmp_path, MARKDOWN | {"a.md": "- one\n\n  two\n-\n- three\n\n![*a*\nb](x)"})
    assert [(block.form, block.marker, block.span.of(a.text)) for block in a.blocks] == [
        ("item", "•", "one"), ("item", "", "two"), ("item", "•", "three"), ("paragraph", "", "a b"),
    ]  # fmt: skip


def test_empty_styles_and_blocks_leave_nothing(tmp_path: Path) -> None:
    a = first(tmp_path, MARKDOWN | {"a.md": "[](https://example.org/)![](x)\n\n# \n\nOne <https://example.org/> <me@example.org>"})
    assert a.text == "One https://example.org/ me@example.org"
    assert a.blocks == (SourceBlock("paragraph", Span(0, len(a.text))),)
    assert a.styles == (
        Style("a", Span(4, 24), "https://example.org/"),
        Style("a", Span(25, 39), "mailto:me@example.org"),
    )


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_front_matter_is_read_with_any_line_breaks(tmp_path: Path, line_break: str) -> None:
    article = line_break.join(
        [
            "---",
            "title: A bridge",
            "author: Desk",
            "publisher: Courier",
            "published: 2025-05-13",
            "url: https://example.org/",
            "archived: https://example.org/a",
            "label: First",
            "---",
            "",
            "Text.",
        ]
    )
    a = first(tmp_path, MARKDOWN | {"a.md": article})
    assert (a.headline, a.author, a.publisher, a.published, a.label) == ("A bridge", "Desk", "Courier", "2025-05-13", "First")
    assert (a.url, a.archived, a.text) == ("https://example.org/", "https://example.org/a", "Text.")


def test_comparison_yaml_wins_over_front_matter(tmp_path: Path) -> None:
    comparison = MARKDOWN["comparison.yaml"].replace("a.md", "a.md, headline: Another, author: Somebody")
    a = first(tmp_path, {"comparison.yaml": comparison, "a.md": "---\nheadline: One\nauthor: Desk\nlabel: First\n---\nText."})
    assert (a.headline, a.author, a.label) == ("Another", "Somebody", "First")


def test_empty_front_matter_says_nothing(tmp_path: Path) -> None:
    a = first(tmp_path, MARKDOWN | {"a.md": "---\n# nothing\n...\nText."})
    assert (a.text, a.headline) == ("Text.", "")


def test_an_article_made_of_brackets_is_refused_at_once(tmp_path: Path) -> None:
    story, faults = read(tmp_path, MARKDOWN | {"a.md": "[" * 500_000})
    assert story is None
    assert faults == ["content/story/a.md: error: more brackets than an article has (keep it as plain text, in a .txt file)"]


# ------------------------------------------------------------------ folders and files


def test_story_folders_are_those_with_a_comparison_by_name(tmp_path: Path) -> None:
    assert story_folders(tmp_path) == ()
    for slug in ("b", "a", ".hidden"):
        write_site(tmp_path, {}, slug)
    (tmp_path / "content" / "drafts").mkdir()
    (tmp_path / "content" / "note.txt").write_text("x")
    assert [folder.name for folder in story_folders(tmp_path)] == ["a", "b"]


def test_a_folder_that_cannot_be_looked_into_may_be_a_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("closed", "lost+found", "open", "pages"):
        (tmp_path / "content" / slug).mkdir(parents=True)
    monkeypatch.setattr(layout.os, "access", lambda path, _mode: Path(path).name == "open")
    assert [folder.name for folder in story_folders(tmp_path)] == ["closed"]


def test_a_content_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, {})

    def fail(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "listdir", fail)
    with pytest.raises(PermissionError):
        story_folders(tmp_path)


@pytest.mark.parametrize(
    ("slug", "hint"),
    [
        ("tags", "rename the folder, for example to tags-story"),
        ("Kim & Käse", "rename the folder to kim-kase"),
        ("-x", "rename the folder to x"),
        ("한국", "rename the folder to a-short-name"),
        ("a\x1b[31mb", "rename the folder to a-31mb"),
        ("x" * 200, f"rename the folder to {'x' * 128}"),
    ],
)
def test_a_folder_name_that_is_no_address_is_refused(tmp_path: Path, slug: str, hint: str) -> None:
    story, faults = read(tmp_path, {}, slug)
    assert story is None
    assert len(faults) == 1
    assert hint in faults[0]
    assert faults[0].isprintable()


@pytest.fixture(params=[True, False], ids=["by descriptor", "by path"])
def opening(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to walk down: relative to open folders, and where a system has no such thing."""
    monkeypatch.setattr(files, "OPENS_FOLDERS", request.param and files.OPENS_FOLDERS)


@pytest.mark.usefixtures("opening")
def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    real = write_site(tmp_path / "elsewhere", {})
    (tmp_path / "content").mkdir()
    link = tmp_path / "content" / "story"
    link.symlink_to(real)
    assert story_folders(tmp_path) == (link,)
    config, _ = read_config(tmp_path)
    story, faults = read_story(tmp_path, link, config)
    assert story is None
    (fault,) = faults
    assert str(fault.where) == "content/story"
    assert fault.message == "the folder is a link, or no folder"
    assert fault.hint == "links are not followed below content/; put the folder itself here"


@pytest.mark.usefixtures("opening")
def test_the_content_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write_site(tmp_path / "elsewhere", {})
    (tmp_path / "content").symlink_to(tmp_path / "elsewhere" / "content")
    assert sound(tmp_path).title == "Story"


def odd_file(path: Path, form: str) -> None:
    match form:
        case "link":
            path.symlink_to("b.txt")
        case "loop":
            path.symlink_to(path.name)
        case "folder":
            path.mkdir()
        case "FIFO":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(str(path))
        case "giant":
            with path.open("wb") as file:
                file.truncate(50 * 1024**3)


@pytest.mark.usefixtures("opening")
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("link", "'a.txt' is a link (links are not followed below content/; put the file itself here)"),
        ("loop", "'a.txt' is a link (links are not followed below content/; put the file itself here)"),
        ("folder", "'a.txt' is a folder, not a file"),
        ("FIFO", "'a.txt' is a FIFO, not a file"),
        ("socket", "'a.txt' is a device or a socket, not a file"),
        ("giant", "'a.txt' is larger than 4,096 kB (it has at least 53,687,091,200 bytes)"),
        ("nothing", "'a.txt' does not exist (did you mean 'aa.txt'?)"),
    ],
)
def test_what_is_no_file_is_refused_at_its_place_in_comparison_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, said: str
) -> None:
    folder = write_site(tmp_path, {"aa.txt": "x"})
    (folder / "a.txt").unlink()
    monkeypatch.chdir(folder)  # the name of a socket is short
    odd_file(Path("a.txt"), form)
    story, faults = read_story(tmp_path, folder, read_config(tmp_path)[0])
    assert story is None
    assert [str(fault) for fault in faults] == [f"content/story/comparison.yaml:3:13: error: {said}"]


def test_a_name_that_only_looks_the_same_is_told_apart(tmp_path: Path) -> None:
    """A Mac writes the accents of a name as characters of their own."""
    comparison = BASE["comparison.yaml"].replace("a.txt", "caf\u00e9.txt")
    story, faults = read(tmp_path, {"comparison.yaml": comparison, "cafe\u0301.txt": "One."})
    assert story is None
    assert "'caf\u00e9.txt' does not exist (there is one whose name looks the same," in faults[0]


def test_a_sidecar_that_is_no_file_costs_its_notes_only(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {})
    (folder / "annotations.yaml").symlink_to("a.txt")
    story, faults = read_story(tmp_path, folder, read_config(tmp_path)[0])
    assert story is not None
    assert [str(fault.where) for fault in faults] == ["content/story/annotations.yaml"]


def test_a_folder_without_comparison_is_told(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {})
    (folder / "comparison.yaml").unlink()
    story, faults = read_story(tmp_path, folder, read_config(tmp_path)[0])
    assert story is None
    assert faults == (Diagnostic("error", Where("content/story/comparison.yaml"), "the file does not exist"),)
    assert story_folders(tmp_path) == ()


def test_a_misspelt_comparison_is_told(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {})
    (folder / "comparison.yaml").rename(folder / "comparison.yml")
    assert story_folders(tmp_path) == (folder,)
    _, faults = read_story(tmp_path, folder, read_config(tmp_path)[0])
    assert [fault.hint for fault in faults] == ["rename comparison.yml to comparison.yaml"]


def test_a_file_that_grows_while_it_is_read_is_cut_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 20)
    monkeypatch.setattr(files.os, "read", lambda _file, size: b"y" * size)
    assert files.read_bytes(tmp_path, ("a.txt",), 30) == files.Fault("is larger than 0 kB", "it has at least 31 bytes")


def test_a_file_exchanged_between_look_and_opening_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a.txt")
    regular = os.stat_result((stat.S_IFREG | 0o644, 1, 1, 1, 0, 0, 5, 0, 0, 0))
    monkeypatch.setattr(files.os, "stat", lambda *_args, **_options: regular)
    assert files.read_bytes(tmp_path, ("a.txt",), 30) == files.Fault("is a FIFO, not a file")


def test_an_error_of_the_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "stat", fail)
    assert files.read_bytes(tmp_path, ("a.txt",), 30) == files.Fault(
        "cannot be read: Permission denied", "whoever builds the site must be allowed to read it"
    )
