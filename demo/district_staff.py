"""The people of a small district: a user for each role, and for each person on duty."""

import asyncio
import csv
from collections.abc import Mapping
from pathlib import Path

from api.accounts.passwords import new_password
from api.accounts.role import Role
from api.accounts.user_store import NewUser, UserStore
from api.database.database import Database
from api.dispatch.dispatch_store import DispatchStore
from api.dispatch.settings import DispatchSettings
from api.dispatch.table_files import TableFolder
from api.dispatch.table_import import import_tables
from api.grids.grid_store import GridStore
from demo.demo_cameras import GRIDS
from demo.district_accounts import visiting
from models.catalogue.issue_catalogue import load_catalogue

DISPATCH_TABLES = Path(__file__).with_name("dispatch")
DISTRICT = "demo_district"

OFFICE = (
    Role.COLLECTOR,
    Role.ACCEPTOR,
    Role.SHIFT_LEAD,
    Role.DISPATCHER,
    Role.DEPARTMENT,
    Role.SUPERVISOR,
    Role.EVALUATOR,
)
"""Whoever has one of these roles is called like it."""


def make_staff(folder: Path) -> Mapping[str, str]:
    """Make the users in the database of the API whose data lie in ``folder``.

    Returns:
        Their passwords by their logins.
    """

    async def make(database: Database) -> Mapping[str, str]:
        users = UserStore(database)
        staff = _staff()
        await asyncio.gather(*(users.create(one) for one in staff))
        return {one.login: one.password for one in staff}

    return visiting(folder, make)


def import_dispatch_tables(folder: Path) -> None:
    """Import the district's tables into the API whose data lie in ``folder``."""

    async def make(database: Database) -> None:
        settings, catalogue = DispatchSettings(), load_catalogue()
        store = DispatchStore(database, GridStore(database), catalogue, settings)
        await import_tables(store, TableFolder(DISPATCH_TABLES, catalogue, settings, GRIDS))

    visiting(folder, make)


def _staff() -> list[NewUser]:
    office = [
        NewUser(role.value, role.value, new_password(), frozenset({role}), DISTRICT)
        for role in OFFICE
    ]
    with (DISPATCH_TABLES / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        shifts = {row["person"]: row["unit_id"] for row in csv.DictReader(file)}
    handlers = [
        NewUser(login, login, new_password(), frozenset({Role.HANDLER}), unit_id)
        for login, unit_id in shifts.items()
    ]
    return [*office, *handlers]
