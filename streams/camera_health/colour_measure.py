"""How coloured a picture is as a whole."""

from dataclasses import dataclass

import cv2
import numpy as np

from streams.frame import Picture

_SIZE = (64, 36)
"""Columns and rows in which colour is judged: a cast is over everything."""
_NEUTRAL_CHROMA = 12.0
"""Distance from grey in CIE a*b* within which paint, stone and sky look colourless."""
_JUDGED = (20.0, 245.0)
"""Lightness outside which sensors clip, and colours with them; 0 to 255."""
_LEAST_SHARE = 0.1
_WARM = (-10.0, 100.0)
"""Degrees from a* to b*: from red with a trace of blue, over orange, to yellow."""
_NAMES = ("red", "orange", "yellow", "green", "green", "blue-green", "blue", "purple")
"""Every 45 degrees."""


@dataclass(frozen=True, slots=True)
class Colour:
    """Colour of a whole picture in CIE a*b*.

    Attributes:
        strength: Length of the mean of (a*, b*); 0 is grey, as all infrared pictures are.
        spread: Mean distance of the pixels' colours from that mean. A cast moves all colours
            together, so that ``strength`` outgrows ``spread`` (Gasparini and Schettini 2004,
            "Color balancing of digital photos using simple image statistics").
        neutral_share: Share of pixels that are about grey: almost none under a cast.
        warm: Whether the main direction lies between red and yellow, where fire, sunset, sodium
            lamps and dust colour everything too.
        name: The main direction in words, for the operator.
    """

    strength: float
    spread: float
    neutral_share: float
    warm: bool
    name: str


def colour_of(picture: Picture) -> Colour:
    """Measure the colour of ``picture``, (height, width, 3), BGR."""
    small = cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float32)
    judged = lab[(lab[:, 0] >= _JUDGED[0]) & (lab[:, 0] <= _JUDGED[1])]
    if len(judged) < _LEAST_SHARE * len(lab):
        return Colour(0.0, 0.0, 1.0, warm=False, name="grey")
    plane = judged[:, 1:] - 128.0
    centre = plane.mean(axis=0)
    strength = float(np.hypot(*centre))
    turn = float(np.degrees(np.arctan2(centre[1], centre[0])))
    return Colour(
        strength=strength,
        spread=float(np.hypot(*(plane - centre).T).mean()),
        neutral_share=float((np.hypot(*plane.T) < _NEUTRAL_CHROMA).mean()),
        warm=_WARM[0] <= turn <= _WARM[1],
        name=_NAMES[round(turn / 45) % 8] if strength >= 1 else "grey",
    )
