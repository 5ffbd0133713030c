"""The bitrate of a stream, over whole groups of pictures."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from streams.reading.bitrate_window import BitrateWindow


def measured(groups: list[tuple[float, int]], seconds: float = 10.0) -> list[float | None]:
    """The bitrate after each keyframe; a group is the time of its keyframe and its bytes."""
    window, rates = BitrateWindow(seconds), []
    for began, size in groups:
        window.begin_group(began)
        window.add(size)
        rates.append(window.bits_per_second)
    return rates


def test_nothing_is_known_before_a_whole_group_has_come():
    window = BitrateWindow()
    window.add(5_000)
    assert window.bits_per_second is None
    assert measured([(0.0, 1000), (4.0, 1000)]) == [None, 2000.0]


def test_packets_before_the_first_keyframe_are_left_out():
    window = BitrateWindow()
    window.add(1_000_000)
    for second in (0.0, 5.0):
        window.begin_group(second)
        window.add(1000)
    assert window.bits_per_second == 1600.0


def test_a_burst_is_no_rate():
    assert measured([(0.0, 9000), (0.01, 9000), (0.02, 9000)]) == [None] * 3


@pytest.mark.parametrize("every", [0.04, 1.0, 4.0, 12.0, 60.0])
def test_an_even_stream_has_one_rate_however_rare_its_keyframes_are(every: float):
    rates = measured([(number * every, round(10_000 * every)) for number in range(60)])
    known = [rate for rate in rates if rate is not None]
    assert known == pytest.approx([80_000.0] * len(known))
    assert len(known) > 30


def test_what_came_long_ago_is_forgotten():
    rich = [(float(second), 100_000) for second in range(20)]
    poor = [(float(second), 100) for second in range(20, 40)]
    assert measured(rich + poor)[-1] == pytest.approx(800.0)


@given(
    some.lists(
        some.tuples(some.floats(0.0, 100.0), some.integers(1, 100_000)), min_size=1, max_size=60
    )
)
def test_the_rate_lies_between_those_of_its_groups(groups: list[tuple[float, int]]):
    window, now, rates = BitrateWindow(), 0.0, []
    for gap, size in groups:
        window.begin_group(now)
        window.add(size)
        now += gap
        rates.append(8 * size / gap if gap else float("inf"))
    window.begin_group(now)
    rate = window.bits_per_second
    assert rate is None or min(rates) * 0.999 <= rate <= max(rates) * 1.001
