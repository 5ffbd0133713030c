"""A second, independent RTSP server, with the password scheme that cameras use."""

import subprocess
from pathlib import Path

import pytest

from streams.kit.child_process import ChildFailedError, ChildProcess
from streams.kit.stage_costs import StageCosts
from streams.reading.camera_check import check_camera
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderState
from streams.reading.stream_fault import StreamFault
from streams.reading.stream_reader import StreamReader
from tests.clips import make_clip
from tests.streams.made_cameras import QUICK, made_camera
from tests.waiting import wait_until

SYSTEM_PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("gstreamer_server.py")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    clip = make_clip(tmp_path_factory.mktemp("gst") / "clip.mp4", pictures=75, keyframe_every=5)
    server = ChildProcess(
        [SYSTEM_PYTHON, str(SCRIPT), str(clip), "admin", "p@ss/word"],
        name="GStreamer's RTSP server",
        stderr=subprocess.DEVNULL,
    )
    try:
        server.start()
    except ChildFailedError as error:
        pytest.skip(
            "needs Debian's gir1.2-gst-rtsp-server-1.0, python3-gi and GStreamer's good and bad "
            f"plugins for {SYSTEM_PYTHON} ({error})"
        )
    try:
        yield int(server.ready_message)
    finally:
        server.stop()


def camera(port, password="p%40ss%2Fword", path="street"):
    return made_camera("gate", f"rtsp://admin:{password}@127.0.0.1:{port}/{path}")


def test_pictures_come_and_the_end_of_the_stream_is_survived(port):
    frames = LatestFrames()
    reader = StreamReader(camera(port), QUICK, frames, StageCosts())
    reader.start()
    try:
        wait_until(lambda: reader.status().frames >= 5)
        (frame,) = frames.take(1, 20)
        assert frame.picture.shape == (240, 320, 3)
        assert reader.status().state is ReaderState.STREAMING
        # This server plays the three seconds of its clip once.
        wait_until(lambda: reader.status().reconnects >= 1, timeout=60)
    finally:
        reader.stop()
        assert reader.join(30)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"password": "wrong"}, StreamFault.UNAUTHORISED),
        ({"path": "nowhere"}, StreamFault.NOT_FOUND),
    ],
)
def test_answers_are_understood(port, changes, fault):
    check = check_camera(camera(port, **changes), QUICK)
    assert check.fault is fault, check.line
    assert "wrong" not in check.line
