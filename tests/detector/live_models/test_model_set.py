"""Several models over one frame: each class is found by one, each camera runs what it needs."""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from detector.detections import Detections
from detector.inference.settings import DetectorSettings
from detector.live_models.class_owners import class_owners, needed_classes, unseen_issue_types
from detector.live_models.model_opener import ModelOpener
from detector.live_models.model_set import AnalysedFrame, ModelSet
from detector.live_models.running_model import RunningModel
from models.catalogue.issue_catalogue import load_catalogue
from models.rules.rule import DEFAULT_MINIMUM_SCORE
from streams.camera import Camera
from streams.frame import Frame
from streams.kit.stage_costs import Stage, StageCosts
from tests.colour_model import ColourSquare, colour_square_picture
from tests.colour_versions import ColourVersion, add_version, only

CAR, BOAT, PERSON = (
    ColourSquare("car", 0.25, 0.5),
    ColourSquare("boat", 0.5, 0.5),
    ColourSquare("person", 0.75, 0.5),
)
PICTURE = colour_square_picture([CAR, BOAT, PERSON])
NEEDS = {
    "street": frozenset({"car", "person"}),
    "quay": frozenset({"boat", "garbage_pile"}),
    "both": frozenset({"car", "boat"}),
    "nothing": frozenset[str](),
}


@pytest.fixture(scope="module")
def costs() -> StageCosts:
    return StageCosts()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, costs: StageCosts) -> Iterator[ModelSet]:
    """A street model that knows cars and people, and after it a river model."""
    registry = tmp_path_factory.mktemp("models") / "registry"
    opener = ModelOpener(DetectorSettings(inference_threads=1), costs)
    street = ColourVersion("street", "1", only("car", "person"), thresholds={"car": 0.3})
    river = ColourVersion("river", "7", only("car", "boat"))
    with ModelSet() as models:
        models.replace([opener.open(add_version(registry, one)) for one in (street, river)])
        models.follow(NEEDS)
        yield models


def look(models: ModelSet, *camera_ids: str) -> list[AnalysedFrame]:
    now = datetime.now(UTC)
    return models.detect([Frame(name, PICTURE, now, 0) for name in camera_ids]).result()


def found(analysed: AnalysedFrame) -> dict[str, float]:
    """Middle of each box by class, of those classes that were not renamed."""
    detections = analysed.detections
    names = [detections.class_name(index) for index in range(len(detections))]
    assert len(names) == len(set(names)), "an object was found twice"
    middles = (detections.boxes[:, 0] + detections.boxes[:, 2]) / 2
    return {
        name: float(middle)
        for name, middle in zip(names, middles, strict=True)
        if not name.startswith("no_")
    }


@pytest.mark.parametrize(
    ("camera_id", "expected", "versions"),
    [
        ("street", {"car", "person"}, {"street"}),
        ("quay", {"boat"}, {"river"}),
        ("both", {"car", "person", "boat"}, {"street", "river"}),
        ("nothing", set(), set()),
        ("unknown", set(), set()),
    ],
)
def test_each_camera_is_looked_at_by_the_models_it_needs(
    models: ModelSet, camera_id: str, expected: set[str], versions: set[str]
):
    (analysed,) = look(models, camera_id)
    assert set(found(analysed)) == expected
    assert {reference.name for reference in analysed.found_by.values()} == versions
    assert set(analysed.found_by) == set(analysed.detections.class_names)


def test_a_batch_comes_back_in_its_order(models: ModelSet):
    names = ["quay", "nothing", "street", "both", "street"]
    analysed = look(models, *names)
    assert [one.frame.camera_id for one in analysed] == names
    assert [len(found(one)) for one in analysed] == [1, 0, 2, 3, 2]


def test_class_that_two_know_belongs_to_the_first(models: ModelSet):
    (analysed,) = look(models, "both")
    assert analysed.found_by["car"].name == "street"
    assert analysed.found_by["boat"].version == "7"
    assert len(analysed.found_by["boat"].sha256) == 64


def test_boxes_are_where_the_model_found_them(models: ModelSet):
    (analysed,) = look(models, "both")
    for square in (CAR, BOAT, PERSON):
        assert found(analysed)[square.class_name] == pytest.approx(square.x, abs=0.02)


def test_thresholds_of_the_cards_come_along(models: ModelSet):
    (analysed,) = look(models, "both")
    detections = analysed.detections
    thresholds = dict(zip(detections.class_names, detections.class_thresholds, strict=True))
    assert thresholds["car"] == 0.3
    assert thresholds["boat"] == DEFAULT_MINIMUM_SCORE


def test_a_camera_that_needs_one_model_costs_one_inference(models: ModelSet, costs: StageCosts):
    def prepared(camera_id: str) -> float:
        before = costs.seconds()[Stage.PREPARE]
        look(models, *[camera_id] * 8)
        return costs.seconds()[Stage.PREPARE] - before

    assert prepared("nothing") == 0.0
    assert prepared("street") > 0.0


class FaintBackend:
    """A backend that finds a car and a boat at two scores, more faintly than is usual."""

    def __init__(self, running: RunningModel) -> None:
        self.card, self.artefact = running.card, running.backend.artefact

    def detect(self, pictures):
        names = self.card.class_names
        boat = next(index for index, name in enumerate(names) if name.endswith("boat"))
        done = Future()
        one = Detections(
            boxes=np.array([[0, 0, 0.1, 0.1]] * 4, np.float32),
            scores=np.array([0.16, 0.14, 0.24, 0.26], np.float32),
            class_ids=np.array([names.index("car")] * 2 + [boat] * 2),
            class_names=names,
        )
        done.set_result([one] * len(pictures))
        return done

    def close(self) -> None:
        pass


def test_threshold_below_the_confidence_lets_fainter_boxes_of_its_class_pass(tmp_path: Path):
    opener = ModelOpener(DetectorSettings(inference_threads=1), StageCosts())
    wanted = ColourVersion(thresholds={"car": 0.15})
    with opener.open(add_version(tmp_path / "registry", wanted)).backend as backend:
        faint = RunningModel(FaintBackend(RunningModel(backend, 0.25)), 0.25)
    models = ModelSet()
    models.replace([faint])
    models.follow({"both": NEEDS["both"]})
    (analysed,) = look(models, "both")
    scores = analysed.detections.scores
    assert [round(float(score), 2) for score in scores] == [0.16, 0.26]


def test_owners_follow_the_order_of_the_models():
    assert class_owners([("a", "b"), (), ("b", "c")]) == {"a": 0, "b": 0, "c": 2}


def camera(*codes: str) -> Camera:
    return Camera.model_validate(
        {
            "camera_id": "gate",
            "name": "Gate",
            "stream_url": "rtsp://h/x",
            "lon": 106.4,
            "lat": 29.5,
            "issue_types": [{"code": code} for code in codes],
        }
    )


def test_a_camera_needs_the_classes_of_its_issue_types():
    needed = needed_classes(camera("09009", "06955"), load_catalogue())
    assert {"car", "boat"} <= needed
    assert "person" not in needed
    assert needed_classes(camera(), load_catalogue()) == frozenset()


def test_issue_types_that_no_model_sees_are_named():
    cameras = [camera("06955", "09009"), camera("06955")]
    catalogue = load_catalogue()
    assert unseen_issue_types(cameras, catalogue, ["car"]) == ("06955",)
    assert unseen_issue_types(cameras, catalogue, ["car", "boat"]) == ()
    assert unseen_issue_types(cameras, catalogue, []) == ("06955", "09009")
