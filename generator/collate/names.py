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

from generator.collate.vocabulary import Fact, Vocabulary
from generator.model import Token

TITLE_CASE_SHARE = 0.7
"""A sentence with a larger share of capitals among its words is set as a title, and its capitals say nothing. From .5 to .9."""

_POSSESSIVE = re.compile(r"'s?$")


def names(text: str, tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, capitals: Sequence[int]) -> list[Fact]:
    """The names among the tokens that begin with a capital (`capitals`, indices, dates left out), in order."""
    if not capitals or (
        len(capitals) > TITLE_CASE_SHARE * max(1, [token[2] for token in tokens].count("word")) and len(capitals) > 3
    ):
        return []
    first = next((index for index, token in enumerate(tokens) if token[2] in {"word", "number"}), 0)
    usable = {index: None for index in capitals if words[index] not in vocabulary.plain_capitals}
    found: list[Fact] = []
    end = 0
    for index in usable:
        if index >= end:
            end = _run_end(tokens, words, vocabulary, index, usable)
            found.extend(_run_names(text, tokens, words, vocabulary, range(index, end), is_initial=index == first))
    return found


def _run_end(tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, start: int, usable: Container[int]) -> int:
    """Where the run of capitals that starts at `start` ends: over single particles, not over a possessive."""
    end = start
    while words[end][-1] != "'" and not words[end].endswith("'s"):
        if end + 1 in usable:
            end += 1
        elif end + 2 in usable and (words[end + 1] in vocabulary.name_joints or _is_initial(tokens, words, end)):
            end += 2
        else:
            break
    return end + 1


def _is_initial(tokens: Sequence[Token], words: Sequence[str], index: int) -> bool:
    """Whether the token is one letter and its full stop follows: "Harry S. Truman"."""
    return words[index + 1] == "." and len(words[index]) == 1 and tokens[index + 1].start == tokens[index].end


def _run_names(
    text: str, tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, run: range, *, is_initial: bool
) -> list[Fact]:
    """The facts of a run of capitals: a nation in front stands by itself, titles in front are left out."""
    titles = vocabulary.lexicon.words("name_titles")
    parts = [_POSSESSIVE.sub("", words[index]).replace("-", " ") for index in run]
    nation = _nation(parts, vocabulary)
    if nation:
        front = _fact(tokens, run[:nation], parts[:nation], vocabulary, weak=False)
        return [front, *_run_names(text, tokens, words, vocabulary, run[nation:], is_initial=False)]
    skipped = next((count for count, index in enumerate(run) if words[index] not in titles), len(run))
    run, parts = run[skipped:], parts[skipped:]
    if not run:
        return []
    weak = is_initial and not skipped and len(run) == 1 and not _is_surely_a_name(text, tokens[run.start], parts[0], vocabulary)
    return [_fact(tokens, run, parts, vocabulary, weak=weak)]


def _nation(parts: Sequence[str], vocabulary: Vocabulary) -> int:
    """How many words of a longer run name a nation in front of something else: "North Korean | Workers' Party"; 0 if none do."""
    if parts[0] not in vocabulary.alias_starts or " ".join(parts) in vocabulary.aliases:
        return 0
    return max((count for count in range(1, len(parts)) if " ".join(parts[:count]) in vocabulary.aliases), default=0)


def _fact(tokens: Sequence[Token], run: range, parts: Sequence[str], vocabulary: Vocabulary, *, weak: bool) -> Fact:
    """The fact of one name."""
    value = " ".join(parts)
    value = vocabulary.aliases.get(value, value)
    particles = vocabulary.lexicon.words("name_particles")
    significant = " ".join([part for part in value.split() if part not in particles]) if " " in value else value
    return Fact(tokens[run.start].start, tokens[run.stop - 1].end, "name", value, 0.0, significant or value, weak)


def _is_surely_a_name(text: str, token: Token, value: str, vocabulary: Vocabulary) -> bool:
    """Whether a word at the start of a sentence is a name: a known one, or with a capital or a digit inside."""
    rest = text[token.start + 1 : token.end]
    return (
        value in vocabulary.aliases or rest.endswith(("'s", "’s")) or any(letter.isupper() or letter.isdigit() for letter in rest)
    )
