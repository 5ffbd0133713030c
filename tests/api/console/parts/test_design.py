"""Words can be read on every ground that they stand on, in both looks (WCAG AA: 4.5 to 1)."""

import itertools
import re

import pytest

from api.console.parts.page_head import STATIC

LEAST_CONTRAST = 4.5
COLOUR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
GROUNDS = ("ground", "panel", "raised")
WORDS = (
    *("words", "words-soft", "words-faint", "accent", "critical", "high", "medium", "low"),
    *("good", "suspected"),
)
SOFT = ("accent-soft", "critical-soft", "high-soft", "medium-soft", "low-soft", "good-soft")
PAIRS = (
    *itertools.product(WORDS, GROUNDS),
    *itertools.product(("words",), SOFT),
    ("accent-words", "accent"),
)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a colour like #12202e."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", [0, 1], ids=["light", "dark"])
def test_words_can_be_read(look: int):
    sheet = (STATIC / "parts" / "design.css").read_text()
    colours = {name: looks[look] for name, *looks in COLOUR.findall(sheet)}
    found = {
        f"{words} on {ground}": round(contrast(colours[words], colours[ground]), 2)
        for words, ground in PAIRS
    }
    assert {pair: ratio for pair, ratio in found.items() if ratio < LEAST_CONTRAST} == {}
