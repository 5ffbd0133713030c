"""``citypatrol keys seal``: cameras' addresses in the database, sealed with the present key."""

import asyncio

import typer

from api.accounts.secret_key import secret_of
from api.cameras.camera_keys import PURPOSE, address_cipher
from api.cameras.camera_store import CameraStore
from api.database.database import Database, visited_database
from api.grids.grid_store import GridStore
from api.http.heavy_work import HeavyWork
from api.settings import ApiSettings
from streams.kit.settings_options import settings_options


@settings_options(ApiSettings)
def seal_addresses(settings: ApiSettings) -> None:
    """Seal the stream addresses of all cameras anew, after a change of camera_key."""
    given = settings.secret_key
    secret = secret_of(settings.data_dir, None if given is None else given.get_secret_value())
    cipher = address_cipher(settings, secret.for_purpose(PURPOSE))

    async def seal(database: Database) -> int:
        try:
            with HeavyWork() as heavy:
                return await CameraStore(database, heavy, cipher, GridStore(database)).seal_all()
        finally:
            await database.close()

    with visited_database(settings) as url:
        sealed = asyncio.run(seal(Database(url, connections=1)))
    typer.echo(f"{sealed} addresses sealed anew")
