"""The cameras' newest pictures, side by side.

The browser fetches the pictures by itself; this draws the frames they go into. Where there are
more cameras than fit, sets of them take turns. One of those shown stands out: the camera of the
newest open event.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nicegui import ui
from nicegui.element import Element

from api.console.elements import block, set_attributes, words
from api.console.translations import Texts


@dataclass(frozen=True, slots=True)
class TileCamera:
    """A camera as the tiles name it.

    Attributes:
        camera_id: Its id.
        name: Its name.
    """

    camera_id: str
    name: str


class CameraTiles:
    """Frames for the pictures of some cameras.

    Args:
        texts: The page's language.
        per_page: How many are shown at the same time.
        page_seconds: How long one set stays.
    """

    def __init__(self, texts: Texts, per_page: int, page_seconds: float) -> None:
        self._per_page = per_page
        self._cameras: list[TileCamera] = []
        self._first = 0
        self._frames: dict[str, Element] = {}
        self._spotlight = ""
        with block("section", "panel tiles-panel"):
            with block("h2", "panel-title"):
                words(texts.text("cameras.title"), "")
                self._range = words("", "panel-count")
            self._empty = words(texts.text("cameras.empty"), "panel-empty", "p")
            self._tiles = block("div", "tiles")
        ui.timer(page_seconds, self._turn)

    def show(self, several: Sequence[TileCamera]) -> None:
        """Show these cameras; nothing is redrawn if they are the ones shown."""
        if list(several) != self._cameras:
            self._cameras = list(several)
            self._first = 0 if self._first >= len(several) else self._first
            self._draw()

    @property
    def shown(self) -> list[str]:
        """Ids of the cameras shown now."""
        return list(self._frames)

    def mark_pictured(self, camera_ids: Collection[str]) -> None:
        """Say which of the shown cameras have a picture; the browser asks for no others."""
        for camera_id, frame in self._frames.items():
            set_attributes(frame, data_pictured=str(camera_id in camera_ids).lower())

    def highlight(self, camera_ids: Sequence[str]) -> None:
        """Make the first of these cameras that is shown stand out, else the first of all."""
        shown = [camera_id for camera_id in camera_ids if camera_id in self._frames]
        self._spotlight = next(iter(shown or self._frames), "")
        for camera_id, frame in self._frames.items():
            set_attributes(frame, data_spotlight=str(camera_id == self._spotlight).lower())

    def _turn(self) -> None:
        if len(self._cameras) > self._per_page:
            self._first += self._per_page
            if self._first >= len(self._cameras):
                self._first = 0
            self._draw()

    def _draw(self) -> None:
        shown = self._cameras[self._first : self._first + self._per_page]
        self._empty.set_visibility(not shown)
        last = self._first + len(shown)
        everything = len(shown) == len(self._cameras)
        self._range.text = (
            str(last) if everything else f"{self._first + 1}–{last} / {len(self._cameras)}"
        )
        self._tiles.clear()
        self._frames = {}
        with self._tiles:
            for camera in shown:
                frame = block("figure", "tile", data_camera=camera.camera_id, data_state="waiting")
                self._frames[camera.camera_id] = frame
                with frame:
                    block("img", "tile-picture", alt=camera.name)
                    block("span", "tile-state")
                    words(camera.name, "tile-name", "figcaption")
        self.highlight([self._spotlight])
