"""What the head of a page counts: cameras that can be trusted, events of the street."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.database.database import Database, database_address
from api.figures.figure_reader import DistrictFigures, FigureReader
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from tests.api.running_api import JPEG, START, RunningApi, event


def figures(api: RunningApi) -> DistrictFigures:
    async def read() -> DistrictFigures:
        database = Database(
            database_address(api.settings.database_url.get_secret_value()), connections=1
        )
        try:
            catalogue = load_catalogue(CatalogueSettings())
            return await FigureReader(database, catalogue).read(ZoneInfo("Asia/Shanghai"))
        finally:
            await database.close()

    return asyncio.run(read())


def add_live_camera(api: RunningApi, camera_id: str) -> None:
    api.add_camera(camera_id=camera_id)
    headers = {"Content-Type": "image/jpeg", "X-Captured-At": datetime.now(UTC).isoformat()}
    answer = api.http.put(f"/v1/cameras/{camera_id}/preview", content=JPEG, headers=headers)
    assert answer.status_code == 204


def report(api: RunningApi, camera_id: str, **fault: Any) -> None:
    said = {"since": START.isoformat(), "measured": "", **fault}
    answer = api.http.put(
        f"/v1/cameras/{camera_id}/condition",
        json={"faults": [said], "next_report_seconds": 30},
    )
    assert answer.status_code == 204


@pytest.mark.parametrize("state", ["suspected", "standing"])
def test_a_camera_that_cannot_be_trusted_is_not_live(api: RunningApi, state: str):
    add_live_camera(api, "seeing")
    add_live_camera(api, "blind")
    api.add_camera(camera_id="silent")
    assert (figures(api).cameras_live, figures(api).cameras) == (2, 3)

    report(api, "blind", fault="dark", state=state)

    assert (figures(api).cameras_live, figures(api).cameras) == (1, 3)


def test_a_camera_whose_clock_is_wrong_sees_all_the_same(api: RunningApi):
    add_live_camera(api, "late")
    report(api, "late", fault="clock_wrong", state="standing", blinds=False)
    assert figures(api).cameras_live == 1


def test_faults_of_cameras_are_no_events_of_the_street(api: RunningApi):
    api.add_camera()
    api.post(event(1), event(2, issue_code="99001"))
    assert figures(api).open_events == 1
