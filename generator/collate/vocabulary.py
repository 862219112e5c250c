"""What every extractor of facts shares: the fact itself, and word lists made ready for lookup by a sentence's words.

In: a language. Out: phrase tables that answer "which entry starts at this word", and the families of facts a word may start.
It does not read sentences; `dates`, `numbers`, `names` and `voices` do.

    phrases({"up to": -1, "over": 1}).at(("up", "to", "12,000"), 0)  →  (2, -1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from generator.collate.lexicon import Lexicon, lexicon
from generator.model import ChangeKind

DATE, NUMBER, VOICE, NEGATION = 1, 2, 4, 8
"""Families of facts, as bits: what a word may be the start of."""

_FAMILIES = {
    DATE: ("weekdays", "months", "seasons", "relative_times"),
    NUMBER: ("numerals", "weak_numerals", "ordinals", "vague_amounts", "magnitudes"),
    VOICE: ("reporting_verbs", "hedges", "boosters"),
}


class Fact(NamedTuple):
    """Something a sentence states, over code points of its text. Facts of equal kind and value are the same fact.

    `amount`: of a number, its value; of a word of certainty, its grade from 0 (unsure) to 4 (sure). `unit`: what a number
    counts, folded ("%", "$", "troops"); of a name, the words it is made of; of an attribution, what its speaker is (name,
    role, noun, pronoun); of a word of certainty, its table. `weak`: it says something only against another fact of its kind
    ("one", "first"), or may be no name at all.
    """

    start: int
    end: int
    kind: ChangeKind
    value: str
    amount: float = 0.0
    unit: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Phrases:
    """Entries of one or more words, by their first word, longest first."""

    entries: Mapping[str, tuple[tuple[tuple[str, ...], float], ...]]

    def at(self, words: Sequence[str], index: int) -> tuple[int, float] | None:
        """How many words the longest entry at `index` has, and its value; None if none starts there."""
        for rest, value in self.entries.get(words[index], ()):
            if not rest or tuple(words[index + 1 : index + 1 + len(rest)]) == rest:
                return len(rest) + 1, value
        return None

    def ending_at(self, words: Sequence[str], end: int, longest: int = 4) -> tuple[int, float] | None:
        """The longest entry that ends before word `end`."""
        for start in range(max(0, end - longest), end):
            found = self.at(words, start)
            if found and start + found[0] == end:
                return found
        return None


def phrases(table: Mapping[str, float] | Iterable[str]) -> Phrases:
    """Phrases of a table; the entries of a list have the value 1."""
    values = table if isinstance(table, Mapping) else dict.fromkeys(table, 1.0)
    entries: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    for phrase, value in values.items():
        first, *rest = phrase.split()
        entries.setdefault(first, []).append((tuple(rest), value))
    return Phrases({first: tuple(sorted(found, key=lambda entry: -len(entry[0]))) for first, found in entries.items()})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language's lists made ready. `starts`: the families (bits) that a folded word may start."""

    lexicon: Lexicon
    starts: Mapping[str, int]
    relative_times: Phrases
    weekdays: Phrases
    seasons: Phrases
    units: Phrases
    bounds: Phrases
    idioms: Phrases
    reporting: Phrases
    hedges: Phrases
    boosters: Phrases
    negations: Phrases
    attributions: Phrases
    aliases: Mapping[str, str]
    antonyms: Mapping[str, frozenset[str]]
    endings: tuple[tuple[str, str], ...]

    def plain_forms(self, word: str) -> frozenset[str]:
        """The word and what it may be an inflected form of."""
        plain = {word[: -len(ending)] + instead for ending, instead in self.endings if word.endswith(ending)}
        return frozenset({word, *plain})

    def are_contrary(self, a: str, b: str) -> bool:
        """Whether the two words, or what they are forms of, are antonyms."""
        others = self.plain_forms(b)
        return any(not others.isdisjoint(self.antonyms[form]) for form in self.plain_forms(a) if form in self.antonyms)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language tag; of a language without lists, an empty one."""
    lists = lexicon(language)
    starts: dict[str, int] = {}
    for bit, names in _FAMILIES.items():
        for name in names:
            _mark(starts, lists.table(name), bit)
    _mark(starts, lists.words("attribution_phrases"), VOICE)
    _mark(starts, lists.words("negations"), NEGATION)
    antonyms: dict[str, set[str]] = {}
    for pair in lists.words("antonyms"):
        first, _, second = pair.partition("|")
        antonyms.setdefault(first, set()).add(second)
        antonyms.setdefault(second, set()).add(first)
    groups = [group.split("|") for group in sorted(lists.words("name_aliases"))]
    return Vocabulary(
        lists,
        starts,
        relative_times=phrases(lists.table("relative_times")),
        weekdays=phrases(lists.table("weekdays")),
        seasons=phrases(lists.table("seasons")),
        units=phrases(lists.table("units")),
        bounds=phrases(lists.table("bounds")),
        idioms=phrases(lists.words("number_idioms")),
        reporting=phrases(lists.table("reporting_verbs")),
        hedges=phrases(lists.table("hedges")),
        boosters=phrases(lists.table("boosters")),
        negations=phrases(lists.words("negations")),
        attributions=phrases(lists.words("attribution_phrases")),
        aliases={form: group[0] for group in groups for form in group},
        antonyms={word: frozenset(contrary) for word, contrary in antonyms.items()},
        endings=tuple(
            (ending, instead) for ending, _, instead in (form.partition("|") for form in sorted(lists.words("plain_forms")))
        ),
    )


def _mark(starts: dict[str, int], entries: Iterable[str], bit: int) -> None:
    """Notes that the first word of each entry may start a fact of the family `bit`."""
    for entry in entries:
        first = entry.partition(" ")[0]
        starts[first] = starts.get(first, 0) | bit
