"""Whatever is done to a site, building what changed gives what building everything gives, and builds no more than it must.

A model of its own says which units must be built: it compares what the files say now with what they said at the last build, and
knows nothing of the cache. Every step may be seen by a process that starts anew, or by a preview that is told what changed.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from generator.config import read_config
from generator.site import publish
from generator.site.build import Options, build
from generator.site.cachefile import CACHE_FOLDER
from generator.site.export import SiteNotes
from generator.site.facts import StoryFacts
from generator.site.manifest import MANIFEST
from generator.site.memory import Memory
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.report import BuildReport
from generator.site.story import collated, story_files
from tests.files import tree

SLUGS = ("bridge", "ferry", "harbour", "tunnel")
TAGS = ("roads", "water", "money")
PAPERS = ("Herald", "Post")
KINDS = ("number", "omission", "entity")
WORDS = ("12 weeks", "15 weeks", "half a year", "three summers")
TITLES = ("Closed", "Open again", "Sold")

OVERRIDES = {
    "parts/key.html": ("story",),
    "overview.html": ("story",),
    "index.html": ("index.html",),
    "kind.html": ("kind/",),
    "style.css": ("story", "index.html", "kind/", "tag/", "notes/"),
}
"""Files of the theme that a site may have of its own, and whose pages they change."""

MODELLED = ("index.html", "tag/", "kind/", "notes/", "feed.", "notes.csv")
"""Routes of which the model says when they are made anew; of the others (lists of terms, the sitemap) only the bytes count."""

slugs = st.sampled_from(SLUGS)


class Seen(NamedTuple):
    """What a build saw: files, facts and notes of each story, the settings, the own templates, and whether drafts were shown."""

    stories: dict[str, dict[str, bytes]]
    facts: dict[str, StoryFacts]
    notes: dict[str, SiteNotes]
    settings: dict[str, str]
    templates: dict[str, bytes]
    drafts: bool


def sidecar(kind: str, words: str, status: str = "confirmed") -> str:
    return (
        f"notes:\n  - id: weeks\n    kind: {kind}\n    severity: major\n    status: {status}\n    title: How long\n"
        f'    one: "the road for"\n    note: It says {words}.\n'
    )


def story(words: str, title: str, tags: list[str], papers: tuple[str, str], witnesses: int = 2) -> dict[str, str]:
    names = ("one", "two", "three")[:witnesses]
    listed = "".join(f"  {name}: {{file: {name}.txt, publisher: {papers[index % 2]}}}\n" for index, name in enumerate(names))
    texts = {f"{name}.txt": f"They close the road for {words}.\n\nVersion {index // 2}.\n" for index, name in enumerate(names)}
    return {
        "comparison.yaml": f"title: {title}\npublished: 2025-01-02\ntags: [{', '.join(tags)}]\nwitnesses:\n{listed}",
        "annotations.yaml": sidecar("number", words),
        **texts,
    }


class Edits(RuleBasedStateMachine):
    """A site that is edited step by step, and built after each."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="variorum-edits-"))
        self.root = self.folder / "site"
        self.output = self.root / "output"
        (self.root / "content").mkdir(parents=True)
        self.settings: dict[str, str] = {}
        self.options = Options(gate=threading.Lock())
        self.memory: Memory | None = None
        self.changed: list[Path] = []
        self.before: Seen | None = None
        self.write_settings()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # -------------------------------------------------------------- steps

    @initialize(words=st.sampled_from(WORDS))
    def begin(self, words: str) -> None:
        self.write("bridge", story(words, "Closed", ["roads"], ("Herald", "Post")))
        self.write("ferry", story(words, "Open", ["water"], ("Post", "Herald"), 3))

    @rule(
        slug=slugs, words=st.sampled_from(WORDS), title=st.sampled_from(TITLES), tags=st.lists(st.sampled_from(TAGS), unique=True),
        papers=st.permutations(PAPERS), witnesses=st.integers(2, 3),
    )  # fmt: skip
    def write_story(self, *, slug: str, words: str, title: str, tags: list[str], papers: list[str], witnesses: int) -> None:
        shutil.rmtree(self.root / "content" / slug, ignore_errors=True)
        self.write(slug, story(words, title, tags, (papers[0], papers[1]), witnesses))

    @rule(slug=slugs)
    def delete_story(self, slug: str) -> None:
        shutil.rmtree(self.root / "content" / slug, ignore_errors=True)
        self.changed.append(self.root / "content" / slug / "comparison.yaml")

    @rule(slug=slugs, to=slugs)
    def rename_story(self, slug: str, to: str) -> None:
        source, target = self.root / "content" / slug, self.root / "content" / to
        if source.exists() and not target.exists():
            source.rename(target)
            self.changed += [source / "comparison.yaml", target / "comparison.yaml"]

    @rule(slug=slugs, words=st.sampled_from(WORDS), name=st.sampled_from(["one.txt", "two.txt", "three.txt"]))
    def edit_text(self, slug: str, words: str, name: str) -> None:
        if (self.root / "content" / slug / name).exists():
            self.write(slug, {name: f"They close the road for {words}.\n\nThat is new.\n"})

    @rule(slug=slugs, words=st.sampled_from(WORDS), kind=st.sampled_from(KINDS), status=st.sampled_from(["confirmed", "draft"]))
    def edit_note(self, slug: str, words: str, kind: str, status: str) -> None:
        if (self.root / "content" / slug).exists():
            self.write(slug, {"annotations.yaml": sidecar(kind, words, status)})

    @rule(slug=slugs, is_there=st.booleans())
    def second_sidecar(self, slug: str, is_there: bool) -> None:
        path = self.root / "content" / slug / "annotations.more.yaml"
        if is_there and path.parent.exists():
            self.write(slug, {path.name: sidecar("entity", "more").replace("id: weeks", "id: more")})
        elif path.exists():
            path.unlink()
            self.changed.append(path)

    @rule(
        slug=slugs,
        what=st.sampled_from(["", "title: [", "notes: 3\n", "unknown: 1\n"]),
        name=st.sampled_from(["comparison.yaml", "annotations.yaml"]),
    )
    def break_file(self, slug: str, what: str, name: str) -> None:
        if (self.root / "content" / slug).exists():
            self.write(slug, {name: what})

    @rule(slug=slugs, text=st.sampled_from(["Hidden\u200bspace closes the road for years.\n", "A road with annotatons.yml.\n"]))
    def warn(self, slug: str, text: str) -> None:
        if (self.root / "content" / slug).exists():
            self.write(slug, {"one.txt": text})

    @rule(slug=slugs)
    def touch(self, slug: str) -> None:
        """New times, old bytes."""
        for path in (self.root / "content" / slug).glob("*"):
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
            self.changed.append(path)

    @rule(
        name=st.sampled_from(["title", "headline", "description", "base_url", "language"]),
        value=st.sampled_from(["", "https://one.example/", "https://two.example/news/"]),
    )
    def change_setting(self, name: str, value: str) -> None:
        value = {"language": "en-GB" if value else "", "base_url": value}.get(name, value.replace("https://", "Site "))
        self.settings.pop(name, None)
        if value:
            self.settings[name] = value
        self.write_settings()

    @rule(name=st.sampled_from(sorted(OVERRIDES)), mark=st.sampled_from(["", "1", "2"]))
    def override(self, name: str, mark: str) -> None:
        path = self.root / "templates" / name
        path.unlink(missing_ok=True)
        if mark:
            comment = f"/* {mark} */" if name.endswith(".css") else f"<!-- {mark} -->"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text((default_templates() / name).read_text(encoding="utf-8") + comment, encoding="utf-8")
        self.changed.append(path)

    @rule(drafts=st.booleans())
    def show_drafts(self, drafts: bool) -> None:
        self.options = replace(self.options, drafts=drafts)
        self.memory = None

    @rule(is_preview=st.booleans())
    def start_again(self, is_preview: bool) -> None:
        """Another process builds from now on; or a preview, which remembers."""
        self.memory = Memory() if is_preview else None

    # -------------------------------------------------------------- after each

    @invariant()
    def is_as_built_from_nothing(self) -> None:
        report = self.built()
        clean = self.folder / "clean"
        expected = build(self.root, clean, replace(self.options, is_cached=False))
        assert site_files(self.output) == site_files(clean)
        assert report.diagnostics == expected.diagnostics
        counts = ("comparison_count", "note_count", "page_count", "stopped")
        assert [getattr(report, name) for name in counts] == [getattr(expected, name) for name in counts]
        now = self.seen()
        built = {unit for unit, _ in report.reasons}
        assert all(reasons for _, reasons in report.reasons)
        assert {unit for unit in built if unit.endswith("/")} == {f"{slug}/" for slug in outdated_stories(self.before, now)}
        assert {unit for unit in built if unit.startswith(MODELLED)} == outdated_lists(self.before, now)
        assert set(report.written) | set(report.removed) <= set(site_files(self.output)) | set(report.removed)
        self.before = now

    def built(self) -> BuildReport:
        changed, self.changed = tuple(self.changed), []
        if self.memory is None:
            return build(self.root, self.output, self.options)
        return build(self.root, self.output, self.options, self.memory, changed)

    def seen(self) -> Seen:
        """What there is now; facts are made as if there were no cache."""
        config, _ = read_config(self.root)
        folders = [self.root / "templates", default_templates()]
        render = Renderer(config, tuple(folder for folder in folders if folder.is_dir())).render
        stories: dict[str, dict[str, bytes]] = {}
        facts: dict[str, StoryFacts] = {}
        notes: dict[str, SiteNotes] = {}
        for folder in sorted((self.root / "content").iterdir()):
            if (folder / "comparison.yaml").exists():
                stories[folder.name] = site_files(folder)
                entry, _, _ = collated(self.root, folder, config, drafts=self.options.drafts, catch=False)
                made = story_files(config, render, *entry) if entry else None
                if made and made.facts:
                    facts[folder.name], notes[folder.name] = made.facts, made.notes
        return Seen(stories, facts, notes, dict(self.settings), site_files(self.root / "templates"), self.options.drafts)

    # -------------------------------------------------------------- files

    def write(self, slug: str, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.root / "content" / slug / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.changed.append(path)

    def write_settings(self) -> None:
        path = self.root / "variorum.toml"
        always = "share_images = false\nsearch = false\n"  # they cost more than all the rest
        path.write_text(always + "".join(f'{name} = "{value}"\n' for name, value in self.settings.items()))
        self.changed.append(path)


def site_files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but what the program keeps there for itself."""
    return tree(folder, MANIFEST, CACHE_FOLDER)


# ------------------------------------------------------------------ the model


def changed_templates(before: Seen, now: Seen) -> set[str]:
    """Whose pages the own templates change."""
    names = {
        name for name in before.templates.keys() | now.templates.keys() if before.templates.get(name) != now.templates.get(name)
    }
    return {of for name in names for of in OVERRIDES[name]}


def changed_settings(before: Seen, now: Seen) -> set[str]:
    return {name for name in before.settings.keys() | now.settings.keys() if before.settings.get(name) != now.settings.get(name)}


def outdated_stories(before: Seen | None, now: Seen) -> set[str]:
    """Stories whose files differ from those of the last build, or all if something differs that all of them show."""
    if before is None or before.drafts != now.drafts or "story" in changed_templates(before, now):
        return set(now.stories)
    if changed_settings(before, now) - {"headline", "description"}:
        return set(now.stories)
    return {slug for slug, files in now.stories.items() if before.stories.get(slug) != files}


def outdated_lists(before: Seen | None, now: Seen) -> set[str]:
    """Lists that show other stories than at the last build, or other facts of them, or are shown otherwise."""
    lists = listed(now)
    if before is None or before.drafts != now.drafts or changed_settings(before, now):
        return set(lists)
    then, templates = listed(before), changed_templates(before, now)
    return {route for route, shows in lists.items() if then.get(route) != shows or any(route.startswith(of) for of in templates)}


def listed(seen: Seen) -> dict[str, Any]:
    """Each modelled route with what it shows."""
    stories = [seen.facts[slug] for slug in sorted(seen.facts)]
    brief = [story._replace(notes=()) for story in stories]
    noted = [story for story in stories if story.notes]
    routes: dict[str, Any] = {"index.html": brief, "notes/index.html": noted, "notes.csv": seen.notes}
    for tag in {tag for story in stories for tag in story.tags}:
        routes[f"tag/{tag}/index.html"] = [story for story in brief if tag in story.tags]
    config, _ = read_config(Path("/nonexistent"))
    for kind in config.kinds:
        routes[f"kind/{kind.key}/index.html"] = [story for story in stories if kind.key in dict(story.kinds)]
    if "base_url" in seen.settings:
        routes |= {"feed.xml": brief, "feed.json": brief}
    return routes


def run(examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    # Shrinking a failure builds a site some thousand times.
    phases = [phase for phase in Phase if phase is not Phase.shrink and phase is not Phase.explain]
    options = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, phases=phases)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "sync_tree", lambda *_: None)  # what is on the disk after a power cut is not the matter here
        run_state_machine_as_test(Edits, settings=options)


def test_building_what_changed_gives_what_building_everything_gives() -> None:
    run(25, 5)


@pytest.mark.long
def test_building_what_changed_gives_what_building_everything_gives_over_hundreds_of_sequences() -> None:
    run(500, 5)
