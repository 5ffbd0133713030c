"""Addresses and migrations of the database."""

import threading

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from api.database.database import DatabaseError, database_address, latest_migration, migrate
from api.database.embedded_postgres import EmbeddedPostgres
from api.database.schema import metadata


def test_models_and_migrations_agree(database_url: str):
    engine = create_engine(database_address(database_url))
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == latest_migration()
        unlogged = connection.exec_driver_sql(
            "SELECT DISTINCT relpersistence FROM pg_class "
            "WHERE relname IN ('camera_previews', 'camera_conditions')"
        ).scalar_one()
        assert unlogged == "u"
    engine.dispose()


def test_nodes_that_start_together_take_turns(postgres: EmbeddedPostgres):
    maintenance = postgres.url.replace("///citypatrol?", "///postgres?")
    address = postgres.url.replace("///citypatrol?", "///together?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("CREATE DATABASE together")
        failures = []

        def start() -> None:
            try:
                migrate(database_address(address))
            except Exception as error:  # noqa: BLE001 - shown by the assertion
                failures.append(error)

        nodes = [threading.Thread(target=start) for _ in range(4)]
        for node in nodes:
            node.start()
        for node in nodes:
            node.join()
        connection.execute("DROP DATABASE together")
    assert failures == []


def test_database_of_a_newer_program_is_left_alone(database_url: str):
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseError, match=r"'9999'.*newer"):
        migrate(database_address(database_url))


@pytest.mark.parametrize(
    "address",
    ["sqlite:///x", "mysql://u:hidden@h/x", "hidden", "postgresql://u:hidden@h:port/x", ""],
)
def test_wrong_address_is_refused_without_its_password(address: str):
    with pytest.raises(DatabaseError, match="postgresql://") as caught:
        database_address(address)
    assert "hidden" not in str(caught.value)


def test_database_that_does_not_answer_is_named_without_its_password():
    url = database_address("postgresql://user:hidden@127.0.0.1:1/citypatrol")
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1:1/citypatrol") as caught:
        migrate(url)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("table", ["audit_records", "case_flow"])
@pytest.mark.parametrize("statement", ["TRUNCATE {}", "TRUNCATE users, {} CASCADE"])
def test_what_only_grows_is_not_emptied(database_url: str, table: str, statement: str):
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(psycopg.errors.RaiseException, match=f"{table} only grows"),
    ):
        connection.execute(statement.format(table))
