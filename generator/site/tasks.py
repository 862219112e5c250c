"""The units of a site: what each is made from, and for those that belong to no story, how they are made.

In: the settings, templates and facts of a build. Out: what each unit wants, and tasks. Nothing is made before `make` is called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from generator.config import SiteConfig
from generator.ownpages import OwnPages
from generator.site import feeds, hosting, search, sitemap
from generator.site.around import Planned, around
from generator.site.cache import PROGRAM, STORIES, Environment, Known, Wanted
from generator.site.export import SiteNotes, notes_names, site_csv, site_notes
from generator.site.facts import StoryFacts
from generator.site.inputs import Parts, digest_of_parts, setting_parts
from generator.site.render import Renderer
from generator.site.stamps import digest
from generator.site.story import STORY_TEMPLATES

NOTES_CHUNK = 200
"""Stories whose notes share a file of the site. More: fewer downloads; fewer: an edited note rewrites less. 2 kB a story."""

ASSETS = "assets"
"""The unit of all files of the theme."""

INDEX = "pagefind"
"""The unit of all files of the search index."""

_LIST = "list"
_ONLY_AROUND = frozenset({"setting headline", "setting description"})
"""Settings that no page of a story shows: a test holds this against the pages."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all units of a build share: settings, own pages, templates and the program, with the digests of them."""

    config: SiteConfig
    own: OwnPages
    renderer: Renderer
    shared: Parts
    environments: dict[str, Environment] = field(default_factory=dict)

    def story_environment(self) -> Environment:
        """What every story's files depend on besides their own folder."""
        if "" not in self.environments:
            shared = {name: value for name, value in self.shared.items() if name not in _ONLY_AROUND}
            self.environments[""] = _environment({**shared, **self._templates(STORY_TEMPLATES)})
        return self.environments[""]

    def environment(self, template: str) -> Environment:
        """What a file around the stories depends on besides their facts; `template` may be empty."""
        key = template or "."
        if key not in self.environments:
            shared = {name: value for name, value in self.shared.items() if template or not name.startswith("asset ")}
            self.environments[key] = _environment({**shared, **self._templates((template,) if template else ())})
        return self.environments[key]

    def _templates(self, names: Iterable[str]) -> Parts:
        return {f"template {name}": digest(text.encode()) for name, text in self.renderer.sources(names).items()}


def setup(config: SiteConfig, own: OwnPages, renderer: Renderer, program: str, *, drafts: bool) -> Setup:
    """What all units share."""
    names = {f"asset {name}": path for name, path in renderer.asset_names().items()}
    return Setup(config, own, renderer, {PROGRAM: program, **setting_parts(config, drafts=drafts), **names})


def _environment(parts: Parts) -> Environment:
    return Environment(digest_of_parts(parts), parts)


# ------------------------------------------------------------------ around the stories


class Task(NamedTuple):
    """A unit around the stories. `make` gives its files by path; two calls give the same."""

    name: str
    wanted: Wanted
    make: Callable[[], Mapping[str, bytes]]


class Now(NamedTuple):
    """What is known of the stories, by slug, at a build: facts, units. `notes` gives the stories' parts in the site's notes."""

    facts: Mapping[str, StoryFacts]
    known: Mapping[str, Known]
    notes: Callable[[Mapping[str, str]], Iterator[SiteNotes]]


Noted = Callable[[Now], Task]
"""Wants a unit that shows notes again, for what is known now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which units there are around the stories. Holds until the settings change, or a story in more than what its notes say.

    `names`: of all units. `noted`: those that show notes, by name; `shown_in`: their names, by the slug of each story they show.
    """

    site: Setup
    names: frozenset[str]
    noted: Mapping[str, Noted]
    shown_in: Mapping[str, Sequence[str]]

    def touched(self, slugs: Iterable[str], now: Now) -> tuple[Task, ...]:
        """The units that show notes of these stories: of all units, those that an edited note can change."""
        names = dict.fromkeys(name for slug in slugs for name in self.shown_in.get(slug, ()))
        return tuple(self.noted[name](now) for name in names)


def plan(site: Setup, slugs: Iterable[str], now: Now) -> tuple[Plan, tuple[Task, ...]]:
    """All units that belong to no story; `slugs`: of the stories, in their order."""
    facts = [now.facts[slug] for slug in slugs if slug in now.facts]
    planned = around(site.config, facts, site.own)
    assets = site.renderer.assets()
    paths = tuple(asset.path for asset in assets)
    files = (
        *planned,
        *search.planned(site.config),
        *feeds.planned(site.config, facts),
        *sitemap.planned(site.config, facts, planned),
        *hosting.planned(site.config, paths),
    )
    names = {asset.path: digest(asset.data) for asset in assets}
    theme = Task(ASSETS, Wanted(names, _environment({})), lambda: {asset.path: asset.data for asset in assets})
    noted: dict[str, Noted] = {each.route: partial(_again, site, each) for each in files if each.anew}
    lists = {name: partial(_notes_task, site, *chunk) for name, chunk in _chunks(facts)}
    found = (theme, *(_task(site, each, now.known) for each in files), *(make(now) for make in lists.values()))
    noted |= lists
    shown_in: defaultdict[str, list[str]] = defaultdict(list)
    for task in found:
        for slug in task.wanted.needs if task.name in noted else ():
            shown_in[slug].append(task.name)
    return Plan(site, frozenset(task.name for task in found), noted, shown_in), found


def _again(site: Setup, planned: Planned, now: Now) -> Task:
    """A file that shows notes, for what these stories say now."""
    stories = [now.facts[slug] for slug in planned.needs]
    return _task(site, planned.anew(stories) if planned.anew else planned, now.known)


def _task(site: Setup, planned: Planned, known: Mapping[str, Known]) -> Task:
    digests = [known[slug].facts if planned.anew else known[slug].brief for slug in planned.needs]
    inputs = {STORIES: digest("\n".join(digests).encode()), _LIST: digest(planned.more.encode("utf-8", "surrogatepass"))}
    return Task(planned.route, Wanted(inputs, site.environment(planned.template), planned.needs), partial(_made, site, planned))


def _made(site: Setup, planned: Planned) -> dict[str, bytes]:
    made = planned.make()
    return {planned.route: made if isinstance(made, bytes) else site.renderer.render(made).encode()}


def index_task(site: Setup, stories: Mapping[str, Known], others: Mapping[str, Known], read: Callable[[str], bytes]) -> Task:
    """The search index, made of the finished pages of stories and of the site's own. `read` gives a file as it will be."""
    own = [others[route] for page in site.own.pages if (route := f"{page.name}/index.html") in others]
    units = (*(stories[slug] for slug in sorted(stories)), *own)
    pages = {path: written for unit in units for path, written in unit.files.items() if path.endswith(".html")}
    inputs = {STORIES: digest("\n".join(f"{path} {written}" for path, written in pages.items()).encode())}
    wanted = Wanted(inputs, site.environment(""), tuple(sorted(stories)))
    return Task(INDEX, wanted, partial(_index_files, site.config, tuple(pages), read))


def _index_files(config: SiteConfig, paths: Iterable[str], read: Callable[[str], bytes]) -> dict[str, bytes]:
    return search.index(((path, read(path)) for path in paths), keep_index=config.relative_links)


def _chunks(facts: Sequence[StoryFacts]) -> Iterator[tuple[str, tuple[int, Sequence[str], str]]]:
    """The files of the notes of all stories, `NOTES_CHUNK` stories in each: name, number, slugs, and the file that follows."""
    slugs = [story.slug for story in facts]
    chunks = [slugs[start : start + NOTES_CHUNK] for start in range(0, len(slugs), NOTES_CHUNK)] or [[]]
    for number, chunk in enumerate(chunks):
        following = notes_names(number + 1)[1] if number + 1 < len(chunks) else ""
        yield notes_names(number)[0], (number, chunk, following)


def _notes_task(site: Setup, number: int, slugs: Sequence[str], following: str, now: Now) -> Task:
    """One such file."""
    digests = {slug: now.known[slug].notes for slug in slugs}
    inputs = {STORIES: digest("\n".join(digests.values()).encode()), _LIST: following}
    make = partial(_notes_files, site.config, number, following, partial(now.notes, digests))
    return Task(notes_names(number)[0], Wanted(inputs, site.environment(""), tuple(slugs)), make)


def _notes_files(config: SiteConfig, number: int, following: str, notes: Callable[[], Iterator[SiteNotes]]) -> dict[str, bytes]:
    parts = tuple(notes())
    table, document = notes_names(number)
    return {table: site_csv(parts), document: site_notes(config, parts, following)}
