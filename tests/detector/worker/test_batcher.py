import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from detector.inference.settings import DetectorSettings
from detector.worker.batcher import Batcher
from streams.frame import Frame
from streams.reading.drop_cause import DropCause
from streams.reading.latest_frames import LatestFrames

PICTURE = np.zeros((4, 6, 3), np.uint8)


def frame(camera_id: str, age_seconds: float = 0.0, sequence: int = 0) -> Frame:
    """A frame that was captured ``age_seconds`` ago."""
    captured_at = datetime.now(UTC) - timedelta(seconds=age_seconds)
    return Frame(camera_id, PICTURE, captured_at, sequence)


def waiting(*frames: Frame) -> LatestFrames:
    """These frames, waiting."""
    latest = LatestFrames()
    for one in frames:
        latest.put(one)
    return latest


def ids(batch: list[Frame]) -> list[str]:
    """Whose frames they are."""
    return [one.camera_id for one in batch]


def test_a_batch_is_what_had_piled_up():
    batcher = Batcher(waiting(frame("a"), frame("b"), frame("c")), DetectorSettings())
    assert ids(batcher.next_batch(timeout_seconds=0)) == ["a", "b", "c"]
    assert batcher.next_batch(timeout_seconds=0) == []


def test_a_batch_is_no_larger_than_allowed():
    frames = waiting(*(frame(name) for name in "abcde"))
    batcher = Batcher(frames, DetectorSettings(maximum_batch=2))
    assert [ids(batcher.next_batch(0)) for _ in range(4)] == [["a", "b"], ["c", "d"], ["e"], []]


def test_stale_frames_are_dropped_and_counted():
    frames = waiting(frame("old", 60), frame("new"), frame("older", 90))
    batcher = Batcher(frames, DetectorSettings(staleness_seconds=30))
    assert ids(batcher.next_batch(0)) == ["new"]
    for camera_id, drops in (("old", 1), ("older", 1), ("new", 0)):
        assert frames.drop_counts.of(camera_id)[DropCause.STALE] == drops


def test_stale_frames_alone_are_no_batch():
    frames = waiting(*(frame(name, 60) for name in "abc"))
    batcher = Batcher(frames, DetectorSettings(staleness_seconds=30, maximum_batch=2))
    assert batcher.next_batch(timeout_seconds=0) == []
    assert batcher.next_batch(timeout_seconds=0) == []
    assert frames.drops()[DropCause.STALE] == 3


def test_after_stale_frames_it_waits_for_fresh_ones():
    frames = waiting(frame("old", 60))
    batcher = Batcher(frames, DetectorSettings(staleness_seconds=30))
    late = threading.Timer(0.05, frames.put, [frame("new")])
    late.start()
    assert ids(batcher.next_batch(timeout_seconds=30)) == ["new"]
    late.join()


def test_a_window_waits_for_a_fuller_batch():
    frames = waiting(frame("a"))
    batcher = Batcher(frames, DetectorSettings(maximum_batch=2, batch_window_seconds=1))
    late = threading.Timer(0.05, frames.put, [frame("b")])
    late.start()
    assert ids(batcher.next_batch(timeout_seconds=30)) == ["a", "b"]
    late.join()


def test_within_the_window_the_newer_frame_of_a_camera_wins():
    frames = waiting(frame("a", sequence=1))
    batcher = Batcher(frames, DetectorSettings(maximum_batch=2, batch_window_seconds=0.3))
    late = threading.Timer(0.05, frames.put, [frame("a", sequence=2)])
    late.start()
    batch = batcher.next_batch(timeout_seconds=30)
    late.join()
    assert [(one.camera_id, one.sequence) for one in batch] == [("a", 2)]
    assert frames.drop_counts.of("a")[DropCause.SUPERSEDED] == 1


@pytest.mark.parametrize("window", [0, 1])
def test_closing_the_frames_ends_the_wait(window: float):
    frames = LatestFrames()
    batcher = Batcher(frames, DetectorSettings(batch_window_seconds=window))
    closing = threading.Timer(0.05, frames.close)
    closing.start()
    assert batcher.next_batch(timeout_seconds=60) == []
    closing.join()


def test_what_waited_at_closing_still_comes():
    frames = waiting(frame("a"))
    frames.close()
    batcher = Batcher(frames, DetectorSettings(batch_window_seconds=1))
    assert ids(batcher.next_batch(timeout_seconds=60)) == ["a"]
    assert batcher.next_batch(timeout_seconds=60) == []
