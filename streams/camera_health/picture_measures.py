"""What is measured of a picture: brightness, detail, noise, colour."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

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


Grey = npt.NDArray[np.uint8]
"""Height x width of luminance."""

Floats = npt.NDArray[np.float32]
"""Height x width of a measure per pixel or per cell."""

ANALYSIS_WIDTH = 640
"""Pixels across in which pictures are judged: what cannot be seen at the size at which models
look cannot mislead them. Smaller pictures stay as they are."""

CELLS = (9, 12)
"""Rows and columns in which structure is measured: about 53 pixels square, larger than a face
and smaller than any cover that matters."""

CAPTION_SHARE = 0.1
"""Top and bottom of a picture in which nothing is judged that captions and clocks would fake: they
are written in behind the lens, sharp and in place whatever happens to it."""

BURNT_LEVEL = 250
"""Luminance from which a pixel counts as burnt out; video white is often cut a little below 255."""

LIT_LEVEL = 40
"""Luminance from which a pixel counts as lit: what lamps reach at night, and noise does not."""

_REBLUR_SIGMA = 1.0
_SHARPEST_EDGES = 98.0
_SHARP_SHARE = 25.0
_WEAKEST_EDGE = 6.0
_LEAST_EDGES = 40
_WIDEST = 9.9
_NOISE_BLOCK = 16
_FLATTEST_BLOCKS = 10.0
_NOISE_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_HIGH_PASS_SIDE = 9


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


@dataclass(frozen=True, slots=True, eq=False)
class PictureMeasures:
    """What one picture shows of its camera's health.

    Attributes:
        grey: Luminance at most ``ANALYSIS_WIDTH`` wide; all measures are taken in it.
        black: 5th percentile of luminance, 0 to 255.
        median: Median luminance.
        white: 95th percentile of luminance.
        lit_share: Share of pixels of at least ``LIT_LEVEL``.
        burnt_share: Share of pixels of at least ``BURNT_LEVEL``.
        edge_width: Standard deviation, in pixels of ``grey``, of the blur that lies over the
            sharpest edges (Zhuo and Sim 2011, "Defocus map estimation from a single image");
            it does not depend on contrast. None if nothing in the picture is an edge.
        noise: Standard deviation of noise in levels of luminance, by the difference of two
            Laplacians (Immerkaer 1996, "Fast noise variance estimation") over the flattest blocks.
        structure: ``CELLS`` floats: mean size of what a 9-pixel mean takes away, less what noise
            puts there. A surface close to the lens is out of focus and has none.
        colour: How coloured the picture is as a whole.
    """

    grey: Grey
    black: int
    median: int
    white: int
    lit_share: float
    burnt_share: float
    edge_width: float | None
    noise: float
    structure: Floats
    colour: Colour

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """Measure ``picture``, (height, width, 3) of uint8, BGR."""
        small = shrunk(picture)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
        levels = np.cumsum(np.bincount(grey.ravel(), minlength=256)) / grey.size
        noise = noise_of(grey)
        return cls(
            grey=grey,
            black=int(np.searchsorted(levels, 0.05)),
            median=int(np.searchsorted(levels, 0.5)),
            white=int(np.searchsorted(levels, 0.95)),
            lit_share=float(1.0 - levels[LIT_LEVEL - 1]),
            burnt_share=float(1.0 - levels[BURNT_LEVEL - 1]),
            edge_width=_edge_width(grey, noise),
            noise=noise,
            structure=structure_of(grey, noise),
            colour=colour_of(small),
        )


def shrunk(picture: Picture) -> Picture:
    """Return ``picture`` at most ``ANALYSIS_WIDTH`` wide, its shape kept."""
    height, width = picture.shape[:2]
    if width <= ANALYSIS_WIDTH:
        return picture
    size = (ANALYSIS_WIDTH, max(round(height * ANALYSIS_WIDTH / width), 1))
    # Halving first is five times as fast as going all the way by areas.
    while width >= 2 * ANALYSIS_WIDTH:
        width, height = width // 2, max(height // 2, 1)
        picture = np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
    if (width, height) == size:
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def high_pass(grey: Grey) -> Floats:
    """Return ``grey`` less its mean over 9 x 9 pixels: shading goes, detail stays."""
    values = grey.astype(np.float32)
    mean = cv2.blur(values, (_HIGH_PASS_SIDE, _HIGH_PASS_SIDE))
    return np.asarray(values - mean, np.float32)


def cell_means(values: Floats) -> Floats:
    """Average ``values`` over each of ``CELLS``."""
    rows, columns = CELLS
    return np.asarray(cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def structure_of(grey: Grey, noise: float) -> Floats:
    """Mean size of the high pass per cell, less what noise of that deviation puts there."""
    # The mean of |n| is sqrt(2 / pi) of the deviation of Gaussian n; the high pass keeps nearly
    # all of white noise.
    detail = cell_means(np.abs(high_pass(grey)))
    return np.asarray(np.maximum(detail - 0.8 * noise, 0.0), np.float32)


def noise_of(grey: Grey) -> float:
    """Standard deviation of noise in levels of luminance, see ``PictureMeasures``."""
    response = np.abs(cv2.filter2D(grey, cv2.CV_16S, _NOISE_KERNEL)).astype(np.float32)
    height, width = grey.shape
    blocks = (max(width // _NOISE_BLOCK, 1), max(height // _NOISE_BLOCK, 1))
    strength = cv2.resize(response, blocks, interpolation=cv2.INTER_AREA)
    light = cv2.resize(grey, blocks, interpolation=cv2.INTER_AREA)
    # Where a picture is cut to black or white, noise is cut away too.
    judged = strength[(light > 8) & (light < 247)]
    if judged.size == 0:
        return 0.0
    flattest = float(np.percentile(judged, _FLATTEST_BLOCKS))
    return flattest * float(np.sqrt(np.pi / 2)) / 6


def _edge_width(grey: Grey, noise: float) -> float | None:
    caption = round(CAPTION_SHARE * len(grey))
    values = grey[caption : len(grey) - caption].astype(np.float32)
    size = _gradient(values)
    # A step of s levels under a blur of 5 pixels still has a gradient of s / 12.
    least = max(_WEAKEST_EDGE, float(np.percentile(size, _SHARPEST_EDGES)), 4 * noise)
    edges = size >= least
    if np.count_nonzero(edges) < _LEAST_EDGES:
        return None
    blurred = np.asarray(cv2.GaussianBlur(values, (0, 0), _REBLUR_SIGMA), np.float32)
    again = _gradient(blurred)
    ratio = size[edges] / np.maximum(again[edges], 1e-3)
    widths = _REBLUR_SIGMA / np.sqrt(np.maximum(ratio**2 - 1, (_REBLUR_SIGMA / _WIDEST) ** 2))
    return float(np.percentile(widths, _SHARP_SHARE))


def _gradient(values: Floats) -> Floats:
    """Size of the gradient in levels a pixel, of every second pixel each way."""
    across = cv2.Sobel(values, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(values, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(cv2.magnitude(across, down)[::2, ::2], np.float32)
