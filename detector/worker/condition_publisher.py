"""Conditions: what is wrong with each camera now, suspected faults too, for the camera tiles."""

import threading
from collections.abc import Collection

from api.contract.conditions import CameraCondition, FaultState, ReportedFault
from detector.delivery.api_client import ApiClient
from detector.delivery.publishing_thread import PublishingThread
from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.health_report import HealthReport, StandingFault

# An API that hears nothing for three times as long forgets the faults: soon enough after a worker
# died, and two thousand blind cameras take less than a hundred requests a second.
REPORT_SECONDS = 30.0


class ConditionPublisher(PublishingThread):
    """Says to the API which faults a camera shows, in a thread of its own.

    At the first look at a camera, so that what an earlier worker suspected is forgotten, at each
    look that shows other faults than the one before, and now and then while there are any.
    ``note`` may be called from any thread.

    Args:
        client: The API.
        harmless: Faults that do not hold the rules of a camera.
    """

    def __init__(self, client: ApiClient, harmless: Collection[CameraFault]) -> None:
        # What cannot be sent on leaving is overdue soon after.
        super().__init__("condition", drain_seconds=0.0)
        self._client = client
        self._harmless = frozenset(harmless)
        self._lock = threading.Lock()
        self._latest: dict[str, tuple[ReportedFault, ...]] = {}

    def note(self, camera_id: str, report: HealthReport) -> None:
        """Take in what a look, or the lack of one, showed; never blocks on the network."""
        faults = (
            *(self._reported(fault, FaultState.STANDING) for fault in report.standing),
            *(self._reported(fault, FaultState.SUSPECTED) for fault in report.suspected),
        )
        with self._lock:
            before = self._latest.get(camera_id)
            self._latest[camera_id] = faults
        if before is None or _shown(faults) != _shown(before):
            self._make_due(camera_id)

    def forget(self, camera_id: str) -> None:
        """Say no more of a camera that is not watched here any longer."""
        with self._lock:
            self._latest.pop(camera_id, None)

    def _send(self, camera_id: str) -> bool:
        with self._lock:
            faults = self._latest.get(camera_id)
        if faults is None:
            return False
        condition = CameraCondition(faults=faults, next_report_seconds=REPORT_SECONDS)
        self._client.report_condition(camera_id, condition)
        if faults:
            self._make_due(camera_id, REPORT_SECONDS)
        return True

    def _reported(self, fault: StandingFault, state: FaultState) -> ReportedFault:
        return ReportedFault(
            fault=str(fault.fault),
            state=state,
            since=fault.since,
            measured=fault.measured,
            blinds=fault.fault not in self._harmless,
        )


def _shown(faults: Collection[ReportedFault]) -> set[tuple[str, FaultState]]:
    """What of faults is worth saying at once; what was measured changes with every look."""
    return {(fault.fault, fault.state) for fault in faults}
