import sqlite3

import pytest
from structlog.testing import capture_logs

from detector.handover.memory_store import MemoryStore
from streams.kit.errors import CityPatrolError
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
        store.save("gate", "first", state)
    with MemoryStore(tmp_path) as store:
        assert store.load("gate") == {"first": state}
        assert store.load("square") == {}


def test_a_camera_is_due_again_only_after_a_while(tmp_path):
    with MemoryStore(tmp_path) as store:
        assert store.is_due("gate")
        store.save("gate", "first", a_state())
        assert not store.is_due("gate")
        assert store.is_due("square")


def test_a_state_of_another_layout_is_not_taken_up(tmp_path):
    with MemoryStore(tmp_path) as store:
        store.save("gate", "first", a_state())
    with sqlite3.connect(tmp_path / "memory.sqlite") as database:
        database.execute("UPDATE watch_states SET state = '{\"schema_version\": 7}'")
    database.close()
    with MemoryStore(tmp_path) as store, capture_logs() as logs:
        assert store.load("gate") == {}
    assert [entry["event"] for entry in logs] == ["memory_not_taken_up"]


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "memory.sqlite").write_text("nothing of the kind, but long enough " * 100)
    with pytest.raises(CityPatrolError, match=r"memory\.sqlite cannot be opened"):
        MemoryStore(tmp_path)


def test_the_memory_of_an_older_worker_is_taken_up(tmp_path):
    state = a_state()
    with sqlite3.connect(tmp_path / "memory.sqlite") as database:
        database.execute("CREATE TABLE watches (camera_id TEXT PRIMARY KEY, state TEXT NOT NULL)")
        database.execute("INSERT INTO watches VALUES ('gate', ?)", (state.model_dump_json(),))
    database.close()
    for _ in range(2):
        with MemoryStore(tmp_path) as store:
            assert store.load("gate") == {"first": state}


def test_views_are_kept_apart(tmp_path):
    state = a_state()
    later = state.model_copy(update={"objects": ()})
    with MemoryStore(tmp_path) as store:
        store.save("gate", "east", state)
        store.save("gate", "west", later)
        assert store.load("gate") == {"east": state, "west": later}
        store.take_over("gate", {"west": state})
        assert store.load("gate") == {"west": state}
