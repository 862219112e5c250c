"""Who says it and how sure the text is: attribution, certainty and negation.

In: the tokens and names of a sentence. Out: `Fact`s. An attribution's value is the speaker; a word of certainty has a grade
(`may` 1, `said` 2, `confirmed` 3.5, `certainly` 4), and in `unit` the table it comes from; an attribution has there what its
speaker is (name, role, noun, pronoun); a negation has the value "not".
It does not parse: a speaker is the nearest name or noun for people beside a reporting verb.

    "Kim said, according to East2West"  →  attribution kim · certainty said (2) · attribution east2west
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from generator.collate.classify.vocabulary import Fact, Line, Vocabulary

SPEAKER_REACH = 8
"""A speaker stands at most this many words from the verb. Farther: more inserted dates are stepped over, more objects taken
for subjects. Sensible from 4 to 12."""

_QUOTES = '"“”„«»'
_SPOKEN = frozenset({"word", "number"})


def certainties(line: Line, vocabulary: Vocabulary, candidates: Iterable[int]) -> list[Fact]:
    """The hedges, boosters and reporting verbs among `candidates` (indices of tokens), in order."""
    starts, ends, _, words = line
    cues, nouns, leads = vocabulary.cues, vocabulary.modal_nouns, vocabulary.noun_leads
    found = []
    end = 0
    for index in candidates:
        word = words[index]
        if index < end or word not in cues.entries or (word in nouns and index and words[index - 1] in leads):
            continue
        cue = cues.at(words, index)
        if cue:
            length, (unit, grade, value) = cue
            end = index + length
            found.append(Fact(starts[index], ends[end - 1], "certainty", value, grade, unit))
    return found


def negations(line: Line, vocabulary: Vocabulary, candidates: Iterable[int]) -> list[Fact]:
    """The words that turn a statement into its contrary, among `candidates` (indices of tokens)."""
    found = []
    for index in candidates:
        entry = vocabulary.negations.at(line.words, index)
        if entry:
            found.append(Fact(line.starts[index], line.ends[index + entry[0] - 1], "negation", "not"))
    return found


def attributions(line: Line, vocabulary: Vocabulary, candidates: Iterable[int], names: Sequence[Fact]) -> list[Fact]:
    """The phrases among `candidates` (indices of tokens) that say who says it, each with its speaker."""
    words = line.words
    found: list[Fact] = []
    phrases, verbs = vocabulary.attributions, vocabulary.attribution_verbs
    for index in candidates:
        word = words[index]
        phrase = phrases.at(words, index) if word in phrases.entries else None
        if phrase:
            fact = _said_by(line, vocabulary, index, index + phrase[0], names)
        elif word in verbs:
            fact = _spoken(line, vocabulary, index, names)
        else:
            continue
        if fact:
            found.append(fact)
    return found


def _spoken(line: Line, vocabulary: Vocabulary, index: int, names: Sequence[Fact]) -> Fact | None:
    """The attribution of the reporting verb at `index`: "X said", "reported by X", ', reported X'; None without a speaker."""
    words = line.words
    if words[index + 1 : index + 2] and words[index + 1] in vocabulary.passive_agents:
        return _said_by(line, vocabulary, index, index + 2, names)
    if index and words[index - 1] in vocabulary.passive_leads:
        return None
    if index and (words[index - 1] == "," or words[index - 1] in _QUOTES):
        behind = _said_by(line, vocabulary, index, index + 1, names)
        if behind:
            return behind
    before = _speaker_before(line, vocabulary, index, names)
    return before and Fact(before[0], line.ends[index], "attribution", before[1], 0.0, before[2])


def _said_by(line: Line, vocabulary: Vocabulary, index: int, after: int, names: Sequence[Fact]) -> Fact | None:
    """The attribution whose verb or phrase stands at `index`, and whose speaker at or soon after token `after`."""
    speaker = _speaker_after(line, vocabulary, after, names)
    return speaker and Fact(line.starts[index], speaker[0], "attribution", speaker[1], 0.0, speaker[2])


def _speaker_after(line: Line, vocabulary: Vocabulary, index: int, names: Sequence[Fact]) -> tuple[int, str, str] | None:
    """The speaker that stands at or soon after token `index`: where it ends, and who it is."""
    starts, ends, kinds, words = line
    if index >= len(words):
        return None
    stop = min(index + SPEAKER_REACH, len(words))
    position = bisect_left(names, (starts[index],))
    name = names[position] if position < len(names) else None
    for reached in range(index, stop):
        if name and name.start == starts[reached]:
            return (name.end, name.value, "name") if name.end <= ends[stop - 1] else None
        word = words[reached]
        if word in vocabulary.speaker_nouns:
            return ends[reached], word, _sort_of(word, vocabulary)
        if kinds[reached] not in _SPOKEN:
            return None
    return None


def _speaker_before(line: Line, vocabulary: Vocabulary, index: int, names: Sequence[Fact]) -> tuple[int, str, str] | None:
    """The speaker that stands soon before token `index`: where it starts, and who it is. A comma ends the search."""
    starts, ends, kinds, words = line
    nouns, pronouns = vocabulary.speaker_nouns, vocabulary.speaker_pronouns
    position = bisect_left(names, (starts[index],)) - 1
    name = names[position] if position >= 0 else None
    for reached in range(index - 1, max(-1, index - 1 - SPEAKER_REACH), -1):
        if name and name.end == ends[reached]:
            return name.start, name.value, "name"
        word = words[reached]
        if word in nouns:
            return starts[reached], word, _sort_of(word, vocabulary)
        if word in pronouns and reached >= index - 2:
            return starts[reached], word, "pronoun"
        if kinds[reached] not in _SPOKEN and word not in {")", "("}:
            return None
    return None


def _sort_of(noun: str, vocabulary: Vocabulary) -> str:
    """What a speaker without a name is: a role ("the leader", for whoever is named elsewhere) or another noun ("officials")."""
    return "role" if noun in vocabulary.speaker_roles else "noun"
