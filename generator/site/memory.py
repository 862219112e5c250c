"""What a build begins with: what is known of the last one, what stands in output/, and which stories changed since.

In: the cache, the folders, and in a preview what the build before left in memory. Out: a `Memory` that is exact. What cannot be
believed is read anew; nothing is built here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Diagnostic
from generator.layout import CONTENT, PAGES
from generator.site.around import is_grouped_alike
from generator.site.cache import PROGRAM, Known
from generator.site.claim import Standing, glance, survey
from generator.site.facts import StoryFacts
from generator.site.manifest import MANIFEST
from generator.site.program import program
from generator.site.stamps import file_stamp, story_stamp, story_stamps
from generator.site.store import NO_TOKEN, NOTHING, Past, Store, Token
from generator.site.story import STORY_TEMPLATES
from generator.site.tasks import Plan, Setup

READ_WHOLE = 2_000
"""Up to how many files of output/ are read at each build, to see whether somebody changed them: 20 µs a file. Of a larger site
the names are looked at, and the files that are to be written or deleted are read."""

Slugs = frozenset[str]


@dataclass(slots=True)
class Memory:
    """What a preview keeps from build to build, so that one edited note costs what it changes, not what there is.

    Duty: it is exact as long as `manifest` and `store` are what output/ and the cache say; else it is not believed, and read anew.
    `stamps`: of all stories, in their order. `waiting`: stories that are outdated since builds that published nothing.
    `plan` and `spelling`: the units around the stories, and the faults in how tags are spelt, as they were of these `facts`.
    """

    manifest: str = ""
    store: Token = NO_TOKEN
    past: Past = NOTHING
    facts: Mapping[str, StoryFacts] = field(default_factory=dict)
    stamps: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing({}))
    waiting: Slugs = frozenset()
    site: Setup | None = None
    site_faults: tuple[Diagnostic, ...] = ()
    plan: Plan | None = None
    spelling: tuple[Diagnostic, ...] = ()


def touched(root: Path, changed: Sequence[Path] | None) -> tuple[Slugs | None, bool]:
    """The stories that `changed` paths belong to, or None if all must be looked at; and whether anything else changed."""
    slugs: set[str] = set()
    is_site_changed = False
    for path in changed if changed is not None else (root,):
        parts = path.relative_to(root).parts if path.is_relative_to(root) else ()
        if len(parts) < 2 and parts[:1] in {(), (CONTENT,)}:
            return None, True
        if parts[0] == CONTENT and parts[:2] != PAGES:
            slugs.add(parts[1])
        else:
            is_site_changed = True
    return frozenset(slugs), is_site_changed


def is_believed(memory: Memory, output: Path, store: Store) -> bool:
    """Whether what is remembered is what stands, and what the cache tells."""
    return bool(memory.manifest) and memory.manifest == file_stamp(output / MANIFEST) and store.resume(memory.store)


def is_plan_kept(
    memory: Memory, site: Setup, stories: Mapping[str, Known], facts: Mapping[str, StoryFacts], built: Iterable[str]
) -> bool:
    """Whether the plan remembered is still the one: of the stories that were `built`, nothing changed but what their notes say."""
    return (
        memory.plan is not None
        and memory.plan.site is site
        and memory.past.stories.keys() == stories.keys()
        and all(is_grouped_alike(memory.facts.get(slug), facts.get(slug)) for slug in built)
    )


def recall(memory: Memory, output: Path, store: Store) -> None:
    """Read what is known from the cache, and look at what stands. Raises `CacheDamaged` and `OutputRefused`."""
    memory.past = store.load()
    memory.store = store.token(memory.past)
    # Another program's facts may be of another shape; they are all made anew.
    is_ours = all(parts.get(PROGRAM, program()) == program() for parts in memory.past.environments.values())
    memory.facts = store.facts(memory.past.stories) if is_ours else {}
    memory.waiting = frozenset()
    memory.plan = None
    known = {
        path: written
        for units in (memory.past.stories, memory.past.others)
        for unit in units.values()
        for path, written in unit.files.items()
    }
    memory.manifest = file_stamp(output / MANIFEST)
    is_same = memory.past.meta.get("manifest", "") == memory.manifest != ""
    memory.standing = glance(output, known) if is_same and len(known) > READ_WHOLE else survey(output)


def warm(memory: Memory) -> None:
    """Do now what the first edited story would wait for: compile the templates of its pages, 0.3 s."""
    if memory.site is not None:
        memory.site.renderer.prepare(STORY_TEMPLATES)


def stamps_now(root: Path, before: Mapping[str, str], slugs: Slugs | None) -> dict[str, str]:
    """A stamp for each story; only those of `slugs` are looked at if the others are known."""
    if slugs is None:
        return story_stamps(root)
    found = {slug: story_stamp(root, slug) for slug in slugs}
    stamps = {**before, **found}
    if found.keys() <= before.keys() and all(found.values()):
        return stamps
    return dict(sorted((slug, stamp) for slug, stamp in stamps.items() if stamp))
