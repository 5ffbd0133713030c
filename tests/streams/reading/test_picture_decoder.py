from collections.abc import Callable

import av
import pytest

from streams.reading.picture_decoder import CorruptPictureError, PictureDecoder
from streams.reading.settings import Sampling, StreamSettings


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_end(data: bytes) -> bytes:
    return data[:-8]


def bits_flipped(data: bytes) -> bytes:
    damaged = bytearray(data)
    for place in range(len(data) // 2, len(data), 50):
        damaged[place] ^= 0x5A
    return bytes(damaged)


def noise(data: bytes) -> bytes:
    return bytes(place * 37 % 256 for place in range(len(data)))


def with_odd_note(data: bytes) -> bytes:
    """Puts a maker's note before the picture whose length is wrong, as some recorders do."""
    note = b"\x06\x05\xf0\x01\x02"
    return len(note).to_bytes(4, "big") + note + data


def decoded(clip, change: Callable[[bytes], bytes], settings: StreamSettings) -> list[str]:
    outcomes = []
    with av.open(str(clip)) as container:
        video = container.streams.video[0]
        decoder = PictureDecoder(video, settings)
        for packet in container.demux(video):
            if not packet.size or not decoder.wants(packet):
                continue
            arrived = av.Packet(change(bytes(packet)) if packet.is_keyframe else bytes(packet))
            arrived.stream, arrived.pts, arrived.dts = video, packet.pts, packet.dts
            arrived.is_keyframe = packet.is_keyframe
            try:
                outcomes.append("picture" if decoder.decode(arrived) else "nothing yet")
            except CorruptPictureError:
                outcomes.append("corrupt")
    return outcomes


@pytest.mark.parametrize("change", [cut, cut_end, bits_flipped, noise])
def test_damaged_keyframes_are_never_passed_on(clip, change):
    assert decoded(clip, change, StreamSettings()) == ["corrupt"] * 10


def test_whole_keyframes_are_decoded_each_at_once(clip):
    assert decoded(clip, bytes, StreamSettings()) == ["picture"] * 10


def test_harmless_oddities_of_a_camera_are_forgiven(clip):
    assert decoded(clip, with_odd_note, StreamSettings()) == ["picture"] * 10


def test_pictures_that_follow_a_damaged_keyframe_are_not_decoded(clip):
    settings = StreamSettings(sampling=Sampling.RATE)
    assert set(decoded(clip, bits_flipped, settings)) == {"corrupt"}
    assert decoded(clip, bytes, settings).count("picture") >= 45
