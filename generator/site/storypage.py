"""The page of a story told by several pairs: its versions in time, every pair of them, and what became of words and facts.

In: the settings, a story, its comparisons and its facts. Out: `OverviewPage`: plain data. What stands in each version and what
became of each fact is found by `standing` and `fates`; here it is only laid out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.config import SiteConfig
from generator.model import Article, Comparison, Story
from generator.site.changemap import Strip
from generator.site.facts import PairFacts, StoryFacts
from generator.site.fates import Fate, Station, fates
from generator.site.frame import Count, Date, Head, Site, WitnessCard, card_of, date_of, discrepancy_count, site_of
from generator.site.labels import KIND_LABELS, shortened
from generator.site.language import Language
from generator.site.metadata import story_head
from generator.site.standing import Standing, standing

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What versions are called in tables; from the 27th on by number."""

FATE_LENGTH = 110
"""Characters of a quotation in the list of fates; what is longer is cut at a word and ends in an ellipsis."""


class PairLine(NamedTuple):
    """A pair: its page, its versions by label, the second by letter too, and its figures.

    `omitted`, `added`, `moved`: whole passages.
    """

    href: str
    a: str
    b: str
    letter_b: str
    kept: int
    strip: Strip
    counts: tuple[Count, ...]
    discrepancies: int
    omitted: int
    added: int
    moved: int


class Bar(NamedTuple):
    """How a version is made of the first one: words kept of it, words of it that are gone, and words of its own; with path data."""

    kept: int
    share: int
    gone: int
    new: int
    width: int
    paths: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version on the line of time. `after`: how long after the one before; `pairs`: those that end in it.

    `bar` is None for the first version, and for one that no chain of comparisons connects with it.
    """

    letter: str
    card: WitnessCard
    after: str
    pairs: tuple[PairLine, ...]
    bar: Bar | None


class MatrixRow(NamedTuple):
    """A row of the matrix: the version that is read first, and for each version the pair, or None where they are not compared."""

    letter: str
    label: str
    cells: tuple[PairLine | None, ...]


class FateCell(NamedTuple):
    """A fact in a version, whose words are in `language`, or empty; where it changed: a link.

    `state`: first, same, changed, gone or absent.
    """

    letter: str
    language: str
    words: str
    href: str
    state: str


class FateLine(NamedTuple):
    """A fact through the versions."""

    kind: str
    cells: tuple[FateCell, ...]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The page of a story with several pairs. `versions` by date; `matrix` and `fates` in reading order (`letters`)."""

    route: str
    template: str
    site: Site
    head: Head
    published: Date
    title: str
    summary: str
    versions: tuple[Version, ...]
    letters: tuple[tuple[str, str], ...]
    matrix: tuple[MatrixRow, ...]
    fates: tuple[FateLine, ...]
    kept: tuple[tuple[str, int], ...]

    @property
    def pairs(self) -> tuple[PairLine, ...]:
        """All pairs, in the order of the versions."""
        return tuple(pair for version in self.versions for pair in version.pairs)


def overview_page(config: SiteConfig, story: Story, comparisons: Sequence[Comparison], facts: StoryFacts) -> OverviewPage:
    """The overview of a story; `facts` are those of it and its comparisons. Versions that no pair compares are not shown."""
    site = site_of(config, f"{story.slug}/index.html")
    found = {article.source.name: article for comparison in comparisons for article in comparison.articles}
    articles = [found[source.name] for source in story.witnesses if source.name in found]
    letters = {article.source.name: _letter(place) for place, article in enumerate(articles)}
    lines = {(pair.a, pair.b): _line(site, pair, letters, found) for pair in facts.pairs}
    words = {witness.name: witness.words for witness in facts.witnesses}
    cards = [card_of(story, article, "", site, words[article.source.name]) for article in articles]
    told = fates(articles, comparisons)
    hrefs = [pair.route for pair in facts.pairs]
    places = [(letters[article.source.name], article.source.language) for article in articles]
    return OverviewPage(
        route=site.route,
        template="overview.html",
        site=site,
        head=story_head(config, story, comparisons, site.words),
        published=date_of(story.published, site.words),
        title=story.title,
        summary=story.summary,
        versions=tuple(_versions(site.words, cards, standing(articles, comparisons), [*lines.values()])),
        letters=tuple((letters[article.source.name], article.source.label) for article in articles),
        matrix=tuple(
            MatrixRow(letters[a], found[a].source.label, tuple(lines.get((a, b)) for b in letters)) for a in letters
        ),
        fates=tuple(_fate(site, fate, places, hrefs) for fate in told.changed),
        kept=tuple((site.words.text(KIND_LABELS[kind]), count) for kind, count in told.kept),
    )  # fmt: skip


def _line(site: Site, pair: PairFacts, letters: dict[str, str], articles: dict[str, Article]) -> PairLine:
    return PairLine(
        href=site.link(pair.route),
        a=articles[pair.a].source.label,
        b=articles[pair.b].source.label,
        letter_b=letters[pair.b],
        kept=pair.kept,
        strip=pair.strip,
        counts=pair.counts,
        discrepancies=discrepancy_count(pair.counts),
        omitted=pair.omitted,
        added=pair.added,
        moved=pair.moved,
    )


# ------------------------------------------------------------------ the line of time


def _in_time(cards: Sequence[WitnessCard]) -> list[int]:
    """The versions by date; one without a date follows the one before it in reading order."""
    dates: list[str] = []
    for card in cards:
        dates.append(card.published.iso or (dates[-1] if dates else ""))
    return sorted(range(len(cards)), key=lambda index: dates[index])


def _versions(
    language: Language, cards: Sequence[WitnessCard], stood: Sequence[Standing | None], lines: Sequence[PairLine]
) -> Iterator[Version]:
    """The versions on the line of time."""
    base = stood[0].words if stood[0] else 0
    widest = max(base + each.words - each.inherited for each in stood if each)
    before = ""
    for place in _in_time(cards):
        card, each = cards[place], stood[place]
        letter = _letter(place)
        yield Version(
            letter=letter,
            card=card,
            after=_gap(before, card.published.iso, language),
            pairs=tuple(line for line in lines if line.letter_b == letter),
            bar=_bar(each, base, widest) if place and each else None,
        )
        before = card.published.iso


def _letter(place: int) -> str:
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def _gap(before: str, now: str, language: Language) -> str:
    """How long after the version before it one was published; empty where that is not known."""
    try:
        days = (dt.date.fromisoformat(now) - dt.date.fromisoformat(before)).days
    except ValueError:
        return ""
    if days == 0:
        return language.text("the same day")
    return language.plural("%(num)s day later", "%(num)s days later", days)


def _bar(here: Standing, base: int, widest: int) -> Bar:
    """The bar of a version: kept, gone, new, each beginning where it begins in the others as far as the first version reaches."""
    gone, new = base - here.kept, here.words - here.inherited
    lengths = (("k", 0, here.kept), ("oa", here.kept, gone), ("xb", base, new))
    paths = tuple((kind, f"M{start} 1h{length}v18h-{length}z") for kind, start, length in lengths if length)
    return Bar(here.kept, round(100 * here.kept / base) if base else 0, gone, new, max(widest, 1), paths)


# ------------------------------------------------------------------ fates


def _fate(site: Site, fate: Fate, versions: Sequence[tuple[str, str]], routes: Sequence[str]) -> FateLine:
    """A fate as a row: what each version (letter, language) says, and a link where that changed."""
    cells: list[FateCell] = []
    last = ""
    for (letter, language), station in zip(versions, fate.stations, strict=True):
        href = site.link(routes[station.change[0]], f"#c-{station.change[1]}") if station.change else ""
        if isinstance(station, Station):
            state = "same" if station.value == last else "changed" if cells else "first"
            cells.append(
                FateCell(letter, language, shortened(station.words, FATE_LENGTH), href if state == "changed" else "", state)
            )
            last = station.value
        else:
            cells.append(FateCell(letter, language, "", href, "gone" if last else "absent"))
            last = ""
    return FateLine(site.words.text(KIND_LABELS[fate.kind]), tuple(cells))
