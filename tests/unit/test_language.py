"""Languages: catalogues that fit the program, dates and numbers by locale, and pages on which no English is left."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from generator.collate.anchor import find, placing
from generator.kinds import BUILT_IN_KINDS
from generator.model import NoteKind
from generator.site import language as languages_module
from generator.site.build import Options, build
from generator.site.labels import LOSSES, detail_in, kinds_in, severity_title
from generator.site.language import CATALOGUES, DOMAIN, ENGLISH, catalogue_of, direction, language_of, languages
from generator.site.program import default_templates
from generator.site.render import Renderer, TemplateFault
from generator.site.translated import word_sheet
from tests.catalogues import ROOT, catalogue, compiled, messages, missing, obsolete, tags
from tests.pictures import CONFIG

TRANSLATED = tags()


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return messages()


# ------------------------------------------------------------------ catalogues


def test_there_are_catalogues_for_four_languages_beside_english() -> None:
    assert {"ar", "de", "es", "fr"} <= set(TRANSLATED)
    assert set(languages()) == {"en", *TRANSLATED}


def test_the_program_has_messages_in_templates_and_in_python(wanted: Catalog) -> None:
    assert {"Major discrepancies", "Moved to further up", "Quotation altered", "Hide wording"} <= {str(each.id) for each in wanted}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_has_every_message_and_no_other(tag: str, wanted: Catalog) -> None:
    found = catalogue(tag)
    faults = [f"missing: {text}" for text in missing(found, wanted)] + [f"obsolete: {text}" for text in obsolete(found, wanted)]
    assert not faults, "run `make languages`, and translate what it lists:\n" + "\n".join(faults)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_what_the_program_reads_is_what_translators_wrote(tag: str) -> None:
    assert (CATALOGUES / tag / f"{DOMAIN}.mo").read_bytes() == compiled(catalogue(tag)), "run `make languages`"


PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<[^>]*>")


def strings(message: Message) -> Iterator[tuple[str, str, bool]]:
    """Each translation with the message it translates, and whether it may leave the number out, as forms for 0, 1 and 2 do."""
    if isinstance(message.id, str):
        yield message.id, str(message.string), False
    else:
        for index, string in enumerate(message.string):
            yield message.id[-1], string, len(message.string) > 2 and index < 3


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_keep_placeholders_and_tags(tag: str) -> None:
    faults = []
    for each in catalogue(tag):
        for text, string, is_wordy in strings(each) if each.id else ():
            of_text, of_string = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(string))
            is_same = of_string == of_text or (is_wordy and of_string == of_text - {"num"})
            if string and (not is_same or sorted(TAG.findall(text)) != sorted(TAG.findall(string))):
                faults.append((text, string))
    assert faults == []


def test_messages_may_stand_between_tags_and_in_attributes(wanted: Catalog) -> None:
    texts = [text for each in wanted if each.id for text in ([each.id] if isinstance(each.id, str) else each.id)]
    texts += [string for tag in TRANSLATED for each in catalogue(tag) if each.id for _, string, _ in strings(each)]
    for text in texts:
        bare = TAG.sub("", text)
        assert not re.search(r"[<>&\"\\]|%(?!\(\w+\)s)", bare), text
        assert bare == bare.strip() or text != bare, text


def test_every_reason_why_a_note_lost_its_place_is_a_message() -> None:
    source = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (find, placing))
    reasons = re.findall(
        r'Fault\("warning", "([^"]+)"|_but\(selector, text, "([^"]+)"|^    reason = "([^"]+)"', source, re.MULTILINE
    )
    of_positions = re.findall(r'Fault\("error", "([^"]+)"', inspect.getsource(find._find_position))  # noqa: SLF001 - warnings under a lock
    assert {*of_positions, *(one or other or third for one, other, third in reasons)} == set(LOSSES)
    assert len(of_positions) == 3


# ------------------------------------------------------------------ choosing a language


@pytest.mark.parametrize(
    ("tag", "found", "way"),
    [("de-AT", "de", "ltr"), ("DE", "de", "ltr"), ("ar-EG", "ar", "rtl"), ("en-US", "en", "ltr"),
     ("nl", "", "ltr"), ("he-IL", "", "ltr")],
)  # fmt: skip
def test_a_site_is_in_the_nearest_language_there_is(tag: str, found: str, way: str) -> None:
    language = language_of(tag)
    assert catalogue_of(tag) == found
    assert (language.tag, language.direction) == (tag if found else "en", way)


def test_an_unknown_language_and_a_missing_message_are_english() -> None:
    assert language_of("tlh") is ENGLISH
    assert language_of("de").text("No catalogue has %(what)s.", what="this") == "No catalogue has this."


def test_plain_english_loads_neither_catalogue_nor_babel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages_module, "import_module", lambda name: pytest.fail(f"{name} was loaded"))
    monkeypatch.setattr(languages_module, "CATALOGUES", Path("/nowhere"))
    english = language_of("en")
    assert english.date("2025-08-22") == "22 August 2025"
    assert (english.number(12000), english.percent(57), english.list(["A", "B"])) == ("12,000", "57%", "A and B")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("fa-IR", "rtl"), ("he", "rtl"), ("en", "ltr"), ("az-Arab", "rtl"), ("ur-Latn", "ltr"), ("pa-Arab-PK", "rtl")],
)
def test_direction_follows_the_script(language: str, expected: str) -> None:
    assert direction(language) == expected


# ------------------------------------------------------------------ dates, numbers, lists


@pytest.mark.parametrize(
    ("iso", "label"),
    [("2025-08-22", "22 August 2025"), ("2025-08", "August 2025"), ("2025-08-22T09:40:00Z", "22 August 2025, 09:40"),
     ("last year", "last year"), ("2025-13-01", "2025-13-01"), ("2025-02-30", "2025-02-30"), ("", "")],
)  # fmt: skip
def test_dates_are_written_out(iso: str, label: str) -> None:
    assert ENGLISH.date(iso) == label


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en-US", ["August 22, 2025", "August 2025", "12,000", "57%", "A, B, and C"]),
        ("de", ["22. August 2025", "August 2025", "12.000", "57\u00a0%", "A, B und C"]),
        ("de-CH", ["22. August 2025", "August 2025", "12’000", "57%", "A, B und C"]),
        ("fr", ["22 août 2025", "août 2025", "12\u202f000", "57\u00a0%", "A, B et C"]),
        ("es", ["22 de agosto de 2025", "agosto de 2025", "12.000", "57\u00a0%", "A, B y C"]),
        ("ar", ["22 أغسطس 2025", "أغسطس 2025", "12,000", "57%", "\u2068A\u2069 و\u2068B\u2069 و\u2068C\u2069"]),
    ],
)
def test_each_language_writes_dates_and_numbers_in_its_way(tag: str, written: list[str]) -> None:
    language = language_of(tag)
    dates = [language.date("2025-08-22"), language.date("2025-08")]
    assert [*dates, language.number(12000), language.percent(57), language.list("ABC")] == written
    assert language.date("2025-08-22T14:05").startswith(written[0])


def test_a_private_subtag_takes_the_locale_before_it() -> None:
    assert language_of("de-x-desk").number(12000) == "12.000"


def test_lists_read_as_sentences() -> None:
    lists = [ENGLISH.list(items) for items in ((), ["a"], ["a", "b"], ["a", "b", "c"])]
    assert lists == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("tag", "forms"),
    [
        ("en", ["0 notes", "1 note", "2 notes", "3 notes", "11 notes", "100 notes"]),
        ("de", ["0 Anmerkungen", "1 Anmerkung", "2 Anmerkungen", "3 Anmerkungen", "11 Anmerkungen", "100 Anmerkungen"]),
        ("fr", ["0 note", "1 note", "2 notes", "3 notes", "11 notes", "100 notes"]),
        ("ar", ["لا ملاحظات", "ملاحظة واحدة", "ملاحظتان", "3 ملاحظات", "11 ملاحظة", "100 ملاحظة"]),
    ],
)
def test_plurals_have_the_forms_of_their_language(tag: str, forms: list[str]) -> None:
    language = language_of(tag)
    assert [language.plural("%(num)s note", "%(num)s notes", number) for number in (0, 1, 2, 3, 11, 100)] == forms
    told = language.forms("%(num)s note", "%(num)s notes")
    assert [form.replace("%(num)s", str(number)) for form, number in zip(told, (0, 1, 2, 3, 11, 100), strict=True)] == forms


def test_words_that_run_the_other_way_are_isolated() -> None:
    arabic = language_of("ar")
    assert arabic.text("Moved in %(version)s", version="Rewrite") == "نُقل في \u2068Rewrite\u2069"
    assert ENGLISH.text("Moved in %(version)s", version="التحديث") == "Moved in \u2068التحديث\u2069"
    assert ENGLISH.text("Moved in %(version)s", version="Rewrite, 2") == "Moved in Rewrite, 2"
    assert arabic.text("Moved to paragraph %(number)s", number=3).endswith(" 3")


# ------------------------------------------------------------------ words of the model


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("12,000 → 15,000 (+25 %)", "12,000 → 15,000 (+25\u00a0%)"),
        ("4.8 → 4.9 (+2.1 %)", "4.8 → 4.9 (+2,1\u00a0%)"),
        ("1 → 5,000 (-1,234 %)", "1 → 5,000 (−1.234\u00a0%)"),
        ("3 % → 5 % (+2 points)", "3 % → 5 % (+2 Prozentpunkte)"),
        ("may → will (stronger)", "may → will (stärker)"),
        ("(stronger) → x", "(stärker) → x"),
        ("1 → 2,000 (+1.5e+03 points)", "1 → 2,000 (+1.500 Prozentpunkte)"),
        ("“so (+1.2.3 %)” → “(+, %)”", "“so (+1.2.3 %)” → “(+, %)”"),
        ("he said: covers 1 of 2 sentences in b; 1 → 2 (+100 %)", "he said: deckt 1 von 2 Sätzen in B; 1 → 2 (+100\u00a0%)"),
        ("“it: covers 1 of 2 sentences in b, now” → –", "“it: covers 1 of 2 sentences in b, now” → –"),
        ("", ""),
    ],
)
def test_the_measure_of_a_change_is_in_the_language_of_the_page(detail: str, expected: str) -> None:
    assert detail_in(detail, language_of("de")) == expected
    assert detail_in(detail, ENGLISH) == detail


def test_kinds_are_translated_but_for_those_that_a_site_words_itself() -> None:
    own = NoteKind("number", "Figures", "What we count.", "Facts")
    kinds = kinds_in((BUILT_IN_KINDS[1], own), language_of("de"))
    assert kinds["number"] == NoteKind("number", "Figures", "What we count.", "Fakten")
    assert kinds["entity"].label == "Wer oder was"


def test_severities_have_a_capital_where_they_stand_alone() -> None:
    assert [severity_title("major", language_of(tag)) for tag in ("en", "de", "ar")] == ["Major", "Gewichtig", "كبيرة"]


def test_the_style_sheet_gets_its_words() -> None:
    assert word_sheet(ENGLISH) == word_sheet(language_of("en-US")) == ""
    assert '--paragraph-break: "Absatzende";' in word_sheet(language_of("de"))


# ------------------------------------------------------------------ templates


MANY = "%(num)s Anmerkungen"


class Given:
    """A page for a template of the test."""

    template = "page.html"
    name = "<b>&"


def rendered(tmp_path: Path, template: str, tag: str = "de") -> str:
    (tmp_path / "page.html").write_text(template, encoding="utf-8")
    return Renderer(replace(CONFIG, language=tag), (tmp_path, default_templates())).render(Given())


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ _('Notes') }}", "Anmerkungen"),
        ('<a title="{{ gettext(\'Notes\') }}">', '<a title="Anmerkungen">'),
        ("{{ _('Moved in %(version)s', version=page.name) }}", "Verschoben in &lt;b&gt;&amp;"),
        ("{% trans version=page.name %}Moved in {{ version }}{% endtrans %}", "Verschoben in &lt;b&gt;&amp;"),
        ("{{ ngettext('%(num)s note', '%(num)s notes', 1200) }}", "1.200 Anmerkungen"),
        ("{{ forms('%(num)s note', '%(num)s notes') }}", f"{MANY}|%(num)s Anmerkung|{MANY}|{MANY}|{MANY}|{MANY}"),
        ("{{ 12000|number }} {{ 57|percent }}", "12.000 57\u00a0%"),
        ("{{ '2025-08'|date }}, {{ ['a', 'b']|listed }}", "August 2025, a und b"),
        ("{{ 'major'|severity }}", "gewichtig"),
        ("<q{{ 'ar'|spoken }}></q><q{{ 'de'|spoken }}></q>", '<q lang="ar" dir="rtl"></q><q></q>'),
        ("{% set notes = _('Notes') %}{{ notes ~ '<' }}", "Anmerkungen&lt;"),
    ],
)  # fmt: skip
def test_templates_speak_the_language_of_their_site(tmp_path: Path, template: str, expected: str) -> None:
    assert rendered(tmp_path, template) == expected


@pytest.mark.parametrize("template", ["{{ _(page.name) }}", "\n{{ ngettext('a', page.name, 2) }}", "{{ _() }}"])
def test_a_message_that_is_computed_is_a_fault_of_the_template(tmp_path: Path, template: str) -> None:
    with pytest.raises(TemplateFault, match=r"takes messages that are written out"):
        rendered(tmp_path, template)


def test_two_languages_in_one_process_do_not_share_their_templates(tmp_path: Path) -> None:
    found = [rendered(tmp_path, "{{ _('Notes') }}", tag) for tag in ("de", "en", "fr", "de")]
    assert found == ["Anmerkungen", "Notes", "Notes", "Anmerkungen"]


# ------------------------------------------------------------------ whole sites

LETTER = re.compile("[A-Za-z]")
WORD = re.compile("[A-Za-z]{2,}")
ESPERANTO = re.compile(r"\bkaj\b|\d{4}-\w+-\d\d|Variorum")
"""What CLDR has written in lists and dates; and a name."""

SPOKEN_ATTRIBUTES = frozenset({"aria-label", "title", "alt", "label", "placeholder", "content", "data-absent", "data-auto"})
TECHNICAL = frozenset({"script", "style", "kbd", "time", "code"})
"""Elements whose words are no language's, or a date's."""


def pseudo(text: str) -> str:
    """The message with every letter outside placeholders and tags in its full-width form."""
    parts = re.split(r"(%\(\w+\)s|<[^>]*>)", text)
    return "".join(
        part if index % 2 else LETTER.sub(lambda each: chr(ord(each[0]) + 0xFEE0), part) for index, part in enumerate(parts)
    )


@pytest.fixture(scope="module")
def pseudo_site(tmp_path_factory: pytest.TempPathFactory, wanted: Catalog) -> Path:
    """The Arabic site, whose own words have no Latin letter, built in a language in which every message is full-width."""
    folder = tmp_path_factory.mktemp("pseudo")
    found = Catalog(locale="eo", domain=DOMAIN, fuzzy=False)
    for each in wanted:
        if each.id:
            found.add(each.id, pseudo(each.id) if isinstance(each.id, str) else [pseudo(text) for text in each.id])
    (folder / "languages" / "eo").mkdir(parents=True)
    (folder / "languages" / "eo" / f"{DOMAIN}.mo").write_bytes(compiled(found))
    shutil.copytree(ROOT / "tests" / "sites" / "arabic", folder / "site")
    settings = folder / "site" / "variorum.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"ar"', '"eo"'), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages_module, "CATALOGUES", folder / "languages")
        forget()
        report = build(folder / "site", folder / "out", Options())
    forget()
    assert not report.stopped
    return folder / "out"


def forget() -> None:
    languages.cache_clear()
    language_of.cache_clear()


class Spoken(HTMLParser):
    """The words of a page that people see or hear, each with the element it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and not {named.get("name"), named.get("property")} & {"description", "og:description", "og:title"}:
            return
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES or (tag == "template" and name.startswith("data-")):
                self.words.append((f"{tag} {name}", PLACEHOLDER.sub("", value or "")))
        if tag not in {"meta", "link", "input", "br", "img", "hr", "rect", "path", "circle", "use"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not TECHNICAL & set(self.open):
            self.words.append((self.open[-1] if self.open else "", data))


def test_no_english_is_left_on_a_page_in_another_language(pseudo_site: Path) -> None:
    left = set()
    pages = [path for path in pseudo_site.rglob("*.html") if "pagefind" not in path.parts]
    for path in pages:
        reader = Spoken()
        reader.feed(path.read_text(encoding="utf-8"))
        left |= {(place, words.strip()) for place, words in reader.words if WORD.search(ESPERANTO.sub("", words))}
    assert len(pages) > 20
    assert left == set(), "wrap these in _(), or in Language.text"


@pytest.mark.parametrize("tag", [*TRANSLATED, "en"])
def test_a_site_is_built_in_every_language(tag: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "sites" / "arabic", tmp_path / "site", ignore=shutil.ignore_patterns("ferry"))
    settings = tmp_path / "site" / "variorum.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"ar"', f'"{tag}"'), encoding="utf-8")
    report = build(tmp_path / "site", tmp_path / "out", Options())
    page = (tmp_path / "out" / "bridge" / "index.html").read_text(encoding="utf-8")
    language = language_of(tag)
    assert report.stopped == ""
    assert f'<html lang="{tag}"' in page
    assert ('dir="rtl">' in page.split("<head>")[0]) == (tag == "ar")
    assert language.text("Skip to the notes") in page
    assert language.date("2025-05-17") in page


def test_a_site_in_a_language_without_catalogue_speaks_english_and_says_whose_words_are_whose(tmp_path: Path) -> None:
    page = rendered(tmp_path, "<h1{{ own }}>{{ page.name }}</h1>{{ _('Notes') }}", "he")
    assert page == '<h1 lang="he" dir="rtl">&lt;b&gt;&amp;</h1>Notes'


def test_a_language_without_catalogue_is_warned_about_once(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "sites" / "bare", tmp_path / "site")
    (tmp_path / "site" / "variorum.toml").write_text('language = "nl"\n', encoding="utf-8")
    report = build(tmp_path / "site", tmp_path / "out", Options())
    said = [str(fault) for fault in report.diagnostics if "translation" in str(fault)]
    assert said == [
        (
            "variorum.toml: warning: there is no translation for language 'nl': pages speak English "
            f"(there are {', '.join(languages())}; what people write stays in its language)"
        )
    ]
    assert '<html lang="en">' in next((tmp_path / "out").glob("*/index.html")).read_text(encoding="utf-8")
