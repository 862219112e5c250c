"""Names of people, places and organisations: runs of capitals, as far as capitals can be trusted.

In: the tokens of a sentence. Out: one `Fact` for each name; its value is the name folded, without titles and possessive,
national adjectives as the nation; its `unit` the words it is made of. Capitals are a weak hint: the first word of a
sentence, words written in capitals throughout, and sentences set as titles do not count by themselves.
It does not know who a name belongs to, nor which names mean the same (but for the aliases of the language).

    "North Korean leader Kim Jong-un said"  →  north korea, kim jong un
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

from generator.collate.classify.vocabulary import Fact, Line, Vocabulary, vocabulary
from generator.model import TokenKind

TITLE_CASE_SHARE = 0.7
"""A sentence with a larger share of capitals among its words is set as a title, and its capitals say nothing. From .5 to .9."""

CACHED_RUNS = 4096
"""Runs of capitals whose names are remembered: a text repeats most of its names. More: more memory, about 300 bytes each."""

_made = tuple.__new__
"""Makes a NamedTuple in half the time that its own name takes: a third of all facts are names."""

_POSSESSIVE = re.compile(r"'s?$")
_POSSESSIVES = ("'", "'s")


class _Name(NamedTuple):
    """A name in a run of capitals: its range of words, its value, and the words it is made of without particles."""

    start: int
    stop: int
    value: str
    words: str


def names(text: str, line: Line, lists: Vocabulary, capitals: Sequence[int]) -> list[Fact]:
    """The names among the tokens that begin with a capital (`capitals`, indices, dates left out), in order."""
    starts, ends, kinds, words = line
    plain, language = lists.plain_capitals, lists.lexicon.language
    usable = dict.fromkeys([index for index in capitals if words[index] not in plain])
    if not usable or _is_title(kinds, len(capitals)):
        return []
    opening = _opening(kinds)
    found: list[Fact] = []
    end = 0
    for index in usable:
        if index >= end:
            is_alone = index + 1 not in usable and index + 2 not in usable
            end = index + 1 if is_alone else _run_end(line, lists, index, usable)
            for first, stop, value, significant in _names_in(words[index:end], language):
                weak = index == opening and end == index + 1 and not _is_surely_a_name(text, line, index, value, lists)
                found.append(_made(Fact, (starts[index + first], ends[index + stop - 1], "name", value, 0.0, significant, weak)))
    return found


def _is_title(kinds: Sequence[TokenKind], capitals: int) -> bool:
    """Whether so many of the words begin with a capital that the sentence is set as a title."""
    return capitals > 3 and capitals > TITLE_CASE_SHARE * max(1, kinds.count("word"))


def _opening(kinds: Sequence[TokenKind]) -> int:
    """The index of the first word, if no number stands before it; else -1."""
    first = kinds.index("word")
    return -1 if "number" in kinds[:first] else first


def _run_end(line: Line, vocabulary: Vocabulary, start: int, usable: Container[int]) -> int:
    """Where the run of capitals that starts at `start` ends: over single particles, not over a possessive."""
    words = line.words
    end = start
    while not words[end].endswith(_POSSESSIVES):
        if end + 1 in usable:
            end += 1
        elif end + 2 in usable and (words[end + 1] in vocabulary.name_joints or _is_initial(line, end)):
            end += 2
        else:
            break
    return end + 1


def _is_initial(line: Line, index: int) -> bool:
    """Whether the token is one letter and its full stop follows: "Harry S. Truman"."""
    return line.words[index + 1] == "." and len(line.words[index]) == 1 and line.starts[index + 1] == line.ends[index]


@lru_cache(maxsize=CACHED_RUNS)
def _names_in(run: tuple[str, ...], language: str) -> tuple[_Name, ...]:
    """The names in a run of folded words: a nation in front stands by itself, titles in front are left out."""
    lists = vocabulary(language)
    titles = lists.name_titles
    parts = [_POSSESSIVE.sub("", word).replace("-", " ") for word in run]
    found = []
    start = 0
    while nation := _nation(parts, start, lists):
        found.append(_name(start, parts[start : start + nation], lists))
        start += nation
    start = next((index for index in range(start, len(run)) if run[index] not in titles), len(run))
    return (*found, _name(start, parts[start:], lists)) if start < len(run) else tuple(found)


def _nation(parts: Sequence[str], start: int, vocabulary: Vocabulary) -> int:
    """How many words from `start` on name a nation in front of something else: "North Korean | Workers' Party"; 0 if none do."""
    if parts[start] not in vocabulary.alias_starts:
        return 0
    left = len(parts) - start
    lengths = range(min(left, vocabulary.alias_words), 0, -1)
    longest = next((count for count in lengths if " ".join(parts[start : start + count]) in vocabulary.aliases), 0)
    return longest if longest < left else 0


def _name(start: int, parts: Sequence[str], vocabulary: Vocabulary) -> _Name:
    """The name that these words of a run make up."""
    value = " ".join(parts)
    value = vocabulary.aliases.get(value, value)
    particles = vocabulary.name_particles
    significant = " ".join([part for part in value.split() if part not in particles])
    return _Name(start, start + len(parts), value, significant or value)


def _is_surely_a_name(text: str, line: Line, index: int, value: str, vocabulary: Vocabulary) -> bool:
    """Whether a word at the start of a sentence is a name: a known one, or with a capital or a digit inside."""
    rest = text[line.starts[index] + 1 : line.ends[index]]
    return (
        value in vocabulary.aliases or rest.endswith(("'s", "’s")) or any(letter.isupper() or letter.isdigit() for letter in rest)
    )
