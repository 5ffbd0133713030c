"""A node deletes what is due by itself, and goes on after the database was away."""

import psycopg
import pytest

from api.settings import ApiSettings
from tests.api.running_api import RunningApi
from tests.waiting import wait_until

AGE = "UPDATE evidence SET received_at = now() - interval '25 hours', look_again_at = now()"
COUNTED = 'citypatrol_retention_deleted_pictures_total{retention_class="unused"} 1.0'
CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    # Six seconds, as short as it may be.
    monkeypatch.setenv("CITYPATROL_RETENTION_PAUSE_MINUTES", "0.1")


def execute(settings: ApiSettings, *statements: str) -> None:
    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.usefixtures("hasty")
def test_node_deletes_by_itself_also_after_its_connections_broke(settings: ApiSettings):
    with RunningApi(settings) as api:
        picture = api.add_evidence()
        execute(settings, CUT_OFF, AGE)
        # Counted once the pass is over, which is after the picture is gone.
        wait_until(lambda: COUNTED in api.reader.get("/metrics").text, what="the deletion")
        assert api.reader.get(f"/v1/evidence/{picture}").status_code == 410
        assert "citypatrol_retention_overdue_pictures 0.0" in api.reader.get("/metrics").text


def test_node_of_a_simulation_deletes_nothing_and_says_so(
    settings: ApiSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CITYPATROL_CLOCK_SPEED", "3600")
    monkeypatch.setenv("CITYPATROL_CLOCK_SIMULATED_START", "2030-01-01T00:00:00Z")
    with RunningApi(settings):
        pass
    assert "retention_is_off" in capsys.readouterr().out
