"""A site's folder in, its pages in output/ out: reads, compares, lays out, renders, and publishes all of it in one switch.

    content/ ─read─▶ stories ─compare─▶ comparisons ─view─▶ pages ─render─▶ files ─publish─▶ output/

A fault in one story leaves that story out and is reported; the others are built. Nothing is published when the
settings or a template are at fault, or when output/ holds what is not ours: the last good site stays. Nothing is written
into content/, and no clock, time zone, locale or order of a folder reaches a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from generator import __version__
from generator.collate.compare import compare_story
from generator.config import SiteConfig, read_config
from generator.errors import Diagnostic, Where, error, has_errors
from generator.model import Comparison, Story
from generator.site.claim import OutputRefused, has_site, locked, refuse_forbidden, refuse_foreign
from generator.site.export import data_files
from generator.site.publish import Published, publish
from generator.site.render import Renderer, TemplateFault, default_templates
from generator.site.view import comparison_page, index_page, overview_page
from generator.sources import read_story, story_folders

Stopped = Literal["", "configuration", "template", "output", "content"]
"""Why a build published nothing; empty if it did."""

Entry = tuple[Story, tuple[Comparison, ...]]


def _no_progress(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to build. `base_url`: instead of the one in variorum.toml. `drafts`: notes that are drafts are shown too.

    `keep_good`: an error in any story publishes nothing if a site stands already (a preview keeps the last good one).
    `catch`: a bug met in a story is reported as that story's error; without, it is raised, with its traceback.
    `progress` is called with the number of stories done and of all.
    """

    drafts: bool = False
    base_url: str | None = None
    keep_good: bool = False
    catch: bool = True
    progress: Callable[[int, int], None] = _no_progress


@dataclass(frozen=True, slots=True)
class Collated:
    """A site's content, compared: the settings, each sound story with its comparisons, and every fault found on the way."""

    config: SiteConfig
    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...]
    is_configured: bool

    @property
    def comparison_count(self) -> int:
        """Pairs compared."""
        return sum(len(comparisons) for _, comparisons in self.entries)

    @property
    def note_count(self) -> int:
        """Notes of all sound stories."""
        return sum(len(story.annotations) for story, _ in self.entries)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Paths are sorted and relative to output/; diagnostics stand in the order of their places.

    `in_place`: why files were replaced one by one instead of all at once, or empty.
    """

    comparison_count: int
    note_count: int
    page_count: int
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    in_place: str
    stopped: Stopped
    diagnostics: tuple[Diagnostic, ...]


def build(root: Path, output: Path, options: Options) -> BuildReport:
    """Build the site at `root` into `output`. Raises `OSError` from the disk; the old site stands then."""
    try:
        refuse_forbidden(root, output)
        with locked(output):
            refuse_foreign(output)
            return _build(root, output, options)
    except OutputRefused as refusal:
        return _report(None, "output", refusal.diagnostic)


def check(root: Path, options: Options) -> Collated:
    """Read and compare everything, and write nothing: the faults a build would report of content and settings."""
    config, config_faults = read_config(root)
    if options.base_url is not None:
        config = replace(config, base_url=options.base_url)
    if not (root / "content").is_dir():
        config_faults = (*config_faults, error(Where("content/"), "there is no such folder", "each folder in it is one comparison"))
    if has_errors(config_faults):
        return Collated(config, (), _in_order(config_faults), is_configured=False)
    entries: list[Entry] = []
    diagnostics = list(config_faults)
    folders = story_folders(root)
    for done, folder in enumerate(folders):
        options.progress(done, len(folders))
        entry, faults = _collate(root, folder, config, options)
        diagnostics.extend(faults)
        if entry is not None:
            entries.append(entry)
    options.progress(len(folders), len(folders))
    return Collated(config, tuple(entries), _in_order(diagnostics), is_configured=True)


# ------------------------------------------------------------------ stages


def _build(root: Path, output: Path, options: Options) -> BuildReport:
    collated = check(root, options)
    if not collated.is_configured:
        return _report(collated, "configuration")
    if options.keep_good and has_errors(collated.diagnostics) and has_site(output):
        return _report(collated, "content")
    try:
        files = site_files(collated, template_folders(root))
    except TemplateFault as fault:
        return _report(collated, "template", fault.diagnostic)
    return _report(collated, "", published=publish(files, output, __version__))


def _report(collated: Collated | None, stopped: Stopped, *more: Diagnostic, published: Published | None = None) -> BuildReport:
    published = published or Published((), (), ())
    return BuildReport(
        comparison_count=collated.comparison_count if collated else 0,
        note_count=collated.note_count if collated else 0,
        page_count=sum(path.endswith(".html") for path in (*published.written, *published.unchanged)),
        written=published.written,
        unchanged=published.unchanged,
        removed=published.removed,
        in_place=published.in_place,
        stopped=stopped,
        diagnostics=_in_order((*(collated.diagnostics if collated else ()), *more)),
    )


def _in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.where))


def _collate(root: Path, folder: Path, config: SiteConfig, options: Options) -> tuple[Entry | None, tuple[Diagnostic, ...]]:
    """One story, read and compared, or None with the errors that leave it out."""
    try:
        story, faults = read_story(root, folder, config)
        if story is None:
            return None, faults
        if not options.drafts:
            story = without_drafts(story)
        comparisons, more = compare_story(story)
    except Exception as bug:
        if not options.catch:
            raise
        place = Where(folder.relative_to(root).as_posix())
        message = f"the program failed on this comparison: {type(bug).__name__}: {bug}"
        return None, (error(place, message, "this is a bug: run again with --debug for its traceback, and report it"),)
    return (story, comparisons), (*faults, *more)


def without_drafts(story: Story) -> Story:
    """The story without its draft notes, and without references to them."""
    drafts = {note.id for note in story.annotations if note.status == "draft"}
    if not drafts:
        return story
    kept = (note for note in story.annotations if note.id not in drafts)
    return replace(
        story, annotations=tuple(replace(note, see=tuple(id_ for id_ in note.see if id_ not in drafts)) for note in kept)
    )


def template_folders(root: Path) -> tuple[Path, ...]:
    """Where templates are looked for, first the site's own, last the default theme."""
    own, default = root / "templates", default_templates()
    return (own, default) if own.is_dir() and own.resolve() != default.resolve() else (default,)


def site_files(collated: Collated, templates: tuple[Path, ...]) -> dict[str, bytes]:
    """Every file of the site with its bytes: assets, the index, each story's texts, pages and their data. Raises `TemplateFault`.

    No two want one path: assets have a folder of their own, and `sources` refuses a story whose pairs share an address.
    """
    config, entries = collated.config, collated.entries
    renderer = Renderer(config, templates)
    files = {asset.path: asset.data for asset in renderer.assets()}
    for story, comparisons in entries:
        files |= {f"{story.slug}/{source.name}.txt": source.text.encode() for source in story.witnesses}
        for comparison in comparisons:
            page = comparison_page(config, story, comparison)
            files[page.route] = renderer.render(page).encode()
        if len(comparisons) > 1:
            overview = overview_page(config, story, comparisons)
            files[overview.route] = renderer.render(overview).encode()
    index = index_page(config, entries)
    files[index.route] = renderer.render(index).encode()
    return files | data_files(config, entries)
