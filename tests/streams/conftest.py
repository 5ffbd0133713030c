import pytest

from streams.replay.replay_server import ReplayServer
from tests.clips import make_clip


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Two seconds at 25 frames a second, a keyframe every fifth of a second."""
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", pictures=50, keyframe_every=5)


@pytest.fixture(scope="session")
def server(clip, tmp_path_factory):
    """A running RTSP server: "street" as above, "b-frames" with pictures out of order."""
    folder = tmp_path_factory.mktemp("clips")
    files = {
        "street": clip,
        "b-frames": make_clip(folder / "b.mp4", pictures=50, keyframe_every=10, b_frames=2),
        "one keyframe": make_clip(folder / "rare.mp4", pictures=250, keyframe_every=250),
    }
    with ReplayServer(files) as running:
        yield running
