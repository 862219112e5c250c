"""From comparisons to files in output/."""
