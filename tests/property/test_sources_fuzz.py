"""Mutated sidecars, comparisons, front matter and settings: never an exception, always a place."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import read_config
from generator.errors import Diagnostic
from generator.reading.files import text_file
from generator.reading.markdown import is_safe_link, read_markdown
from generator.reading.report import report
from generator.reading.yamlnodes import read_yaml
from generator.sources import read_story
from tests.sitefiles import write_site

MUTATIONS = 300
"""How many mutated files each kind of file gets in a run; in a long one, a hundred times as many."""

FILES = {
    "annotations.yaml": """\
annotators: {desk: {name: Desk, url: "https://example.org/"}}
defaults: {by: desk, status: confirmed}
notes:
  - id: one
    kind: [number, certainty]
    direction: higher
    severity: major
    title: 12,000 becomes 15,000
    a: "One two"
    b: [{quote: One, within: One two, nth: 1}, {before: four}, {start: 1, end: 3}]
    note: |
      *Three*, and more.
    evidence:
      - {a: two, why: Because}
      - {url: https://example.org/x, title: T, accessed: 2025-09-01}
    see: [two]
    history: [{date: 2025-09-02, change: "Corrected"}]
  - {id: two, kind: equivalent, severity: checked, title: Two, a: {quote: o, all: true}}
""",
    "comparison.yaml": """\
title: Story
summary: >-
  What changed.
published: 2025-08-22
tags: [one, two]
language: en
witnesses:
  a: {file: a.md, label: 'First', url: null, roles: [{quote: One, role: body}]}
  b: {file: b.txt, based_on: a, generator: {type: unknown}}
pairs: [[a, b]]
pair: [{a: One, b: One}]
""",
    "a.md": """\
---
title: "A bridge"
author: Desk
published: 2025-05-13
url: https://example.org/
---
# One

One *two* [three](https://example.org/) `x`.

> - a
>   1. b
""",
    "variorum.toml": """\
title = "Site"
base_url = "https://example.org"
authors = [{name = "A", url = "https://example.org/a"}]
[theme]
colours = {a = ["#fff", "#000"]}
[kinds.tone]
label = "Tone"
definition = "Tone."
""",
}

TOKENS = [
    *"\t\n\r:-#&*!|>'\"%@`[]{},?~=<\\", "<<: ", "&a ", "*a", "!!binary ", "--- ", "...\n", "? ", "\r\n", "\u2028", "\x85", "\ufeff",
    "\x00", "\x1b", "null", "9" * 400, "0x", "\\ud800", "\\UFFFFFFFF", "2025-99-99", "notes:", "a:", "id: one", "  ", "é",
    "\U0001f468\u200d\U0001f467", "\U0010ffff", "'''", '"""', "[[a]]\n",
]  # fmt: skip


def mutated(text: str, dice: random.Random) -> bytes:
    """`text` with one to four cuts, doublings, exchanges, insertions or broken bytes."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.choice([0, 1, 1, 3, 20]))
        match dice.randrange(4):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + text[start:end] * dice.choice([1, 2, 50]) + text[end:]
            case 2:
                text = text[:start] + dice.choice(TOKENS) + text[end:]
            case _:
                lines = text.splitlines(keepends=True) or [""]
                dice.shuffle(lines) if dice.random() < 0.3 else lines.insert(dice.randrange(len(lines)), dice.choice(lines))
                text = "".join(lines)
    data = text.encode()
    if dice.random() < 0.1:
        at = dice.randrange(len(data) + 1)
        data = data[:at] + bytes([dice.randrange(256)]) + data[at:]
    return data


def assert_told(fault: Diagnostic, root: Path) -> None:
    """A fault has a place inside a file that there is, one line, and nothing that a terminal obeys."""
    line = str(fault)
    assert line.isprintable()
    assert len(line) < 1000
    data = (root / fault.where.path).read_bytes()
    if fault.where.line:
        assert fault.where.line <= len(re.split(rb"\r\n|\r|\n", data))
        assert fault.where.column >= 1


@pytest.mark.parametrize("name", FILES)
def test_a_mutated_file_is_read_or_told_and_never_raises(name: str, tmp_path: Path) -> None:
    mutate(name, tmp_path, MUTATIONS)


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_a_hundred_thousand_mutated_files_are_read_or_told_and_none_raises(name: str, tmp_path: Path) -> None:
    mutate(name, tmp_path, 100 * MUTATIONS)


def mutate(name: str, tmp_path: Path, count: int) -> None:
    """Read a sound site in which one file is mutated, over and over."""
    write_site(tmp_path, FILES)
    folder = tmp_path / "content" / "story"
    path = (tmp_path if name == "variorum.toml" else folder) / name
    config, faults = read_config(tmp_path)
    story, more = read_story(tmp_path, folder, config)
    assert (faults, more) == ((), ())
    assert story is not None
    dice = random.Random(name)  # noqa: S311 - mutations are to be repeatable, not secret
    refused = 0
    for _ in range(count):
        path.write_bytes(mutated(FILES[name], dice))
        config, faults = read_config(tmp_path)
        story, more = read_story(tmp_path, folder, config)
        for fault in (*faults, *more):
            assert_told(fault, tmp_path)
        refused += bool(faults or more)
        if story is not None:
            ids = {note.id for note in story.annotations}
            assert all(set(note.see) <= ids for note in story.annotations)
            assert {name for note in story.annotations for name, _ in note.targets} <= {source.name for source in story.witnesses}
    assert count // 4 < refused < count


pieces = st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=6)), max_size=30).map("".join)
words = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12)
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words.filter(lambda key: key != "<<"), inner, max_size=4)),
)


@given(values)
def test_text_lists_and_mappings_come_back_as_they_were_written(value: object) -> None:
    data, spots = read_yaml(text_file("f", json.dumps(value, ensure_ascii=False)))
    assert (data, spots) == (value, ())


@given(pieces)
def test_any_text_is_yaml_or_has_faults_with_places(text: str) -> None:
    file = text_file("f", text)
    data, spots = read_yaml(file)
    faults = report(file, spots)
    assert all(1 <= fault.where.line <= len(file.line_starts) and fault.where.column >= 1 for fault in faults)
    assert all(str(fault).isprintable() for fault in faults)
    assert data is not None or faults or not re.sub(r"(?m)^\s*#.*|---|\.\.\.", "", text).strip("\ufeff \n\r\t~nul")


@given(pieces)
def test_any_text_is_a_markdown_article_whose_blocks_tile_it(text: str) -> None:
    found = read_markdown(text)
    assert "\n\n".join(block.span.of(found.text) for block in found.blocks) == found.text
    assert all(0 <= style.span.start < style.span.end <= len(found.text) for style in found.styles)
    starts = [style.span.start for style in found.styles]
    assert starts == sorted(starts)
    assert all(is_safe_link(style.href) for style in found.styles if style.tag == "a")
