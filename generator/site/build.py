"""A site's folder in, its pages in output/ out: finds out what is outdated, builds that, and publishes it in one switch.

    content/ ─read─▶ stories ─compare─▶ comparisons ─view─▶ pages ─render─▶ files ─publish─▶ output/

What comes out is what a build from nothing would give, byte for byte and warning for warning; `cache` has the laws for that.
Files are staged as they are made, so that a large site needs no more memory than its facts take.

A fault in one story leaves that story out and is reported; the others are built. Nothing is published when the
settings or a template are at fault, or when output/ holds what is not ours: the last good site stays. Nothing is written
into content/, and no clock, time zone, locale or order of a folder reaches a page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter
from pathlib import Path

from generator import __version__
from generator.config import SiteConfig, read_config
from generator.errors import Diagnostic, Where, error, has_errors
from generator.layout import CONFIG, CONTENT, TEMPLATES
from generator.ownpages import OwnPages, read_own_pages
from generator.site.cache import Known, Wanted, outdated
from generator.site.cachefile import CacheDamaged, cache_path, place_of
from generator.site.claim import OutputRefused, Standing, locked, refuse_forbidden
from generator.site.facts import StoryFacts
from generator.site.inputs import story_parts
from generator.site.language import unspoken
from generator.site.manifest import MANIFEST, has_site
from generator.site.memory import Memory, is_believed, is_plan_kept, recall, stamps_now, touched
from generator.site.program import default_templates, program
from generator.site.publish import Gate, Generation, Published, heal, staged
from generator.site.render import Renderer, TemplateFault
from generator.site.report import BuildReport, Reason, Stopped
from generator.site.search import SearchFault
from generator.site.stamps import RACY, digest, file_stamp, story_stamp
from generator.site.store import Past, Store, facts_bytes, notes_digest, open_store
from generator.site.story import LEFT_OUT, collated, story_files
from generator.site.tasks import INDEX, Now, Plan, Setup, Task, index_task, plan, setup
from generator.site.terms import spelling_faults
from generator.site.unchanged import remembered, said
from generator.sources import story_folders


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
    `fresh`: nothing is taken from the cache; without `is_cached`, there is none. `fingerprint`: names of assets change with their
    bytes; a preview does without, to exchange a style sheet. `gate`: a preview's, so that small changes of large sites are made in
    place (see `publish`). `is_searchable`: the search index is made, if the site has one; a preview does without, for it is made of
    all pages anew. `say` is told about the cache, in one line.
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


def build(
    root: Path, output: Path, options: Options, memory: Memory | None = None, changed: Sequence[Path] | None = None
) -> BuildReport:
    """Build the site at `root` into `output`. Raises `OSError` from the disk; the old site stands then.

    A preview passes one `memory` to all its builds, and what `changed` since the last one began, which is believed; None: anything
    may have.
    """
    try:
        refuse_forbidden(root, output)
        with locked(output):
            heal(output)
            return _build_somehow(root, output, options, memory or Memory(), changed)
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
    own, default = root / TEMPLATES, default_templates()
    return (own, default) if own.is_dir() and own.resolve() != default.resolve() else (default,)


def _settings(root: Path, options: Options) -> tuple[SiteConfig, OwnPages | None, tuple[Diagnostic, ...]]:
    """The settings and own pages, with their faults; no pages if a fault of the settings stops everything."""
    config, faults = read_config(root)
    if options.base_url is not None:
        config = replace(config, base_url=options.base_url)
    if not (root / CONTENT).is_dir():
        faults = (*faults, error(Where(f"{CONTENT}/"), "there is no such folder", "each folder in it is one comparison"))
    own = root / TEMPLATES
    if own.is_dir() and not os.access(own, os.R_OK | os.X_OK):
        faults = (*faults, error(Where(f"{TEMPLATES}/"), "the folder cannot be read", "give yourself the right to: chmod u+rx"))
    if has_errors(faults):
        return config, None, faults
    pages, more = read_own_pages(root, config)
    return replace(config, pages=pages.navigation), pages, (*faults, *unspoken(config.language), *more)


def _setup(root: Path, options: Options) -> tuple[Setup | None, tuple[Diagnostic, ...]]:
    config, own, faults = _settings(root, options)
    if own is None:
        return None, faults
    renderer = Renderer(config, template_folders(root), fingerprint=options.fingerprint)
    return setup(config, own, renderer, program(), drafts=options.drafts), faults


# ------------------------------------------------------------------ one build


@dataclass(slots=True)
class _Round:
    """One build under way. Duty: `stories`, `others` and `facts` hold what is known or just built; kept only if it is published."""

    root: Path
    options: Options
    site: Setup
    store: Store
    generation: Generation
    standing: Standing
    past: Past
    stamps: dict[str, str]
    facts: dict[str, StoryFacts]
    stories: dict[str, Known]
    others: dict[str, Known]
    outdated: set[str] = field(default_factory=set)
    reasons: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    plan: Plan | None = None
    spelling: tuple[Diagnostic, ...] = ()


def _build_somehow(root: Path, output: Path, options: Options, memory: Memory, changed: Sequence[Path] | None) -> BuildReport:
    """With the cache; if it is damaged, with a fresh one; if that cannot be written, without."""
    try:
        return _build(root, output, options, memory, changed)
    except CacheDamaged:
        options.say("the cache is damaged: everything is built anew")
        memory.manifest = ""
    try:
        return _build(root, output, replace(options, fresh=True), memory, None)
    except CacheDamaged:
        options.say("the cache cannot be written: everything is built without it")
        return _build(root, output, replace(options, is_cached=False), memory, None)


def _build(root: Path, output: Path, options: Options, memory: Memory, changed: Sequence[Path] | None) -> BuildReport:
    path = cache_path(root, output) if options.is_cached else None
    with closing(open_store(path, options.say, fresh=options.fresh)) as store:
        slugs, is_site_changed = touched(root, changed)
        if slugs is None or not is_believed(memory, output, store):
            recall(memory, output, store)
            slugs = None
        stamps = stamps_now(root, memory.stamps, slugs)
        if memory.site is None or is_site_changed or slugs is None or stamps.keys() != memory.stamps.keys():
            memory.site, memory.site_faults = _setup(root, options)
        if memory.site is None:
            return _stopped("configuration", memory.site_faults)
        with staged(output, memory.standing, __version__, options.gate) as generation:
            past = memory.past
            facts, stories, others = dict(memory.facts), dict(past.stories), dict(past.others)
            this = _Round(root, options, memory.site, store, generation, memory.standing, past, stamps, facts, stories, others)
            report = _publish(this, memory, output, slugs)
            if report.stopped:
                memory.stamps = this.stamps
                memory.waiting |= this.outdated
            return report


def _publish(this: _Round, memory: Memory, output: Path, slugs: frozenset[str] | None) -> BuildReport:
    """Build what is outdated, and switch."""
    memory.waiting |= slugs or frozenset()
    is_alike = this.site.story_environment().key in this.past.environments
    try:
        _build_stories(this, memory.waiting if slugs is not None and is_alike else None)
        faults = [*memory.site_faults, *chain.from_iterable(map(_DIAGNOSTICS, this.stories.values()))]
        if is_plan_kept(memory, this.site, this.stories, this.facts, this.outdated):
            this.plan, this.spelling = memory.plan, memory.spelling
        else:
            this.spelling = spelling_faults({slug: facts.tags for slug, facts in this.facts.items()})
        faults += this.spelling
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
    report = _report(this, faults, published)
    _remember(this, memory, output, report, is_whole=slugs is None)
    return report


def _build_stories(this: _Round, only: frozenset[str] | None) -> None:
    """Every outdated story among `only`; None: among all."""
    wanted = {slug: _wanted(this, slug) for slug in (this.stamps if only is None else sorted(only & this.stamps.keys()))}
    found = outdated(this.past.stories, this.past.environments, wanted, this.standing.ours)
    this.outdated |= found.keys()
    for slug in sorted(this.past.stories.keys() - this.stamps.keys()):
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
    this.stamps[slug] = story_stamp(this.root, slug) if this.stamps[slug] == RACY else this.stamps[slug]
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
    before = this.stories.get(slug)
    if before is None or (before.facts, before.notes) != (known.facts, known.notes):
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
    now = Now(this.facts, this.stories, this.store.notes)
    if this.plan is None:
        this.plan, tasks = plan(this.site, this.stamps, now)
    else:
        tasks = this.plan.touched(this.outdated, now)
    names = this.plan.names
    found = {task.name: task for task in tasks}
    wanted = {name: task.wanted for name, task in found.items()}
    reasons = outdated(this.past.others, this.past.environments, wanted, this.standing.ours, this.altered)
    for name in reasons:
        _build_other(this, found[name])
    if this.options.is_searchable and this.site.config.search:
        # Last, for it is made of finished pages.
        names |= {INDEX}
        task = index_task(this.site, this.stories, this.others, this.generation.read)
        reasons |= outdated(this.past.others, this.past.environments, {INDEX: task.wanted}, this.standing.ours, this.altered)
        if INDEX in reasons:
            _build_other(this, task)
    for name in [name for name in this.past.others if name not in names]:
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


def _remember(this: _Round, memory: Memory, output: Path, report: BuildReport, *, is_whole: bool) -> None:
    """Keep what is known now, in the cache and in the memory; if all was looked at (`is_whole`), what tells that nothing did."""
    manifest = file_stamp(output / MANIFEST)
    environments = {each.key: each.parts for each in this.site.environments.values()}
    ours = dict(this.standing.ours)
    for path in report.removed:
        del ours[path]
    ours |= this.generation.written
    meta = {"manifest": manifest, **place_of(output), **(_last(this, output, report, ours) if is_whole else {})}
    try:
        memory.store = this.store.commit(meta, environments)
        memory.manifest = manifest
    except CacheDamaged:
        this.options.say("the cache cannot be written: the next build will begin anew")
        memory.manifest = ""
    memory.past = Past(this.stories, this.others, environments, meta)
    memory.facts = this.facts
    memory.plan, memory.spelling = this.plan, this.spelling
    memory.stamps = this.stamps
    memory.waiting = frozenset()
    memory.standing = replace(this.standing, ours=ours, altered={}, is_hashed=False)


def _last(this: _Round, output: Path, report: BuildReport, ours: Iterable[str]) -> dict[str, str]:
    """What tells the next build that nothing changed, if that can be told."""
    if any(not unit.key for unit in this.stories.values()):
        return {}
    _settle(this)
    given = this.options
    options = said(drafts=given.drafts, base_url=given.base_url, fingerprint=given.fingerprint, is_searchable=given.is_searchable)
    return remembered(this.root, output, options, report, stamps=this.stamps, files=ours)


def _settle(this: _Round) -> None:
    """Stories whose files were too young to believe their stamps: after a long build they no longer are."""
    for slug in [slug for slug, stamp in this.stamps.items() if stamp == RACY]:
        stamp, known = story_stamp(this.root, slug), this.stories[slug]
        if stamp != RACY and story_parts(this.root, slug) == known.inputs:
            this.stamps[slug] = stamp
            this.stories[slug] = known._replace(stamp=stamp)
            this.store.keep(f"{slug}/", this.stories[slug])


# ------------------------------------------------------------------ reports

# After an edited note most of the work is to count what stays: twice as fast so.
_COMPARISONS, _NOTES, _PAGES, _DIAGNOSTICS = map(attrgetter, ("comparison_count", "note_count", "page_count", "diagnostics"))


def _report(this: _Round, faults: Iterable[Diagnostic], published: Published) -> BuildReport:
    units = (*this.stories.values(), *this.others.values())
    return BuildReport(
        comparison_count=sum(map(_COMPARISONS, units)),
        note_count=sum(map(_NOTES, units)),
        page_count=sum(map(_PAGES, units)),
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
