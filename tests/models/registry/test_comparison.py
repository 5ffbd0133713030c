import json
from pathlib import Path

import pytest

from models.cards.model_card import ModelCard
from models.registry.folder_registry import FolderRegistry
from tests.colour_model import CLASS_NAMES
from tests.models.registered import write_draft


def class_result(name: str, ap50: float, **changes: object) -> dict:
    return {
        "visual_class": name,
        "boxes": 12,
        "ap50": ap50,
        "ap50_95": ap50 / 2,
        "precision": 0.8,
        "recall": 0.7,
        "threshold": 0.3,
        **changes,
    }


def set_result(name: str, ap50: float, precision: str = "float32", **changes: object) -> dict:
    return {
        "set_name": name,
        "split": "val",
        "format": "onnx",
        "precision": precision,
        "pictures": 90,
        "map50": ap50,
        "map50_95": ap50 / 2,
        "classes": [class_result("car", ap50)],
        **changes,
    }


@pytest.fixture
def two(registry: Path, tmp_path: Path) -> None:
    """Versions 1 and 2 of a model, measured on partly the same pictures."""
    classes = [{"name": name, "visual_class": name} for name in CLASS_NAMES]
    first = [
        set_result("street", 0.6),
        set_result("street", 0.5, precision="int8"),
        set_result("river", 0.4),
        set_result("quay", 0.4),
        set_result("pond", 0.1, classes=[class_result("car", 0.1, source="unseen")]),
    ]
    both = [class_result("car", 0.7), class_result("van", 0.2)]
    second = [
        set_result("street", 0.7, classes=both),
        set_result("river", 0.3, precision="int8"),
        set_result("quay", 0.9, pictures=91),
        set_result("pond", 0.9, classes=[class_result("car", 0.9, source="trained")]),
        set_result(
            "pond", 0.3, classes=[class_result("car", 0.3, source="unseen")], by_stand_in=True
        ),
    ]
    renamed = [*classes[:5], {"name": "van", "visual_class": "van"}]
    for version, results, known in (("m@1", first, classes), ("m@2", second, renamed)):
        draft = write_draft(tmp_path / version, version, results=results, classes=known)
        FolderRegistry(registry).add(draft)


def test_results_on_the_same_pictures_stand_side_by_side(models, two):
    compared = json.loads(models("compare", "m@1", "m@2", "--json"))
    assert compared["versions"] == ["m@1", "m@2"]
    assert compared["only_first"] == ["boat"]
    assert compared["only_second"] == ["van"]
    pairs = [
        (one["first"]["set_name"], one["first"]["precision"], one["second"]["precision"])
        for one in compared["sets"]
    ]
    assert pairs == [
        ("street", "float32", "float32"),
        ("river", "float32", "int8"),
        ("pond", "float32", "float32"),
    ]
    assert compared["not_compared"] == ["quay val (90 pictures)", "quay val (91 pictures)"]
    street = compared["sets"][0]["classes"]
    assert [(one["visual_class"], one["first"] is None) for one in street] == [
        ("car", False),
        ("van", True),
    ]
    assert compared["bytes"][0]["onnx float32"] > 1000


def test_versions_are_judged_by_pictures_that_neither_learnt_from(models, two):
    compared = json.loads(models("compare", "m@1", "m@2", "--json"))
    [pond] = compared["unseen"]
    assert (pond["set_name"], pond["first"]["ap50"], pond["second"]["ap50"]) == ("pond", 0.1, 0.3)
    (row,) = (line for line in models("compare", "m@1", "m@2").splitlines() if " pond " in line)
    assert row.split() == [
        "car",
        "pond",
        "12",
        "0.100",
        "0.300",
        "+0.200",
        "0.050",
        "0.150",
        "+0.100",
    ]


def test_the_table_says_the_differences(models, two):
    printed = models("compare", "m@1", "m@2")
    (all_row,) = (line for line in printed.splitlines() if line.split()[:2] == ["all", "0.600"])
    assert all_row.split() == ["all", "0.600", "0.700", "+0.100", "0.300", "0.350", "+0.050"]
    assert "river val, 90 pictures, onnx float32 against onnx int8" in printed
    assert "not compared, since only one was measured on it: quay val (91 pictures)" in printed
    (van,) = (line for line in printed.splitlines() if line.split()[:1] == ["van"])
    assert van.split() == ["van", "12", "-", "0.200", "-", "0.100"]


def test_versions_without_results_are_told_how_to_get_them(models, registry, tmp_path):
    FolderRegistry(registry).add(write_draft(tmp_path / "a", "a@1"))
    assert "models evaluate" in models("compare", "a", "a@1")


def test_a_shown_card_tells_its_results(models, two):
    shown = models("show", "m@1")
    assert "street val, 90 pictures, onnx int8" in shown
    assert ["car", "12", "0.500", "0.250", "0.800", "0.700", "0.30"] in [
        line.split() for line in shown.splitlines()
    ]


def test_a_shown_card_tells_where_it_comes_from(models, registry: Path, tmp_path: Path):
    changes = {
        "summary": "# For streets\n\nFails at *night*.",
        "parent": {"name": "base", "version": "0"},
        "thresholds": {"car": 0.35},
        "training_sets": [
            {
                "name": "corners",
                "source": "a city",
                "licence": "CC BY 4.0",
                "sha256": "1" * 64,
                "pictures": 1234,
                "labelled_classes": ["car"],
            }
        ],
    }
    draft = write_draft(tmp_path / "draft", "m@1", **changes)
    card = FolderRegistry(registry).add(draft).card
    assert isinstance(card, ModelCard)
    shown = models("show", "m")
    for words in ("base@0", "car (from score 0.35)", "For streets", "corners", "CC BY 4.0", "1234"):
        assert words in shown
