"""The quality of the collation in figures: `python -m tests.bench.quality [FOLDER]`.

Prints the rows of the example pair in content/ (`python -m tests.bench` prints what its collation costs). With a folder of
annotated texts (given as argument or as VARIORUM_EVAL; they are other people's, and not part of the project) it prints its rows
as well. Such a folder holds JSON Lines, and a file that it lacks is passed over:

    words_*.jsonl         a, b (tokens), gold, possible (pairs of indices)
    sentences_*.jsonl     a_sentences, b_sentences, gold (pairs of indices)
    segmentation_*.jsonl  text, sentences
    facts_etpc.jsonl      a, b, subs (each with a kind)
    facts_summedits_*.jsonl   a, b, consistent (0 or 1)

Prints, and asserts nothing; `tests/unit/test_seed.py` pins the example pair.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from generator.collate.align import align, align_sentences
from generator.collate.classify import changed_kinds
from generator.collate.compare import compare_story
from generator.collate.diff import diff_tokens, link_tokens
from generator.collate.lexicon import lexicon
from generator.collate.segment import split_sentences
from generator.config import read_config
from generator.model import Change, Comparison, Row
from generator.sources import read_story
from tests.stories import ROOT, SEED

QUIET = frozenset({"typographic", "case"})
WRONG = frozenset({"number", "name", "negation", "certainty", "attribution"})
"""Kinds of change that may make a sentence say something else."""

FUNCTION_WORDS = lexicon("en").words("function_words") | {"s", "'s", "n't", "not", "no", "also", "said", "say", "says"}

PARAGRAPHS = ((1, 1), (2, 2), (3, 3), (5, 4), (6, 5), (7, 6), (8, 7), (10, 8), (11, 9), (12, 10), (14, 11), (15, 12))
"""The blocks of the example that correspond, counted from 0."""

SENTENCES = (
    *((1, 1), (2, 2), (3, 3), (3, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9), (9, 10)),
    *((11, 11), (11, 12), (12, 13), (13, 14), (14, 15), (16, 16), (17, 17)),
)
"""The sentences of the example that correspond, counted from 0."""


class Planted(NamedTuple):
    """A discrepancy of the example pair: words of a and of b, and the kinds of which a change that touches them must have one."""

    what: str
    a: str
    b: str
    kinds: frozenset[str] = frozenset()


DISCREPANCIES = (
    Planted("the first wave, 12,000 → 15,000", "Up to 12,000", "Approximately 15,000", frozenset({"number"})),
    Planted("deployments that sum to 18,000", "12,000", "15,000 soldiers were dispatched"),
    Planted("the first quotation", "activities of overseas", "operations of our overseas", frozenset({"quotation"})),
    Planted(
        "the second quotation", "the fighting spirit of the heroes", "the heroic spirit of our fighters", frozenset({"quotation"})
    ),
    Planted("the headline", "", "confirms 100 North Korean troops killed", frozenset({"headline", "addition"})),
    Planted("600 killed", "roughly 600 troops killed", "total casualties", frozenset({"number"})),
    Planted("the opponent", "to fight Ukraine", "to support"),
    Planted("who launched it", "Ukraine launched", "launched in August 2024"),
    Planted("war and conflict", "war against", "conflict with"),
    Planted("early July", "in early July", "", frozenset({"omission", "date"})),
    Planted("losses en masse", "losses en masse", "significant casualties"),
    Planted("the institute's credit", "reported the Institute for the Study of War", "", frozenset({"attribution"})),
    Planted("acknowledge and confirm", "appeared to acknowledge", "seemed to confirm", frozenset({"certainty"})),
)
"""The twelve major and moderate discrepancies of the example pair, and one of certainty."""


def f1(hits: int, got: int, gold: int) -> str:
    """Precision, recall and their harmonic mean."""
    return f"P {hits / max(got, 1):.3f}  R {hits / max(gold, 1):.3f}  F1 {2 * hits / max(got + gold, 1):.3f}"


# ------------------------------------------------------------------ the example pair


def example() -> Comparison:
    """The comparison of the example pair, without its notes."""
    config, _ = read_config(ROOT)
    story, _ = read_story(ROOT, ROOT / "content" / SEED, config)
    assert story is not None
    return compare_story(story)[0][0]


def measure_example(comparison: Comparison) -> None:
    """Print the rows of the example pair."""
    blocks = {(a, b) for row in comparison.rows for a in row.blocks.a for b in row.blocks.b}
    alignment, _ = align(comparison.articles)
    links = {(i, j) for bead in alignment.beads for i in bead.a for j in bead.b}
    right, wrong = len(blocks & {*PARAGRAPHS}), len(blocks - {*PARAGRAPHS})
    print(f"example: paragraph pairs {right} of {len(PARAGRAPHS)}, false {wrong}", end="; ")
    print(f"sentence links {len(links & {*SENTENCES})} of {len(SENTENCES)}, false {len(links - {*SENTENCES})}", end="; ")
    print(f"moved sentences, of which there are none: {len(alignment.moves)}")
    regions = sum(now and not after for row in comparison.rows for now, after in pairwise((*_loud(row), False)))
    islands = sum(_is_function(words) for row in comparison.rows for words in _islands(row, comparison))
    print(f"example: regions {regions}, islands of function words alone {islands}, cut tokens {_cut_tokens(comparison)}")
    found = [(planted, _marked(comparison, planted)) for planted in DISCREPANCIES]
    marked = sum(bool(kinds) for _, kinds in found)
    typed = sum(bool(kinds & planted.kinds) for planted, kinds in found)
    print(f"example: discrepancies inside marked changes {marked} of {len(found)}", end="; ")
    print(f"with the kind that is asked for {typed} of {sum(bool(planted.kinds) for planted in DISCREPANCIES)}")
    for planted, kinds in found:
        print(f"    {planted.what:<36} {', '.join(sorted(kinds)) or 'NOT MARKED'}")


def _loud(row: Row) -> list[bool]:
    """Which steps of a row are marks that a reader sees."""
    return [isinstance(step, Change) and step.kinds[0] not in QUIET for step in row.script]


def _islands(row: Row, comparison: Comparison) -> Iterator[str]:
    """What stands unmarked between two marks of a row, on side a."""
    loud = _loud(row)
    marks = [index for index, is_loud in enumerate(loud) if is_loud]
    for first, last in pairwise(marks):
        steps = row.script[first + 1 : last]
        texts = [(step.edit if isinstance(step, Change) else step).spans.a.of(comparison.articles.a.text) for step in steps]
        if text := "".join(texts).strip():
            yield text


def _is_function(words: str) -> bool:
    """Whether these are function words and punctuation alone."""
    return all(not any(map(str.isalnum, word)) or word.strip(".,;:!?“”\"'’()").lower() in FUNCTION_WORDS for word in words.split())


def _cut_tokens(comparison: Comparison) -> int:
    """Tokens in which a mark begins or ends."""
    cut = 0
    for side, article in zip("ab", comparison.articles, strict=True):
        edges = {at for row in comparison.rows for change in row.changes for at in getattr(change.edit.spans, side)}
        tokens = (token for sentence in article.sentences for token in sentence.tokens)
        cut += sum(not edges.isdisjoint(range(token.start + 1, token.end)) for token in tokens)
    return cut


def _marked(comparison: Comparison, planted: Planted) -> set[str]:
    """The kinds of the changes that touch the words; none unless every side's words are touched."""
    kinds: set[str] = set()
    for side, words in (("a", planted.a), ("b", planted.b)):
        if not words:
            continue
        start = getattr(comparison.articles, side).text.index(words)
        changes = [change for row in comparison.rows for change in row.changes if change.kinds[0] not in QUIET]
        spans = [(change, getattr(change.edit.spans, side)) for change in changes]
        touching = [change for change, span in spans if span.start < start + len(words) and start < span.end]
        if not touching:
            return set()
        kinds.update(kind for change in touching for kind in change.kinds)
    return kinds


# ------------------------------------------------------------------ texts that other people annotated

Rows = list[dict[str, Any]]
Pairs = set[tuple[int, int]]


def pairs_of(links: Iterable[Sequence[int]]) -> Pairs:
    """Links as pairs."""
    return {(i, j) for i, j in links}


def measure_words(name: str, rows: Rows) -> None:
    """Kept content words against sure links; hunks, and islands of function words, for each 100 words."""
    hits = got = found = gold = hunks = confetti = 0
    words = 0.0
    for row in rows:
        a, b, sure = row["a"], row["b"], pairs_of(row["gold"])
        content = {(i, j) for i, j in sure if a[i].lower() == b[j].lower() and not _is_function(a[i])}
        links = {(i, j) for i, j in link_tokens(a, b) if not _is_function(a[i])}
        hits += len(links & (sure | pairs_of(row["possible"])))
        got += len(links)
        found += len(links & content)
        gold += len(content)
        steps = list(diff_tokens(a, b))
        words += (len(a) + len(b)) / 2
        hunks += sum(tag != "equal" for tag, *_ in steps)
        confetti += sum(tag == "equal" and all(map(_is_function, a[i:j])) for tag, i, j, *_ in steps[1:-1])
    precision, recall = hits / max(got, 1), found / max(gold, 1)
    mean = 2 * precision * recall / (precision + recall)
    print(f"{name}: content words P {precision:.3f}  R {recall:.3f}  F1 {mean:.3f}", end="; ")
    print(f"for each 100 words {100 * hunks / words:.1f} hunks, {100 * confetti / words:.2f} islands of function words")


def measure_sentences(name: str, rows: Rows) -> None:
    """Linked sentences."""
    hits = got = gold = 0
    for row in rows:
        links, right = pairs_of(align_sentences(row["a_sentences"], row["b_sentences"])), pairs_of(row["gold"])
        hits, got, gold = hits + len(links & right), got + len(links), gold + len(right)
    print(f"{name}: {f1(hits, got, gold)}; false {got - hits}, missed {gold - hits}")


def measure_segmentation(name: str, rows: Rows) -> None:
    """Ends of sentences inside paragraphs, counted in letters."""
    hits = got = gold = 0
    for row in rows:
        cuts, right = _cuts(split_sentences(row["text"])), _cuts(row["sentences"])
        hits, got, gold = hits + len(cuts & right), got + len(cuts), gold + len(right)
    print(f"{name}: {f1(hits, got, gold)}")


def _cuts(sentences: Sequence[str]) -> set[int]:
    """Where the sentences end, the last one aside."""
    return {*accumulate(sum(not char.isspace() for char in sentence) for sentence in sentences[:-1])}


def measure_numbers(name: str, rows: Rows) -> None:
    """Pairs of sentences in which a number was changed."""
    hits = got = gold = 0
    for row in rows:
        is_changed = any(sub["kind"] == "number" for sub in row["subs"])
        is_found = "number" in changed_kinds(row["a"], row["b"])
        hits, got, gold = hits + (is_changed and is_found), got + is_found, gold + is_changed
    print(f"{name}, a changed number: {f1(hits, got, gold)}")


def measure_wrong(name: str, rows: Rows) -> None:
    """Edits that made a text wrong, by the kinds of change in them."""
    wrong = [bool(WRONG & changed_kinds(row["a"], row["b"])) for row in rows if not row["consistent"]]
    sound = [not WRONG & changed_kinds(row["a"], row["b"]) for row in rows if row["consistent"]]
    recall, specificity = sum(wrong) / max(len(wrong), 1), sum(sound) / max(len(sound), 1)
    print(f"{name}, an edit made the text wrong: recall {recall:.3f}, specificity {specificity:.3f}", end=", ")
    print(f"balanced accuracy {(recall + specificity) / 2:.3f}")


MEASURES: tuple[tuple[str, Callable[[str, Rows], None]], ...] = (
    ("words_*.jsonl", measure_words),
    ("sentences_*.jsonl", measure_sentences),
    ("segmentation_*.jsonl", measure_segmentation),
    ("facts_etpc.jsonl", measure_numbers),
    ("facts_summedits_*.jsonl", measure_wrong),
)


def main(folder: str = "") -> None:
    """Print the rows of the example pair, and those of the folder, if there is one."""
    measure_example(example())
    if not folder:
        print("no annotated texts: name their folder as argument, or as VARIORUM_EVAL")
        return
    for pattern, measure in MEASURES:
        for path in sorted(Path(folder).glob(pattern)):
            measure(path.stem, [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line])


if __name__ == "__main__":
    main(*sys.argv[1:] or [os.environ.get("VARIORUM_EVAL", "")])
