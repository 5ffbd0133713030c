"""Takes in what workers say of looks at handled spots."""

from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.case import Case
from api.cases.case_errors import ActionFieldsError, UnknownCaseError
from api.cases.case_ground import CaseGround
from api.cases.case_rows import add_pictures, locked_case, missing_pictures
from api.cases.case_transitions import CaseTransitions
from api.cases.repair_check import RepairCheckRow
from api.cases.repair_check_rows import add_look, check_with_id, write_check
from api.cases.why_not import why_not
from api.contract.case_pictures import CasePicture
from api.contract.case_words import PictureKind
from api.contract.repair_checks import LARGEST_CLOCK_LEAD, RepairCheck, RepairLook, RepairSeen


class RepairLooks:
    """Gives workers what is to be looked at, and takes their looks.

    Args:
        ground: What cases stand on.
        transitions: Does by rule what a type lets cameras do.
    """

    def __init__(self, ground: CaseGround, transitions: CaseTransitions) -> None:
        self._ground = ground
        self._transitions = transitions
        self._checks = transitions.repairs

    async def awaited(self) -> list[RepairCheck]:
        """Return all checks that await a look."""
        async with self._ground.database.reading() as connection:
            return await self._checks.open_checks(connection)

    async def take(self, check_id: str, look: RepairLook, posted_by: str) -> RepairCheckRow:
        """Take a look in and return the check as it is then.

        One that came before, too soon after another, or once the check was over changes nothing.

        Raises:
            UnknownCaseError: There is no such check.
            ActionFieldsError: The look says what cannot be.
        """
        self._check_look(look)
        async with self._ground.database.writing() as connection:
            known = await check_with_id(connection, check_id)
            case = None if known is None else await locked_case(connection, known.case_id)
            # Once more, now that nobody else changes it.
            check = await check_with_id(connection, check_id)
            if check is None or case is None:
                raise UnknownCaseError(why_not("no_check", check=check_id))
            if not check.counts(look):
                return check
            await self._add_picture(connection, case, check, look)
            await add_look(connection, check_id, look, posted_by)
            after = check.after(look)
            await write_check(connection, after)
            told = await self._checks.tell(connection, case)
            await self._transitions.close_by_rule(connection, told)
            return after

    def _check_look(self, look: RepairLook) -> None:
        if look.looked_at > self._ground.time.now() + LARGEST_CLOCK_LEAD:
            at = look.looked_at.isoformat()
            raise ActionFieldsError("looked_at", why_not("look_in_future", at=at), at)
        if look.sha256 is None and look.seen is not RepairSeen.UNHEALTHY:
            raise ActionFieldsError("sha256", why_not("look_lacks_picture", seen=look.seen.value))

    async def _add_picture(
        self, connection: AsyncConnection, case: Case, check: RepairCheckRow, look: RepairLook
    ) -> None:
        if look.sha256 is None:
            return
        is_gone = look.seen is RepairSeen.ABSENT
        picture = CasePicture(
            sha256=look.sha256, kind=PictureKind.AFTER if is_gone else PictureKind.FAR
        )
        if await missing_pictures(connection, [picture]):
            unknown = why_not("not_uploaded", action="look", sha256=look.sha256)
            raise ActionFieldsError("sha256", unknown, look.sha256)
        # Of those that show it there still, the first of a row is enough.
        if is_gone or check.last_seen is not look.seen:
            await add_pictures(connection, case, [picture], check.camera_id)
