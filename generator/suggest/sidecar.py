"""The file of machine suggestions: what stands in annotations.suggested.yaml, and whether it still is what was written.

In: suggestions, or a file's text. Out: a sidecar's text, or an answer. A digest in the comment at its head says what the tool
wrote, so that a file somebody has worked on is never replaced. It reads and writes no files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from generator.sidecartext import NoteText, sidecar_text
from generator.suggest.drafting import ANNOTATOR, ANNOTATOR_NAME, Suggestion

SUGGESTED = "annotations.suggested.yaml"

_DIGEST = re.compile(r"^# digest: ([0-9a-f]{64})\n", re.MULTILINE)

_REMARKS = (
    "Machine suggestions, written by `variorum suggest`: drafts, which only the preview and `--drafts` show.",
    "Judge each of them. To keep one, move it to a sidecar of yours with a status and a name of yours in `by`, or delete both.",
    "While nothing in this file is changed, the command replaces it; a changed file it leaves alone.",
)


def suggested_text(suggestions: Sequence[Suggestion], left_out: int = 0, remarks: Sequence[str] = ()) -> str:
    """The whole file, its digest included. `left_out`: how many suggestions more there would be; `remarks` stand first."""
    more = (f"{left_out:,} more were left out, the least grave first.",) if left_out else ()
    notes = [NoteText(suggestion.data) for suggestion in suggestions]
    body = sidecar_text({ANNOTATOR: {"name": ANNOTATOR_NAME}}, notes, (*remarks, *_REMARKS, *more))
    return f"# digest: {_digest(body)}\n{body}"


def is_as_written(text: str) -> bool:
    """Whether the text is what `suggested_text` made, line endings aside."""
    text = text.replace("\r\n", "\n")
    found = _DIGEST.match(text)
    return found is not None and found[1] == _digest(text[found.end() :])


def _digest(body: str) -> str:
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
