"""A handler says that it is done, and the camera that saw the matter looks whether it is."""

import asyncio
from pathlib import Path

from api.contract.cases import CaseDocument, CasePage
from api.contract.repair_checks import RepairCheckStatus
from demo.district_processes import ApiAccess, DistrictApi, DistrictWorker
from demo.district_staff import import_dispatch_tables, make_staff
from demo.staff_client import StaffClient, plain_picture
from tests.end_to_end.conftest import Street, read, replayed
from tests.waiting import wait_until

STAND_IN = "handler.urban_management"
PAUSE = {"CITYPATROL_CASE_CHECK_PAUSE_SECONDS": "0.1"}


def the_case(access: ApiAccess) -> CaseDocument | None:
    found = CasePage.model_validate_json(read(access, "/v1/cases").content).cases
    return found[0] if found else None


def says(access: ApiAccess, words: str) -> bool:
    case = the_case(access)
    return case is not None and case.camera_check is not None and words in case.camera_check


def test_camera_sees_what_is_left_and_what_is_repaired(tmp_path: Path, worker_options: list[str]):
    with DistrictApi(tmp_path / "api", 0, environment=PAUSE) as api:
        access = api.access
        import_dispatch_tables(tmp_path / "api")
        passwords = make_staff(tmp_path / "api")

        async def handle(case: CaseDocument) -> None:
            handler = case.handler or STAND_IN
            async with StaffClient(access.url, passwords) as staff:
                picture = await staff.upload(handler, plain_picture(128))
                after = {"pictures": [{"sha256": picture, "kind": "after"}]}
                await staff.act("department", case.case_id, "assign", {"handler": handler})
                await staff.act(handler, case.case_id, "submit_result", after)
                await staff.act("department", case.case_id, "confirm", {})

        async def accept(case: CaseDocument) -> RepairCheckStatus:
            async with StaffClient(access.url, passwords) as staff:
                history = await staff.history("acceptor", case.case_id)
                await staff.act("acceptor", case.case_id, "accept_camera_check", {})
            (check,) = history.repair_checks
            assert check.before is not None
            assert check.after is not None
            read(access, f"/v1/evidence/{check.after}")
            return check.status

        with (
            replayed(tmp_path, [Street("gate")]) as cameras,
            DistrictWorker(access, tmp_path / "worker", worker_options),
        ):
            api.put_cameras(cameras)

            def dispatched() -> CaseDocument | None:
                case = the_case(access)
                return case if case is not None and case.state == "pending_handle" else None

            case = wait_until(dispatched, timeout=60, what="a dispatched case")
            assert case is not None
            asyncio.run(handle(case))
            wait_until(lambda: says(access, "camera gate still saw it"), timeout=60)
        with (
            replayed(tmp_path / "..", [Street("gate", squares=())]) as cameras,
            DistrictWorker(access, tmp_path / "worker", worker_options),
        ):
            api.put_cameras(cameras)
            wait_until(lambda: says(access, "absent on 3 of 3 healthy looks"), timeout=60)
        assert asyncio.run(accept(case)) is RepairCheckStatus.ABSENT
