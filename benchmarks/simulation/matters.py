"""Where and what the matters of a simulated day are: no two that would be taken for one."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shapely import Point, unary_union
from shapely.geometry import shape

from benchmarks.simulation.story import Story
from models.catalogue.issue_catalogue import IssueCatalogue
from models.catalogue.issue_type import IssueType
from models.words import IssueKind

# Farther apart than cases are merged.
SPACING_DEGREES = 0.0008
# A place in no cell, from which further ones lead away.
ELSEWHERE = (106.5, 29.6)
# Matters that people report besides cameras, in turn.
SOURCES = ("hotline", "wechat", "collector", "police_110", "sensor", "drone")


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter.

    Attributes:
        number: Counts from 0.
        story: What becomes of it.
        issue_code: Its type.
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        source: Through which channel a person reports it.
    """

    number: int
    story: Story
    issue_code: str
    lon: float
    lat: float
    source: str


class Matters:
    """Gives each story its matter.

    Args:
        catalogue: The issue types.
        cells: GeoJSON file of the district's cells.
    """

    def __init__(self, catalogue: IssueCatalogue, cells: Path) -> None:
        # Whatever a rule may register: nothing that a person or a register must confirm.
        self._types = [
            issue
            for issue in catalogue.types.values()
            if issue.kind is IssueKind.EVENT and issue.rule.confirmation is None
        ]
        self._spots = _spots(cells)
        self._used: set[tuple[str, tuple[float, float]]] = set()
        self._turn = itertools.cycle(range(len(self._types)))
        self._away = itertools.count(1)

    def of(self, number: int, story: Story) -> Matter:
        """Return the matter of a story."""
        issue, (lon, lat) = self._free(story)
        return Matter(number, story, issue.code, lon, lat, SOURCES[number % len(SOURCES)])

    def elsewhere(self) -> tuple[float, float]:
        """Return a place in no cell, far from all others."""
        return ELSEWHERE[0] + SPACING_DEGREES * next(self._away), ELSEWHERE[1]

    def _free(self, story: Story) -> tuple[IssueType, tuple[float, float]]:
        for _ in self._types:
            issue = self._types[next(self._turn)]
            if not _fits(issue, story):
                continue
            for spot in self._spots:
                if (issue.code, spot) not in self._used:
                    self._used.add((issue.code, spot))
                    return issue, spot
        raise ValueError(f"no place is left for {story.name!r}; a day has fewer matters than that")


def _fits(issue: IssueType, story: Story) -> bool:
    """Whether the handling limit of a type is as a story needs it."""
    if issue.time_limit_hours < story.least_hours:
        return False
    if story.limit_hours is None:
        return True
    return issue.time_limit_clock == "urgent" and issue.time_limit_hours <= story.limit_hours


def _spots(cells: Path) -> list[tuple[float, float]]:
    """Places in the cells, in no straight order."""
    features = json.loads(cells.read_text(encoding="utf-8"))["features"]
    ground = unary_union([shape(feature["geometry"]) for feature in features])
    found = [place for place in _lattice(ground.bounds) if ground.contains(Point(place))]
    return found[::2] + found[1::2]


def _lattice(bounds: tuple[float, float, float, float]) -> Iterator[tuple[float, float]]:
    west, south, east, north = bounds
    columns = int((east - west) / SPACING_DEGREES)
    rows = int((north - south) / SPACING_DEGREES)
    for column, row in itertools.product(range(1, columns), range(1, rows)):
        yield west + column * SPACING_DEGREES, south + row * SPACING_DEGREES
