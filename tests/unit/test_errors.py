import pytest

from generator.errors import Diagnostic, Where, did_you_mean, error, warning


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        (Where("content/a.yaml"), "content/a.yaml"),
        (Where("content/a.yaml", 3), "content/a.yaml:3"),
        (Where("content/a.yaml", 3, 9), "content/a.yaml:3:9"),
    ],
)
def test_a_place_shows_as_much_as_is_known(where: Where, shown: str) -> None:
    assert str(where) == shown


def test_a_diagnostic_names_place_fault_and_repair() -> None:
    fault = error(Where("a.yaml", 14, 9), "quote not found", "did you mean this?")
    assert str(fault) == "a.yaml:14:9: error: quote not found (did you mean this?)"
    assert str(warning(Where("a.yaml"), "no notes")) == "a.yaml: warning: no notes"
    assert fault == Diagnostic("error", Where("a.yaml", 14, 9), "quote not found", "did you mean this?")


def test_places_sort_as_a_reader_goes_through_a_file() -> None:
    assert sorted([Where("b", 1), Where("a", 10, 2), Where("a", 9, 30), Where("a", 10, 1)]) == [
        Where("a", 9, 30),
        Where("a", 10, 1),
        Where("a", 10, 2),
        Where("b", 1),
    ]


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("severty", ["severity", "status"]) == "did you mean 'severity'?"


def test_without_a_near_name_all_are_listed() -> None:
    assert did_you_mean("xyz", ["b", "a"]) == "known: a, b"
