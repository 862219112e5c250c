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

from generator.collate.classify.vocabulary import Fact, Vocabulary
from generator.model import Token

SPEAKER_REACH = 8
"""A speaker stands at most this many words from the verb. Farther: more inserted dates are stepped over, more objects taken
for subjects. Sensible from 4 to 12."""

_QUOTES = '"“”„«»'


def certainties(tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, candidates: Iterable[int]) -> list[Fact]:
    """The hedges, boosters and reporting verbs among `candidates` (indices of tokens), in order."""
    nouns, leads = vocabulary.lexicon.words("modal_nouns"), vocabulary.lexicon.words("noun_leads")
    found = []
    end = 0
    for index in candidates:
        if index < end or (index and words[index] in nouns and words[index - 1] in leads):
            continue
        found_here = vocabulary.cues.at(words, index)
        if found_here:
            length, (unit, grade) = found_here
            end = index + length
            found.append(Fact(tokens[index].start, tokens[end - 1].end, "certainty", f"{unit} {grade:g}", grade, unit))
    return found


def negations(tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, candidates: Iterable[int]) -> list[Fact]:
    """The words that turn a statement into its contrary, among `candidates` (indices of tokens)."""
    found = []
    for index in candidates:
        entry = vocabulary.negations.at(words, index)
        if entry:
            found.append(Fact(tokens[index].start, tokens[index + entry[0] - 1].end, "negation", "not"))
    return found


def attributions(
    tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, candidates: Iterable[int], names: Sequence[Fact]
) -> list[Fact]:
    """The phrases among `candidates` (indices of tokens) that say who says it, each with its speaker."""
    found: list[Fact] = []
    for index in candidates:
        phrase = vocabulary.attributions.at(words, index)
        if phrase:
            end = index + phrase[0]
            speaker = _speaker_after(tokens, words, vocabulary, end, names)
            if speaker:
                found.append(Fact(tokens[index].start, speaker[0], "attribution", speaker[1], 0.0, speaker[2]))
        elif words[index] in vocabulary.lexicon.words("attribution_verbs"):
            fact = _spoken(tokens, words, vocabulary, index, names)
            if fact:
                found.append(fact)
    return found


def _spoken(
    tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, index: int, names: Sequence[Fact]
) -> Fact | None:
    """The attribution of the reporting verb at `index`: "X said", "reported by X", ', reported X'; None without a speaker."""
    lexicon = vocabulary.lexicon
    following = words[index + 1] if index + 1 < len(words) else ""
    if following in lexicon.words("passive_agents"):
        speaker = _speaker_after(tokens, words, vocabulary, index + 2, names)
        return speaker and Fact(tokens[index].start, speaker[0], "attribution", speaker[1], 0.0, speaker[2])
    if index and words[index - 1] in lexicon.words("passive_leads"):
        return None
    if index and (words[index - 1] == "," or words[index - 1] in _QUOTES):
        speaker = _speaker_after(tokens, words, vocabulary, index + 1, names)
        if speaker:
            return Fact(tokens[index].start, speaker[0], "attribution", speaker[1], 0.0, speaker[2])
    before = _speaker_before(tokens, words, vocabulary, index, names)
    return before and Fact(before[0], tokens[index].end, "attribution", before[1], 0.0, before[2])


def _speaker_after(
    tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, index: int, names: Sequence[Fact]
) -> tuple[int, str, str] | None:
    """The speaker that stands at or soon after token `index`: where it ends, and who it is."""
    if index >= len(tokens):
        return None
    limit = tokens[min(index + SPEAKER_REACH, len(tokens)) - 1].end
    position = bisect_left(names, (tokens[index].start,))
    nouns = vocabulary.lexicon.words("speaker_nouns")
    for reached in range(index, min(index + SPEAKER_REACH, len(tokens))):
        if position < len(names) and names[position].start == tokens[reached].start:
            return (names[position].end, names[position].value, "name") if names[position].end <= limit else None
        if words[reached] in nouns:
            return tokens[reached].end, words[reached], _sort_of(words[reached], vocabulary)
        if tokens[reached].kind not in {"word", "number"}:
            return None
    return None


def _speaker_before(
    tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, index: int, names: Sequence[Fact]
) -> tuple[int, str, str] | None:
    """The speaker that stands soon before token `index`: where it starts, and who it is. A comma ends the search."""
    nouns, pronouns = vocabulary.lexicon.words("speaker_nouns"), vocabulary.lexicon.words("speaker_pronouns")
    position = bisect_left(names, (tokens[index].start,)) - 1
    for reached in range(index - 1, max(-1, index - 1 - SPEAKER_REACH), -1):
        if position >= 0 and names[position].end == tokens[reached].end:
            return names[position].start, names[position].value, "name"
        word = words[reached]
        if word in nouns:
            return tokens[reached].start, word, _sort_of(word, vocabulary)
        if word in pronouns and reached >= index - 2:
            return tokens[reached].start, word, "pronoun"
        if tokens[reached].kind not in {"word", "number"} and word not in {")", "("}:
            return None
    return None


def _sort_of(noun: str, vocabulary: Vocabulary) -> str:
    """What a speaker without a name is: a role ("the leader", for whoever is named elsewhere) or another noun ("officials")."""
    return "role" if noun in vocabulary.lexicon.words("speaker_roles") else "noun"
