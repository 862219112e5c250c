"""The kinds of note that every site knows, with what each means for a reader.

Grounded in FRANK (Pagnoni et al. 2021), NewsEdits 2.0 (Spangher et al. 2024), Recasens et al. 2013 on biased language,
BASIL (Fan et al. 2019), the studies of the EBU and the BBC of 2025 on news in assistants, and AP's rules on quotations.
Severity is no part of a kind: it is the consequence for a reader, and each note states its own.
"""

from __future__ import annotations

from generator.model import NoteKind

FACTS = "Facts"
VOICES = "Voices"
FRAMING = "Certainty and framing"
HOUSEKEEPING = "Housekeeping"
OWN = "Own kinds"
"""The group of the kinds that a site adds."""

_KINDS = (
    (FACTS, "number", "Number", "A quantity, a unit, a bound or a rank differs."),
    (FACTS, "entity", "Who or what", "Somebody or something is wrong, exchanged, or no longer identified."),
    (FACTS, "circumstance", "Circumstance", "The time, the place, the manner or the target of an event differs."),
    (FACTS, "predicate", "Event", "What happened, or the part somebody had in it, differs."),
    (FACTS, "reference", "Reference", "A pronoun, or words such as “this attack”, now point at something else."),
    (FACTS, "link", "Link", "The order of events, or what caused or opposed what, differs."),
    (FACTS, "omission", "Omission", "A fact of the base has no counterpart."),
    (FACTS, "addition", "Addition", "A statement has no source in the base."),
    (FACTS, "inconsistency", "Inconsistency", "The text contradicts itself."),
    (FACTS, "update", "Update", "A later edition rightly corrects or completes an earlier one."),
    (VOICES, "quote-altered", "Quotation altered", "Words inside quotation marks differ beyond typography."),
    (VOICES, "quote-dropped", "Quotation dropped", "Something that was said is no longer quoted."),
    (VOICES, "quote-added", "Quotation added", "Words stand as a quotation that the base does not quote."),
    (
        VOICES,
        "attribution",
        "Attribution",
        "The source of a claim is dropped, added or changed, or covers more or less than before.",
    ),
    (FRAMING, "certainty", "Certainty", "A claim is hedged more or less: “appeared to” becomes “confirmed”."),
    (FRAMING, "framing", "Framing", "A word is more loaded or softer than its counterpart: “war” becomes “conflict”."),
    (FRAMING, "agency", "Agency", "Who acted is no longer said."),
    (FRAMING, "headline", "Headline", "The headline is new or other, or says more than the text under it."),
    (HOUSEKEEPING, "provenance", "Provenance", "A dateline, a byline, an outlet or a link is lost."),
    (HOUSEKEEPING, "language", "Language", "The wording is garbled."),
    (HOUSEKEEPING, "boilerplate", "Site furniture", "Promotion, related links or a notice of the site differ."),
    (HOUSEKEEPING, "equivalent", "Equivalent", "A fair paraphrase, worth saying so."),
)

BUILT_IN_KINDS: tuple[NoteKind, ...] = tuple(NoteKind(key, label, definition, group) for group, key, label, definition in _KINDS)
"""The built-in kinds, group by group, in the order in which pages list them."""
