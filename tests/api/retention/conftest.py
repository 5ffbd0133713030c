"""An API with pictures, and passes of retention at any moment."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest
from PIL import Image

from api.accounts.role import Role
from api.database.database import Database, database_address
from api.events.evidence_store import EvidenceFolder
from api.retention.picture_deletion import PictureDeletion
from api.retention.retention_check import CheckedRetention, RetentionCheck
from api.retention.retention_pass import PassResult, RetentionPass
from api.retention.retention_settings import RetentionSettings
from tests.api.cases.conftest import RUBBISH, District, opened_district
from tests.api.running_api import START, RunningApi, event
from tests.waiting import wait_until

Value = TypeVar("Value")
MOMENT = timedelta(seconds=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SETTINGS = RetentionSettings()


def jpeg(number: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 8, 90, 120)).save(file, "JPEG", quality=100)
    return file.getvalue()


class Vault:
    """A district whose pictures are deleted when a test says so.

    The node's own passes find none due, for all that happens here happens now.
    """

    def __init__(self, district: District) -> None:
        self.district = district
        self.api = district.api
        self.folder = self.api.settings.data_dir / "evidence"

    def with_database(self, ask: Callable[[Database], Awaitable[Value]]) -> Value:
        async def run() -> Value:
            url = database_address(self.api.settings.database_url.get_secret_value())
            database = Database(url, connections=3)
            try:
                return await ask(database)
            finally:
                await database.close()

        return asyncio.run(run())

    def run(self, now: datetime, settings: RetentionSettings = SETTINGS) -> dict[str, int]:
        """Make a pass at a moment; how many pictures it deleted, by class."""
        result = self.passed(now, settings)
        return {one.value: count for one, count in result.deleted.items() if count}

    def passed(self, now: datetime, settings: RetentionSettings = SETTINGS) -> PassResult:
        # Every picture, also one that it would look at only later.
        self.execute("UPDATE evidence SET look_again_at = '-infinity'")
        folder = EvidenceFolder(self.folder)
        return self.with_database(lambda base: RetentionPass(base, folder, settings).run(now))

    def take_in(self, now: datetime) -> int:
        folder = EvidenceFolder(self.folder)
        return self.with_database(
            lambda base: RetentionPass(base, folder, SETTINGS).take_in_strays(now)
        )

    def mark(self, now: datetime) -> None:
        """The first half of a deletion, after which a node dies."""
        folder = EvidenceFolder(self.folder)
        self.execute("UPDATE evidence SET look_again_at = '-infinity'")
        self.with_database(lambda base: PictureDeletion(base, folder, SETTINGS).mark(now))

    def check(self, now: datetime) -> CheckedRetention:
        folder = EvidenceFolder(self.folder)
        return self.with_database(lambda base: RetentionCheck(base, folder, SETTINGS).check(now))

    def execute(self, statement: str, *values: Any) -> None:
        with psycopg.connect(self.api.settings.database_url.get_secret_value()) as connection:
            connection.execute(statement, values)

    def value(self, statement: str, *values: Any) -> Any:
        with psycopg.connect(self.api.settings.database_url.get_secret_value()) as connection:
            row = connection.execute(statement, values).fetchone()
            assert row is not None
            return row[0]

    def upload(self, number: int = 0) -> str:
        return self.api.add_evidence(jpeg(number))

    def look(self, sha256: str) -> httpx.Response:
        return self.api.reader.get(f"/v1/evidence/{sha256}")

    def is_there(self, sha256: str) -> bool:
        """Whether the API gives it; its file must say the same."""
        status = self.look(sha256).status_code
        assert status in {200, 410}
        assert self.path(sha256).exists() == (status == 200)
        return status == 200

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"

    def event(self, number: int = 0, *pictures: str, **changes: Any) -> str:
        """Post an event of these pictures; its id."""
        named = [
            {"kind": "crop", "sha256": one, "captured_at": START.isoformat()} for one in pictures
        ]
        (receipt,) = self.api.post(
            event(number, **{"issue_code": RUBBISH, "evidence": named, **changes})
        )
        assert receipt["status"] in {"stored", "updated"}, receipt
        return receipt["id"]

    def gone_event(self, number: int = 0, *pictures: str, **changes: Any) -> str:
        """Post an event that was over before it came, and so has no case."""
        return self.event(number, *pictures, cleared_at=(START + DAY / 48).isoformat(), **changes)

    def video_case(self, number: int = 0, *pictures: str, **changes: Any) -> str:
        """Post an event; the id of its case."""
        event_id = self.event(number, *pictures, **changes)
        where = "FROM case_events WHERE event_id = %s"
        wait_until(lambda: self.value(f"SELECT count(*) {where}", event_id), what="the case")
        return self.value(f"SELECT case_id {where}", event_id)

    def moment(self, table: str, column: str, name: str, value: str) -> datetime:
        """When something of a row was."""
        found = self.value(f"SELECT {column} FROM {table} WHERE {name} = %s", value)
        assert isinstance(found, datetime)
        return found.astimezone(UTC)

    def ended(self, case_id: str) -> datetime:
        return self.moment("cases", "ended_at", "case_id", case_id)

    def by(self, role: Role, **more: Any) -> httpx.Client:
        return self.district.by(role, **more)


@pytest.fixture
def vault(fresh_api: RunningApi, tmp_path: Path) -> Vault:
    district = opened_district(fresh_api, tmp_path)
    fresh_api.add_camera()
    return Vault(district)
