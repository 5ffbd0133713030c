"""Real pictures and clips of streets: hardly a false alarm, and each fault seen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import cv2
import pytest

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.camera_health import CameraHealth
from streams.camera_health.finding import Verdict
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.look_faults import picture_findings
from streams.camera_health.picture_measures import PictureMeasures
from streams.frame import Picture
from tests.shared_material import shared_path
from tests.streams.camera_health import made_scene as made

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SETTINGS = HealthSettings()
CLIPS = (
    "city_crosswalk_cctv.mp4",
    "highway_cctv_320.mp4",
    "motorway_960.mp4",
    "pedestrians_campus_cctv_vtest.mp4",
    "sidewalk_fixedcam.mp4",
)

SPOILT: dict[str, tuple[CameraFault, Callable[[Picture], Picture]]] = {
    "no light": (CameraFault.DARK, lambda picture: made.lit(picture, 0.03)),
    "burnt": (CameraFault.OVEREXPOSED, lambda picture: made.lit(picture, 5.0, 80)),
    "defocus": (
        CameraFault.BLURRED,
        lambda picture: made.blurred(picture, max(4 * picture.shape[1] / 640, 3.0)),
    ),
    "hand": (CameraFault.COVERED, lambda picture: made.covered(picture, 1.0)),
    "green": (CameraFault.COLOUR_CAST, lambda picture: made.tinted(picture, 0.4, 1.5, 0.3)),
    "snow": (CameraFault.NOISE, lambda picture: made.noisy(picture, 60)),
}


@cache
def pictures_of(clip: str, looks: int) -> list[Picture]:
    video = cv2.VideoCapture(str(shared_path(f"media/{clip}")))
    gap = max(int(video.get(cv2.CAP_PROP_FRAME_COUNT)) // (looks + 1), 1)
    pictures = []
    for _ in range(looks):
        for _ in range(gap):
            video.grab()
        pictures.append(video.retrieve()[1])
    return pictures


def some_pictures(count: int) -> list[Path]:
    sets = shared_path("data")
    names = ("facade_ads", "garbage_overflow", "road_defects", "traffic_vehicles")
    found = [sorted((sets / name / "images" / "val").glob("*")) for name in names]
    return [path for paths in found for path in paths[:: max(len(paths) // count, 1)][:count]]


def faults(picture: Picture) -> set[CameraFault]:
    findings = picture_findings(PictureMeasures.of(picture), SETTINGS)
    return {fault for fault, found in findings.items() if found.verdict is Verdict.FAULTY}


@pytest.mark.parametrize("step", [1.0, 60.0])
@pytest.mark.parametrize("clip", CLIPS)
def test_street_clip_is_trusted_throughout(clip: str, step: float):
    health = CameraHealth(clip, step, SETTINGS)
    reports = [
        health.judge(picture, NOON + timedelta(seconds=step * number))
        for number, picture in enumerate(pictures_of(clip, 8))
    ]
    assert [report.suspected for report in reports if not report.trusted] == []


def test_pictures_of_streets_are_sound():
    shown = {str(path): faults(cv2.imread(str(path))) for path in some_pictures(10)}
    assert {name: found for name, found in shown.items() if found} == {}


@pytest.mark.parametrize(("fault", "spoil"), SPOILT.values(), ids=SPOILT)
def test_fault_is_seen_on_real_pictures(fault: CameraFault, spoil: Callable[[Picture], Picture]):
    pictures = [pictures_of(clip, 8)[0] for clip in CLIPS]
    assert [fault in faults(spoil(picture)) for picture in pictures] == [True] * len(CLIPS)
