import threading
from datetime import UTC, datetime

import numpy as np
import pytest

from streams.frame import Frame
from streams.reading.drop_cause import DropCause
from streams.reading.latest_frames import LatestFrames
from tests.waiting import wait_until


def frame(camera_id: str, sequence: int = 0) -> Frame:
    return Frame(camera_id, np.zeros((2, 2, 3), np.uint8), datetime.now(UTC), sequence)


def taken(frames: LatestFrames, maximum: int = 10) -> list[tuple[str, int]]:
    return [(one.camera_id, one.sequence) for one in frames.take(maximum, 0)]


def test_newest_frame_wins_and_the_others_are_counted():
    frames = LatestFrames()
    for sequence in range(4):
        frames.put(frame("gate", sequence))
    assert taken(frames) == [("gate", 3)]
    assert frames.drop_counts.of("gate")[DropCause.SUPERSEDED] == 3
    assert frames.drops()[DropCause.SUPERSEDED] == 3


def test_camera_keeps_its_place_when_its_frame_is_replaced():
    frames = LatestFrames()
    for camera_id, sequence in (("a", 0), ("b", 0), ("c", 0), ("a", 1)):
        frames.put(frame(camera_id, sequence))
    assert taken(frames, 2) == [("a", 1), ("b", 0)]
    frames.put(frame("a", 2))
    assert taken(frames) == [("c", 0), ("a", 2)]


def test_take_returns_nothing_when_nothing_comes():
    assert LatestFrames().take(4, 0.01) == []


def test_take_wakes_up_for_a_frame():
    frames = LatestFrames()
    result: list[Frame] = []
    waiting = threading.Thread(target=lambda: result.extend(frames.take(4, 30)))
    waiting.start()
    frames.put(frame("gate"))
    waiting.join(10)
    assert [one.camera_id for one in result] == ["gate"]


def test_close_wakes_waiting_consumers_and_refuses_frames():
    frames = LatestFrames()
    waiting = threading.Thread(target=lambda: frames.take(4, 60))
    waiting.start()
    frames.close()
    waiting.join(10)
    assert not waiting.is_alive()
    frames.put(frame("gate"))
    assert len(frames) == 0
    assert frames.drops()[DropCause.UNFOLLOWED] == 1


def test_forgotten_camera_leaves_no_frame():
    frames = LatestFrames()
    frames.put(frame("gone"))
    frames.put(frame("stays"))
    frames.forget("gone")
    frames.forget("never seen")
    assert taken(frames) == [("stays", 0)]
    assert frames.drop_counts.of("gone")[DropCause.UNFOLLOWED] == 1


@pytest.mark.parametrize("cameras", [1, 50])
def test_every_frame_is_taken_once_or_counted_as_dropped(cameras):
    frames = LatestFrames()
    each = 200
    got: list[Frame] = []
    done = threading.Event()

    def produce(camera_id: str) -> None:
        for sequence in range(each):
            frames.put(frame(camera_id, sequence))

    def consume() -> None:
        while not done.is_set() or len(frames):
            got.extend(frames.take(8, 0.05))

    consumer = threading.Thread(target=consume)
    consumer.start()
    producers = [threading.Thread(target=produce, args=(f"c{n}",)) for n in range(cameras)]
    for producer in producers:
        producer.start()
    for producer in producers:
        producer.join(60)
    done.set()
    consumer.join(30)
    wait_until(lambda: len(frames) == 0)
    assert len(got) + frames.drops()[DropCause.SUPERSEDED] == cameras * each
    for number in range(cameras):
        sequences = [one.sequence for one in got if one.camera_id == f"c{number}"]
        assert sequences == sorted(sequences)
        assert sequences[-1] == each - 1
