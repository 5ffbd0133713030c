"""A camera whose stream is starved of bits is reported, from the stream itself to the event."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from detector.handover.memory_store import MemoryStore
from detector.sighting import ChangeKind, SightingChange
from detector.watching.camera_watches import CameraWatches
from detector.watching.watch_standards import WatchStandards
from streams.camera_health.health_settings import HealthSettings
from streams.frame import Frame
from streams.kit.stage_costs import StageCosts
from streams.reading.latest_frames import LatestFrames
from streams.reading.stream_reader import StreamReader
from streams.replay.replay_server import ReplayServer
from tests.streams.camera_health.made_scene import noisy, scene
from tests.streams.made_cameras import QUICK, made_camera
from tests.watching import SHANGHAI, catalogue_of, detections

FAULTS = {
    "watch_for": "camera_fault",
    "faults": ("low_bitrate",),
    "dwell_seconds": 0,
    "minimum_looks": 1,
}
WIDTH, HEIGHT = 1280, 720
LOOKS = 12


def filmed(path: Path, quantiser: int) -> Path:
    """Write a clip of a street, a keyframe every fifth of a second, coded this coarsely."""
    street = scene(width=WIDTH, height=HEIGHT)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = 5
        stream.codec_context.thread_count = 1
        stream.options = {"preset": "veryfast", "qp": str(quantiser), "bf": "0"}
        for number in range(25):
            picture = np.ascontiguousarray(noisy(street, seed=number))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path


@contextmanager
def frames_of(url: str) -> Iterator[Iterator[Frame]]:
    """Read a camera at this address; yields its frames as they come."""
    frames = LatestFrames()
    reader = StreamReader(made_camera("gate", url), QUICK, frames, StageCosts())
    reader.start()

    def taken() -> Iterator[Frame]:
        while True:
            several = frames.take(1, 20)
            assert several, f"no frame came: {reader.status()}"
            yield from several

    try:
        yield taken()
    finally:
        reader.stop()
        assert reader.join(30)


@pytest.fixture
def watches(tmp_path: Path) -> Iterator[CameraWatches]:
    health = HealthSettings(begin_seconds=1.0, begin_looks=3)
    with MemoryStore(tmp_path) as memory:
        standards = WatchStandards(catalogue_of(c90001=FAULTS), SHANGHAI, health)
        made = CameraWatches(standards, (), memory)
        made.follow([made_camera("gate", "rtsp://host/x", issue_types=[{"code": "90001"}])])
        yield made


def changes_at(watches: CameraWatches, frame: Frame) -> list[SightingChange]:
    outcome = watches.judge(frame, detections(()))
    assert outcome is not None
    return list(outcome.changes)


@pytest.mark.parametrize(("quantiser", "events"), [(51, [("low_bitrate",)]), (23, [])])
def test_a_starved_stream_becomes_an_event(
    watches: CameraWatches, tmp_path: Path, quantiser: int, events: list[tuple[str, ...]]
):
    clip = filmed(tmp_path / "clip.mp4", quantiser)
    changes: list[SightingChange] = []
    with ReplayServer({"gate": clip}) as server, frames_of(server.url("gate")) as frames:
        for _, frame in zip(range(LOOKS), frames, strict=False):
            changes += changes_at(watches, frame)
    began = [change for change in changes if change.kind is ChangeKind.OPENED]
    assert [change.sighting.class_names for change in began] == events
