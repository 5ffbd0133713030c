from pathlib import Path

import pytest
import yaml

from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelCard, ModelCardError, read_card, sha256_of, write_card

CARD = {
    "name": "street",
    "version": "3",
    "summary": "Für die Straße, 街道.",
    "classes": [
        {"name": "car", "visual_class": "car"},
        {"name": "traffic light", "visual_class": "traffic_light"},
    ],
    "preprocessing": {"input_width": 640, "input_height": 352},
    "artefacts": [
        {
            "format": "onnx",
            "precision": "float32",
            "files": [{"path": "model.onnx", "sha256": "0" * 64}],
        }
    ],
    "licence": "AGPL-3.0",
    "created_at": "2026-01-02T03:04:05Z",
    "thresholds": {"car": 0.4},
}


def test_a_written_card_is_read_back(tmp_path: Path):
    card = ModelCard.model_validate(CARD)
    write_card(card, tmp_path / "card.yaml")
    assert read_card(tmp_path / "card.yaml") == card
    assert str(card.model_version) == "street@3"
    assert card.class_names == ("car", "traffic_light")
    assert card.artefact(ArtefactFormat.ONNX, ArtefactPrecision.FLOAT32) == card.artefacts[0]
    assert card.artefact(ArtefactFormat.ONNX, ArtefactPrecision.INT8) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "Street"}, r"name: .* got 'Street'"),
        ({"version": "a/b"}, r"version: .* got 'a/b'"),
        ({"classes": CARD["classes"][:1] * 2}, r"visual class \['car'\] more than once"),
        ({"classes": []}, r"classes: .* at least 1 item"),
        ({"classes": [{"name": "a", "visual_class": "A b"}]}, r"visual_class: .* got 'A b'"),
        ({"preprocessing": {"input_width": 5, "input_height": 64}}, r"input_width: .* got 5"),
        ({"artefacts": CARD["artefacts"] * 2}, r"onnx float32.* more than once"),
        ({"thresholds": {"boat": 0.5}}, r"thresholds names \['boat'\]"),
        ({"colour": "red"}, r"colour: .* got 'red'"),
    ],
)
def test_a_wrong_field_is_named_with_its_value(tmp_path: Path, change: dict, problem: str):
    path = tmp_path / "card.yaml"
    path.write_text(yaml.safe_dump({**CARD, **change}))
    with pytest.raises(ModelCardError, match=problem) as caught:
        read_card(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("path", ["/etc/passwd", "../other/model.onnx", "a\\b"])
def test_a_file_outside_the_cards_folder_is_refused(tmp_path: Path, path: str):
    artefact = {**CARD["artefacts"][0], "files": [{"path": path, "sha256": "0" * 64}]}
    card = tmp_path / "card.yaml"
    card.write_text(yaml.safe_dump({**CARD, "artefacts": [artefact]}))
    with pytest.raises(ModelCardError, match="leads out of the card's folder"):
        read_card(card)


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"a: [", b"\xff\xfe\x00bad"])
def test_what_is_no_card_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "card.yaml"
    path.write_bytes(content)
    with pytest.raises(ModelCardError, match="card"):
        read_card(path)


def test_a_missing_card_is_named(tmp_path: Path):
    with pytest.raises(ModelCardError, match="nowhere"):
        read_card(tmp_path / "nowhere.yaml")


def test_sha256_is_of_the_content(tmp_path: Path):
    path = tmp_path / "empty"
    path.touch()
    assert sha256_of(path).startswith("e3b0c44298fc1c14")
