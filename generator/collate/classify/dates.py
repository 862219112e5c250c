"""Times that a sentence names: weekdays, months, years, seasons, clock times, "earlier this year".

In: the tokens of a sentence. Out: one `Fact` for each part of a date ("early July 2025" is a month and a year), so that a
date given more or less fully shares what is the same. A value starts with its sort: "weekday 5", "month 1 day 10". The year of
"2025-05-16" is a weak fact beside its day: it differs from another year, but is none that comes or goes. It does not resolve a
relative time to a day; the words of one are in its `unit`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.collate.classify.vocabulary import DATE, Fact, Line, Vocabulary

_YEAR = re.compile(r"(?:mid-|late-|early-)?'?((?:1[89]|20)\d\d)(s|-\d{2,4})?")
_ISO = re.compile(r"((?:1[89]|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?(am|pm|a\.m\.?|p\.m\.?)?|([01]\d|2[0-3])([0-5]\d)")
_DAY = re.compile(r"(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?")
_DOUBTFUL_LEADS = frozenset({"to", "and", "from"})


def dates(line: Line, vocabulary: Vocabulary, candidates: Iterable[int]) -> list[tuple[int, int, Fact]]:
    """The times among `candidates` (indices of tokens), each with its range of tokens, in order; only an ISO date is two."""
    starts, ends, _, words = line
    found: list[tuple[int, int, Fact]] = []
    end = 0
    for index in candidates:
        start, stop, value = _date(words, vocabulary, index)
        if value and index >= end:
            start, end = max(start, end), stop
            phrase = " ".join(words[start:stop]) if value.startswith("relative") else ""
            found.append((start, stop, Fact(starts[start], ends[stop - 1], "date", value, 0.0, phrase)))
            if day := _ISO.fullmatch(words[start]):
                found.append((start, stop, Fact(starts[start], ends[start], "date", f"year {day[1]}", weak=True)))
    return found


def _date(words: Sequence[str], vocabulary: Vocabulary, index: int) -> tuple[int, int, str]:
    """The range of words of the time that `index` belongs to, and its value; the value is empty if it is none."""
    word = words[index]
    if not vocabulary.starts.get(word, 0) & DATE:
        return _numeric(words, vocabulary, index)
    if word in vocabulary.ambiguous_times and not _is_time(words, vocabulary, index):
        return index, index, ""
    month = vocabulary.months.get(word)
    if month is not None:
        return _month(words, index, f"month {month:g}")
    found = vocabulary.times.at(words, index)
    return (index, index + found[0], found[1]) if found else (index, index, "")


def _month(words: Sequence[str], index: int, value: str) -> tuple[int, int, str]:
    """A month, with the day that stands behind or before it."""
    stop = index + 2 if words[index + 1 : index + 2] == (".",) else index + 1
    if stop < len(words) and _DAY.fullmatch(words[stop]):
        return index, stop + 1, f"{value} day {_number(words[stop])}"
    if index and _DAY.fullmatch(words[index - 1]):
        return index - 1, index + 1, f"{value} day {_number(words[index - 1])}"
    return index, index + 1, value


def _is_time(words: Sequence[str], vocabulary: Vocabulary, index: int) -> bool:
    """Whether a word such as "fall", "may" or "march" is a time here: beside a day or a year, or after "in the …"."""
    before, following = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
    if _DAY.fullmatch(before) or _DAY.fullmatch(following) or _YEAR.fullmatch(following):
        return True
    if following == "of":
        return index + 2 < len(words) and _YEAR.fullmatch(words[index + 2]) is not None
    return before in vocabulary.date_leads and before not in _DOUBTFUL_LEADS


def _numeric(words: Sequence[str], vocabulary: Vocabulary, index: int) -> tuple[int, int, str]:
    """A year, a time of the clock, or a day such as 2025-05-16."""
    word = words[index]
    day = _ISO.fullmatch(word)
    if day:
        return index, index + 1, f"month {int(day[2])} day {int(day[3])}"
    suffixes = vocabulary.clock_suffixes
    following = words[index + 1] if index + 1 < len(words) and words[index + 1] in suffixes else ""
    clock = _CLOCK.fullmatch(word)
    if clock and (following or clock[3] or ":" in word):
        half = (clock[3] or following).replace(".", "")
        value = f"clock {int(clock[1] or clock[4])}:{clock[2] or clock[5] or '00'}{half if half in {'am', 'pm'} else ''}"
        return index, index + (2 if following else 1), value
    year = _YEAR.fullmatch(word)
    if year and (year[2] or _is_year(words, vocabulary, index)):
        return index, index + 1, f"year {year[1]}{year[2] or ''}"
    return index, index, ""


def _is_year(words: Sequence[str], vocabulary: Vocabulary, index: int) -> bool:
    """Whether four digits are a year here: after "in", a month or a day, or with nothing countable behind them."""
    lexicon = vocabulary.lexicon
    before, following = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
    if following in lexicon.table("units") or following in lexicon.table("magnitudes"):
        return False
    if before == "," or _DAY.fullmatch(before) or before in lexicon.table("months") or before in lexicon.words("year_leads"):
        return before in {"in", "since"} or not (following.isalpha() and following.endswith("s"))
    return not following.isalpha()


def _number(word: str) -> int:
    """The whole number a day is written with."""
    return int("".join(filter(str.isdigit, word)))
