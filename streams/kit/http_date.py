"""What the ``Date`` of another machine's HTTP message says of its clock."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# ``Date`` has whole seconds, and a message takes a while; real differences are larger.
WORTH_SAYING_SECONDS = 5.0


def seconds_ahead(date: str) -> float | None:
    """How far the clock that wrote a ``Date`` runs before ours; None where it is no date.

    Example:
        >>> seconds_ahead("yesterday") is None
        True
    """
    try:
        there = parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return (there - datetime.now(UTC)).total_seconds()


def is_worth_saying(seconds: float) -> bool:
    """Whether two clocks that differ by so much are not set alike."""
    return abs(seconds) > WORTH_SAYING_SECONDS
