import threading

import pytest

from streams.kit.stage_costs import StageCosts
from streams.reading.camera_readers import CameraReaders
from streams.reading.drop_cause import DropCause
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderState
from streams.reading.stream_fault import StreamFault
from streams.zone import Zone, ZoneKind
from tests.streams import lying_servers
from tests.streams.lying_servers import served
from tests.streams.made_cameras import QUICK, made_camera
from tests.waiting import wait_until


@pytest.fixture
def frames():
    return LatestFrames()


@pytest.fixture
def readers(frames):
    with CameraReaders(QUICK, frames, StageCosts()) as owned:
        yield owned


def status_of(readers, camera_id):
    return next(one for one in readers.statuses() if one.camera_id == camera_id)


def test_bad_cameras_do_not_delay_good_ones(server, frames):
    slow = QUICK.model_copy(update={"open_timeout_seconds": 60.0})
    with (
        served(lying_servers.silent) as mute,
        served(lying_servers.garbage) as liar,
        CameraReaders(slow, frames, StageCosts()) as readers,
    ):
        bad = [
            made_camera("mute", f"rtsp://127.0.0.1:{mute}/"),
            made_camera("liar", f"rtsp://127.0.0.1:{liar}/"),
            made_camera("lost", "rtsp://no-such-host.invalid/"),
        ]
        good = [made_camera(f"good-{number}", server.url("street")) for number in range(3)]
        readers.follow([*bad, *good])
        well = {camera.camera_id for camera in good}
        wait_until(lambda: all(s.frames >= 3 for s in readers.statuses() if s.camera_id in well))
        assert status_of(readers, "mute").state is ReaderState.CONNECTING
        assert status_of(readers, "liar").fault is StreamFault.NOT_RTSP
        assert status_of(readers, "lost").fault is StreamFault.UNREACHABLE


def test_cameras_come_and_go_without_touching_the_others(server, frames, readers):
    stays = made_camera("stays", server.url("street"))
    readers.follow([stays, made_camera("goes", server.url("street"))])
    wait_until(lambda: all(one.frames for one in readers.statuses()))
    before = status_of(readers, "stays").frames
    readers.follow([stays, made_camera("comes", server.url("b-frames"))])
    assert [one.camera_id for one in readers.statuses()] == ["stays", "comes"]
    wait_until(lambda: status_of(readers, "comes").frames >= 2)
    stayed = status_of(readers, "stays")
    assert stayed.frames >= before
    assert stayed.reconnects == 0
    assert all(frame.camera_id != "goes" for frame in frames.take(10, 0))


def test_only_what_changes_reading_replaces_a_reader(server, readers):
    def status():
        return status_of(readers, "gate")

    camera = made_camera("gate", server.url("street"))
    readers.follow([camera])
    wait_until(lambda: status().frames >= 2)
    zone = Zone(zone_id="z", kind=ZoneKind.ROAD, polygon=((0, 0), (1, 0), (1, 1)))
    readers.follow([camera.model_copy(update={"zones": (zone,), "name": "new name"})])
    assert status().frames >= 2
    readers.follow([made_camera("gate", server.url("b-frames"))])
    assert status().frames < 2
    wait_until(lambda: status().frames >= 2)


def test_disabled_cameras_are_not_read(server, readers):
    readers.follow([made_camera("off", server.url("street"), enabled=False)])
    assert readers.statuses() == []


def test_leaving_ends_every_thread_and_keeps_the_last_statuses(server, frames):
    before = threading.active_count()
    with CameraReaders(QUICK, frames, StageCosts()) as readers:
        readers.follow([made_camera(f"c{number}", server.url("street")) for number in range(5)])
        wait_until(lambda: all(one.frames for one in readers.statuses()))
    wait_until(lambda: threading.active_count() <= before)
    assert [one.state for one in readers.statuses()] == [ReaderState.STOPPED] * 5
    assert all(one.frames for one in readers.statuses())
    with pytest.raises(RuntimeError):
        readers.follow([])


def test_leaving_does_not_wait_for_a_silent_camera(frames):
    patient = QUICK.model_copy(update={"open_timeout_seconds": 120.0})
    with served(lying_servers.silent) as port:
        with CameraReaders(patient, frames, StageCosts()) as readers:
            readers.follow([made_camera("mute", f"rtsp://127.0.0.1:{port}/")])
        assert status_of(readers, "mute").state is ReaderState.STOPPED


def test_frames_that_nobody_takes_are_superseded(server, frames, readers):
    readers.follow([made_camera("gate", server.url("street"))])
    wait_until(lambda: frames.drops()[DropCause.SUPERSEDED] >= 3)
    assert len(frames) == 1
    status = status_of(readers, "gate")
    assert status.drops[DropCause.SUPERSEDED] >= 3
