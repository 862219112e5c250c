"""Names of people, places and organisations: runs of capitals, as far as capitals can be trusted.

In: the tokens of a sentence. Out: one `Fact` for each name; its value is the name folded, without titles and possessive,
national adjectives as the nation; its `unit` the words it is made of. Capitals are a weak hint: the first word of a
sentence, words written in capitals throughout, and sentences set as titles do not count by themselves.
It does not know who a name belongs to, nor which names mean the same (but for the aliases of the language).

    "North Korean leader Kim Jong-un said"  →  north korea, kim jong un
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.collate.vocabulary import Fact, Vocabulary
from generator.model import Token

TITLE_CASE_SHARE = 0.7
"""A sentence with a larger share of capitals among its words is set as a title, and its capitals say nothing. From .5 to .9."""

_POSSESSIVE = re.compile(r"'s?$")


def names(text: str, tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, capitals: Sequence[int]) -> list[Fact]:
    """The names among the tokens that begin with a capital (`capitals`, indices, dates left out), in order."""
    if not capitals or (
        len(capitals) > TITLE_CASE_SHARE * max(1, sum(token.kind == "word" for token in tokens)) and len(capitals) > 3
    ):
        return []
    lexicon = vocabulary.lexicon
    plain = lexicon.words("capital_words") | lexicon.words("function_words")
    particles = lexicon.words("name_particles")
    first = next((index for index, token in enumerate(tokens) if token.kind in {"word", "number"}), 0)
    usable = [index for index in capitals if words[index] not in plain]
    found: list[Fact] = []
    position = 0
    while position < len(usable):
        run = _run(tokens, words, usable, position, particles)
        position += sum(index in run for index in usable[position : position + len(run)])
        found.extend(_run_names(text, tokens, words, vocabulary, run, is_initial=run.start == first))
    return found


def _run(tokens: Sequence[Token], words: Sequence[str], usable: Sequence[int], position: int, particles: frozenset[str]) -> range:
    """The tokens of the run of capitals that starts at `usable[position]`, over single particles, not over a possessive."""
    start = end = usable[position]
    following = set(usable[position + 1 : position + 12])
    while not words[end].endswith(("'s", "'")):
        if end + 1 in following:
            end += 1
        elif (end + 2 in following and words[end + 1] in particles and words[end + 1] not in {"and", "the", "for"}) or (
            end + 2 in following
            and words[end + 1] == "."
            and tokens[end + 1].start == tokens[end].end
            and tokens[end].end - tokens[end].start == 1
        ):
            end += 2
        else:
            break
    return range(start, end + 1)


def _run_names(
    text: str, tokens: Sequence[Token], words: Sequence[str], vocabulary: Vocabulary, run: range, *, is_initial: bool
) -> list[Fact]:
    """The facts of a run of capitals: a nation in front stands by itself, titles in front are left out."""
    titles = vocabulary.lexicon.words("name_titles")
    parts = [_POSSESSIVE.sub("", words[index]).replace("-", " ") for index in run]
    nation = max((count for count in range(1, len(parts)) if " ".join(parts[:count]) in vocabulary.aliases), default=0)
    if nation and " ".join(parts) not in vocabulary.aliases:
        front = _fact(tokens, run[:nation], parts[:nation], vocabulary, weak=False)
        return [front, *_run_names(text, tokens, words, vocabulary, run[nation:], is_initial=False)]
    skipped = next((count for count, index in enumerate(run) if words[index] not in titles), len(run))
    run, parts = run[skipped:], parts[skipped:]
    if not run:
        return []
    weak = is_initial and not skipped and len(run) == 1 and not _is_surely_a_name(text, tokens[run.start], parts[0], vocabulary)
    return [_fact(tokens, run, parts, vocabulary, weak=weak)]


def _fact(tokens: Sequence[Token], run: range, parts: Sequence[str], vocabulary: Vocabulary, *, weak: bool) -> Fact:
    """The fact of one name."""
    value = " ".join(parts)
    value = vocabulary.aliases.get(value, value)
    particles = vocabulary.lexicon.words("name_particles")
    significant = " ".join(part for part in value.split() if part not in particles)
    return Fact(tokens[run.start].start, tokens[run.stop - 1].end, "name", value, 0.0, significant or value, weak)


def _is_surely_a_name(text: str, token: Token, value: str, vocabulary: Vocabulary) -> bool:
    """Whether a word at the start of a sentence is a name: a known one, or with a capital or a digit inside."""
    rest = text[token.start + 1 : token.end]
    return (
        value in vocabulary.aliases or rest.endswith(("'s", "’s")) or any(letter.isupper() or letter.isdigit() for letter in rest)
    )
