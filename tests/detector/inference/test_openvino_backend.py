import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector.detections import Detections
from detector.inference.backend import Backend, InferenceError
from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings, Precision
from detector.inference.yolo_output import ModelOutputError
from models.cards.model_card import ModelFileError
from models.intake.export import export_to_onnx
from models.intake.model_file import load_model_file
from models.intake.ultralytics_export import ultralytics_is_installed
from models.registry.folder_registry import FolderRegistry
from streams.kit.stage_costs import Stage, StageCosts
from tests.colour_model import (
    CLASS_NAMES,
    ColourSquare,
    colour_square_picture,
    square_side,
    write_colour_model,
)
from tests.detector.odd_models import (
    model_of_shape,
    model_that_cannot_be_computed,
    model_that_knows_no_number_for_white,
)
from tests.shared_material import shared_path

WAIT = 60
BLACK = np.zeros((32, 32, 3), np.uint8)
WHITE = np.full((32, 32, 3), 255, np.uint8)


@pytest.fixture(scope="module")
def costs() -> StageCosts:
    return StageCosts()


@pytest.fixture(scope="module")
def backend(
    tmp_path_factory: pytest.TempPathFactory, costs: StageCosts
) -> Iterator[OpenVinoBackend]:
    """A backend with the colour model."""
    model = load_model_file(write_colour_model(tmp_path_factory.mktemp("colour")))
    with OpenVinoBackend(model, DetectorSettings(), costs) as backend:
        yield backend


def found_in(backend: Backend, picture: np.ndarray) -> Detections:
    """What the backend finds in one picture."""
    return backend.detect([picture]).result(WAIT)[0]


def centres(found: Detections) -> dict[str, tuple[float, float]]:
    """Centre of each box by class; fails where a class comes twice."""
    names = [found.class_name(index) for index in range(len(found))]
    assert len(names) == len(set(names)), names
    middles = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    return {name: tuple(middle.tolist()) for name, middle in zip(names, middles, strict=True)}


@pytest.mark.parametrize(
    ("width", "height"), [(640, 480), (480, 640), (1280, 720), (1919, 1081), (352, 288), (640, 640)]
)
def test_squares_are_found_where_they_are(backend: Backend, width: int, height: int):
    squares = [
        ColourSquare("person", 0.2, 0.25),
        ColourSquare("bicycle", 0.5, 0.3),
        ColourSquare("car", 0.8, 0.25),
        ColourSquare("bus", 0.2, 0.75),
        ColourSquare("truck", 0.5, 0.8),
        ColourSquare("boat", 0.8, 0.75),
    ]
    found = found_in(backend, colour_square_picture(squares, width, height))
    assert found.class_names == CLASS_NAMES
    assert found.scores.min() > 0.6
    side = square_side(width, height)
    for square in squares:
        x, y = centres(found)[square.class_name]
        assert x == pytest.approx(square.x, abs=side / 8 / width)
        assert y == pytest.approx(square.y, abs=side / 8 / height)
    sizes = found.boxes[:, 2:] - found.boxes[:, :2]
    np.testing.assert_allclose(sizes, np.tile([side / width, side / height], (6, 1)), rtol=0.02)


def test_an_empty_street_shows_nothing(backend: Backend):
    assert len(found_in(backend, colour_square_picture())) == 0


def test_boxes_at_the_edge_stay_in_the_picture(backend: Backend):
    found = found_in(backend, colour_square_picture([ColourSquare("car", 0.06, 0.08)]))
    assert len(found) == 1
    assert found.boxes.min() >= 0
    assert found.boxes.max() <= 1


def test_results_keep_the_order_of_their_pictures(backend: Backend):
    names = [CLASS_NAMES[number % len(CLASS_NAMES)] for number in range(25)]
    pictures = [colour_square_picture([ColourSquare(name, 0.5, 0.5)]) for name in names]
    found = backend.detect(pictures).result(WAIT)
    assert [one.class_name(0) for one in found] == names


def test_no_pictures_are_no_work(backend: Backend):
    assert backend.detect([]).result(timeout=0) == []


def test_pictures_of_another_kind_of_array(backend: Backend):
    picture = colour_square_picture([ColourSquare("car", 0.5, 0.5)], 1280, 960)
    assert len(found_in(backend, picture[::2, ::2])) == 1


def test_many_threads_share_one_backend(backend: Backend):
    wrong: list[str] = []

    def look(name: str) -> None:
        picture = colour_square_picture([ColourSquare(name, 0.5, 0.5)])
        for future in [backend.detect([picture, picture]) for _ in range(5)]:
            wrong.extend(
                found.class_name(0)
                for found in future.result(WAIT)
                if len(found) != 1 or found.class_name(0) != name
            )

    threads = [threading.Thread(target=look, args=(name,)) for name in CLASS_NAMES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert wrong == []


def test_cpu_time_is_booked(backend: Backend, costs: StageCosts):
    before = costs.seconds()
    backend.detect([colour_square_picture(width=1280, height=720)] * 20).result(WAIT)
    after = costs.seconds()
    assert after[Stage.PREPARE] > before[Stage.PREPARE]
    assert after[Stage.INFER] > before[Stage.INFER]


def test_closing_waits_for_what_is_under_way(tmp_path: Path):
    model = load_model_file(write_colour_model(tmp_path))
    others = set(threading.enumerate())
    picture = colour_square_picture([ColourSquare("car", 0.5, 0.5)])
    with OpenVinoBackend(model, DetectorSettings(), StageCosts()) as backend:
        pending = backend.detect([picture] * 6)
    assert [len(found) for found in pending.result(timeout=0)] == [1] * 6
    backend.close()
    with pytest.raises(InferenceError, match="closed"):
        backend.detect([picture])
    assert set(threading.enumerate()) <= others


def test_a_picture_that_fails_fails_its_own_call_only(tmp_path: Path):
    model = model_that_knows_no_number_for_white(tmp_path / "odd.onnx")
    with OpenVinoBackend(model, DetectorSettings(), StageCosts()) as backend:
        for _ in range(8):
            failing, good = backend.detect([BLACK, WHITE, BLACK, WHITE]), backend.detect([BLACK])
            with pytest.raises(ModelOutputError, match=r"'odd'.* not finite"):
                failing.result(WAIT)
            assert good.exception(WAIT) is None


def test_a_model_that_cannot_be_computed_is_refused_at_the_start(tmp_path: Path):
    model = model_that_cannot_be_computed(tmp_path / "odd.onnx")
    before = set(threading.enumerate())
    with pytest.raises(InferenceError, match="'odd' failed on a picture"):
        OpenVinoBackend(model, DetectorSettings(), StageCosts())
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("shape", [[1, 7, 512], [1, 3072], [1, 512, 6, 1]])
def test_a_model_that_is_no_detector_is_refused(tmp_path: Path, shape: list[int]):
    model = model_of_shape(tmp_path / "odd.onnx", shape)
    with pytest.raises(ModelFileError, match=r"odd\.onnx"):
        OpenVinoBackend(model, DetectorSettings(), StageCosts())


def test_a_device_that_is_not_there_is_named(tmp_path: Path):
    model = load_model_file(write_colour_model(tmp_path))
    with pytest.raises(InferenceError, match=r"device 'XPU7'; it has \['CPU'"):
        OpenVinoBackend(model, DetectorSettings(device="XPU7"), StageCosts())


@pytest.mark.parametrize("settings", [{"inference_threads": 1}, {"precision": Precision.FLOAT32}])
def test_other_settings_find_the_same(tmp_path: Path, settings: dict):
    model = load_model_file(write_colour_model(tmp_path))
    with OpenVinoBackend(model, DetectorSettings(**settings), StageCosts()) as backend:
        picture = colour_square_picture([ColourSquare("car", 0.5, 0.5)])
        assert set(centres(found_in(backend, picture))) == {"car"}


@pytest.mark.parametrize("weights", ["yolo11n_coco_rebuilt.pt", "yolov8n_coco_rebuilt.pt"])
def test_it_agrees_with_ultralytics(tmp_path: Path, weights: str):
    weights_path = shared_path(f"weights/{weights}")
    if not ultralytics_is_installed():
        pytest.skip("the extra 'train' (ultralytics, onnx) is not installed")
    model = export_to_onnx(weights_path, FolderRegistry(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ultralytics = pytest.importorskip("ultralytics")
        picture = cv2.imread(str(ultralytics.ASSETS / "bus.jpg"))
        result = ultralytics.YOLO(weights_path).predict(
            picture, conf=0.25, iou=0.5, imgsz=640, rect=False, device="cpu", verbose=False
        )[0]
    settings = DetectorSettings(confidence=0.25, iou=0.5, precision=Precision.FLOAT32)
    with OpenVinoBackend(model, settings, StageCosts()) as backend:
        found = found_in(backend, picture)
    expected = result.boxes
    assert len(found) == len(expected) >= 5
    np.testing.assert_array_equal(found.class_ids, expected.cls.numpy())
    np.testing.assert_allclose(found.scores, expected.conf.numpy(), atol=0.02)
    np.testing.assert_allclose(found.boxes, expected.xyxyn.numpy(), atol=0.004)
