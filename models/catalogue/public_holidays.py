"""Public holidays: what the rules' holidays mean in a country and in a city."""

import functools
from collections.abc import Iterable
from datetime import date

import holidays

from models.catalogue.file import OverlayFile

# Events are of today; the rest is room for clocks that are set wrongly and for tests.
_YEARS = range(2020, 2061)


def public_holidays(country: str, overlays: Iterable[OverlayFile]) -> frozenset[date]:
    """The days that count as public holidays.

    Days off that a government moves each year are known once the installed calendar of the
    country names them; a city's overlay can name them before.

    Args:
        country: Two letters, one of those that the calendar knows.
        overlays: What a city says; a later one wins.
    """
    days = set(_of_country(country))
    for overlay in overlays:
        days.difference_update(overlay.working_days)
        days.update(overlay.public_holidays)
    return frozenset(days)


@functools.cache
def _of_country(country: str) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=_YEARS))
