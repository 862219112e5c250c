"""Draft notes: a comparison's changes in, proposals for a person to judge out. Begin with `drafting`."""
