"""annotations.lock.json: what is locked, what it says, how it is read back, and when it is left aside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.collate.anchor.locking import Standing, standings
from generator.collate.compare import compare_story
from generator.collate.segment import segment
from generator.config import read_config
from generator.errors import Where
from generator.locks import LOCK_FILE, LOCK_LIMIT, lock_text, read_locks
from generator.model import Annotation, Lock, LockedPlace, Selector, Source, Span, Story
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.site.view import comparison_page
from generator.sources import read_story
from tests import pictures
from tests.sitefiles import write_site
from tests.stories import source, story

HERE = Where("annotations.yaml", 3, 5)
TEXT = "He praised the troops he sent to Kursk in April, and went home. A petition was handed in."
FOLDER = ("content", "story")


def note(id_: str, *selectors: Selector, witness: str = "a") -> Annotation:
    return pictures.note(id_, targets=((witness, selectors),), where=HERE)


def quoted(quote: str, **fields: object) -> Selector:
    return replace(Selector(quote, HERE), **fields)  # type: ignore[arg-type]  # a test's keywords are checked by the dataclass


def standing(text: str, wanted: Annotation, locks: tuple[Lock, ...] = ()) -> Standing:
    (found,) = standings((wanted,), (segment(source("a", text))[0],), locks)
    return found


def lock_of(text: str, wanted: Annotation) -> Lock:
    new = standing(text, wanted).new
    assert new is not None
    return new


def written(root: Path, text: str | bytes) -> None:
    folder = root.joinpath(*FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOCK_FILE).write_bytes(text.encode() if isinstance(text, str) else text)


def read(root: Path, *witnesses: Source) -> tuple[tuple[Lock, ...], tuple[str, ...]]:
    locks, faults = read_locks(root, FOLDER, (LOCK_FILE,), witnesses)
    assert all(fault.severity == "warning" for fault in faults)
    return locks, tuple(map(str, faults))


# ------------------------------------------------------------------ standings


def test_a_note_without_a_lock_is_new_and_gets_its_words_context_offsets_and_hash() -> None:
    found = standing(TEXT, note("n", quoted("troops he sent")))
    assert (found.state, found.old, found.told) == ("new", None, ())
    place = LockedPlace("troops he sent", "He praised the ", " to Kursk in April, and went hom", Span(15, 29))
    digest = source("a", TEXT).digest
    assert found.new == Lock("n", "a", quoted("troops he sent"), (place,), digest)
    assert len(digest) == 64


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (TEXT, "unchanged"),
        ("A first line.\n\n" + TEXT.replace("petition", "paper"), "context updated"),
        (TEXT.replace("petition", "paper"), "shifted"),
        (TEXT.replace("to Kursk", "to fight in Kursk"), "context updated"),
        (TEXT.replace("troops he", "troops whom he"), "fuzzy"),
        ("Troops he sent were gone. Nobody knew any troops he sent away from them.", "moved?"),
        (TEXT.replace("troops he sent", "men"), "orphan"),
        (TEXT + " So the troops he sent left.", "orphan"),
    ],
)
def test_a_note_stands_against_its_lock(text: str, state: str) -> None:
    wanted = note("n", quoted("troops he sent"))
    lock = lock_of(TEXT, wanted)
    found = standing(text, wanted, (lock,))
    assert found.state == state
    assert found.old == lock
    assert bool(found.told) == (state in {"fuzzy", "moved?", "orphan"})


def test_what_is_doubtful_keeps_its_old_lock_until_it_is_accepted() -> None:
    wanted = note("n", quoted("troops he sent"))
    lock = lock_of(TEXT, wanted)
    text = TEXT.replace("troops he", "troops whom he")
    found = standing(text, wanted, (lock,))
    assert found.kept(()) == lock
    accepted = found.kept({"n"})
    assert accepted is not None
    assert accepted.is_accepted
    assert accepted.places[0].exact == "troops whom he sent"
    again = standing(text, wanted, (accepted,))
    assert (again.state, again.told, again.kept(())) == ("unchanged", (), accepted)


def test_an_accepted_passage_is_fuzzy_again_when_it_is_edited_again() -> None:
    wanted = note("n", quoted("troops he sent"))
    text = TEXT.replace("troops he", "troops whom he")
    accepted = standing(text, wanted, (lock_of(TEXT, wanted),)).kept({"n"})
    assert accepted is not None
    assert standing(text.replace("sent", "had sent"), wanted, (accepted,)).state == "fuzzy"


def test_an_accepted_passage_that_is_restored_is_no_longer_an_exception() -> None:
    wanted = note("n", quoted("troops he sent"))
    text = TEXT.replace("troops he", "troops whom he")
    accepted = standing(text, wanted, (lock_of(TEXT, wanted),)).kept({"n"})
    assert accepted is not None
    restored = standing(TEXT, wanted, (accepted,))
    assert restored.state == "context updated"
    assert restored.new == lock_of(TEXT, wanted)


def test_words_elsewhere_are_locked_only_when_accepted() -> None:
    wanted = note("n", quoted("15,000"))
    lock = lock_of("Approximately 15,000 soldiers were dispatched.", wanted)
    found = standing("Approximately 12,000 soldiers were dispatched. Of 15,000 others nothing was said.", wanted, (lock,))
    assert (found.state, found.kept(())) == ("orphan", lock)
    accepted = found.kept({"n"})
    assert accepted is not None
    assert (accepted.places[0].span, accepted.is_accepted) == (Span(50, 56), False)


def test_an_orphan_cannot_be_accepted() -> None:
    found = standing(TEXT, note("n", quoted("sailors")))
    assert (found.state, found.new, found.kept({"n"})) == ("orphan", None, None)


def test_an_edited_quotation_is_a_new_statement() -> None:
    lock = lock_of(TEXT, note("n", quoted("troops he sent")))
    assert standing(TEXT, note("n", quoted("the troops he sent")), (lock,)).state == "new"


def test_a_lock_of_another_note_or_witness_does_not_count() -> None:
    lock = lock_of(TEXT, note("n", quoted("troops he sent")))
    text = TEXT.replace("troops he", "troops whom he")
    assert standing(text, note("m", quoted("troops he sent")), (lock,)).state == "orphan"
    assert standing(text, note("n", quoted("troops he sent")), (replace(lock, witness="b"),)).state == "orphan"
    assert standing(text, note("n", quoted("troops he sent")), (replace(lock, places=()),)).state == "orphan"


# ------------------------------------------------------------------ the file

SELECTORS = (
    quoted("troops he sent"),
    quoted("troops", gap="before"),
    quoted("April", gap="after", within="to Kursk in April"),
    quoted("in", every=True),
    quoted("in", nth=2),
    quoted("in", prefix="handed", suffix="."),
    quoted("", position=Span(3, 10)),
    quoted("", position=Span(3, 3)),
)


def test_a_written_file_reads_back_the_same(tmp_path: Path) -> None:
    wanted = (note("one", *SELECTORS), note("two", quoted("April")))
    locks = tuple(lock for each in standings(wanted, (segment(source("a", TEXT))[0],), ()) if (lock := each.new))
    assert len(locks) == len(SELECTORS) + 1
    locks = (*locks[:-1], replace(locks[-1], text="0" * 64, is_accepted=True))
    written(tmp_path, lock_text(locks))
    again, faults = read(tmp_path, source("a", TEXT))
    assert faults == ()
    assert [replace(lock, selector=replace(lock.selector, where=HERE)) for lock in again] == list(locks)
    assert lock_text(again) == lock_text(locks)


def test_the_file_is_sorted_indented_and_ends_with_a_newline() -> None:
    locks = [lock_of(TEXT, note(id_, quoted("April"))) for id_ in ("zed", "ann")]
    text = lock_text(locks)
    data = json.loads(text)
    assert text == json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert list(data) == ["notes", "texts", "version"]
    assert list(data["notes"]) == ["ann", "zed"]
    assert data["texts"] == {"a": source("a", TEXT).digest}
    assert lock_text(reversed(locks)) == text


def test_an_entry_names_its_text_only_where_it_is_another() -> None:
    locks = [lock_of(TEXT, note(id_, quoted("April"))) for id_ in ("a", "b", "c")]
    data = json.loads(lock_text([*locks[:2], replace(locks[2], text="0" * 64)]))
    assert [data["notes"][id_]["a"][0].get("text") for id_ in "abc"] == [None, None, "0" * 64]


def test_characters_that_cannot_be_seen_are_escaped(tmp_path: Path) -> None:
    text = "The \u202etroops\u202c left\u00a0for\u0085good \U000e0041today."
    lock = lock_of(text, note("n", quoted("left")))
    assert lock_text((lock,)).replace("\n", "").isprintable()
    written(tmp_path, lock_text((lock,)))
    assert read(tmp_path, source("a", text))[0][0].places == lock.places


@given(st.text(max_size=40), st.text(min_size=1, max_size=10), st.text(max_size=40))
def test_any_text_survives_the_file(before: str, exact: str, after: str) -> None:
    text = lock_text((Lock("n", "a", quoted(exact), (LockedPlace(exact, before, after, Span(0, len(exact))),), "0"),))
    (entry,) = json.loads(text)["notes"]["n"]["a"]
    assert entry["places"] == [{"start": 0, "end": len(exact), "exact": exact, "prefix": before, "suffix": after}]


# ------------------------------------------------------------------ damage


def sound_file() -> str:
    return lock_text((lock_of(TEXT, note("n", quoted("troops he sent"))),))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:0],
        lambda text: f"[{text}]",
        lambda text: text[:-20],
        lambda text: "<<<<<<< ours\n" + text,
        lambda text: text.replace('"version": 1', '"version": 2'),
        lambda text: text.replace('"version": 1', '"version": "1"'),
        lambda text: text.replace('"exact"', '"exactly"'),
        lambda text: text.replace('"start": 15', '"start": -15'),
        lambda text: text.replace('"start": 15', f'"start": {"9" * 5000}'),
        lambda text: text.replace('"end": 29', '"end": 31'),
        lambda text: text.replace("troops he sent", "groups he sent", 1),
        lambda text: text.replace("He praised", "He blamed.", 1),
        lambda text: text.replace(" to Kursk", " in Kursk", 1),
        lambda text: "[" * 100_000 + text,
        lambda text: text.encode("utf-16"),
        lambda text: text.encode() + b"\xff",
    ],
)
def test_a_damaged_or_foreign_file_is_one_warning_and_no_lock(spoil: object, tmp_path: Path) -> None:
    assert callable(spoil)
    spoilt = spoil(sound_file())
    assert spoilt != sound_file()
    written(tmp_path, spoilt)
    locks, (fault,) = read(tmp_path, source("a", TEXT))
    assert locks == ()
    assert fault.startswith("content/story/annotations.lock.json")
    assert "warning: no note is held to its place" in fault
    assert len(fault) < 400


def test_another_version_is_said_to_be_one(tmp_path: Path) -> None:
    written(tmp_path, sound_file().replace('"version": 1', '"version": 2'))
    assert "another version" in read(tmp_path, source("a", TEXT))[1][0]


def test_a_file_that_is_a_link_or_too_large_is_left_aside(tmp_path: Path) -> None:
    written(tmp_path, sound_file())
    path = tmp_path.joinpath(*FOLDER, LOCK_FILE)
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert read(tmp_path)[0] == ()
    assert "is a link" in read(tmp_path)[1][0]
    path.unlink()
    path.write_bytes(b" " * (LOCK_LIMIT + 1))
    assert "larger than" in read(tmp_path)[1][0]


def test_locks_on_another_text_or_an_unknown_witness_are_no_damage(tmp_path: Path) -> None:
    written(tmp_path, sound_file())
    assert read(tmp_path, source("a", TEXT + " More."))[1] == ()
    assert read(tmp_path, source("b", TEXT))[1] == ()
    assert read_locks(tmp_path, FOLDER, (), ()) == ((), ())


# ------------------------------------------------------------------ through the program


def test_a_story_is_read_with_its_locks_and_compared_under_them(tmp_path: Path) -> None:
    sidecar = "notes: [{id: n, kind: number, severity: minor, title: T, a: three}]\n"
    write_site(
        tmp_path, {"annotations.yaml": sidecar, LOCK_FILE: lock_text((lock_of("One two three.\n", note("n", quoted("three"))),))}
    )
    config, _ = read_config(tmp_path)
    told, faults = read_story(tmp_path, tmp_path / "content" / "story", config)
    assert told is not None
    assert faults == ()
    assert [lock.note for lock in told.locks] == ["n"]
    (comparison,), faults = compare_story(told)
    assert faults == ()
    assert comparison.placements[0].anchors.a[0].method == "exact"


def test_a_damaged_lock_file_costs_a_warning_and_no_note(tmp_path: Path) -> None:
    write_site(tmp_path, {LOCK_FILE: "{"})
    config, _ = read_config(tmp_path)
    told, (fault,) = read_story(tmp_path, tmp_path / "content" / "story", config)
    assert told is not None
    assert told.locks == ()
    assert fault.severity == "warning"


# ------------------------------------------------------------------ on the page


def page_of(text: str, *selectors: Selector) -> tuple[tuple[str, ...], str]:
    """What the note says of its places, and the page, of a story locked on `TEXT`."""
    wanted = note("n", *selectors)
    locks = tuple(each.new for each in standings((wanted,), (segment(source("a", TEXT))[0],), ()) if each.new)
    told: Story = replace(story(text, "Another text.", annotations=(wanted,)), locks=locks)
    (comparison,), _ = compare_story(told)
    config, _ = read_config(Path("nowhere"))
    page = comparison_page(config, told, comparison)
    return page.notes[0].losses, Renderer(config, (default_templates(),)).render(page)


def test_a_note_on_an_edited_passage_says_so() -> None:
    losses, html = page_of(TEXT.replace("troops he", "troops whom he"), quoted("troops he sent"))
    assert losses == ("Fuzzy: the passage was edited after this note, which refers to “troops he sent”.",)
    assert losses[0] in html


def test_a_note_among_other_words_says_so() -> None:
    text = "Nobody knew which troops he sent away from them, a year before."
    losses, html = page_of(text, quoted("troops he sent"))
    assert losses == ("Moved? “troops he sent” stands among other words than when this note was written.",)
    assert losses[0] in html


def test_a_note_where_it_was_locked_says_nothing() -> None:
    losses, html = page_of(TEXT + " More.", quoted("troops he sent"))
    assert losses == ()
    assert "Fuzzy:" not in html


def test_a_note_says_each_of_its_losses_once() -> None:
    text = TEXT.replace("troops he", "troops whom he").replace("petition", "man")
    losses, _ = page_of(text, quoted("troops he sent"), quoted("petition"), quoted("home"))
    assert [loss.partition(" ")[0] for loss in losses] == ["Fuzzy:", "“petition”"]
