"""The site's own pages: what is read of them, where their links lead, and how they are rendered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ownpages import OwnPages, Target, read_own_pages, target_of
from generator.site.document import document
from tests.dom import parse
from tests.pictures import CONFIG


def write(root: Path, **files: str) -> None:
    folder = root / "content" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")


def read(root: Path) -> tuple[OwnPages, list[str]]:
    own, faults = read_own_pages(root, CONFIG)
    return own, [str(fault) for fault in faults]


def test_without_the_folder_there_are_no_pages_and_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path) == (OwnPages(), [])


def test_pages_stand_in_the_navigation_by_order_then_by_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        about__md="---\ntitle: About us\nlabel: About\norder: 2\nlanguage: de\ndescription: Who.\n---\nHallo.\n",
        contact__md="---\ntitle: Contact\norder: -1\n---\n",
        b__md="---\ntitle: B\norder: 2\n---\n",
        hidden__md="---\ntitle: Hidden\nnav: false\n---\nNot in the navigation.\n",
        notes__txt="no page",
    )
    own, faults = read(tmp_path)
    assert faults == []
    assert own.navigation == (("contact", "Contact"), ("about", "About"), ("b", "B"))
    page = own.pages[2]
    assert (page.name, page.title, page.language, page.description, page.body) == ("about", "About us", "de", "Who.", "Hallo.\n")
    assert [page.name for page in own.pages] == ["contact", "hidden", "about", "b"]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a__md", "no front matter\n", "content/pages/a.md:1:1: error: 'title' is missing"),
        ("a__md", "---\n---\n", "content/pages/a.md:2:1: error: 'title' is missing"),
        ("a__md", "---\ntitle: A\ntitel: B\n---\n", "content/pages/a.md:3:1: error: unknown key 'titel' (did you mean 'title'?)"),
        ("a__md", "---\ntitle: A\norder: first\n---\n", "content/pages/a.md:3:8: error: 'order' must be a whole number"),
        ("a__md", "---\ntitle: A\n", "content/pages/a.md:1:1: error: the front matter opened here is never closed"),
        ("A b__md", "---\ntitle: A\n---\n", "content/pages/A b.md: error: 'A b' cannot be an address"),
        ("tags__md", "---\ntitle: A\n---\n", "content/pages/tags.md: error: the address tags/ belongs to the site itself"),
        ("vote__md", "---\ntitle: A\n---\n", "content/pages/vote.md: error: the address vote/ is that of content/vote/"),
        ("a__md", "---\ntitle: A\n---\n" + "[" * 20_000, "content/pages/a.md: error: more brackets than a page has"),
        ("a__md", "---\ntitle: A\n---\n" + "> " * 200 + "x", "content/pages/a.md: error: quotations or lists nest too deep"),
    ],
)  # fmt: skip
def test_a_faulty_page_is_left_out_and_its_place_told(tmp_path: Path, name: str, text: str, fault: str) -> None:
    (tmp_path / "content" / "vote").mkdir(parents=True)
    write(tmp_path, **{name: text, "sound__md": "---\ntitle: Sound\n---\n"})
    own, faults = read(tmp_path)
    assert [page.name for page in own.pages] == ["sound"]
    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_a_page_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "content/pages/a.md").write_bytes(b"---\ntitle: \xff\n---\n")
    assert "is not UTF-8" in read(tmp_path)[1][0]


def test_links_that_lead_nowhere_are_told_with_their_line_and_pictures_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        a__md="---\ntitle: A\n---\nFine: [b](b.md#x), [kinds](/kinds/), ![me](me.png).\n\n[gone](gone.md) and\n![no](no.png)\n\n"
        "- [bad](../secret) [js](javascript:alert(1))\n",
        b__md="---\ntitle: B\n---\n![me again](me.png)\n",
        me__png="png",
        other__png="png",
    )
    own, faults = read(tmp_path)
    assert [picture.name for picture in own.pictures] == ["me.png"]
    assert own.pictures[0].data == b"png"
    assert [fault.partition(" (")[0] for fault in faults] == [
        "content/pages/a.md:6: warning: there is no page 'gone.md'",
        "content/pages/a.md:6: warning: there is no picture 'no.png'",
        "content/pages/a.md:9: warning: no page can link to '../secret'",
        "content/pages/a.md:9: warning: no page can link to 'javascript:alert(1)'",
    ]


def test_without_any_picture_the_hint_says_where_to_put_one_and_a_linked_picture_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, a__md="---\ntitle: A\n---\n![no](no.png)\n")
    assert read(tmp_path)[1][0].endswith("(put it into content/pages/)")
    (tmp_path / "content/pages/no.png").symlink_to(tmp_path / "secret")
    own, faults = read(tmp_path)
    assert own.pictures == ()
    assert "content/pages/no.png: warning: the picture is a link" in faults[0]


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "content").mkdir()
    (tmp_path / "content/pages").symlink_to(tmp_path / "elsewhere")
    assert read(tmp_path)[1][0].startswith("content/pages: error: the folder is a link")


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://example.org/", Target("away", "https://example.org/")),
        ("mailto:a@b.org", Target("away", "mailto:a@b.org")),
        ("about.md#us", Target("page", "about", "#us")),
        ("#here", Target("here", "", "#here")),
        ("a%20b.png", Target("picture", "a b.png")),
        ("/", Target("site", "", "")),
        ("/vote/#p1", Target("site", "vote/", "#p1")),
        ("/notes.csv", Target("site", "notes.csv")),
    ],
)
def test_what_a_link_means(href: str, target: Target) -> None:
    assert target_of(href) == target


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "//host/x",
        "javascript:x",
        "data:text/html,x",
        "/../x",
        "../x.md",
        "x/y.md",
        "a\\b.md",
        "a%0Ab.png",
        "/a/../b",
        "x.exe",
        "c:a.md",
    ],
)
def test_what_no_link_may_be(href: str) -> None:
    assert target_of(href) is None


# ------------------------------------------------------------------ rendering


def links(href: str) -> str:
    return {"b.md": "../b/index.html", "me.png": "../pages/me.png", "https://x.org/": "https://x.org/"}.get(href, "")


def test_markdown_becomes_safe_html_with_headings_that_can_be_linked_to() -> None:
    html = document("# One two\n\n## One *two*\n\n###### ?\n\n<b>raw</b> & <script>x</script>\n", links)
    tree = parse(html.replace(" />", "/>"))
    assert [(node.tag, node.attributes["id"]) for node in tree.walk() if node.tag in {"h2", "h3", "h6"}] == [
        ("h2", "one-two"), ("h3", "one-two-2"), ("h6", "section"),
    ]  # fmt: skip
    assert not tree.all("b")
    assert not tree.all("script")
    assert "&lt;b&gt;raw&lt;/b&gt; &amp; &lt;script&gt;" in html


def test_no_heading_takes_a_name_that_the_frame_of_a_page_has() -> None:
    tree = parse(document("## Theme\n\n## Main\n\n## Live\n", links))
    assert [node.attributes["id"] for node in tree.all("h2")] == ["theme-2", "main-2", "live-2"]


def test_what_nests_deep_is_not_lost() -> None:
    assert "words" in document("> " * 60 + "words", links)


def test_the_highest_headings_stand_below_the_title_however_they_are_written() -> None:
    tree = parse(document("## One\n\n### Two\n\n## Three\n", links))
    assert [node.tag for node in tree.walk()] == ["h2", "h3", "h2"]


def test_links_are_led_and_those_that_lead_nowhere_are_words() -> None:
    html = document("[b](b.md) [out](https://x.org/) [gone](gone.md) [**deep**](javascript:x)", links)
    assert html == (
        '<p><a href="../b/index.html">b</a> <a href="https://x.org/" rel="external">out</a> gone <strong>deep</strong></p>\n'
    )


def test_pictures_of_the_site_are_shown_and_others_become_links() -> None:
    html = document(
        "![Me](me.png) ![Far](https://x.org/) ![](https://x.org/) ![Gone](gone.png) [![Far](https://x.org/)](b.md)", links
    )
    tree = parse(html)
    assert [(node.attributes["src"], node.attributes["alt"]) for node in tree.all("img")] == [("../pages/me.png", "Me")]
    assert [(node.text(), node.attributes["href"]) for node in tree.all("a")] == [
        ("Far", "https://x.org/"), ("https://x.org/", "https://x.org/"), ("Far", "../b/index.html"),
    ]  # fmt: skip
    assert "Gone" in tree.text()


def test_tables_scroll_in_a_frame_of_their_own() -> None:
    tree = parse(document("| a | b |\n|---|---|\n| 1 | 2 |\n", links))
    (frame,) = tree.all("div", "scroll")
    assert frame.attributes["tabindex"] == "0"
    assert [cell.text() for cell in frame.all("td")] == ["1", "2"]


@given(st.text(st.sampled_from("#*_[]()!<>&\"'`|-\n abc:/."), max_size=60))
def test_nothing_that_is_written_becomes_a_tag_of_its_own(text: str) -> None:
    allowed = {
        "a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong",
        "table", "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip
    tree = parse(document(text, lambda href: href if href.startswith("https://") else ""))
    assert {node.tag for node in tree.walk()} <= allowed
    assert not any(name.startswith("on") for node in tree.walk() for name in node.attributes)
