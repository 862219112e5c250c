"""Reads `pair:` and `unpair:` of comparison.yaml as sentence numbers: overrides in, groups to force and pairs to bar out.

A quotation stands for the sentences that hold it. Overrides of other witnesses are passed over; one that names a passage
which is not there, or there twice, or which contradicts an earlier one, is a fault and has no effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.collate.align.beads import Group
from generator.collate.align.similarity import bag_of, likeness
from generator.collate.fold import Folded, fold_with_map
from generator.errors import Diagnostic, Where, error
from generator.model import Article, Pair, PairingOverride

SHOWN = 60
"""Code points of a sentence that an error message shows."""


class Hand(NamedTuple):
    """What people said of a pair of articles: groups of sentences that correspond (and where it is said), and those that do not."""

    paired: Mapping[Group, Where]
    parted: Sequence[Group]

    def bars(self, i: int, j: int) -> bool:
        """Whether sentence i of a and sentence j of b may not share a bead."""
        return any(group.a_start <= i < group.a_stop and group.b_start <= j < group.b_stop for group in self.parted)


def read_overrides(articles: Pair[Article], overrides: Iterable[PairingOverride]) -> tuple[Hand, tuple[Diagnostic, ...]]:
    """The overrides that name these two articles, as groups of sentences, and the faults of those that cannot be followed."""
    names = articles.map(lambda article: article.source.name)
    relevant = [(override, quotes) for override in overrides if {*names} <= (quotes := dict(override.quotes)).keys()]
    if not relevant:
        return Hand({}, ()), ()
    folds = articles.map(lambda article: fold_with_map(article.text))
    paired: dict[Group, Where] = {}
    parted: list[Group] = []
    faults: list[Diagnostic] = []
    for override, quotes in relevant:
        a = _holding(articles.a, folds.a, quotes[names.a], override.where)
        b = _holding(articles.b, folds.b, quotes[names.b], override.where)
        faults.extend(side for side in (a, b) if isinstance(side, Diagnostic))
        if isinstance(a, Diagnostic) or isinstance(b, Diagnostic):
            continue
        group = Group(a.start, a.stop, b.start, b.stop)
        clash = _clash(group, override.action == "pair", paired, parted)
        if clash:
            faults.append(error(override.where, f"this {override.action} contradicts an earlier one", clash))
        elif override.action == "unpair":
            parted.append(group)
        else:
            paired.setdefault(group, override.where)
    return Hand(paired, parted), tuple(faults)


def _clash(group: Group, is_pair: bool, paired: Iterable[Group], parted: Iterable[Group]) -> str:  # noqa: FBT001 - private, one caller
    """How to mend a group that contradicts what was said before; empty if it does not."""
    if is_pair and any(group != other and (_meet(group, other, "a") or _meet(group, other, "b")) for other in paired):
        return "a sentence can be paired once: quote all sentences that belong together in one pair"
    if any(_meet(group, other, "a") and _meet(group, other, "b") for other in (parted if is_pair else paired)):
        return "the same sentences are both paired and unpaired: remove one of the two"
    return ""


def _meet(one: Group, other: Group, side: str) -> bool:
    """Whether two groups share a sentence of a side."""
    if side == "a":
        return one.a_start < other.a_stop and other.a_start < one.a_stop
    return one.b_start < other.b_stop and other.b_start < one.b_stop


def _holding(article: Article, text: Folded, quote: str, where: Where) -> range | Diagnostic:
    """The sentences that hold a quotation, typography aside; `text` is the article's fold."""
    wanted = fold_with_map(quote).text.strip()
    name = article.source.name
    start = text.text.find(wanted) if wanted else -1
    if start < 0:
        return error(where, f'quotation not found in "{name}": "{_short(quote)}"', _nearest(article, quote))
    if text.text.find(wanted, start + 1) >= 0:
        return error(where, f'quotation stands more than once in "{name}": "{_short(quote)}"', "quote more of the sentence")
    # A quotation may end inside a character: "q" of "q̣̇" comes from no more than the place where the character begins.
    raw_start = text.starts[start]
    raw_end = max(raw_start + 1, text.starts[start + len(wanted)])
    held = [
        index for index, sentence in enumerate(article.sentences) if sentence.span.start < raw_end and raw_start < sentence.span.end
    ]
    return range(held[0], held[-1] + 1)


def _nearest(article: Article, quote: str) -> str:
    """A hint that shows the sentence most like the quotation."""
    sentences = [sentence.span.of(article.text) for sentence in article.sentences]
    if not sentences:
        return "the text is empty"
    row = likeness([bag_of(quote)], list(map(bag_of, sentences))).cosines[0]
    best = max(range(len(row)), key=row.__getitem__)
    return f'nearest: "{_short(sentences[best])}"' if row[best] else "copy the passage from the text as it stands"


def _short(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
