"""The npm packages that pages are checked with, and what they say: axe-core, html-validate, the Nu validator.

They come from `tests/package-lock.json` (`make test` installs them with `npm ci`). Without them the checks are skipped, with a
reason, but never on a build server. The Nu validator needs Java besides; without Java it is skipped everywhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

HERE = Path(__file__).parent
PACKAGES = HERE.parent / "node_modules"
SETTINGS = HERE / "htmlvalidate.json"
"""Rules that differ from html-validate's recommended ones: doctype-style (HTML asks for neither case), aria-label-misuse (lists may
have names, by ARIA), prefer-native-element (a heading inside an article is a paragraph of the text set three times, and carries its
level as a number), long-title (titles are the content's)."""

RUN_AXE = """async (part) => {
  const {violations} = await axe.run(part || document, {
    preload: false, resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
  });
  return violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
}"""


def package(name: str) -> Path:
    """A file of an installed package; the test that asks for one that is missing is skipped, on a build server it fails."""
    path = PACKAGES / name
    if not path.exists():
        message = f"no {name.split('/', maxsplit=1)[0]}: `npm ci` in tests/ installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


def axe_violations(page: Page, part: str = "") -> list[str]:
    """What axe-core finds on a page as it is now, or in one part of it: rule, element, reason."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(package("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN_AXE, part)
    return found


def html_validate_faults(files: Iterable[Path], told: Path) -> list[str]:
    """What html-validate finds in files: path, line, rule, reason. It writes into the file `told`: it cuts a pipe short."""
    command = [
        _node(),
        str(package("html-validate/bin/html-validate.mjs")),
        "--config",
        str(SETTINGS),
        "--formatter",
        f"json={told}",
    ]
    done = _run([*command, *map(str, files)])
    assert told.exists(), done.stderr
    return [
        f"{file['filePath']}:{message['line']}:{message['column']} {message['ruleId']}: {message['message']}"
        for file in json.loads(told.read_text(encoding="utf-8"))
        for message in file["messages"]
    ]


def vnu_faults(files: Iterable[Path]) -> list[str]:
    """What the Nu validator finds in files, errors and warnings."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java on this machine, which the Nu validator needs")
    command = [java, "-Xss4m", "-jar", str(package("vnu-jar/build/dist/vnu.jar")), "--format", "json"]
    told: dict[str, list[dict[str, Any]]] = json.loads(_run([*command, *map(str, files)]).stderr)
    return [f"{one.get('url', '')}:{one.get('lastLine', '')} {one['type']}: {one['message']}" for one in told["messages"]]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def _node() -> str:
    found = shutil.which("node") or shutil.which("nodejs")
    if found is None:
        pytest.skip("no Node.js on this machine")
    return found
