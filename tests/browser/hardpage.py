"""A comparison that is hard to set: overlapping notes, moves, other scripts, very long words, many notes."""

from __future__ import annotations

from generator.model import Comparison, Placement
from tests.pictures import compared, note, orphaned, placed, with_notes

FEW, MANY = 12, 300
"""How many notes stand in one paragraph."""

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


def hard_comparison(notes: int) -> Comparison:
    """Ordinary paragraphs first, then one of many notes, then other scripts and a word without end."""
    many = " ".join(f"w{index}x" for index in range(notes))
    comparison = compared(
        ("headline", "{|Kim confirms 100 dead}"),
        ("related", "{READ THIS INSTEAD|}"),
        "{|On Friday, |moved#m}the leader{ on Friday||moved#m} {appeared|seemed} to {\"|“|typographic}act, "
        "Korea{n|’s|inflection} way.",
        "About {12,000|15,000|number} soldiers were {sent|dispatched} to "
        "{fight Ukraine|support Putin|wording certainty} in autumn.",
        "{The ~ceremony~ on Friday was the first|However, the Friday ~ceremony~ marks an initial|wording} instance.",
        many,
        "{The second city is 京都市 and more|第二の都市は京都市です|wording} 東京都",
        "שלום {עולם|לכולם|wording} and back",
        "{" + LONG_WORD + "|" + LONG_WORD[::-1] + "|wording} end",
        "{| |wording}tail {one two three|four|wording}.",
        "The refinery{, which ||omission}{supplies the army ||moved#s}{and is one of the largest|. This place, a large|number} "
        "one{|, supplies the army|moved#s}{ said|,|wording}{ again||omission} it.",
        "pass{\u202eword|word|typographic} in{\u200b||wording}visible {ten\u00a0men|ten men|wording} "
        "and{\u00a0| |typographic}space {a|b|wording}{|\u200d|wording}.",
        "Mixed {العربية ثم|עברית then|wording} (12,000) {“مرحبا”, he said|“שלום”, she said|quotation}!",
    )  # fmt: skip
    texts = comparison.articles
    placements: list[Placement] = [
        placed(comparison, note("head"), ("before", "the leader"), "Kim confirms 100 dead"),
        placed(comparison, note("wave", title="12,000 becomes 15,000"), "12,000", "15,000"),
        placed(comparison, note("over", severity="moderate"), "12,000 soldiers were sent", "15,000 soldiers"),
        placed(comparison, note("same", severity="checked"), "in autumn", "in autumn"),
        placed(comparison, note("rank", severity="minor"), "one of the largest", "a large"),
        placed(comparison, note("hidden", title="مرحبا becomes שלום"), "“مرحبا”, he said", "“שלום”, she said"),
        orphaned(note("lost"), "words that are nowhere"),
        *(
            placed(comparison, note(f"n{index}", severity=("minor", "moderate", "checked")[index % 3]), f"w{index}x")
            for index in range(notes)
        ),
    ]
    assert "東京都" in texts.a.text
    return with_notes(comparison, *placements)
