"""Stream addresses lie sealed in the database, and go to workers alone."""

import json

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from api.accounts.role import KeyScope, Role
from api.cameras.address_cipher import AddressCipher, SealedAddressError, camera_key
from api.commands.key_commands import register
from api.routes.examples import CAMERA
from api.settings import ApiSettings
from tests.api.running_api import RunningApi, make_key

ADDRESS = CAMERA["stream_url"]
OLD, NEW = camera_key("o" * 32), camera_key("n" * 32)


def kept(settings: ApiSettings) -> str:
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        row = connection.execute("SELECT stream_url FROM cameras").fetchone()
    assert row is not None
    return row[0]


def test_sealed_address_opens_for_its_camera_alone():
    cipher = AddressCipher([NEW])
    sealed = cipher.seal("gate", ADDRESS)
    assert "secret" not in sealed
    assert sealed != cipher.seal("gate", ADDRESS)
    assert cipher.open("gate", sealed) == ADDRESS
    with pytest.raises(SealedAddressError, match="'bridge' was changed in the database"):
        cipher.open("bridge", sealed)
    with pytest.raises(SealedAddressError, match="'gate' was changed"):
        cipher.open("gate", sealed[:-4] + "AAA=")


def test_address_from_before_opens_as_it_is():
    assert AddressCipher([NEW]).open("gate", ADDRESS) == ADDRESS


def test_key_from_before_opens_and_an_unknown_one_is_named():
    sealed = AddressCipher([OLD]).seal("gate", ADDRESS)
    assert AddressCipher([NEW, OLD]).open("gate", sealed) == ADDRESS
    with pytest.raises(SealedAddressError, match="CAMERA_KEY_BEFORE"):
        AddressCipher([NEW]).open("gate", sealed)
    assert repr(AddressCipher([NEW])).startswith("AddressCipher(")


def test_address_lies_sealed_and_goes_to_workers_alone(api: RunningApi):
    written = api.add_camera()
    assert written["stream_url"] == "rtsp://***"
    assert kept(api.settings).startswith("sealed:")
    path = f"/v1/cameras/{CAMERA['camera_id']}"
    address = api.settings.database_url.get_secret_value()
    worker = api.client(make_key(address, "watching", KeyScope.WORKER))
    assert worker.get(path).json()["stream_url"] == ADDRESS
    assert worker.get("/v1/cameras").json()[0]["stream_url"] == ADDRESS
    for client in (api.reader, api.user(Role.OPERATOR), api.user(Role.ADMINISTRATOR)):
        answers = [client.get(path), client.get("/v1/cameras"), client.get("/v1/cameras.geojson")]
        shown = json.dumps([answer.json() for answer in answers])
        assert "10.20.0.31" not in shown
        assert "secret" not in shown


def seal(settings: ApiSettings, monkeypatch: pytest.MonkeyPatch, **changes: str) -> str:
    """Run `citypatrol keys seal` with settings changed, and return what it says."""
    address = settings.database_url.get_secret_value()
    for name, value in {"database_url": address, **changes}.items():
        monkeypatch.setenv(f"CITYPATROL_API_{name.upper()}", value)
    # Not the whole command line, which would take the logs of this process along.
    app = typer.Typer()
    register(app)
    arguments = ["keys", "seal", "--data-dir", str(settings.data_dir)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.output.strip()


def test_plain_addresses_are_sealed(api: RunningApi, monkeypatch: pytest.MonkeyPatch):
    api.add_camera()
    with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
        connection.execute("UPDATE cameras SET stream_url = %s", [ADDRESS])
    assert seal(api.settings, monkeypatch) == "1 addresses sealed anew"
    assert kept(api.settings).startswith("sealed:")
    assert api.http.get(f"/v1/cameras/{CAMERA['camera_id']}").json()["stream_url"] == ADDRESS
    assert seal(api.settings, monkeypatch) == "0 addresses sealed anew"


def test_change_of_key_seals_anew(api: RunningApi, monkeypatch: pytest.MonkeyPatch):
    api.add_camera()
    before = kept(api.settings)
    assert seal(api.settings, monkeypatch, camera_key="k" * 32) == "1 addresses sealed anew"
    assert kept(api.settings) != before
    # This node does not know the key.
    path = f"/v1/cameras/{CAMERA['camera_id']}"
    for answer in (api.http.get(path), api.http.get("/v1/cameras")):
        assert answer.status_code == 500
        assert "CITYPATROL_API_CAMERA_KEY_BEFORE" in answer.json()["detail"]
    assert api.reader.get(path).status_code == 200
