"""What became of each fact of a story from version to version: figures, dates, names and quotations.

In: the versions of a story in reading order, and the comparisons between some of them. Out: `Fates`: the facts that all versions
state, counted, and the others, each with its words in every version and the change that made the difference.

    12,000 → 12,000 → 15,000        140 metres → 140 metres → 104 metres        1,140 people → – → 1,140 people

A fact is followed from mention to mention: through the script of a row if both mentions stand in the same place, else by its value.
What two versions say in other words, without the figure or the name, is not followed. Nothing is compared here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter
from typing import NamedTuple

from generator.collate.classify.amounts import SAME_MAGNITUDE
from generator.collate.classify.kinds import MIN_QUOTATION_LIKENESS, is_named, likeness
from generator.collate.classify.quotations import Quotation
from generator.collate.classify.statements import Passage, passage
from generator.collate.classify.vocabulary import Fact
from generator.collate.lexicon import DEFAULT_LANGUAGE
from generator.model import BOILERPLATE, Article, Change, ChangeKind, Comparison, Pair, Row, Span

FOLLOWED: tuple[ChangeKind, ...] = ("number", "date", "name", "quotation")
"""Kinds of facts whose fate is told, in the order of the list."""

MIN_QUOTED_WORDS = 3
"""Words of a quotation that is followed. Fewer: every word in scare quotes is one. From 2 to 5."""

MIN_SPELLING_LIKENESS = 0.7
"""Share of letters (difflib's ratio) from which two names in one place are spellings of one: "Stoiky", "Stoyky". From .6 to .85."""

NOUN_REACH = 24
"""Code points behind a figure in which the noun stands that it counts. From 12 to 40."""


_BEFORE = re.compile(r"(?:[^\W\d_]+[’'-]?[^\W\d_]* ){0,2}\Z")
"""The two words before a figure that stands alone: "votes to four"."""


class Station(NamedTuple):
    """A fact in one version: its words, its value, and the change that led to it (pair and id), or None if nothing changed."""

    words: str
    value: str
    change: tuple[int, str] | None


class Gone(NamedTuple):
    """A version that does not state a fact, and the change that took it out."""

    change: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Fate:
    """A fact through all versions, in their order."""

    kind: ChangeKind
    stations: tuple[Station | Gone, ...]


@dataclass(frozen=True, slots=True)
class Fates:
    """`kept`: how many facts of each kind stand in all versions alike; `changed`: the others, by kind, then as the texts go."""

    kept: tuple[tuple[ChangeKind, int], ...]
    changed: tuple[Fate, ...]


class _Mention(NamedTuple):
    """A fact where a version states it."""

    start: int
    end: int
    kind: ChangeKind
    value: str
    of: Fact | Quotation


class _Said(NamedTuple):
    """What a version says of a fact; `mention` is None where it says it without a mention of its own (a part of a name)."""

    words: str
    value: str
    mention: _Mention | None


@dataclass(frozen=True, slots=True)
class _Version:
    """A version: what it says, and its mentions of facts, in order; `first`: the first one of each kind and value."""

    article: Article
    told: Passage
    mentions: tuple[_Mention, ...]
    first: Mapping[tuple[ChangeKind, str], _Mention]

    def said(self, mention: _Mention) -> _Said:
        """A mention with its words: of a figure with what it counts, or where that does not follow, with what stands before it."""
        text, start, end = self.article.text, mention.start, mention.end
        if mention.kind == "number" and isinstance(mention.of, Fact):
            unit = mention.of.unit
            noun = text[end : end + NOUN_REACH].lower().find(unit) if unit.isalpha() else -1
            if noun >= 0:
                end += noun + len(unit)
            elif text[start:end].isalnum():
                start = _BEFORE.search(text, max(0, start - NOUN_REACH), start).start()  # type: ignore[union-attr]  # it matches nothing, too
        return _Said(" ".join(text[start:end].split()), mention.value, mention)

    def says(self, mention: _Mention, other: _Version) -> _Said | None:
        """The same fact here, if it stands anywhere; `mention` is one of `other`."""
        own = self.first.get(mention[2:4])
        if own is not None:
            return self.said(own)
        if isinstance(mention.of, Fact) and mention.kind == "name" and is_named(mention.of, other.told, self.told):
            return _Said(other.said(mention).words, mention.value, None)
        return None


Node = tuple[int, int]
"""A mention: its version, and its index there."""


def fates(articles: Sequence[Article], comparisons: Sequence[Comparison]) -> Fates:
    """The fates of the facts of `articles`, of which `comparisons` compare some pairs; those that none compares are left out."""
    names = {source.source.name for comparison in comparisons for source in comparison.articles}
    versions = tuple(_version(article) for article in articles if article.source.name in names)
    order = {version.article.source.name: index for index, version in enumerate(versions)}
    pairs = [comparison.articles.map(lambda article: order[article.source.name]) for comparison in comparisons]
    together = _Together()
    for pair, comparison in zip(pairs, comparisons, strict=True):
        for a, b in _linked(versions[pair.a], versions[pair.b], comparison.rows):
            together.join((pair.a, a), (pair.b, b))
    chains = together.chains((index, place) for index, version in enumerate(versions) for place in range(len(version.mentions)))
    compared = [
        _Compared(pair, _changes("a", comparison), _changes("b", comparison))
        for pair, comparison in zip(pairs, comparisons, strict=True)
    ]
    found = [_fate(chain, versions, compared) for chain in chains]
    return _sifted(found)


def _version(article: Article) -> _Version:
    blocks = [block for block in article.blocks if block.role not in BOILERPLATE]
    sentences = [sentence for block in blocks for sentence in block.sentences]
    language = article.source.language or DEFAULT_LANGUAGE
    told = passage(article.text, language, sentences, [block.span for block in blocks])
    facts = [
        _Mention(fact.start, fact.end, fact.kind, fact.value, fact)
        for fact in told.every
        if fact.kind in FOLLOWED and not fact.weak
    ]
    quoted = [
        _Mention(quotation.outer.start, quotation.outer.end, "quotation", " ".join(quotation.words), quotation)
        for quotation in told.quotations
        if len(quotation.words) >= MIN_QUOTED_WORDS
    ]
    mentions = sorted((*facts, *quoted), key=lambda mention: mention[:2])
    return _Version(article, told, tuple(mentions), {mention[2:4]: mention for mention in reversed(mentions)})


# ------------------------------------------------------------------ from mention to mention


def _linked(a: _Version, b: _Version, rows: Iterable[Row]) -> Iterator[tuple[int, int]]:
    """Mentions of a pair that are one fact: those in the same place of a row, then those of equal value elsewhere."""
    free_a, free_b = dict.fromkeys(range(len(a.mentions))), dict.fromkeys(range(len(b.mentions)))
    for row in rows:
        here = _within(b.mentions, row.spans.b)
        for index in _within(a.mentions, row.spans.a):
            reach = _reach(row, a.mentions[index])
            near = [other for other in here if other in free_b and _meets(b.mentions[other], reach)]
            best = max(near, key=lambda other: _fit(a.mentions[index], b.mentions[other]), default=None)
            if best is not None and _fit(a.mentions[index], b.mentions[best]) > 0:
                del free_a[index], free_b[best]
                yield index, best
    by_value: dict[tuple[ChangeKind, str], list[int]] = {}
    for other in reversed([*free_b]):
        by_value.setdefault(b.mentions[other][2:4], []).append(other)
    for index in free_a:
        if waiting := by_value.get(a.mentions[index][2:4]):
            yield index, waiting.pop()


def _within(mentions: Sequence[_Mention], span: Span) -> range:
    """The mentions that start in a span."""
    return range(bisect_left(mentions, (span.start,)), bisect_left(mentions, (span.end,)))


def _reach(row: Row, mention: _Mention) -> Span:
    """The stretch of b that stands where the mention stands in a: through what is equal to the letter, else the whole change."""
    start = end = -1
    for step in row.script:
        spans = (step.edit if isinstance(step, Change) else step).spans
        if spans.a.start < mention.end and mention.start < spans.a.end:
            is_equal = not isinstance(step, Change)
            first = spans.b.start + max(0, mention.start - spans.a.start) if is_equal else spans.b.start
            last = spans.b.start + min(mention.end, spans.a.end) - spans.a.start if is_equal else spans.b.end
            start, end = first if start < 0 else start, last
    return Span(start, end)


def _meets(mention: _Mention, span: Span) -> bool:
    return mention.start < span.end and span.start < mention.end


def _fit(a: _Mention, b: _Mention) -> float:
    """How well a mention of b takes the place of one of a; 0 if it speaks of something else."""
    if a.kind != b.kind:
        return 0.0
    if a.value == b.value:
        return 3.0
    if isinstance(a.of, Quotation) and isinstance(b.of, Quotation):
        alike = likeness(a.of, b.of)
        return alike if alike >= MIN_QUOTATION_LIKENESS else 0.0
    if isinstance(a.of, Fact) and isinstance(b.of, Fact) and a.kind == "number":
        return _fit_of_numbers(a.of, b.of)
    if a.kind == "name":
        alike = SequenceMatcher(None, a.value, b.value, autojunk=False).ratio()
        return alike if alike >= MIN_SPELLING_LIKENESS else 0.0
    return 1.0


def _fit_of_numbers(a: Fact, b: Fact) -> float:
    """Figures that count the same thing, or are of one magnitude: the noun may have changed with the figure."""
    if a.unit and a.unit == b.unit:
        return 2.0
    low, high = sorted((abs(a.amount), abs(b.amount)))
    return 1.0 if low and high / low <= SAME_MAGNITUDE else 0.0


class _Together:
    """Which mentions are one fact. Duty: joining is symmetric and transitive."""

    def __init__(self) -> None:
        self._parents: dict[Node, Node] = {}

    def _root(self, node: Node) -> Node:
        while (parent := self._parents.get(node, node)) != node:
            node = parent
        return node

    def join(self, one: Node, other: Node) -> None:
        """Says that two mentions are one fact."""
        roots = sorted((self._root(one), self._root(other)))
        self._parents[roots[1]] = roots[0]

    def chains(self, nodes: Iterable[Node]) -> list[dict[int, int]]:
        """For each fact the versions that state it, and the mention there; the first mention where a version has several."""
        chains: dict[Node, dict[int, int]] = {}
        for node in nodes:
            chains.setdefault(self._root(node), {}).setdefault(*node)
        return [*chains.values()]


# ------------------------------------------------------------------ fates


class _Changes(NamedTuple):
    """The changes of a comparison on one side, in order: where each starts and ends, and its id."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    ids: tuple[str, ...]

    def touching(self, mention: _Mention) -> str:
        """The first change that touches a mention, or empty."""
        index = bisect_right(self.ends, mention.start)
        return self.ids[index] if index < len(self.ids) and self.starts[index] < mention.end else ""


class _Compared(NamedTuple):
    """A comparison: which versions it compares, and its changes on both sides."""

    versions: Pair[int]
    a: _Changes
    b: _Changes


def _changes(side: str, comparison: Comparison) -> _Changes:
    found = [
        (change.edit.spans.a if side == "a" else change.edit.spans.b, change.id)
        for row in comparison.rows
        for change in row.changes
    ]
    found.sort(key=itemgetter(0))
    return _Changes(tuple(span.start for span, _ in found), tuple(span.end for span, _ in found), tuple(name for _, name in found))


class _Told(NamedTuple):
    """A fate, and where it begins: the version and the code point there."""

    place: tuple[int, int]
    fate: Fate


def _fate(chain: dict[int, int], versions: Sequence[_Version], compared: Sequence[_Compared]) -> _Told:
    """A chain of mentions as a fate. A version outside the chain may state the same in another place: then nothing has gone."""
    mentions = {version: versions[version].mentions[index] for version, index in chain.items()}
    said: list[_Said | None] = []
    for index, version in enumerate(versions):
        if index in mentions:
            said.append(version.said(mentions[index]))
        else:
            near = max((other for other in mentions if other < index), default=min(mentions))
            said.append(version.says(mentions[near], versions[near]))
    stations: list[Station | Gone] = []
    for index, here in enumerate(said):
        change = _change(index, said, compared)
        stations.append(Station(here.words, here.value, change) if here else Gone(change))
    first = min(chain)
    return _Told((first, mentions[first].start), Fate(mentions[first].kind, tuple(stations)))


def _change(index: int, said: Sequence[_Said | None], compared: Sequence[_Compared]) -> tuple[int, str] | None:
    """The change by which a version differs from the one it is compared with, where it says something else of a fact."""
    for place, (pair, a, b) in enumerate(compared):
        here, there = said[index], said[pair.a]
        if pair.b != index or (here and here.value) == (there and there.value):
            continue
        teller = here or there
        if teller and teller.mention and (found := (b if here else a).touching(teller.mention)):
            return place, found
    return None


def _sifted(found: Sequence[_Told]) -> Fates:
    """Fates each once; one that says nothing but what another says too (a figure repeated in the headline) is left out."""
    kept: dict[tuple[ChangeKind, str], None] = {}
    told: dict[_Key, _Told] = {}
    for one in found:
        values = _values(one.fate)
        if None not in values and len(set(values)) == 1:
            kept[one.fate.kind, values[0] or ""] = None
        else:
            told.setdefault((one.fate.kind, values), one)
    alike: defaultdict[tuple[ChangeKind, int, str], list[_Key]] = defaultdict(list)
    for key in told:
        for stated in _stated(key):
            alike[stated].append(key)
    # Whatever says all that a fate says is among those that share any one of its values.
    whole = [key for key in told if not any(_is_part(key, each) for each in min((alike[one] for one in _stated(key)), key=len))]
    ordered = sorted(whole, key=lambda key: (FOLLOWED.index(key[0]), told[key].place))
    counts = Counter(kind for kind, _ in kept)
    return Fates(tuple((kind, counts[kind]) for kind in FOLLOWED if counts[kind]), tuple(told[key].fate for key in ordered))


_Key = tuple[ChangeKind, tuple[str | None, ...]]
"""What a fate says: its kind, and its value in each version, or None."""


def _stated(key: _Key) -> list[tuple[ChangeKind, int, str]]:
    """Kind, version and value of each version that states a fact."""
    return [(key[0], version, value) for version, value in enumerate(key[1]) if value is not None]


def _values(fate: Fate) -> tuple[str | None, ...]:
    return tuple(station.value if isinstance(station, Station) else None for station in fate.stations)


def _is_part(one: _Key, other: _Key) -> bool:
    """Whether each version says of `one` nothing but what it says of `other`."""
    return one != other and one[0] == other[0] and all(a is None or a == b for a, b in zip(one[1], other[1], strict=True))
