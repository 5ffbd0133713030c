"""Backgrounds: streets without anything of interest in them."""

from dataclasses import dataclass

from benchmarks.scenes.ground import Ground
from benchmarks.scenes.picture_box import PictureBox


@dataclass(frozen=True, slots=True)
class ClipMedian:
    """What stays when all that moves is taken out of a clip of a fixed camera.

    Attributes:
        clip: Path within the shared folder.
    """

    clip: str


@dataclass(frozen=True, slots=True)
class PictureParts:
    """Parts of a picture, one above the other.

    Attributes:
        picture: Path within the shared folder.
        parts: Boxes of that picture, from top to bottom, of equal width.
        blurred_seam: Over how much of the result's height one part turns into the next.
    """

    picture: str
    parts: tuple[PictureBox, ...]
    blurred_seam: float = 0.0


@dataclass(frozen=True, slots=True)
class Background:
    """A street as a camera sees it.

    Attributes:
        name: Unique among the backgrounds.
        source: The real pictures that it is made of.
        width: Pixels across.
        height: Pixels down.
        ground: How large things look in it.
        own_things: What a detector finds in it all the same, such as a parked van: visual class
            and box.
    """

    name: str
    source: ClipMedian | PictureParts
    width: int
    height: int
    ground: Ground
    own_things: tuple[tuple[str, PictureBox], ...] = ()
