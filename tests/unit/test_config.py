"""Site settings, read."""

import os
import re
from pathlib import Path

import pytest

from generator import config as settings
from generator.config import HAS_PAGEFIND, THEME_COLOURS, Author, SiteConfig, Theme, read_config
from generator.errors import Diagnostic, Where
from generator.kinds import BUILT_IN_KINDS, OWN
from generator.model import NoteKind
from generator.reading.formats import address_fault, colour_fault, date_fault, fonts_fault, language_fault, shown
from generator.reading.tomllines import key_places, nearest_place
from tests.stories import ROOT


def config(root: Path, text: str) -> SiteConfig:
    (root / "variorum.toml").write_text(text, encoding="utf-8")
    found, faults = read_config(root)
    assert faults == ()
    return found


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    found, faults = read_config(tmp_path)
    assert faults == ()
    assert (found.title, found.base_url, found.language, found.authors, found.theme) == ("Variorum", "", "en", (), Theme((), ()))
    assert found.headline
    assert found.description
    assert found.kinds == BUILT_IN_KINDS
    assert config(tmp_path, "") == found


def test_every_key_arrives(tmp_path: Path) -> None:
    text = """\
title = "Readings"
headline = "What changed"
description = "Two texts <b>."
base_url = "https://example.org/news"
language = "en-GB"
[[authors]]
name = "A"
url = "https://example.org/a"
[[authors]]
name = "B"
[theme.colours]
a = "#9A3C1A"
paper = ["#fdfcf9", "oklch(20% 0.01 250)"]
[theme.fonts]
sans = '"Fira Sans", Arial, sans-serif'
[kinds.tone]
label = "Tone"
definition = "The tone differs."
[kinds.number]
label = "Figure"
definition = "A figure differs."
"""
    found = config(tmp_path, text)
    assert (found.title, found.headline, found.description) == ("Readings", "What changed", "Two texts <b>.")
    assert (found.base_url, found.language) == ("https://example.org/news/", "en-GB")
    assert found.authors == (Author("A", "https://example.org/a"), Author("B", ""))
    assert found.theme.colours == (("a", "#9A3C1A"), ("paper", "light-dark(#fdfcf9, oklch(20% 0.01 250))"))
    assert found.theme.fonts == (("sans", '"Fira Sans", Arial, sans-serif'),)
    assert found.kinds[0] == NoteKind("number", "Figure", "A figure differs.", BUILT_IN_KINDS[0].group)
    assert found.kinds[1 : len(BUILT_IN_KINDS)] == BUILT_IN_KINDS[1:]
    assert found.kinds[len(BUILT_IN_KINDS) :] == (NoteKind("tone", "Tone", "The tone differs.", OWN),)


def test_a_faulty_key_keeps_its_default_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text(
        'title = "Mine"\nlanguage = 5\n[theme.colours]\na = "red;"\nb = "#fff"\nink-9 = "#fff"\n[kinds.x]\nlabel = "X"\n'
        '[kinds.y]\nlabel = "Y"\ndefinition = "Y."\n[extra]\nx = 1\n'
    )
    found, faults = read_config(tmp_path)
    assert [fault.where.line for fault in faults] == [2, 4, 6, 7, 12]
    assert (found.title, found.language, found.theme.colours) == ("Mine", "en", (("b", "#fff"),))
    assert [kind.key for kind in found.kinds if kind.group == OWN] == ["y"]


def test_of_a_thousand_faults_fifty_are_listed(tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text('title = "Mine"\n' + "".join(f"k{index} = 1\n" for index in range(1500)))
    found, faults = read_config(tmp_path)
    assert found.title == "Variorum"
    assert len(faults) == 51
    assert faults[-1].message == "1,450 more faults in this file"


def test_a_settings_file_that_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "variorum.toml")
    found, faults = read_config(tmp_path)
    assert faults == (Diagnostic("error", Where("variorum.toml"), "the file is a FIFO, not a file"),)
    assert found.title == "Variorum"


def test_a_settings_file_nested_beyond_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text("a = " + "[" * 50_000)
    _, (fault,) = read_config(tmp_path)
    assert fault.where.line == 1


def test_a_number_of_thousands_of_digits_is_told(tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text(f'title = "Mine"\nx = {"9" * 5000}\n')
    found, (fault,) = read_config(tmp_path)
    assert str(fault) == "variorum.toml:2:5: error: a number has thousands of digits (put it in quotation marks)"
    assert found.title == "Variorum"


@pytest.mark.parametrize("header", ['[kinds."a]b"]', "[kinds.'[a']", '[kinds."a\\"]"]', '[ kinds . "a ] b" ]'])
def test_a_bracket_in_a_quoted_part_of_a_header_ends_no_header(tmp_path: Path, header: str) -> None:
    (tmp_path / "variorum.toml").write_text(f'title = "Mine"\n{header}\nlabel = "X"\ndefinition = "Y"\n[theme]\nx = 1\n')
    found, faults = read_config(tmp_path)
    assert [fault.where.line for fault in faults] == [2, 6]
    assert found.title == "Mine"


@pytest.mark.parametrize("base", ["https://example.org", "https://example.org/", "https://example.org//"])
def test_the_base_address_ends_with_one_slash(tmp_path: Path, base: str) -> None:
    assert config(tmp_path, f'base_url = "{base}"').base_url == "https://example.org/"


def test_every_built_in_kind_is_labelled_defined_and_grouped() -> None:
    groups = {kind.group: [other.key for other in BUILT_IN_KINDS if other.group == kind.group] for kind in BUILT_IN_KINDS}
    assert groups == {
        "Facts": [
            "number", "entity", "circumstance", "predicate", "reference",
            "link", "omission", "addition", "inconsistency", "update",
        ],
        "Voices": ["quote-altered", "quote-dropped", "quote-added", "attribution"],
        "Certainty and framing": ["certainty", "framing", "agency", "headline"],
        "Housekeeping": ["provenance", "language", "boilerplate", "equivalent"],
    }  # fmt: skip
    assert len({kind.label for kind in BUILT_IN_KINDS}) == len(BUILT_IN_KINDS)
    assert all(kind.definition.endswith(".") for kind in BUILT_IN_KINDS)


def test_the_colours_that_can_be_set_are_those_of_the_style_sheet() -> None:
    sheet = (ROOT / "templates" / "style.css").read_text(encoding="utf-8")
    assert set(re.findall(r"^\s*--([a-z0-9-]+): *light-dark\(", sheet, re.MULTILINE)) == set(THEME_COLOURS)
    assert {"serif", "sans"} <= set(re.findall(r"^\s*--([a-z0-9-]+):", sheet, re.MULTILINE))


# ------------------------------------------------------------------ single values


@pytest.mark.parametrize("text", ["2025-08-22", "2024-02-29", "0001-01-01"])
def test_days_of_the_calendar_are_dates(text: str) -> None:
    assert date_fault(text) is None


@pytest.mark.parametrize(
    "text", ["2025-02-29", "2025-13-01", "0000-01-01", "22.8.2025", "2025-8-22", "20250822", "２０２５-08-22", "2025-W01-1"]
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert date_fault(text)


@pytest.mark.parametrize(
    "text",
    ["https://example.org", "HTTP://example.org/a?b=c#d", "https://한국.example/기사", "http://[::1]:8000/", "https://a:1/x%20y"],
)
def test_web_addresses_are_sound(text: str) -> None:
    assert address_fault(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "feed:javascript:x", "jar:x", "blob:https://example.org", "intent:x",
        "//example.org", "/x", "example.org",
        "", "https:", "https://", "https:example.org", "https:///x", "https://exa mple.org", "https://example.org\\x", "https://[::1",
        "https://a:99999/", "https://example.org/\u202ex", 'https://example.org/"x', "https://example.org/\n",
        " https://example.org", "mailto:me@example.org",
    ],
)  # fmt: skip
def test_anything_else_is_no_web_address(text: str) -> None:
    assert address_fault(text)


@pytest.mark.parametrize(
    ("text", "is_sound"), [("en", True), ("zh-Hant-TW", True), ("x-mine", True), ("english", False), ("en_GB", False), ("", False)]
)
def test_language_tags_have_the_form_of_bcp_47(text: str, is_sound: bool) -> None:
    assert (language_fault(text) is None) == is_sound


@pytest.mark.parametrize(
    ("text", "is_sound"),
    [
        ("#fff", True), ("#ffff", True), ("#FFffFF", True), ("#11223344", True), ("rgb(1 2 3 / 50%)", True),
        ("oklch(0.5 0.1 250)", True),
        ("#ff", False), ("#fffff", False), ("red", False), ("url(x)", False), ("rgb(1);", False), ("var(--a)", False),
        ("rgb(expression(1))", False),
    ],
)  # fmt: skip
def test_colours_are_numbers_or_functions(text: str, is_sound: bool) -> None:
    assert (colour_fault(text) is None) == is_sound


@pytest.mark.parametrize(
    ("text", "is_sound"),
    [
        ("Georgia, serif", True), ('"Iowan Old Style", Charter', True), ("system-ui", True), ("Noto Serif KR", True),
        ("Georgia;", False), ('"Georgia', False), ("url(x)", False), ("Georgia,, serif", False), ("a}b", False), ("", False),
    ],
)  # fmt: skip
def test_fonts_are_names_with_commas_between(text: str, is_sound: bool) -> None:
    assert (fonts_fault(text) is None) == is_sound


def test_a_value_in_a_message_is_short_and_shows_what_is_invisible() -> None:
    assert shown("a\n\u202eb") == r"'a\n\u202eb'"
    assert len(shown("x" * 500)) == 62


# ------------------------------------------------------------------ places in TOML


def test_every_key_and_item_of_a_toml_file_has_its_place() -> None:
    text = '''\
# a = 1
one = "a # b"
two.three = """
four = 4 [x]
""" # five
"quoted key" . x = 1
[a.b]
six = [1, {x = 1, y = {z = [']']}}, # seven = 7
  '[',
]
[[list]]
x = 1
[[list]]
x = \'\'\'
[no]
\'\'\'
[list.sub]
date = 2025-01-01
[[list.inner]]
last = {}
'''
    places = key_places(text)
    found = {
        ".".join(map(str, loc)): (text[:at].count("\n") + 1, at - (text.rfind("\n", 0, at) + 1) + 1) for loc, at in places.items()
    }
    assert found == {
        "one": (2, 1), "two.three": (3, 1), "quoted key.x": (6, 1), "a.b": (7, 1),
        "a.b.six": (8, 1), "a.b.six.0": (8, 8), "a.b.six.1": (8, 11), "a.b.six.1.x": (8, 12), "a.b.six.1.y": (8, 19),
        "a.b.six.1.y.z": (8, 24), "a.b.six.1.y.z.0": (8, 29), "a.b.six.2": (9, 3),
        "list.0": (11, 1), "list.0.x": (12, 1), "list.1": (13, 1), "list.1.x": (14, 1),
        "list.1.sub": (17, 1), "list.1.sub.date": (18, 1), "list.1.inner.0": (19, 1), "list.1.inner.0.last": (20, 1),
    }  # fmt: skip


def test_a_place_that_is_not_known_is_that_of_the_nearest_key_around_it() -> None:
    places = {("a",): 5, ("a", "b"): 9}
    assert [nearest_place(places, loc) for loc in (("a", "b", "c"), ("a", "x"), ("z",))] == [9, 5, 0]


def test_an_old_name_is_understood_and_the_present_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text('site_url = "https://example.org"\n\n[theme.colors]\na = "#f00"\n', encoding="utf-8")
    config, faults = read_config(tmp_path)
    assert config.base_url == "https://example.org/"
    assert dict(config.theme.colours) == {"a": "#f00"}
    assert [str(fault) for fault in faults] == [
        "variorum.toml:1:1: warning: 'site_url' is an old name, still understood (write 'base_url' instead)",
        "variorum.toml:3:1: warning: 'colors' is an old name, still understood (write 'colours' instead)",
    ]


def test_beside_the_present_name_an_old_one_does_not_hold(tmp_path: Path) -> None:
    text = 'baseURL = "https://old.example/"\nbase_url = "https://new.example/"\n'
    (tmp_path / "variorum.toml").write_text(text, encoding="utf-8")
    config, faults = read_config(tmp_path)
    assert config.base_url == "https://new.example/"
    assert len(faults) == 1


def test_a_site_says_whether_it_has_pictures_a_search_page_and_a_domain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = config(tmp_path, "")
    assert (found.share_images, found.cname, found.search) == (True, False, HAS_PAGEFIND)
    found = config(tmp_path, "share_images = false\nsearch = false\n[hosting]\ncname = true\n")
    assert (found.share_images, found.cname, found.search) == (False, True, False)
    monkeypatch.setattr(settings, "HAS_PAGEFIND", True)
    assert config(tmp_path, "search = true").search
    assert config(tmp_path, 'search = "auto"').search


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("search = true", "variorum.toml:1:1: error: Pagefind, which makes the index, is not installed"),
        ('search = "yes"', "variorum.toml:1:1: error: 'yes' is neither true, false nor \"auto\""),
        ("search = 1", "variorum.toml:1:1: error: '1' is neither true, false nor \"auto\""),
        ("[hosting]\ncnames = true", "variorum.toml:2:1: error: unknown key 'cnames'"),
    ],
)
def test_what_cannot_be_had_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    monkeypatch.setattr(settings, "HAS_PAGEFIND", False)
    (tmp_path / "variorum.toml").write_text(text, encoding="utf-8")
    found, faults = read_config(tmp_path)
    assert str(faults[0]).startswith(said)
    assert not found.search


def test_links_and_masthead_can_be_set(tmp_path: Path) -> None:
    lines = ("relative_links = false", "[theme]", 'logo = "static/logo.svg"', 'tagline = "Word for word"')
    (tmp_path / "variorum.toml").write_text("\n".join(lines))
    config, faults = read_config(tmp_path)
    assert faults == ()
    assert (config.relative_links, config.theme.logo, config.theme.tagline) == (False, "static/logo.svg", "Word for word")
    (tmp_path / "variorum.toml").write_text("")
    config, _ = read_config(tmp_path)
    assert (config.relative_links, config.theme.logo, config.theme.tagline, config.pages) == (True, "", "", ())
