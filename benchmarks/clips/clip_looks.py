"""Looks at a real clip, as a camera that is visited once a second gives them."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from benchmarks.clips.clip_truth import ClipTruth, time_at
from benchmarks.scenes.pictures.composer import SceneLook
from streams.frame import Frame
from streams.kit.errors import CityPatrolError


def looks_at_clip(truth: ClipTruth, shared: Path) -> Iterator[SceneLook]:
    """The first frame of every second of a clip, decoded one by one.

    Raises:
        CityPatrolError: The clip cannot be read.
    """
    path = shared / truth.clip
    due, interval = 0.0, truth.camera.look_interval_seconds
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                moment = frame.time
                if moment is None or moment < due:
                    continue
                due += interval
                picture = frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
                at = time_at(truth, moment)
                taken = Frame(truth.name, picture, at, round(moment))
                yield SceneLook(moment, at, at, taken)
    except (av.FFmpegError, IndexError) as error:
        raise CityPatrolError(f"clip {path} cannot be read: {error}") from None


def clip_seconds(path: Path) -> float:
    """How long a clip is.

    Raises:
        CityPatrolError: It cannot be read.
    """
    try:
        with av.open(str(path)) as container:
            return (container.duration or 0) / av.time_base
    except av.FFmpegError as error:
        raise CityPatrolError(f"clip {path} cannot be read: {error}") from None
