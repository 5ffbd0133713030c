"""What goes wrong with limits, calendars and clocks."""

from streams.kit.errors import CityPatrolError


class ClockError(CityPatrolError):
    """A limit, a calendar or a moment that cannot be counted with, or an illegal operation."""
