"""Small real video files, made when a test needs them."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def counting_picture(number: int, width: int = 320, height: int = 240) -> np.ndarray:
    """A BGR picture that differs from its neighbours: a grey ramp and a moving white square."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = np.linspace(40, 160, width, dtype=np.uint8)[None, :, None]
    left = number * 7 % (width - 32)
    picture[40:72, left : left + 32] = 255
    return picture


def make_clip(
    path: Path,
    pictures: int = 25,
    frames_per_second: int = 25,
    keyframe_every: int = 5,
    *,
    codec: str = "libx264",
    b_frames: int = 0,
    size: tuple[int, int] = (320, 240),
    picture: Callable[[int, int, int], np.ndarray] = counting_picture,
) -> Path:
    """Write an H.264 (or other) clip of counting, or other, pictures and return its path."""
    width, height = size
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=frames_per_second)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, frames_per_second)
        if codec == "libx264":
            stream.codec_context.gop_size = keyframe_every
            stream.codec_context.max_b_frames = b_frames
            stream.codec_context.thread_count = 1
            stream.options = {
                "preset": "ultrafast" if not b_frames else "veryfast",
                "sc_threshold": "0",
                "bf": str(b_frames),
            }
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(picture(number, width, height), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
