"""Text encoders: they turn prompts into the numbers that open-vocabulary models compare with.

An encoder runs once, when prompts are put into a model; workers need none. Its weights are not
part of CityPatrol. Needs the extra ``open-vocabulary``.
"""

import importlib
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.intake.ultralytics_export import prepare_ultralytics
from streams.kit.errors import CityPatrolError

TextFeatures = npt.NDArray[np.float32]
"""Shape (texts, features); each row has the length 1."""

TextEncoder = Callable[[Sequence[str]], TextFeatures]
"""Turns texts into features, one row each."""

CLIP_FILE_NAME = "ViT-B-32.pt"
"""Weights of the encoder that YOLO-World was trained with."""

# What YOLOE calls its encoder, and the file of its weights.
_MOBILE_CLIP_FILE_NAMES = {
    "mobileclip:blt": "mobileclip_blt.ts",
    "mobileclip2:b": "mobileclip2_b.ts",
}


class TextEncoderError(CityPatrolError):
    """Prompts cannot be encoded."""


def text_encoder_file_name(variant: str) -> str:
    """Name of the file with the weights of an encoder.

    Args:
        variant: What Ultralytics calls it: "clip:ViT-B/32", "mobileclip:blt", "mobileclip2:b".

    Raises:
        TextEncoderError: No such encoder is known.
    """
    if variant == "clip:ViT-B/32":
        return CLIP_FILE_NAME
    if variant in _MOBILE_CLIP_FILE_NAMES:
        return _MOBILE_CLIP_FILE_NAMES[variant]
    known = ", ".join(["clip:ViT-B/32", *_MOBILE_CLIP_FILE_NAMES])
    raise TextEncoderError(f"text encoder {variant!r} is not known; known: {known}")


def load_text_encoder(path: Path) -> TextEncoder:
    """Load an encoder from the file of its weights, whose name says which it is.

    Raises:
        TextEncoderError: The file is missing or damaged, or the package clip, which splits
            texts into tokens, is not installed.
    """
    if not path.is_file():
        raise TextEncoderError(
            f"text encoder {path} is missing: prompts cannot be read without its weights; fetch "
            f"{path.name} where there is internet ({_fetching(path.name)}) and put it there, or "
            "say where it lies with --text-encoder"
        )
    prepare_ultralytics()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Late: they bring torch. Without clip, the import of Ultralytics' part would ask pip.
            importlib.import_module("clip")
            import torch  # noqa: PLC0415
            from ultralytics.nn import text_model  # noqa: PLC0415
        except ImportError as error:
            raise TextEncoderError(
                f"text encoder {path} needs the package clip ({error}): pip install "
                "'citypatrol[open-vocabulary]'"
            ) from None
        device = torch.device("cpu")
        try:
            encoder = (
                text_model.MobileCLIPTS(device, weight=str(path))
                if path.suffix == ".ts"
                else text_model.CLIP(str(path), device)
            )
        except Exception as error:  # noqa: BLE001 - a broken archive may raise anything
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise TextEncoderError(
                f"text encoder {path} cannot be loaded: {reason[0]:.200}; fetch it again"
            ) from None

    def encode(texts: Sequence[str]) -> TextFeatures:
        with torch.inference_mode():
            features = encoder.encode_text(encoder.tokenize(list(texts))).float().numpy()
        return np.asarray(features, np.float32)

    return encode


def _fetching(name: str) -> str:
    if name == CLIP_FILE_NAME:
        return "python -c \"import clip; clip.load('ViT-B/32', download_root='.')\""
    return (
        'python -c "from ultralytics.utils.downloads import attempt_download_asset as fetch; '
        f"fetch('{name}')\""
    )
