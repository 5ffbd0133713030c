"""People and cameras that go on sending to an API while parts of it are killed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any

import httpx
from ulid import ULID

from benchmarks.simulation.simulated_camera import CAMERA
from demo.district_processes import ApiAccess
from models.catalogue.issue_catalogue import load_catalogue
from tests.api.running_api import batch, event
from tests.waiting import wait_until

ISSUE_CODE = "09001"
# Neighbouring matters are a hundred metres apart: none is one with another.
SPACING_DEGREES = 0.001
SECONDS_OF_A_REQUEST = 5.0
AGAIN_SECONDS = 0.05


@dataclass
class Acknowledged:
    """What the API said that it had taken, and when."""

    event_ids: list[str] = field(default_factory=list)
    report_keys: list[str] = field(default_factory=list)
    urges: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def note(self, kept: list[str], name: str) -> None:
        kept.append(name)
        self.moments.append(time.monotonic())


class DistrictUnderKills:
    """Three senders in threads; each sends a thing again until the API has acknowledged it.

    Args:
        access: Where the API is, before and after.
        passwords: Of the people.
    """

    def __init__(self, access: ApiAccess, passwords: dict[str, str]) -> None:
        self._access = access
        self._passwords = passwords
        self._ends = threading.Event()
        self._tokens: dict[str, str] = {}
        self._places = count()
        self._place_lock = threading.Lock()
        self._failures: list[BaseException] = []
        self.acknowledged = Acknowledged()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send meanwhile; at the end each sender sees the thing in hand through."""
        self._ends.clear()
        senders = [
            threading.Thread(target=self._send, args=[what])
            for what in (self._event, self._report, self._urge)
        ]
        for sender in senders:
            sender.start()
        try:
            yield
        finally:
            self._ends.set()
            for sender in senders:
                sender.join()
        assert not self._failures

    def wait_for_more(self, of_each: int) -> None:
        """Wait until this many more of each kind were acknowledged."""
        kinds = (
            self.acknowledged.event_ids,
            self.acknowledged.report_keys,
            self.acknowledged.urges,
        )
        wanted = [len(kept) + of_each for kept in kinds]
        wait_until(
            lambda: (
                self._failures
                or all(len(kept) >= least for kept, least in zip(kinds, wanted, strict=True))
            ),
            timeout=90,
            what="acknowledgements",
        )

    def _send(self, what: Callable[[httpx.Client], None]) -> None:
        try:
            with httpx.Client(
                base_url=self._access.url, trust_env=False, timeout=SECONDS_OF_A_REQUEST
            ) as http:
                while not self._ends.is_set():
                    what(http)
        except BaseException as error:
            self._failures.append(error)
            raise

    def _event(self, http: httpx.Client) -> None:
        now = datetime.now(UTC)
        lon, lat = self._place()
        said = {
            "catalogue_version": load_catalogue().version,
            "camera_id": CAMERA.camera_id,
            "issue_code": ISSUE_CODE,
            "first_seen": (now - timedelta(minutes=5)).isoformat(),
            "last_seen": now.isoformat(),
            "observed_count": 6,
            "score": 0.9,
        }
        place = {"type": "Point", "coordinates": [lon, lat]}
        feature = {**event(**said), "id": str(ULID()), "geometry": place}
        body = batch(feature)
        headers = {"Authorization": f"Bearer {self._access.keys.worker}"}
        answer = _until_answered(lambda: http.post("/v1/events", json=body, headers=headers))
        (receipt,) = answer.json()["receipts"]
        assert receipt["status"] in {"stored", "duplicate"}, receipt
        self.acknowledged.note(self.acknowledged.event_ids, feature["id"])

    def _report(self, http: httpx.Client) -> None:
        self._reported(http)

    def _reported(self, http: httpx.Client) -> dict[str, Any]:
        lon, lat = self._place()
        key = f"report {lon}"
        report = {
            "issue_code": ISSUE_CODE,
            "lon": lon,
            "lat": lat,
            "description": key,
            "report_key": key,
        }
        headers = self._headers(http, "collector")
        answer = _until_answered(lambda: http.post("/v1/cases", json=report, headers=headers))
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        self.acknowledged.note(self.acknowledged.report_keys, key)
        case: dict[str, Any] = answer.json()
        return case

    def _urge(self, http: httpx.Client) -> None:
        """Urge a case of one's own: a version that nobody has any more was urged before."""
        case = self._reported(http)
        reason = f"urge {case['case_id']}"
        headers = {**self._headers(http, "dispatcher"), "If-Match": f'"{case["version"]}"'}
        path = f"/v1/cases/{case['case_id']}/actions/urge"
        answer = _until_answered(lambda: http.post(path, json={"reason": reason}, headers=headers))
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.PRECONDITION_FAILED}, answer.text
        self.acknowledged.note(self.acknowledged.urges, reason)

    def _headers(self, http: httpx.Client, login: str) -> dict[str, str]:
        if login not in self._tokens:
            self._tokens[login] = self._signed_in(http, login)
        return {"Authorization": f"Bearer {self._tokens[login]}"}

    def _signed_in(self, http: httpx.Client, login: str) -> str:
        form = {"username": login, "password": self._passwords[login], "grant_type": "password"}
        answer = _until_answered(lambda: http.post("/v1/tokens", data=form))
        token: str = answer.json()["access_token"]
        return token

    def _place(self) -> tuple[float, float]:
        with self._place_lock:
            return round(106.3 + next(self._places) * SPACING_DEGREES, 6), 29.54


def _until_answered(ask: Callable[[], httpx.Response]) -> httpx.Response:
    pause = threading.Event()
    while True:
        try:
            answer = ask()
        except httpx.TransportError:
            pause.wait(AGAIN_SECONDS)
            continue
        if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return answer
        # The database is away: the API says so, and when to come again.
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
        pause.wait(AGAIN_SECONDS)
