"""The text of one witness: a .txt or .md file to text, blocks, styles and what its front matter says.

In: the site's root and the names that lead to the file. Out: a `WitnessText`, or the faults that forbid it. Plain text stays
as it is, line breaks included; paragraphs are found later. What comparison.yaml says of the witness is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import Diagnostic, Where, error, warning
from generator.model import SourceBlock, Style
from generator.reading.files import ARTICLE_LIMIT, MARKDOWN_LIMIT, TextFile, decode, read_bytes, shown_path
from generator.reading.formats import Fault
from generator.reading.frontmatter import read_front_matter
from generator.reading.invisible import invisible
from generator.reading.markdown import is_laborious, read_markdown
from generator.schema import FrontMatter


@dataclass(frozen=True, slots=True)
class WitnessText:
    """What a witness's file holds."""

    text: str
    blocks: tuple[SourceBlock, ...]
    styles: tuple[Style, ...]
    front_matter: FrontMatter


def read_witness(root: Path, names: Sequence[str]) -> tuple[WitnessText | Fault | None, tuple[Diagnostic, ...]]:
    """The witness in a file; a `Fault` when there is no file to read, None when what it holds cannot be published."""
    is_markdown = names[-1].endswith(".md")
    data = read_bytes(root, names, MARKDOWN_LIMIT if is_markdown else ARTICLE_LIMIT)
    if isinstance(data, Fault):
        return data, ()
    file = decode(shown_path(*names), data)
    if isinstance(file, Diagnostic):
        return None, (file,)
    return _markdown(file) if is_markdown else _plain(file)


def _plain(file: TextFile) -> tuple[WitnessText | None, tuple[Diagnostic, ...]]:
    if not file.text.strip():
        return None, (_empty(file),)
    return WitnessText(file.text, (), (), FrontMatter()), invisible(file)


def _markdown(file: TextFile) -> tuple[WitnessText | None, tuple[Diagnostic, ...]]:
    front_matter, start, faults = read_front_matter(file, FrontMatter)
    source = file.text[start:]
    if faults and not source:
        return None, faults
    if is_laborious(source):
        return None, (
            *faults,
            error(Where(file.path), "more brackets than an article has", "keep it as plain text, in a .txt file"),
        )
    article = read_markdown(source)
    if not article.text:
        faults = (*faults, _empty(file))
    if article.is_too_deep:
        faults = (*faults, error(Where(file.path), "quotations or lists nest too deep to be read", "take some levels out"))
    warnings = invisible(file)
    if article.links_dropped:
        message = f"links that are no web address stand as plain text: {article.links_dropped}"
        warnings = (*warnings, warning(Where(file.path), message, "write them as https://…"))
    if front_matter is None or faults:
        return None, (*faults, *warnings)
    return WitnessText(article.text, article.blocks, article.styles, front_matter), warnings


def _empty(file: TextFile) -> Diagnostic:
    return error(
        Where(file.path), "the article is empty", "write the text into this file, or take the witness out of comparison.yaml"
    )
