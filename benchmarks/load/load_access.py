"""Who asks a loaded API: keys, and people of units who see only what is theirs."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx

from api.accounts.key_store import KeyStore
from api.accounts.passwords import new_password
from api.accounts.role import KeyScope, Role
from api.accounts.user_store import NewUser, UserStore
from api.database.database import Database
from benchmarks.load.posted_events import LoadError
from demo.district_accounts import DistrictKeys, visiting


@dataclass(frozen=True, slots=True)
class LoadAccess:
    """What opens the API of a benchmark.

    Attributes:
        keys: Of its worker and its operator.
        people: Login and password of somebody of each unit.
    """

    keys: DistrictKeys
    people: Mapping[str, tuple[str, str]] = field(repr=False)


def make_access(folder: Path, units: Sequence[str]) -> LoadAccess:
    """Make keys and people in the database of an API's data folder; each run has its own.

    Args:
        folder: The data folder; its server may run or not.
        units: Whose people are made.
    """
    run = secrets.token_hex(4)
    people = {unit: (f"load-{run}-{number}", new_password()) for number, unit in enumerate(units)}

    async def make(database: Database) -> DistrictKeys:
        users, keys = UserStore(database), KeyStore(database)
        for unit, (login, password) in people.items():
            roles = frozenset({Role.DEPARTMENT})
            await users.create(NewUser(login, login, password, roles, unit))
        return DistrictKeys(
            own=await keys.create(f"load-{run}", [KeyScope.OPERATE, KeyScope.READ]),
            worker=await keys.create(f"load-{run}-worker", [KeyScope.WORKER]),
        )

    return LoadAccess(visiting(folder, make), people)


async def bearer_of(http: httpx.AsyncClient, login: str, password: str) -> str:
    """Sign somebody in and return their access token.

    Raises:
        LoadError: The API does not let them in.
    """
    form = {"grant_type": "password", "username": login, "password": password}
    answer = await http.post("/v1/tokens", data=form)
    if answer.status_code != HTTPStatus.OK:
        raise LoadError(f"{login} could not sign in: {answer.text[:300]}")
    return str(answer.json()["access_token"])
