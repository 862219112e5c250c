"""Word lists of a language, as data: `data/<language>/*.toml`, each list with its source.

    # data/en/function_words.toml
    source = "…"
    [lists]
    function_words = ["a", "the", …]
    [tables.reporting_verbs]
    said = 1

A language is added by adding a folder; one without a folder has empty lists. Entries are folded as tokens are (lower case,
straight apostrophes).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

DEFAULT_LANGUAGE = "en"
"""The language of a witness and of a site that name none."""

_EMPTY: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists (sets of words) and tables (word to value) of one language; a name it does not have is empty."""

    language: str
    lists: Mapping[str, frozenset[str]]
    tables: Mapping[str, Mapping[str, float]]

    def words(self, name: str) -> frozenset[str]:
        """The list called `name`."""
        return self.lists.get(name, frozenset())

    def table(self, name: str) -> Mapping[str, float]:
        """The table called `name`."""
        return self.tables.get(name, _EMPTY)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a BCP 47 language tag; its primary subtag decides (`en-GB` is `en`): the same one, read once."""
    primary = language.partition("-")[0].lower() or DEFAULT_LANGUAGE
    if primary != language:
        return lexicon(primary)
    folder = resources.files("generator.collate") / "data" / primary
    lists: dict[str, frozenset[str]] = {}
    tables: dict[str, Mapping[str, float]] = {}
    if primary.isalpha() and folder.is_dir():
        for entry in sorted(folder.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".toml"):
                data = tomllib.loads(entry.read_text(encoding="utf-8"))
                lists.update((name, frozenset(words)) for name, words in data.get("lists", {}).items())
                tables.update((name, MappingProxyType(table)) for name, table in data.get("tables", {}).items())
    return Lexicon(primary, MappingProxyType(lists), MappingProxyType(tables))
