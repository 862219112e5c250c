"""Files of a folder, written and read as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write each file below `root`, text as UTF-8 with its line ends as they are, and give `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def tree(folder: Path, *without: str) -> dict[str, bytes]:
    """Every file below a folder by its path, but those of these names and those in folders of these names."""
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.as_posix(): (folder / path).read_bytes() for path in paths if not {*without} & {*path.parts}}
