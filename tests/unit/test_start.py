"""A new site: what `variorum init` writes, and how a theme's files are made one's own."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator import __version__
from generator.cli import app
from generator.config import ConfigFile
from generator.scaffold import Host, project_name, scaffold
from generator.site.build import Options, build
from generator.site.program import default_templates

PUBLISHING = {".github/workflows/publish.yml", ".github/workflows/publish-cloudflare.yml", ".gitlab-ci.yml", "netlify.toml"}


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, " ".join(result.output.split())


def test_a_new_site_builds_without_a_fault(tmp_path: Path) -> None:
    code, said = run("init", str(tmp_path / "media-watch"))
    assert code == 0
    assert said.endswith("media-watch && variorum serve --open")
    report = build(tmp_path / "media-watch", tmp_path / "output", Options())
    assert report.diagnostics == ()
    assert (report.comparison_count, report.note_count) == (1, 3)
    assert "Media watch" in (tmp_path / "output" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "output" / "about" / "index.html").is_file()


def test_its_settings_file_speaks_of_every_setting() -> None:
    text = scaffold("T", ())["variorum.toml"]
    said = set(re.findall(r"^(?:# )?\[*(\w+)(?:\.\w+)?(?:\]| =)", text, re.MULTILINE))
    assert set(ConfigFile.model_fields) <= said


def test_its_settings_are_sound_with_every_comment_taken_off() -> None:
    text = scaffold("T", ())["variorum.toml"]
    bare = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    ConfigFile.model_validate(tomllib.loads(bare))


def test_a_title_with_quotation_marks_stays_a_title() -> None:
    files = scaffold('The "Watch"', ())
    assert tomllib.loads(files["variorum.toml"])["title"] == 'The "Watch"'
    assert files["README.md"].startswith('# The "Watch"\n')


def test_no_place_for_a_value_is_left_unfilled() -> None:
    for path, text in scaffold("T", tuple(Host)).items():
        assert not re.search(r"(?<![$\w])\{(?:title|version|project)\}", text), path


def test_only_the_files_of_the_hosts_asked_for_are_written() -> None:
    assert {path for path in scaffold("T", (Host.GITLAB,)) if path in PUBLISHING} == {".gitlab-ci.yml"}
    assert set(scaffold("T", tuple(Host))) >= PUBLISHING


def test_the_version_that_wrote_the_site_is_pinned() -> None:
    assert f"=={__version__}" in scaffold("T", ())["requirements.txt"]


def test_sidecars_name_a_schema_that_is_there() -> None:
    files = scaffold("T", ())
    for path in ("content/first-comparison/comparison.yaml", "content/first-comparison/annotations.yaml"):
        line = files[path].splitlines()[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=\.\./\.\./(\S+)", line)
        assert found
        assert found[1] in files


@pytest.mark.parametrize(
    ("title", "name"), [("My Site!", "my-site"), ("Überprüft", "uberpruft"), ("日本", "comparisons"), ("a" * 99, "a" * 58)]
)
def test_a_title_as_the_name_of_a_project(title: str, name: str) -> None:
    assert project_name(title) == name


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    code, said = run("init", str(tmp_path))
    assert code == 2
    assert "is not empty: it holds 'mine.txt'" in said
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_fresh_repository_may_become_a_site(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    code, _ = run("init", str(tmp_path), "--title", "Watch", "--host", "github")
    assert code == 0
    assert (tmp_path / "variorum.toml").is_file()


def test_a_hidden_file_of_ones_own_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    code, said = run("init", str(tmp_path))
    assert code == 2
    assert "is there already, and is not overwritten" in said
    assert [path.name for path in tmp_path.iterdir()] == [".gitignore"]


def test_a_file_is_no_folder_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    code, said = run("init", str(tmp_path / "file"))
    assert code == 2
    assert "is not a folder" in said


@pytest.mark.parametrize("title", ["a\nb", "a\x7fb", "a\udcffb", "a\u2028b"])
def test_a_title_that_no_line_can_hold_is_refused(tmp_path: Path, title: str) -> None:
    code, said = run("init", str(tmp_path / "site"), "--title", title)
    assert code == 2
    assert "a title is one line" in said
    assert not (tmp_path / "site").exists()


def test_a_title_may_speak_of_what_is_filled_in() -> None:
    assert tomllib.loads(scaffold("{version} of {project}", ())["variorum.toml"])["title"] == "{version} of {project}"


def test_a_title_of_blanks_is_none(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "site"), "--title", "  ")[0] == 0
    assert tomllib.loads((tmp_path / "site" / "variorum.toml").read_text(encoding="utf-8"))["title"] == "Site"


# ------------------------------------------------------------------ theme


def site(root: Path) -> Path:
    (root / "content").mkdir()
    return root


def test_the_list_marks_what_the_site_has_made_its_own(tmp_path: Path) -> None:
    site(tmp_path)
    assert run("theme", "eject", "macros/map.html", "--site", str(tmp_path))[0] == 0
    lines = CliRunner().invoke(app, ["theme", "list", "--site", str(tmp_path)]).output.splitlines()
    assert "macros/map.html  (the site's own)" in lines
    assert "style.css" in lines


def test_an_ejected_file_is_the_themes_own_to_the_byte(tmp_path: Path) -> None:
    site(tmp_path)
    code, said = run("theme", "eject", "style.css", "index.html", "--site", str(tmp_path))
    assert code == 0
    assert said.count("is yours now") == 2
    for name in ("style.css", "index.html"):
        assert (tmp_path / "templates" / name).read_bytes() == (default_templates() / name).read_bytes()


def test_ejecting_overwrites_nothing(tmp_path: Path) -> None:
    site(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "index.html").write_text("mine", encoding="utf-8")
    code, said = run("theme", "eject", "style.css", "index.html", "--site", str(tmp_path))
    assert code == 2
    assert "is there already, and is not overwritten" in said
    assert sorted(path.name for path in (tmp_path / "templates").iterdir()) == ["index.html"]


def test_what_is_named_twice_is_copied_once(tmp_path: Path) -> None:
    assert run("theme", "eject", "style.css", "style.css", "--site", str(site(tmp_path)))[1].count("is yours now") == 1


@pytest.mark.parametrize("arguments", [("list",), ("eject", "style.css")])
def test_a_folder_that_is_no_site_gets_no_templates(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, said = run("theme", *arguments, "--site", str(tmp_path))
    assert (code, "has no content/" in said) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_name_the_theme_does_not_have_is_told_with_the_nearest(tmp_path: Path) -> None:
    code, said = run("theme", "eject", "indx.html", "--site", str(site(tmp_path)))
    assert code == 2
    assert "did you mean 'index.html'?" in said


# ------------------------------------------------------------------ schemas


def test_the_schemas_of_a_site_can_be_written_anew(tmp_path: Path) -> None:
    site(tmp_path)
    code, said = run("schema", "--write", "--site", str(tmp_path))
    assert code == 0
    assert "# yaml-language-server: $schema=../../.schema/annotations.schema.json" in said
    names = {path.name for path in (tmp_path / ".schema").iterdir()}
    assert names == {"annotations.schema.json", "comparison.schema.json", "front-matter.schema.json", "page.schema.json"}
