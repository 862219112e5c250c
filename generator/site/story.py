"""One folder of content/ in; its pages, texts, data and facts out: what is built, or left as it is, as a whole.

In: the settings, a story. Out: a `BuiltStory`. Nothing is written, and nothing of other stories is seen: the files of a story
depend on its folder, the settings, the templates `STORY_TEMPLATES` and the program alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.collate.compare import compare_story
from generator.config import SiteConfig
from generator.errors import Diagnostic, Where, error
from generator.model import Comparison, Story
from generator.site.card import cards
from generator.site.export import SiteNotes, pair_files
from generator.site.facts import StoryFacts, facts_of
from generator.site.frame import Page
from generator.site.storypage import overview_page
from generator.site.view import comparison_page
from generator.sources import read_story

STORY_TEMPLATES = ("comparison.html", "overview.html")
"""The templates that make a story's pages; those that they include count with them."""

Entry = tuple[Story, tuple[Comparison, ...]]


@dataclass(frozen=True, slots=True)
class BuiltStory:
    """A story's part of the site. `files` by path in the site; `facts` is None, and there are no files, if errors left it out."""

    files: dict[str, bytes]
    facts: StoryFacts | None
    notes: SiteNotes
    comparison_count: int
    note_count: int


LEFT_OUT = BuiltStory({}, None, SiteNotes("", ""), 0, 0)
"""What errors leave of a story."""


def collated(
    root: Path, folder: Path, config: SiteConfig, *, drafts: bool, catch: bool
) -> tuple[Entry | None, tuple[Diagnostic, ...], bool]:
    """One story, read and compared, or None; its faults; and whether the program failed on it, which only `catch` makes a fault."""
    try:
        story, faults = read_story(root, folder, config)
        if story is None:
            return None, faults, False
        if not drafts:
            story = without_drafts(story)
        comparisons, more = compare_story(story)
    except Exception as bug:
        if not catch:
            raise
        place = Where(folder.relative_to(root).as_posix())
        message = f"the program failed on this comparison: {type(bug).__name__}: {bug}"
        return None, (error(place, message, "this is a bug: run again with --debug for its traceback, and report it"),), True
    return (story, comparisons), (*faults, *more), False


def without_drafts(story: Story) -> Story:
    """The story without its draft notes, and without references to them."""
    drafts = {note.id for note in story.annotations if note.status == "draft"}
    if not drafts:
        return story
    kept = (note for note in story.annotations if note.id not in drafts)
    return replace(
        story, annotations=tuple(replace(note, see=tuple(id_ for id_ in note.see if id_ not in drafts)) for note in kept)
    )


def story_files(config: SiteConfig, render: Callable[[Page], str], story: Story, comparisons: Sequence[Comparison]) -> BuiltStory:
    """A story's texts, pages, data and pictures, with its facts. `render` makes HTML of a page.

    No two files want one path: `sources` refuses a story whose pairs share an address.
    """
    files = {f"{story.slug}/{source.name}.txt": source.text.encode() for source in story.witnesses}
    pages = [comparison_page(config, story, comparison) for comparison in comparisons]
    files |= {page.route: render(page).encode() for page in pages}
    facts = facts_of(story, comparisons, pages)
    if len(comparisons) > 1:
        overview = overview_page(config, story, comparisons, facts)
        files[overview.route] = render(overview).encode()
    data, notes = pair_files(config, story, comparisons)
    return BuiltStory(files | data | cards(config, facts), facts, notes, len(comparisons), len(story.annotations))
