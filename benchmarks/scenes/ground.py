"""The ground of a background: how large things look where they stand."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.scenes.actor import OnPicture, Place


class Side(StrEnum):
    """The side of a thing whose length hardly depends on how it is turned."""

    HEIGHT = "height"
    WIDTH = "width"


@dataclass(frozen=True, slots=True)
class UsualSize:
    """How large things of a class are.

    Attributes:
        metres: Length of the side.
        side: Which side.
    """

    metres: float
    side: Side = Side.HEIGHT


USUAL_SIZES = {
    "person": UsualSize(1.7),
    "car": UsualSize(1.6),
    "truck": UsualSize(2.9),
    "bus": UsualSize(3.1),
    "bicycle": UsualSize(1.1),
    "motorcycle": UsualSize(1.15),
    "dog": UsualSize(0.75),
    "umbrella": UsualSize(2.2),
    "chair": UsualSize(0.9),
    "dining_table": UsualSize(0.8),
    "backpack": UsualSize(0.55),
    "suitcase": UsualSize(0.7),
    "boat": UsualSize(9.0, Side.WIDTH),
    "garbage_pile": UsualSize(2.4, Side.WIDTH),
    "garbage_bin": UsualSize(1.15),
    "overflowing_bin": UsualSize(1.3),
    "pothole": UsualSize(1.2, Side.WIDTH),
    "flame": UsualSize(1.4),
    "smoke": UsualSize(4.0),
    "street_stall": UsualSize(2.0),
    "fishing_rod": UsualSize(2.6),
    "construction_hoarding": UsualSize(9.0, Side.WIDTH),
    "manhole_cover": UsualSize(0.8, Side.WIDTH),
    "open_manhole": UsualSize(0.8, Side.WIDTH),
    "makeshift_structure": UsualSize(3.0),
    "hard_hat": UsualSize(0.28),
    "shop_signboard": UsualSize(3.0, Side.WIDTH),
}
"""By visual class; what is not here is taken for a metre high."""

_UNKNOWN_SIZE = UsualSize(1.0)


@dataclass(frozen=True, slots=True)
class Ground:
    """Flat ground under a camera that looks nearly level.

    What stands upright looks as high as its distance from the horizon to its foot, times its
    height over the camera's. Both figures were fitted to the heights of the people or cars that
    the detector found in the background's own clip.

    Attributes:
        horizon: Where the ground would end, fraction of the picture's height; may lie above it.
        camera_height_m: Height of the lens over the ground, metres.
    """

    horizon: float
    camera_height_m: float

    def metre_at(self, y: float) -> float:
        """Length of an upright metre that stands at ``y``, fraction of the picture's height.

        Raises:
            ValueError: There is no ground at or above the horizon.
        """
        if y <= self.horizon:
            raise ValueError(f"nothing can stand at y {y:g}: the horizon is at {self.horizon:g}")
        return (y - self.horizon) / self.camera_height_m

    def height_of(self, what: str, place: Place, aspect: float) -> float:
        """Height of a thing, fraction of the picture's height.

        Args:
            what: Its visual class.
            place: Where it is.
            aspect: Its width over its height.
        """
        if isinstance(place, OnPicture):
            return place.height
        usual = USUAL_SIZES.get(what, _UNKNOWN_SIZE)
        length = usual.metres * place.scale * self.metre_at(place.y)
        return length if usual.side is Side.HEIGHT else length / aspect
