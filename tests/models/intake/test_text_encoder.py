import sys
from pathlib import Path

import numpy as np
import pytest

from models.intake.text_encoder import TextEncoderError, load_text_encoder, text_encoder_file_name
from tests.models.open_vocabulary_weights import (
    FEATURES,
    needs_clip,
    write_clip,
    write_mobile_clip,
)

TEXTS = ["abandoned shopping trolley", "mattress"]


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        ("clip:ViT-B/32", "ViT-B-32.pt"),
        ("mobileclip:blt", "mobileclip_blt.ts"),
        ("mobileclip2:b", "mobileclip2_b.ts"),
    ],
)
def test_each_kind_of_model_names_the_file_that_it_needs(variant: str, name: str):
    assert text_encoder_file_name(variant) == name


def test_an_unknown_kind_is_named():
    with pytest.raises(TextEncoderError, match=r"'siglip:b' is not known; known: clip"):
        text_encoder_file_name("siglip:b")


@pytest.mark.parametrize("name", ["ViT-B-32.pt", "mobileclip_blt.ts"])
def test_untrained_encoders_encode(tmp_path: Path, name: str):
    needs_clip()
    path = (write_clip if name.endswith(".pt") else write_mobile_clip)(tmp_path / name)
    encode = load_text_encoder(path)
    features = encode(TEXTS)
    assert features.shape == (2, FEATURES)
    assert features.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(encode(TEXTS[1:])[0], features[1], atol=1e-3)
    assert abs(features[0] @ features[1]) < 0.9999


@pytest.mark.parametrize("name", ["ViT-B-32.pt", "mobileclip_blt.ts"])
def test_a_missing_encoder_says_what_to_fetch(tmp_path: Path, name: str):
    with pytest.raises(
        TextEncoderError, match=rf"{name} is missing: .*fetch {name} .*python -c .*--text-encoder"
    ) as caught:
        load_text_encoder(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["ViT-B-32.pt", "mobileclip_blt.ts"])
def test_a_damaged_encoder_is_named(tmp_path: Path, name: str):
    needs_clip()
    (tmp_path / name).write_bytes(b"torn")
    with pytest.raises(TextEncoderError, match=rf"{name} cannot be loaded: .*; fetch it again"):
        load_text_encoder(tmp_path / name)


def test_without_clip_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "ViT-B-32.pt").touch()
    monkeypatch.setitem(sys.modules, "clip", None)
    with pytest.raises(TextEncoderError, match=r"needs the package clip \(.*pip install .*\[open"):
        load_text_encoder(tmp_path / "ViT-B-32.pt")
