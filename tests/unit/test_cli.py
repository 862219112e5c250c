"""The command line in this process: exit codes, lines, and what they wire together."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from generator import __version__, cli
from generator.console import LONG_WORK
from generator.errors import Diagnostic, Where, error, warning
from generator.site.build import Options
from generator.site.manifest import MANIFEST
from generator.site.report import BuildReport
from tests.commands import Ran, Run
from tests.stories import SITES

REPORT = BuildReport(
    comparison_count=2,
    note_count=36,
    page_count=6,
    written=("a.html", "b.html"),
    unchanged=(),
    removed=(),
    in_place="",
    stopped="",
    diagnostics=(),
)


@pytest.fixture
def reporting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Options]]:
    """Makes builds end with a given report, and notes their options."""

    def reporting(**changes: object) -> list[Options]:
        seen: list[Options] = []
        values = {name: getattr(REPORT, name) for name in REPORT.__slots__} | changes

        def build(_root: Path, _output: Path, options: Options) -> BuildReport:
            seen.append(options)
            return BuildReport(**values)

        monkeypatch.setattr("generator.site.build.build", build)
        return seen

    return reporting


# ------------------------------------------------------------------ build


def test_a_build_says_what_it_did_in_one_line(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two)
    first = run("build")
    assert (first.code, first.err) == (0, "")
    pages = len(list((two / "output").rglob("*.html")))
    assert pages > 5
    assert first.out.startswith(f"3 comparisons, 2 notes: {pages} pages written to output/ in ")
    assert first.out.endswith(" s\n")
    assert (two / "output" / MANIFEST).exists()
    again = run("build")
    assert again.out.startswith(f"3 comparisons, 2 notes: {pages} pages in output/, 0 files changed, in ")


def test_options_reach_the_build(run: Run, two: Path, reporting: Callable[..., list[Options]]) -> None:
    seen = reporting()
    run("build", "--site", two, "--drafts", "--base-url", "https://example.org/x", "--debug")
    assert (seen[0].drafts, seen[0].base_url, seen[0].catch, seen[0].keep_good) == (True, "https://example.org/x/", False, False)
    run("build", "--site", two, "--base-url", "")
    assert (seen[1].drafts, seen[1].base_url, seen[1].catch) == (False, "", True)


WARNING = warning(Where("content/kim/annotations.yaml", 14, 9), "quotation not found", "did you mean “12,000”?")
ERROR = error(Where("content/kim/comparison.yaml", 2), "no title")


@pytest.mark.parametrize(
    ("diagnostics", "stopped", "codes"),
    [
        ((), "", (0, 0)),
        ((WARNING,), "", (0, 1)),
        ((ERROR,), "", (1, 1)),
        ((WARNING, ERROR), "", (1, 1)),
        ((ERROR,), "configuration", (2, 2)),
        ((ERROR,), "template", (2, 2)),
        ((ERROR,), "output", (2, 2)),
    ],
)
def test_the_exit_code_says_how_it_went_without_and_with_strict(
    run: Run, reporting: Callable[..., object], diagnostics: tuple[Diagnostic, ...], stopped: str, codes: tuple[int, int]
) -> None:
    reporting(diagnostics=diagnostics, stopped=stopped)
    site = ("--site", SITES / "two")
    assert (run("build", *site).code, run("build", *site, "--strict").code) == codes


def test_diagnostics_are_lines_on_stderr(run: Run, two: Path, reporting: Callable[..., object]) -> None:
    reporting(diagnostics=(WARNING, ERROR, ERROR))
    ran = run("build", "--site", two)
    assert ran.err.splitlines() == [
        "content/kim/annotations.yaml:14:9: warning: quotation not found (did you mean “12,000”?)",
        "content/kim/comparison.yaml:2: error: no title",
        "content/kim/comparison.yaml:2: error: no title",
    ]
    assert ran.out.endswith(" s; 2 errors, 1 warning\n")


def test_a_diagnostic_is_one_line_however_long_and_is_shown_not_obeyed(
    run: Run, two: Path, reporting: Callable[..., object]
) -> None:
    message = "\x1b[31mred\x1b[0m [bold]x[/bold] :smile: \r\n\u202egnp.exe\u200b " + "long " * 100
    reporting(diagnostics=(error(Where("content/\x1b]0;title\x07/a.txt"), message),))
    lines = run("build", "--site", two).err.splitlines()
    assert len(lines) == 1
    assert "\\x1b[31mred\\x1b[0m [bold]x[/bold] :smile: \\r\\n\\u202egnp.exe\\u200b long" in lines[0]
    assert "content/\\x1b]0;title\\x07/a.txt: error: " in lines[0]
    assert lines[0].isprintable()


def test_a_build_that_published_nothing_says_so(run: Run, two: Path, reporting: Callable[..., object]) -> None:
    reporting(diagnostics=(ERROR,), stopped="configuration")
    ran = run("build", "--site", two, "--output", two / "x")
    assert ran.out == f"nothing was written to {two / 'x'}/; 1 error\n"


def test_replacing_files_one_by_one_is_said(run: Run, two: Path, reporting: Callable[..., object]) -> None:
    reporting(in_place="it is a mount point", comparison_count=1, note_count=1, page_count=1)
    ran = run("build", "--site", two)
    assert ran.out.startswith("1 comparison, 1 note: 1 page written to ")
    assert ran.out.endswith(" s; one by one, because it is a mount point\n")


def test_a_build_can_be_told_as_json(run: Run, two: Path, reporting: Callable[..., object]) -> None:
    reporting(diagnostics=(WARNING,))
    ran = run("build", "--site", two, "--format", "json", "--strict")
    document = json.loads(ran.out)
    assert (ran.code, ran.err, set(document)) == (1, "", {"diagnostics", "report"})
    assert document["diagnostics"] == [
        {
            "severity": "warning",
            "path": "content/kim/annotations.yaml",
            "line": 14,
            "column": 9,
            "message": "quotation not found",
            "hint": "did you mean “12,000”?",
        }
    ]
    assert document["report"]["written"] == ["a.html", "b.html"]
    assert document["report"]["comparisons"] == 2
    assert ran.out.isascii()


def test_a_bar_is_shown_on_a_terminal_only(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow_build(_root: Path, _output: Path, options: Options) -> BuildReport:
        for done in range(LONG_WORK + 1):
            options.progress(done, LONG_WORK)
        return REPORT

    (tmp_path / "content").mkdir()
    monkeypatch.setattr("generator.site.build.build", slow_build)
    assert run("build", "--site", tmp_path).err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = run("build", "--site", tmp_path)
    assert "comparing" in ran.err
    assert "\x1b" not in ran.out


def test_the_severity_is_coloured_on_a_terminal_only(
    run: Run, two: Path, reporting: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting(diagnostics=(ERROR,))
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31m" in run("build", "--site", two).err


# ------------------------------------------------------------------ wrong usage


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--site", "nowhere"), "there is no folder 'nowhere'"),
        (("build",), "has no content/ (run this in a site's folder, or name one with --site)"),
        (("check",), "has no content/"),
        (("watch",), "has no content/"),
        (("serve",), "has no content/"),
        (("build", "--nonsense"), "No such option"),
        (("biuld",), "No such command 'biuld'"),
        (("check", "extra"), "unexpected extra argument"),
        (("build", "--format", "xml"), "'xml' is not one of"),
        (("serve", "--port", "70000"), "less than or equal to 65535"),
    ],
)
def test_wrong_usage_is_told_in_a_few_lines(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 2
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 10


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "https://", "https://example.org/?x", "https://example.org/#x", "javascript:1"]
)
def test_an_address_that_is_none_is_wrong_usage(run: Run, two: Path, url: str) -> None:
    ran = run("build", "--site", two, "--base-url", url)
    assert ran.code == 2
    assert "--base-url" in ran.err


def test_a_refused_output_folder_is_wrong_usage(run: Run, two: Path) -> None:
    ran = run("build", "--site", two, "--output", two / "content")
    assert ran.code == 2
    assert "content/: error: " in ran.err


def test_the_version_is_told(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"variorum {__version__}\n")


@pytest.mark.parametrize("command", [(), ("build",), ("check",), ("watch",), ("serve",)])
def test_every_command_has_a_help(run: Run, command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "Usage: variorum" in ran.out


def test_output_need_not_be_a_stream_of_bytes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    no_console = StringIO()
    monkeypatch.setattr(sys, "stdout", no_console)
    run("--version")
    assert no_console.getvalue() == f"variorum {__version__}\n"


# ------------------------------------------------------------------ failures


def failing(failure: BaseException) -> Callable[..., BuildReport]:
    def build(*_: object) -> BuildReport:
        raise failure

    return build


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "output/x"),
            "error: output/x: No space left on device (the site that stood before still stands)",
        ),
        (OSError("odd"), "error: odd (the site that stood before still stands)"),
        (KeyError("x"), "error: the program failed: KeyError: 'x' (a bug: run again with --debug, and report it)"),
    ],
)
def test_a_failure_is_one_line(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, line: str) -> None:
    monkeypatch.setattr("generator.site.build.build", failing(failure))
    ran = run("build", "--site", two)
    assert (ran.code, ran.err) == (2, f"{line}\n")


def test_a_failure_has_its_traceback_when_asked_for(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.build.build", failing(KeyError("x")))
    monkeypatch.setattr(sys, "argv", ["variorum", "build", "--site", str(two), "--debug"])
    with pytest.raises(KeyError):
        cli.main()


def test_an_interrupted_build_is_told_apart_from_one_that_is_done(run: Run, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.build.build", failing(KeyboardInterrupt()))
    assert run("build", "--site", two) == Ran(130, "", "\n")


# ------------------------------------------------------------------ check


def test_checking_tells_the_faults_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    site = Path(shutil.copytree(SITES / "faulty", tmp_path / "faulty"))
    ran = run("check", "--site", site)
    assert ran.code == 1
    assert ran.out.startswith("1 comparison, 1 note: ")
    assert ": warning: " in ran.err
    assert not (site / "output").exists()


def test_checking_a_sound_site_says_so(run: Run, two: Path) -> None:
    ran = run("check", "--site", two, "--strict")
    assert (ran.code, ran.out, ran.err) == (0, "3 comparisons, 3 notes: no faults\n", "")


def test_checking_says_once_what_a_site_goes_without(run: Run, two: Path) -> None:
    (two / "variorum.toml").write_text("", encoding="utf-8")
    ran = run("check", "--site", two, "--strict")
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert ran.err.startswith("hint: without base_url ")
    assert ran.err.count("\n") == 1


def test_a_check_can_be_told_as_json(run: Run, two: Path) -> None:
    document = json.loads(run("check", "--site", two, "--format", "json").out)
    assert document == {"diagnostics": [], "report": {"comparisons": 3, "notes": 3}}


def test_faulty_settings_are_told_by_check(run: Run, two: Path) -> None:
    (two / "variorum.toml").write_text("titel = 'x'\n")
    ran = run("check", "--site", two)
    assert ran.code == 2
    assert "variorum.toml:1" in ran.err


NOTHING_CHANGED = """
import sys
from generator.cli import main
from generator.site import stamps

stamps.RACY_NS = -stamps.RACY_NS  # files as young as a test's are believed
sys.argv = ["variorum", "build", "--site", sys.argv[1]]
try:
    main()
finally:
    print(sorted({"jinja2", "markdown_it", "yaml", "rich", "generator.site.build"} & sys.modules.keys()))
"""


def test_a_build_without_a_change_imports_nothing_that_builds(two: Path) -> None:
    def built() -> list[str]:
        return subprocess.run(
            [sys.executable, "-c", NOTHING_CHANGED, two], capture_output=True, text=True, check=True
        ).stdout.splitlines()

    first, again = built(), built()
    assert "generator.site.build" in first[1]
    assert ("0 files changed" in again[0], again[1]) == (True, "[]")


def test_commands_are_imported_when_they_are_called_or_listed(run: Run) -> None:
    code = "import sys, generator.cli; print(sorted({'uvicorn', 'watchdog', 'generator.scaffold'} & sys.modules.keys()))"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == "[]"
    listed = [line.split()[0] for line in run("--help").out.partition("Commands:\n")[2].splitlines()]
    assert listed == [*cli.COMMANDS]
    assert "Did you mean 'serve'?" in run("serv").err
    for name in cli.COMMANDS:
        assert f"Usage: variorum {name} " in run(name, "--help").out
