"""Shared by all tests: reproducible hypothesis, a browser, a small site to change at will."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from generator import cli
from generator.site.cachefile import CACHE_FOLDER
from tests.browser.chromium import chromium_path, start
from tests.commands import Ran, Run
from tests.stories import SITES

settings.register_profile("suite", derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
expect.set_options(timeout=30_000)  # milliseconds: a busy machine is no fault


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` rewrites the golden files."""
    parser.addoption("--update", action="store_true", help="rewrite the golden files")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; without it the tests are skipped, but never on a build server."""
    path = chromium_path()
    if path is None:
        message = "no Chromium on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = start(playwright, path)
        yield started
        started.close()


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A site of two stories and three comparisons, to change at will."""
    return Path(shutil.copytree(SITES / "two", tmp_path / "two", ignore=shutil.ignore_patterns("output", CACHE_FOLDER)))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command in this process, as `run("build", "--site", folder)`."""
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["variorum", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    yield run
    signal.signal(signal.SIGTERM, before)
