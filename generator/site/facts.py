"""What the rest of the site says of one story: small values, read off its comparisons and their pages once, kept by the cache.

In: a story, its comparisons, their pages. Out: `StoryFacts`. Lists, tag pages, feeds and the like are made from these alone, so
that a site of thousands of comparisons is listed without comparing anything again. No text of a witness is here but what
notes quote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from generator.model import Comparison, NoteSeverity, Status, Story
from generator.site.changemap import Strip
from generator.site.frame import Count, kept_share
from generator.site.labels import SEVERITIES, shortened
from generator.site.metadata import annotators_of
from generator.site.view import ComparisonPage


class WitnessFacts(NamedTuple):
    """A version: who published it and when, and how many words it has (0 for one that no pair compares)."""

    name: str
    label: str
    publisher: str
    published: str
    language: str
    words: int


class NoteFacts(NamedTuple):
    """A note that stands on a page: `route` of the page, and `id` for its fragment (`#note-<id>`, `#ref-<id>`).

    `a` and `b` are the words it stands on, shortened; `updated` is the date of its last revision, or empty. What it says in full
    stands on its own page alone, so that an edit of that changes no list.
    """

    route: str
    id: str
    number: int
    kinds: tuple[str, ...]
    severity: NoteSeverity
    status: Status
    title: str
    a: str
    b: str
    updated: str


class PairFacts(NamedTuple):
    """A comparison: where its page is, which witnesses it compares (by name), and its figures. `kept`: per cent of a's words."""

    route: str
    a: str
    b: str
    kept: int
    strip: Strip
    counts: tuple[Count, ...]
    omitted: int
    added: int
    moved: int


class StoryFacts(NamedTuple):
    """All that other pages say of a story. `route`: its first page; `updated`: the newest date of the story and its notes.

    `counts`: its notes by severity, of all pairs, withdrawn ones left out; `kinds`: how many of all its notes are of each kind;
    `authors`: who wrote them, by name and address.
    """

    slug: str
    route: str
    title: str
    summary: str
    published: str
    updated: str
    tags: tuple[str, ...]
    witnesses: tuple[WitnessFacts, ...]
    pairs: tuple[PairFacts, ...]
    notes: tuple[NoteFacts, ...]
    counts: tuple[Count, ...]
    kinds: tuple[tuple[str, int], ...]
    authors: tuple[tuple[str, str], ...]


QUOTE_LENGTH = 160
"""Characters of a passage in a list of notes; what is longer is cut at a word and ends in an ellipsis."""


def facts_of(story: Story, comparisons: Sequence[Comparison], pages: Sequence[ComparisonPage]) -> StoryFacts:
    """The facts of a story; `pages` are those of `comparisons`, in their order."""
    words = {
        article.source.name: count
        for comparison in comparisons
        for article, count in zip(comparison.articles, comparison.figures.words, strict=True)
    }
    notes = tuple(note for comparison, page in zip(comparisons, pages, strict=True) for note in _notes(comparison, page))
    dates = (story.published, *(note.updated for note in notes))
    pairs = tuple(_pair(comparison, page) for comparison, page in zip(comparisons, pages, strict=True))
    totals: Counter[NoteSeverity] = Counter()
    for pair in pairs:
        totals.update(dict(pair.counts))
    return StoryFacts(
        slug=story.slug,
        route=f"{story.slug}/index.html",
        title=story.title,
        summary=story.summary,
        published=story.published,
        updated=max(dates),
        tags=story.tags,
        witnesses=tuple(
            WitnessFacts(
                name=source.name,
                label=source.label,
                publisher=source.publisher,
                published=source.published,
                language=source.language,
                words=words.get(source.name, 0),
            )
            for source in story.witnesses
        ),
        pairs=pairs,
        notes=notes,
        counts=tuple(Count(severity, totals[severity]) for severity in SEVERITIES if totals[severity]),
        kinds=tuple(sorted(Counter(kind for note in notes for kind in note.kinds).items())),
        authors=annotators_of(story, comparisons),
    )


def _pair(comparison: Comparison, page: ComparisonPage) -> PairFacts:
    figures = comparison.figures
    return PairFacts(
        route=page.route,
        a=comparison.articles.a.source.name,
        b=comparison.articles.b.source.name,
        kept=kept_share(figures),
        strip=page.map.strip,
        counts=page.severities,
        omitted=figures.passages_omitted,
        added=figures.passages_added,
        moved=figures.passages_moved,
    )


def _notes(comparison: Comparison, page: ComparisonPage) -> list[NoteFacts]:
    """The notes of a page in its order. Those that lost their place are shown on their own page only."""
    found = []
    for index, view in sorted(page.notes.items(), key=lambda item: item[1].number):
        note = comparison.placements[index].annotation
        quotes = {reading.side: "".join(fragment.text for fragment in reading.fragments) for reading in view.readings}
        found.append(
            NoteFacts(
                route=page.route,
                id=note.id,
                number=view.number,
                kinds=note.kinds,
                severity=note.severity,
                status=note.status,
                title=view.title,
                a=shortened(quotes.get("a", ""), QUOTE_LENGTH),
                b=shortened(quotes.get("b", ""), QUOTE_LENGTH),
                updated=max((revision.date for revision in note.history), default=""),
            )
        )
    return found
