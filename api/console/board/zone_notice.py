"""The zone notice: which cameras judge less than they are asked to until zones are drawn."""

from collections.abc import Sequence

from api.console.parts.elements import words
from api.console.parts.translations import Texts
from models.catalogue.issue_catalogue import IssueCatalogue
from models.coverage.zones_to_draw import zones_to_draw
from streams.camera import Camera

# One line on a wall: the first camera says what to do, the others have the same to do.
_TYPES_NAMED = 3


class ZoneNotice:
    """A line under the camera tiles, away while nothing is missing.

    Args:
        texts: The page's language.
        catalogue: What the types ask for.
    """

    def __init__(self, texts: Texts, catalogue: IssueCatalogue) -> None:
        self._texts = texts
        self._catalogue = catalogue
        self._line = words("", "zone-notice", "p")
        self._line.set_visibility(False)

    def show(self, cameras: Sequence[Camera]) -> None:
        """Say what is missing at these cameras."""
        lacking = [(camera, zones_to_draw(camera, self._catalogue)) for camera in cameras]
        lacking = [(camera, missing) for camera, missing in lacking if missing]
        self._line.set_visibility(bool(lacking))
        if not lacking:
            return
        camera, missing = lacking[0]
        named = [
            f"{self._texts.choose(one.issue.name_zh, one.issue.name_en)} ({' / '.join(one.kinds)})"
            for one in missing[:_TYPES_NAMED]
        ]
        self._line.text = self._texts.text(
            "cameras.zones_to_draw",
            count=len(lacking),
            camera=camera.name,
            types=self._texts.choose("；", "; ").join(named),
        )
