"""Proposals from what changes state: figures, dates, names, sources, certainty, denials, ranks.

In: a scene. Out: proposals, row by row. Whole sentences that come or go, headlines and altered quotations are not looked at
here, nor what is wording, case or typography. Which facts differ is the classifier's word (`collate.classify`); here each is
pinned to the words that state it, and to what stands there on the other side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple
from unicodedata import normalize

from generator.collate.classify.amounts import paired, without_common
from generator.collate.classify.kinds import is_named, is_spoken
from generator.collate.classify.scopes import changed_scopes
from generator.collate.classify.statements import Passage, passage_at
from generator.collate.classify.vocabulary import Fact
from generator.model import Change, ChangeKind, Edit, NoteSeverity, Pair, Row, Span
from generator.suggest.proposals import Proposal, Scene, beside, marked, pieces, quoted, sentences_in, with_unit

MIN_PHRASE_WORDS = 6
"""Words of a phrase without figures, dates or names that is worth a note when it comes or goes. Fewer: every rephrasing is one.
From 5 to 12."""

MIN_SPELLING_LIKENESS = 0.7
"""Share of letters (difflib's ratio) from which two names are taken for spellings of one: "Stoiky", "Stoyky". From .6 to .85."""

MAX_STRETCH_WORDS = 4
"""Words of a passage in which a word of certainty or a denial by itself makes the difference. From 2 to 6."""

_SURER = re.compile(r"\((stronger|weaker)\)")

_SEPARATORS = re.compile(r"[\s/⁄-]+")
_DENIED = ({"will", "won't"}, {"can", "can't"}, {"can", "cannot"})

Here = Pair[Passage]


class Place(NamedTuple):
    """A change of a row, one piece of it, and the facts of that piece by side."""

    scene: Scene
    row: Here
    change: Change
    piece: Pair[Span]

    def touched(self, kind: ChangeKind) -> Pair[Sequence[Fact]]:
        """The facts of a kind that the piece overlaps."""
        return Pair(self.row.a.touched(self.piece.a).get(kind, ()), self.row.b.touched(self.piece.b).get(kind, ()))


def fact_proposals(scene: Scene, is_taken: Callable[[Pair[Span]], bool]) -> Iterator[Proposal]:
    """What changes of facts are worth a note; those in spans that are taken (by a quotation) are not looked at."""
    moves = {change.id: change for row in scene.comparison.rows for change in row.changes if change.move}
    for row, here in scene.rows:
        if row.role == "headline":
            continue
        scopes = tuple(_scopes(scene, row, here))
        yield from scopes
        for change in row.changes:
            if change.kinds[0] == "moved":
                yield from _moved(scene, change, moves)
            elif not _is_whole(scene, change):
                yield from _of_change(scene, here, change, is_taken, is_scoped=_meet(scopes, change.edit.spans))


def _meet(scopes: Sequence[Proposal], spans: Pair[Span]) -> bool:
    """Whether a change touches a source that is told of already."""
    return any(_overlap(mark, span) for scope in scopes for marks, span in zip(scope.marks, spans, strict=True) for mark in marks)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_whole(scene: Scene, change: Change) -> bool:
    """Whether a whole sentence comes or goes."""
    spans, told = change.edit.spans, scene.told
    return change.kinds[0] in {"omission", "addition"} and bool(
        sentences_in(told.a.sentences, spans.a) or sentences_in(told.b.sentences, spans.b)
    )


def _moved(scene: Scene, change: Change, moves: dict[str, Change]) -> Iterator[Proposal]:
    """What changed inside a passage that has moved."""
    other = moves.get(change.move)
    if other is None or change.edit.tag != "delete" or len(change.kinds) == 1:
        return
    spans = Pair(change.edit.spans.a, other.edit.spans.b)
    articles = scene.comparison.articles
    here = Pair(passage_at(articles.a, spans.a), passage_at(articles.b, spans.b))
    inner = Change(change.id, Edit("replace", spans), change.kinds[1:], change.detail)
    yield from _of_change(scene, here, inner, lambda _: False, is_scoped=True)


def _of_change(
    scene: Scene, here: Here, change: Change, is_taken: Callable[[Pair[Span]], bool], *, is_scoped: bool
) -> Iterator[Proposal]:
    """The proposals of one change, piece by piece."""
    kinds = frozenset(change.kinds)
    found: list[Proposal] = []
    for piece in pieces(scene, change.edit):
        if is_taken(piece):
            continue
        place = Place(scene, here, change, piece)
        sources = [] if is_scoped or "attribution" not in kinds else [*_sources(place)]
        looks = (look for kind, look in _LOOKS if kind in kinds and not (kind == "name" and sources))
        found += [*sources, *(proposal for look in looks for proposal in look(place))]
        if kinds & {"wording", "omission", "addition"} or "number" in kinds:
            found += [*_ranks(place), *_bounds(place)]
    if not found and kinds <= {"omission", "addition"} and not is_taken(change.edit.spans):
        found += _phrases(Place(scene, here, change, change.edit.spans))
    if "certainty" in kinds and not any("certainty" in proposal.kinds for proposal in found):
        found += _certainty(scene, here, change, is_taken)
    yield from found


# ------------------------------------------------------------------ what all of them share


def _shown(place: Place, side: str, span: Span) -> str:
    return place.scene.quote(side, span) if span.start < span.end else ""


def _change_of(
    place: Place, marks: Pair[Span], kinds: tuple[str, ...], severity: NoteSeverity, title: str, *, direction: str = ""
) -> Proposal:
    """A proposal at one passage of each side."""
    return Proposal(kinds, severity, title, marked(*marks), _said(place, marks), direction)


def _said(place: Place, marks: Pair[Span]) -> Pair[str]:
    """What each side says there."""
    return Pair(_shown(place, "a", marks.a), _shown(place, "b", marks.b))


def _one_sided(place: Place, side: str, span: Span) -> Pair[Span]:
    """The marks of something that only one side says."""
    pointers = place.scene.pointers
    if side == "a":
        return Pair(span, beside(pointers.b, place.piece.b, pointers.a.count(span)))
    return Pair(beside(pointers.a, place.piece.a, pointers.b.count(span)), span)


def _title(said: Pair[str]) -> str:
    """What became what, or what is left out or new."""
    if said.a and said.b:
        return f"{quoted(said.a)} becomes {quoted(said.b)}"
    return f"{quoted(said.a)} is left out" if said.a else f"{quoted(said.b)} is new"


def _gone(place: Place, side: str, span: Span, kind: str, severity: NoteSeverity) -> Proposal:
    """Something that only one side says."""
    marks = _one_sided(place, side, span)
    title = f"{quoted(_shown(place, side, span))} is {'left out' if side == 'a' else 'new'}"
    return _change_of(place, marks, ("omission" if side == "a" else "addition", kind), severity, title)


# ------------------------------------------------------------------ figures and dates


def _numbers(place: Place) -> Iterator[Proposal]:
    """Figures in each other's place, and those that only one side gives."""
    a, b = _differing(place, "number")
    for x, y in paired(a, b):
        if x is not None and y is not None:
            yield from _number(place, x, y)
            continue
        side, fact = ("a", x) if x is not None else ("b", y)
        assert fact is not None  # noqa: S101 zip_longest of two lists gives no pair of nothing
        if not fact.weak and not _is_rank(place, side, fact) and not _is_told_elsewhere(place, side, fact):
            yield _gone(place, side, _figure_span(place, side, fact), "number", "moderate")


def _differing(place: Place, kind: ChangeKind) -> tuple[list[Fact], list[Fact]]:
    """The facts of a piece whose value does not stand on the other side of the row; else those that changed places."""
    touched = place.touched(kind)
    a = [fact for fact in touched.a if not place.row.b.counts[kind, fact.value]]
    b = [fact for fact in touched.b if not place.row.a.counts[kind, fact.value]]
    return (a, b) if a or b or not (touched.a and touched.b) else without_common(touched.a, touched.b)


def _is_rank(place: Place, side: str, fact: Fact) -> bool:
    """Whether a figure is "one of the largest", which `_ranks` looks at."""
    words = getattr(place.row, side).said(Span(fact.start, fact.end))
    return not place.scene.lists.lexicon.words("superlatives").isdisjoint(words)


def _is_told_elsewhere(place: Place, side: str, fact: Fact) -> bool:
    """Whether the other text gives the same amount or time anywhere; of a weekday, also in "Sunday's"."""
    other = place.scene.told.b if side == "a" else place.scene.told.a
    if fact.kind == "number":
        return any(fact.amount == found.amount for found in other.facts.get("number", ()))
    own, row = (place.row.a, place.row.b) if side == "a" else (place.row.b, place.row.a)
    last = own.said(Span(fact.start, fact.end))[-1:]
    is_weekday = fact.value.startswith("weekday") and not other.words.isdisjoint(last)
    return bool(other.counts[fact.kind, fact.value]) or is_weekday or (bool(fact.unit) and row.words.issuperset(fact.unit.split()))


def _number(place: Place, x: Fact, y: Fact) -> Iterator[Proposal]:
    """A figure in another's place; of the same amount, only if it is of another currency: "$500" for "€500"."""
    words = Pair(place.row.a.text[x.start : x.end], place.row.b.text[y.start : y.end])
    is_spelling = len({_SEPARATORS.sub("", normalize("NFKC", word).lower()) for word in words}) == 1
    if is_spelling or (x.amount == y.amount and (_is_plain(x) or _is_plain(y))):
        return
    marks = Pair(_figure_span(place, "a", x), _figure_span(place, "b", y))
    hedged = _bounded(place, "a", x) != x.start or _bounded(place, "b", y) != y.start
    kinds = ("number", "certainty") if hedged and "certainty" in place.change.kinds else ("number",)
    is_comparable = x.amount != y.amount and (x.unit == y.unit or (_is_plain(x) and _is_plain(y)))
    direction = "" if not is_comparable else "higher" if y.amount > x.amount else "lower"
    yield _change_of(place, marks, kinds, "major", _title(words), direction=direction)


def _is_plain(fact: Fact) -> bool:
    """Whether a figure counts things, and is no share and no money."""
    return fact.unit.isalpha() or not fact.unit


def _figure_span(place: Place, side: str, fact: Fact) -> Span:
    """A figure with what bounds it before, and the noun it counts."""
    return Span(_bounded(place, side, fact), with_unit(getattr(place.row, side).text, fact))


def _bounded(place: Place, side: str, fact: Fact) -> int:
    """Where a figure starts with its "up to", "more than" or "roughly"."""
    passage: Passage = getattr(place.row, side)
    certainty = passage.facts.get("certainty", ())
    hedges = [found for found in certainty if found.unit == "hedge" and 0 < fact.start - found.end <= 1]
    if hedges:
        return hedges[0].start
    pointer = getattr(place.scene.pointers, side)
    index = pointer.words(Span(fact.start, fact.end)).start
    words = [token.fold for token in pointer.tokens[max(0, index - 4) : index]]
    lists = place.scene.lists
    bound = lists.bounds.ending_at(words, len(words))
    if bound:
        return int(pointer.tokens[index - bound[0]].start)
    return int(pointer.tokens[index - 1].start) if words and words[-1] in lists.lexicon.words("approximators") else fact.start


def _dates(place: Place) -> Iterator[Proposal]:
    """Times in each other's place, and those that only one side gives."""
    a, b = _differing(place, "date")
    for x, y in paired(a, b):
        if x is not None and y is not None:
            marks = Pair(_time_span(place, "a", x), _time_span(place, "b", y))
            severity: NoteSeverity = "major" if x.value.split()[0] == y.value.split()[0] else "minor"
            yield _change_of(place, marks, ("circumstance",), severity, _title(_said(place, marks)))
            continue
        side, fact = ("a", x) if x is not None else ("b", y)
        assert fact is not None  # noqa: S101 zip_longest of two lists gives no pair of nothing
        if not fact.weak and not _is_told_elsewhere(place, side, fact):
            yield _gone(place, side, _time_span(place, side, fact), "circumstance", "moderate")


def _time_span(place: Place, side: str, fact: Fact) -> Span:
    """A time with the words that lead up to it: "in early July"."""
    pointer, leads = getattr(place.scene.pointers, side), place.scene.lists.lexicon.words("date_leads")
    index = pointer.words(Span(fact.start, fact.end)).start
    floor = max(0, index - 2)
    while index > floor and pointer.tokens[index - 1].fold in leads | {"early", "late", "mid"}:
        index -= 1
    return Span(min(fact.start, pointer.tokens[index].start), fact.end)


def _bounds(place: Place) -> Iterator[Proposal]:
    """A "more than" before a figure that is the same on both sides."""
    pointers, sides = place.scene.pointers, place.row
    words = Pair(pointers.a.words(place.piece.a), pointers.b.words(place.piece.b))
    if bool(words.a) == bool(words.b):
        return
    side, here = ("a", words.a) if words.a else ("b", words.b)
    tokens = getattr(pointers, side).tokens
    found = place.scene.lists.bounds.at([tokens[index].fold for index in here], 0)
    after = tokens[here.stop].start if here.stop < len(tokens) else -1
    own, other = (sides.a, sides.b) if side == "a" else (sides.b, sides.a)
    fact = next((fact for fact in own.facts.get("number", ()) if fact.start == after), None)
    same = fact and next((each for each in other.facts.get("number", ()) if each.amount == fact.amount), None)
    if found is not None and found[0] == len(here) and fact and same:
        facts = Pair(fact, same) if side == "a" else Pair(same, fact)
        marks = Pair(_figure_span(place, "a", facts.a), _figure_span(place, "b", facts.b))
        yield _change_of(place, marks, ("number", "certainty"), "moderate", _title(_said(place, marks)))


# ------------------------------------------------------------------ names and sources


def _names(place: Place) -> Iterator[Proposal]:
    """A name that stands in another's place, and names that only one side of the passage has."""
    row, touched = place.row, place.touched("name")
    currencies = place.scene.lists.lexicon.words("currency_codes")
    a = [fact for fact in touched.a if not (fact.weak or fact.value in currencies or is_named(fact, row.a, row.b))]
    b = [fact for fact in touched.b if not (fact.weak or fact.value in currencies or is_named(fact, row.b, row.a))]
    if len(a) == len(b) == 1:
        marks = Pair(Span(a[0].start, a[0].end), Span(b[0].start, b[0].end))
        said = _said(place, marks)
        is_same = not set(a[0].unit.split()).isdisjoint(b[0].unit.split()) or _are_alike(*said)
        yield _change_of(place, marks, ("entity",), "minor" if is_same else "major", _title(said))
        return
    for side, facts in (("a", a), ("b", b)):
        for fact in facts:
            yield from _name(place, side, fact)


def _are_alike(one: str, other: str) -> bool:
    """Whether two names may be two spellings of one."""
    matcher = SequenceMatcher(None, one.lower(), other.lower())
    return matcher.quick_ratio() >= MIN_SPELLING_LIKENESS and matcher.ratio() >= MIN_SPELLING_LIKENESS


def _name(place: Place, side: str, fact: Fact) -> Iterator[Proposal]:
    """A name that one side of the passage does not have; whether it stands elsewhere decides how much is lost.

    A name that is said once more is nothing (the other side says "he"), nor is one that the other text spells differently.
    """
    other, own = (place.scene.told.b, place.row.a) if side == "a" else (place.scene.told.a, place.row.b)
    marks = _one_sided(place, side, Span(fact.start, fact.end))
    said = _said(place, marks)
    name = quoted(said.a if side == "a" else said.b)
    if said.a and said.b and _are_alike(*said):
        yield _change_of(place, marks, ("entity",), "minor", _title(said))
    elif not is_named(fact, own, other):
        known = getattr(place.scene.names, "b" if side == "a" else "a")
        if any(each[0] == fact.value[0] and _are_alike(each, fact.value) for each in known):
            return
        title = f"{name} is not named any more" if side == "a" else f"{name} is a new name"
        yield _change_of(place, marks, ("entity", "omission" if side == "a" else "addition"), "moderate", title)
    elif side == "a":
        yield _change_of(place, marks, ("entity",), "minor", f"{name} is not named here")


def _sources(place: Place) -> Iterator[Proposal]:
    """A source that only one side gives, or that stands in another's place."""
    row, touched = place.row, place.touched("attribution")
    a = [fact for fact in touched.a if _is_sound(row.a, fact) and not is_spoken(fact, row.b)]
    b = [fact for fact in touched.b if _is_sound(row.b, fact) and not is_spoken(fact, row.a)]
    if a and b:
        marks = Pair(Span(a[0].start, a[0].end), Span(b[0].start, b[0].end))
        yield _change_of(place, marks, ("attribution",), "major", _title(_said(place, marks)))
        return
    for side, facts in (("a", a), ("b", b)):
        for fact in facts[:1]:
            span = Span(fact.start, fact.end)
            words = quoted(_shown(place, side, span))
            title = f"The source {words} is left out" if side == "a" else f"The source {words} is new"
            yield _change_of(place, _one_sided(place, side, span), ("attribution",), "moderate", title)


def _is_sound(side: Passage, fact: Fact) -> bool:
    """Whether the speaker surely goes with the verb: "… of X and said" has another subject, "according to which" none."""
    return {"and", "which"}.isdisjoint(side.said(Span(fact.start, fact.end)))


def _scopes(scene: Scene, row: Row, here: Here) -> Iterator[Proposal]:
    """Sources that cover fewer or more sentences than on the other side."""
    edits = [step.edit if isinstance(step, Change) else step for step in row.script]
    for spans, detail in changed_scopes(here, edits).found:
        said = Pair(scene.quote("a", spans.a), scene.quote("b", spans.b))
        is_narrower = detail.endswith("b")
        yield Proposal(
            ("attribution",),
            "moderate",
            f"{quoted(said.a)} covers {'fewer' if is_narrower else 'more'} sentences",
            marked(*spans),
            said,
            "narrower" if is_narrower else "broader",
            _scope_remark(detail),
        )


def _scope_remark(detail: str) -> str:
    """What `changed_scopes` says ("covers 1 of 2 sentences in b") as a sentence."""
    count, whole = re.findall(r"\d+", detail)
    return f"What one text says in one sentence under this source, the other says in {whole}, of which {count} names it."


# ------------------------------------------------------------------ certainty, denials, ranks, phrases


def _certainty(scene: Scene, here: Here, change: Change, is_taken: Callable[[Pair[Span]], bool]) -> Iterator[Proposal]:
    """Words that make one side surer than the other: over the whole change, since a hedge and its verb belong together.

    A hedge that only one side has counts in a short passage; in a longer one the words around it may say the same.
    """
    surer = _SURER.search(change.detail)
    whole = Place(scene, here, change, change.edit.spans)
    touched = whole.touched("certainty")
    facts = Pair(_surplus(touched.a, here.a, here.b), _surplus(touched.b, here.b, here.a))
    if surer is None or is_taken(change.edit.spans) or not (facts.a or facts.b):
        return
    marks = _stretches(whole, touched, facts) if facts.a and facts.b else _hedge_alone(whole, facts)
    if marks is None:
        return
    hedges = Pair(*(sum(fact.unit == "hedge" for fact in each) for each in facts))
    severity: NoteSeverity = "moderate" if hedges.a != hedges.b else "minor"
    yield _change_of(whole, marks, ("certainty",), severity, _title(_said(whole, marks)), direction=surer[1])


def _surplus(facts: Sequence[Fact], side: Passage, other: Passage) -> list[Fact]:
    """Those of a value that this side has more often than the other."""
    return [fact for fact in facts if side.counts[fact.kind, fact.value] > other.counts[fact.kind, fact.value]]


def _stretches(place: Place, touched: Pair[Sequence[Fact]], facts: Pair[list[Fact]]) -> Pair[Span]:
    """On each side from the first to the last word of certainty, "appeared to acknowledge"; if that is long, the first."""
    pointers = place.scene.pointers
    whole = Pair(*(Span(each[0].start, each[-1].end) for each in touched))
    is_short = max(pointers.a.count(whole.a), pointers.b.count(whole.b)) <= MAX_STRETCH_WORDS
    return whole if is_short else Pair(*(Span(each[0].start, each[0].end) for each in facts))


def _hedge_alone(place: Place, facts: Pair[list[Fact]]) -> Pair[Span] | None:
    """The marks of a word of certainty that only one side has, if the other says about as much there."""
    side, fact = ("a", facts.a[0]) if facts.a else ("b", facts.b[0])
    pointers = place.scene.pointers
    places = (place._replace(piece=piece) for piece in pieces(place.scene, place.change.edit))
    here = next((each for each in places if fact in getattr(each.touched("certainty"), side)), place)
    is_short = max(pointers.a.count(here.piece.a), pointers.b.count(here.piece.b)) <= MAX_STRETCH_WORDS
    is_same = any(found.value == fact.value for found in getattr(here.touched("certainty"), "b" if side == "a" else "a"))
    return _one_sided(here, side, Span(fact.start, fact.end)) if is_short and not is_same else None


def _negations(place: Place) -> Iterator[Proposal]:
    """A denial that comes or goes by itself, and words that are each other's contrary."""
    pointers, touched = place.scene.pointers, place.touched("negation")
    spans = Pair(pointers.a.trimmed(place.piece.a), pointers.b.trimmed(place.piece.b))
    counts = Pair(pointers.a.count(spans.a), pointers.b.count(spans.b))
    is_bare = len(touched.a) != len(touched.b) and not (counts.a and counts.b)
    if max(counts) <= MAX_STRETCH_WORDS and (is_bare or _is_contrary(place, spans)):
        yield _change_of(place, spans, ("predicate",), "major", _title(_said(place, spans)))


def _is_contrary(place: Place, spans: Pair[Span]) -> bool:
    """Whether the piece holds a word and its contrary: "named", "unnamed"; "did", "didn't"."""
    a, b = place.row.a.said(spans.a), place.row.b.said(spans.b)
    return any(_are_contrary(place, x, y) for x in a for y in b)


def _are_contrary(place: Place, x: str, y: str) -> bool:
    lists, (short, long) = place.scene.lists, sorted((x, y), key=len)
    is_denied = {x, y} in _DENIED or long == f"{short}n't"
    return is_denied or lists.are_contrary(x, y) or any(long == prefix + short for prefix in lists.negative_prefixes)


def _ranks(place: Place) -> Iterator[Proposal]:
    """A superlative that only one side has: "one of the largest" for "a major"."""
    superlatives = place.scene.lists.lexicon.words("superlatives")
    pointers = place.scene.pointers
    spans = Pair(pointers.a.trimmed(place.piece.a), pointers.b.trimmed(place.piece.b))
    a = [word for word in place.row.a.said(spans.a) if word in superlatives]
    b = [word for word in place.row.b.said(spans.b) if word in superlatives]
    if bool(a) == bool(b) or any(word in (place.row.b if a else place.row.a).words for word in a or b):
        return
    side, other = ("a", place.row.b.said(spans.b)) if a else ("b", place.row.a.said(spans.a))
    own = _rank_span(place, side, getattr(spans, side), (a or b)[0])
    if place.scene.lists.lexicon.words("function_words").issuperset(other):
        place = place._replace(piece=place.piece.map(lambda piece: Span(piece.start, piece.start)))
    marks = _one_sided(place, side, own)
    yield _change_of(place, marks, ("number",), "minor", _title(_said(place, marks)), direction="weaker" if a else "stronger")


def _rank_span(place: Place, side: str, span: Span, word: str) -> Span:
    """From "one of", if that leads up to it, to the superlative."""
    pointer = getattr(place.scene.pointers, side)
    words = pointer.words(span)
    at = next(index for index in words if pointer.tokens[index].fold == word)
    folds = [pointer.tokens[index].fold for index in words]
    lead = next((words.start + i for i in range(len(folds) - 1) if folds[i : i + 2] == ["one", "of"] and words.start + i < at), at)
    return Span(pointer.tokens[lead].start, pointer.tokens[at].end)


def _phrases(place: Place) -> Iterator[Proposal]:
    """A phrase of some length that comes or goes."""
    side = "a" if place.change.kinds[0] == "omission" else "b"
    pointer, span = getattr(place.scene.pointers, side), getattr(place.piece, side)
    words = pointer.words(span)
    if len(words) < MIN_PHRASE_WORDS:
        return
    span = pointer.span_of(words)
    conditions = place.scene.lists.lexicon.words("conditions")
    is_condition = any(pointer.tokens[index].fold in conditions for index in words[:2])
    shown = quoted(_shown(place, side, span))
    kinds = ("omission" if side == "a" else "addition", *(("certainty",) if is_condition else ()))
    title = f"{'The condition ' if is_condition else ''}{shown} is {'left out' if side == 'a' else 'new'}"
    direction = "" if not is_condition else "stronger" if side == "a" else "weaker"
    marks = _one_sided(place, side, span)
    yield _change_of(place, marks, kinds, "moderate" if is_condition else "minor", title, direction=direction)


_LOOKS: tuple[tuple[ChangeKind, Callable[[Place], Iterator[Proposal]]], ...] = (
    ("number", _numbers),
    ("date", _dates),
    ("name", _names),
    ("negation", _negations),
)
