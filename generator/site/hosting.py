"""Files that hosts of static sites ask for: what to send with each file, whether to touch it, which domain it answers to.

In: settings, the names of the site's assets. Out: `_headers` (Netlify, Cloudflare Pages), `.nojekyll` and `CNAME` (GitHub Pages).
Other hosts take no notice of them. Their paths begin at the folder that is published, whatever sub-path it is served under.

On Netlify a later rule replaces a header of an earlier one; on Cloudflare Pages the two are joined by a comma, unless a line
`! Name` drops the first. Netlify's parser skips that line, because it has no colon: so the file means the same on both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from generator.config import SiteConfig
from generator.site.around import Planned
from generator.site.frame import base_path
from generator.site.metadata import host_of

HEADERS = "_headers"
NO_JEKYLL = ".nojekyll"
CNAME = "CNAME"

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'"
)
"""What a page may load: nothing from elsewhere, no script that is not a file of the site, no markup made of text."""

SEARCH_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")
"""The search page may fetch files of the site and compile WebAssembly besides: Pagefind's index is read by a program in it."""

FOR_EVER = "public, max-age=31536000, immutable"
"""For files whose name holds a hash of their bytes."""

FRESH = "public, max-age=0, must-revalidate"
"""For pages: asked about at each visit, sent again only if they changed."""

_FINGERPRINTED = re.compile(r".+\.[0-9a-f]{8}\.[a-z0-9]+")
_GITHUB = ".github.io"


def planned(config: SiteConfig, assets: Sequence[str]) -> tuple[Planned, ...]:
    """The files for hosts. `assets`: their paths in the site."""
    lasting = tuple(sorted(path for path in assets if _FINGERPRINTED.fullmatch(path)))
    files = (
        Planned(HEADERS, "", (), "\n".join(lasting), partial(headers, config, lasting)),
        Planned(NO_JEKYLL, "", (), "", bytes),
    )
    domain = own_domain(config)
    return (*files, Planned(CNAME, "", (), "", f"{domain}\n".encode)) if domain else files


def own_domain(config: SiteConfig) -> str:
    """The domain that CNAME names: the host of base_url, if the site lies at its root and the host is not GitHub's own."""
    host = host_of(config)
    is_own = config.cname and base_path(config) == "/" and not host.endswith(_GITHUB)
    return host if is_own else ""


def goes_without(config: SiteConfig) -> tuple[str, ...]:
    """What a site lacks for want of an address, a sentence each, for the command line: nothing of it is a fault."""
    found = []
    if not config.base_url:
        found.append("without base_url in variorum.toml the site has no feeds, sitemap and share images: they need its address")
    if config.cname and not own_domain(config):
        found.append("cname = true gives no file CNAME here: base_url is not the root of a domain of one's own")
    return tuple(found)


def headers(config: SiteConfig, lasting: Sequence[str]) -> bytes:
    """What to send with which files; later rules are the narrower ones."""
    rules = [
        _rule(
            "/*",
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ("Cache-Control", FRESH),
        ),
        *(_rule(f"/{path}", ("Cache-Control", FOR_EVER), is_narrower=True) for path in lasting),
    ]
    if config.base_url:
        rules += [
            _rule("/feed.xml", ("Content-Type", "application/atom+xml; charset=utf-8"), is_narrower=True),
            _rule("/feed.json", ("Content-Type", "application/feed+json; charset=utf-8"), is_narrower=True),
        ]
    if config.search:
        rules += [
            _rule("/search/*", ("Content-Security-Policy", SEARCH_POLICY), is_narrower=True),
            _rule("/pagefind/fragment/*", ("Cache-Control", FOR_EVER), is_narrower=True),
            _rule("/pagefind/index/*", ("Cache-Control", FOR_EVER), is_narrower=True),
        ]
    return "\n".join(rules).encode()


def _rule(path: str, *found: tuple[str, str], is_narrower: bool = False) -> str:
    """A rule; a narrower one drops what a wider one said of the same headers."""
    dropped = [f"  ! {name}" for name, _ in found] if is_narrower else []
    return "\n".join([path, *dropped, *(f"  {name}: {value}" for name, value in found), ""])
