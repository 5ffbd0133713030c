"""A place as a table or a map gives it, in WGS-84 degrees."""

import math
from dataclasses import dataclass
from typing import Self

from api.dispatch.csv_table import TableRow
from api.dispatch.table_faults import FaultList
from streams.kit.validation import shown

_WORDS = "is no place on earth; give WGS-84 degrees, longitude within 180 and latitude within 90"


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """A place on earth.

    Attributes:
        lon: Longitude, WGS-84 degrees.
        lat: Latitude.
    """

    lon: float
    lat: float

    @classmethod
    def of_row(cls, row: TableRow, faults: FaultList) -> Self | None:
        """The place in the columns ``lon`` and ``lat``; None, and a note, if it is none."""
        try:
            lon, lat = float(row.cell("lon")), float(row.cell("lat"))
        except ValueError:
            lon = lat = math.nan
        if _is_within(lon, 180) and _is_within(lat, 90):
            return cls(lon, lat)
        faults.add(row.place, "lon, lat", f"{row.cell('lon')}, {row.cell('lat')}", _WORDS)
        return None

    @classmethod
    def of_coordinates(cls, lon: object, lat: object, where: str, faults: FaultList) -> Self | None:
        """The place that GeoJSON coordinates give; None, and a note, if they give none.

        Args:
            lon: The first of them.
            lat: The second one.
            where: Which feature they belong to.
            faults: Where to note what is wrong.
        """
        if _is_within(lon, 180) and _is_within(lat, 90):
            return cls(float(str(lon)), float(str(lat)))
        faults.add(where, "coordinates", shown([lon, lat]), _WORDS)
        return None


def _is_within(value: object, bound: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= bound
