"""The colours of the style sheet, computed: contrast by WCAG 2.2, and how far A and B stay apart for the colour-blind."""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.stories import ROOT

Colour = tuple[float, float, float]

THEMES = ("light", "dark")
READ_ON_PAPER = ("ink", "ink-2", "ink-3", "a", "b", "a-ink", "note")
"""Tokens that text is set in: 4.5 on paper."""
SEEN_ON_PAPER = ("a-line", "b-line", "a-mid", "b-mid", "rule-1", "focus")
"""Tokens of lines and drawings that carry meaning: 3 on paper."""
READ_ON_WASH = ("ink", "a-ink")
"""Text inside the passages of major and moderate notes."""
SEEN_ON_WASH = ("a-line", "b-line")

SIGHTS = {
    # Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB.
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "full colour": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}
PAIRS = (("a", "b"), ("a-mid", "b-mid"), ("a-line", "b-line"))
APART = 20.0
"""Distance of A from B in CIELAB (delta E 1976): about 2 is just visible, 10 is seen at a glance."""


def tokens() -> dict[tuple[str, str], Colour]:
    """Every `light-dark(…)` colour of the default style sheet, as linear RGB, by theme and name."""
    sheet = (ROOT / "templates" / "style.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+):\s*light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\);", sheet)
    return {(theme, name): linear(value) for name, *values in found for theme, value in zip(THEMES, values, strict=True)}


def linear(text: str) -> Colour:
    channels = [int(text[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return red, green, blue


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def seen(colour: Colour, sight: str) -> Colour:
    red, green, blue = (sum(weight * value for weight, value in zip(row, colour, strict=True)) for row in SIGHTS[sight])
    return red, green, blue


def lab(colour: Colour) -> Colour:
    """CIELAB under D65, of linear RGB; what a simulation puts outside the gamut is clipped."""
    red, green, blue = (min(max(value, 0.0), 1.0) for value in colour)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: Colour, other: Colour) -> float:
    return sum((left - right) ** 2 for left, right in zip(lab(one), lab(other), strict=True)) ** 0.5


def test_black_on_white_has_the_contrast_that_wcag_gives_it() -> None:
    assert contrast(linear("000000"), linear("ffffff")) == pytest.approx(21)
    assert contrast(linear("767676"), linear("ffffff")) == pytest.approx(4.54, abs=0.01)


def test_red_and_green_fall_together_for_the_colour_blind_and_only_for_them() -> None:
    red, green = linear("a05000"), linear("5a7000")
    assert distance(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < distance(red, green) / 3


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_ground_it_stands_on(theme: str) -> None:
    colours = tokens()
    pairs = [
        *product(READ_ON_PAPER, ("paper",)), *product(READ_ON_WASH, ("wash-1", "wash-2")), *product(("ink", "ink-2"), ("raise",)),
        ("note-on", "note"), ("paper", "a"), ("paper", "b"), ("paper", "ink"), ("paper", "ink-2"), ("paper", "focus"),
    ]  # fmt: skip
    ratios = {pair: contrast(colours[theme, pair[0]], colours[theme, pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_drawings_can_be_seen(theme: str) -> None:
    colours = tokens()
    pairs = [*product(SEEN_ON_PAPER, ("paper",)), *product(SEEN_ON_WASH, ("wash-1", "wash-2"))]
    ratios = {pair: contrast(colours[theme, pair[0]], colours[theme, pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_a_and_b_stay_apart(theme: str, sight: str) -> None:
    colours = tokens()
    apart = {pair: distance(*(seen(colours[theme, name], sight) for name in pair)) for pair in PAIRS}
    assert {pair: round(value, 1) for pair, value in apart.items() if value < APART} == {}
