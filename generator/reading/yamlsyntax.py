"""What a YAML parser could not read, as one place, one sentence, one hint.

In: the text, the parser's error, and the event of the last quoted scalar before it, if any. Out: a `SyntaxFault`.
Parsers blame the place where they gave up, often the end of the file; the place here is where the mistake was made, as far
as that can be known. Marks are used for their code-point index only: a parser's line count breaks at characters that no
editor breaks at.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from generator.reading.formats import shown

_NEEDS_QUOTES: Final = "@`%*&!"


class SyntaxFault(Exception):  # noqa: N818 - leaves an event loop; never seen outside the reading of YAML
    """The text cannot be read past a place: `index` in code points of the text, and what to say."""

    def __init__(self, index: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.index, self.message, self.hint = index, message, hint


def syntax_fault(text: str, problem: Exception, last_quoted: Any) -> SyntaxFault:
    """`problem` as a fault at the place where it was made."""
    if not isinstance(problem, yaml.MarkedYAMLError):
        return SyntaxFault(0, "this is not YAML", str(problem).splitlines()[0] if str(problem) else "")
    said = problem.problem or "it cannot be read"
    at = problem.problem_mark.index if problem.problem_mark else 0
    opened = problem.context_mark.index if problem.context_mark else at
    context = problem.context or ""
    for explain in (_of_quotes, _of_character, _of_brackets, _of_colon):
        fault = explain(text, at, opened, f"{context}: {said}", last_quoted)
        if fault is not None:
            return fault
    sentence = "this does not fit what stands before it" if "expected" in said else said
    return SyntaxFault(
        min(at, max(len(text) - 1, 0)), sentence, "check the indentation, and the colon and the space after each key"
    )


def _of_quotes(text: str, at: int, opened: int, said: str, last_quoted: Any) -> SyntaxFault | None:
    """A quotation mark that is never closed, that closes too early, or an escape that there is not."""
    if "quoted scalar" in said:
        if "escape" in said or "hexdecimal" in said:
            return SyntaxFault(at, "an escape that YAML does not know", "write \\\\ for a backslash, or use '…' around the text")
        if "end of stream" in said or "document" in said:
            return SyntaxFault(opened, "the quotation mark opened here is never closed", "close it at the end of the text")
    if last_quoted is None:
        return None
    start, end = last_quoted.start_mark.index, last_quoted.end_mark.index
    mark = text[start : start + 1]
    if "\n" in text[start:end].strip() and at - end <= 1 and not re.match(r"\s|$", text[end : end + 1]):
        return SyntaxFault(start, "the quotation mark opened here is perhaps never closed", "close it at the end of the text")
    if end <= at and not text[end:at].strip() and at < len(text) and "\n" not in text[end:at]:
        hint = "write '' for an apostrophe inside '…'" if mark == "'" else 'write \\" inside "…", or use \'…\' around the text'
        return SyntaxFault(end, "text goes on after the closing quotation mark", hint)
    return None


def _of_character(text: str, at: int, opened: int, said: str, _last: Any) -> SyntaxFault | None:
    """A tab in the indentation, or a text that begins with a character that YAML keeps for itself."""
    character = text[at : at + 1]
    line_start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    if character == "\t" or ("\t" in text[line_start:at] and not text[line_start:at].strip()):
        return SyntaxFault(
            line_start + text[line_start : at + 1].find("\t"), "a tab in the indentation", "YAML is indented with spaces"
        )
    for part in ("scanning an alias", "scanning an anchor", "scanning a tag", "parsing a tag", "scanning a directive"):
        at = opened if part in said else at
    character = text[at : at + 1]
    if "cannot start any token" in said or (at == opened and character in _NEEDS_QUOTES and character):
        return SyntaxFault(at, f"unexpected {shown(character)}", f"a text that begins with {character} needs quotation marks")
    return None


def _of_brackets(text: str, at: int, opened: int, said: str, _last: Any) -> SyntaxFault | None:
    """A bracket or brace that is not closed."""
    if "flow node" in said and not text[at:].strip():
        return SyntaxFault(max(text.rfind("[", 0, at), text.rfind("{", 0, at), 0), "the bracket opened here is not closed", "")
    if "flow sequence" in said or "flow mapping" in said:
        bracket = text[opened : opened + 1]
        return SyntaxFault(
            opened,
            f"the {bracket} opened here is not closed, or lacks a comma",
            "a text that holds , [ ] { } needs quotation marks",
        )
    return None


def _of_colon(_text: str, at: int, opened: int, said: str, _last: Any) -> SyntaxFault | None:
    """A colon too many, or one too few."""
    if "mapping values are not allowed" in said:
        return SyntaxFault(
            at,
            "a second colon in this line, or wrong indentation",
            "put quotation marks around a text that holds a colon and a space",
        )
    if "could not find expected ':'" in said:
        return SyntaxFault(opened, "a key without its colon", "write key: value, with a space after the colon")
    return None
