"""One check for each kind of change: what an edit does to the facts and quotations of its row.

In: a row as two `Passage`s, and the two spans of an edit. Out: for each kind the detail of the change, or None where there is
none. A fact that the edit takes away and that stands elsewhere in the row has moved, and is no change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from generator.collate.classify.amounts import side_by_side
from generator.collate.classify.details import became, each_text_of, texts_of
from generator.collate.classify.quotations import Quotation
from generator.collate.classify.statements import Edited, Facts, Passage
from generator.collate.classify.vocabulary import Fact, Vocabulary
from generator.model import Pair, Span

PLAIN_GRADE = 3.0
"""How sure a statement without hedge or booster is, on the scale of the word lists."""
MIN_OPPOSITE_LENGTH = 4
"""Letters of a word whose contrary is made with a prefix ("named", "unnamed"). Shorter: "to" and "into" are contraries."""

MIN_QUOTATION_LIKENESS = 0.4
"""Share of words (Dice) from which two quotations of a row are one quotation, altered. Lower: different quotations are taken
for versions of one; higher: heavily rewritten ones count as dropped and added. Sensible from .3 to .6."""


# ------------------------------------------------------------------ quotations


def quotation_change(row: Pair[Passage], spans: Pair[Span]) -> str | None:
    """A change inside quotation marks whose words do not stand between quotation marks on the other side."""
    if not (row.a.quotations or row.b.quotations):
        return None
    a = _broken(row.a, spans.a, row.b)
    b = _broken(row.b, spans.b, row.a)
    if not a and not b:
        return None
    texts = Pair(spans.a.of(row.a.text), spans.b.of(row.b.text))
    return became(texts.a if b or not a else _quoted(row.a, a), texts.b if a or not b else _quoted(row.b, b))


def _broken(side: Passage, span: Span, other: Passage) -> list[Quotation]:
    """The quotations that the span touches, and that the other side does not have word for word.

    To touch one is to hold a word of it, or one of its marks if nothing like it is quoted on the other side.
    """
    quotations = side.quotations
    if not quotations or span.start == span.end:
        return []
    found = []
    first, last = bisect_left(quotations, ((span.start,),)), bisect_left(quotations, ((span.end,),))
    for quoted in quotations[first - 1 if first else 0 : last]:
        if quoted.outer.end > span.start and quoted.words not in other.quoted:
            inside = side.text[max(span.start, quoted.inner.start) : min(span.end, quoted.inner.end)]
            if any(map(str.isalnum, inside)) or not any(
                likeness(quoted, near) >= MIN_QUOTATION_LIKENESS for near in other.quotations
            ):
                found.append(quoted)
    return found


def likeness(a: Quotation, b: Quotation) -> float:
    """The share of words two quotations have in common, from 0 to 1."""
    return 2 * (Counter(a.words) & Counter(b.words)).total() / (len(a.words) + len(b.words))


def _quoted(side: Passage, found: Sequence[Quotation]) -> str:
    return ", ".join(quoted.outer.of(side.text) for quoted in found)


# ------------------------------------------------------------------ certainty and negation


def certainty_change(edit: Edited) -> str | None:
    """Hedges, boosters and reporting verbs that make the text surer or less sure than the other side."""
    row, found = edit.row, edit.facts
    here, there = found.a.get("certainty", ()), found.b.get("certainty", ())
    a, b = _surplus(here, row.a, row.b), _surplus(there, row.b, row.a)
    shift = _certainty_shift(a, b) if a or b else 0.0
    if not shift:
        return None
    detail = became(_stretch(row.a, here), _stretch(row.b, there)) or became(texts_of(row.a, a), texts_of(row.b, b))
    return f"{detail} ({'stronger' if shift > 0 else 'weaker'})"


def _stretch(side: Passage, facts: Sequence[Fact]) -> str:
    """From the first to the last of the facts: "appeared to acknowledge"."""
    return side.text[facts[0].start : facts[-1].end] if facts else ""


def _certainty_shift(a: Sequence[Fact], b: Sequence[Fact]) -> float:
    """By how many grades b is surer than a.

    A reporting verb counts against one on the other side only: alone it is an attribution.
    """
    verbs_a, verbs_b = _grades(a, verbs=True), _grades(b, verbs=True)
    shift = sum(verbs_b) / len(verbs_b) - sum(verbs_a) / len(verbs_a) if verbs_a and verbs_b else 0.0
    others_a, others_b = _grades(a, verbs=False), _grades(b, verbs=False)
    shift += sum(grade - PLAIN_GRADE for grade in others_b) - sum(grade - PLAIN_GRADE for grade in others_a)
    return round(shift, 3)


def _grades(facts: Sequence[Fact], *, verbs: bool) -> list[float]:
    return [fact.amount for fact in facts if (fact.unit == "verb") == verbs]


def _surplus(facts: Sequence[Fact], side: Passage, other: Passage) -> list[Fact]:
    """Those of a value that this side has more often than the other."""
    return [fact for fact in facts if side.counts[fact[2:4]] > other.counts[fact[2:4]]]


def negation_change(edit: Edited, vocabulary: Vocabulary) -> str | None:
    """A statement that one side makes and the other denies: "not" added or dropped, "named" for "unnamed", "large" for "small"."""
    row, (fresh_a, fresh_b) = edit.row, edit.fresh
    plain_a, plain_b = edit.facts.a.get("negation", ()), edit.facts.b.get("negation", ())
    may_deny = vocabulary.denials.__getitem__
    if not plain_a and not plain_b and not any(map(may_deny, fresh_a)) and not any(map(may_deny, fresh_b)):
        return None
    contrary = _contrary(edit.fresh, vocabulary)
    if contrary:
        return became(*contrary)
    made_a, made_b = _opposites(fresh_a, row.b, vocabulary), _opposites(fresh_b, row.a, vocabulary)
    if len(plain_a) + len(made_a) == len(plain_b) + len(made_b):
        return None
    if not made_a and not made_b and row.a.counts["negation", "not"] == row.b.counts["negation", "not"]:
        return None  # A plain negation has moved: both sides of the row deny equally often.
    return became(", ".join([*each_text_of(row.a, plain_a), *made_a]), ", ".join([*each_text_of(row.b, plain_b), *made_b]))


def _contrary(fresh: Pair[list[str]], vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The first two words, one of each side, that are antonyms."""
    antonyms = vocabulary.antonyms
    if antonyms.keys().isdisjoint(fresh.a) or antonyms.keys().isdisjoint(fresh.b):
        return None
    only_a, only_b = ([word for word in dict.fromkeys(words) if word in antonyms] for words in fresh)
    return next(((x, y) for x in only_a for y in only_b if vocabulary.are_contrary(x, y)), None)


def _opposites(words: Sequence[str], other: Passage, vocabulary: Vocabulary) -> list[str]:
    """The words with a negative prefix that stand without it on the other side."""
    prefixes = vocabulary.negative_prefixes
    negative = [word for word in words if word.startswith(prefixes) and len(word) > MIN_OPPOSITE_LENGTH]
    return [word for word in negative if not other.words.isdisjoint(_positives(word, prefixes))] if negative else negative


def _positives(word: str, prefixes: Sequence[str]) -> list[str]:
    """The word without each negative prefix that it has."""
    found = [word[len(prefix) :] for prefix in prefixes if word.startswith(prefix)]
    return [positive for positive in found if len(positive) >= MIN_OPPOSITE_LENGTH]


# ------------------------------------------------------------------ attribution and names


def attribution_change(edit: Edited) -> str | None:
    """A speaker that one side names and the other does not."""
    row, facts = edit.row, edit.facts
    a, b = _unspoken(facts.a, facts.b, row.b), _unspoken(facts.b, facts.a, row.a)
    return became(texts_of(row.a, a), texts_of(row.b, b)) if a or b else None


def _unspoken(facts: Facts, others: Facts, other: Passage) -> list[Fact]:
    """The attributions among the facts whose speaker says nothing on the other side.

    Another verb of saying for the same name changes how sure it is, not who says it.
    """
    found = [fact for fact in facts.get("attribution", ()) if not is_spoken(fact, other)]
    if found and any(fact.unit == "verb" for fact in others.get("certainty", ())):
        return [fact for fact in found if not all(word in other.words for word in fact.value.split())]
    return found


def is_spoken(fact: Fact, other: Passage) -> bool:
    """Whether the other side attributes something to the same speaker.

    A pronoun or a role may stand for anybody, another noun for whoever is named beside it; a speaker without a name is not
    missed where anybody speaks.
    """
    if fact.unit != "name":
        return bool(other.sorts)
    mine = fact.value.split()
    if "pronoun" in other.sorts or "role" in other.sorts or not other.speakers.isdisjoint(mine):
        return True
    return "noun" in other.sorts and other.words.issuperset(mine)


def name_change(edit: Edited) -> str | None:
    """A name that one side has and the other has not, or has shorter."""
    row, facts = edit.row, edit.facts
    a = [fact for fact in facts.a.get("name", ()) if not is_named(fact, row.a, row.b)]
    b = [fact for fact in facts.b.get("name", ()) if not is_named(fact, row.b, row.a)]
    return side_by_side(row, a, b) if a or b else None


def is_named(fact: Fact, side: Passage, other: Passage) -> bool:
    """Whether the other side has the name: all its words, or its initials. A word that only starts a sentence is no name."""
    if other.counts["name", fact.value]:
        return True
    if fact.weak:
        return (
            side.counts["name", fact.value] == sum(found.weak for found in side.facts["name"] if found.value == fact.value)
            or fact.value in other.words
        )
    words = fact.unit.split()
    if all(word in other.words for word in words):
        return True
    initials = "".join(word[0] for word in words) if len(words) > 1 else fact.unit.replace(".", "")
    return initials in other.words
