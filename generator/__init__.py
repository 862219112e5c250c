"""Variorum: static sites of annotated news comparisons."""

__version__ = "0.1.0"
