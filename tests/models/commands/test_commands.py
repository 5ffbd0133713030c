import json
from pathlib import Path

import pytest
import yaml

from models.cards.model_card import CARD_FILE_NAME
from models.registry.registry import UnknownModelVersionError
from streams.kit.errors import CityPatrolError
from tests.colour_model import write_colour_model
from tests.models.registered import install


def test_an_empty_registry_is_said(models, registry: Path):
    assert f"no model is installed in {registry}" in models("list")


def test_models_are_listed_and_shown(models, registry: Path):
    install(registry, "squares@1")
    listed = models("list")
    assert "squares" in listed
    assert "ready" in listed
    shown = models("show", "squares")
    assert "AGPL-3.0-or-later" in shown
    assert "bicycle" in shown
    assert yaml.safe_load(models("show", "squares@1", "--yaml"))["name"] == "squares"
    assert json.loads(models("show", "squares@1", "--json"))["version"] == "1"
    with pytest.raises(CityPatrolError, match="give one of them"):
        models("show", "squares", "--json", "--yaml")


def test_a_damaged_model_is_listed_beside_the_others(models, registry: Path):
    install(registry, "good@1")
    install(registry, "torn@1")
    (registry / "torn" / "1" / "model.onnx").write_bytes(b"torn")
    install(registry, "bad@1")
    (registry / "bad" / "1" / CARD_FILE_NAME).write_text("name: [")
    listed = models("list")
    assert "ready" in listed
    assert "changed or torn" in listed
    assert "bad/1: model card" in listed


def test_an_entry_of_an_old_version_is_named_once_with_the_way_out(models, registry: Path):
    write_colour_model(registry / "colour-0123-640")
    listed = models("list")
    assert listed.count("colour-0123-640") == 1
    assert "models add" in listed


def test_bad_values_are_named(models):
    with pytest.raises(CityPatrolError, match=r"--input-pixels .*multiple of 32.* got '33'"):
        models("add", "some.pt", "--input-pixels", "33")
    with pytest.raises(UnknownModelVersionError, match="'absent'"):
        models("show", "absent")
