"""Generations of an imagined site, told apart by their content, and how a test publishes one.

Imports little, so that a process to be killed starts fast.
"""

from pathlib import Path

from generator.site.claim import survey
from generator.site.publish import Gate, Published, heal, staged

FILES = 40
"""Enough for most kills to fall into the writing or the taking apart, not between two rounds."""


def site(number: int) -> dict[str, bytes]:
    """Generation `number`: every page says which one it is of; some pages come and go."""
    names = [f"{index}/index.html" for index in range(FILES) if index % 5 or (index + number) % 2]
    return {name: f"{number} {name}\n".encode() * 50 for name in ("index.html", "assets/style.css", *names)}


def publish(files: dict[str, bytes], output: Path, version: str = "1", gate: Gate | None = None) -> Published:
    """Make `output` hold exactly these files, as a build does that knows nothing of the last one."""
    heal(output)
    standing = survey(output)
    with staged(output, standing, version, gate) as generation:
        for path, data in files.items():
            generation.put(path, data)
        for path in standing.ours.keys() - files.keys():
            generation.drop(path)
        return generation.commit()
