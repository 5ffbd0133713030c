"""Each fault that one picture shows, and what looks like it and is none."""

import numpy as np
import pytest

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.finding import Verdict
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.look_faults import picture_findings
from streams.camera_health.picture_measures import ANALYSIS_WIDTH, PictureMeasures, shrunk
from streams.frame import Picture
from tests.streams.camera_health import made_scene as made

SCENE = made.scene()

FAULTY = {
    "no light": (made.noisy(made.lit(SCENE, 0.02), 2), CameraFault.DARK),
    "lens cap": (np.zeros_like(SCENE), CameraFault.DARK),
    "black paint": (made.covered(SCENE, 1.0, (0, 0, 0)), CameraFault.DARK),
    "iris stuck open": (made.lit(SCENE, 4.0, 60), CameraFault.OVEREXPOSED),
    "all white": (np.full_like(SCENE, 255), CameraFault.OVEREXPOSED),
    "out of focus": (made.blurred(SCENE, 4), CameraFault.BLURRED),
    "out of focus, caption sharp": (
        made.with_caption(made.blurred(SCENE, 4)),
        CameraFault.BLURRED,
    ),
    "hand": (made.covered(SCENE, 1.0), CameraFault.COVERED),
    "plastic bag": (made.covered(SCENE, 1.0, (215, 220, 222)), CameraFault.COVERED),
    "bag under a caption": (
        made.with_caption(made.covered(SCENE, 1.0, (150, 150, 150))),
        CameraFault.COVERED,
    ),
    "infrared filter stuck": (made.tinted(SCENE, 1.2, 0.45, 1.2), CameraFault.COLOUR_CAST),
    "white balance": (made.tinted(SCENE, 1.5, 0.6, 0.4), CameraFault.COLOUR_CAST),
    "red channel dead": (made.tinted(SCENE, 0.5, 1.4, 0.3), CameraFault.COLOUR_CAST),
    "gain at its end": (made.noisy(SCENE, 40), CameraFault.NOISE),
}

SOUND = {
    "day": SCENE,
    "caption": made.with_caption(SCENE),
    "night under lamps": made.by_night(SCENE),
    "infrared": made.infrared(SCENE),
    "fog": made.foggy(SCENE),
    "dense fog": made.foggy(SCENE, 0.03, 0.35),
    "rain": made.rainy(SCENE),
    "dusk": made.noisy(made.lit(SCENE, 0.3), 3),
    "low sun": made.lit(SCENE, 1.6),
    "fire lights everything": made.tinted(SCENE, 0.35, 0.6, 1.4),
    "grain": made.noisy(SCENE, 6),
    "small": made.scene(1, 320, 240),
    "full HD": made.scene(2, 1920, 1080),
    "bus": made.with_bus(SCENE),
}


def faults(picture: Picture) -> list[CameraFault]:
    findings = picture_findings(PictureMeasures.of(picture), HealthSettings())
    return [fault for fault, found in findings.items() if found.verdict is Verdict.FAULTY]


@pytest.mark.parametrize(("picture", "fault"), FAULTY.values(), ids=FAULTY)
def test_fault_is_seen_and_no_other(picture: Picture, fault: CameraFault):
    assert faults(picture) == [fault]


@pytest.mark.parametrize("picture", SOUND.values(), ids=SOUND)
def test_sound_picture_has_no_fault(picture: Picture):
    assert faults(picture) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 4000), (4000, 1), (17, 640)])
def test_odd_sizes_are_measured(shape: tuple[int, int]):
    measures = PictureMeasures.of(np.full((*shape, 3), 90, np.uint8))
    assert measures.grey.shape[1] <= ANALYSIS_WIDTH
    assert measures.median == 90


def test_dark_picture_says_nothing_of_focus():
    findings = picture_findings(PictureMeasures.of(np.zeros_like(SCENE)), HealthSettings())
    assert findings[CameraFault.BLURRED].verdict is Verdict.UNKNOWN
    assert findings[CameraFault.COVERED].verdict is Verdict.UNKNOWN


def test_edge_width_grows_with_blur_and_not_with_contrast():
    widths = [
        PictureMeasures.of(picture).edge_width
        for picture in (made.blurred(SCENE, 2), made.lit(made.blurred(SCENE, 2), 0.5))
    ]
    assert widths == pytest.approx([widths[0]] * 2, rel=0.1)
    assert PictureMeasures.of(made.blurred(SCENE, 3)).edge_width > widths[0] + 0.5


@pytest.mark.parametrize("levels", [2.0, 5.0, 12.0])
def test_noise_is_measured_in_its_own_units(levels: float):
    grey = made.noisy(np.full((360, 640), 120, np.uint8), levels)
    measures = PictureMeasures.of(np.dstack([grey] * 3))
    assert measures.noise == pytest.approx(levels, rel=0.2)


def test_shrinking_keeps_shape_and_brightness():
    large = made.scene(4, 3840, 2160)
    small = shrunk(large)
    assert small.shape == (360, 640, 3)
    assert small.mean() == pytest.approx(large.mean(), abs=0.5)
