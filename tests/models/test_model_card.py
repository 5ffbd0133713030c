from pathlib import Path

import pytest

from models.model_card import ModelCard, ModelCardError, read_card, sha256_of, write_card

CARD = {
    "name": "street",
    "version": "3",
    "class_names": ("car", "boat"),
    "input_width": 640,
    "input_height": 352,
    "sha256": "0" * 64,
    "licence": "AGPL-3.0",
    "exported_at": "2026-01-02T03:04:05Z",
}


def test_a_written_card_is_read_back(tmp_path: Path):
    card = ModelCard.model_validate({**CARD, "name": "街道 street"})
    write_card(card, tmp_path / "card.yaml")
    assert read_card(tmp_path / "card.yaml") == card


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"class_names": ["car", "car"]}, r"more than once"),
        ({"class_names": []}, r"class_names: .* at least 1 item"),
        ({"input_width": 5}, r"input_width: .* got 5"),
        ({"sha256": "abc"}, r"sha256: .* got 'abc'"),
        ({"colour": "red"}, r"colour: .* got 'red'"),
    ],
)
def test_a_wrong_field_is_named_with_its_value(tmp_path: Path, change: dict, problem: str):
    path = tmp_path / "card.yaml"
    fields = {**CARD, "class_names": list(CARD["class_names"]), **change}
    path.write_text("\n".join(f"{name}: {value!r}" for name, value in fields.items()))
    with pytest.raises(ModelCardError, match=problem) as caught:
        read_card(path)
    assert str(path) in str(caught.value)


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
