"""References that operators gave: what a camera's views are held to instead of what was learnt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

import cv2
import numpy as np

from streams.camera_health.picture_measures import PictureMeasures
from streams.camera_health.reference_view import ReferenceView, ReferenceViews, view_of
from streams.kit.errors import CityPatrolError


@dataclass(frozen=True, slots=True, eq=False)
class GivenReference:
    """A picture of a view.

    Attributes:
        sha256: Hash of the file, by which a new picture is told from the one before.
        view: What it shows.
    """

    sha256: str
    view: ReferenceView

    @classmethod
    def of(cls, preset: str, sha256: str, jpeg: bytes, given_at: datetime) -> Self:
        """The reference that a JPEG is.

        Raises:
            CityPatrolError: It cannot be decoded.
        """
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
        if picture is None:
            raise CityPatrolError(
                f"the reference of view {preset!r} ({len(jpeg)} bytes) cannot be decoded; give "
                "another picture with `citypatrol cameras reference`"
            )
        grey = PictureMeasures.of(np.asarray(picture, np.uint8)).grey
        return cls(sha256, replace(view_of(preset, grey, given_at), origin=sha256))


def held_to(
    views: ReferenceViews, wanted: Mapping[str, str], given: Mapping[str, GivenReference]
) -> ReferenceViews:
    """The views of a camera when operators have given, replaced or forgotten pictures.

    What was learnt of a view since its picture was given, its look in other light, stays. A view
    whose picture was forgotten goes.

    Args:
        views: Those so far.
        wanted: Hash of the picture that each view is to be held to, by its name; of a view that
            is not there, what the camera learnt by itself counts.
        given: Pictures of which ``views`` has none yet, by name.
    """
    kept = [
        view
        for view in views
        if (view.name not in wanted and not view.origin) or wanted.get(view.name) == view.origin
    ]
    names = {view.name for view in kept}
    new = [
        reference.view
        for name, reference in given.items()
        if name not in names and wanted.get(name) == reference.sha256
    ]
    return views if not new and len(kept) == len(views) else ReferenceViews((*kept, *new))
