"""What a save costs until it shows: `python -m tests.bench.live [COMPARISONS [EDITS]]`; 1,000 and 50 if not told.

Makes a site, serves it as people do, opens a comparison in Chromium, and edits its note again and again: from the save to the file
replaced, and to the page shown in the browser. Then the serving process's memory, and what it does with the processor when nobody
saves. Prints, never asserts.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.scale import make_site
from tests.browser.chromium import chromium_path, start
from tests.stories import ROOT

IDLE_S = 20.0

SHOWN = "(words) => document.body.textContent.includes(words) && new Promise((done) => requestAnimationFrame(() => done(true)))"


def served(site: Path) -> tuple[subprocess.Popen[str], str]:
    """A serving process, and its address."""
    command = [sys.executable, "-m", "generator", "serve", "--site", str(site), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Serving"):
            return process, line.split()[1]
        print(line, end="")
    raise SystemExit("it did not begin to serve")


def edits(page: Page, site: Path, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds from each save to the file replaced, and to the words on the screen."""
    sidecar = site / "content/story-00000/annotations.yaml"
    shown_page = site / ".variorum/preview/story-00000/index.html"
    text = sidecar.read_text()
    replaced, shown = [], []
    for number in range(count):
        words = f"edited for the {number}th time"
        before = shown_page.stat().st_mtime_ns
        found: list[float] = []
        looking = threading.Thread(target=look, args=(shown_page, before, found))
        looking.start()
        started = time.perf_counter()
        draft = sidecar.with_name(".draft")
        draft.write_text(text.replace("Revision 0", words))
        draft.replace(sidecar)
        page.wait_for_function(SHOWN, arg=words, polling="raf")
        shown.append((time.perf_counter() - started) * 1000)
        looking.join()
        replaced.append((found[0] - started) * 1000)
        time.sleep(0.3)
    return replaced, shown


def look(path: Path, before: int, found: list[float]) -> None:
    """Wait until a file is another one, looking each millisecond."""
    while path.stat().st_mtime_ns == before:
        time.sleep(0.001)
    found.append(time.perf_counter())


def told(name: str, spent: list[float]) -> None:
    """A line of figures."""
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(f"{name:<28} {statistics.median(spent):6.0f} ms, p95 {p95:.0f} ms, worst {max(spent):.0f} ms")


def status(process: subprocess.Popen[str], name: str) -> int:
    """A figure in kilobytes that Linux keeps of a process."""
    return int(Path(f"/proc/{process.pid}/status").read_text().partition(f"{name}:")[2].split()[0])


def cpu_s(process: subprocess.Popen[str]) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(count: int = 1_000, edit_count: int = 50) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="variorum-live-") as folder, sync_playwright() as playwright:
        site = Path(folder)
        make_site(site, count)
        process, address = served(site)
        drain = threading.Thread(target=lambda: process.stdout and process.stdout.read(), daemon=True)
        drain.start()
        path = chromium_path()
        if path is None:
            raise SystemExit("no Chromium on this machine")
        page = start(playwright, path).new_context(bypass_csp=True).new_page()  # so that Playwright may wait in the page
        page.goto(f"{address}story-00000/")
        replaced, shown = edits(page, site, edit_count)
        print(f"{count} comparisons, {edit_count} edits, load {os.getloadavg()[0]:.1f}")
        told("save to file replaced", replaced)
        told("save to shown in Chromium", shown)
        held, most = (status(process, name) / 1024 for name in ("VmRSS", "VmHWM"))
        print(f"{'memory while serving':<28} {held:6.0f} MB, at most {most:.0f} MB")
        before = cpu_s(process)
        time.sleep(IDLE_S)
        print(f"{'processor when idle':<28} {100 * (cpu_s(process) - before) / IDLE_S:6.1f} %")
        process.send_signal(signal.SIGINT)
        started = time.perf_counter()
        process.wait()
        print(f"{'end after Ctrl-C':<28} {1000 * (time.perf_counter() - started):6.0f} ms, with a page open")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
