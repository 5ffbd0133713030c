"""Frames are judged in their order, and one that fails does not stop the others."""

import threading
from concurrent.futures import Future
from datetime import UTC, datetime

import numpy as np
import pytest

from detector.detections import Detections
from detector.inference.settings import DetectorSettings
from detector.live_models.model_set import AnalysedFrame, ModelSet
from detector.live_models.running_model import RunningModel
from detector.worker.batcher import Batcher
from detector.worker.frame_analysis import FrameAnalysis
from models.cards.artefact import Artefact, ArtefactFile, ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelCard, ModelClass, Preprocessing
from streams.frame import Frame
from streams.reading.latest_frames import LatestFrames
from tests.waiting import wait_until

ARTEFACT = Artefact(
    format=ArtefactFormat.ONNX,
    precision=ArtefactPrecision.FLOAT32,
    files=(ArtefactFile(path="model.onnx", sha256="0" * 64),),
)
NOTHING = Detections(
    np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), ("car",)
)


class TickingBackend:
    """A backend that chokes on black pictures: what a real one does on damaged ones."""

    card = ModelCard(
        name="ticking",
        version="1",
        classes=(ModelClass(name="car", visual_class="car"),),
        preprocessing=Preprocessing(input_width=64, input_height=64),
        artefacts=(ARTEFACT,),
    )
    artefact = ARTEFACT

    def detect(self, pictures):
        done = Future()
        if any(picture.max() == 0 for picture in pictures):
            done.set_exception(RuntimeError("choked"))
        else:
            done.set_result([NOTHING] * len(pictures))
        return done

    def close(self):
        pass


def frame(number: int, brightness: int = 90) -> Frame:
    picture = np.full((8, 8, 3), brightness, np.uint8)
    return Frame(f"camera-{number}", picture, datetime.now(UTC), number)


@pytest.fixture
def frames() -> LatestFrames:
    return LatestFrames()


def analysis(frames: LatestFrames, judge) -> FrameAnalysis:
    settings = DetectorSettings(maximum_batch=1)
    models = ModelSet()
    models.replace([RunningModel(TickingBackend(), 0.25)])
    models.follow({f"camera-{number}": frozenset({"car"}) for number in range(50)})
    return FrameAnalysis(Batcher(frames, settings), models, judge)


def test_frames_are_judged_in_their_order_by_one_thread(frames: LatestFrames):
    judged, threads = [], set()

    def judge(analysed: AnalysedFrame) -> None:
        judged.append(analysed.frame.sequence)
        threads.add(threading.current_thread().name)

    with analysis(frames, judge) as running:
        for number in range(50):
            frames.put(frame(number))
        wait_until(lambda: running.counts().frames == 50)

    assert judged == list(range(50))
    assert threads == {"rules"}
    assert not running.alive


def test_picture_that_the_model_chokes_on_is_counted_and_passed_over(frames: LatestFrames):
    judged = []
    with analysis(frames, lambda one: judged.append(one.frame.camera_id)) as running:
        for number, brightness in enumerate((90, 0, 90)):
            frames.put(frame(number, brightness))
        wait_until(lambda: running.counts().frames == 2)

    assert judged == ["camera-0", "camera-2"]
    assert running.counts().errors == 1


def test_camera_whose_rules_fail_does_not_stop_the_others(frames: LatestFrames):
    judged = []

    def judge(analysed: AnalysedFrame) -> None:
        if analysed.frame.camera_id == "camera-0":
            raise ValueError("bad rule")
        judged.append(analysed.frame.camera_id)

    with analysis(frames, judge) as running:
        for number in range(3):
            frames.put(frame(number))
        wait_until(lambda: len(judged) == 2)
        assert running.alive

    assert running.counts().errors == 1
