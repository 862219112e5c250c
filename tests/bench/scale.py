"""What a large site costs: `python -m tests.bench.scale [COMPARISONS [EDITS]]`, of small texts; 10,000 and 100 if not told.

Makes a site, builds it from nothing in a process of its own, then again without a change, then edits one note after another in a
running session, and prints seconds, memory, and the time from a save to the file replaced. Prints, never asserts.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from generator.site.build import Options, build
from generator.site.memory import Memory

WORDS = (
    "council bridge harbour river ferry vote minister budget report court judge police school hospital water power rail storm "
    "market union strike company factory workers farmers prices weather election mayor city village region border army peace"
).split()
VERBS = "announced rejected approved delayed criticised welcomed investigated published withdrew confirmed".split()
TAGS = tuple(f"topic-{number}" for number in range(40))
PUBLISHERS = tuple(f"Paper {number}" for number in range(25))
SENTENCES = 8


def sentence(chance: random.Random) -> str:
    """A sentence of a dozen words and a number."""
    a, b, c = chance.sample(WORDS, 3)
    year, number = chance.randrange(1950, 2025), chance.randrange(2, 900)
    return f"The {a} {chance.choice(VERBS)} the {b} in {year} after {number} people left the {c}."


def make_story(folder: Path, number: int) -> None:
    """A comparison of two texts of about a hundred words, with two notes."""
    chance = random.Random(number)  # noqa: S311 variety, not secrets
    first = [sentence(chance) for _ in range(SENTENCES)]
    second = [line.replace("people", "residents") if index % 3 else sentence(chance) for index, line in enumerate(first)]
    folder.mkdir(parents=True)
    tags = ", ".join(chance.sample(TAGS, 2))
    one, two = chance.sample(PUBLISHERS, 2)
    date = f"20{chance.randrange(10, 25)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    (folder / "comparison.yaml").write_text(
        f"title: Story {number} of the {chance.choice(WORDS)}\nsummary: What became of it.\npublished: {date}\ntags: [{tags}]\n"
        f"witnesses:\n  a: {{file: a.txt, publisher: {one}}}\n  b: {{file: b.txt, publisher: {two}}}\n"
    )
    (folder / "a.txt").write_text("\n\n".join(" ".join(first[at : at + 2]) for at in range(0, SENTENCES, 2)) + "\n")
    (folder / "b.txt").write_text("\n\n".join(" ".join(second[at : at + 2]) for at in range(0, SENTENCES, 2)) + "\n")
    (folder / "annotations.yaml").write_text(
        "notes:\n"
        "  - id: one\n    kind: omission\n    severity: major\n    title: A sentence is gone\n"
        f'    a: "{first[0]}"\n    note: Revision 0.\n'
        "  - id: two\n    kind: entity\n    severity: minor\n    title: Who left\n"
        f'    a: "{first[1]}"\n    b: "{second[1]}"\n    note: Words.\n'
    )


def make_site(root: Path, count: int) -> None:
    """A site of `count` comparisons."""
    for number in range(count):
        make_story(root / "content" / f"story-{number:05}", number)
    (root / "variorum.toml").write_text('title = "Large"\nbase_url = "https://large.example/"\n')


def timed(*command: object) -> tuple[float, float, str]:
    """Seconds, megabytes at most, and what it said last, of a command in a process of its own."""
    started = time.perf_counter()
    with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, usage.ru_maxrss / 1024, said.strip().rpartition("\n")[2]


def edits(root: Path, output: Path, count: int) -> None:
    """Edit a note of one story after another in a running session; from the save to the page replaced."""
    memory, options = Memory(), Options(keep_good=True, gate=threading.Lock(), is_searchable=False)
    started = time.perf_counter()
    build(root, output, options, memory)
    print(f"a session begins:    {time.perf_counter() - started:7.2f} s, {rss():4.0f} MB")
    folders = sorted((root / "content").iterdir())
    chance = random.Random(1)  # noqa: S311 variety, not secrets
    spent, files = [], []
    for number in range(count):
        sidecar = chance.choice(folders) / "annotations.yaml"
        page = output / sidecar.parent.name / "index.html"
        before = page.stat().st_ino
        sidecar.write_text(sidecar.read_text().replace("Revision ", f"Revision {number}, "))
        started = time.perf_counter()
        report = build(root, output, options, memory, (sidecar,))
        spent.append((time.perf_counter() - started) * 1000)
        files.append(len(report.written))
        assert page.stat().st_ino != before, (report.stopped, report.diagnostics[:3])
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(f"one edited note:     {statistics.median(spent):7.1f} ms, p95 {p95:.1f} ms, worst {max(spent):.1f} ms;", end=" ")
    print(f"{statistics.median(files):.0f} files, {rss():.0f} MB (without the watcher, which waits 25 ms for quiet)")


def rss() -> float:
    """The most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int = 10_000, edit_count: int = 100) -> None:
    """Measure and print."""
    root = Path(tempfile.mkdtemp(prefix="variorum-scale-"))
    try:
        make_site(root, count)
        variorum = (sys.executable, "-m", "generator")
        seconds, memory, said = timed(*variorum, "build", "--site", root)
        print(f"{count} comparisons, from nothing: {seconds:.1f} s, {memory:.0f} MB: {said}")
        time.sleep(2.5)  # until the files are old enough for their stamps to be believed
        for name in ("first again", "again"):
            seconds, memory, said = timed(*variorum, "build", "--site", root)
            started, _, _ = timed(sys.executable, "-c", "pass")
            print(f"{name + ':':<20} {seconds - started:7.2f} s beyond the interpreter's {started:.2f} s, {memory:.0f} MB: {said}")
        edits(root, root / "output", edit_count)
        seconds, memory, said = timed(*variorum, "build", "--site", root)
        print(f"after the edits:     {seconds:7.2f} s, {memory:.0f} MB: {said}")
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
