import av
import cv2
import pytest

from streams.kit.errors import CityPatrolError
from streams.reading.camera_check import check_camera
from streams.replay.footage import ClipSpan, embedded_footage, media_sources, prepare_clip
from streams.replay.replay_server import ReplayServer
from tests.clips import counting_picture, make_clip
from tests.streams.made_cameras import QUICK, made_camera


class Clip:
    """What a clip consists of."""

    def __init__(self, path):
        with av.open(str(path)) as container:
            video = container.streams.video[0]
            self.codec = video.codec_context.name
            self.size = (video.codec_context.width, video.codec_context.height)
            self.tracks = len(container.streams)
            packets = [packet for packet in container.demux(video) if packet.size]
        self.times = [float(packet.pts * packet.time_base) for packet in packets]
        self.key_times = [
            at for at, packet in zip(self.times, packets, strict=True) if packet.is_keyframe
        ]

    def widest_gap(self):
        ends = [*self.key_times[1:], self.times[-1]]
        return max(end - begin for begin, end in zip(self.key_times, ends, strict=True))


def write_still(path, size=(320, 240)):
    cv2.imwrite(str(path), counting_picture(3, *size))
    return path


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        pytest.param(".avi", {"codec": "mpeg4"}, id="another codec"),
        pytest.param(".mp4", {"keyframe_every": 300}, id="rare keyframes"),
        pytest.param(".mp4", {"b_frames": 2}, id="B-frames"),
        pytest.param(".mp4", {"size": (1922, 1082)}, id="too large"),
        pytest.param(".mkv", {}, id="another container"),
    ],
)
def test_any_video_is_made_fit(tmp_path, suffix, options):
    source = make_clip(tmp_path / f"source{suffix}", pictures=75, **options)
    made = prepare_clip(source, tmp_path / "clips")
    clip = Clip(made)
    assert made.name == "source.mp4"
    assert (clip.codec, clip.tracks) == ("h264", 1)
    assert clip.times == sorted(clip.times)
    assert clip.widest_gap() <= 1.05
    assert clip.size[0] <= 1280
    assert clip.size[0] % 2 == clip.size[1] % 2 == 0
    # Three seconds are too short to replay well, so they are repeated.
    assert 10 <= clip.times[-1] <= 14
    assert prepare_clip(source, tmp_path / "clips") == made
    assert prepare_clip(made, tmp_path / "clips") == made
    assert [one.name for one in made.parent.iterdir()] == [made.name]


def test_fit_video_is_used_as_it_is(clip, tmp_path):
    assert prepare_clip(clip, tmp_path) == clip
    assert list(tmp_path.iterdir()) == []


def test_still_picture_becomes_a_clip_that_can_be_replayed(tmp_path):
    source = write_still(tmp_path / "bus.jpg", (321, 241))
    made = prepare_clip(source, tmp_path / "clips")
    clip = Clip(made)
    assert clip.size == (320, 240)
    assert 9 <= clip.times[-1] <= 11
    assert len(clip.times) == pytest.approx(50, abs=1)
    with ReplayServer({"bus": made}) as server:
        assert check_camera(made_camera("bus", server.url("bus")), QUICK).ok


def test_span_holds_only_its_own_pictures(tmp_path):
    source = make_clip(tmp_path / "source.mp4", pictures=50, keyframe_every=50)
    made = prepare_clip(source, tmp_path / "clips", ClipSpan(1.0, 1.2))
    with av.open(str(made)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert abs(first.astype(int) - counting_picture(25)).mean() < 6
    assert prepare_clip(source, tmp_path / "clips", ClipSpan(0, 1)) != made
    with pytest.raises(CityPatrolError, match=r"no picture between 90 s and 91 s"):
        prepare_clip(source, tmp_path / "clips", ClipSpan(90, 91))


@pytest.mark.parametrize("span", [(2.0, 1.0), (1.0, 1.0), (-1.0, 1.0)])
def test_empty_span(span):
    with pytest.raises(ValueError, match="is empty"):
        ClipSpan(*span)


def test_long_video_is_cut(tmp_path):
    source = make_clip(
        tmp_path / "long.avi", pictures=70, frames_per_second=1, codec="mpeg4", size=(64, 48)
    )
    assert 58 <= Clip(prepare_clip(source, tmp_path / "clips")).times[-1] <= 60


@pytest.mark.parametrize("content", [b"", b"no video at all", b"\x00" * 5000])
def test_file_that_is_no_video_is_named(tmp_path, content):
    source = tmp_path / "holiday.mp4"
    source.write_bytes(content)
    with pytest.raises(CityPatrolError, match=r"holiday\.mp4' cannot be read as a video"):
        prepare_clip(source, tmp_path / "clips")
    assert not list(tmp_path.glob("clips/*/*"))


def test_missing_file_is_named(tmp_path):
    with pytest.raises(CityPatrolError, match=r"gone\.mp4"):
        prepare_clip(tmp_path / "gone.mp4", tmp_path)


def test_folders_stand_for_their_videos(tmp_path):
    for name in ("b.mp4", "a.AVI", "notes.txt"):
        (tmp_path / name).touch()
    single = tmp_path / "notes.txt"
    found = media_sources([tmp_path, single])
    assert [one.name for one in found] == ["a", "b", "notes"]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_media_without_video(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CityPatrolError, match=name):
        media_sources([tmp_path / name])


def test_embedded_footage_is_found_without_importing_its_packages(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "street.mp4").touch()
    found = {one.name: one.path for one in embedded_footage(tmp_path)}
    assert found["street"] == tmp_path / "media" / "street.mp4"
    assert found["bikes"].name == "bikes.mp4"
    assert all(path.is_file() for path in found.values())
