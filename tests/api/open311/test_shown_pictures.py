"""The first picture of a matter, as a link for whoever may see it."""

from typing import Any

import httpx
import psycopg

from api.accounts.role import KeyScope, Role
from tests.api.cases.conftest import District, district  # noqa: F401
from tests.api.open311.test_open311 import Client, case_of, client  # noqa: F401
from tests.api.running_api import make_key


def test_first_picture_is_a_link_for_whoever_may_see_it(
    client: Client,  # noqa: F811
    district: District,  # noqa: F811
):
    picture = district.api.add_evidence()
    number = client.report()
    case_id = case_of(district, number)["case_id"]
    with psycopg.connect(district.api.settings.database_url.get_secret_value()) as database:
        database.execute(
            "INSERT INTO case_pictures (case_id, sha256, kind, added_by, added_at) "
            "VALUES (%s, %s, 'far', 'street-app', now())",
            [case_id, picture],
        )
    path = f"/open311/v2/requests/{number}.json"

    def link(**options: Any) -> str | None:
        (request,) = client.http.get(path, **options).json()
        return request["media_url"]

    def bearer(shown: httpx.Client) -> dict[str, str]:
        return {"Authorization": shown.headers["Authorization"]}

    address = district.api.settings.database_url.get_secret_value()
    other = make_key(address, "other-app", KeyScope.INTAKE)
    assert link() is None
    assert link(params={"api_key": "cp_wrong"}) is None
    assert link(params={"api_key": other}) is None
    auditor = district.by(Role.AUDITOR)
    assert link(headers=bearer(auditor)) is None
    southern = district.by(Role.VIEWER, "southern", unit_id="south")
    assert link(headers=bearer(southern)) is None
    northern = district.by(Role.VIEWER, "northern", unit_id="north")
    for options in ({"params": {"api_key": client.key}}, {"headers": bearer(northern)}):
        found = link(**options)
        assert found is not None
        assert found.startswith(f"{district.api.url}/v1/evidence/{picture}/signed?")
        assert client.http.get(found).status_code == 200
    assert client.http.get(found.replace("expires=", "expires=9")).status_code == 403
    (listed,) = client.http.get("/open311/v2/requests.json", params={"api_key": client.key}).json()
    assert listed["media_url"] is not None
    with psycopg.connect(address) as database:
        database.execute("UPDATE evidence SET deletion = '{}'")
    assert link(params={"api_key": client.key}) is None
