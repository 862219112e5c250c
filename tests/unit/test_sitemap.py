"""The sitemap, held against the protocol's schema, and robots.txt."""

from dataclasses import replace

from lxml import etree

from generator.site import sitemap
from generator.site.around import Planned
from generator.site.sitemap import PART_LENGTH, Listed, chunks, pages, planned
from tests.pictures import CONFIG
from tests.stories import ROOT
from tests.storyfacts import facts

SCHEMA = etree.XMLSchema(etree.parse(ROOT / "tests" / "schemas" / "sitemap.xsd"))
SITE = replace(CONFIG, base_url="https://example.org/sub/")
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def plan(route: str) -> Planned:
    return Planned(route, "x.html" if route.endswith(".html") else "", (), "", bytes)


AROUND = [plan(route) for route in ("index.html", "tag/söldner/index.html", "404.html", "pages/picture.png")]


def entries(data: object) -> list[tuple[str, str]]:
    assert isinstance(data, bytes)
    tree = etree.fromstring(data)
    SCHEMA.assertValid(tree)
    return [(each.findtext("s:loc", "", NAMES), each.findtext("s:lastmod", "", NAMES)) for each in tree]


def test_every_page_is_listed_once_with_the_day_it_changed() -> None:
    several = facts("b", published="2025-01-02", updated="2025-02-03")
    pairs = tuple(several.pairs[0]._replace(route=f"b/{name}/index.html") for name in ("x-y", "y-z"))
    found = planned(SITE, [several._replace(pairs=pairs), facts("a", published="2024-05-06"), facts("c", pairs=())], AROUND)
    assert [each.route for each in found] == ["sitemap.xml", "robots.txt"]
    assert entries(found[0].make()) == [
        ("https://example.org/sub/", ""),
        ("https://example.org/sub/tag/s%C3%B6ldner/", ""),
        ("https://example.org/sub/a/", "2024-05-06"),
        ("https://example.org/sub/b/", "2025-02-03"),
        ("https://example.org/sub/b/x-y/", "2025-02-03"),
        ("https://example.org/sub/b/y-z/", "2025-02-03"),
    ]
    assert found[0].needs == ("a", "b")
    assert found[0].more == "index.html \ntag/söldner/index.html "


def test_a_long_sitemap_is_an_index_of_parts_and_a_new_story_changes_the_last_part_only() -> None:
    stories = [facts(f"s{number:05}", published=f"20{10 + number // 400}-01-01") for number in range(2 * PART_LENGTH + 500)]
    index, *parts, robots = planned(SITE, stories, AROUND)
    assert [(each.route, len(each.needs)) for each in parts] == [
        ("sitemap-1.xml", PART_LENGTH - 2),
        ("sitemap-2.xml", PART_LENGTH),
        ("sitemap-3.xml", 502),
    ]
    assert entries(index.make()) == [
        ("https://example.org/sub/sitemap-1.xml", "2012-01-01"),
        ("https://example.org/sub/sitemap-2.xml", "2014-01-01"),
        ("https://example.org/sub/sitemap-3.xml", "2016-01-01"),
    ]
    assert index.needs == ()
    assert robots.route == "robots.txt"
    listed = [entry for part in parts for entry in entries(part.make())]
    assert len(listed) == len({address for address, _ in listed}) == 2 * PART_LENGTH + 502

    later = planned(SITE, [facts("a-new-one", published="2026-01-01"), *stories], AROUND)
    assert [(one.needs, one.more) for one in later[1:3]] == [(one.needs, one.more) for one in parts[:2]]
    assert later[3].needs == (*parts[2].needs, "a-new-one")
    assert later[0].more != index.more


def test_what_is_removed_is_in_no_part() -> None:
    stories = [facts("a"), facts("b")]
    before, after = (planned(SITE, each, AROUND)[0] for each in (stories, stories[1:]))
    assert b"sub/a/" in bytes(before.make())  # type: ignore[arg-type]  # bytes, since it has no template
    assert b"sub/a/" not in bytes(after.make())  # type: ignore[arg-type]


def test_without_an_address_everything_may_be_read_and_nothing_is_listed() -> None:
    (robots,) = planned(CONFIG, [facts("a")], AROUND)
    assert robots.make() == b"User-agent: *\nAllow: /\n"
    assert planned(SITE, [], AROUND)[1].make() == b"User-agent: *\nAllow: /\n\nSitemap: https://example.org/sub/sitemap.xml\n"


def test_parts_hold_everything_in_order() -> None:
    listed = pages([facts(f"s{number}") for number in range(30)], AROUND)
    assert [page for part in chunks(listed) for page in part] == list(listed)
    assert chunks(()) == ((),)


def test_the_schema_refuses_an_address_that_no_robot_can_ask_for() -> None:
    data = sitemap.url_set(SITE, [Listed("x y/index.html", "", "")])
    SCHEMA.assertValid(etree.fromstring(data))
    assert not SCHEMA.validate(etree.fromstring(data.replace(b"x%20y", b"x y")))
    assert not SCHEMA.validate(etree.fromstring(sitemap.url_set(SITE, [Listed("x/index.html", "yesterday", "")])))
