"""What every extractor of facts shares: the fact itself, and word lists made ready for lookup by a sentence's words.

In: a language. Out: phrase tables that answer "which entry starts at this word", and the families of facts a word may start.
It does not read sentences; `dates`, `numbers`, `names` and `voices` do.

    phrases({"up to": -1, "over": 1}).at(("up", "to", "12,000"), 0)  →  (2, -1)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from generator.collate.lexicon import Lexicon, lexicon
from generator.model import ChangeKind, TokenKind

V = TypeVar("V")

CACHED_WORDS = 16384
"""Words whose families are remembered, about as many as news uses. More: more memory, about 100 bytes each."""

DATE, NUMBER, VOICE, NEGATION = 1, 2, 4, 8
"""Families of facts, as bits: what a word may be the start of."""

_FAMILIES = {
    DATE: ("weekdays", "months", "seasons", "relative_times"),
    NUMBER: ("numerals", "weak_numerals", "ordinals", "vague_amounts", "magnitudes"),
    VOICE: ("reporting_verbs", "hedges", "boosters"),
}


_DIGIT = re.compile(r"\d")


class Cue(NamedTuple):
    """What a word or phrase says of certainty: the table it comes from, its grade, and the value that its facts have."""

    unit: str
    grade: float
    value: str


class Families(dict[str, int]):
    """The families (bits) of the facts that a folded word may start, worked out when first asked for."""

    def __init__(self, starts: Mapping[str, int]) -> None:
        super().__init__()
        self._starts = starts

    def __missing__(self, word: str) -> int:
        """Those of the list entries that begin with the word; of a compound, the figures that its first part begins."""
        families = self._starts.get(word, 0)
        if not families and "-" in word:
            families = self._starts.get(word.partition("-")[0], 0) & NUMBER
        if _DIGIT.search(word):
            families |= DATE | NUMBER
        if len(self) >= CACHED_WORDS:
            self.clear()
        self[word] = families
        return families


class Denials(dict[str, bool]):
    """Whether a folded word may be the contrary of another: it has antonyms, or begins as "un-named" does."""

    def __init__(self, antonyms: Iterable[str], prefixes: tuple[str, ...]) -> None:
        super().__init__()
        self._antonyms, self._prefixes = frozenset(antonyms), prefixes

    def __missing__(self, word: str) -> bool:
        """Worked out when first asked for."""
        if len(self) >= CACHED_WORDS:
            self.clear()
        self[word] = is_one = word in self._antonyms or word.startswith(self._prefixes)
        return is_one


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


class Line(NamedTuple):
    """A sentence as columns, one entry a token: where it starts and ends, its kind, and its fold (`words`)."""

    starts: Sequence[int]
    ends: Sequence[int]
    kinds: Sequence[TokenKind]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Phrases(Generic[V]):
    """Entries of one or more words, by their first word, longest first; `ends`: the last words of all."""

    entries: Mapping[str, tuple[tuple[tuple[str, ...], V], ...]]
    ends: frozenset[str]

    def at(self, words: Sequence[str], index: int) -> tuple[int, V] | None:
        """How many words the longest entry at `index` has, and its value; None if none starts there."""
        for rest, value in self.entries.get(words[index], ()):
            if not rest or tuple(words[index + 1 : index + 1 + len(rest)]) == rest:
                return len(rest) + 1, value
        return None

    def ending_at(self, words: Sequence[str], end: int, longest: int = 4) -> tuple[int, V] | None:
        """The longest entry that ends before word `end`."""
        if not end or words[end - 1] not in self.ends:
            return None
        for start in range(max(0, end - longest), end):
            found = self.at(words, start)
            if found and start + found[0] == end:
                return found
        return None


def phrases(table: Mapping[str, V]) -> Phrases[V]:
    """Phrases of a table."""
    entries: dict[str, list[tuple[tuple[str, ...], V]]] = {}
    for phrase, value in table.items():
        first, *rest = phrase.split()
        entries.setdefault(first, []).append((tuple(rest), value))
    ordered = {first: tuple(sorted(found, key=lambda entry: -len(entry[0]))) for first, found in entries.items()}
    return Phrases(ordered, frozenset(phrase.split()[-1] for phrase in table))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language's lists made ready: as tables of phrases, or by the name they have in `lexicon`, looked up once.

    `starts`: the families (bits) that the first word of an entry may start; `times`: what weekdays, seasons and relative times
    have as value; `antonyms`: for each form of a word that has antonyms, the words it is a form of, whose antonyms are in
    `contraries`; `alias_words`: how many words the longest alias has.
    """

    lexicon: Lexicon
    starts: Mapping[str, int]
    families: Families
    times: Phrases[str]
    months: Mapping[str, float]
    magnitudes: Mapping[str, float]
    small_units: Mapping[str, float]
    plurals: frozenset[str]
    function_words: frozenset[str]
    inflections: frozenset[str]
    ambiguous_times: frozenset[str]
    clock_suffixes: frozenset[str]
    date_leads: frozenset[str]
    units: Phrases[float]
    bounds: Phrases[float]
    idioms: Phrases[float]
    cues: Phrases[Cue]
    negations: Phrases[float]
    attributions: Phrases[float]
    aliases: Mapping[str, str]
    antonyms: Mapping[str, Set[str]]
    contraries: Mapping[str, Set[str]]
    negative_prefixes: tuple[str, ...]
    denials: Denials
    plain_capitals: frozenset[str]
    alias_starts: frozenset[str]
    alias_words: int
    name_joints: frozenset[str]
    name_titles: frozenset[str]
    name_particles: frozenset[str]
    attribution_verbs: frozenset[str]
    passive_agents: frozenset[str]
    passive_leads: frozenset[str]
    modal_nouns: frozenset[str]
    noun_leads: frozenset[str]
    speaker_nouns: frozenset[str]
    speaker_pronouns: frozenset[str]
    speaker_roles: frozenset[str]

    def are_contrary(self, a: str, b: str) -> bool:
        """Whether the two words, or what they are forms of, are antonyms."""
        plain_a, plain_b = self.antonyms.get(a, ()), self.antonyms.get(b, ())
        return any(word in self.contraries[other] for other in plain_a for word in plain_b)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language tag, made once for all regions (10 ms); of a language without lists, an empty one."""
    lists = lexicon(language)
    if lists.language != language:
        return vocabulary(lists.language)
    starts = _starts(lists)
    cues = {
        phrase: Cue(unit, grade, f"{unit} {grade:g}")
        for unit, table in (("verb", "reporting_verbs"), ("booster", "boosters"), ("hedge", "hedges"))
        for phrase, grade in lists.table(table).items()
    }
    times = {
        phrase: f"{sort} {number:g}"
        for sort, table in (("season", "seasons"), ("weekday", "weekdays"), ("relative", "relative_times"))
        for phrase, number in lists.table(table).items()
    }
    contraries = _contraries(lists)
    antonyms, prefixes = _forms(contraries, lists), tuple(sorted(lists.words("negative_prefixes")))
    groups = [group.split("|") for group in sorted(lists.words("name_aliases"))]
    return Vocabulary(
        lists,
        starts,
        Families(starts),
        times=phrases(times),
        months=lists.table("months"),
        magnitudes=lists.table("magnitudes"),
        small_units=lists.table("small_units"),
        plurals=lists.words("plurals"),
        function_words=lists.words("function_words"),
        inflections=lists.words("inflections"),
        ambiguous_times=lists.words("ambiguous_times"),
        clock_suffixes=lists.words("clock_suffixes"),
        date_leads=lists.words("date_leads"),
        units=phrases(lists.table("units")),
        bounds=phrases(lists.table("bounds")),
        idioms=phrases(dict.fromkeys(lists.words("number_idioms"), 1.0)),
        cues=phrases(cues),
        negations=phrases(dict.fromkeys(lists.words("negations"), 1.0)),
        attributions=phrases(dict.fromkeys(lists.words("attribution_phrases"), 1.0)),
        aliases={form: group[0] for group in groups for form in group},
        antonyms=antonyms,
        contraries=contraries,
        plain_capitals=lists.words("capital_words") | lists.words("function_words"),
        name_joints=lists.words("name_joints"),
        name_titles=lists.words("name_titles"),
        name_particles=lists.words("name_particles"),
        attribution_verbs=lists.words("attribution_verbs"),
        passive_agents=lists.words("passive_agents"),
        passive_leads=lists.words("passive_leads"),
        modal_nouns=lists.words("modal_nouns"),
        noun_leads=lists.words("noun_leads"),
        speaker_nouns=lists.words("speaker_nouns"),
        speaker_pronouns=lists.words("speaker_pronouns"),
        speaker_roles=lists.words("speaker_roles"),
        alias_starts=frozenset(form.partition(" ")[0] for group in groups for form in group),
        alias_words=max((form.count(" ") + 1 for group in groups for form in group), default=0),
        negative_prefixes=prefixes,
        denials=Denials(antonyms, prefixes),
    )


def _starts(lists: Lexicon) -> dict[str, int]:
    """What each word may begin, as the bits of families."""
    starts: dict[str, int] = {}
    for bit, names in _FAMILIES.items():
        for name in names:
            _mark(starts, lists.table(name), bit)
    _mark(starts, lists.words("attribution_phrases"), VOICE)
    _mark(starts, lists.words("negations"), NEGATION)
    return starts


def _contraries(lists: Lexicon) -> dict[str, set[str]]:
    """The antonyms of each word that has some."""
    contraries: dict[str, set[str]] = {}
    for pair in lists.words("antonyms"):
        first, _, second = pair.partition("|")
        contraries.setdefault(first, set()).add(second)
        contraries.setdefault(second, set()).add(first)
    return contraries


def _forms(words: Iterable[str], lists: Lexicon) -> dict[str, set[str]]:
    """For each form that these words may have, the words that it is a form of."""
    endings = [form.partition("|") for form in sorted(lists.words("plain_forms"))]
    plain: dict[str, set[str]] = {}
    for word in words:
        for form in (word, *(word.removesuffix(instead) + ending for ending, _, instead in endings if word.endswith(instead))):
            plain.setdefault(form, set()).add(word)
    return plain


def _mark(starts: dict[str, int], entries: Iterable[str], bit: int) -> None:
    """Notes that the first word of each entry may start a fact of the family `bit`."""
    for entry in entries:
        first = entry.partition(" ")[0]
        starts[first] = starts.get(first, 0) | bit
