import os

import av
import pytest

from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import StageCosts
from streams.reading.camera_readers import CameraReaders
from streams.reading.latest_frames import LatestFrames
from streams.replay.replay_server import ReplayServer
from tests.streams.made_cameras import QUICK, made_camera
from tests.waiting import wait_until

TCP = {"rtsp_transport": "tcp"}


def keyframes(url: str, count: int) -> list[av.VideoFrame]:
    with av.open(url, options=TCP, timeout=(10, 10)) as container:
        container.streams.video[0].codec_context.skip_frame = "NONKEY"
        frames = container.decode(video=0)
        return [next(frames) for _ in range(count)]


def test_repeats_a_file_for_ever(server):
    # 50 pictures with a keyframe every 5: more than 10 keyframes need a second round.
    assert len(keyframes(server.url("street"), 14)) == 14


def test_one_file_stands_for_many_cameras(server):
    urls = [f"{server.url('street')}?copy={number}" for number in range(4)]
    containers = [av.open(url, options=TCP, timeout=(10, 10)) for url in urls]
    try:
        for container in containers:
            assert next(container.decode(video=0)).width == 320
    finally:
        for container in containers:
            container.close()


def test_unknown_name_is_not_found(server):
    with pytest.raises(av.error.HTTPNotFoundError):
        av.open(server.url("street") + "s", options=TCP, timeout=(10, 10))
    with pytest.raises(CityPatrolError, match=r"'nowhere'.*'street'"):
        server.url("nowhere")


def test_name_with_blank_is_escaped(server):
    assert server.url("one keyframe").endswith("/one%20keyframe")
    assert keyframes(server.url("one keyframe"), 1)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(CityPatrolError, match=r"replay 'gate': there is no file .*none\.mp4"):
        ReplayServer({"gate": tmp_path / "none.mp4"})


def test_port_that_is_taken_is_named(server, clip):
    with (
        pytest.raises(CityPatrolError, match=f"127.0.0.1:{server.port}"),
        ReplayServer({"street": clip}, port=server.port),
    ):
        pass


def test_more_streams_than_default_threads_play_at_once(clip):
    # asyncio's usual executor has cores + 4 threads, of which each stream needs one for good.
    frames = LatestFrames()
    with (
        ReplayServer({"street": clip}) as server,
        CameraReaders(QUICK, frames, StageCosts()) as readers,
    ):
        url = server.url("street")
        count = (os.cpu_count() or 1) + 4 + 12
        readers.follow([made_camera(f"c{n}", f"{url}?copy={n}") for n in range(count)])
        # Two pictures each: the first one alone may come before the threads run out.
        wait_until(lambda: all(one.frames >= 2 for one in readers.statuses()), timeout=60)
        assert sum(one.reconnects for one in readers.statuses()) == 0
