"""Small stories for tests, made from bare texts."""

from __future__ import annotations

from pathlib import Path

from generator.errors import Where
from generator.model import Annotation, Comparison, Pair, PairingOverride, Source, Story

ROOT = Path(__file__).parent.parent
SITES = ROOT / "tests" / "sites"
SEED = "kim-jong-un-100-soldiers"


def source(name: str, text: str, **fields: object) -> Source:
    """A plain-text witness; any field of `Source` can be given."""
    values: dict[str, object] = {
        "name": name,
        "label": name.title(),
        "publisher": "",
        "headline": "",
        "author": "",
        "published": "",
        "url": "",
        "archived": "",
        "language": "en",
        "based_on": "",
        "generator": "",
        "file_name": f"{name}.txt",
        "text": text,
        "blocks": (),
        "styles": (),
        "roles": (),
        "where": Where(f"content/test/{name}.txt"),
    } | fields
    return Source(**values)  # type: ignore[arg-type]  # a test's keywords are checked by the dataclass


def story(
    a: str,
    b: str,
    *,
    overrides: tuple[PairingOverride, ...] = (),
    annotations: tuple[Annotation, ...] = (),
    language: str = "en",
) -> Story:
    """Two texts as the story `test`, witnesses `a` and `b`."""
    return Story(
        slug="test",
        title="Test",
        summary="",
        published="",
        tags=(),
        language=language,
        witnesses=(source("a", a, language=language), source("b", b, language=language)),
        pairs=(Pair("a", "b"),),
        overrides=overrides,
        annotators=(),
        annotations=annotations,
        where=Where("content/test/comparison.yaml"),
    )


def restored(comparison: Comparison) -> Pair[str]:
    """Both texts as the scripts give them back: white space between blocks is left out."""
    texts = comparison.articles.map(lambda article: article.text)
    steps = [(step.edit if hasattr(step, "edit") else step).spans for row in comparison.rows for step in row.script]
    return Pair("".join(spans.a.of(texts.a) for spans in steps), "".join(spans.b.of(texts.b) for spans in steps))


def block_text(comparison: Comparison) -> Pair[str]:
    """Both texts from row to row: what the scripts must restore."""
    texts = comparison.articles.map(lambda article: article.text)
    return Pair(
        "".join(row.spans.a.of(texts.a) for row in comparison.rows), "".join(row.spans.b.of(texts.b) for row in comparison.rows)
    )
