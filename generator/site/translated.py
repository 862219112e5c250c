"""Translation of templates as they are compiled: a message costs no page anything, and nothing but a message becomes markup.

In: a parsed template, a language. Out: the same template with its messages in that language. `{{ _('…') }}`, `{% trans %}` and
`{{ ngettext('…', '…', n) }}` take messages that are written out; one that is computed is a fault of the template, because
messages may hold markup and what people wrote may not.

    {{ _('Notes') }}                            → a constant: Fußnoten
    {{ _('%(a)s and %(b)s', a=…, b=…) }}        → a constant, with values that are escaped as the page is rendered
    {{ forms('%(num)s note', '%(num)s notes') }} → a constant: every plural form, for a script that counts
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from generator.site.language import ENGLISH, Language, direction, message

NUMBERS = frozenset({"number", "num", "total"})
"""Placeholders that hold numbers."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")

_MESSAGES = {"_": 1, "gettext": 1, "ngettext": 2, "forms": 2}
"""Functions that translate, and how many of their arguments are messages."""


def translated(template: nodes.Template, language: Language, name: str) -> nodes.Template:
    """`template`, changed in place; raises `TemplateSyntaxError` where a message is not written out."""
    found: nodes.Template = _Translator(language, name).visit(template)
    return found


def plural(language: Language) -> Callable[..., Markup]:
    """The function that a translated template calls, as its environment's `plural`, for a message with a number."""

    def chosen(one: str, many: str, number: int, /, **values: object) -> Markup:
        found = Markup(language.translations.ngettext(one, many, number))  # noqa: S704 - `_Translator` passes constants only
        return found % {"num": language.number(number), **{key: language.apart(value) for key, value in values.items()}}

    return chosen


SHEET_WORDS = {
    "paragraph-break": message("paragraph break"),
}
"""Words that the style sheet sets, by custom property; it has the English ones itself."""


def said_in(tag: str, around: str = "") -> Markup:
    """Attributes of an element whose words are in the language `tag`; none if those around it are too."""
    return Markup("") if tag == around else Markup(' lang="{}" dir="{}"').format(tag, direction(tag))


def word_sheet(language: Language) -> str:
    """The style sheet's words in another language; empty for English."""
    if language.translations is ENGLISH.translations:
        return ""
    lines = [f'  --{name}: "{language.text(text)}";\n' for name, text in SHEET_WORDS.items()]
    return f":root:root {{\n{''.join(lines)}}}\n"


class _Translator(NodeTransformer):
    """Replaces calls. Duty: each has its messages written out in the template."""

    def __init__(self, language: Language, name: str) -> None:
        self._language = language
        self._name = name

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name that Jinja's visitors look for
        """A message as a constant; one with values as a constant that they are set into; a plural as a call."""
        function = node.node.name if isinstance(node.node, nodes.Name) else ""
        self.generic_visit(node)
        if function not in _MESSAGES:
            return node
        count = _MESSAGES[function]
        messages = [argument.value for argument in node.args[:count] if isinstance(argument, nodes.Const)]
        if len(messages) < count or not all(isinstance(message, str) for message in messages):
            raise TemplateSyntaxError(f"{function}() takes messages that are written out, not computed", node.lineno, self._name)
        if function == "forms":
            return nodes.Const(Markup("|").join(map(Markup, self._language.forms(*messages))), lineno=node.lineno)
        if count > 1:
            node.node = nodes.EnvironmentAttribute("plural", lineno=node.lineno)
            return node
        found = nodes.Const(Markup(self._language.translations.gettext(messages[0])), lineno=node.lineno)  # noqa: S704 - a catalogue's
        if not node.kwargs:
            return found
        pairs = [nodes.Pair(nodes.Const(pair.key), _apart(pair), lineno=node.lineno) for pair in node.kwargs]
        return nodes.Mod(found, nodes.Dict(pairs, lineno=node.lineno), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - the name that Jinja's visitors look for
        """A message with values that is written where it stands: its words as text of the template, between them the values."""
        self.generic_visit(node)
        node.nodes = [part for child in node.nodes for part in _parts(child)]
        return node


def _apart(pair: nodes.Keyword) -> nodes.Expr:
    """A value as a message takes it. Numbers run either way, and most values are."""
    if pair.key in NUMBERS:
        return pair.value
    return nodes.Call(nodes.EnvironmentAttribute("apart"), [pair.value], [], None, None, lineno=pair.lineno)


def _parts(child: nodes.Expr) -> list[nodes.Expr]:
    if not (isinstance(child, nodes.Mod) and isinstance(child.left, nodes.Const) and type(child.left.value) is Markup):
        return [child]
    if not isinstance(child.right, nodes.Dict):
        return [child]
    values = {pair.key.value: pair.value for pair in child.right.items if isinstance(pair.key, nodes.Const)}
    pieces = _PLACEHOLDER.split(str(child.left.value))
    return [values[piece] if index % 2 else nodes.TemplateData(piece) for index, piece in enumerate(pieces) if piece]
