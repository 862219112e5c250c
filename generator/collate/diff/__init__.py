"""The word diff of two passages that correspond: tokens in, a readable edit script out. Begin with `passage`."""

from generator.collate.diff.passage import Passages, diff_passage, diff_passages, diff_tokens, link_tokens

__all__ = ["Passages", "diff_passage", "diff_passages", "diff_tokens", "link_tokens"]
