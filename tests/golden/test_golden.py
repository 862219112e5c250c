"""Two frozen layers of the example stories: the comparison as a tree one can read, and the page as HTML.

`pytest tests/golden --update` rewrites them; look at the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.collate.compare import compare_story
from generator.config import read_config
from generator.model import Change, Comparison, Pair, Placement, Span
from generator.site.build import Options, build
from generator.sources import read_story, story_folders
from tests.stories import ROOT

HERE = Path(__file__).parent
STORIES = [folder.name for folder in story_folders(ROOT)]


def check(name: str, text: str, *, update: bool) -> None:
    path = HERE / name
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no golden file {name}: run pytest tests/golden --update"
    assert text == path.read_text(encoding="utf-8")


def tree(comparison: Comparison) -> str:
    """A comparison as text: rows, their steps, the notes and where they stand, the figures."""
    texts = comparison.articles.map(lambda article: article.text)
    lines = []
    for row in comparison.rows:
        lines.append(f"row a{shown(row.blocks.a)} b{shown(row.blocks.b)} {row.role}")
        for step in row.script:
            if isinstance(step, Change):
                quotes = " → ".join(quoted(span, text) for span, text in zip(step.edit.spans, texts, strict=True))
                kept = f" kept {[quoted(pair.b, texts.b) for pair in step.edit.kept]}" if step.edit.kept else ""
                move = f" ⇄ {step.move}" if step.move else ""
                detail = f" [{step.detail}]" if step.detail else ""
                lines.append(f"  {step.id} {step.edit.tag} {','.join(step.kinds)}: {quotes}{detail}{move}{kept}")
            else:
                lines.append(f"  = {quoted(step.spans.a, texts.a)}")
    lines += [note(placement, texts) for placement in comparison.placements]
    lines.append(str(comparison.figures))
    return "\n".join(lines) + "\n"


def note(placement: Placement, texts: Pair[str]) -> str:
    places = [
        f"{side}{list(anchor.span)} {quoted(anchor.span, text)}"
        for side, text, anchors in zip("ab", texts, placement.anchors, strict=True)
        for anchor in anchors
    ]
    orphans = [f"orphan {orphan.selector.quote!r}" for side in placement.orphans for orphan in side]
    return f"note {placement.annotation.id}: {'; '.join(places + orphans)}"


def shown(blocks: range) -> str:
    return "–" if not blocks else str(blocks.start) if len(blocks) == 1 else f"{blocks.start}–{blocks.stop - 1}"


def quoted(span: Span, text: str) -> str:
    return f"⟦{span.of(text)}⟧".replace("\n", "⏎").replace("\r", "␍").replace("\u00a0", "␣")


@pytest.mark.parametrize("slug", STORIES)
def test_the_comparison_is_as_frozen(slug: str, request: pytest.FixtureRequest) -> None:
    config, _ = read_config(ROOT)
    story, _ = read_story(ROOT, ROOT / "content" / slug, config)
    assert story is not None
    comparisons, _ = compare_story(story)
    for pair, comparison in zip(story.pairs, comparisons, strict=True):
        check(f"{slug}/{pair.a}-{pair.b}.txt", tree(comparison), update=request.config.getoption("--update"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("site") / "output"
    report = build(ROOT, output, Options(is_cached=False))
    assert report.diagnostics == ()
    return output


@pytest.mark.parametrize("slug", ["", *STORIES])
def test_the_pages_are_as_frozen(slug: str, site: Path, request: pytest.FixtureRequest) -> None:
    pages = sorted((site / slug).rglob("*.html")) if slug else [site / "index.html"]
    assert pages
    names = {page.relative_to(site).as_posix() for page in pages}
    assert {path.relative_to(HERE).as_posix() for path in (HERE / slug).rglob("*.html") if slug} <= names, (
        "a golden file of no page"
    )
    for page in pages:
        check(page.relative_to(site).as_posix(), page.read_text(encoding="utf-8"), update=request.config.getoption("--update"))
