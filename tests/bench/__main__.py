"""What a comparison costs: `python -m tests.bench`.

Makes 100 comparisons of the example's size by exchanging words of it, builds them as a site, and prints the CPU time of each
stage per comparison; then the collation of the example beside difflib over its words, in the same run.
"""

from __future__ import annotations

import difflib
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from generator import __version__
from generator.collate import compare
from generator.config import read_config
from generator.site import build, tasks
from generator.site import story as unit
from generator.site.build import Options
from generator.site.publish import Generation
from generator.site.render import Renderer
from generator.sources import read_story
from generator.terminal import rest_collector
from tests.stories import ROOT, SEED

EXAMPLE = ROOT / "content" / SEED
COUNT = 100
SHORTEST = 6
"""Words from this length on are exchanged: names of quantities, negations and function words are shorter."""

STAGES: tuple[tuple[str, object, str], ...] = (
    ("read", unit, "read_story"),
    ("segment", compare, "segment"),
    ("align", compare, "align"),
    ("align", compare, "pair_blocks"),
    ("diff", compare, "diff_passages"),
    ("classify", compare, "state"),
    ("classify", compare, "classify_rows"),
    ("anchor", compare, "anchor"),
    ("summarise", compare, "summarise"),
    ("compose", unit, "compare_story"),
    ("view", unit, "comparison_page"),
    ("facts", unit, "facts_of"),
    ("around", tasks, "around"),
    ("render", Renderer, "render"),
    ("data", unit, "pair_files"),
    ("write", Generation, "put"),
    ("write", Generation, "commit"),
)
"""Each stage's name, and where its function is called from. Templates are compiled in the first `render`."""

COLLATION = tuple(stage for stage in STAGES if stage[1] is compare and stage[0] != "anchor")
"""The stages of a comparison without notes."""

ROUNDS = 100
"""How often the example is collated. More: a steadier figure (on a busy machine ± 3 % at 100)."""


def exchanged(texts: dict[str, str], seed: int) -> dict[str, str]:
    """The example with its longer words exchanged among each other, alike in all files; the words of the format stay."""
    notes = texts["annotations.yaml"]
    values = re.findall(r"\b(?:kind|severity|status|direction|by|see|id): *(\[[^\]]*\]|[\w-]+)", notes)
    fixed = set(re.findall(r"[a-z]+", " ".join([*values, *re.findall(r"[a-z-]+(?=:)", notes)])))
    words = sorted({word for name in texts for word in re.findall(r"\b[a-z]+\b", texts[name]) if len(word) >= SHORTEST} - fixed)
    others = words[:]
    random.Random(seed).shuffle(others)  # noqa: S311 variety, not secrets
    table = dict(zip(words, others, strict=True))
    return {
        name: text if name == "comparison.yaml" else re.sub(r"\b[a-z]+\b", lambda match: table.get(match[0], match[0]), text)
        for name, text in texts.items()
    }


def make_site(root: Path, count: int) -> None:
    """A site of `count` comparisons."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.iterdir()}
    for index in range(count):
        folder = root / "content" / f"comparison-{index:03}"
        folder.mkdir(parents=True)
        for name, text in exchanged(texts, index).items():
            (folder / name).write_text(text, encoding="utf-8")


class Clock:
    """CPU seconds by stage; what a stage spends inside another one counts for the inner."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., object]) -> Callable[..., object]:
        """`function`, with its time counted."""

        def run(*arguments: object, **options: object) -> object:
            self._inner.append(0.0)
            started = time.process_time()
            result = function(*arguments, **options)
            total = time.process_time() - started
            self.spent[stage] += total - self._inner.pop()
            self._inner[-1] += total
            return result

        return run


def measure_stages(root: Path) -> None:
    """Build the site once, after a warm-up, and print what each stage cost."""
    clock = Clock()
    make_site(root / "warm", 1)
    build.build(root / "warm", root / "warm/output", Options(catch=False))
    make_site(root / "site", COUNT)
    with ExitStack() as stack:
        for stage, owner, name in STAGES:
            stack.enter_context(patch.object(owner, name, clock.timed(stage, getattr(owner, name))))
        started = time.process_time()
        report = build.build(root / "site", root / "site/output", Options(catch=False))
        total = time.process_time() - started
    print(f"{report.comparison_count} comparisons, {report.note_count} notes, {len(report.diagnostics)} diagnostics")
    print("CPU ms per comparison:")
    for stage in dict.fromkeys(stage for stage, _, _ in STAGES):
        print(f"  {stage:<10}{clock.spent[stage] / COUNT * 1000:8.2f}")
    print(f"  {'the rest':<10}{(total - sum(clock.spent.values())) / COUNT * 1000:8.2f}")
    print(f"  {'total':<10}{total / COUNT * 1000:8.2f}")


def difflib_ms(words: Sequence[Sequence[str]]) -> float:
    """The CPU time of difflib over two lists of words, once."""
    started = time.process_time()
    difflib.SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes()
    return (time.process_time() - started) * 1000


def measure_beside_difflib() -> None:
    """Print what each stage of the example's collation costs, as a multiple of difflib's time over the same words.

    Rounds of both alternate, and each is compared with the difflib just before and after it: other work on the machine slows
    down both. Nothing is remembered of a text from round to round; what is known of words and languages is.
    """
    config, _ = read_config(ROOT)
    story, _ = read_story(ROOT, EXAMPLE, config)
    assert story is not None
    sources = story.pairs[0].map(story.witness)
    words = [re.findall(r"\w+|[^\w\s]", source.text) for source in sources]
    clock = Clock()
    shares: defaultdict[str, list[float]] = defaultdict(list)
    beside = [difflib_ms(words)]
    with ExitStack() as stack:
        for stage, owner, name in COLLATION:
            stack.enter_context(patch.object(owner, name, clock.timed(stage, getattr(owner, name))))
        for _ in range(ROUNDS):
            clock.spent.clear()
            articles = sources.map(lambda source: compare.segment(source)[0])
            clock.timed("compose", compare.compare_pair)(articles, story.overrides, ())
            beside.append(difflib_ms(words))
            for stage, seconds in clock.spent.items():
                shares[stage].append(seconds * 2000 / (beside[-1] + beside[-2]))
    counts, theirs = " and ".join(map(str, map(len, words))), statistics.median(beside)
    print(f"The example ({counts} words and marks), difflib's {theirs:.2f} ms = 1:")
    for stage, ratios in shares.items():
        print(f"  {stage:<10}{statistics.median(ratios):8.2f}")
    every = zip(*(ratios for stage, ratios in shares.items() if stage != "summarise"), strict=True)
    print(f"  {'collation':<10}{statistics.median(map(sum, every)):8.2f} (all but the summary)")


def main() -> None:
    """Measure and print."""
    rest_collector()
    print(f"variorum {__version__}, Python {sys.version.split()[0]}")
    folder = Path(tempfile.mkdtemp(prefix="variorum-bench-"))
    try:
        measure_stages(folder)
    finally:
        shutil.rmtree(folder)
    measure_beside_difflib()


if __name__ == "__main__":
    main()
