"""A reference view as it looks in one light."""

import base64
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import AwareDatetime, Base64Bytes, BaseModel

from streams.camera_health.detail_field import DETAIL_CELLS, DetailField
from streams.camera_health.orientation_field import OrientationField
from streams.camera_health.picture_measures import Floats, Grey, structure_of
from streams.camera_health.similarity import Corners
from streams.kit.errors import CityPatrolError

_JPEG_QUALITY = 75
"""Corners and edges survive it; 30 to 60 KB at 640 x 360."""


class StoredLook(BaseModel, frozen=True):
    """A look at a reference view as it is kept over restarts.

    Attributes:
        learnt_at: Time of the picture.
        picture: A grey JPEG.
        doubtful: ``LightLook.doubtful``, packed to bits; None if there are none.
    """

    learnt_at: AwareDatetime
    picture: Base64Bytes
    doubtful: Base64Bytes | None = None


class BrokenReferenceError(CityPatrolError):
    """A stored reference cannot be read."""


@dataclass(frozen=True)
class LightLook:
    """A picture of a reference view in one light, and what comparisons need of it.

    Attributes:
        grey: Luminance as ``PictureMeasures.grey``, in the frame of the view's first picture.
        learnt_at: When it was taken.
        doubtful: ``DETAIL_CELLS`` of bool: parts that may not show what belongs there, as they
            differed from what was known of the view. None if there are none.
    """

    grey: Grey
    learnt_at: datetime
    doubtful: npt.NDArray[np.bool_] | None = None

    @cached_property
    def median(self) -> float:
        """Median luminance, 0 to 255."""
        return float(np.median(self.grey))

    @cached_property
    def field(self) -> OrientationField:
        """Directions of its edges."""
        return OrientationField.of(self.grey)

    @cached_property
    def corners(self) -> Corners:
        """Its corners."""
        return Corners.of(self.grey)

    @cached_property
    def detail(self) -> DetailField:
        """Its detail, part by part."""
        return DetailField.of(self.grey)

    @cached_property
    def structure(self) -> Floats:
        """Detail per cell; noise counts as none since its JPEG has little."""
        return structure_of(self.grey, 0.0)

    def stored(self) -> StoredLook:
        """What is kept of it."""
        _, data = cv2.imencode(".jpg", self.grey, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        bits = None if self.doubtful is None else np.packbits(self.doubtful).tobytes()
        return StoredLook(
            learnt_at=self.learnt_at,
            picture=base64.b64encode(data.tobytes()),
            doubtful=None if bits is None else base64.b64encode(bits),
        )

    @classmethod
    def restored(cls, stored: StoredLook) -> Self:
        """The look that was stored.

        Raises:
            BrokenReferenceError: Its picture cannot be decoded.
        """
        data = np.frombuffer(stored.picture, np.uint8)
        grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
        if grey is None:
            raise BrokenReferenceError(
                f"the reference picture of {stored.learnt_at:%Y-%m-%d %H:%M} has {data.size} "
                "bytes that are no JPEG; learn the view again"
            )
        doubtful = None if stored.doubtful is None else _unpacked(stored.doubtful)
        return cls(np.asarray(grey, np.uint8), stored.learnt_at, doubtful)


def _unpacked(bits: bytes) -> npt.NDArray[np.bool_]:
    rows, columns = DETAIL_CELLS
    if 8 * len(bits) < rows * columns:
        raise BrokenReferenceError(
            f"the reference's doubtful parts take {len(bits)} bytes, {rows * columns // 8} are "
            "needed; learn the view again"
        )
    flags = np.unpackbits(np.frombuffer(bits, np.uint8), count=rows * columns)
    return flags.reshape(rows, columns).astype(np.bool_)
