"""Effects: what light, the camera and its faults make of a picture."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.scenes.disturbances import (
    CameraFault,
    Compression,
    LightChange,
    SensorNoise,
    TimeCaption,
)
from benchmarks.scenes.scene import Scene
from streams.frame import Picture

# Below this brightness the lamps are on; they light what is below and around the middle.
_LAMPS_ON_BELOW = 0.5
_LAMP_LIGHT = 0.45
_LAMP_MIDDLE = (0.5, 0.6)
_LAMP_REACH = 0.45
# Blue, green, red: night sky is bluish, street lamps are warm.
_NIGHT_TINT = np.array([1.1, 1.0, 0.9], np.float32)
_LAMP_TINT = np.array([0.75, 0.95, 1.1], np.float32)

# A dark picture is grainy since the camera turns up its gain.
_NIGHT_GRAIN = 5.0

# Making grain anew costs more than all the rest of a picture. A part of a larger piece of it, cut
# out where chance says, is nowhere like the part before.
_GRAIN_MARGIN = 64


def lit(picture: Picture, scene: Scene, moment: float) -> Picture:
    """The picture in the light of the moment."""
    for change in scene.disturbances_of(LightChange):
        times = [level.at for level in change.levels]
        brightness = float(np.interp(moment, times, [level.brightness for level in change.levels]))
        if brightness < 1.0:
            picture = _in_light(picture, brightness)
            darkness = np.clip((_LAMPS_ON_BELOW - brightness) / _LAMPS_ON_BELOW, 0, 1)
            picture = _with_noise(picture, scene, moment, _NIGHT_GRAIN * float(darkness))
    return picture


def _in_light(picture: Picture, brightness: float) -> Picture:
    if brightness >= _LAMPS_ON_BELOW:
        return cv2.convertScaleAbs(picture, alpha=brightness).astype(np.uint8, copy=False)
    darkness = (_LAMPS_ON_BELOW - brightness) / _LAMPS_ON_BELOW
    tint = 1 + (_NIGHT_TINT - 1) * darkness
    lamps = _lamp_map(picture.shape[1], picture.shape[0]) * (_LAMP_LIGHT * darkness)
    light = brightness * tint + lamps[:, :, None] * _LAMP_TINT
    return np.clip(picture * light, 0, 255).astype(np.uint8)


def _lamp_map(width: int, height: int) -> npt.NDArray[np.float32]:
    x = (np.arange(width, dtype=np.float32) / width - _LAMP_MIDDLE[0]) / _LAMP_REACH
    y = (np.arange(height, dtype=np.float32) / height - _LAMP_MIDDLE[1]) / _LAMP_REACH
    return np.asarray(np.exp(-(x[None, :] ** 2 + y[:, None] ** 2)), np.float32)


def through_camera(picture: Picture, scene: Scene, moment: float) -> Picture:
    """The picture as the camera sends it: grain, faults, caption and compression.

    The view, frozen pictures and streams that are gone are not its business.
    """
    for noise in scene.disturbances_of(SensorNoise):
        if noise.span.holds(moment):
            picture = _with_noise(picture, scene, moment, noise.sigma)
    for fault, effect in _FAULT_EFFECTS.items():
        if scene.fault_span(fault, moment) is not None:
            picture = effect(picture, scene, moment)
    if any(caption.span.holds(moment) for caption in scene.disturbances_of(TimeCaption)):
        picture = _captioned(picture, scene, moment)
    for compression in scene.disturbances_of(Compression):
        if compression.span.holds(moment):
            picture = _compressed(picture, compression.quality)
    return picture


def _with_noise(picture: Picture, scene: Scene, moment: float, sigma: float) -> Picture:
    if sigma <= 0:
        return picture
    height, width = picture.shape[:2]
    top, left = scene.chance("noise", moment).integers(0, _GRAIN_MARGIN, 2)
    grain = _grain(width, height)[top : top + height, left : left + width] * np.float32(sigma)
    return cv2.add(picture, grain, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


@lru_cache(maxsize=8)
def _grain(width: int, height: int) -> npt.NDArray[np.float32]:
    """Grain of which every picture of this size shows another part."""
    shape = (height + _GRAIN_MARGIN, width + _GRAIN_MARGIN, 3)
    return np.random.default_rng(width * height).standard_normal(shape, np.float32)


def _dark(picture: Picture, scene: Scene, moment: float) -> Picture:
    return _with_noise((picture * 0.04).astype(np.uint8), scene, moment, 2.0)


def _overexposed(picture: Picture, _scene: Scene, _moment: float) -> Picture:
    return np.asarray(np.clip(picture * 2.2 + 130.0, 0, 255)).astype(np.uint8)


def _blurred(picture: Picture, _scene: Scene, _moment: float) -> Picture:
    # Far out of focus.
    return cv2.GaussianBlur(picture, (0, 0), picture.shape[1] / 80).astype(np.uint8, copy=False)


def _covered(picture: Picture, scene: Scene, moment: float) -> Picture:
    # A bag over the lens: a dull, nearly even grey with soft folds.
    height, width = picture.shape[:2]
    folds = scene.chance("cover", 0.0).uniform(35, 80, (4, 5, 1)).astype(np.float32)
    smooth = cv2.resize(folds, (width, height), interpolation=cv2.INTER_CUBIC)[:, :, None]
    cover = np.clip(smooth * (0.9, 1.0, 1.0), 0, 255).astype(np.uint8)
    return _with_noise(cover, scene, moment, 1.5)


def _colour_cast(picture: Picture, _scene: Scene, _moment: float) -> Picture:
    # The filter against infra-red is stuck: its light drowns all colours, and they turn magenta.
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    drowned = cv2.addWeighted(picture, 0.4, grey, 0.6, 0.0)
    return np.asarray(np.clip(drowned * np.array([1.1, 0.5, 1.25]), 0, 255)).astype(np.uint8)


def _noisy(picture: Picture, scene: Scene, moment: float) -> Picture:
    return _with_noise(picture, scene, moment, 45.0)


def _low_bitrate(picture: Picture, _scene: Scene, _moment: float) -> Picture:
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // 3, height // 3), interpolation=cv2.INTER_AREA)
    coarse = _compressed(small.astype(np.uint8, copy=False), 6)
    large = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)
    return large.astype(np.uint8, copy=False)


_FAULT_EFFECTS: dict[CameraFault, Callable[[Picture, Scene, float], Picture]] = {
    CameraFault.BLURRED: _blurred,
    CameraFault.COLOUR_CAST: _colour_cast,
    CameraFault.DARK: _dark,
    CameraFault.OVEREXPOSED: _overexposed,
    CameraFault.COVERED: _covered,
    CameraFault.NOISE: _noisy,
    CameraFault.LOW_BITRATE: _low_bitrate,
}


def _captioned(picture: Picture, scene: Scene, moment: float) -> Picture:
    text = scene.camera_time_at(moment).strftime("%Y-%m-%d %H:%M:%S")
    size = picture.shape[1] / 1100
    at = (round(12 * size), round(28 * size))
    written = picture.copy()
    for colour, thickness in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(written, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, thickness)
    return written


def _compressed(picture: Picture, quality: int) -> Picture:
    done, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(content, cv2.IMREAD_COLOR) if done else None
    if decoded is None:
        raise ValueError(f"a picture of shape {picture.shape} cannot be compressed")
    return decoded.astype(np.uint8, copy=False)
