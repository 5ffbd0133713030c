"""Buckets of tokens, by a clock that the test turns."""

import pytest

from api.http.token_buckets import Rate, TokenBuckets


class Clock:
    """Shows what it is set to."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def buckets(clock: Clock, rate: Rate, most: int = 10) -> TokenBuckets[str]:
    return TokenBuckets[str](rate, most, clock)


def taken(some: TokenBuckets[str], holder: str, tries: int) -> int:
    return sum(some.take(holder) == 0 for _ in range(tries))


@pytest.mark.parametrize("rate", [Rate(20, 100), Rate(0.1, 1), Rate(3, 7), Rate(10_000, 10_000)])
def test_a_burst_then_what_the_time_brings(rate: Rate):
    clock = Clock()
    some = buckets(clock, rate)
    assert taken(some, "a", rate.burst * 2) == rate.burst
    for _ in range(5):
        wait = some.take("a")
        assert wait == pytest.approx(1 / rate.per_second, rel=1e-3)
        clock.now += wait
        assert taken(some, "a", 2) == 1
    clock.now += 1e9
    assert taken(some, "a", rate.burst * 2) == rate.burst


def test_each_holder_has_a_bucket():
    some = buckets(Clock(), Rate(1, 2))
    assert [taken(some, holder, 5) for holder in ("a", "b", "a")] == [2, 2, 0]


def test_zero_is_no_limit_and_remembers_nobody():
    some = buckets(Clock(), Rate(0, 1))
    assert taken(some, "a", 1000) == 1000
    assert len(some) == 0


def test_what_was_given_back_can_be_taken():
    some = buckets(Clock(), Rate(1, 2))
    some.give_back("unknown")
    some.take("a")
    some.give_back("a")
    some.give_back("a")
    assert taken(some, "a", 5) == 2


def test_the_least_recently_used_is_forgotten():
    some = buckets(Clock(), Rate(1, 1), most=2)
    for holder in ("a", "b"):
        assert some.take(holder) == 0
    assert some.take("a") > 0
    assert some.take("c") == 0
    assert len(some) == 2
    assert some.take("a") > 0
    assert some.take("b") == 0
