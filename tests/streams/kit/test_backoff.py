import random

import pytest

from streams.kit.backoff import Backoff


def test_delays_double_up_to_the_maximum_and_are_shortened_at_random():
    backoff = Backoff(1.0, 8.0, random.Random(1))
    for longest in (1, 2, 4, 8, 8):
        assert backoff.longest_delay() == longest
        assert longest / 2 <= backoff.next_delay() <= longest


def test_reset_begins_again():
    backoff = Backoff(0.5, 60.0)
    for _ in range(5):
        backoff.next_delay()
    backoff.reset()
    assert backoff.longest_delay() == pytest.approx(0.5)


def test_two_cameras_do_not_wait_the_same_time():
    delays = {Backoff(1.0, 8.0).next_delay() for _ in range(20)}
    assert len(delays) > 1
