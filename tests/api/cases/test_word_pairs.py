"""Which pairs of letters of a searched text an index is asked for."""

import asyncio

import pytest
from sqlalchemy import create_engine, text

from api.cases.word_pairs import PAIRS_ASKED, pairs_of, rarest_pairs
from api.database.database import Database, database_address
from benchmarks.load.many_cases import fill_with_cases

SEARCHED = "人行道上停了机动车 10"


@pytest.mark.parametrize(
    ("said", "pairs"),
    [("车", ("车",)), ("井盖", ("井盖",)), ("车车车 ", ("车车", "车 ")), ("a_b", ("a_", "_b"))],
)
def test_pairs_are_of_letters_beside_each_other(said: str, pairs: tuple[str, ...]) -> None:
    assert pairs_of(said) == pairs


def test_rarest_pairs_are_asked_for(database_url: str) -> None:
    fill_with_cases(database_url, 2000, ["09001"])
    asked = asyncio.run(asked_pairs(database_url, SEARCHED + "鲸"))
    assert len(asked) == PAIRS_ASKED
    assert {"0鲸", "10"} <= set(asked)
    # Of all that ends in a number, and of a third of these numbers.
    assert "车 " not in asked
    assert " 1" not in asked


def test_without_statistics_any_pairs_are_asked_for(database_url: str) -> None:
    engine = create_engine(database_address(database_url))
    with engine.connect() as connection:
        known = text("SELECT count(*) FROM pg_stats WHERE tablename = 'ix_cases_words'")
        assert connection.execute(known).scalar_one() == 0
    engine.dispose()
    assert asyncio.run(asked_pairs(database_url, SEARCHED)) == pairs_of(SEARCHED)[:PAIRS_ASKED]


async def asked_pairs(url: str, said: str) -> tuple[str, ...]:
    database = Database(database_address(url), connections=1)
    try:
        async with database.reading() as connection:
            return await rarest_pairs(connection, said)
    finally:
        await database.close()
