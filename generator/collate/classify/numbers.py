"""Figures that a sentence names, normalised: "7.5 million" = "7,500,000", "two dozen" = 24, "per cent" = "%".

In: the tokens of a sentence. Out: one `Fact` for each figure; its value holds the amount and a unit that changes what the
figure says (per cent, a currency), its `unit` the noun that it counts. Approximations ("some 4,700") are no part of a
value; bounds ("more than 11,000") are. It does not convert units, and leaves dates to `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.collate.classify.vocabulary import Fact, Line, Vocabulary

LAST_WEAK_ORDINAL = 3
"""First, second and third are said of much ("second, …", "a third party"), and count against another rank only. From 1 to 3."""

SHORT = 2
"""Letters of an abbreviated magnitude ("m", "bn"), which counts after digits only."""

NOUN_REACH = 4
"""What a figure counts stands at most this many words behind it: "12,000 North Korean troops". From 2 to 5."""

RANK_REACH = 5
"""A superlative stands at most this many words behind "one of": "one of southern Russia's largest". From 3 to 6."""

TOP = " top"
"""Unit of "one of the largest". Which superlative it is does not matter: "one of the biggest" says the same."""

_UNIT_SIGNS = ("", "%", "$", "€", "£", "¥", "₹")
_CURRENCIES = frozenset(_UNIT_SIGNS[2:])
_FIGURE = re.compile(
    r"(?:us|a|c|hk|nz|s)?(?P<currency>[$€£¥₹]?)(?P<sign>[-+]?)(?P<digits>\d[\d,.   ]*\d|\d)"
    r"(?:(?P<mixed>-\d)?/(?P<divisor>\d+))?(?P<per>%)?(?:(?P<joint>[-–])?(?P<rest>[a-zµ°$€£].*))?"
)
_VULGAR = re.compile(r"(\d)/(\d{1,2})")
_LEADING = re.compile(r"[-+$€£¥₹]*(\d[\d,.]*)")
_GROUPED = re.compile(r"\d{1,3}(?:([,.   ])\d{3})(?:\1\d{3})*")


class _Figure(NamedTuple):
    """A figure read at a token: how many tokens it takes, its amount, its sign of a unit, what else it says of its unit."""

    length: int
    amount: float
    sign: str = ""
    noun: str = ""
    weak: bool = False


_DECIMAL_MARKS = (("decimal_comma", ","), ("both_marks_part_thousands", ""))
"""What a language's `number_format` may say, and the mark that is decimal there even before three digits."""


def numbers(line: Line, vocabulary: Vocabulary, candidates: Iterable[int]) -> list[Fact]:
    """The figures among `candidates` (indices of tokens), in order."""
    starts, ends, _, words = line
    found = []
    end = 0
    for index in candidates:
        if index < end:
            continue
        figure = _figure(words, vocabulary, index)
        if figure is None:
            continue
        start, end = index, index + figure.length
        if start and words[start - 1] in _CURRENCIES:
            figure = figure._replace(sign=words[start - 1])
            start -= 1
        (_, amount, sign, noun, weak), end = _with_unit(words, vocabulary, figure, end)
        value = f"{_bound(words, vocabulary, start)}{amount:.12g}{sign}"
        found.append(Fact(starts[start], ends[end - 1], "number", value, amount, sign or noun, weak))
    return found


def _bound(words: Sequence[str], vocabulary: Vocabulary, start: int) -> str:
    """The sign `>` or `<` if a bound stands before the figure, as in "more than 11,000"; else empty."""
    found = vocabulary.bounds.ending_at(words, start)
    return "" if found is None else ">" if found[1] > 0 else "<"


def _figure(words: Sequence[str], vocabulary: Vocabulary, index: int) -> _Figure | None:
    """The figure that starts at `index`, in digits or in words, with the words that magnify it."""
    word = words[index]
    if not word.isalpha() and any(map(str.isdigit, word)):
        figure = _digits(word, vocabulary)
        half = _VULGAR.fullmatch(words[index + 1]) if figure and index + 1 < len(words) and "/" in words[index + 1] else None
        if figure and half:
            return figure._replace(length=2, amount=figure.amount + float(half[1]) / (float(half[2]) or 1.0))
        return figure and _magnified(words, vocabulary, index, figure)
    return _spelt(words, vocabulary, index)


def _digits(word: str, vocabulary: Vocabulary) -> _Figure | None:
    """A figure written with digits, from one token: "$2.8bn", "11/32", "167-1/2", "10-year", "7th", "38c"."""
    match = _FIGURE.fullmatch(word)
    if match is None:
        leading = _LEADING.match(word)
        return leading and _Figure(1, plain_amount(leading[1]), f" in {word}")
    decimal = next((mark for name, mark in _DECIMAL_MARKS if name in vocabulary.lexicon.words("number_format")), ".")
    amount = plain_amount(match["digits"], decimal)
    if match["divisor"]:
        divisor = float(match["divisor"]) or 1.0
        amount = amount + float(match["mixed"][1:]) / divisor if match["mixed"] else amount / divisor
    rest = match["rest"] or ""
    if rest in vocabulary.lexicon.words("ordinal_suffixes"):
        return _Figure(1, amount, "th", weak=amount <= LAST_WEAK_ORDINAL)
    head, _, tail = rest.partition("-")
    magnitude = vocabulary.magnitudes.get(head)
    if magnitude:
        amount, rest = amount * magnitude, tail
    return _Figure(1, -amount if match["sign"] == "-" else amount, "%" if match["per"] else match["currency"], rest)


def plain_amount(digits: str, decimal: str = ".") -> float:
    """The value of digits with marks: the last mark is decimal unless groups of three say otherwise.

    `decimal`: the mark that is decimal before three digits, too; empty if both marks part thousands there.

    >>> plain_amount("1,234.5"), plain_amount("12,000"), plain_amount("1.234,5"), plain_amount("0.505")
    (1234.5, 12000.0, 1234.5, 0.505)
    """
    grouped = _GROUPED.fullmatch(digits)
    if grouped and (grouped[1] != decimal or digits.count(decimal) > 1):
        return float("".join(filter(str.isdigit, digits)))
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return float("".join(filter(str.isdigit, digits)))
    whole = "".join(filter(str.isdigit, digits[:last]))
    return float(f"{whole}.{''.join(filter(str.isdigit, digits[last:])) or 0}")


def _spelt(words: Sequence[str], vocabulary: Vocabulary, index: int) -> _Figure | None:
    """A figure in words: "twenty-five", "two dozen", "a hundred and fifty", "thousands", "one-third"."""
    lexicon = vocabulary.lexicon
    if vocabulary.idioms.at(words, index) or (index and vocabulary.idioms.at(words, index - 1)):
        return None
    vague = lexicon.table("vague_amounts").get(words[index])
    if vague is not None:
        return _vague(words, vocabulary, index, vague)
    rank = lexicon.table("ordinals").get(words[index])
    if rank is not None:
        return _Figure(1, rank, "th", weak=rank <= LAST_WEAK_ORDINAL)
    value, weak = _numeral(words[index], vocabulary)
    if value is None:
        return (
            _magnified(words, vocabulary, index, _Figure(0, 1.0))
            if words[index] in lexicon.table("magnitudes") and len(words[index]) > SHORT
            else None
        )
    rank = _rank(words, vocabulary, index)
    if rank:
        return _Figure(rank - index, value, TOP)
    figure = _Figure(1, value, weak=weak)
    following = words[index + 1] if index + 1 < len(words) else ""
    unit = _numeral(following, vocabulary)[0]
    if unit is not None and value >= 20 and value % 10 == 0 and 0 < unit < 10:
        figure = _Figure(2, value + unit)
    return _magnified(words, vocabulary, index, figure)


def _numeral(word: str, vocabulary: Vocabulary) -> tuple[float | None, bool]:
    """The value of a word that is a numeral, hyphenated ones included, and whether it is a weak one."""
    lexicon = vocabulary.lexicon
    for name in ("numerals", "weak_numerals"):
        value = lexicon.table(name).get(word)
        if value is not None:
            return value, name == "weak_numerals"
    tens, hyphen, unit = word.partition("-")
    if not hyphen:
        return None, False
    first, second = _numeral(tens, vocabulary)[0], lexicon.table("fractions").get(unit)
    if first is not None and second is not None:
        return first * second, False
    last = _numeral(unit, vocabulary)[0]
    if first is not None and last is not None:
        return first + last, False
    return (first, True) if first is not None and unit else (None, False)


def _rank(words: Sequence[str], vocabulary: Vocabulary, index: int) -> int:
    """Where a rank among the first ends that starts at the numeral `index`: "one of Russia's largest"; 0 if there is none."""
    if words[index + 1 : index + 2] != ("of",):
        return 0
    superlatives = vocabulary.lexicon.words("superlatives")
    reached = range(index + 2, min(index + 2 + RANK_REACH, len(words)))
    return next((position + 1 for position in reached if words[position] in superlatives), 0)


def _vague(words: Sequence[str], vocabulary: Vocabulary, index: int, amount: float) -> _Figure:
    """An amount without a count: "hundreds", "tens of thousands"."""
    following = (
        vocabulary.lexicon.table("vague_amounts").get(words[index + 2])
        if index + 2 < len(words) and words[index + 1] == "of"
        else None
    )
    return _Figure(3, amount * following, noun="s") if following else _Figure(1, amount, noun="s")


def _magnified(words: Sequence[str], vocabulary: Vocabulary, index: int, figure: _Figure) -> _Figure:
    """The figure with the magnitudes and hundreds that follow it: "7.5 | million", "two | hundred | and fifty"."""
    magnitudes = vocabulary.magnitudes
    position = index + figure.length
    amount = figure.amount
    while position < len(words) and words[position] in magnitudes and (len(words[position]) > SHORT or figure.amount >= 1):
        amount *= magnitudes[words[position]]
        position += 1
    if position == index + figure.length:
        return figure
    return figure._replace(length=position - index, amount=amount, weak=figure.weak and position == index + 1)


def _with_unit(words: Sequence[str], vocabulary: Vocabulary, figure: _Figure, end: int) -> tuple[_Figure, int]:
    """The figure with the unit that follows it, and where it ends. The noun it counts is noted, and is no part of it."""
    if end >= len(words) or figure.sign == "th":
        return figure, end
    unit = vocabulary.units.at(words, end)
    if unit:
        return figure._replace(sign=_UNIT_SIGNS[int(unit[1])]), end + unit[0]
    small = vocabulary.small_units.get(words[end])
    if small is not None:
        return figure._replace(amount=figure.amount / 100, sign=_UNIT_SIGNS[int(small)]), end + 1
    if figure.noun:
        return figure, end
    return _Figure(figure.length, figure.amount, figure.sign, _noun(words, vocabulary, end), figure.weak), end


def _noun(words: Sequence[str], vocabulary: Vocabulary, start: int) -> str:
    """What the figure before `start` counts: the first plural before the next function word or mark, else the first word."""
    functions, plurals = vocabulary.function_words, vocabulary.plurals
    noun = ""
    for word in words[start : start + NOUN_REACH]:
        if word in functions or not word[:1].isalpha():
            break
        if word in plurals or (word[-1] == "s" and not word.endswith(("ss", "'s"))):
            return word
        noun = noun or word
    return noun
