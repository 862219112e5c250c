"""Generations of an imagined site, told apart by their content. Imports nothing, so that a process to be killed starts fast."""

FILES = 40
"""Enough for most kills to fall into the writing or the taking apart, not between two rounds."""


def site(number: int) -> dict[str, bytes]:
    """Generation `number`: every page says which one it is of; some pages come and go."""
    names = [f"{index}/index.html" for index in range(FILES) if index % 5 or (index + number) % 2]
    return {name: f"{number} {name}\n".encode() * 50 for name in ("index.html", "assets/style.css", *names)}
