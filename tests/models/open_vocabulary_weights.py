"""Untrained open-vocabulary models and stand-ins for text encoders, for tests.

Neither trained weights nor encoders can be had offline.
"""

import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

FEATURES = 512
# With the one that training starts from, no score of an untrained model passes 0.001.
_SCORE_BIAS = 0.0


def write_untrained(path: Path, structure: str) -> Path:
    """Write an Ultralytics model of random weights; skips where it is not installed.

    Args:
        path: The .pt file to write.
        structure: Name of the architecture's YAML file, such as "yoloe-11n.yaml".
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
        tasks = pytest.importorskip("ultralytics.nn.tasks")
        torch.manual_seed(7)
        kind = {"yoloe": tasks.YOLOEModel, "yolov": tasks.WorldModel}[structure[:5]]
        if "-seg" in structure:
            kind = tasks.YOLOESegModel
        model = kind(structure, verbose=False)
        for head in model.model[-1].cv4:
            head.bias.data[:] = _SCORE_BIAS
        torch.save({"model": model, "license": "for tests"}, path)
    return path


def needs_clip() -> None:
    """Skip a test where the package clip cannot be imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(
            "clip",
            reason="the extra 'open-vocabulary' (clip) is not installed",
            exc_type=ImportError,
        )


def stand_in_encoder(texts: Sequence[str]) -> np.ndarray:
    """Features that depend on the text alone and mean nothing."""
    rows = [
        np.random.default_rng(zlib.crc32(text.encode())).normal(size=FEATURES) for text in texts
    ]
    return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def write_mobile_clip(path: Path) -> Path:
    """Write a TorchScript file with the interface of MobileCLIP's text encoder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
        torch.manual_seed(5)

        class Encoder(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.words = torch.nn.Embedding(49408, FEATURES)

            def forward(self, tokens):
                return torch.nn.functional.normalize(self.words(tokens).sum(1), dim=-1)

        torch.jit.save(torch.jit.trace(Encoder(), torch.zeros(1, 77, dtype=torch.int64)), str(path))
    return path


def write_clip(path: Path) -> Path:
    """Write random weights of a small CLIP."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
        clip = pytest.importorskip("clip.model")
        torch.manual_seed(3)
        model = clip.CLIP(
            embed_dim=FEATURES,
            image_resolution=32,
            vision_layers=1,
            vision_width=64,
            vision_patch_size=32,
            context_length=77,
            vocab_size=49408,
            transformer_width=64,
            transformer_heads=1,
            transformer_layers=1,
        )
        torch.save(model.state_dict(), path)
    return path
