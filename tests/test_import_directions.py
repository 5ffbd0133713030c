"""Imports point to the left only; the contracts are data in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
CONFIGURATION = REPOSITORY / "pyproject.toml"
ROOT_PACKAGES = tomllib.loads(CONFIGURATION.read_text())["tool"]["importlinter"]["root_packages"]

VIOLATIONS = [
    ("streams", "streams.camera", "from models.catalogue import issue_type"),
    ("models", "models.intake.export", "import detector"),
    ("models", "models.intake.export", "def export():\n    import api.contract.events"),
    ("detector", "detector.worker.worker", "from api.events import event_store"),
    ("contract", "api.contract.events", "import fastapi"),
    ("contract", "api.contract.confirmations", "from models.rules import confirmation"),
    ("contract", "api.contract.conditions", "from models.catalogue import issue_type"),
    ("contract", "api.contract.memories", "from models.catalogue import issue_type"),
    ("contract", "api.contract.references", "from models.catalogue import issue_type"),
    ("contract", "api.contract.models", "from models import model_version"),
    ("api", "api.app", "from detector.worker.worker import Worker"),
    ("api", "api.app", "import torch"),
    ("api", "api.app", "from streams.reading import stream_reader"),
    ("detector", "detector.worker.worker", "import labeling.data_sets.data_set"),
    ("labeling", "labeling.data_sets.data_set", "from api.events import event_store"),
    ("demo", "demo.city_demo", "import labeling.data_sets.data_set"),
    ("benchmarks", "models.intake.export", "import benchmarks"),
    ("streams-rooms", "streams.kit.errors", "import streams.reading.stream_reader"),
    ("models-rooms", "models.rules.rule", "import models.coverage.coverage"),
    ("detector-rooms", "detector.rules.look_view", "import detector.worker.worker"),
    ("api-rooms", "api.events.event_store", "import api.routes.events"),
    ("labeling-rooms", "labeling.data_sets.data_set", "import labeling.training.run"),
    ("benchmarks-rooms", "benchmarks.scenes.scene", "import benchmarks.events.events"),
]
"""Contract, a module and what it must not import."""

MADE_UP_HOUSE = {
    "streams.camera": "",
    "streams.kit.errors": "",
    "models.rules.rule": "",
    "models.coverage.coverage": "import models.rules.rule",
    "detector.rules.look_view": "",
    "api.routes.events": "import api.events.event_store",
    "labeling.training.run": "import labeling.data_sets.data_set",
    "benchmarks.scenes.scene": "",
    "benchmarks.events.events": "import benchmarks.scenes.scene",
    "streams.reading.camera_check": "import streams.reading.stream_reader",
    "streams.reading.stream_reader": "import av",
    "models.catalogue.issue_type": "import streams.camera",
    "models.intake.export": "import ultralytics",
    "api.contract.conditions": "import pydantic",
    "api.contract.confirmations": "import pydantic",
    "api.contract.events": "import api.contract.confirmations",
    "api.contract.memories": "import pydantic",
    "api.contract.models": "import api.contract.events",
    "api.contract.references": "import api.contract.events",
    "api.events.event_store": "import api.contract.events",
    "api.app": "import api.events.event_store",
    "api.commands.camera_commands": "def check():\n    import streams.reading.camera_check",
    "detector.handover.hand_over": "import api.contract.memories, api.contract.references",
    "detector.worker.worker": (
        "import api.contract.events, api.contract.models, models.catalogue.issue_type, "
        "streams.camera"
    ),
    "labeling.data_sets.data_set": "import detector.worker.worker, models.catalogue.issue_type",
    "demo.city_demo": "import detector.worker.worker",
    "benchmarks.throughput.throughput": (
        "import detector.worker.worker, labeling.data_sets.data_set"
    ),
}
"""A house that keeps every contract: module to source."""

IMPORT_EVERY_MODULE = """
import importlib, pkgutil, sys
for absent in ("av", "cv2", "openvino", "torch", "ultralytics"):
    sys.modules[absent] = None
import api
for module in pkgutil.walk_packages(api.__path__, "api."):
    if ".migrations" not in module.name:
        importlib.import_module(module.name)
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with this project's contracts and a made-up package for each root."""
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION.read_text())
    for package in ROOT_PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for module, source in MADE_UP_HOUSE.items():
        add_source(tmp_path, module, source)
    for room in layered_rooms():
        if not (tmp_path / room).exists():
            (tmp_path / room).with_suffix(".py").touch()
    return tmp_path


def layered_rooms() -> list[str]:
    """Every room and module that the layers name, as a path without suffix."""
    contracts = tomllib.loads(CONFIGURATION.read_text())["tool"]["importlinter"]["contracts"]
    return [
        f"{contract['containers'][0]}/{room}"
        for contract in contracts
        if contract["type"] == "layers"
        for layer in contract["layers"]
        for room in layer.split(" | ")
    ]


def test_no_top_shelf_holds_more_than_sixteen_files():
    for package in ROOT_PACKAGES:
        shelf = [file for file in (REPOSITORY / package).glob("*.py") if file.stem != "__init__"]
        assert len(shelf) <= 16, f"{package}: {sorted(file.name for file in shelf)}"


def add_source(folder: Path, module: str, source: str) -> None:
    file = folder / f"{module.replace('.', '/')}.py"
    for room in file.relative_to(folder).parents[:-1]:
        (folder / room).mkdir(exist_ok=True, parents=True)
        (folder / room / "__init__.py").touch()
    with file.open("a") as opened:
        opened.write(f"{source}\n")


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_package_keeps_the_directions():
    linted = lint_imports(REPOSITORY)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_package_is_linted():
    packages = {module.parent.name for module in REPOSITORY.glob("*/__init__.py")}
    assert packages - {"tests"} == set(ROOT_PACKAGES)


def test_made_up_house_is_kept(house: Path):
    linted = lint_imports(house)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(("contract", "module", "source"), VIOLATIONS)
def test_violation_is_caught(house: Path, contract: str, module: str, source: str):
    add_source(house, module, source)
    linted = lint_imports(house, "--contract", contract)
    assert linted.returncode == 1
    assert "BROKEN" in linted.stdout, linted.stdout + linted.stderr
    assert f"{module} -> " in linted.stdout


def test_api_imports_without_the_workers_libraries():
    imported = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERY_MODULE],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert imported.returncode == 0, imported.stderr
