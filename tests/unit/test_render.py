"""Pages as HTML: the text is whole, nothing untrusted becomes markup, ids and links hold, faults name their line."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import escape

from generator.config import Author, SiteConfig, Theme
from generator.model import Change, Comparison, Pair, Span, Style
from generator.site.marks import escaped
from generator.site.program import default_templates
from generator.site.render import Renderer, TemplateFault, _Prose
from generator.site.view import comparison_page
from tests.dom import Node, alone_text, parse, side_text
from tests.pictures import CONFIG, compared, note, orphaned, placed, told, with_notes
from tests.stories import ROOT

RENDERER = Renderer(CONFIG, (default_templates(),))


def rich_comparison() -> Comparison:
    """Every form of change and of note."""
    comparison = compared(
        ("headline", "{|A headline of b}"),
        ("related", "{READ THIS TOO|}"),
        "{|On Friday, |moved#m}Korea{n|’s|inflection} leader{ on Friday||moved#m} {appeared|seemed} to {\"|“|typographic}act.",
        "{The ~core~ of it|Its ~core~|wording} holds {1,000|2,000|number}.{ |¶}Then more{, it said|}.",
        "Kept words alone.",
    )  # fmt: skip
    return with_notes(
        comparison,
        placed(comparison, note("head"), ("before", "Korean"), "headline of b"),
        placed(comparison, note("count", severity="moderate"), "1,000", "2,000"),
        placed(comparison, note("over", severity="minor", see=("count",)), "holds 1,000"),
        placed(comparison, note("kept", severity="checked"), "Kept words", "words alone"),
        placed(comparison, note("gap", severity="minor"), None, ("after", "alone")),
        orphaned(note("lost"), "never there"),
    )


def html_of(comparison: Comparison, config: SiteConfig = CONFIG, **fields: object) -> str:
    renderer = RENDERER if config is CONFIG else Renderer(config, (default_templates(),))
    return renderer.render(comparison_page(config, told(comparison, **fields), comparison))


def tree_of(comparison: Comparison, **fields: object) -> Node:
    return parse(html_of(comparison, **fields))


def check_page(tree: Node) -> None:
    """What must hold on every page: ids are unique, links into the page arrive, references have their way back."""
    ids = Counter(node.attributes["id"] for node in tree.walk() if "id" in node.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    fragments = {node.attributes["href"][1:] for node in tree.walk() if node.attributes.get("href", "").startswith("#")}
    assert fragments - set(ids) == set()
    for reference in tree.all("a", "ref"):
        back = tree.by_id(reference.attributes["href"][1:]).all("a", "back")
        assert back
        if "m" in _paragraph_of(tree, reference):
            assert "#" + reference.attributes["id"] in {link.attributes["href"] for link in back}
    assert not [
        node for node in tree.walk() if "style" in node.attributes or any(name.startswith("on") for name in node.attributes)
    ]


def _paragraph_of(tree: Node, node: Node) -> set[str]:
    return next(one.classes for one in tree.all("p") if node in list(one.walk()))


def test_every_text_on_the_page_is_the_articles_text() -> None:
    comparison = rich_comparison()
    tree = tree_of(comparison)
    rows = tree.all("div", "row")
    assert len(rows) == len(comparison.rows)
    for row, shown in zip(comparison.rows, rows, strict=True):
        for side, article, span in zip("ab", comparison.articles, row.spans, strict=True):
            assert side_text(shown, side) == span.of(article.text)
            assert alone_text(shown, side) == span.of(article.text)


def test_the_rules_of_a_page_hold_on_a_page_with_everything_on_it() -> None:
    check_page(tree_of(rich_comparison()))


def test_references_stand_outside_deletions_and_insertions_and_marks_never_nest() -> None:
    tree = tree_of(rich_comparison())
    for node in (*tree.all("del"), *tree.all("ins"), *tree.all("mark")):
        assert node.all("a", "ref") == []
        assert node.all("span", "sn") == []
    for node in tree.all("mark"):
        assert node.all("mark") == []


def test_a_margin_note_stands_once_and_repeats_what_the_list_says() -> None:
    tree = tree_of(rich_comparison())
    assert [node.attributes["id"] for node in tree.all("span", "sn")] == ["sn-head", "sn-over", "sn-count", "sn-kept", "sn-gap"]
    assert [node.attributes["id"] for node in tree.by_id("notes").all("li", "note")] == [
        "note-head", "note-over", "note-count", "note-kept", "note-gap",
    ]  # fmt: skip
    assert [node.attributes["id"] for node in tree.by_id("lost").all("li", "note")] == ["note-lost"]
    assert "never there" in tree.by_id("note-lost").text()


def test_every_change_carries_its_id_and_kinds() -> None:
    comparison = rich_comparison()
    tree = tree_of(comparison)
    for row in comparison.rows:
        for change in row.changes:
            node = tree.by_id(f"c-{change.id}")
            assert node.attributes["data-kind"].split() == list(change.kinds)


def test_the_page_says_what_it_is_and_what_it_is_not() -> None:
    html = html_of(rich_comparison())
    assert "not a verdict on either, nor on anyone’s intent" in html
    assert 'name="description" content="A summary."' in html
    assert '<p class="dek">A <em>summary</em>.</p>' in html
    assert "compared more coarsely" not in html
    assert "compared more coarsely" in html_of(replace(rich_comparison(), coarse=True))


HOSTILE = "<script>alert(1)</script>\"'&amp; {{ 7*7 }} {% raw %} ]]> --> </style>"


def test_nothing_that_people_wrote_becomes_markup_or_template_code() -> None:
    comparison = compared("kept {one|two}")
    texts = comparison.articles.map(lambda article: replace(article.source, label=HOSTILE, publisher=HOSTILE, headline=HOSTILE))
    comparison = replace(
        comparison,
        articles=Pair(*(replace(article, source=text) for article, text in zip(comparison.articles, texts, strict=True))),
    )
    annotation = note(
        "x", title=HOSTILE, body=HOSTILE + "\n\n[x](javascript:alert(1)) ![i](https://x.org/i.png) <b>b</b>", by=HOSTILE
    )
    comparison = with_notes(comparison, placed(comparison, annotation, "one"))
    config = replace(CONFIG, title=HOSTILE, authors=(Author(HOSTILE, "javascript:x"),))
    html = html_of(comparison, config, title=HOSTILE, summary=HOSTILE)
    tree = parse(html)
    check_page(tree)
    assert [sorted(node.attributes) for node in tree.all("script")] == [["defer", "src"], ["type"]]
    assert "49" not in tree.all("h1")[0].text()
    assert tree.all("h1")[0].text() == HOSTILE
    assert tree.all("img") == tree.all("b", "x") == []
    assert not [node for node in tree.walk() if node.attributes.get("href", "").startswith("javascript")]
    assert [link.attributes["href"] for link in tree.by_id("note-x").all("a") if "x.org" in link.attributes["href"]] == [
        "https://x.org/i.png"
    ]


@given(st.text(st.characters(codec="utf-8", exclude_characters="{}|~¶\0\r"), min_size=1, max_size=20).filter(str.strip))
def test_any_text_stands_on_the_page_as_it_is(text: str) -> None:
    comparison = compared("a {" + text.replace("\n", " ") + "|b} c")
    comparison = with_notes(comparison, placed(comparison, note("x", title=text, body=text), "a "))
    tree = tree_of(comparison, title=text)
    check_page(tree)
    assert side_text(tree.by_id("p1"), "a") == comparison.articles.a.text


def test_blocks_and_inline_styles_of_an_article_are_kept() -> None:
    comparison = compared(
        "{|Title¶Said.¶Item¶code}", styles=Pair((), (Style("a", Span(7, 11), "https://x.org/"), Style("em", Span(7, 11))))
    )
    blocks = comparison.articles.b.blocks
    set_blocks = (
        blocks[0]._replace(form="heading", level=2),
        blocks[1]._replace(form="quotation"),
        blocks[2]._replace(form="item", level=1, marker="•"),
        blocks[3]._replace(form="code"),
    )
    comparison = replace(comparison, articles=Pair(comparison.articles.a, replace(comparison.articles.b, blocks=set_blocks)))
    row = tree_of(comparison).by_id("x1")
    heading, quotation, item, code = row.all("p", "m")
    assert heading.attributes | {"role": "heading", "aria-level": "4"} == heading.attributes
    assert "f-quotation" in quotation.classes
    assert item.attributes["data-marker"] == "•"
    assert "f-code" in code.classes
    (link,) = quotation.all("a")
    assert (link.attributes["href"], link.all("em")[0].text()) == ("https://x.org/", "Said")


def test_texts_in_other_languages_say_so() -> None:
    one = tree_of(compared("سلام", languages=Pair("ar", "ar")))
    assert {(node.attributes["lang"], node.attributes["dir"]) for node in one.by_id("p1").all("p")} == {("ar", "rtl")}
    english = tree_of(compared("one", languages=Pair("en", "en")))
    assert not [node for node in english.by_id("p1").all("p") if "lang" in node.attributes]
    two = tree_of(compared("x {a|b}", "{gone|}", languages=Pair("ar", "en")))
    assert "lang" not in two.by_id("text").attributes
    texts = [node for node in two.all("p") if node.classes & {"m", "a", "b"}]
    said = [(node.attributes["class"], node.attributes["lang"], node.attributes["dir"]) for node in texts]
    assert said == [("m", "en", "ltr"), ("a", "ar", "rtl"), ("b", "en", "ltr"), ("m a", "ar", "rtl")]


def test_links_between_pages_are_relative_and_name_files() -> None:
    comparison = rich_comparison()
    several = told(comparison, pairs=(Pair("a", "b"), Pair("b", "a")))
    for node in parse(RENDERER.render(comparison_page(CONFIG, several, comparison))).walk():
        target = node.attributes.get("href", node.attributes.get("src", "#"))
        assert not target.startswith("/")
        assert "#" in target or "." in target.rsplit("/", 1)[-1]


def test_assets_carry_a_hash_of_their_bytes_and_pages_name_them() -> None:
    names = {asset.path: asset.data for asset in RENDERER.assets()}
    assert all(re.fullmatch(r"assets/[a-z]+\.[0-9a-f]{8}\.(css|js|svg)", name) for name in names)
    html = html_of(rich_comparison())
    used = sorted(re.sub(r"\.[0-9a-f]{8}\.", ".*.", name) for name in names if f'"../{name}"' in html)
    assert used == ["assets/favicon.*.svg", "assets/site.*.js", "assets/style.*.css"]


def test_the_page_and_its_assets_stay_light() -> None:
    sizes = {re.sub(r".*/|\.[0-9a-f]{8}", "", asset.path): len(gzip.compress(asset.data)) for asset in RENDERER.assets()}
    assert sizes["style.css"] <= 12_000
    assert sizes["site.js"] <= 5_000
    assert sizes["pages.css"] <= 5_000
    assert sizes["pages.js"] <= 2_000


def test_a_sites_colours_and_fonts_are_custom_properties_and_nothing_more() -> None:
    theme = Theme(
        (("a", "#900"), ("--b", "light-dark(#00f, #ccf)"), ("evil", "red;} body{x"), ("Bad Name", "red")),
        (("serif", '"My Font", serif'),),
    )
    renderer = Renderer(replace(CONFIG, theme=theme), (default_templates(),))
    (sheet,) = [asset for asset in renderer.assets() if "theme" in asset.path]
    assert sheet.data.decode() == ':root:root {\n  --a: #900;\n  --b: light-dark(#00f, #ccf);\n  --serif: "My Font", serif;\n}\n'
    comparison = rich_comparison()
    assert f'"../{sheet.path}"' in renderer.render(comparison_page(CONFIG, told(comparison), comparison))


def test_a_site_overrides_any_file_and_adds_its_own(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "key.html").write_text("<p>my key</p>")
    (tmp_path / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "font.woff2").write_bytes(b"font")
    (tmp_path / ".hidden").write_bytes(b"")
    renderer = Renderer(CONFIG, (tmp_path, default_templates()))
    comparison = rich_comparison()
    html = renderer.render(comparison_page(CONFIG, told(comparison), comparison))
    assert "<p>my key</p>" in html
    paths = {asset.path: asset.data for asset in renderer.assets()}
    assert paths["assets/font.woff2"] == b"font"
    assert [data for path, data in paths.items() if "favicon" in path] == [b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
    assert not [path for path in paths if "hidden" in path]


@dataclass(frozen=True)
class Tiny:
    template: str


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("one\n{% if %}\n", "templates/page.html:2", "Expected an expression"),
        ("one\ntwo\n{{ page.nothing }}\n", "templates/page.html:3", "has no attribute 'nothing'"),
        ("one\n{{ nobody }}\n", "templates/page.html:2", "'nobody' is undefined"),
        ("one\n{{ 1 // 0 }}\n", "templates/page.html:2", "ZeroDivisionError"),
        ("one\n{% include 'bad.html' %}\n", "templates/bad.html:1", "'broken' is undefined"),
        ("{% include 'absent.html' %}\n", "templates/page.html:1", "absent.html"),
    ],
)
def test_a_fault_in_a_template_names_file_and_line(tmp_path: Path, text: str, where: str, words: str) -> None:
    (tmp_path / "page.html").write_text(text)
    (tmp_path / "bad.html").write_text("{{ broken }}")
    with pytest.raises(TemplateFault) as caught:
        Renderer(CONFIG, (tmp_path,)).render(Tiny("page.html"))
    assert str(caught.value.diagnostic.where) == where
    assert words in caught.value.diagnostic.message
    assert caught.value.diagnostic.severity == "error"


def test_a_missing_template_is_a_fault() -> None:
    with pytest.raises(TemplateFault, match=r"templates/none.html: error: there is no template none.html"):
        RENDERER.render(Tiny("none.html"))


@given(
    st.one_of(
        st.text(st.sampled_from("ab *.,“”’—()1-\n#>+_[]`&<\\"), max_size=24),
        st.lists(
            st.sampled_from(["*a b*", "*a", "b*", "a", " ", "\n", "\n\n", ".", "“", "1. ", "* ", "é", "\u00a0"]), max_size=12
        ).map("".join),
    )
)
def test_the_short_way_through_markdown_gives_what_the_parser_gives(text: str) -> None:
    filters = RENDERER._environment.filters  # noqa: SLF001 - the filter is what templates see
    parser = MarkdownIt("commonmark", {"html": False}).disable(["heading", "lheading", "image", "html_block", "html_inline"])
    assert str(filters["markdown"](text)).strip() == parser.render(text.strip()).strip().replace("&quot;", "&#34;")


@pytest.mark.parametrize(
    ("text", "plain"), [("A *short* [link](https://x.org) `code`.", "A short link code."), ("two\nlines", "two lines"), ("", "")]
)
def test_markdown_becomes_plain_words_where_no_markup_may_stand(text: str, plain: str) -> None:
    assert RENDERER._environment.filters["plain"](text) == plain  # noqa: SLF001 - the filter is what templates see


@given(st.text(st.sampled_from("ab é<>&\"'&#;\n"), max_size=12))
def test_the_marks_and_the_templates_escape_as_markupsafe_does(text: str) -> None:
    environment = RENDERER._environment  # noqa: SLF001 - what a template of the theme is compiled in
    assert escaped(text) == str(escape(text))
    assert (
        environment.from_string("{{ text }}|<i title='{{ text }}'>").render(text=text)
        == f"{escape(text)}|<i title='{escape(text)}'>"
    )


@pytest.mark.parametrize("value", [7, True, 1.5, None, escape("<"), ("<", 1)])
def test_a_value_of_any_other_type_is_shown_as_jinja_shows_it(value: object) -> None:
    environment = RENDERER._environment  # noqa: SLF001 - what a template of the theme is compiled in
    assert environment.from_string("{{ value }}").render(value=value) == str(escape(value))


def test_a_template_that_decides_itself_whether_to_escape_is_heeded() -> None:
    environment = RENDERER._environment  # noqa: SLF001 - a site's own template may say so
    text = "{% autoescape on %}{{ '<' + text }}{% endautoescape %}"
    assert [environment.from_string(text).render(on=on, text=">") for on in (True, False)] == ["&lt;&gt;", "<>"]


def test_all_that_a_mark_says_is_escaped() -> None:
    sharp = "<\"'&>"
    comparison = compared("kept {one two|three} four", styles=Pair((), (Style("a", Span(5, 10), f"https://x.org/{sharp}"),)))
    annotations = (note(f"n{sharp}", title=sharp, kinds=(sharp,)), note("m"))
    comparison = with_notes(
        comparison,
        placed(comparison, annotations[0], "one", "three"),
        placed(comparison, annotations[1], "one", ("after", "three")),
    )
    change = next(step for step in comparison.rows[0].script if isinstance(step, Change))
    script = tuple(step._replace(detail=sharp) if step is change else step for step in comparison.rows[0].script)
    comparison = replace(comparison, rows=(replace(comparison.rows[0], script=script),))
    tree = tree_of(comparison)
    check_page(tree)
    assert tree.by_id(f"c-{change.id}").attributes["title"] == sharp
    assert tree.by_id(f"sn-n{sharp}").all("span", "sn-t")[0].text() == sharp
    assert {node.attributes["href"] for node in tree.by_id("p1").all("a") if "rel" in node.attributes} == {f"https://x.org/{sharp}"}
    assert {node.attributes["href"]: sharp in node.attributes["aria-label"].lower() for node in tree.all("a", "ref")} == {
        f"#note-n{sharp}": True,
        "#note-m": False,
    }


def test_a_template_is_compiled_once_and_again_when_its_text_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("one")
    first, again = (Renderer(CONFIG, (tmp_path,))._environment.get_template("page.html") for _ in range(2))  # noqa: SLF001
    assert first.root_render_func.__code__ is again.root_render_func.__code__
    page.write_text("two")
    assert Renderer(CONFIG, (tmp_path,)).render(Tiny("page.html")) == "two"


def test_only_rendering_declares_markup_safe() -> None:
    sources = [path for path in (ROOT / "generator").rglob("*.py") if re.search(r"\bMarkup\b", path.read_text())]
    assert sorted(path.name for path in sources) == ["render.py", "translated.py"], (
        "messages may hold markup; what people wrote may not"
    )
    templates = [path for path in default_templates().rglob("*.html") if re.search(r"\|\s*safe\b|autoescape", path.read_text())]
    assert templates == []


def test_every_attribute_in_a_template_is_quoted() -> None:
    for path in default_templates().rglob("*.html"):
        markup = re.sub(r"\{[%#{].*?[%#}]\}", "", path.read_text(), flags=re.DOTALL)
        markup = re.sub(r'="[^"]*"', "", markup)
        assert not re.search(r"<[a-z][^>]*=", markup), path


def test_the_default_theme_is_found() -> None:
    assert (default_templates() / "base.html").is_file()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The figure[^1] fell.\n\n[^1]: It was 600.", "<p>The figure (It was 600.) fell.</p>\n"),
        ("Both[^a] and [^a].\n\n[^a]: *so*", "<p>Both (<em>so</em>) and (<em>so</em>).</p>\n"),
        ("Long[^1].\n\n[^1]: one\n    two", "<p>Long (one two).</p>\n"),
        ("Nothing calls it.\n\n[^1]: Word", "<p>Nothing calls it.</p>\n<p>Word</p>\n"),
        ("No such[^2].", "<p>No such[^2].</p>\n"),
        ("[^1]: `<b>`\n\nx[^1]", "<p>x (<code>&lt;b&gt;</code>)</p>\n"),
    ],
)
def test_a_notes_own_footnotes_stand_in_its_text(text: str, shown: str) -> None:
    assert str(_Prose().blocks(text)) == shown
