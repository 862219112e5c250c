"""Reads what other programs wrote: Web Annotations to a sidecar."""
