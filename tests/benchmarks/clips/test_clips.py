"""Real clips: their truth files, and looks at a clip."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from benchmarks.clips.clip_run import run_clip
from benchmarks.clips.clip_truth import ClipTruthError, clip_truths, read_truth
from benchmarks.events.scene_run import scene_catalogue
from detector.detections import Detections
from tests.clips import make_clip
from tests.streams.camera_health.made_scene import noisy, scene

TRUTH = {
    "clip": "media/made.mp4",
    "looked_at": "Made for a test.",
    "seen": "A car stands there.",
    "start": "2026-05-12T10:00:00+08:00",
    "zones": [
        {"zone_id": "kerb", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}
    ],
    "issue_types": [{"code": "09009", "dwell_seconds": 2, "minimum_looks": 2}],
    "events": [
        {
            "issue_code": "09009",
            "zone_id": "kerb",
            "seen": "The car.",
            "opens": [1, 20],
            "place": [0.5, 0.2, 0.7, 0.5],
        }
    ],
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "made.yaml"
    path.write_text(yaml.safe_dump(TRUTH | changes))
    return path


def test_every_truth_watches_for_what_the_catalogue_knows():
    catalogue = scene_catalogue()
    truths = clip_truths()
    assert len(truths) == 5
    for truth in truths:
        codes = {one.code for one in truth.issue_types}
        assert codes <= set(catalogue.types), truth.name
        assert truth.camera.zones == truth.zones


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"looked_at": ""}, "looked_at: String should have at least 1 character"),
        ({"zones": []}, "event 09009 in zone 'kerb': watched for are 09009 in zones"),
        ({"events": [TRUTH["events"][0] | {"opens": [5, 5]}]}, "opens [5.0, 5.0] ends before"),
        ({"issue_types": [{"code": "9"}]}, "issue_types.0.code: String should match"),
        ({"more": 1}, "more: Extra inputs are not permitted, got 1"),
    ],
)
def test_a_truth_that_is_wrong_names_file_field_and_value(tmp_path, changes, said):
    with pytest.raises(ClipTruthError) as caught:
        read_truth(written(tmp_path, **changes))
    assert "made.yaml: " in str(caught.value)
    assert said in str(caught.value)


def test_a_clip_is_looked_at_once_a_second_and_compared(tmp_path):
    street = scene(width=160, height=90)
    (tmp_path / "media").mkdir()
    make_clip(
        tmp_path / "media" / "made.mp4",
        pictures=20,
        frames_per_second=2,
        size=(160, 90),
        picture=lambda number, *_: noisy(street, seed=number),
    )
    looks = []

    def finder(seen):
        looks.append(seen.shape)
        box = np.array([[0.5, 0.2, 0.7, 0.5]], np.float32)
        return Detections(box, np.array([0.9], np.float32), np.array([0]), ("car", "bus", "truck"))

    truth = read_truth(written(tmp_path))
    outcome = run_clip(truth, tmp_path, finder, scene_catalogue())
    assert outcome.troubles == ()
    assert looks == [(90, 160, 3)] * 10
    assert outcome.days * 86400 == pytest.approx(10.0)
    elsewhere = [TRUTH["events"][0] | {"place": [0.8, 0.8, 1.0, 1.0]}]
    moved = read_truth(written(tmp_path, events=elsewhere))
    assert len(run_clip(moved, tmp_path, finder, scene_catalogue()).troubles) == 2
    hasty = read_truth(written(tmp_path, events=[TRUTH["events"][0] | {"opens": [0, 0.5]}]))
    late = run_clip(hasty, tmp_path, finder, scene_catalogue())
    assert late.false_alarms == ()
    assert [one.delay_seconds for one in late.found] == [None]
    assert "reported at 2 s, expected from 0 to 0.5 s" in late.troubles[0]
