"""The life of one simulated matter: reported, and carried on as its story goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.contract.cases import CaseDocument
from benchmarks.simulation.matters import Matter, Matters
from benchmarks.simulation.simulated_camera import (
    CLEAR_SCORE,
    UNCLEAR_SCORE,
    SimulatedCamera,
    SimulatedEvent,
)
from benchmarks.simulation.simulated_time import SimulatedTime
from benchmarks.simulation.story import Deed, Reporter
from demo.staff_client import StaffClient, StaffError

# Real seconds; the API opens a case within a tenth of one, on a busy machine within some.
OPENED_WITHIN_SECONDS = 120.0
LOOK_MINUTES = 2.0
# Whoever stands in where nobody is on duty.
STAND_IN = "handler.urban_management"
FALLBACK_DEPARTMENT = "urban_management"
# Longer than people lag behind on a busy machine: they take it up again, and no rule.
SUSPENDED_HOURS = 96


@dataclass(frozen=True, slots=True)
class District:
    """Where simulated matters live.

    Attributes:
        staff: The people.
        camera: What sees.
        time: What time it is.
        matters: Where a twin may be reported.
        picture: A photo that was uploaded.
    """

    staff: StaffClient
    camera: SimulatedCamera
    time: SimulatedTime
    matters: Matters
    picture: str


class SimulatedLife:
    """One matter's life."""

    def __init__(self, district: District, matter: Matter) -> None:
        self._district = district
        self._matter = matter
        self._event: SimulatedEvent | None = None

    async def live(self, begins_at: datetime) -> None:
        """Wait for the moment, report the matter and do all that its story says.

        Raises:
            StaffError: The API refused something that the story holds to be allowed.
        """
        await self._district.time.wait_until(begins_at)
        case = await self._report()
        for deed in self._matter.story.deeds:
            await self._district.time.wait_minutes(deed.after_minutes)
            case = await self._do(case, deed)
            if deed.action == "submit_result" and self._matter.story.clears:
                await self._clear(case)

    async def _report(self) -> CaseDocument:
        match self._matter.story.reporter:
            case Reporter.CAMERA:
                return await self._seen(CLEAR_SCORE)
            case Reporter.UNCLEAR_CAMERA:
                return await self._seen(UNCLEAR_SCORE)
            case Reporter.PERSON:
                return await self._told(self._matter.lon, self._matter.lat)
            case Reporter.ELSEWHERE:
                return await self._told(*self._district.matters.elsewhere())
            case Reporter.FIXED:
                pictures = [
                    {"sha256": self._district.picture, "kind": kind} for kind in ("before", "after")
                ]
                said = {"self_handled": True, "pictures": pictures, "source": "collector"}
                return await self._told(self._matter.lon, self._matter.lat, said)

    async def _seen(self, score: float) -> CaseDocument:
        district = self._district
        self._event = await district.camera.sees(self._matter, district.time.now(), score)
        awaited = "pending_handle" if score == CLEAR_SCORE else "reported"
        return await self._await(self._event.event_id, awaited)

    async def _await(self, event_id: str, state: str) -> CaseDocument:
        """Wait until the API has opened a case for an event, and carried it to a state."""
        waited = 0.0
        while True:
            case = await self._district.staff.case_of_event("acceptor", event_id)
            if case is not None and case.state == state:
                return case
            if waited > OPENED_WITHIN_SECONDS:
                there = "no case" if case is None else f"case {case.number} in {case.state}"
                raise StaffError(f"event {event_id}: {there}, awaited {state}: {case}")
            waited += await self._pause()

    async def _pause(self) -> float:
        before = self._district.time.real_seconds()
        await self._district.time.wait_minutes(LOOK_MINUTES)
        return self._district.time.real_seconds() - before

    async def _told(
        self, lon: float, lat: float, said: dict[str, Any] | None = None
    ) -> CaseDocument:
        report = {
            "issue_code": self._matter.issue_code,
            "lon": lon,
            "lat": lat,
            "source": self._matter.source,
            "description": self._matter.story.name,
            **(said or {}),
        }
        return await self._district.staff.report("collector", report)

    async def _clear(self, case: CaseDocument) -> None:
        assert self._event is not None  # noqa: S101 - what clears was seen
        await self._district.camera.sees_it_gone(self._event, self._district.time.now())
        waited = 0.0
        district = self._district
        while await district.camera.looks_again(self._event, district.time.now(), district.picture):
            if waited > OPENED_WITHIN_SECONDS:
                raise StaffError(f"case {case.number} is looked at again and again")
            waited += await self._pause()
        if (await district.staff.case("acceptor", case.case_id)).seen_gone_at is None:
            raise StaffError(f"case {case.number} does not learn that it is gone")

    async def _do(self, case: CaseDocument, deed: Deed) -> CaseDocument:
        said: dict[str, Any] = {}
        if deed.reason is not None:
            said["reason"] = deed.reason
        if deed.verdict_reason is not None:
            said["verdict_reason"] = deed.verdict_reason
        if deed.brings_picture:
            said["pictures"] = [{"sha256": self._district.picture, "kind": "after"}]
        if deed.names_handler:
            said["handler"] = case.handler or STAND_IN
        if deed.names_department:
            said["department_id"] = case.department_id or FALLBACK_DEPARTMENT
        if deed.names_date:
            until = self._district.time.now() + timedelta(hours=SUSPENDED_HOURS)
            said["until"] = until.isoformat()
        if deed.names_twin:
            said["target_case_id"] = await self._twin()
        login = (case.handler or STAND_IN) if deed.by == "handler" else deed.by
        return await self._district.staff.act(login, case.case_id, deed.action, said)

    async def _twin(self) -> str:
        """Report another matter, which is found to be the same, and see it through."""
        twin = await self._told(*self._district.matters.elsewhere())
        for action, said in (
            ("register", {}),
            ("dispatch", {"department_id": FALLBACK_DEPARTMENT}),
        ):
            login = "acceptor" if action == "register" else "dispatcher"
            await self._district.staff.act(login, twin.case_id, action, said)
        return twin.case_id
