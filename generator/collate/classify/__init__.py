"""What kind of change an edit is, and what became what: edits in, kinds and details out. Begin with `changes`."""

from generator.collate.classify.changes import Typed, changed_kinds, classify

__all__ = ["Typed", "changed_kinds", "classify"]
