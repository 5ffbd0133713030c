"""The cameras' newest pictures, side by side.

The browser fetches the pictures by itself; this draws the frames they go into. Where there are
more cameras than fit, sets of them take turns. One of those shown stands out: the camera of the
newest open event.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from nicegui import ui
from nicegui.element import Element

from api.cameras.camera_store import NamedCamera
from api.console.board.tile_faults import TileFault
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.translations import Texts
from api.contract.conditions import FaultState


class CameraTiles:
    """Frames for the pictures of some cameras.

    Args:
        texts: The page's language.
        per_page: How many are shown at the same time.
        page_seconds: How long one set stays.
        on_fault: Called with the id of the event whose fault was clicked.
    """

    def __init__(
        self, texts: Texts, per_page: int, page_seconds: float, on_fault: Callable[[str], None]
    ) -> None:
        self._on_fault = on_fault
        self._faults: Mapping[str, Sequence[TileFault]] = {}
        self._drawn_faults: dict[str, tuple[TileFault, ...]] = {}
        self._fault_places: dict[str, Element] = {}
        self._per_page = per_page
        self._cameras: Sequence[NamedCamera] = ()
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

    def show(self, several: Sequence[NamedCamera]) -> None:
        """Show these cameras; nothing is redrawn if it is the list shown."""
        if several is not self._cameras:
            self._cameras = several
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

    def show_faults(self, faults: Mapping[str, Sequence[TileFault]]) -> None:
        """Show on each camera's tile what is wrong with it; ``faults`` is by camera id."""
        self._faults = faults
        for camera_id, place in self._fault_places.items():
            of_camera = tuple(faults.get(camera_id, ()))
            if self._drawn_faults.get(camera_id, ()) == of_camera:
                continue
            self._drawn_faults[camera_id] = of_camera
            set_attributes(self._frames[camera_id], data_fault=_worst(of_camera))
            place.clear()
            with place:
                for fault in of_camera:
                    self._draw_fault(fault)

    def _draw_fault(self, fault: TileFault) -> None:
        attributes = {"data_fault_state": fault.state.value, "title": fault.measured}
        if fault.event_id:
            line = block("button", "tile-fault", data_event=fault.event_id, **attributes)
            line.on("click", lambda: self._on_fault(fault.event_id))
        else:
            line = block("div", "tile-fault", **attributes)
        if fault.severity:
            set_attributes(line, data_severity=fault.severity)
        with line:
            words(fault.name, "tile-fault-name")
            block("span", "elapsed", data_since=fault.since, data_until="")

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
        self._frames, self._fault_places, self._drawn_faults = {}, {}, {}
        with self._tiles:
            for camera in shown:
                attributes = {"data_camera": camera.camera_id, "data_fault": ""}
                frame = block("figure", "tile", data_state="waiting", **attributes)
                self._frames[camera.camera_id] = frame
                with frame:
                    block("img", "tile-picture", alt=camera.name)
                    block("span", "tile-state")
                    self._fault_places[camera.camera_id] = block("div", "tile-faults")
                    words(camera.name, "tile-name", "figcaption")
        self.show_faults(self._faults)
        self.highlight([self._spotlight])


def _worst(faults: Sequence[TileFault]) -> str:
    """For the style sheet and the script: how sure it is that the camera cannot be trusted."""
    states = {fault.state for fault in faults if fault.blinds}
    for state in (FaultState.STANDING, FaultState.SUSPECTED):
        if state in states:
            return state.value
    return ""
