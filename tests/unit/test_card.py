"""The picture of a comparison: what it shows, what it leaves out, and that it is the same everywhere."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.config import SiteConfig, Theme
from generator.site import card
from generator.site.card import FONTS, HEIGHT, WIDTH, cards, font_of
from generator.site.changemap import MapPath, Strip
from generator.site.facts import StoryFacts
from tests.pictures import CONFIG
from tests.stories import ROOT
from tests.storyfacts import facts, witness

SITE = replace(CONFIG, base_url="https://example.org/")
PAPER, A, B, KEPT = (0xFD, 0xFC, 0xF9), (0x9A, 0x3C, 0x1A), (0x1F, 0x5B, 0x94), (0xD3, 0xCC, 0xBD)
STRIP = Strip(
    100,
    43,
    (MapPath("k", "M0 0h50v20h-50zM0 23h50v20h-50z"), MapPath("na", "M50 0h25v20h-25z"), MapPath("nb", "M75 23h25v20h-25z")),
)
TITLE, LABELS, MAP = (64, 104, 1136, 320), (64, 330, 1136, 360), (64, 376, 1136, 468)


def story(**fields: object) -> StoryFacts:
    told = facts("vote", **{"title": "The vote", **fields})
    return told._replace(pairs=tuple(pair._replace(strip=STRIP) for pair in told.pairs))


def drawn(told: StoryFacts, config: SiteConfig = SITE) -> Image.Image:
    (data,) = cards(config, told).values()
    return Image.open(BytesIO(data)).convert("RGB")


def inks(image: Image.Image, box: tuple[int, int, int, int]) -> set[tuple[int, int, int]]:
    return {colour for _, colour in image.crop(box).getcolors(100_000) or ()} - {PAPER}  # type: ignore[misc]


def test_a_picture_has_the_size_that_is_asked_for_and_few_colours() -> None:
    (data,) = cards(SITE, story()).values()
    image = Image.open(BytesIO(data))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (WIDTH, HEIGHT)) == ("PNG", "P", (1200, 630))
    assert len(image.getcolors() or ()) <= 16
    assert len(data) < 20_000
    assert image.info == {} or set(image.info) <= {"transparency"}


def test_the_map_is_drawn_in_the_colours_of_the_versions_a_above_b() -> None:
    image = drawn(story())
    upper, lower = 380, 460
    for x, above, below in ((100, KEPT, KEPT), (650, A, PAPER), (1000, PAPER, B)):
        assert (image.getpixel((x, upper)), image.getpixel((x, lower))) == (above, below)


def test_one_word_among_very_many_is_still_seen() -> None:
    narrow = Strip(
        100_000,
        43,
        (MapPath("k", "M0 0h100000v20h-100000z"), MapPath("na", "M50000 0h1v20h-1z"), MapPath("nb", "M99999 23h1v20h-1z")),
    )
    told = story()
    image = drawn(told._replace(pairs=(told.pairs[0]._replace(strip=narrow),)))
    assert {A, B} <= inks(image, MAP)


def test_title_versions_and_figures_are_written() -> None:
    image, other = drawn(story()), drawn(story(title="Another vote"))
    for box in (TITLE, LABELS, (64, 490, 1136, 600), (64, 60, 400, 90)):
        assert inks(image, box)
    assert {A, B} <= inks(image, LABELS)
    assert image.crop(TITLE).tobytes() != other.crop(TITLE).tobytes()
    assert image.crop(MAP).tobytes() == other.crop(MAP).tobytes()


@pytest.mark.parametrize("title", ["北朝鮮の兵士", "Rock \U0001f600 roll", "สวัสดี", "مرحبا שלום 北"])
def test_a_title_that_no_font_can_write_is_left_out_and_the_map_is_larger(title: str) -> None:
    image = drawn(story(title=title))
    assert not inks(image, (64, 100, 1136, 140))
    assert {A, KEPT} <= inks(image, (64, 250, 1136, 300))


def test_versions_that_no_font_can_write_go_by_their_letters() -> None:
    named = story(witnesses=(witness("a")._replace(label="初版"), witness("b")._replace(label="改訂版")))
    lettered = story(witnesses=(witness("a")._replace(label="A"), witness("b")._replace(label="B")))
    assert cards(SITE, named) == cards(SITE, lettered)


@pytest.mark.parametrize("title", ["Ein Beschluss über Brücken", "Совет одобрил", "Ψηφοφορία", "Ngọc Ảnh", "تصويت المجلس", "הצבעה"])
def test_scripts_that_the_fonts_have_are_written(title: str) -> None:
    assert font_of(title)
    assert inks(drawn(story(title=title)), TITLE)


def test_arabic_letters_are_joined() -> None:
    apart, joined = (drawn(story(title=title)) for title in ("ب\u200cب\u200cب", "ببب"))
    assert apart.crop(TITLE).tobytes() != joined.crop(TITLE).tobytes()


def test_in_a_language_read_from_the_right_words_begin_there() -> None:
    image = drawn(story(), replace(SITE, language="ar"))
    assert not inks(image, (64, 104, 600, 320))
    assert inks(image, (700, 104, 1136, 320))
    assert {A} <= inks(image, (1110, 330, 1140, 360))


@pytest.mark.parametrize("words", [3, 12, 30, 200])
def test_a_title_of_any_length_stays_in_its_place(words: int) -> None:
    image = drawn(story(title=" ".join(["Gypsy"] * words)))
    assert inks(image, TITLE)
    for box in ((0, 92, 1200, 104), (1137, 92, 1200, 330), (0, 322, 1200, 330)):
        assert not inks(image, box)


def test_labels_of_figures_do_not_run_into_each_other() -> None:
    image = drawn(story(), replace(SITE, language="de"))
    for column in (1, 2, 3):
        edge = 64 + column * 268
        assert not inks(image, (edge - 6, 560, edge, 600))


def test_a_story_of_several_pairs_has_a_picture_for_each_and_one_of_all() -> None:
    told = story(witnesses=tuple(witness(name) for name in "abcd"))
    pairs = tuple(
        told.pairs[0]._replace(route=f"vote/{a}-{b}/index.html", a=a, b=b, kept=kept)
        for a, b, kept in (("a", "b", 40), ("b", "c", 90), ("c", "d", 60), ("a", "d", 20))
    )
    found = cards(SITE, told._replace(pairs=pairs))
    assert set(found) == {"vote/card.png", *(f"vote/{pair}/card.png" for pair in ("a-b", "b-c", "c-d", "a-d"))}
    whole = Image.open(BytesIO(found["vote/card.png"])).convert("RGB")
    bands = [bool(inks(whole, (64, y, 1136, y + 1))) for y in range(376, 468)]
    starts = [y for y in range(1, len(bands)) if bands[y] and not bands[y - 1]]
    assert len(starts) >= 2
    same = told._replace(pairs=tuple(pair._replace(kept=50) for pair in pairs))
    assert cards(SITE, same)["vote/card.png"] != found["vote/card.png"]


def test_more_versions_than_there_is_room_for_are_not_squeezed() -> None:
    many = tuple(witness(f"w{number}")._replace(label=f"The version of {number} o’clock") for number in range(9))
    told = story(witnesses=many)
    pairs = tuple(told.pairs[0]._replace(route=f"vote/{number}/index.html", a="w0", b=f"w{number}") for number in range(1, 9))
    image = Image.open(BytesIO(cards(SITE, told._replace(pairs=pairs))["vote/card.png"])).convert("RGB")
    assert inks(image, LABELS)
    assert not inks(image, (1137, 330, 1200, 360))


def test_a_version_that_no_pair_compares_is_not_in_the_picture_of_a_story() -> None:
    told = story(witnesses=tuple(witness(name) for name in "abcd"))
    pairs = tuple(told.pairs[0]._replace(route=f"vote/a-{b}/index.html", b=b) for b in "bc")
    with_all, without = (told._replace(pairs=pairs, witnesses=told.witnesses[:count]) for count in (4, 3))
    assert cards(SITE, with_all)["vote/card.png"] == cards(SITE, without)["vote/card.png"]


def test_a_site_without_an_address_or_without_the_wish_has_no_pictures() -> None:
    assert cards(CONFIG, story()) == {}
    assert cards(replace(SITE, share_images=False), story()) == {}


def test_a_theme_gives_its_own_colours_where_they_are_plain() -> None:
    theme = Theme((("paper", "light-dark(#ffeedd, #000000)"), ("a", "#112233"), ("b", "oklch(50% 0.1 200)")), ())
    image = drawn(story(), replace(SITE, theme=theme))
    assert image.getpixel((5, 5)) == (0xFF, 0xEE, 0xDD)
    assert image.getpixel((650, 380)) == (0x11, 0x22, 0x33)
    assert image.getpixel((1000, 460)) == B


def test_without_the_program_that_joins_letters_they_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "_SHAPES", False)
    assert font_of("تصويت") == ""
    assert font_of("Vote") == "serif"


def test_the_lists_beside_the_fonts_are_what_the_fonts_have() -> None:
    for name in ("serif", "rtl"):
        assert card._covered(name) == set(TTFont(FONTS / f"{name}.ttf").getBestCmap())  # noqa: SLF001 - the list is what is tested
    assert (FONTS / "LICENSE.txt").is_file()


@settings(max_examples=40)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_words_make_a_picture_and_the_same_twice(title: str, label: str) -> None:
    told = story(title=title, witnesses=(witness("a")._replace(label=label), witness("b")))
    assert cards(SITE, told) == cards(SITE, told)


PROGRAM = """
import hashlib, sys
from tests.unit.test_card import SITE, story
from generator.site.card import cards
for title in sys.argv[1:]:
    print(*(hashlib.sha256(data).hexdigest() for data in cards(SITE, story(title=title)).values()))
"""


def test_the_bytes_are_the_same_in_any_process_and_any_order() -> None:
    titles = ["The vote", "تصويت المجلس", "AVATAR To Wake"]
    here = [hashlib.sha256(data).hexdigest() for title in titles for data in cards(SITE, story(title=title)).values()]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *titles[::-1]],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    )
    assert done.stdout.split() == here[::-1]
