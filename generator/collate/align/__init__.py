"""Which sentences and blocks correspond: two articles in, beads, moves and rows of blocks out. Begin with `page`."""

from generator.collate.align.page import align, align_sentences, pair_blocks

__all__ = ["align", "align_sentences", "pair_blocks"]
