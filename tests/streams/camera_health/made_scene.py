"""Made-up street scenes, and what weather, faults and vandals do to them."""

import cv2
import numpy as np

from streams.frame import Picture

WIDTH, HEIGHT = 640, 360


def scene(seed: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """A picture full of walls, windows and kerbs in muted colours, the same for the same seed."""
    random = np.random.default_rng(seed)
    picture = np.full((HEIGHT, WIDTH, 3), 130, np.uint8)
    for _ in range(500):
        left, top = random.integers(-40, WIDTH), random.integers(-40, HEIGHT)
        across, down = random.integers(6, 90, 2)
        grey = int(random.integers(35, 225))
        colour = [int(value) for value in np.clip(grey + random.integers(-12, 13, 3), 0, 255)]
        cv2.rectangle(picture, (left, top), (left + across, top + down), colour, -1)
    return cv2.GaussianBlur(cv2.resize(picture, (width, height)), (0, 0), 0.6)


def noisy(picture: Picture, levels: float = 1.0, seed: int = 0) -> Picture:
    """The picture with sensor noise of that standard deviation."""
    noise = np.random.default_rng(seed).normal(0, levels, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def lit(picture: Picture, gain: float, offset: float = 0.0) -> Picture:
    """The picture with its brightness multiplied, and raised."""
    return np.clip(picture.astype(np.float32) * gain + offset, 0, 255).astype(np.uint8)


def blurred(picture: Picture, sigma: float) -> Picture:
    """The picture out of focus."""
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def with_caption(picture: Picture, text: str = "2026-05-01 12:00:00  NORTH GATE") -> Picture:
    """The picture with a caption that is written in behind the lens."""
    written = picture.copy()
    cv2.putText(written, text, (10, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return written


def tinted(picture: Picture, blue: float, green: float, red: float) -> Picture:
    """The picture with its channels multiplied."""
    return np.clip(picture * np.array([blue, green, red]), 0, 255).astype(np.uint8)


def infrared(picture: Picture) -> Picture:
    """The picture as a camera with infrared lamps takes it by night."""
    grey = cv2.cvtColor(lit(picture, 0.7), cv2.COLOR_BGR2GRAY)
    return cv2.cvtColor(noisy(grey, 3), cv2.COLOR_GRAY2BGR)


def covered(
    picture: Picture, share: float, colour: tuple[int, int, int] = (70, 90, 140)
) -> Picture:
    """The picture with something out of focus before its left ``share``."""
    height, width = picture.shape[:2]
    down, across = np.mgrid[:height, :width].astype(np.float32)
    edge = 1.2 * width if share >= 1 else share * width
    veil = np.clip((edge - across) / (0.08 * width) + 0.5, 0, 1)[..., None]
    shading = 20 * np.sin(across / width * 3 + down / height * 2)[..., None]
    return noisy(picture * (1 - veil) + (np.array(colour) + shading) * veil)


def foggy(picture: Picture, far: float = 0.08, near: float = 0.7) -> Picture:
    """The picture in fog that leaves these shares of contrast at its top and bottom."""
    left = np.linspace(far, near, len(picture))[:, None, None]
    return noisy(picture * left + 200 * (1 - left))


def rainy(picture: Picture) -> Picture:
    """The picture behind streaks of rain."""
    random = np.random.default_rng(3)
    streaks = np.zeros(picture.shape[:2], np.float32)
    for left, top in random.integers(0, (WIDTH, HEIGHT), (400, 2)):
        cv2.line(streaks, (int(left), int(top)), (int(left) + 3, int(top) + 18), 0.5, 1)
    return lit(picture * 0.75 * (1 - streaks[..., None]) + 200 * streaks[..., None], 1.0, 20)


def by_night(picture: Picture, ambient: float = 0.04) -> Picture:
    """The picture under four street lamps and otherwise almost no light."""
    height, width = picture.shape[:2]
    down, across = np.mgrid[:height, :width].astype(np.float32)
    light = np.full((height, width), ambient, np.float32)
    for x, y in ((0.15, 0.6), (0.4, 0.4), (0.65, 0.7), (0.9, 0.5)):
        squared = (across - x * width) ** 2 + (down - y * height) ** 2
        light += 0.8 * np.exp(-squared / (2 * (0.11 * width) ** 2))
    return noisy(tinted(picture, 0.6, 0.85, 1.1) * light[..., None], 3)


def moved(
    picture: Picture, right: float = 0.0, down: float = 0.0, turn: float = 0.0, scale: float = 1.0
) -> Picture:
    """The middle of ``picture`` after the camera turned: what comes in at the edges is real.

    Shifts are shares of the size of what is returned, 70 % of the picture's.
    """
    height, width = picture.shape[:2]
    size = (round(width * 0.7), round(height * 0.7))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, scale)
    matrix[0, 2] += right * size[0] - (width - size[0]) / 2
    matrix[1, 2] += down * size[1] - (height - size[1]) / 2
    return cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REFLECT)


def with_bus(picture: Picture) -> Picture:
    """The picture with a bus close by that hides three quarters of it."""
    changed = picture.copy()
    height, width = picture.shape[:2]
    cv2.rectangle(changed, (0, height // 8), (int(width * 0.85), height), (40, 60, 190), -1)
    for left in range(20, int(width * 0.8), 90):
        cv2.rectangle(changed, (left, height // 4), (left + 70, height // 2), (70, 60, 50), -1)
        cv2.rectangle(changed, (left, height * 6 // 8), (left + 60, height - 20), (30, 30, 30), 3)
    return changed
