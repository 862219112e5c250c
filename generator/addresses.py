"""Which addresses below the site's root are the site's own, so that no story and no own page may have them; words as addresses.

In: words. Out: names. Which files lie there is for the modules of `site` to say.
"""

from __future__ import annotations

import re
import unicodedata

RESERVED = frozenset(
    {
        "assets", "cards", "how-to-read", "index", "kind", "kinds", "notes", "page", "pagefind", "pages", "publisher",
        "publishers", "search", "static", "tag", "tags",
    }
)  # fmt: skip
"""Names of folders that the site itself fills."""


def slug(words: str, length: int) -> str:
    """The lower-case letters, digits and hyphens of `words`, `length` at most, `My Site!` as `my-site`; empty if it has none."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:length].strip("-")
