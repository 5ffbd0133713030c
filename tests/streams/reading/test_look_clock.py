import pytest

from streams.reading.look_clock import LookClock


def looks(interval: float, times: list[float]) -> list[float]:
    clock = LookClock(interval)
    taken = []
    for at in times:
        if clock.is_due(at):
            clock.note_look(at)
            taken.append(at)
    return taken


@pytest.mark.parametrize(
    ("interval", "times", "expected"),
    [
        pytest.param(1.0, [0, 1, 2, 3], [0, 1, 2, 3], id="each keyframe"),
        pytest.param(1.0, [0, 0.93, 2.04, 2.97], [0, 0.93, 2.04, 2.97], id="jitter"),
        pytest.param(1.0, [0, 1.4, 2.0, 3.0], [0, 1.4, 2.0, 3.0], id="one late"),
        pytest.param(2.0, [0, 1, 2, 3, 4], [0, 2, 4], id="every other keyframe"),
        pytest.param(1.0, [0, 0.5, 0.89], [0], id="too early"),
        pytest.param(1.0, [0, 60, 60.1, 61], [0, 60, 61], id="no catching up after a gap"),
        pytest.param(0.05, [0, 4, 8], [0, 4, 8], id="camera is slower than wanted"),
    ],
)
def test_which_pictures_are_due(interval, times, expected):
    assert looks(interval, times) == expected


def test_looks_keep_to_the_interval_in_the_long_run():
    every_picture = [number * 0.04 for number in range(25 * 100)]
    assert len(looks(1.0, every_picture)) == pytest.approx(100, abs=2)
