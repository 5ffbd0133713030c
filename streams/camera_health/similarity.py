"""By how much one picture of a place is shifted, turned and scaled against another."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from streams.camera_health.picture_measures import CAPTION_SHARE, Grey

_MOST_CORNERS = 800
_FAST_THRESHOLD = 8
_RATIO = 0.8
"""A corner is matched when the best candidate is this much nearer than the second best: Lowe's
test, from "Distinctive image features from scale-invariant keypoints", 2004."""
_TOLERANCE_PIXELS = 4.0
_LEAST_MATCHES = 20
_LEAST_SHARE = 0.25
_LEAST_SPREAD = 0.12
"""Share of the picture that the matches must surround: a bus that drives on is no moved view."""
_SCALES = (0.4, 2.5)
_RANSAC_SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Corners:
    """The corners of a picture and what they look like (ORB; Rublee et al. 2011).

    Attributes:
        places: (n, 2) float32, x and y in pixels.
        looks: (n, 32) uint8.
        size: Width and height of the picture.
    """

    places: npt.NDArray[np.float32]
    looks: npt.NDArray[np.uint8]
    size: tuple[int, int]

    @classmethod
    def of(cls, grey: Grey) -> Self:
        """Find the corners of a picture of luminance, captions left out."""
        height, width = grey.shape
        mask = np.full(grey.shape, 255, np.uint8)
        caption = round(CAPTION_SHARE * height)
        mask[:caption] = mask[-caption:] = 0
        finder = cv2.ORB.create(nfeatures=_MOST_CORNERS, fastThreshold=_FAST_THRESHOLD)
        found, looks = finder.detectAndCompute(grey, mask)
        if not found:
            return cls(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8), (width, height))
        places = np.array([corner.pt for corner in found], np.float32).reshape(-1, 2)
        return cls(places, np.asarray(looks, np.uint8), (width, height))


@dataclass(frozen=True, slots=True)
class Similarity:
    """A shift, turn and change of size that many corners agree on.

    Attributes:
        right: How far the picture's middle went, as a share of the width.
        down: The same down, as a share of the height.
        rotation_degrees: Turn, clockwise on the screen.
        scale: Change of size; 1.1 shows everything 10 % larger.
        matches: Corners that agree.
        confidence: Share of the matched corners that agree, 0 to 1.
    """

    right: float
    down: float
    rotation_degrees: float
    scale: float
    matches: int
    confidence: float

    def matrix(self, size: tuple[int, int]) -> npt.NDArray[np.float64]:
        """The 2 x 3 matrix that takes places of the earlier picture to the later one's."""
        width, height = size
        turn = np.deg2rad(self.rotation_degrees)
        a, b = self.scale * np.cos(turn), self.scale * np.sin(turn)
        middle = np.array([width / 2, height / 2])
        linear = np.array([[a, -b], [b, a]])
        moved = middle + np.array([self.right * width, self.down * height]) - linear @ middle
        return np.column_stack((linear, moved))


def find_similarity(earlier: Corners, later: Corners) -> Similarity | None:
    """Return how ``later`` lies against ``earlier``; None if too few corners agree.

    Both pictures must have the same size.
    """
    if min(len(earlier.places), len(later.places)) < _LEAST_MATCHES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(earlier.looks, later.looks, k=2)
    good = [two[0] for two in pairs if len(two) == 2 and two[0].distance < _RATIO * two[1].distance]
    if len(good) < _LEAST_MATCHES:
        return None
    start = earlier.places[[match.queryIdx for match in good]]
    end = later.places[[match.trainIdx for match in good]]
    cv2.setRNGSeed(_RANSAC_SEED)
    matrix, inliers = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=_TOLERANCE_PIXELS
    )
    if not np.any(inliers):
        return None
    agree = inliers.ravel().astype(bool)
    found = _described(np.asarray(matrix, np.float64), earlier.size, agree)
    spread = cv2.contourArea(cv2.convexHull(end[agree])) / (later.size[0] * later.size[1])
    certain = (
        found.matches >= _LEAST_MATCHES
        and found.confidence >= _LEAST_SHARE
        and spread >= _LEAST_SPREAD
        and _SCALES[0] <= found.scale <= _SCALES[1]
    )
    return found if certain else None


def _described(
    matrix: npt.NDArray[np.float64], size: tuple[int, int], agree: npt.NDArray[np.bool_]
) -> Similarity:
    width, height = size
    middle = np.array([width / 2, height / 2])
    right, down = matrix[:, :2] @ middle + matrix[:, 2] - middle
    return Similarity(
        right=float(right) / width,
        down=float(down) / height,
        rotation_degrees=float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))),
        scale=float(np.hypot(matrix[0, 0], matrix[1, 0])),
        matches=int(agree.sum()),
        confidence=float(agree.mean()),
    )
