"""Where notes stand in the texts: notes and articles in, anchors and orphans out. Begin with `placing`."""

from generator.collate.anchor.placing import Finding, allot, anchor, findings

__all__ = ["Finding", "allot", "anchor", "findings"]
