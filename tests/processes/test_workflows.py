"""The workflow files of a new site: valid by the schemas of their hosts, and their steps, run as a script, build the site."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from generator.scaffold import Host, scaffold
from tests.files import write_files

BIN = Path(sys.executable).parent

SCHEMAS = {
    ".github/workflows/publish.yml": "vendor.github-workflows",
    ".github/workflows/publish-cloudflare.yml": "vendor.github-workflows",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_files(tmp_path / "site", scaffold("Media watch", tuple(Host)))


@pytest.mark.parametrize(("name", "schema"), SCHEMAS.items())
def test_a_workflow_file_is_valid(site: Path, name: str, schema: str) -> None:
    command = (BIN / "check-jsonschema", "--builtin-schema", schema, site / name)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def github_steps(text: str) -> list[str]:
    return [step["run"] for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"] if "run" in step]


def steps(site: Path, host: Host) -> list[str]:
    """What a host runs, in its order."""
    if host is Host.GITHUB:
        return github_steps((site / ".github/workflows/publish.yml").read_text(encoding="utf-8"))
    if host is Host.CLOUDFLARE:
        return github_steps((site / ".github/workflows/publish-cloudflare.yml").read_text(encoding="utf-8"))
    if host is Host.GITLAB:
        script = yaml.safe_load((site / ".gitlab-ci.yml").read_text(encoding="utf-8"))["pages"]["script"]
        return [str(line) for line in script]
    settings = tomllib.loads((site / "netlify.toml").read_text(encoding="utf-8"))
    return [
        "python -m pip install -r requirements.txt",
        settings["build"]["command"],
        settings["context"]["deploy-preview"]["command"],
    ]


def published(site: Path, host: Host) -> Path:
    """The folder that a host takes to be the site."""
    if host is Host.GITLAB:
        (folder,) = yaml.safe_load((site / ".gitlab-ci.yml").read_text(encoding="utf-8"))["pages"]["artifacts"]["paths"]
        return site / str(folder)
    if host is Host.NETLIFY:
        return site / tomllib.loads((site / "netlify.toml").read_text(encoding="utf-8"))["build"]["publish"]
    return site / "output"


@pytest.mark.parametrize("host", list(Host))
def test_the_steps_of_a_workflow_build_and_check_the_site(site: Path, tmp_path: Path, host: Host) -> None:
    address = "https://media.example/watch"
    addresses = dict.fromkeys(("BASE_URL", "CI_PAGES_URL", "URL", "DEPLOY_PRIME_URL"), address)
    # The program is installed here already; `pip install` is only shown to be asked for what the site pins.
    (tmp_path / "python").write_text('#!/bin/sh\necho "$@" >> "$ASKED"\n', encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    environment = {**os.environ, **addresses, "ASKED": str(tmp_path / "asked"), "PATH": f"{tmp_path}:{BIN}:{os.environ['PATH']}"}
    for step in steps(site, host):
        done = subprocess.run(
            ("bash", "-euo", "pipefail", "-c", step), cwd=site, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"

    assert (tmp_path / "asked").read_text(encoding="utf-8") == "-m pip install -r requirements.txt\n"
    first = (published(site, host) / "index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{address}/">' in first
