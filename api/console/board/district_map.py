"""The map of the district: cells, cameras, their zones and the events.

What stands still (base map, cells, cameras) the browser fetches from the REST API by itself;
events are sent to it as they change. No tiles are drawn unless their address is set, so that
the map works without the internet.
"""

import json
from collections.abc import Sequence

from nicegui import ui

from api.console.board.event_facts import EventFacts
from api.console.parts.elements import block, words
from api.console.parts.translations import Texts
from api.contract.events import StoredEventFeature

SEVERITIES = ("critical", "high", "medium", "low")
BASE_MAP_ROUTE = "/console/base-map.geojson"


class DistrictMap:
    """Draws itself once; ``show`` gives it the events of the moment.

    Args:
        texts: The page's language.
        facts: Words for events.
        tile_url: Address of map tiles, or None.
        has_base_map: Whether ``BASE_MAP_ROUTE`` answers.
    """

    def __init__(
        self, texts: Texts, facts: EventFacts, *, tile_url: str | None, has_base_map: bool
    ) -> None:
        self._facts = facts
        self._drawn: dict[str, int] = {}
        with block("section", "panel map-panel"):
            with block("h2", "panel-title"):
                words(texts.text("map.title"), "")
                _draw_legend(texts)
            leaflet = ui.leaflet(
                options={"attributionControl": False, "zoomControl": False, "zoomSnap": 0.1},
            ).classes("district-map")
            # It comes with a layer of tiles from the internet.
            leaflet.layers.clear()
        options = {
            "language": texts.language,
            "tileUrl": tile_url,
            "baseMapUrl": BASE_MAP_ROUTE if has_base_map else None,
        }
        ui.run_javascript(f"cityPatrol.map.attach({leaflet.id}, {json.dumps(options)})")

    def show(self, several: Sequence[StoredEventFeature]) -> None:
        """Show these events; only what changed since the last time is sent."""
        changed = [
            event for event in several if self._drawn.get(event.id) != event.properties.change
        ]
        now = {event.id: event.properties.change for event in several}
        gone = [event_id for event_id in self._drawn if event_id not in now]
        self._drawn = now
        if changed or gone:
            markers = [self._marker(event) for event in changed]
            ui.run_javascript(f"cityPatrol.map.update({json.dumps(markers)}, {json.dumps(gone)})")

    def focus(self, event_id: str) -> None:
        """Bring an event into the middle and open its popup."""
        ui.run_javascript(f"cityPatrol.map.focus({json.dumps(event_id)})")

    def _marker(self, event: StoredEventFeature) -> dict[str, object]:
        properties, facts = event.properties, self._facts
        lon, lat = event.geometry.coordinates
        cleared = properties.cleared_at
        return {
            "id": event.id,
            "lon": lon,
            "lat": lat,
            "accuracy": properties.accuracy_m,
            "severity": properties.severity,
            "status": properties.status,
            "name": facts.issue_name(event),
            "lines": [
                f"{facts.severity(event)} · {facts.status(event)}",
                properties.camera_name,
                facts.cell(event),
            ],
            "since": properties.first_seen.isoformat(),
            "until": cleared.isoformat() if cleared else "",
        }


def _draw_legend(texts: Texts) -> None:
    with block("span", "legend", aria_label=texts.text("map.legend")):
        for severity in SEVERITIES:
            with block("span", "legend-entry", data_severity=severity):
                block("span", "legend-dot")
                words(texts.text(f"severity.{severity}"), "")
        for kind in ("camera", "zone", "accuracy"):
            with block("span", "legend-entry"):
                block("span", f"legend-{kind}")
                words(texts.text(f"map.{kind}"), "")
