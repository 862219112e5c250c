"""Whole tiny sites through the whole pipeline, without the command line."""

from __future__ import annotations

import errno
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.config import read_config
from generator.errors import Diagnostic, has_errors
from generator.model import Comparison, Pair, Story
from generator.site import story as module
from generator.site.build import Options, build, check, template_folders
from generator.site.cachefile import CACHE_FOLDER, cache_path
from generator.site.claim import locked
from generator.site.manifest import MANIFEST
from generator.site.program import default_templates
from generator.site.report import BuildReport
from generator.site.story import collated, without_drafts
from tests import files
from tests.stories import SITES


def copy(name: str, folder: Path) -> Path:
    """A site to change at will."""
    return Path(shutil.copytree(SITES / name, folder / name))


def built(root: Path, **options: object) -> BuildReport:
    return build(root, root / "output", replace(Options(), **options))  # type: ignore[arg-type] # the options are under test, not their types


def lines(report: BuildReport) -> list[str]:
    return [str(diagnostic) for diagnostic in report.diagnostics]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file but the cache."""
    return files.tree(folder, CACHE_FOLDER)


def entry(root: Path, slug: str, *, drafts: bool = False) -> tuple[Story, tuple[Comparison, ...]]:
    found, _, _ = collated(root, root / "content" / slug, read_config(root)[0], drafts=drafts, catch=False)
    assert found is not None
    return found


def test_every_pair_has_its_page_and_every_witness_its_text(two: Path) -> None:
    report = built(two)
    pages = {
        "bridge/index.html",
        "ferry/index.html",
        "ferry/first-second/index.html",
        "ferry/second-third/index.html",
    }
    texts = {"bridge/agency.txt", "bridge/paper.txt", "ferry/first.txt", "ferry/second.txt", "ferry/third.txt"}
    data = {
        page.replace("index.html", name)
        for page in pages - {"ferry/index.html"}
        for name in ("annotations.jsonld", "notes.csv", "changes.csv", "comparison.json")
    }
    cards = {f"{folder}/card.png" for folder in ("bridge", "ferry", "ferry/first-second", "ferry/second-third")}
    assert {path for path in report.written if path.startswith(("bridge/", "ferry/"))} - cards == pages | texts | data
    assert {"index.html", "notes.csv", "notes.json"} < set(report.written)
    assert set(tree(two / "output")) == {*report.written, MANIFEST}
    assert (report.comparison_count, report.note_count) == (3, 2)
    assert report.page_count == sum(path.endswith(".html") for path in report.written)
    assert (report.stopped, report.in_place, report.diagnostics) == ("", "", ())


@pytest.mark.parametrize("page", ["index.html", "bridge/index.html", "ferry/first-second/index.html"])
def test_a_page_leads_to_the_same_in_other_formats(page: str, two: Path) -> None:
    built(two)
    path = two / "output" / page
    html = path.read_text(encoding="utf-8")
    alternates = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', html)
    assert alternates
    for media_type, href in alternates:
        assert (path.parent / href).is_file()
        assert "feed." in href or f'<a href="{href}" type="{media_type}">' in html  # feeds are for readers that look in the head


def test_a_witness_is_published_as_it_was_read(two: Path) -> None:
    built(two)
    assert (two / "output/bridge/agency.txt").read_bytes() == (two / "content/bridge/agency.txt").read_bytes()


def test_nothing_is_written_into_the_sources(two: Path) -> None:
    before = tree(two)
    built(two)
    assert {path: data for path, data in tree(two).items() if not path.startswith("output/")} == before


def test_a_second_build_changes_nothing(two: Path) -> None:
    first = built(two)
    second = built(two)
    assert (second.written, second.removed, second.unchanged) == ((), (), len(first.written))
    assert second.reasons == ()


def test_an_edited_note_changes_its_page_and_no_other_story(two: Path) -> None:
    built(two)
    sidecar = two / "content/bridge/annotations.yaml"
    sidecar.write_text(sidecar.read_text().replace("three weeks", "a quarter"))
    data = ("annotations.jsonld", "comparison.json", "index.html", "notes.csv")
    written = set(built(two).written)
    assert {path for path in written if path.startswith(("bridge/", "ferry/"))} == {f"bridge/{name}" for name in data}
    assert {"notes.csv", "notes.json"} < written


def test_a_withdrawn_story_leaves_nothing_behind(two: Path, tmp_path: Path) -> None:
    built(two)
    before = {path for path in tree(two / "output") if path.startswith("ferry/")}
    shutil.rmtree(two / "content/ferry")
    report = built(two)
    assert {path for path in report.removed if path.startswith("ferry/")} == before
    shutil.copytree(two / "content", tmp_path / "fresh/content")
    shutil.copy(two / "variorum.toml", tmp_path / "fresh")
    built(tmp_path / "fresh")
    assert tree(two / "output") == tree(tmp_path / "fresh/output")


def test_drafts_are_left_out_with_what_refers_to_them(two: Path) -> None:
    built(two)
    page = (two / "output/bridge/index.html").read_text()
    assert "12 weeks become 15" in page
    assert "The ferries are gone" not in page
    assert "unready" not in page


def test_drafts_are_published_when_asked_for(two: Path) -> None:
    assert built(two, drafts=True).note_count == 3
    page = (two / "output/bridge/index.html").read_text()
    assert "The ferries are gone" in page
    assert "unready" in page


def test_a_story_without_drafts_stays_as_it_is(two: Path) -> None:
    ferry, _ = entry(two, "ferry", drafts=True)
    assert without_drafts(ferry) is ferry


def test_the_address_can_be_given(two: Path) -> None:
    built(two, base_url="https://elsewhere.example/x/")
    pages = "".join(path.read_text() for path in (two / "output").rglob("*.html"))
    assert "https://elsewhere.example/x/bridge/" in pages
    assert "example.org" not in pages


def test_faults_cost_their_own_story_only(tmp_path: Path) -> None:
    root = copy("faulty", tmp_path)
    report = built(root)
    assert (root / "output/sound/index.html").exists()
    assert not any((root / "output" / name).exists() for name in ("broken", "missing", "empty"))
    found = {diagnostic.where.path: diagnostic.severity for diagnostic in report.diagnostics}
    assert {path.split("/")[1] for path, severity in found.items() if severity == "error"} == {"broken", "missing", "empty"}
    assert found["content/sound/annotations.yaml"] == "warning"
    assert [diagnostic.where for diagnostic in report.diagnostics] == sorted(diagnostic.where for diagnostic in report.diagnostics)
    assert (report.comparison_count, report.stopped) == (1, "")


def break_ferry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that only one story meets."""
    real = module.compare_story

    def failing(story: Story) -> tuple[tuple[Comparison, ...], tuple[Diagnostic, ...]]:
        if story.slug == "ferry":
            raise KeyError("bug")
        return real(story)

    monkeypatch.setattr(module, "compare_story", failing)


def test_a_bug_met_in_one_story_costs_that_story_only(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_ferry(monkeypatch)
    report = built(two)
    assert (two / "output/bridge/index.html").exists()
    assert not (two / "output/ferry").exists()
    assert [line.partition(" (")[0] for line in lines(report)] == [
        "content/ferry: error: the program failed on this comparison: KeyError: 'bug'"
    ]


def test_a_bug_is_raised_when_asked_for(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_ferry(monkeypatch)
    with pytest.raises(KeyError):
        built(two, catch=False)


def test_a_good_site_is_kept_while_there_are_errors(two: Path) -> None:
    built(two)
    before = tree(two / "output")
    (two / "content/ferry/first.md").unlink()
    report = built(two, keep_good=True)
    assert (report.stopped, has_errors(report.diagnostics)) == ("content", True)
    assert tree(two / "output") == before
    assert built(two).stopped == ""
    assert not (two / "output/ferry").exists()


def test_without_a_good_site_errors_keep_nothing_back(tmp_path: Path) -> None:
    root = copy("faulty", tmp_path)
    assert built(root, keep_good=True).stopped == ""
    assert (root / "output/sound/index.html").exists()


@pytest.mark.parametrize(
    ("name", "text", "stopped", "place"),
    [
        ("variorum.toml", "title = [\n", "configuration", "variorum.toml"),
        ("variorum.toml", "titel = 'x'\n", "configuration", "variorum.toml"),
        ("templates/comparison.html", "{% if %}", "template", "templates/comparison.html"),
        ("templates/comparison.html", "{{ page.nonsense }}", "template", "templates/comparison.html"),
    ],
)
def test_a_fault_of_settings_or_templates_keeps_the_last_good_site(
    two: Path, name: str, text: str, stopped: str, place: str
) -> None:
    built(two)
    before = tree(two / "output")
    (two / name).parent.mkdir(exist_ok=True)
    (two / name).write_text(text)
    report = built(two)
    assert report.stopped == stopped
    assert (report.written, report.unchanged, report.removed) == ((), 0, ())
    assert report.diagnostics[0].where.path.endswith(place)
    assert report.diagnostics[0].severity == "error"
    assert tree(two / "output") == before


def test_a_site_without_content_keeps_the_last_good_site(two: Path) -> None:
    built(two)
    before = tree(two / "output")
    (two / "content").rename(two / "away")
    report = built(two)
    assert report.stopped == "configuration"
    assert lines(report)[0].startswith("content/: error: there is no such folder")
    assert tree(two / "output") == before


def test_a_site_without_a_comparison_has_an_index(tmp_path: Path) -> None:
    root = copy("bare", tmp_path)
    report = built(root)
    assert (report.comparison_count, report.diagnostics) == (0, ())
    assert (root / "output/index.html").exists()


def test_a_full_disk_keeps_the_last_good_site(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(two)
    before = tree(two / "output")
    (two / "content/bridge/paper.txt").write_text("Another text.\n")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        built(two)
    assert tree(two / "output") == before
    assert {path.name for path in two.iterdir()} == {"content", "output", "variorum.toml", CACHE_FOLDER}


@pytest.mark.parametrize("output", ["content/x", ".", "filled"])
def test_a_refused_folder_is_reported_and_untouched(two: Path, output: str) -> None:
    (two / "filled").mkdir()
    (two / "filled/mine.txt").write_text("mine")
    before = tree(two)
    report = build(two, two / output, Options())
    assert (report.stopped, len(report.diagnostics), report.comparison_count) == ("output", 1, 0)
    assert tree(two) == before


def test_a_folder_in_use_is_reported(two: Path) -> None:
    with locked(two / "output"):
        assert "another build" in lines(built(two))[0]


def test_two_pages_for_one_address_are_an_error(tmp_path: Path) -> None:
    """Witnesses `a`, `b-c`, `a-b`, `c`: two pairs of them would both be called `a-b-c`."""
    folder = tmp_path / "content/clash"
    folder.mkdir(parents=True)
    for name in ("a", "b-c", "a-b", "c"):
        (folder / f"{name}.txt").write_text(f"It rained for {len(name)} days.\n")
    names = "".join(f"  {name}: {{file: {name}.txt}}\n" for name in ("a", "b-c", "a-b", "c"))
    (folder / "comparison.yaml").write_text(f"title: Clash\nwitnesses:\n{names}pairs: [[a, b-c], [a-b, c]]\n")
    report = built(tmp_path)
    assert lines(report)[0].startswith("content/clash/comparison.yaml:")
    assert not (tmp_path / "output/clash").exists()


def test_an_own_template_is_used_instead_of_the_default(two: Path) -> None:
    (two / "templates").mkdir()
    (two / "templates/overview.html").write_text("Own: {{ page.route }}")
    built(two)
    assert (two / "output/ferry/index.html").read_text() == "Own: ferry/index.html"
    assert template_folders(two) == (two / "templates", default_templates())


def test_the_default_theme_is_looked_through_once(tmp_path: Path) -> None:
    assert template_folders(tmp_path) == (default_templates(),)
    assert template_folders(default_templates().parent) == (default_templates(),)


def test_progress_counts_every_story(two: Path) -> None:
    steps: list[tuple[int, int]] = []
    built(two, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 2), (1, 2), (2, 2)]


def test_checking_writes_nothing_and_finds_the_same_faults(tmp_path: Path) -> None:
    root = copy("faulty", tmp_path)
    before = tree(tmp_path)
    checked = check(root, Options())
    assert tree(tmp_path) == before
    assert checked.diagnostics == built(root).diagnostics
    assert (checked.comparison_count, checked.note_count) == (1, 1)


def test_checking_a_site_without_sound_settings_stops_there(two: Path) -> None:
    (two / "variorum.toml").write_text("titel = 'x'\n")
    checked = check(two, Options())
    assert (checked.is_configured, checked.comparison_count) == (False, 0)


def test_pairs_are_compared_in_the_order_of_the_story(two: Path) -> None:
    story, comparisons = entry(two, "ferry")
    assert story.pairs == (Pair("first", "second"), Pair("second", "third"))
    assert [comparison.articles.map(lambda article: article.source.name) for comparison in comparisons] == list(story.pairs)


def test_the_cache_of_an_output_folder_that_is_gone_goes_when_another_is_begun(two: Path) -> None:
    caches = two / CACHE_FOLDER
    for name in ("one", "two \udcff"):
        build(two, two / name, Options())
    shutil.rmtree(two / "one")
    build(two, two / "two \udcff", Options())
    assert len(list(caches.glob("*.sqlite"))) == 2
    build(two, two / "three", Options())
    assert sorted(caches.glob("*.sqlite")) == sorted(cache_path(two, two / name) for name in ("two \udcff", "three"))
