"""A site's own templates: built upon the theme's, and faulty ones told with the way that led to them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.config import read_config
from generator.site.render import Renderer, TemplateFault
from tests.files import write_files

CONFIG, _ = read_config(Path("nowhere"))


@dataclass(frozen=True)
class Tiny:
    template: str


def test_a_template_may_extend_the_themes_own_of_the_same_name(tmp_path: Path) -> None:
    own = write_files(
        tmp_path / "own", {"frame.html": '{% extends "theme/frame.html" %}{% block foot %}mine, {{ super() }}{% endblock %}'}
    )
    theme = write_files(
        tmp_path / "theme",
        {
            "frame.html": "<main>{% block main %}{% endblock %}</main>{% block foot %}theirs{% endblock %}",
            "page.html": '{% extends "frame.html" %}{% block main %}text{% endblock %}',
        },
    )
    assert Renderer(CONFIG, (own, theme)).render(Tiny("page.html")) == "<main>text</main>mine, theirs"


CHAINS = {
    "an include in an include": (
        {"page.html": "\n{% include 'b.html' %}", "b.html": "{% include 'c.html' %}", "c.html": "\n\n{{ broken }}"},
        "templates/c.html:3",
        "reached from templates/b.html:1, from templates/page.html:2",
    ),
    "a macro": (
        {"page.html": "{% from 'm.html' import m %}\n{{ m(1) }}", "m.html": "{% macro m(x) %}\n{{ x.y }}{% endmacro %}"},
        "templates/m.html:2",
        "reached from templates/page.html:2",
    ),
    "a syntax error in an include": (
        {"page.html": "x\n{% include 'b.html' %}", "b.html": "{% if %}"},
        "templates/b.html:1",
        "reached from templates/page.html:2",
    ),
    "a block of a frame": (
        {
            "page.html": "{% extends 'frame.html' %}\n{% block a %}{{ broken }}{% endblock %}",
            "frame.html": "\n\n{% block a %}{% endblock %}",
        },
        "templates/page.html:2",
        "reached from templates/frame.html:3, from templates/page.html:1",
    ),
    "an absent template": (
        {"page.html": "{% include 'b.html' %}", "b.html": "\n{% include 'no.html' %}"},
        "templates/b.html:2",
        "reached from templates/page.html:1",
    ),
    "the page itself": ({"page.html": "{{ broken }}"}, "templates/page.html:1", ""),
}


@pytest.mark.parametrize("case", CHAINS)
def test_a_fault_names_the_way_that_led_to_it(tmp_path: Path, case: str) -> None:
    texts, where, hint = CHAINS[case]
    with pytest.raises(TemplateFault) as caught:
        Renderer(CONFIG, (write_files(tmp_path, texts),)).render(Tiny("page.html"))
    assert (str(caught.value.diagnostic.where), caught.value.diagnostic.hint) == (where, hint)
