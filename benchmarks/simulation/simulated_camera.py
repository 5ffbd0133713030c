"""The camera that sees a simulated day's matters: events as a worker posts them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from ulid import ULID

from api.contract.repair_checks import (
    REPAIR_CHECKS,
    LookReceipt,
    RepairCheckStatus,
    RepairLook,
    RepairSeen,
)
from benchmarks.simulation.matters import Matter
from streams.camera import Camera
from streams.kit.errors import CityPatrolError

CAMERA = Camera.model_validate(
    {
        "camera_id": "simulated",
        "name": "Simulated camera",
        "stream_url": "rtsp://127.0.0.1:9/simulated",
        "lon": 106.4567,
        "lat": 29.5407,
        "issue_types": [],
    }
)
CLEAR_SCORE = 0.9
UNCLEAR_SCORE = 0.3


class SimulatedCameraError(CityPatrolError):
    """The API did not take an event."""


@dataclass(frozen=True, slots=True)
class SimulatedEvent:
    """An event that was posted.

    Attributes:
        event_id: Its id.
        feature: What was posted.
    """

    event_id: str
    feature: dict[str, Any]


class SimulatedCamera:
    """Posts events with a worker's key.

    Args:
        http: A client of the API with that key.
        catalogue_version: What the events are judged by.
    """

    def __init__(self, http: httpx.AsyncClient, catalogue_version: str) -> None:
        self._http = http
        self._catalogue_version = catalogue_version

    async def sees(self, matter: Matter, now: datetime, score: float) -> SimulatedEvent:
        """Post a new event of a matter."""
        event_id = str(ULID.from_datetime(now))
        feature = {
            "type": "Feature",
            "id": event_id,
            "geometry": {"type": "Point", "coordinates": [matter.lon, matter.lat]},
            "properties": {
                "catalogue_version": self._catalogue_version,
                "revision": 1,
                "issue_code": matter.issue_code,
                "camera_id": CAMERA.camera_id,
                "first_seen": (now - timedelta(minutes=5)).isoformat(),
                "last_seen": now.isoformat(),
                "observed_count": 6,
                "score": score,
                "location_source": "homography",
                "accuracy_m": 3.0,
                "model": {"name": "simulated", "version": "1", "sha256": "0" * 64},
            },
        }
        await self._post(feature)
        return SimulatedEvent(event_id, feature)

    async def sees_it_gone(self, event: SimulatedEvent, now: datetime) -> None:
        """Post that what an event showed is gone."""
        said = {**event.feature["properties"], "revision": 2, "cleared_at": now.isoformat()}
        await self._post({**event.feature, "properties": said})

    async def looks_again(self, event: SimulatedEvent, now: datetime, picture: str) -> bool:
        """Look at the spot of an event if that is asked for; say whether it still is, afterwards.

        Raises:
            SimulatedCameraError: The API did not take the look.
        """
        listed = await self._http.get("/v1/repair-checks")
        checks = REPAIR_CHECKS.validate_json(listed.content)
        check = next((one for one in checks if one.event_id == event.event_id), None)
        if check is None or check.look_after >= now:
            return check is not None
        look = RepairLook(looked_at=now, seen=RepairSeen.ABSENT, sha256=picture)
        answer = await self._http.post(
            f"/v1/repair-checks/{check.check_id}/looks", json=look.model_dump(mode="json")
        )
        if not answer.is_success:
            raise SimulatedCameraError(f"look at {event.event_id} was not taken: {answer.text}")
        receipt = LookReceipt.model_validate_json(answer.content)
        return receipt.status is RepairCheckStatus.OPEN

    async def _post(self, feature: dict[str, Any]) -> None:
        body = {"type": "FeatureCollection", "features": [feature]}
        answer = await self._http.post("/v1/events", json=body)
        receipt = answer.json()["receipts"][0] if answer.is_success else {"status": answer.text}
        if receipt["status"] not in {"stored", "updated"}:
            raise SimulatedCameraError(f"event {feature['id']} was not taken: {receipt}")
