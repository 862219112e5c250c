"""What locking a story's notes would change: how each selector stands, and the locks that would be kept.

In: annotations, the articles of all witnesses, the locks that are there. Out: one `Standing` for each selector, and with the
notes somebody accepts, the new locks. Nothing is written here, and what is doubtful is never locked unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from generator.collate.anchor.placing import Finding, findings
from generator.collate.anchor.relocate import locked_place
from generator.errors import Diagnostic
from generator.model import Annotation, Article, Lock, Selector

State = Literal["unchanged", "shifted", "context updated", "new", "moved?", "fuzzy", "orphan"]
"""How a selector stands against its lock. The first four are sure: nothing differs, only the offsets and the text's hash, what
stands around it, or there is no lock yet. An `orphan` has no place, or more than one."""

DOUBTFUL: frozenset[State] = frozenset({"moved?", "fuzzy", "orphan"})


class Standing(NamedTuple):
    """One selector of a note: `old` is its lock, `new` what would be locked, `told` what is to be said.

    Of an orphan nothing would be locked, or its words elsewhere.
    """

    note: str
    witness: str
    selector: Selector
    state: State
    old: Lock | None
    new: Lock | None
    told: tuple[Diagnostic, ...]

    def kept(self, accepted: Collection[str]) -> Lock | None:
        """The lock to keep: the new one where it is sure or accepted, otherwise the old one."""
        return self.new if self.new and (self.state not in DOUBTFUL or self.note in accepted) else self.old


def standings(annotations: Sequence[Annotation], articles: Iterable[Article], locks: Sequence[Lock]) -> tuple[Standing, ...]:
    """How every selector of every note stands, note by note; quotations in evidence have no place to lock."""
    found: dict[str, list[Standing]] = {note.id: [] for note in annotations}
    for article in articles:
        digest = article.source.digest
        for note, of_note in zip(annotations, findings(annotations, article, locks)[:-1], strict=True):
            found[note.id] += [_standing(note.id, finding, article, digest) for finding in of_note]
    return tuple(standing for of_note in found.values() for standing in of_note)


def _standing(note: str, finding: Finding, article: Article, digest: str) -> Standing:
    new = _lock(note, finding, article, digest) if finding.spans or finding.elsewhere else None
    return Standing(note, article.source.name, finding.selector, _state(finding, new), finding.lock, new, finding.told)


def _lock(note: str, finding: Finding, article: Article, digest: str) -> Lock:
    """The lock of what was found. Words that differ from those quoted stay accepted once they are."""
    is_accepted = finding.method == "fuzzy" or (finding.lock is not None and finding.lock.is_accepted and not finding.is_quoted)
    places = tuple(locked_place(article.text, span) for span in finding.spans or finding.elsewhere)
    return Lock(note, article.source.name, finding.selector, places, digest, is_accepted)


def _state(finding: Finding, new: Lock | None) -> State:
    if finding.orphan is not None or new is None:
        return "orphan"
    if finding.method != "exact":
        return finding.method
    if finding.lock is None:
        return "new"
    if finding.lock.places == new.places and finding.lock.text == new.text:
        return "unchanged"
    old_words, new_words = ([place[:3] for place in lock.places] for lock in (finding.lock, new))
    return "shifted" if old_words == new_words else "context updated"
