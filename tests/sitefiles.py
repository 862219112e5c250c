"""Case files of faulty input: overlays of a sound little site, and the diagnostics that each must give.

##### what is wrong
=== annotations.yaml
notes: …
=== expected
content/story/annotations.yaml:1:8: error: …
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from generator.config import read_config
from generator.sources import read_story, story_folders
from tests.files import write_files

BASE = {
    "comparison.yaml": "title: Story\nwitnesses:\n  a: {file: a.txt}\n  b: {file: b.txt}\n",
    "a.txt": "One two three.\n",
    "b.txt": "One two four.\n",
}
"""The story that overlays spoil."""

_EXPECTED = "expected"


class Case(NamedTuple):
    """One overlay: its title, its files, and the diagnostics expected."""

    title: str
    files: dict[str, str]
    expected: str


def cases(path: Path) -> list[Case]:
    """The cases of one file."""
    found = []
    for text in path.read_text(encoding="utf-8").split("##### ")[1:]:
        title, *sections = text.split("=== ")
        files = {name: content.removesuffix("\n") for name, _, content in (section.partition("\n") for section in sections)}
        expected = files.pop(_EXPECTED, "")
        found.append(Case(title.strip(), files, expected.strip()))
    return found


def write_cases(path: Path, found: list[Case]) -> None:
    """Rewrites a file of cases."""
    texts = []
    for case in found:
        sections = [f"=== {name}\n{content}\n" for name, content in (*case.files.items(), (_EXPECTED, case.expected + "\n"))]
        texts.append(f"##### {case.title}\n{''.join(sections)}")
    path.write_text("".join(texts), encoding="utf-8")


def write_site(root: Path, overlay: Mapping[str, str | bytes], slug: str = "story") -> Path:
    """Writes the story, spoilt by `overlay`, below `root`, and gives its folder; variorum.toml lies in the root itself."""
    folder = f"content/{slug}"
    files = {name if name == "variorum.toml" else f"{folder}/{name}": content for name, content in {**BASE, **overlay}.items()}
    return write_files(root, files) / folder


def diagnostics(root: Path) -> str:
    """Everything that reading a site says, one a line, and which stories it yields."""
    config, faults = read_config(root)
    lines = [str(fault) for fault in faults]
    for folder in story_folders(root):
        story, faults = read_story(root, folder, config)
        lines += [str(fault) for fault in faults]
        lines.append(f"[{folder.name}: {'left out' if story is None else f'read, notes: {len(story.annotations)}'}]")
    return "\n".join(lines)
