"""Which addresses below the site's root are the site's own, so that no story and no own page may have them.

In: nothing. Out: names. Which files lie there is for the modules of `site` to say.
"""

from __future__ import annotations

RESERVED = frozenset(
    {
        "assets", "cards", "how-to-read", "index", "kind", "kinds", "notes", "page", "pagefind", "pages", "publisher",
        "publishers", "search", "static", "tag", "tags",
    }
)  # fmt: skip
"""Names of folders that the site itself fills."""
