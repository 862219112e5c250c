"""The word diff of two passages that correspond: tokens in, a readable edit script out. Begin with `passage`."""

from generator.collate.diff.passage import diff_passage, diff_tokens, link_tokens

__all__ = ["diff_passage", "diff_tokens", "link_tokens"]
