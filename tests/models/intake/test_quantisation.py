import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings, Precision
from labeling.training.calibration import CalibrationPictures
from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelFileError, read_card
from models.cards.stored_model import InstalledModel
from models.intake.openvino_artefact import write_openvino
from models.intake.openvino_graph import precision_of_graph, read_graph
from models.intake.quantisation import QuantisationError, nncf_is_installed, quantise
from models.intake.quantised_version import INT8_FILE_NAME, add_quantised_version
from models.registry.folder_registry import FolderRegistry
from streams.kit.stage_costs import StageCosts
from tests.colour_model import CLASS_NAMES, ColourSquare, colour_square_picture
from tests.labeling.picture_folder import write_pictures
from tests.models.registered import write_draft
from tests.shared_material import REPOSITORY

pytestmark = pytest.mark.skipif(
    not nncf_is_installed(), reason="the extra 'train' (nncf) is not installed"
)
WAIT = 60
NO_PICTURES: tuple[np.ndarray, ...] = ()
UNREACHABLE = """
import socket, sys
from pathlib import Path

def refuse(*address):
    raise SystemExit(f"the network was asked for {address}")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
from models.intake.quantisation import quantise
import numpy as np
picture = np.zeros((1, 3, 640, 640), np.float32)
quantise(Path(sys.argv[1]), [picture], Path(sys.argv[2]))
reporter = sys.modules["nncf.telemetry.wrapper"].telemetry
print(type(reporter).__module__)
"""


@pytest.fixture(scope="module")
def floating(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    folder = tmp_path_factory.mktemp("float")
    return FolderRegistry(folder / "registry").add(write_draft(folder / "draft", "colours@1"))


@pytest.fixture(scope="module")
def pictures(
    tmp_path_factory: pytest.TempPathFactory, floating: InstalledModel
) -> CalibrationPictures:
    paths = write_pictures(tmp_path_factory.mktemp("pictures"), 6)
    return CalibrationPictures(paths, floating.card.preprocessing)


@pytest.fixture(scope="module")
def quantised(
    tmp_path_factory: pytest.TempPathFactory,
    floating: InstalledModel,
    pictures: CalibrationPictures,
) -> InstalledModel:
    registry = FolderRegistry(tmp_path_factory.mktemp("quantised"))
    return add_quantised_version(floating, pictures, registry)


def only_int8(model: InstalledModel) -> InstalledModel:
    int8 = model.card.artefact(ArtefactFormat.OPENVINO, ArtefactPrecision.INT8)
    return InstalledModel(model.card.model_copy(update={"artefacts": (int8,)}), model.folder)


def test_the_new_version_has_what_the_old_one_had_and_int8(
    floating: InstalledModel, quantised: InstalledModel
):
    card = quantised.card
    assert str(card.model_version) == "colours@1-int8"
    assert card.parent == floating.card.model_version
    assert card.artefacts[:-1] == floating.card.artefacts
    int8 = card.artefacts[-1]
    assert (int8.format, int8.precision) == (ArtefactFormat.OPENVINO, ArtefactPrecision.INT8)
    assert [file.path for file in int8.files] == [INT8_FILE_NAME, "model-int8.bin"]
    assert "6 pictures" in int8.note
    quantised.check()
    assert read_card(quantised.folder / "card.yaml") == card


@pytest.mark.parametrize("precision", Precision)
def test_it_finds_the_same(quantised: InstalledModel, precision: Precision):
    settings = DetectorSettings(precision=precision)
    picture = colour_square_picture([ColourSquare("car", 0.3, 0.3), ColourSquare("boat", 0.7, 0.7)])
    with OpenVinoBackend(only_int8(quantised), settings, StageCosts()) as backend:
        assert backend.artefact.precision is ArtefactPrecision.INT8
        found = backend.detect([picture]).result(WAIT)[0]
    assert {found.class_names[index] for index in found.class_ids} == {"car", "boat"}
    assert set(found.class_names) == set(CLASS_NAMES)


def test_decoding_stays_in_float(quantised: InstalledModel):
    graph = read_graph(quantised.folder / INT8_FILE_NAME)
    assert precision_of_graph(graph) is ArtefactPrecision.INT8
    last = graph.get_results()[0].input_value(0).get_node()
    assert last.get_type_name() == "Concat"
    assert all(
        port.get_source_output().get_node().get_type_name() != "FakeQuantize"
        for port in last.inputs()
    )


def test_nothing_is_reported_to_anybody(floating: InstalledModel, tmp_path: Path):
    # In a process of its own: under pytest NNCF never reports.
    source = floating.path_of(floating.card.artefacts[0])
    done = subprocess.run(
        [sys.executable, "-c", UNREACHABLE, str(source), str(tmp_path / "int8.xml")],
        cwd=REPOSITORY,
        env={"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["unittest.mock"]


def test_without_pictures(floating: InstalledModel, tmp_path: Path):
    with pytest.raises(QuantisationError, match="without pictures"):
        quantise(floating.path_of(floating.card.artefacts[0]), NO_PICTURES, tmp_path / "int8.xml")


def test_int8_is_not_quantised_again(
    quantised: InstalledModel, pictures: CalibrationPictures, tmp_path: Path
):
    with pytest.raises(QuantisationError, match="has an INT8 artefact already"):
        add_quantised_version(quantised, pictures, FolderRegistry(tmp_path))
    with pytest.raises(QuantisationError, match="INT8 already: quantise the float one"):
        quantise(quantised.folder / INT8_FILE_NAME, pictures, tmp_path / "again.xml")
    with pytest.raises(QuantisationError, match=r"has only tensorrt int8: .* add the trained"):
        add_quantised_version(trained_only(quantised), pictures, FolderRegistry(tmp_path))


def trained_only(model: InstalledModel) -> InstalledModel:
    artefact = model.card.artefacts[-1].model_copy(update={"format": ArtefactFormat.TENSORRT})
    return InstalledModel(model.card.model_copy(update={"artefacts": (artefact,)}), model.folder)


def test_pictures_of_another_shape(floating: InstalledModel, tmp_path: Path):
    source = floating.path_of(floating.card.artefacts[0])
    with pytest.raises(ModelFileError, match=r"takes no input of shape \(1, 4, 64, 64\)"):
        quantise(source, [np.zeros((1, 4, 64, 64), np.float32)], tmp_path / "int8.xml")


def test_a_target_that_cannot_be_written(
    floating: InstalledModel, pictures: CalibrationPictures, tmp_path: Path
):
    source = floating.path_of(floating.card.artefacts[0])
    (tmp_path / "file").touch()
    with pytest.raises(ModelFileError, match=r"int8\.xml cannot be written"):
        quantise(source, pictures, tmp_path / "file" / "int8.xml")


def test_without_nncf_the_way_out_is_named(
    floating: InstalledModel,
    pictures: CalibrationPictures,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("models.intake.quantisation.nncf_is_installed", lambda: False)
    with pytest.raises(QuantisationError, match=r"NNCF is not installed: pip install .*\[train\]"):
        quantise(floating.path_of(floating.card.artefacts[0]), pictures, tmp_path / "int8.xml")


def test_openvino_s_own_form_halves_the_weights(floating: InstalledModel, tmp_path: Path):
    source = floating.path_of(floating.card.artefacts[0])
    artefact = write_openvino(read_graph(source), tmp_path / "model.xml", "made for a test")
    assert (artefact.format, artefact.precision) == (
        ArtefactFormat.OPENVINO,
        ArtefactPrecision.FLOAT16,
    )
    card = floating.card.model_copy(update={"artefacts": (artefact,)})
    picture = colour_square_picture([ColourSquare("truck", 0.5, 0.5)])
    with OpenVinoBackend(
        InstalledModel(card, tmp_path), DetectorSettings(), StageCosts()
    ) as backend:
        found = backend.detect([picture]).result(WAIT)[0]
    assert found.class_names[found.class_ids[0]] == "truck"
