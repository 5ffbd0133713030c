"""Recurrence: an issue that cleared is there again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Which earlier event a sighting repeats.

    Attributes:
        event_id: The latest event of the same issue type that cleared at the same place.
        number: How often it has come back there, this time included; from 1.
    """

    event_id: str
    number: int
