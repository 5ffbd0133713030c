"""Scene clips: scenes as video files, to be served as cameras."""

from fractions import Fraction
from pathlib import Path

import av

from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pictures.composer import render
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import Span
from streams.kit.errors import CityPatrolError

_KEYFRAME_SECONDS = 1.0


def write_clip(
    scene: Scene, path: Path, material: SceneMaterial, rate: float = 5.0, span: Span | None = None
) -> int:
    """Write a scene as H.264 in MP4 that ``streams.replay.replay_server`` can serve.

    It has no B-frames and a keyframe every second. Gaps in the looks, a wrong clock and a stream
    that is gone cannot be shown in a clip; it shows what the camera would have sent.

    Args:
        scene: What is rendered.
        path: Where it is written.
        material: Its pictures.
        rate: Pictures per second of scene time.
        span: The part to write; all of it if None.

    Returns:
        How many pictures it has.

    Raises:
        CityPatrolError: The file cannot be written, or the span holds no picture.
    """
    span = Span(0.0, scene.duration) if span is None else span
    count = int((min(span.ends_at, scene.duration) - span.begins_at) * rate)
    if count < 1:
        raise CityPatrolError(
            f"scene {scene.name!r} has no picture from {span} at {rate:g} pictures a second; it "
            f"lasts {scene.duration:g} s"
        )
    try:
        with av.open(str(path), "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=Fraction(rate).limit_denominator(1000))
            stream.width, stream.height = (
                _even(scene.background.width),
                _even(scene.background.height),
            )
            stream.pix_fmt = "yuv420p"
            stream.codec_context.gop_size = max(round(rate * _KEYFRAME_SECONDS), 1)
            stream.options = {"preset": "veryfast", "bf": "0", "sc_threshold": "0"}
            for number in range(count):
                picture = render(scene, span.begins_at + number / rate, material)
                frame = av.VideoFrame.from_ndarray(
                    picture[: stream.height, : stream.width], format="bgr24"
                )
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except (av.FFmpegError, OSError) as error:
        raise CityPatrolError(f"clip {path} cannot be written: {error}") from None
    return count


def _even(length: int) -> int:
    return length // 2 * 2
