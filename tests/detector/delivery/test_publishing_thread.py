"""What is due of each camera is sent, and that the API is away is said once."""

import threading

from structlog.testing import capture_logs

from detector.delivery import publishing_thread
from detector.delivery.api_client import ApiUnavailableError
from detector.delivery.publishing_thread import PublishingThread
from tests.waiting import wait_until


class Newest(PublishingThread):
    """Sends what was put for a camera, to an API that may be away."""

    def __init__(self, drain_seconds: float = 0.0) -> None:
        super().__init__("thing", drain_seconds)
        self.waiting: dict[str, int] = {}
        self.sent: list[tuple[str, int]] = []
        self.asked = 0
        self.away = threading.Event()

    def put(self, camera_id: str, thing: int) -> None:
        self.waiting[camera_id] = thing
        self._make_due(camera_id)

    def _send(self, camera_id: str) -> bool:
        self.asked += 1
        thing = self.waiting.pop(camera_id, None)
        if thing is None:
            return False
        if self.away.is_set():
            raise ApiUnavailableError("the API is away")
        self.sent.append((camera_id, thing))
        return True


def test_what_was_put_is_sent():
    with Newest() as newest:
        newest.put("gate", 1)
        newest.put("bridge", 2)
        wait_until(lambda: len(newest.sent) == 2)
    assert sorted(newest.sent) == [("bridge", 2), ("gate", 1)]
    assert not newest.alive


def test_an_api_that_is_away_is_named_once_though_nothing_is_left_to_send_again(monkeypatch):
    monkeypatch.setattr(publishing_thread, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    with capture_logs() as logs, Newest() as newest:
        newest.away.set()
        for thing in range(3):
            asked = newest.asked
            newest.put("gate", thing)
            # Once for what was put, once more after the pause, when nothing waits.
            wait_until(lambda asked=asked: newest.asked >= asked + 2)
        newest.away.clear()
        newest.put("gate", 9)
        wait_until(lambda: newest.sent == [("gate", 9)])
    assert [entry["event"] for entry in logs] == ["publishing_failed"]
