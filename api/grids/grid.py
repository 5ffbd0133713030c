"""A management cell: the piece of ground with one 15-character code."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from shapely import Polygon, is_valid_reason

from streams.kit.geojson_crs import crs_problem, foreign_crs

UnitGrid = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{15}$")]
Position = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]

# A triangle, with its first corner repeated.
SHORTEST_RING = 4


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GridPolygon(_Value):
    """A GeoJSON polygon: closed rings of [longitude, latitude], the outer one first."""

    type: Literal["Polygon"] = "Polygon"
    coordinates: tuple[tuple[Position, ...], ...]

    def shape(self) -> Polygon:
        """Return the polygon as shapely's."""
        return Polygon(self.coordinates[0], self.coordinates[1:])

    @model_validator(mode="after")
    def _is_simple(self) -> Self:
        if not self.coordinates:
            raise ValueError("coordinates hold no ring")
        for ring in self.coordinates:
            if len(ring) < SHORTEST_RING:
                raise ValueError(
                    f"ring has {len(ring)} points, needs at least {SHORTEST_RING}, the last one "
                    "being the first again"
                )
            if ring[0] != ring[-1]:
                raise ValueError(
                    f"ring is not closed: it starts at {list(ring[0])} and ends at "
                    f"{list(ring[-1])}; repeat the first point at the end"
                )
        shape = self.shape()
        if not shape.is_valid:
            raise ValueError(f"polygon is not simple ({is_valid_reason(shape)})")
        return self


class GridProperties(_Value):
    """What is kept of a cell besides its outline."""

    unit_grid: UnitGrid


class Grid(_Value):
    """A management cell as a GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    geometry: GridPolygon
    properties: GridProperties


class GridCollection(_Value):
    """The management cells as a GeoJSON feature collection."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Grid]

    # Read only to be refused where it names another system; cells are always in degrees.
    crs: Annotated[JsonValue, Field(exclude=True)] = None

    @model_validator(mode="after")
    def _is_in_degrees(self) -> Self:
        crs = foreign_crs({"crs": self.crs})
        if crs is not None:
            raise ValueError(crs_problem(crs))
        return self
