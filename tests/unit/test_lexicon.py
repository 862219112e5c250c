from importlib import resources

import pytest

from generator.collate.classify.vocabulary import vocabulary
from generator.collate.fold import fold
from generator.collate.lexicon import lexicon

LANGUAGES = sorted(entry.name for entry in (resources.files("generator.collate") / "data").iterdir() if entry.is_dir())


def test_english_has_function_words() -> None:
    assert {"the", "of", "was"} <= lexicon("en").words("function_words")


def test_a_region_shares_the_lists_of_its_language() -> None:
    assert lexicon("en-GB") is lexicon("EN") is lexicon("en")
    assert vocabulary("en-GB") is vocabulary("") is vocabulary("en")


def test_no_language_is_the_default_one() -> None:
    assert lexicon("").language == "en"


@pytest.mark.parametrize("language", ["tlh", "../data/en", "x1"])
def test_a_language_without_a_folder_has_empty_lists(language: str) -> None:
    assert lexicon(language).words("function_words") == frozenset()
    assert dict(lexicon(language).table("reporting_verbs")) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_entries_are_folded_as_tokens_are(language: str) -> None:
    words = lexicon(language)
    entries = [entry for table in words.lists.values() for entry in table] + [
        entry for table in words.tables.values() for entry in table
    ]
    assert entries
    assert [entry for entry in entries if fold(entry) != entry] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_names_its_source(language: str) -> None:
    folder = resources.files("generator.collate") / "data" / language
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    assert files
    assert [entry.name for entry in files if "source" not in entry.read_text(encoding="utf-8")] == []
