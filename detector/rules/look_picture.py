"""The look's picture, as far as rules and object memory ask for it."""

from dataclasses import dataclass

from detector.geometry.picture_geometry import PictureSize
from streams.camera_health.reference_view import ReferenceView
from streams.frame import Frame, Picture


@dataclass(frozen=True, slots=True, eq=False)
class LookPicture:
    """The picture of a look.

    Attributes:
        size: Its width and height.
        pixels: uint8 array of shape (height, width, 3), BGR, or None where only what was found
            in it is known.
        view: The reference view that it shows, or None while none is recognised.
    """

    size: PictureSize
    pixels: Picture | None = None
    view: ReferenceView | None = None

    @classmethod
    def of(cls, frame: Frame, view: ReferenceView | None) -> "LookPicture":
        """The picture of a frame that shows a view."""
        return cls(PictureSize(frame.width, frame.height), frame.picture, view)
