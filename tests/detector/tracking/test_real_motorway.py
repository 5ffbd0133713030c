"""Cars on a real motorway, found by the shipped model: each is followed as one, and counted."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import cv2
import numpy as np
import pytest

from detector.detections import Detections
from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from detector.objects.class_groups import faint_objects, find_objects, group_floors
from detector.tracking.camera_tracks import CameraTracks, LookBoxes, TrackNeeds
from detector.tracking.line_crossings import LEFT_TO_RIGHT, RIGHT_TO_LEFT
from models.registry.folder_registry import FolderRegistry
from models.registry.shipped_weights import SHIPPED_WEIGHTS
from streams.kit.stage_costs import StageCosts
from streams.line import Line, LineKind
from tests.shared_material import shared_path
from tests.watching import NOON

VEHICLES = frozenset({"car"})
# 25 pictures a second, of which every third is looked at.
EVERY = 3
LOOK_SECONDS = EVERY / 25
# Counted by looking: 7 vehicles come past the left line, 13 go past the right one.
LINES = (
    Line(line_id="coming", kind=LineKind.STOP_LINE, points=((0.0, 0.62), (0.47, 0.62))),
    Line(line_id="going", kind=LineKind.STOP_LINE, points=((0.53, 0.62), (1.0, 0.62))),
)
COMING, GOING = 7, 13


@pytest.fixture(scope="module")
def looks() -> list[Detections]:
    """What the model finds in the clip."""
    path = shared_path("media/motorway_960.mp4")
    (version,) = FolderRegistry(SHIPPED_WEIGHTS).versions()
    installed = FolderRegistry(SHIPPED_WEIGHTS).fetch(version)
    opener = ModelOpener(DetectorSettings(confidence=0.1), StageCosts())
    with opener.open(installed).backend as backend:
        return [backend.detect([picture]).result(60)[0] for picture in pictures(str(path))]


def pictures(path: str) -> Iterator[np.ndarray]:
    clip = cv2.VideoCapture(path)
    index = 0
    while clip.grab():
        if index % EVERY == 0:
            yield np.asarray(clip.retrieve()[1])
        index += 1
    clip.release()


def test_every_vehicle_is_followed_as_one_and_crosses_once(looks: list[Detections]):
    tracks = CameraTracks(TrackNeeds(VEHICLES, LINES, None))
    crossed: list[tuple[int, int, int]] = []
    seen: Counter[int] = Counter()
    for index, detections in enumerate(looks):
        floors = group_floors(detections.class_names, {"car": 0.4})
        found = find_objects(detections, floors)
        faint = faint_objects(detections, floors, VEHICLES)
        now = NOON + timedelta(seconds=index * LOOK_SECONDS)
        may_cross = np.ones(len(found), np.bool_)
        facts = tracks.follow(LookBoxes(found, faint, may_cross, now, 16 / 9))
        seen.update(facts.ids.tolist())
        for line, box in np.argwhere(facts.crossed):
            crossed.append((int(line), int(facts.crossed[line, box]), int(facts.ids[box])))
    ways = Counter((line, way) for line, way, _ in crossed)
    assert ways == {(0, LEFT_TO_RIGHT): COMING, (1, RIGHT_TO_LEFT): GOING}
    assert len({number for *_, number in crossed}) == COMING + GOING
    # 25 vehicles come near in the clip; two more are just near enough at its end.
    assert 25 <= sum(count >= 8 for count in seen.values()) <= 27
