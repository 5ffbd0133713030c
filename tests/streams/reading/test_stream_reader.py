import logging
from contextlib import contextmanager
from datetime import UTC, datetime

import av
import numpy as np
import pytest
import structlog

from streams.kit.stage_costs import Stage, StageCosts
from streams.reading.drop_cause import DropCause
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderState
from streams.reading.settings import Sampling
from streams.reading.stream_fault import StreamFault
from streams.reading.stream_reader import StreamReader
from streams.replay.replay_server import ReplayServer
from tests.clips import counting_picture
from tests.streams import lying_servers
from tests.streams.lying_servers import CuttingProxy, served
from tests.streams.made_cameras import IMPATIENT, QUICK, made_camera
from tests.waiting import wait_until


@contextmanager
def reading(camera, settings=QUICK, frames=None, costs=None):
    # An empty LatestFrames is false, so "or" would not do.
    frames = LatestFrames() if frames is None else frames
    reader = StreamReader(camera, settings, frames, costs or StageCosts())
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        assert reader.join(30)


def next_frames(frames: LatestFrames, count: int) -> list:
    got: list = []
    while len(got) < count:
        taken = frames.take(1, 20)
        assert taken, f"no frame came after {len(got)}"
        got += taken
    return got


def streaming(reader):
    return lambda: reader.status().state is ReaderState.STREAMING


def failing(reader, fault):
    return lambda: reader.status().fault is fault


def test_delivers_the_pictures_that_were_filmed(server):
    frames = LatestFrames()
    before = datetime.now(UTC)
    with reading(made_camera("gate", server.url("street")), frames=frames):
        got = next_frames(frames, 4)
    assert [frame.sequence for frame in got] == sorted(frame.sequence for frame in got)
    assert all(before <= frame.captured_at <= datetime.now(UTC) for frame in got)
    assert got[0].camera_id == "gate"
    keyframes = [counting_picture(number).astype(int) for number in range(0, 50, 5)]
    for frame in got:
        assert frame.picture.shape == (240, 320, 3)
        errors = [np.abs(frame.picture - filmed).mean() for filmed in keyframes]
        assert min(errors) < 4


def test_stream_with_b_frames_is_not_a_picture_late(server):
    frames = LatestFrames()
    with reading(made_camera("gate", server.url("b-frames")), frames=frames) as reader:
        first, second = next_frames(frames, 2)
        assert reader.status().drops[DropCause.CORRUPT] == 0
    filmed = [counting_picture(number).astype(int) for number in range(0, 50, 10)]
    places = [
        int(np.argmin([np.abs(one.picture - picture).mean() for picture in filmed]))
        for one in (first, second)
    ]
    assert places[0] == 0
    assert places[1] > 0


def test_keyframes_that_are_not_due_are_counted_and_not_decoded(server):
    frames = LatestFrames()
    camera = made_camera("gate", server.url("street"), look_interval_seconds=3600)
    with reading(camera, frames=frames) as reader:
        wait_until(lambda: reader.status().drops[DropCause.NOT_DUE] >= 5)
        assert reader.status().frames == 1
    assert len(next_frames(frames, 1)) == 1


def test_rate_sampling_sees_more_than_keyframes(server):
    frames = LatestFrames()
    camera = made_camera("gate", server.url("one keyframe"))
    settings = QUICK.model_copy(update={"sampling": Sampling.RATE})
    with reading(camera, settings, frames) as reader:
        got = next_frames(frames, 5)
        assert reader.status().drops[DropCause.NOT_DUE] > 0
    # The only keyframe comes again after 10 s; the square moved in between.
    assert np.abs(got[0].picture.astype(int) - got[-1].picture).max() > 100


def test_frames_tell_the_bitrate_and_the_size_of_their_keyframe(server, clip):
    frames = LatestFrames()
    with av.open(str(clip)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        bits_per_second = 8 * sum(packet.size for packet in packets) / 2
        sizes = [packet.size for packet in packets if packet.is_keyframe]
    with reading(made_camera("gate", server.url("street")), frames=frames):
        first = next_frames(frames, 1)[0].facts
        facts = wait_until(
            lambda: next(
                (one.facts for one in frames.take(1, 20) if one.facts.bitrate is not None), None
            )
        )
    assert first.bitrate is None
    # The packets come when the machine has time for them, so that the rate is a rough one.
    assert bits_per_second / 3 < facts.bitrate < 3 * bits_per_second
    # A server repeats the coder's parameters before a keyframe, some tens of bytes.
    assert min(sizes) <= facts.keyframe_bytes <= max(sizes) + 200


def test_pictures_between_keyframes_tell_no_size(server):
    frames = LatestFrames()
    camera = made_camera("gate", server.url("one keyframe"))
    settings = QUICK.model_copy(update={"sampling": Sampling.RATE})
    with reading(camera, settings, frames):
        keyframe, *others = next_frames(frames, 4)
    assert keyframe.facts.keyframe_bytes > 0
    assert [one.facts.keyframe_bytes for one in others] == [None] * 3


def test_costs_of_reading_and_decoding_are_measured(server):
    costs = StageCosts()
    with reading(made_camera("gate", server.url("street")), costs=costs) as reader:
        wait_until(lambda: reader.status().frames >= 3)
    seconds = costs.seconds()
    assert seconds[Stage.READ] > 0
    assert seconds[Stage.DECODE] > 0


def test_reconnects_when_the_server_returns_on_the_same_port(clip):
    frames = LatestFrames()
    with ReplayServer({"street": clip}) as first:
        port = first.port
        camera = made_camera("gate", first.url("street"))
        with reading(camera, frames=frames) as reader:
            seen = next_frames(frames, 2)
            first.kill()
            wait_until(failing(reader, StreamFault.UNREACHABLE))
            assert reader.status().last_error
            frames.forget("gate")
            with ReplayServer({"street": clip}, port=port):
                (again,) = next_frames(frames, 1)
                status = wait_until(lambda: reader.status() if streaming(reader)() else None)
    assert again.sequence > seen[-1].sequence
    assert status.reconnects >= 1
    assert (status.fault, status.last_error) == (None, None)
    assert status.last_frame_at is not None


# The answers to the first requests take about 1,200 bytes, pictures begin after them.
@pytest.mark.parametrize("allowed_bytes", [40, 700, 4_000, 20_000])
@pytest.mark.parametrize(
    ("hang_up", "faults"),
    [
        (False, {StreamFault.TIMED_OUT}),
        (True, {StreamFault.ENDED, StreamFault.NOT_RTSP, StreamFault.NO_VIDEO}),
    ],
)
def test_server_that_stops_anywhere_in_between(server, allowed_bytes, hang_up, faults):
    proxy = CuttingProxy(server.port, allowed_bytes, hang_up=hang_up)
    with served(proxy) as port:
        camera = made_camera("gate", f"rtsp://127.0.0.1:{port}/street")
        with reading(camera, IMPATIENT) as reader:
            status = wait_until(lambda: reader.status() if reader.status().fault else None)
    assert status.fault in faults
    assert "'gate'" in status.last_error


def test_stopped_reader_delivers_no_frame_though_its_camera_is_silent(server):
    frames = LatestFrames()
    with (
        served(lying_servers.silent) as port,
        reading(made_camera("mute", f"rtsp://127.0.0.1:{port}/"), IMPATIENT, frames) as reader,
    ):
        reader.stop()
        assert reader.status().state is ReaderState.STOPPED
    assert len(frames) == 0


def test_waiting_reader_stops_at_once():
    settings = QUICK.model_copy(
        update={"backoff_initial_seconds": 3600.0, "backoff_maximum_seconds": 3600.0}
    )
    with (
        served(lying_servers.garbage) as port,
        reading(made_camera("gate", f"rtsp://127.0.0.1:{port}/"), settings) as reader,
    ):
        wait_until(lambda: reader.status().state is ReaderState.WAITING)
        # Leaving the block joins the thread, long before its hour of waiting is over.


def test_no_keyframe_for_too_long_is_a_fault(server):
    camera = made_camera("gate", server.url("one keyframe"))
    with reading(camera, IMPATIENT) as reader:
        wait_until(failing(reader, StreamFault.NO_PICTURE))
        assert "keyframe interval" in reader.status().last_error


def test_pictures_larger_than_allowed_are_refused(server):
    settings = IMPATIENT.model_copy(update={"maximum_picture_pixels": 10_000})
    with reading(made_camera("gate", server.url("street")), settings) as reader:
        wait_until(lambda: reader.status().drops[DropCause.CORRUPT] > 0)
        wait_until(failing(reader, StreamFault.CORRUPT))
        assert reader.status().frames == 0


def test_a_fault_is_logged_once_and_without_credentials(caplog, capfd):
    with structlog.testing.capture_logs() as logged, caplog.at_level(logging.DEBUG):
        av.logging.set_level(None)
        with served(lying_servers.answering("404 Not Found")) as port:
            camera = made_camera("gate", f"rtsp://admin:s3cret@127.0.0.1:{port}/live?key=t0ken")
            with reading(camera) as reader:
                wait_until(failing(reader, StreamFault.NOT_FOUND))
                attempts = set()
                wait_until(lambda: attempts.add(reader.status().state) or len(attempts) == 2)
    failures = [entry for entry in logged if entry["event"] == "stream_failed"]
    assert [entry["fault"] for entry in failures] == ["not_found"]
    everything = f"{logged}{caplog.text}{capfd.readouterr()}{reader.status()}"
    assert "127.0.0.1" in everything
    for secret in ("admin", "s3cret", "t0ken"):
        assert secret not in everything


def test_bug_in_reading_does_not_end_the_thread_nor_show_secrets(monkeypatch, server):
    def broken(*_):
        raise KeyError("rtsp://admin:s3cret@host/")

    monkeypatch.setattr("streams.reading.stream_reader.DuePictures", broken)
    with reading(made_camera("gate", server.url("street"))) as reader:
        wait_until(failing(reader, StreamFault.UNKNOWN))
        monkeypatch.undo()
        assert "KeyError" in reader.status().last_error or reader.status().last_error is None
        wait_until(streaming(reader))
    assert "s3cret" not in str(reader.status())
