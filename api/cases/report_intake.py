"""Reports of people and other systems become cases."""

from dataclasses import replace

from api.accounts.actor import SYSTEM, Actor
from api.cases.case import Case
from api.cases.case_errors import ActionFieldsError
from api.cases.case_ground import CaseGround
from api.cases.case_opening import CaseOpening, NewCase, case_with_key, lock_reports
from api.cases.case_rows import add_pictures, missing_pictures
from api.cases.case_transitions import CaseTransitions
from api.cases.duplicates import Spot, open_case_at
from api.cases.flow import FlowEntry, flow_row, record
from api.cases.transition_table import REPORT
from api.cases.why_not import why_not
from api.contract.case_words import FlowKind, PictureKind
from api.contract.cases import CaseAction, CaseReport
from api.contract.repair_checks import LARGEST_CLOCK_LEAD

_BOTH = frozenset({PictureKind.BEFORE, PictureKind.AFTER})


class ReportIntake:
    """Takes reports in: each is a case, merged with an open one that it repeats."""

    def __init__(self, ground: CaseGround, transitions: CaseTransitions) -> None:
        self._ground = ground
        self._opening = CaseOpening(ground)
        self._transitions = transitions

    async def take(self, report: CaseReport, actor: Actor) -> Case:
        """Open a case for a report and return it; the same report key again is the same case.

        Raises:
            ActionFieldsError: A field has a value that cannot be used.
        """
        self._check(report)
        async with self._ground.database.writing() as connection:
            if report.report_key is not None:
                await lock_reports(connection, report.report_key)
                known = await case_with_key(connection, report.report_key)
                if known is not None:
                    return known
            missing = await missing_pictures(connection, report.pictures)
            if missing:
                unknown = why_not("not_uploaded", action=REPORT, sha256=missing[0])
                raise ActionFieldsError("pictures", unknown, missing[0])
            # Else of two that come at once, neither would find the other open.
            await lock_reports(connection, f"{REPORT} {report.issue_code}")
            spot = Spot(report.issue_code, report.lon, report.lat)
            now = self._ground.time.now()
            twin = await open_case_at(connection, spot, now, self._ground.settings)
            earliest = None if twin is None else twin.reported_at
            new = replace(_new(report, actor), no_earlier_than=earliest)
            case = await self._opening.open(connection, new, actor)
            await add_pictures(connection, case, report.pictures, actor.name)
            if twin is None or report.self_handled:
                return case
            asked = CaseAction(
                target_case_id=twin.case_id,
                reason=f"the same type close to case {twin.number}, which is open",
            )
            merged = await self._transitions.perform_by_rule(connection, case, "merge", asked)
            await record(connection, [_repeated(twin, merged)])
            return merged

    def _check(self, report: CaseReport) -> None:
        if report.issue_code not in self._ground.catalogue.types:
            known = {"code": report.issue_code, "version": self._ground.catalogue.version}
            raise ActionFieldsError(
                "issue_code", why_not("type_not_in_catalogue", **known), report.issue_code
            )
        kinds = {picture.kind for picture in report.pictures}
        if report.self_handled and not kinds >= _BOTH:
            raise ActionFieldsError("pictures", why_not("fixed_lacks_pictures"))
        latest = self._ground.time.now() + LARGEST_CLOCK_LEAD
        for picture in report.pictures:
            taken = picture.taken_from
            if taken is not None and taken.taken_at > latest:
                at = taken.taken_at.isoformat()
                raise ActionFieldsError("pictures", why_not("taken_in_future", at=at), at)


def _repeated(twin: Case, merged: Case) -> dict[str, object]:
    details = {"case_id": merged.case_id, "number": merged.number}
    reason = f"reported again as {merged.number}"
    entry = FlowEntry(
        "reported_again", FlowKind.NOTE, twin.state, SYSTEM.name, None, reason, details
    )
    # Not before the step before it, where a clock was set back.
    return {**flow_row(twin, entry), "at": max(merged.updated_at, twin.updated_at)}


def _new(report: CaseReport, actor: Actor) -> NewCase:
    return NewCase(
        source=report.source,
        issue_code=report.issue_code,
        lon=report.lon,
        lat=report.lat,
        reported_by=actor.name,
        description=report.description,
        external_number=report.external_number,
        report_key=report.report_key,
        self_handled=report.self_handled,
    )
