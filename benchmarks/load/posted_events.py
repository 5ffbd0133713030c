"""Events of many cameras, posted in batches at a steady rate, whatever the API answers."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any

import httpx
import numpy as np
from pydantic_core import to_json
from ulid import ULID

from streams.camera import Camera
from streams.kit.errors import CityPatrolError

CAMERAS = 500
WEST, SOUTH = 106.40, 29.50
# Neighbouring cameras are a street apart, so that what they see is not one matter.
SPACING_DEGREES = 0.002
CAMERAS_IN_A_ROW = 25
# A worker sends an event when it opens and again as it lasts: of what arrives, this share is new.
NEW_SHARE = 0.2
BOXES = 3
# Workers that send at the same time, when all is sent that the API takes.
SENDERS = 8
# Requests overtake one another, so that a revision may come after the next one.
TAKEN = frozenset({"stored", "updated", "duplicate"})


class LoadError(CityPatrolError):
    """The API did not take what a benchmark sent."""


@dataclass(frozen=True, slots=True)
class PostingPlan:
    """How events are posted.

    Attributes:
        per_second: How many.
        batch: How many in one request.
        seconds: For how long.
    """

    per_second: float
    batch: int
    seconds: float


@dataclass(slots=True)
class Posting:
    """What came of posting.

    Attributes:
        seconds: How long it took until the last answer.
        delays: Of each batch, from when it was due to its answer, seconds.
        event_ids: What was posted, in order.
        due: Of each event, when it was due, seconds of ``time.perf_counter``.
    """

    seconds: float = 0.0
    delays: list[float] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)
    due: list[float] = field(default_factory=list)

    @property
    def events_per_second(self) -> float:
        """How many were taken in a second."""
        return len(self.event_ids) / self.seconds

    @property
    def p99_seconds(self) -> float:
        """The delay that one batch in a hundred exceeds."""
        return float(np.quantile(self.delays, 0.99))


class LoadCameras:
    """Cameras whose events are made up: some new, most of them lasting.

    Args:
        issue_codes: Types of the events.
        catalogue_version: What they are judged by.
        new_share: Which share of what they post is new.
    """

    def __init__(
        self, issue_codes: Sequence[str], catalogue_version: str, new_share: float = NEW_SHARE
    ) -> None:
        self._issue_codes = issue_codes
        self._catalogue_version = catalogue_version
        self._new_share = new_share
        self._random = np.random.default_rng(1)
        self._standing: list[dict[str, Any]] = []
        self._numbers = count()

    @staticmethod
    def cameras() -> list[Camera]:
        """The cameras, as the API must know them."""
        return [
            Camera.model_validate(
                {
                    "camera_id": f"load-{number}",
                    "name": f"Camera {number}",
                    "stream_url": f"rtsp://127.0.0.1:9/{number}",
                    "lon": _place(number)[0],
                    "lat": _place(number)[1],
                    "issue_types": [],
                }
            )
            for number in range(CAMERAS)
        ]

    def batch(self, size: int) -> tuple[list[str], bytes]:
        """Ids of the next events, and the body that posts them."""
        features = [self._event() for _ in range(size)]
        body = to_json({"type": "FeatureCollection", "features": features})
        return [str(feature["id"]) for feature in features], body

    def _event(self) -> dict[str, Any]:
        if self._standing and self._random.random() >= self._new_share:
            at = int(self._random.integers(len(self._standing)))
            self._standing[at] = _lasting(self._standing[at])
            return self._standing[at]
        event = self._new_event()
        self._standing.append(event)
        return event

    def _new_event(self) -> dict[str, Any]:
        number = next(self._numbers)
        now = datetime.now(UTC)
        lon, lat = _place(number % CAMERAS)
        boxes = self._random.uniform(0.1, 0.4, (BOXES, 4)).round(4).tolist()
        return {
            "type": "Feature",
            "id": str(ULID()),
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "catalogue_version": self._catalogue_version,
                "revision": 1,
                "issue_code": self._issue_codes[number // CAMERAS % len(self._issue_codes)],
                "camera_id": f"load-{number % CAMERAS}",
                "first_seen": (now - timedelta(seconds=5)).isoformat(),
                "last_seen": now.isoformat(),
                "observed_count": 3,
                "score": 0.8,
                "location_source": "homography",
                "accuracy_m": 3.0,
                "detections": [
                    {"class_name": "garbage_pile", "score": 0.8, "box": box} for box in boxes
                ],
                "model": {"name": "load", "version": "1", "sha256": "0" * 64},
            },
        }


async def post_events(http: httpx.AsyncClient, cameras: LoadCameras, plan: PostingPlan) -> Posting:
    """Post events at a rate: a batch is sent when it is due, also while others wait for answers.

    Raises:
        LoadError: One was not taken.
    """
    done = Posting()
    batches = [cameras.batch(plan.batch) for _ in range(_batches(plan))]
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, (ids, body) in enumerate(batches):
            due = begin + number * plan.batch / plan.per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            done.event_ids += ids
            done.due += [due] * len(ids)
            tasks.create_task(_post(http, body, due, done))
    done.seconds = time.perf_counter() - begin
    return done


async def flood_events(http: httpx.AsyncClient, cameras: LoadCameras, plan: PostingPlan) -> Posting:
    """Post as many events as a rate gives in the time, each sender the next when it has an answer.

    Raises:
        LoadError: One was not taken.
    """
    done = Posting()
    waiting = [cameras.batch(plan.batch) for _ in range(_batches(plan))]
    begin = time.perf_counter()

    async def send() -> None:
        while waiting:
            ids, body = waiting.pop()
            done.event_ids += ids
            await _post(http, body, time.perf_counter(), done)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(SENDERS):
            tasks.create_task(send())
    done.seconds = time.perf_counter() - begin
    return done


async def _post(http: httpx.AsyncClient, body: bytes, due: float, done: Posting) -> None:
    headers = {"Content-Type": "application/geo+json"}
    answer = await http.post("/v1/events", content=body, headers=headers)
    done.delays.append(time.perf_counter() - due)
    if answer.status_code != HTTPStatus.OK:
        raise LoadError(f"a batch was answered with {answer.status_code}: {answer.text[:500]}")
    refused = [one for one in answer.json()["receipts"] if one["status"] not in TAKEN]
    if refused:
        raise LoadError(f"{len(refused)} events of a batch were not taken, first: {refused[0]}")


def _batches(plan: PostingPlan) -> int:
    return max(1, round(plan.per_second * plan.seconds / plan.batch))


def _lasting(event: dict[str, Any]) -> dict[str, Any]:
    said = event["properties"]
    lasting = {
        "revision": said["revision"] + 1,
        "last_seen": datetime.now(UTC).isoformat(),
        "observed_count": said["observed_count"] + 1,
    }
    return {**event, "properties": {**said, **lasting}}


def _place(number: int) -> tuple[float, float]:
    row, column = divmod(number, CAMERAS_IN_A_ROW)
    return (
        round(WEST + column * SPACING_DEGREES, 6),
        round(SOUTH + row * SPACING_DEGREES, 6),
    )
