"""Files for hosts of static sites."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator.site.hosting import FOR_EVER, FRESH, POLICY, SEARCH_POLICY, goes_without, own_domain, planned
from generator.site.program import default_templates
from generator.site.render import Renderer
from tests.browser.hosted import cloudflare, netlify, rules
from tests.pictures import CONFIG

SITE = replace(CONFIG, base_url="https://news.example.org/", search=True)
Host = Callable[[str, str], dict[str, str]]
ASSETS = ("assets/style.0123abcd.css", "assets/fonts/serif.woff2", "assets/site.89abcdef.js")


def headers_of(**fields: object) -> str:
    config = replace(SITE, **fields)  # type: ignore[arg-type]  # a test's keywords are checked by the dataclass
    made = next(plan for plan in planned(config, ASSETS) if plan.route == "_headers").make()
    assert isinstance(made, bytes)
    return made.decode()


@pytest.mark.parametrize("host", [cloudflare, netlify])
def test_both_hosts_send_each_file_what_it_should_have(host: Host) -> None:
    text = headers_of()
    page = host(text, "/kim/index.html")
    assert page["Content-Security-Policy"] == POLICY
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert page["Cache-Control"] == FRESH
    assert host(text, "/assets/style.0123abcd.css")["Cache-Control"] == FOR_EVER
    assert host(text, "/assets/fonts/serif.woff2")["Cache-Control"] == FRESH
    assert host(text, "/pagefind/fragment/en_1.pf_fragment")["Cache-Control"] == FOR_EVER
    assert host(text, "/pagefind/pagefind-entry.json")["Cache-Control"] == FRESH
    assert host(text, "/feed.xml")["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert host(text, "/feed.json")["Content-Type"] == "application/feed+json; charset=utf-8"


@pytest.mark.parametrize("host", [cloudflare, netlify])
def test_only_the_search_page_may_compile_webassembly(host: Host) -> None:
    text = headers_of()
    assert host(text, "/search/index.html")["Content-Security-Policy"] == SEARCH_POLICY
    for path in ("/index.html", "/searching/index.html", "/pagefind/pagefind.js", "/404.html"):
        assert host(text, path)["Content-Security-Policy"] == POLICY
    assert "wasm-unsafe-eval" not in headers_of(search=False)
    assert "unsafe-inline" not in text
    assert "'unsafe-eval'" not in text


def test_what_a_site_does_not_have_needs_no_rule() -> None:
    assert [path for path, _ in rules(headers_of(search=False, base_url=""))] == [
        "/*",
        "/assets/site.89abcdef.js",
        "/assets/style.0123abcd.css",
    ]


def test_rules_stay_within_what_hosts_take() -> None:
    renderer = Renderer(SITE, (default_templates(),))
    assets = tuple(asset.path for asset in renderer.assets())
    made = planned(SITE, assets)[0].make()
    assert isinstance(made, bytes)
    assert len(rules(made.decode())) <= 100
    assert max(map(len, made.decode().splitlines())) <= 2000
    assert any(path.startswith("/assets/style.") for path, _ in rules(made.decode()))


def test_jekyll_is_told_to_leave_the_site_alone() -> None:
    assert ".nojekyll" in {plan.route for plan in planned(SITE, ())}
    assert next(plan for plan in planned(SITE, ()) if plan.route == ".nojekyll").make() == b""


@pytest.mark.parametrize(
    ("address", "cname", "domain"),
    [
        ("https://news.example.org/", True, "news.example.org"),
        ("https://news.example.org/", False, ""),
        ("https://news.example.org/sub/", True, ""),
        ("https://someone.github.io/", True, ""),
        ("", True, ""),
    ],
)
def test_cname_names_a_domain_of_ones_own_at_its_root(address: str, cname: bool, domain: str) -> None:
    config = replace(CONFIG, base_url=address, cname=cname)
    assert own_domain(config) == domain
    found = {plan.route: plan.make() for plan in planned(config, ())}
    assert found.get("CNAME") == (f"{domain}\n".encode() if domain else None)


def test_what_needs_an_address_is_told_once() -> None:
    assert goes_without(SITE) == ()
    assert ["base_url" in hint for hint in goes_without(replace(SITE, base_url="", cname=True))] == [True, True]
    assert len(goes_without(CONFIG)) == 1
