"""A whole site of many small comparisons, for tests of what lies around them: lists, feeds, search, incremental builds.

write_site(root, 60)    60 stories in three languages, with tags, publishers, notes of every kind, four stories of 3 to 6
                        versions, own pages with a picture. Same count, same bytes; 300 stories take half a second to write.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from struct import pack
from typing import NamedTuple

from generator.kinds import BUILT_IN_KINDS
from tests.files import write_files

SEVERITIES = ("major", "moderate", "minor", "checked")
TAGS = ("Local news", "elections", "Économie", "Verkehr", "انتخابات", "選挙", "sport", "weather", "courts", "C++", "<b>markup</b>")
PUBLISHERS = ("The Port Ellery Courier", "Neue Hafenpost", "صحيفة الميناء", "Wire & Co.", "L’Écho du port")
SEVERAL = {3: 3, 7: 4, 11: 5, 15: 6}
"""Which stories have more than two versions, and how many."""


class Words(NamedTuple):
    """The texts of a language, with places for a figure, a name and a verb; of a verb, what the other version has in its place."""

    language: str
    title: str
    summary: str
    sentences: tuple[str, ...]
    names: tuple[str, ...]
    verbs: tuple[tuple[str, str], ...]


LANGUAGES = (
    Words(
        "en",
        "The vote on pier {n}",
        "A report on *pier {n}* and its rewrite.",
        (
            "The council of Port Ellery {verb} a plan for pier {n} on Tuesday evening.",
            "About {figure} people signed a petition against it, {name} said.",
            "“We shall not give up pier {n},” {name} told reporters after the session.",
            "The works are to begin in the spring of 2026 and to cost £{figure}.",
            "A ferry runs every twenty minutes and carries passengers across the harbour.",
        ),
        ("Maren Holt", "Ruth Abiola", "Tom Okafor"),
        (("backed", "approved"), ("discussed", "rejected"), ("praised", "adopted")),
    ),
    Words(
        "de",
        "Die Abstimmung über Kai {n}",
        "Ein Bericht über *Kai {n}* und seine Fassung.",
        (
            "Der Stadtrat von Port Ellery {verb} am Dienstagabend einen Plan für Kai {n}.",
            "Rund {figure} Menschen unterschrieben eine Petition dagegen, sagte {name}.",
            "„Wir geben Kai {n} nicht auf“, sagte {name} nach der Sitzung.",
            "Die Arbeiten sollen im Frühjahr 2026 beginnen und {figure} Euro kosten.",
            "Eine Fähre bringt alle zwanzig Minuten Fahrgäste über den Hafen.",
        ),
        ("Maren Holt", "Ruth Abiola", "Jürgen Weiß"),
        (("billigte", "beschloss"), ("beriet", "verwarf"), ("lobte", "verabschiedete")),
    ),
    Words(
        "ar",
        "التصويت على الرصيف {n}",
        "تقرير عن *الرصيف {n}* وصياغته.",
        (
            "{verb} مجلس المدينة مساء الثلاثاء خطة للرصيف {n}.",
            "ووقع نحو {figure} شخص عريضة ضدها، بحسب {name}.",
            "«لن نتخلى عن الرصيف {n}» قال {name} بعد الجلسة.",
            "ومن المقرر أن تبدأ الأعمال في ربيع 2026 بكلفة {figure} دولار.",
            "وتنقل عبارة الركاب عبر الميناء كل عشرين دقيقة.",
        ),
        ("سامي الحداد", "ليلى منصور", "عمر ناصر"),
        (("ناقش", "أقر"), ("درس", "رفض"), ("أيد", "اعتمد")),
    ),
)


def slug_of(number: int) -> str:
    """The address of a story."""
    return f"story-{number:05}"


def write_site(root: Path, count: int, settings: str = "") -> None:
    """Writes a site of `count` stories into `root`; `settings` are lines of its variorum.toml."""
    files = {"variorum.toml": f'title = "Many reports"\n{settings}', **own_pages()}
    for number in range(count):
        files |= {f"content/{slug_of(number)}/{name}": text for name, text in story(number).items()}
    write_files(root, {**files, "content/pages/desk.png": picture()})


def story(number: int) -> dict[str, str]:
    """The files of one story."""
    words = LANGUAGES[number % len(LANGUAGES)]
    versions = SEVERAL.get(number, 2)
    names = [f"v{version + 1}" for version in range(versions)]
    texts = {f"{name}.txt": _text(words, number, version) for version, name in enumerate(names)}
    return {"comparison.yaml": _comparison(words, number, names), "annotations.yaml": _notes(words, number, names), **texts}


def _figure(number: int, version: int) -> str:
    return f"{1_200 + 10 * number + (300 if version % 2 else 0)}"


def _verb(words: Words, number: int, version: int) -> str:
    return words.verbs[number % len(words.verbs)][min(version, 1)]


def _text(words: Words, number: int, version: int) -> str:
    values = {
        "n": number,
        "figure": _figure(number, version),
        "name": words.names[number % len(words.names)],
        "verb": _verb(words, number, version),
    }
    sentences = [sentence.format(**values) for sentence in words.sentences]
    if version % 2:
        del sentences[2]
    if version >= 2:
        sentences.append(sentences.pop(0))
    return "\n\n".join(sentences) + "\n"


def _comparison(words: Words, number: int, names: Sequence[str]) -> str:
    tags = sorted({TAGS[number % len(TAGS)], TAGS[number * 5 % len(TAGS)]})
    day = f"20{20 + number % 6}-{number % 12 + 1:02}-{number % 27 + 1:02}"
    lines = [
        f"title: {words.title.format(n=number)!r}",
        f"summary: {words.summary.format(n=number)!r}",
        f"published: {day}",
        f"language: {words.language}",
        f"tags: [{', '.join(repr(tag) for tag in tags)}]",
        "witnesses:",
    ]
    for version, name in enumerate(names):
        publisher = PUBLISHERS[(number + version) % len(PUBLISHERS)]
        lines.append(f"  {name}: {{file: {name}.txt, label: Version {version + 1}, publisher: {publisher!r}, published: {day}}}")
    if len(names) > 3:
        lines.append("pairs: consecutive")
    return "\n".join(lines) + "\n"


def _notes(words: Words, number: int, names: Sequence[str]) -> str:
    """Three notes on the first pair, and one on the last version of a story of several."""
    kinds = [kind.key for kind in BUILT_IN_KINDS]
    figures = [_figure(number, version) for version in range(2)]
    verbs = [_verb(words, number, version) for version in range(2)]
    last = words.sentences[-1]
    notes = [
        (0, f"{{quote: {figures[0]!r}, nth: 1}}", f"{{quote: {figures[1]!r}, nth: 1}}"),
        (1, repr(verbs[0]), repr(verbs[1])),
        (2, repr(last), repr(last)),
    ]
    lines = ["notes:"]
    for index, a, b in notes:
        place = number * 3 + index
        lines += [
            f"  - id: n{index}",
            f"    kind: [{kinds[place % len(kinds)]}, {kinds[(place + 7) % len(kinds)]}]",
            f"    severity: {SEVERITIES[(number + index) % len(SEVERITIES)]}",
            f"    title: Note {index + 1} on story {number}",
            "    note: What a *reader* would take away differs.",
            f"    history: [{{date: 2026-0{1 + number % 6}-01, change: First published.}}]",
            f"    {names[0]}: {a}",
            f"    {names[1]}: {b}",
        ]
    return "\n".join(lines) + "\n"


def own_pages() -> dict[str, str]:
    """Two pages of the site's own."""
    return {
        "content/pages/about.md": (
            "---\ntitle: About us\norder: 1\ndescription: Who we are.\n---\n"
            "# The desk\n\nWe read [how to read](/how-to-read/) and [the rules](rules.md#second).\n\n![The desk](desk.png)\n\n"
            "| who | what |\n|---|---|\n| Maren | <b>notes</b> |\n\n[First story](/story-00000/) and [elsewhere](https://example.org/).\n"
        ),
        "content/pages/rules.md": (
            "---\ntitle: Rules\nlabel: House rules\norder: 2\n---\n## First\n\nOne.\n\n## Second\n\n[Up](#first)\n"
        ),
    }


def picture() -> bytes:
    """A grey PNG of two pixels by two."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80\x80" for _ in range(2))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )
