"""A registered component: a thing of the city with an id, a kind and a place."""

import re
from dataclasses import dataclass

TYPE_PATTERN = re.compile(r"[0-9]{5}")
# 6 digits of the division, 2 of the major class, 3 of the kind (2 before GB/T 47678.5), 6 serial.
_ID = re.compile(r"[0-9]{6}([0-9]{4,5})[0-9]{6}")
_TYPE_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Component:
    """A registered component.

    Attributes:
        component_id: 17 digits, or 16 of the older numbering.
        type_code: Five digits of its kind.
        lon: Longitude, WGS-84 degrees.
        lat: Latitude.
        unit_id: The unit that keeps it, if the register says so.
    """

    component_id: str
    type_code: str
    lon: float
    lat: float
    unit_id: str | None = None


def is_component_id(text: str) -> bool:
    """Whether a text is the id of a component."""
    return _ID.fullmatch(text) is not None


def type_in(component_id: str) -> str | None:
    """The kind that an id tells; None where it is one of 16 digits, of the older numbering."""
    match = _ID.fullmatch(component_id)
    return match[1] if match is not None and len(match[1]) == _TYPE_DIGITS else None
