import sqlite3

import pytest
from structlog.testing import capture_logs

from detector.memory_store import MemoryStore
from streams.errors import CityPatrolError
from tests.watching import PARKING, Watching, car, catalogue_of


def a_state():
    watching = Watching(catalogue_of(c90001=PARKING))
    watching.looks(4, car())
    state = watching.watch.state()
    assert state is not None
    return state


def test_what_was_saved_is_there_after_a_restart(tmp_path):
    state = a_state()
    with MemoryStore(tmp_path) as store:
        store.save("gate", state)
    with MemoryStore(tmp_path) as store:
        assert store.load("gate") == state
        assert store.load("square") is None


def test_a_camera_is_due_again_only_after_a_while(tmp_path):
    with MemoryStore(tmp_path) as store:
        assert store.is_due("gate")
        store.save("gate", a_state())
        assert not store.is_due("gate")
        assert store.is_due("square")


def test_a_state_of_another_layout_is_not_taken_up(tmp_path):
    with MemoryStore(tmp_path) as store:
        store.save("gate", a_state())
    with sqlite3.connect(tmp_path / "memory.sqlite") as database:
        database.execute("UPDATE watches SET state = '{\"schema_version\": 7}'")
    database.close()
    with MemoryStore(tmp_path) as store, capture_logs() as logs:
        assert store.load("gate") is None
    assert [entry["event"] for entry in logs] == ["memory_not_taken_up"]


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "memory.sqlite").write_text("nothing of the kind, but long enough " * 100)
    with pytest.raises(CityPatrolError, match=r"memory\.sqlite cannot be opened"):
        MemoryStore(tmp_path)
