"""Watching for changes and serving the built site on this machine."""
