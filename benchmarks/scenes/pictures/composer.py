"""The composer: renders what a scene's camera shows at any moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np

from benchmarks.scenes.disturbances import CameraFault
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pictures.effects import lit, through_camera
from benchmarks.scenes.pictures.painting import paint_actor, paint_occluders
from benchmarks.scenes.pictures.staging import staged_actors
from benchmarks.scenes.pictures.view import STILL, view_at
from benchmarks.scenes.scene import Scene
from streams.frame import Frame, Picture
from streams.stream_facts import StreamFacts

# Bits a second and pixel of a street camera as it is usually set, about 2 Mbit/s at 1080p, and of
# one that was set for a line of 20 kbit/s.
USUAL_BITS_PER_PIXEL = 1.0
POOR_BITS_PER_PIXEL = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class SceneLook:
    """One look of a patrol at a scene.

    Attributes:
        moment: Seconds since the scene's start.
        true_time: When that is.
        camera_time: What the camera says the time is.
        frame: What was got; None while the stream is gone.
    """

    moment: float
    true_time: datetime
    camera_time: datetime
    frame: Frame | None


def render(scene: Scene, moment: float, material: SceneMaterial) -> Picture:
    """The picture that the scene's camera makes at a moment; the same one every time.

    While the camera's picture is frozen that is the one of the moment when it froze. A stream
    that is gone has no picture to send; this is then what the camera would have sent.
    """
    shown = scene.shown_moment(moment)
    picture = _street(scene, shown, material)
    paint_occluders(picture, scene, shown)
    picture = lit(picture, scene, shown)
    view = view_at(scene, shown)
    if view is not STILL:
        height, width = picture.shape[:2]
        picture = cv2.warpAffine(
            picture,
            view.pixel_matrix(width, height),
            (width, height),
            borderMode=cv2.BORDER_REFLECT,
        ).astype(np.uint8, copy=False)
    return through_camera(picture, scene, shown)


def _street(scene: Scene, moment: float, material: SceneMaterial) -> Picture:
    """What the camera looks at, with who is there."""
    elsewhere = scene.elsewhere_at(moment)
    if elsewhere is not None:
        size = (scene.background.width, scene.background.height)
        there = cv2.resize(material.picture_of(elsewhere.background), size)
        return there.astype(np.uint8, copy=False)
    picture = material.picture_of(scene.background).copy()
    for one in staged_actors(scene, moment, material):
        paint_actor(picture, one)
    return picture


def _facts(scene: Scene, moment: float, picture: Picture) -> StreamFacts:
    """What the stream of such a camera says of itself."""
    poor = scene.fault_span(CameraFault.LOW_BITRATE, moment) is not None
    rate = POOR_BITS_PER_PIXEL if poor else USUAL_BITS_PER_PIXEL
    bitrate = rate * picture.shape[0] * picture.shape[1]
    return StreamFacts(bitrate=bitrate, camera_clock=scene.camera_time_at(moment))


def looks_at(scene: Scene, material: SceneMaterial) -> Iterator[SceneLook]:
    """All looks of a patrol at a scene, rendered one by one as they are asked for."""
    for number, moment in enumerate(scene.look_moments()):
        true_time = scene.time_at(moment)
        frame = None
        if scene.fault_span(CameraFault.STREAM_GONE, moment) is None:
            picture = render(scene, moment, material)
            frame = Frame(
                scene.camera.camera_id, picture, true_time, number, _facts(scene, moment, picture)
            )
        yield SceneLook(moment, true_time, scene.camera_time_at(moment), frame)
