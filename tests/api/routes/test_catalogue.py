"""The catalogue and its coverage over HTTP, with a city's overlay and live models."""

from pathlib import Path

import pytest

from api.routes import examples
from api.settings import ApiSettings
from models.catalogue.error import CatalogueError
from models.catalogue.issue_catalogue import load_catalogue
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from tests.api.running_api import RunningApi, event

OVERLAY = """\
overlay_version: city-1
types:
  - {code: "09009", department: town, rule: {dwell_seconds: 5}}
switched_off: ["06010"]
"""


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "city.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    monkeypatch.setenv("CITYPATROL_CATALOGUE_OVERLAYS", str(path))
    monkeypatch.setenv("CITYPATROL_MODEL_REGISTRY", str(tmp_path / "models"))
    return path


def promote(api: RunningApi, name: str, version: str) -> None:
    promotion = {**examples.PROMOTION, "version": version}
    answer = api.http.post(f"/v1/models/{name}/promotions", json=promotion)
    assert answer.status_code == 201, answer.text


def test_the_city_s_overlay_is_what_everyone_reads(overlay: Path, settings: ApiSettings):
    with RunningApi(settings) as api:
        document = api.reader.get("/v1/catalogue").json()
        assert document["catalogue_version"] == "2026.3+city-1"
        assert document["overlays"] == ["city-1"]
        types = {one["issue_type"]["code"]: one for one in document["types"]}
        assert types.keys() == load_catalogue().types.keys()
        assert types["09009"].keys() == examples.CATALOGUE["types"][0].keys()
        assert types["09009"]["issue_type"]["rule"]["dwell_seconds"] == 5
        assert types["09009"]["department"]["en"] == "Town or sub-district"
        assert (types["06010"]["watched"], types["06010"]["unwatched"]) == (False, "switched_off")

        camera = api.add_camera()
        api.add_evidence()
        feature = event(1, camera_id=camera["camera_id"], catalogue_version="2026.3+city-1")
        assert api.post(feature)[0]["status"] == "stored"
        (stored,) = api.reader.get("/v1/events").json()["features"]
        assert stored["properties"]["catalogue_version"] == "2026.3+city-1"
        assert stored["properties"]["department_en"] == "Town or sub-district"


def test_coverage_counts_what_is_live(overlay: Path, settings: ApiSettings):
    shipped = open_registry(RegistrySettings()).shipped.versions()[0]
    with RunningApi(settings) as api:
        alone = api.reader.get("/v1/catalogue/coverage").json()
        assert alone.keys() == examples.COVERAGE.keys()
        assert alone["totals"].keys() == examples.COVERAGE["totals"].keys()
        assert alone["types"][0].keys() == examples.COVERAGE["types"][0].keys()
        assert alone["models"] == [str(shipped)]
        statuses = {one["code"]: one["status"] for one in alone["types"]}
        assert (statuses["09009"], statuses["06010"]) == ("recognisable", "switched_off")

        promote(api, "elsewhere", "1")
        unknown = api.reader.get("/v1/catalogue/coverage").json()
        assert unknown["models"] == unknown["models_without_card"] == ["elsewhere@1"]
        statuses = {one["code"]: one["status"] for one in unknown["types"]}
        assert statuses["09009"] == "needs_classes"

        promote(api, shipped.name, shipped.version)
        both = api.reader.get("/v1/catalogue/coverage").json()
        assert both["models"] == ["elsewhere@1", str(shipped)]
        assert both["totals"] == alone["totals"]


def test_an_api_does_not_start_with_an_overlay_that_is_wrong(overlay: Path, settings: ApiSettings):
    overlay.write_text('overlay_version: x\nswitched_on: ["00000"]\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"city\.yaml: switched_on entry 1: '00000' is no"):
        RunningApi(settings)
