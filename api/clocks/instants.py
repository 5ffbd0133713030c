"""Moments as whole microseconds, so that times add up exactly.

Microseconds are what both Python and PostgreSQL keep of a moment. Moments are given back in UTC:
two of the same zone are compared by Python as their clocks show them, which is wrong in the hour
that a change from summer time repeats.
"""

from datetime import UTC, datetime, timedelta

from api.clocks.clock_error import ClockError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_PER_SECOND = 1_000_000

# A moment outside was mistaken for another. The bounds also keep the years that a calendar holds
# few, and every sum of moments and limits within what a datetime can be.
FIRST_YEAR = 1970
LAST_YEAR = 2199
# A day within them: the calendar's year of a moment is that of its own zone.
_EARLIEST = (datetime(FIRST_YEAR, 1, 2, tzinfo=UTC) - EPOCH) // MICROSECOND
_LATEST = (datetime(LAST_YEAR, 12, 31, tzinfo=UTC) - EPOCH) // MICROSECOND


def microseconds_of(moment: datetime) -> int:
    """Return the microseconds from 1970 to a moment.

    Raises:
        ClockError: It has no time zone, or lies outside the years that are counted.
    """
    if moment.utcoffset() is None:
        raise ClockError(f"moment {moment.isoformat()} has no time zone; give one that has, as UTC")
    return _checked((moment - EPOCH) // MICROSECOND, moment.isoformat())


def moment_at(microseconds: int) -> datetime:
    """Return the moment, UTC, so many microseconds after 1970.

    Raises:
        ClockError: It lies outside the years that are counted.
    """
    return EPOCH + timedelta(microseconds=_checked(microseconds, "that a limit leads to"))


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC.

    Raises:
        ClockError: It has no time zone, or lies outside the years that are counted.
    """
    return moment_at(microseconds_of(moment))


def whole_microseconds(seconds: float) -> int:
    """Return the microseconds nearest to a duration in seconds."""
    return round(seconds * MICROSECONDS_PER_SECOND)


def _checked(microseconds: int, shown: str) -> int:
    if not _EARLIEST <= microseconds < _LATEST:
        raise ClockError(
            f"the moment {shown} lies outside {FIRST_YEAR} to {LAST_YEAR}; check the clock or the "
            "limit it comes from"
        )
    return microseconds
