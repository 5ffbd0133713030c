"""The street model that comes with CityPatrol: its card tells the truth about its files."""

import pytest

from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.artefact_choice import chosen_artefact
from models.cards.model_card import ModelCard
from models.cards.stored_model import InstalledModel, files_of
from models.catalogue.issue_catalogue import load_catalogue
from models.coverage.coverage import CoverageStatus, coverage_of
from models.coverage.working_models import chosen_models
from models.model_version import ModelVersion
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from streams.kit.stage_costs import StageCosts

STREET = ModelVersion(name="street", version="2026.11")
# The least mAP50 on each set's validation pictures that the model was made for.
BARS = {"garbage_overflow": 0.78}
# Of the catalogue's types; fewer mean that classes or rules were renamed on one side only.
LEAST_RECOGNISED = 30
MOST_BYTES = 60_000_000


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    settings = RegistrySettings(registry=str(tmp_path_factory.mktemp("registry")))
    return open_registry(settings).fetch(STREET)


def test_every_file_is_what_the_card_says(street: InstalledModel) -> None:
    street.check()
    files = {file.path for file in files_of(street.card)}
    assert {path.name for path in street.folder.iterdir()} == {"card.yaml", *files}
    assert sum(path.stat().st_size for path in street.folder.iterdir()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("form", "precision"),
    [
        (ArtefactFormat.ONNX, ArtefactPrecision.FLOAT32),
        (ArtefactFormat.OPENVINO, ArtefactPrecision.INT8),
        (ArtefactFormat.ULTRALYTICS, ArtefactPrecision.FLOAT16),
    ],
)
def test_it_comes_in_every_form(
    street: InstalledModel, form: ArtefactFormat, precision: ArtefactPrecision
) -> None:
    assert street.card.artefact(form, precision) is not None


def recorded(card: ModelCard, precision: ArtefactPrecision) -> dict[str, tuple[float, float]]:
    return {
        result.set_name: (result.map50, result.map50_95)
        for result in card.results
        if result.precision is precision
    }


@pytest.mark.parametrize(("name", "least"), BARS.items())
def test_its_figures_reach_the_bars(street: InstalledModel, name: str, least: float) -> None:
    map50, _ = recorded(street.card, ArtefactPrecision.FLOAT32)[name]
    assert map50 >= least


def test_a_cpu_takes_int8(street: InstalledModel) -> None:
    floats = recorded(street.card, ArtefactPrecision.FLOAT32)
    integers = recorded(street.card, ArtefactPrecision.INT8)
    assert integers.keys() >= floats.keys() >= BARS.keys()
    assert chosen_artefact(street.card, "CPU").precision is ArtefactPrecision.INT8


def test_the_catalogue_knows_what_it_sees_and_asks_for_it(street: InstalledModel) -> None:
    catalogue = load_catalogue()
    assert set(street.card.class_names) <= set(catalogue.visual_classes)
    coverage = coverage_of(catalogue, chosen_models(open_registry(RegistrySettings()), [STREET]))
    able = (CoverageStatus.RECOGNISABLE, CoverageStatus.PARTLY)
    assert sum(coverage.totals[status] for status in able) >= LEAST_RECOGNISED


def test_its_sets_are_named_with_licence_and_hash(street: InstalledModel) -> None:
    assert {one.name for one in street.card.training_sets} >= BARS.keys()
    assert all(one.licence and one.pictures for one in street.card.training_sets)
    assert "AGPL-3.0" in (street.card.licence or "")


def test_it_passes_its_self_test_here(street: InstalledModel) -> None:
    assert street.card.self_test is not None
    running = ModelOpener(DetectorSettings(), StageCosts()).open(street)
    running.backend.close()
