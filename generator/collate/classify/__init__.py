"""What kind of change an edit is, and what became what: edits in, kinds and details out. Begin with `changes`."""

from generator.collate.classify.changes import Typed, changed_kinds, classify, classify_rows
from generator.collate.classify.statements import Stated, state

__all__ = ["Stated", "Typed", "changed_kinds", "classify", "classify_rows", "state"]
