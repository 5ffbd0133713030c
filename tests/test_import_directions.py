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
    ("streams", "streams.camera", "from models import issue_type"),
    ("models", "models.export", "import detector"),
    ("models", "models.export", "def export():\n    import api.contract"),
    ("detector", "detector.worker", "from api import event_store"),
    ("contract", "api.contract", "import fastapi"),
    ("contract", "api.confirmation_contract", "from models.rules import confirmation"),
    ("contract", "api.memory_contract", "from models import issue_type"),
    ("contract", "api.reference_contract", "from models import issue_type"),
    ("contract", "api.model_contract", "from models import model_version"),
    ("api", "api.app", "from detector.worker import Worker"),
    ("api", "api.app", "import torch"),
    ("api", "api.app", "from streams import stream_reader"),
    ("detector", "detector.worker", "import labeling.data_set"),
    ("labeling", "labeling.data_set", "from api import event_store"),
    ("demo", "demo.city_demo", "import labeling.data_set"),
    ("benchmarks", "models.export", "import benchmarks"),
]
"""Contract, a module and what it must not import."""

MADE_UP_HOUSE = {
    "streams.camera": "",
    "streams.camera_check": "import streams.stream_reader",
    "streams.stream_reader": "import av",
    "models.issue_type": "import streams.camera",
    "models.export": "import ultralytics",
    "api.confirmation_contract": "import pydantic",
    "api.contract": "import api.confirmation_contract",
    "api.memory_contract": "import pydantic",
    "api.model_contract": "import api.contract",
    "api.reference_contract": "import api.contract",
    "api.event_store": "import api.contract",
    "api.app": "import api.event_store",
    "api.commands": "def check():\n    import streams.camera_check",
    "detector.hand_over": "import api.memory_contract, api.reference_contract",
    "detector.worker": "import api.contract, api.model_contract, models.issue_type, streams.camera",
    "labeling.data_set": "import detector.worker, models.issue_type",
    "demo.city_demo": "import detector.worker",
    "benchmarks.throughput": "import detector.worker, labeling.data_set",
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
    return tmp_path


def add_source(folder: Path, module: str, source: str) -> None:
    with (folder / f"{module.replace('.', '/')}.py").open("a") as file:
        file.write(f"{source}\n")


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
