"""The units of a site: what each is made from, and for those that belong to no story, how they are made.

In: the settings, templates and facts of a build. Out: what each unit wants, and tasks. Nothing is made before `make` is called.
"""

from __future__ import annotations

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
from generator.site.inputs import Parts, digest, digest_of_parts, setting_parts
from generator.site.render import Renderer
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


def tasks(
    site: Setup,
    facts: Sequence[StoryFacts],
    known: Mapping[str, Known],
    notes: Callable[[Mapping[str, str]], Iterator[SiteNotes]],
) -> tuple[Task, ...]:
    """All units that belong to no story. `known`: each story's unit; `notes` gives the stories' parts in the site's notes."""
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
    return (theme, *(_task(site, each, known) for each in files), *_notes(site, facts, known, notes))


def _task(site: Setup, planned: Planned, known: Mapping[str, Known]) -> Task:
    digests = [known[slug].facts if planned.notes else known[slug].brief for slug in planned.needs]
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


def _notes(
    site: Setup,
    facts: Sequence[StoryFacts],
    known: Mapping[str, Known],
    notes: Callable[[Mapping[str, str]], Iterator[SiteNotes]],
) -> Iterator[Task]:
    """The notes of all stories, in files of `NOTES_CHUNK` stories."""
    slugs = [story.slug for story in facts]
    chunks = [slugs[start : start + NOTES_CHUNK] for start in range(0, len(slugs), NOTES_CHUNK)] or [[]]
    for number, chunk in enumerate(chunks):
        digests = {slug: known[slug].notes for slug in chunk}
        following = notes_names(number + 1)[1] if number + 1 < len(chunks) else ""
        inputs = {STORIES: digest("\n".join(digests.values()).encode()), _LIST: following}
        make = partial(_notes_files, site.config, number, following, partial(notes, digests))
        yield Task(notes_names(number)[0], Wanted(inputs, site.environment(""), tuple(chunk)), make)


def _notes_files(config: SiteConfig, number: int, following: str, notes: Callable[[], Iterator[SiteNotes]]) -> dict[str, bytes]:
    parts = tuple(notes())
    table, document = notes_names(number)
    return {table: site_csv(parts), document: site_notes(config, parts, following)}
