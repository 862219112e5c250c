"""A site's folder in, its pages in output/ out: finds out what is outdated, builds that, and publishes it in one switch.

    content/ ─read─▶ stories ─compare─▶ comparisons ─view─▶ pages ─render─▶ files ─publish─▶ output/

What comes out is what a build from nothing would give, byte for byte and warning for warning; `cache` has the laws for that. Files are
staged as they are made, so that a large site needs no more memory than its facts take.

A fault in one story leaves that story out and is reported; the others are built. Nothing is published when the
settings or a template are at fault, or when output/ holds what is not ours: the last good site stays. Nothing is written
into content/, and no clock, time zone, locale or order of a folder reaches a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

from generator import __version__
from generator.config import CONFIG, SiteConfig, read_config
from generator.errors import Diagnostic, Where, error, has_errors
from generator.ownpages import FOLDER, OwnPages, read_own_pages
from generator.site.cache import Known, Reason, Wanted, outdated
from generator.site.claim import OutputRefused, Standing, glance, locked, refuse_forbidden, survey
from generator.site.facts import StoryFacts
from generator.site.inputs import RACY, digest, file_stamp, program, story_parts, story_stamp, story_stamps
from generator.site.language import unspoken
from generator.site.manifest import MANIFEST, has_site
from generator.site.publish import Gate, Generation, Published, heal, staged
from generator.site.render import Renderer, TemplateFault, default_templates
from generator.site.search import SearchFault
from generator.site.store import (
    NO_TOKEN,
    NOTHING,
    CacheDamaged,
    Past,
    Store,
    Token,
    cache_path,
    facts_bytes,
    notes_digest,
    open_store,
)
from generator.site.story import LEFT_OUT, collated, story_files
from generator.site.tasks import INDEX, Setup, Task, index_task, setup, tasks
from generator.site.terms import spelling_faults
from generator.sources import CONTENT, story_folders

Stopped = Literal["", "configuration", "template", "output", "content"]
"""Why a build published nothing; empty if it did."""

READ_WHOLE = 2_000
"""Up to how many files of output/ are read at each build, to see whether somebody changed them: 20 µs a file. Of a larger site the names are
looked at, and the files that are to be written or deleted are read."""


def _no_progress(done: int, total: int) -> None:
    """Tell nobody."""


def _say_nothing(line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to build. `base_url`: instead of the one in variorum.toml. `drafts`: notes that are drafts are shown too.

    `keep_good`: an error in any story publishes nothing if a site stands already (a preview keeps the last good one).
    `catch`: a bug met in a story is reported as that story's error; without, it is raised, with its traceback.
    `progress` is called with the number of stories done and of all that are built.
    `fresh`: nothing is taken from the cache; without `is_cached`, there is none. `fingerprint`: names of assets change with their bytes; without, a preview can exchange a style sheet.
    `gate`: a preview's, so that small changes of large sites are made in place (see `publish`). `is_searchable`: the search index is
    made, if the site has one; a preview does without, for it is made of all pages anew. `say` is told about the cache, in one line.
    """

    drafts: bool = False
    base_url: str | None = None
    keep_good: bool = False
    catch: bool = True
    progress: Callable[[int, int], None] = _no_progress
    fresh: bool = False
    is_cached: bool = True
    fingerprint: bool = True
    gate: Gate | None = None
    is_searchable: bool = True
    say: Callable[[str], None] = _say_nothing


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found: the settings, how much there is, and every fault found on the way."""

    config: SiteConfig
    comparison_count: int
    note_count: int
    diagnostics: tuple[Diagnostic, ...]
    is_configured: bool


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Paths are sorted and relative to output/; diagnostics stand in the order of their places.

    `unchanged`: how many files stay the same. `in_place`: why files were replaced one by one instead of all at once, or empty.
    `reasons`: every unit that was built with the reasons for it; a story is called by its folder (`bridge/`), another unit by its file.
    """

    comparison_count: int
    note_count: int
    page_count: int
    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    in_place: str
    stopped: Stopped
    diagnostics: tuple[Diagnostic, ...]
    reasons: tuple[tuple[str, tuple[Reason, ...]], ...] = ()


@dataclass(slots=True)
class Memory:
    """What a preview keeps from build to build, so that one edited note costs what it changes, not what there is.

    Duty: it is exact as long as `manifest` and `store` are what output/ and the cache say; else it is not believed, and read anew.
    `stamps`: of all stories, in their order. `waiting`: stories that changed in builds that published nothing.
    """

    manifest: str = ""
    store: Token = NO_TOKEN
    past: Past = NOTHING
    facts: Mapping[str, StoryFacts] = field(default_factory=dict)
    stamps: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing({}))
    waiting: frozenset[str] = frozenset()
    site: Setup | None = None
    site_faults: tuple[Diagnostic, ...] = ()


def build(
    root: Path, output: Path, options: Options, memory: Memory | None = None, changed: Sequence[Path] | None = None
) -> BuildReport:
    """Build the site at `root` into `output`. Raises `OSError` from the disk; the old site stands then.

    A preview passes one `memory` to all its builds, and what `changed` since the last one began, which is believed; None: anything may have.
    """
    try:
        refuse_forbidden(root, output)
        with locked(output):
            heal(output)
            try:
                return _build(root, output, options, memory or Memory(), changed)
            except CacheDamaged:
                options.say("the cache is damaged: everything is built anew")
                return _build(root, output, replace(options, fresh=True), memory or Memory(), None)
    except OutputRefused as refusal:
        return _stopped("output", (refusal.diagnostic,))


def check(root: Path, options: Options) -> Checked:
    """Read and compare everything, and write nothing: the faults a build would report of content and settings."""
    config, own, faults = _settings(root, options)
    if own is None:
        return Checked(config, 0, 0, _in_order(faults), is_configured=False)
    diagnostics = list(faults)
    tags: dict[str, tuple[str, ...]] = {}
    comparison_count = note_count = 0
    folders = story_folders(root)
    for done, folder in enumerate(folders):
        options.progress(done, len(folders))
        entry, found, _ = collated(root, folder, config, drafts=options.drafts, catch=options.catch)
        diagnostics.extend(found)
        tags |= {entry[0].slug: entry[0].tags} if entry else {}
        comparison_count += len(entry[1]) if entry else 0
        note_count += len(entry[0].annotations) if entry else 0
    options.progress(len(folders), len(folders))
    diagnostics.extend(spelling_faults(tags))
    return Checked(config, comparison_count, note_count, _in_order(diagnostics), is_configured=True)


# ------------------------------------------------------------------ settings


def template_folders(root: Path) -> tuple[Path, ...]:
    """Where templates are looked for, first the site's own, last the default theme."""
    own, default = root / "templates", default_templates()
    return (own, default) if own.is_dir() and own.resolve() != default.resolve() else (default,)


def _settings(root: Path, options: Options) -> tuple[SiteConfig, OwnPages | None, tuple[Diagnostic, ...]]:
    """The settings and own pages, with their faults; no pages if a fault of the settings stops everything."""
    config, faults = read_config(root)
    if options.base_url is not None:
        config = replace(config, base_url=options.base_url)
    if not (root / CONTENT).is_dir():
        faults = (*faults, error(Where(f"{CONTENT}/"), "there is no such folder", "each folder in it is one comparison"))
    if has_errors(faults):
        return config, None, faults
    own, more = read_own_pages(root, config)
    return replace(config, pages=own.navigation), own, (*faults, *unspoken(config.language), *more)


def _setup(root: Path, options: Options) -> tuple[Setup | None, tuple[Diagnostic, ...]]:
    config, own, faults = _settings(root, options)
    if own is None:
        return None, faults
    renderer = Renderer(config, template_folders(root), fingerprint=options.fingerprint)
    return setup(config, own, renderer, _program(), drafts=options.drafts), faults


_program = cache(program)


# ------------------------------------------------------------------ one build


@dataclass(slots=True)
class _Round:
    """One build under way. Duty: `stories`, `others` and `facts` hold what is known or was just built; kept only if it is published."""

    root: Path
    options: Options
    site: Setup
    store: Store
    generation: Generation
    standing: Standing
    past: Past
    stamps: Mapping[str, str]
    facts: dict[str, StoryFacts]
    stories: dict[str, Known]
    others: dict[str, Known]
    reasons: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)


def _build(root: Path, output: Path, options: Options, memory: Memory, changed: Sequence[Path] | None) -> BuildReport:
    path = cache_path(root, output) if options.is_cached else None
    with closing(open_store(path, options.say, fresh=options.fresh)) as store:
        slugs, is_site_changed = _touched(root, changed)
        if slugs is None or not _is_believed(memory, output, store):
            _recall(memory, output, store)
            slugs = None
        stamps = _stamps(root, memory.stamps, slugs)
        if memory.site is None or is_site_changed or slugs is None or stamps.keys() != memory.stamps.keys():
            memory.site, memory.site_faults = _setup(root, options)
        if memory.site is None:
            return _stopped("configuration", memory.site_faults)
        with staged(output, memory.standing, __version__, options.gate) as generation:
            past = memory.past
            facts, stories, others = dict(memory.facts), dict(past.stories), dict(past.others)
            this = _Round(root, options, memory.site, store, generation, memory.standing, past, stamps, facts, stories, others)
            return _publish(this, memory, output, slugs)


def _publish(this: _Round, memory: Memory, output: Path, slugs: frozenset[str] | None) -> BuildReport:
    """Build what is outdated, and switch."""
    memory.waiting |= slugs or frozenset()
    is_alike = this.site.story_environment().key in this.past.environments
    try:
        _build_stories(this, memory.waiting if slugs is not None and is_alike else None)
        faults = [*memory.site_faults, *(fault for slug in this.stamps for fault in this.stories[slug].diagnostics)]
        faults += spelling_faults({slug: facts.tags for slug, facts in this.facts.items()})
        if this.options.keep_good and has_errors(faults) and has_site(output):
            return _stopped("content", faults, this)
        _build_others(this)
    except TemplateFault as fault:
        return _stopped("template", (*memory.site_faults, fault.diagnostic), this)
    except SearchFault as fault:
        failed = error(Where(CONFIG), f"the search index could not be made: {fault}", "search = false builds the site without one")
        return _stopped("configuration", (*memory.site_faults, failed), this)
    if slugs is None:
        _drop_strays(this)
    published = this.generation.commit()
    _remember(this, memory, output, published)
    return _report(this, faults, published)


def _build_stories(this: _Round, only: frozenset[str] | None) -> None:
    """Every outdated story among `only`; None: among all."""
    wanted = {slug: _wanted(this, slug) for slug in this.stamps if only is None or slug in only}
    found = outdated(this.past.stories, this.past.environments, wanted, this.standing.ours)
    for slug in [slug for slug in this.past.stories if slug not in this.stamps]:
        _withdraw(this, slug)
    for slug in wanted.keys() - found.keys():
        if this.stories[slug].stamp != this.stamps[slug]:
            this.stories[slug] = this.stories[slug]._replace(stamp=this.stamps[slug])
            this.store.keep(f"{slug}/", this.stories[slug])
    for done, (slug, reasons) in enumerate(found.items()):
        this.options.progress(done, len(found))
        this.reasons[f"{slug}/"] = reasons
        _build_story(this, slug, wanted[slug])
    this.options.progress(len(found), len(found))


def _wanted(this: _Round, slug: str) -> Wanted:
    """A story as it would be built now; its files are not read if their stamp is the one they had."""
    known = this.past.stories.get(slug)
    is_same = known is not None and known.stamp == this.stamps[slug] != RACY
    inputs = known.inputs if known is not None and is_same else story_parts(this.root, slug)
    return Wanted(inputs, this.site.story_environment())


def _build_story(this: _Round, slug: str, wanted: Wanted) -> None:
    """One story: its files staged, its facts and faults known."""
    folder = this.root / CONTENT / slug
    entry, faults, is_bug = collated(this.root, folder, this.site.config, drafts=this.options.drafts, catch=this.options.catch)
    built = story_files(this.site.config, this.site.renderer.render, *entry) if entry else LEFT_OUT
    data = facts_bytes(built.facts) if built.facts else b""
    # What changed while it was read, or met a bug, has no key, and so is built again next time.
    is_sound = not is_bug and story_parts(this.root, slug) == wanted.inputs
    known = Known(
        key=wanted.key if is_sound else "",
        inputs=wanted.inputs,
        environment=wanted.environment.key,
        files=_staged(this, built.files, this.past.stories.get(slug)),
        page_count=sum(path.endswith(".html") for path in built.files),
        stamp=this.stamps[slug],
        facts=digest(data) if data else "",
        brief=digest(facts_bytes(built.facts._replace(notes=()))) if built.facts else "",
        notes=notes_digest(built.notes),
        comparison_count=built.comparison_count,
        note_count=built.note_count,
        diagnostics=faults,
    )
    if slug not in this.stories or this.stories[slug].facts != known.facts:
        this.altered.add(slug)
    this.stories[slug] = known
    this.facts.pop(slug, None)
    if built.facts:
        this.facts[slug] = built.facts
    this.store.keep_story(f"{slug}/", data, built.notes)
    this.store.keep(f"{slug}/", known)


def _staged(this: _Round, files: Mapping[str, bytes], before: Known | None) -> dict[str, str]:
    """The files of a unit with their hashes, staged; those that it had and has no more are dropped."""
    for path in before.files if before else ():
        if path not in files:
            this.generation.drop(path)
    return {path: this.generation.put(path, data) for path, data in files.items()}


def _withdraw(this: _Round, slug: str) -> None:
    for path in this.stories.pop(slug).files:
        this.generation.drop(path)
    this.facts.pop(slug, None)
    this.altered.add(slug)
    this.store.forget(f"{slug}/")


def _build_others(this: _Round) -> None:
    """Every outdated file around the stories."""
    facts = [this.facts[slug] for slug in this.stamps if slug in this.facts]
    found = {task.name: task for task in tasks(this.site, facts, this.stories, this.store.notes)}
    wanted = {name: task.wanted for name, task in found.items()}
    reasons = outdated(this.past.others, this.past.environments, wanted, this.standing.ours, this.altered)
    for name in reasons:
        _build_other(this, found[name])
    if this.options.is_searchable and this.site.config.search:
        # Last, for it is made of finished pages.
        task = found[INDEX] = index_task(this.site, this.stories, this.others, this.generation.read)
        reasons |= outdated(this.past.others, this.past.environments, {INDEX: task.wanted}, this.standing.ours, this.altered)
        if INDEX in reasons:
            _build_other(this, task)
    for name in [name for name in this.past.others if name not in found]:
        for path in this.others.pop(name).files:
            this.generation.drop(path)
        this.store.forget(name)
    this.reasons |= reasons


def _build_other(this: _Round, task: Task) -> None:
    files = _staged(this, task.make(), this.past.others.get(task.name))
    pages = sum(path.endswith(".html") for path in files)
    known = Known(task.wanted.key, task.wanted.inputs, task.wanted.environment.key, files, pages)
    this.others[task.name] = known
    this.store.keep(task.name, known)


def _drop_strays(this: _Round) -> None:
    """Files of ours that no unit has: an older build wrote them, of which nothing else is known."""
    known = {path for units in (this.stories, this.others) for unit in units.values() for path in unit.files}
    for path in this.standing.ours:
        if path not in known:
            this.generation.drop(path)


# ------------------------------------------------------------------ from build to build


def _touched(root: Path, changed: Sequence[Path] | None) -> tuple[frozenset[str] | None, bool]:
    """The stories that `changed` paths belong to, or None if all must be looked at; and whether anything else changed."""
    slugs: set[str] = set()
    is_site_changed = False
    for path in changed if changed is not None else (root,):
        parts = path.relative_to(root).parts if path.is_relative_to(root) else ()
        if len(parts) < 2 and parts[:1] in {(), (CONTENT,)}:
            return None, True
        if parts[0] == CONTENT and parts[:2] != FOLDER:
            slugs.add(parts[1])
        else:
            is_site_changed = True
    return frozenset(slugs), is_site_changed


def _is_believed(memory: Memory, output: Path, store: Store) -> bool:
    """Whether what is remembered is what stands, and what the cache tells."""
    return bool(memory.manifest) and memory.manifest == file_stamp(output / MANIFEST) and store.resume(memory.store)


def _recall(memory: Memory, output: Path, store: Store) -> None:
    """Read what is known from the cache, and look at what stands."""
    memory.past = store.load()
    memory.facts = store.facts(memory.past.stories)
    memory.waiting = frozenset()
    known = {
        path: digest
        for units in (memory.past.stories, memory.past.others)
        for unit in units.values()
        for path, digest in unit.files.items()
    }
    is_same = memory.past.meta.get("manifest", "") == file_stamp(output / MANIFEST) != ""
    memory.standing = glance(output, known) if is_same and len(known) > READ_WHOLE else survey(output)


def _stamps(root: Path, before: Mapping[str, str], slugs: frozenset[str] | None) -> Mapping[str, str]:
    """A stamp for each story; only those of `slugs` are looked at if the others are known."""
    if slugs is None:
        return story_stamps(root)
    found = {slug: story_stamp(root, slug) for slug in slugs}
    stamps = {slug: stamp for slug, stamp in (dict(before) | found).items() if stamp}
    return stamps if stamps.keys() == before.keys() else dict(sorted(stamps.items()))


def _remember(this: _Round, memory: Memory, output: Path, published: Published) -> None:
    """Keep what is known now, in the cache and in the memory."""
    manifest = file_stamp(output / MANIFEST)
    environments = {each.key: each.parts for each in this.site.environments.values()}
    meta = {"manifest": manifest}
    memory.store = this.store.commit(meta, environments)
    memory.manifest = manifest
    memory.past = Past(this.stories, this.others, environments, meta)
    memory.facts = this.facts
    memory.stamps = this.stamps
    memory.waiting = frozenset()
    gone = frozenset(published.removed)
    ours = {path: digest for path, digest in this.standing.ours.items() if path not in gone} | this.generation.written
    memory.standing = replace(this.standing, ours=ours, altered={}, is_hashed=False)


# ------------------------------------------------------------------ reports


def _report(this: _Round, faults: Iterable[Diagnostic], published: Published) -> BuildReport:
    units = (*this.stories.values(), *this.others.values())
    return BuildReport(
        comparison_count=sum(unit.comparison_count for unit in units),
        note_count=sum(unit.note_count for unit in units),
        page_count=sum(unit.page_count for unit in units),
        written=published.written,
        unchanged=published.kept,
        removed=published.removed,
        in_place=published.in_place,
        stopped="",
        diagnostics=_in_order(faults),
        reasons=tuple(this.reasons.items()),
    )


def _stopped(stopped: Stopped, faults: Iterable[Diagnostic], this: _Round | None = None) -> BuildReport:
    """Nothing was published. What was read of the stories is told all the same."""
    units = tuple(this.stories.values()) if this else ()
    comparisons, notes = sum(unit.comparison_count for unit in units), sum(unit.note_count for unit in units)
    more = (fault for unit in units for fault in unit.diagnostics) if stopped == "template" else ()
    return BuildReport(comparisons, notes, 0, (), 0, (), "", stopped, _in_order((*faults, *more)))


def _in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.where))
