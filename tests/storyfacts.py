"""Facts of stories made by hand, for tests of lists."""

from __future__ import annotations

from generator.model import NoteSeverity
from generator.site.changemap import MapPath, Strip
from generator.site.facts import NoteFacts, PairFacts, StoryFacts, WitnessFacts
from generator.site.frame import Count

STRIP = Strip(10, 43, (MapPath("k", "M0 0h10v20h-10z"),))


def witness(name: str, publisher: str = "", words: int = 10, published: str = "") -> WitnessFacts:
    """A version."""
    return WitnessFacts(name, name.upper(), publisher, published, "en", words)


def note(slug: str, name: str, kinds: tuple[str, ...] = ("number",), severity: NoteSeverity = "major") -> NoteFacts:
    """A note on the story's only page."""
    return NoteFacts(f"{slug}/index.html", name, 1, kinds, severity, "confirmed", f"Title of {name}", "one", "two", "")


def facts(slug: str, *notes: NoteFacts, published: str = "2025-01-01", **fields: object) -> StoryFacts:
    """A story of one pair; any field of `StoryFacts` can be given."""
    counts = tuple(
        Count(severity, total)
        for severity in ("major", "moderate", "minor", "checked")
        if (total := sum(note.severity == severity for note in notes))
    )
    kinds: dict[str, int] = {}
    for each in notes:
        for kind in each.kinds:
            kinds[kind] = kinds.get(kind, 0) + 1
    pair = PairFacts(f"{slug}/index.html", "a", "b", 50, STRIP, counts, 0, 0, 0)
    values: dict[str, object] = {
        "slug": slug,
        "route": f"{slug}/index.html",
        "title": f"Story {slug}",
        "summary": "",
        "published": published,
        "updated": published,
        "tags": (),
        "witnesses": (witness("a"), witness("b")),
        "pairs": (pair,),
        "notes": notes,
        "counts": counts,
        "kinds": tuple(sorted(kinds.items())),
        "authors": (),
    } | fields
    return StoryFacts(**values)  # type: ignore[arg-type]  # a test's keywords are checked by the tuple
