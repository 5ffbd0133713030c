"""The people of the demo: they carry cases on, slowly enough for a visitor to do it first."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx
import structlog

from api.contract.case_words import CaseState
from api.contract.cases import CaseDocument
from demo.staff_client import StaffClient, StaffError, plain_picture

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
# How long a case rests before somebody carries it on, seconds: a visitor may be quicker.
PAUSE_SECONDS = 12.0
# What only a person decides waits longer for one.
TRIAGE_SECONDS = 60.0
STAND_IN = "handler.urban_management"
FALLBACK_DEPARTMENT = "urban_management"
_DECIDED = frozenset({CaseState.REPORTED, CaseState.PENDING_DISPATCH})


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is done next with a case.

    Attributes:
        action: What.
        login: By whom.
        said: What they say to it.
    """

    action: str
    login: str
    said: Mapping[str, Any]


class SimulatedDepartment:
    """One thread that acts for everybody; use it in ``with``.

    Args:
        url: Where the API is.
        passwords: Of the people, by their logins.
    """

    def __init__(self, url: str, passwords: Mapping[str, str]) -> None:
        self._url = url
        self._passwords = passwords
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="department", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; what is being done is done first."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        async with StaffClient(self._url, self._passwords) as staff:
            while not self._stopping.is_set():
                await self._look(staff)
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, staff: StaffClient) -> None:
        try:
            for case in await staff.cases("shift_lead", "&open=true"):
                if self._stopping.is_set():
                    return
                await self._carry_on(staff, case)
        except httpx.HTTPError as error:
            log.info("department_waits", error=str(error)[:300])

    async def _carry_on(self, staff: StaffClient, case: CaseDocument) -> None:
        rested = (datetime.now(UTC) - case.updated_at).total_seconds()
        turn = self._turn(case, rested)
        if turn is None:
            return
        said = dict(turn.said)
        try:
            if turn.action == "submit_result":
                picture = await staff.upload(turn.login, plain_picture(128))
                said["pictures"] = [{"sha256": picture, "kind": "after"}]
            await staff.act(turn.login, case.case_id, turn.action, said)
        except StaffError as error:
            # A visitor was quicker.
            log.info("department_refused", error=str(error)[:300])

    def _turn(self, case: CaseDocument, rested: float) -> _Turn | None:
        pause = TRIAGE_SECONDS if case.state in _DECIDED else PAUSE_SECONDS
        if rested < pause:
            return None
        known = case.handler in self._passwords
        handler = case.handler if known and case.handler is not None else STAND_IN
        turns: dict[CaseState, _Turn] = {
            CaseState.REPORTED: _Turn("register", "acceptor", {}),
            CaseState.PENDING_DISPATCH: _Turn(
                "dispatch", "dispatcher", {"department_id": FALLBACK_DEPARTMENT}
            ),
            CaseState.PENDING_HANDLE: _Turn("assign", "department", {"handler": handler}),
            CaseState.HANDLING: _Turn("submit_result", handler, {})
            if known
            else _Turn("reassign", "department", {"handler": STAND_IN}),
            CaseState.HANDLE_FINISHED: _Turn("confirm", "department", {}),
            CaseState.PENDING_CHECK: _Turn("accept_camera_check", "acceptor", {})
            if case.seen_gone_at
            else _Turn("request_post_check", "acceptor", {}),
            CaseState.CHECKING: _Turn("check_passed", "collector", {}),
            CaseState.PENDING_CLOSE: _Turn("close", "shift_lead", {}),
        }
        return turns.get(case.state)
