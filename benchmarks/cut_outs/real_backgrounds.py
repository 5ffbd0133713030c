"""Real backgrounds: empty streets out of clips and pictures."""

from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks.scenes.background import Background, ClipMedian, PictureParts
from streams.frame import Picture
from streams.kit.errors import CityPatrolError

# So many frames spread over a clip are enough for each place to be seen empty in most of them.
_FRAMES = 45


class BackgroundError(CityPatrolError):
    """A background cannot be made; the text names the file and the way out."""


def real_background(background: Background, shared: Path) -> Picture:
    """The picture of a background, made from the files of the shared folder.

    Raises:
        BackgroundError: A file is missing or cannot be read.
    """
    match background.source:
        case ClipMedian(clip=clip):
            picture = clip_median(shared / clip)
        case PictureParts() as source:
            picture = _stacked(source, shared)
    size = (background.width, background.height)
    larger = size[0] > picture.shape[1]
    how = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    return cv2.resize(picture, size, interpolation=how).astype(np.uint8, copy=False)


def clip_median(clip: Path) -> Picture:
    """What all frames of a clip have in common: the street without anything that moves.

    Raises:
        BackgroundError: The clip is missing or cannot be read.
    """
    try:
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            step = max(stream.frames // _FRAMES, 1)
            frames = [
                frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
                for number, frame in enumerate(container.decode(stream))
                if number % step == 0
            ]
    except (av.FFmpegError, IndexError, OSError) as error:
        raise BackgroundError(f"clip {clip} cannot be read: {error}") from None
    if not frames:
        raise BackgroundError(f"clip {clip} holds no picture")
    return np.asarray(np.median(np.stack(frames), axis=0)).astype(np.uint8)


def _stacked(source: PictureParts, shared: Path) -> Picture:
    path = shared / source.picture
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise BackgroundError(f"background picture {path} cannot be read: missing or no picture")
    height, width = picture.shape[:2]
    parts = [
        picture[
            round(part.top * height) : round(part.bottom * height),
            round(part.left * width) : round(part.right * width),
        ]
        for part in source.parts
    ]
    stacked = np.vstack(parts)
    reach = round(source.blurred_seam * stacked.shape[0])
    seam = 0
    for part in parts[:-1]:
        seam += part.shape[0]
        if reach:
            band = slice(max(seam - reach, 0), seam + reach)
            stacked[band] = cv2.GaussianBlur(stacked[band], (0, 0), reach / 2)
    return stacked.astype(np.uint8, copy=False)
