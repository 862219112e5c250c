"""The messages of the program, and the catalogues that translate them: `make languages`.

In: templates, Python modules, `generator/languages/*/variorum.po`. Out: catalogues that hold each message once, compiled; and what
still needs a translation. Adding a language is a new folder: `python -m tests.catalogues nl`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from generator.kinds import BUILT_IN_KINDS
from generator.site.language import CATALOGUES, DOMAIN

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "text": None, "plural": (1, 2), "forms": (1, 2), "message": None}
"""Calls whose first arguments are messages: in templates and, as methods of `Language` and `message`, in Python."""

_METHODS = [("generator/**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
_PARTS = ("generator", "templates")


def messages() -> Catalog:
    """Every message of templates and Python, with the files it stands in."""
    found = Catalog()
    for kind in BUILT_IN_KINDS:
        for text in (kind.group, kind.label, kind.definition):
            found.add(text, locations=[("generator/kinds.py", 0)])
    for part in _PARTS:
        extracted = extract_from_dir(ROOT / part, _methods(part), _options(part), KEYWORDS)
        for name, _, text, comments, context in extracted:
            found.add(text, locations=[(f"{part}/{name}", 0)], auto_comments=comments, context=context)
    return found


def _methods(part: str) -> list[tuple[str, str]]:
    return [(pattern.removeprefix(f"{part}/"), method) for pattern, method in _METHODS if pattern.startswith(part)]


def _options(part: str) -> dict[str, dict[str, str]]:
    return {pattern.removeprefix(f"{part}/"): options for pattern, options in _OPTIONS.items() if pattern.startswith(part)}


def tags() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.name for path in CATALOGUES.glob(f"*/{DOMAIN}.po"))


def catalogue(tag: str) -> Catalog:
    """A language's catalogue as its translator wrote it."""
    with (CATALOGUES / tag / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=tag.replace("-", "_"), domain=DOMAIN)


class _Plain(Catalog):
    """A catalogue whose header says only what a program needs: no date, no version of Babel."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What stands at its head."""
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def compiled(found: Catalog) -> bytes:
    """What the program reads of a catalogue: the same bytes whenever and with whatever Babel."""
    plain = _Plain(locale=found.locale, domain=DOMAIN, fuzzy=False)
    plain._num_plurals, plain._plural_expr = found.num_plurals, found.plural_expr  # noqa: SLF001 - as its header says, not Babel
    for message in found:
        if message.id:
            plain.add(message.id, message.string)
    file = BytesIO()
    write_mo(file, plain)
    return file.getvalue()


def missing(found: Catalog, wanted: Catalog) -> list[str]:
    """Messages without a translation; of a plural, one that lacks a form counts."""
    return [str(message.id) for message in wanted if message.id and not _is_translated(found, message)]


def obsolete(found: Catalog, wanted: Catalog) -> list[str]:
    """Messages that the program no longer has."""
    return [str(message.id) for message in found if message.id and wanted.get(message.id) is None]


def _is_translated(found: Catalog, wanted: Message) -> bool:
    entry = found.get(wanted.id)
    if entry is None or entry.fuzzy or isinstance(entry.id, str) != isinstance(wanted.id, str):
        return False
    forms = [entry.string] if isinstance(entry.string, str) else [*entry.string]
    return all(forms) and (isinstance(entry.id, str) or len(forms) == found.num_plurals)


def update(tag: str, wanted: Catalog) -> Iterator[str]:
    """Brings a catalogue up to date and compiles it; gives the messages that it lacks."""
    folder = CATALOGUES / tag
    folder.mkdir(exist_ok=True)
    old = catalogue(tag) if (folder / f"{DOMAIN}.po").exists() else Catalog(locale=Locale.parse(tag, sep="-"))
    new = Catalog(locale=Locale.parse(tag, sep="-"), domain=DOMAIN, fuzzy=False)
    for message in sorted((each for each in wanted if each.id), key=lambda each: (each.locations[0][0], str(each.id))):
        entry = old.get(message.id)
        string = entry.string if entry is not None and _is_translated(old, message) else None
        new.add(message.id, string, locations=message.locations)
    text = BytesIO()
    write_po(text, new, width=120, omit_header=True, include_lineno=False)
    fields = (f"Language: {tag}", "Content-Type: text/plain; charset=utf-8", f"Plural-Forms: {old.plural_forms}")
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields)
    (folder / f"{DOMAIN}.po").write_text(f"{head}\n{text.getvalue().decode()}", encoding="utf-8")
    stored = catalogue(tag)
    (folder / f"{DOMAIN}.mo").write_bytes(compiled(stored))
    yield from missing(stored, wanted)


def main() -> int:
    """Updates all catalogues, and those named as arguments; the exit code is 1 while a translation is missing."""
    wanted = messages()
    lacking: dict[str, list[str]] = {}
    for tag in sorted({*tags(), *sys.argv[1:]}):
        left = [*update(tag, wanted)]
        sys.stdout.write(f"{tag}: {len(wanted) - len(left)} of {len(wanted)} messages translated\n")
        for text in left:
            lacking.setdefault(text, []).append(tag)
    sys.stdout.writelines(f"missing in {', '.join(found)}: {text}\n" for text, found in lacking.items())
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
