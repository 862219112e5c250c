"""The wheel, installed in a clean environment elsewhere, builds a site from a folder that has only content/ and variorum.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.stories import ROOT


def test_an_installed_wheel_builds_a_site_of_its_own(tmp_path: Path) -> None:
    wheels, site, environment = tmp_path / "wheels", tmp_path / "site", tmp_path / "environment"
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(wheels), str(ROOT), cwd=tmp_path)
    (wheel,) = wheels.glob("variorum-*.whl")
    run(sys.executable, "-m", "venv", str(environment), cwd=tmp_path)
    run(str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", str(wheel), cwd=tmp_path)
    shutil.copytree(ROOT / "content", site / "content")
    (site / "variorum.toml").write_text('title = "Elsewhere"\nbase_url = "https://example.org/"\n', encoding="utf-8")

    run(str(environment / "bin" / "variorum"), "build", cwd=site)

    assert "Elsewhere" in (site / "output" / "index.html").read_text(encoding="utf-8")
    stories = [folder.name for folder in (site / "content").iterdir() if folder.name != "pages"]
    assert stories
    assert all((site / "output" / slug / name).is_file() for slug in stories for name in ("index.html", "card.png"))
    # The extra `search` is not installed there.
    assert not (site / "output" / "search").exists()
    assert "search/index.html" not in (site / "output" / "index.html").read_text(encoding="utf-8")


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
