"""A small district behind a real API process: what the browser tests put on the page."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx
from PIL import Image

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.role import Role
from api.routes.examples import CAMERA
from streams.kit.child_process import ChildProcess
from tests.api.running_api import batch, begin_session, event

GRIDS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"unit_grid": "500106900001001"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [106.45, 29.54],
                        [106.46, 29.54],
                        [106.46, 29.55],
                        [106.45, 29.55],
                        [106.45, 29.54],
                    ]
                ],
            },
        }
    ],
}


def jpeg(colour: str) -> bytes:
    """Return a picture of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "JPEG")
    return content.getvalue()


class District:
    """The API process and a client with a key; ``restart`` gives the same port to a new one."""

    def __init__(self, api_process: Callable[[int], ChildProcess], key: str, address: str) -> None:
        self._api_process = api_process
        self._key = key
        self.address = address
        self._first_seen = datetime.now(UTC) - timedelta(minutes=3)
        self.child = api_process(0)

    def __enter__(self) -> Self:
        self.child.start()
        self.url = self.child.ready_message.split()[0]
        headers = {"Authorization": f"Bearer {self._key}"}
        self.http = httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=20)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()
        self.child.stop()

    def cookie(self, *roles: Role) -> dict[str, Any]:
        """The cookie of a new user's session, for a browser."""
        with ThreadPoolExecutor(1) as beside_the_browsers_loop:
            token = beside_the_browsers_loop.submit(begin_session, self.address, *roles).result()
        return {"name": SESSION_COOKIE, "value": token, "url": self.url, "httpOnly": True}

    def restart(self) -> None:
        self.child.stop()
        self.child = self._api_process(httpx.URL(self.url).port or 0)
        self.child.start()

    def add_camera(self, camera_id: str, name: str) -> None:
        camera = {**CAMERA, "camera_id": camera_id, "name": name, "lon": 106.455, "lat": 29.545}
        self._expect(self.http.put(f"/v1/cameras/{camera_id}", json=camera))

    def add_grids(self) -> None:
        self._expect(self.http.put("/v1/grids", json=GRIDS))

    def put_preview(self, camera_id: str, colour: str, age_seconds: float = 0.0) -> None:
        captured = datetime.now(UTC) - timedelta(seconds=age_seconds)
        self._expect(
            self.http.put(
                f"/v1/cameras/{camera_id}/preview",
                content=jpeg(colour),
                headers={"Content-Type": "image/jpeg", "X-Captured-At": captured.isoformat()},
            )
        )

    def decide(self, proposal: int, verdict: dict[str, str]) -> httpx.Response:
        """Decide on a merge proposal as somebody who may."""
        cookie = self.cookie(Role.DISPATCHER)
        return httpx.post(
            f"{self.url}/v1/merge-proposals/{proposal}/verdict",
            json=verdict,
            cookies={cookie["name"]: cookie["value"]},
            trust_env=False,
        )

    def put_condition(self, camera_id: str, **faults: str) -> None:
        """Say which faults the camera has, each as ``dark="suspected"``."""
        said = [
            {
                "fault": fault,
                "state": state,
                "since": self._first_seen.isoformat(),
                "measured": f"measured of {fault}",
                "blinds": fault != "clock_wrong",
            }
            for fault, state in faults.items()
        ]
        condition = {"faults": said, "next_report_seconds": 30}
        self._expect(self.http.put(f"/v1/cameras/{camera_id}/condition", json=condition))

    def add_picture(self, colour: str) -> str:
        """Upload a picture of one colour; return its name."""
        picture = jpeg(colour)
        sha256 = hashlib.sha256(picture).hexdigest()
        self._expect(
            self.http.put(
                f"/v1/evidence/{sha256}", content=picture, headers={"Content-Type": "image/jpeg"}
            )
        )
        return sha256

    def post_event(self, number: int, camera_id: str, **changes: Any) -> str:
        """Post an event first seen three minutes ago, open unless changed; return its id."""
        sha256 = self.add_picture("red")
        now = datetime.now(UTC)
        properties = {
            "camera_id": camera_id,
            "first_seen": self._first_seen.isoformat(),
            "last_seen": (now - timedelta(seconds=1)).isoformat(),
            "evidence": [
                {"kind": kind, "sha256": sha256, "captured_at": now.isoformat()}
                for kind in ("frame", "annotated", "crop")
            ],
            "detections": [{"class_name": "car", "score": 0.8, "box": [0.1, 0.2, 0.3, 0.4]}],
            **changes,
        }
        feature = event(number, **properties)
        feature["geometry"]["coordinates"] = [106.4551, 29.5451]
        answer = self._expect(self.http.post("/v1/events", json=batch(feature))).json()
        assert answer["receipts"][0]["status"] in {"stored", "updated"}, answer
        return str(feature["id"])

    def _expect(self, answer: httpx.Response) -> httpx.Response:
        assert answer.is_success, answer.text
        return answer
