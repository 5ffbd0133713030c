"""Zones: polygons in a camera's picture that say what the ground there is for."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from shapely import Polygon, is_valid_reason

from streams.words import Identifier

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
PicturePoint = tuple[Fraction, Fraction]
"""x to the right and y downwards, both as fractions of the picture's width and height."""
PresetName = Identifier


class ZoneKind(StrEnum):
    """What the ground inside a zone is for; issue rules name these kinds."""

    ACCESSIBLE_RAMP = "accessible_ramp"
    ALLOWED_CAMPING = "allowed_camping"
    ALLOWED_DINING = "allowed_dining"
    ALLOWED_VENDING = "allowed_vending"
    BEACH = "beach"
    BIKE_LANE = "bike_lane"
    BIKE_PARKING = "bike_parking"
    BIN_AREA = "bin_area"
    BRIDGE = "bridge"
    BRIDGE_GUARD = "bridge_guard"
    BUILDING_ENTRANCE = "building_entrance"
    BUS_LANE = "bus_lane"
    BUS_STOP = "bus_stop"
    CHIMNEY = "chimney"
    CONSTRUCTION_SITE = "construction_site"
    CROSSWALK = "crosswalk"
    CURB = "curb"
    DRAIN_INLET = "drain_inlet"
    FACADE = "facade"
    FACILITY = "facility"
    FARMLAND = "farmland"
    FINISHED_SITE = "finished_site"
    FIRE_LANE = "fire_lane"
    FISHING_BAN_WATER = "fishing_ban_water"
    FLOOD_CHANNEL = "flood_channel"
    GAUGE = "gauge"
    GREENWAY = "greenway"
    GREEN_BELT = "green_belt"
    GUARDRAIL = "guardrail"
    HOSPITAL_GATE = "hospital_gate"
    JUNCTION = "junction"
    KITCHEN_EXHAUST = "kitchen_exhaust"
    LAWN = "lawn"
    MARKET = "market"
    MARKET_EDGE = "market_edge"
    METRO_EXIT = "metro_exit"
    NO_FISHING = "no_fishing"
    NO_MOORING = "no_mooring"
    NO_PARKING = "no_parking"
    NO_SMOKING = "no_smoking"
    NO_SWIMMING = "no_swimming"
    OUTFALL = "outfall"
    OUTSIDE_SHOP_LINE = "outside_shop_line"
    OVERPASS = "overpass"
    PARK = "park"
    PERMITTED_USE = "permitted_use"
    PLAZA = "plaza"
    POLE = "pole"
    PUBLIC_PARKING = "public_parking"
    REFUGE_ISLAND = "refuge_island"
    REFUSE_ROOM = "refuse_room"
    REGISTERED_AD = "registered_ad"
    RESTRICTED_LAWN = "restricted_lawn"
    RESTRICTED_ROAD = "restricted_road"
    RESTRICTED_SITE = "restricted_site"
    RIDER_PARKING = "rider_parking"
    RIVERBANK = "riverbank"
    RIVER_CHANNEL = "river_channel"
    ROAD = "road"
    ROADSIDE = "roadside"
    ROAD_WORK = "road_work"
    ROOFTOP = "rooftop"
    SCENIC_AREA = "scenic_area"
    SCHOOL_GATE = "school_gate"
    SIDEWALK = "sidewalk"
    SITE_BOUNDARY = "site_boundary"
    SITE_GATE = "site_gate"
    SLOPE = "slope"
    STOREFRONT = "storefront"
    STREET = "street"
    SUBURB = "suburb"
    TACTILE_PAVING = "tactile_paving"
    TREE = "tree"
    TREE_PIT = "tree_pit"
    TUNNEL = "tunnel"
    UNDERPASS = "underpass"
    UNDER_BRIDGE = "under_bridge"
    VACANT_LOT = "vacant_lot"
    WATER = "water"
    WATERSIDE_DANGER = "waterside_danger"
    YELLOW_BOX = "yellow_box"


class Zone(BaseModel):
    """A polygon in a camera's picture with a kind.

    Attributes:
        zone_id: Unique within its camera.
        kind: What the ground is for.
        polygon: At least three corners in picture fractions (see ``PicturePoint``), open or
            closed, not crossing itself.
        lon: WGS-84 longitude in degrees of a point that stands for the zone, or None.
        lat: WGS-84 latitude in degrees of that point, or None.
        preset: Of a camera with presets, the one in whose picture it is drawn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone_id: Identifier
    kind: ZoneKind
    polygon: tuple[PicturePoint, ...]
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    preset: PresetName | None = None

    @model_validator(mode="after")
    def _polygon_is_simple(self) -> Self:
        corners = list(dict.fromkeys(self.polygon))
        if len(corners) < 3:
            raise ValueError(
                f"zone {self.zone_id!r}: polygon has {len(corners)} different points "
                f"{[list(point) for point in corners]}, needs at least 3"
            )
        shape = Polygon(corners)
        if not shape.is_valid:
            raise ValueError(
                f"zone {self.zone_id!r}: polygon is not simple ({is_valid_reason(shape)}); "
                "list its corners in order around the area, without crossing lines"
            )
        if shape.area <= 0:
            raise ValueError(f"zone {self.zone_id!r}: polygon encloses no area")
        if (self.lon is None) != (self.lat is None):
            raise ValueError(f"zone {self.zone_id!r}: lon and lat come together or not at all")
        return self
