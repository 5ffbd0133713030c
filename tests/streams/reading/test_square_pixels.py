from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from streams.reading.picture_decoder import PictureDecoder
from streams.reading.settings import StreamSettings
from streams.reading.square_pixels import square_size


@pytest.mark.parametrize(
    ("size", "aspect", "most", "expected"),
    [
        ((704, 288), Fraction(6, 11), 10_000_000, (704, 528)),
        ((704, 576), Fraction(12, 11), 10_000_000, (768, 576)),
        ((704, 576), None, 10_000_000, (704, 576)),
        ((704, 576), Fraction(0), 10_000_000, (704, 576)),
        ((704, 576), Fraction(1), 10_000_000, (704, 576)),
        ((704, 576), Fraction(1, 900), 10_000_000, (704, 576)),
        ((704, 288), Fraction(6, 11), 704 * 288, (520, 390)),
    ],
)
def test_size_of_square_pixels(size, aspect, most, expected):
    assert square_size(*size, aspect, most) == expected


def test_squeezed_picture_is_seen_as_it_was_meant(tmp_path: Path):
    clip = tmp_path / "squeezed.mp4"
    with av.open(str(clip), "w") as container:
        written = container.add_stream("libx264", rate=5)
        written.width, written.height, written.pix_fmt = 352, 144, "yuv420p"
        written.codec_context.sample_aspect_ratio = Fraction(6, 11)
        for packet in written.encode(
            av.VideoFrame.from_ndarray(np.zeros((144, 352, 3), np.uint8), format="bgr24")
        ):
            container.mux(packet)
        for packet in written.encode():
            container.mux(packet)
    with av.open(str(clip)) as container:
        video = container.streams.video[0]
        decoder = PictureDecoder(video, StreamSettings())
        [frame] = [found for one in container.demux(video) if (found := _decoded(decoder, one))]
        assert decoder.picture(frame).shape == (264, 352, 3)


def _decoded(decoder: PictureDecoder, packet: av.Packet) -> av.VideoFrame | None:
    return decoder.decode(packet) if packet.size else None
