"""The front matter of a Markdown file: YAML between two lines of three hyphens, at the very start.

In: a file, and the model that its front matter must fit. Out: the model, where the text behind it begins, and every fault. Without
front matter the model has its defaults; the text itself is not looked at.
"""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel

from generator.errors import Diagnostic, error
from generator.reading.files import TextFile
from generator.reading.formats import Fault
from generator.reading.report import placed, report
from generator.reading.validation import validate
from generator.reading.yamlnodes import Spot, YamlMap, read_yaml

M = TypeVar("M", bound=BaseModel)

_OPENING = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")


def read_front_matter(file: TextFile, model: type[M]) -> tuple[M | None, int, tuple[Diagnostic, ...]]:
    """What the front matter says, or None; the code point at which the text begins; and the faults.

    When the front matter is never closed, the text begins at the file's end.
    """
    opening = _OPENING.match(file.text)
    if opening is None:
        return _fitted(file, model, YamlMap(0), 0)
    ends = (_CLOSING.match(file.text, start) for start in file.line_starts[1:])
    closing = next((match for match in ends if match), None)
    if closing is None:
        fault = error(
            file.where(0), "the front matter opened here is never closed", "close it with a line ---, or write a rule as ***"
        )
        return None, len(file.text), (fault,)
    data, spots = read_yaml(file, opening.end(), closing.start())
    if data is None and not spots:
        data = YamlMap(opening.end())
    if not isinstance(data, YamlMap):
        no_mapping = Spot(opening.end(), Fault("the front matter is not a mapping", "write lines of the form key: value"))
        return None, closing.end(), report(file, spots, () if data is None else (no_mapping,))
    return _fitted(file, model, data, closing.end(), spots)


def _fitted(
    file: TextFile, model: type[M], data: YamlMap, end: int, spots: tuple[Spot, ...] = ()
) -> tuple[M | None, int, tuple[Diagnostic, ...]]:
    found_model, found = validate(model, data)
    return found_model, end, report(file, spots, placed(data, found))
