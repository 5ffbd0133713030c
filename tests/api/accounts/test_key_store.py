"""Keys of machines: what they are for, and when they end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from api.accounts.actor import Actor, ActorKind
from api.accounts.key_store import KeyStore
from api.accounts.role import KeyScope
from api.database.database import Database
from tests.api.accounts.conftest import Run


def test_a_key_is_somebody_s_for_what_it_was_made_for(run: Run):
    async def story(database: Database) -> None:
        keys = KeyStore(database)
        key = await keys.create("wall", [KeyScope.READ, KeyScope.INTAKE, KeyScope.READ])
        scopes = frozenset({KeyScope.READ, KeyScope.INTAKE})
        assert await keys.actor(key) == Actor("wall", ActorKind.KEY, scopes=scopes)
        assert await keys.actor(key + "x") is None
        assert await keys.actor("") is None
        (known,) = await keys.all()
        assert (known.scopes, known.expires_at) == (scopes, None)

    run(story)


@pytest.mark.parametrize(("days", "is_good"), [(1, True), (-1, False)])
def test_a_key_ends_by_itself(run: Run, days: int, is_good: bool):
    async def story(database: Database) -> bool:
        keys = KeyStore(database)
        ends = datetime.now(UTC) + timedelta(days=days)
        key = await keys.create("wall", [KeyScope.READ], ends)
        return await keys.actor(key) is not None

    assert run(story) is is_good


def test_a_key_costs_one_query_by_an_index(run: Run):
    async def story(database: Database) -> tuple[list[str], str]:
        keys = KeyStore(database)
        key = await keys.create("wall", [KeyScope.READ])
        asked: list[str] = []
        async with database.reading() as connection:
            engine = connection.engine.sync_engine
            plan = await connection.exec_driver_sql(
                "SELECT indexdef FROM pg_indexes WHERE tablename = 'worker_keys'"
            )
            indexes = " ".join(plan.scalars())
        event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        assert await keys.actor(key) is not None
        return asked, indexes

    asked, indexes = run(story)
    assert len(asked) == 1
    assert "(key_sha256)" in indexes
