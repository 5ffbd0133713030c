"""Putting prompts into an open-vocabulary model, so that it becomes an ordinary detector.

YOLO-World and YOLOE compare what they see with the features of texts. For prompts that stay the
same these features are constants: they are stored in the weights here and become part of the
exported graph, which then needs neither torch nor a text encoder.

Needs the extra ``train``; torch and Ultralytics are imported only when prompts are put in.
"""

import copy
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.cards.model_card import ModelClass
from models.intake.text_encoder import TextEncoder, TextFeatures, text_encoder_file_name
from models.intake.ultralytics_export import ExportError, prepare_ultralytics

if TYPE_CHECKING:
    import torch
    from ultralytics.nn.tasks import WorldModel, YOLOEModel

_YOLO_WORLD_ENCODER = "clip:ViT-B/32"


def put_in_prompts(
    weights_path: Path,
    classes: Sequence[ModelClass],
    encoder_for: Callable[[str], TextEncoder],
    target: Path,
) -> None:
    """Write weights that find ``classes`` by their prompts.

    Where a class has several prompts the mean of their features stands for it. Weights for
    segmentation lose the part that draws masks, which nobody here uses.

    Args:
        weights_path: YOLO-World or YOLOE weights (.pt).
        classes: What to find, each with prompts.
        encoder_for: Gives the text encoder, by the file name of its weights.
        target: The .pt file to write.

    Raises:
        ExportError: The weights are unreadable or no open-vocabulary model.
        TextEncoderError: There is no encoder for these weights.
    """
    model, licence = _load(weights_path)
    variant = getattr(model, "text_model", _YOLO_WORLD_ENCODER)
    features = class_features(classes, encoder_for(text_encoder_file_name(variant)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch  # noqa: PLC0415 - takes seconds

        with torch.no_grad():
            _set(model, [one.visual_class for one in classes], torch.from_numpy(features)[None])
        torch.save({"model": model, "license": licence}, target)


def class_features(classes: Sequence[ModelClass], encode: TextEncoder) -> TextFeatures:
    """Features of each class: the mean over its prompts, brought to the length 1.

    Returns:
        Shape (classes, features).
    """
    texts = [prompt for one in classes for prompt in one.prompts]
    owners = np.repeat(np.arange(len(classes)), [len(one.prompts) for one in classes])
    encoded = encode(texts)
    sums = np.zeros((len(classes), encoded.shape[1]), np.float32)
    np.add.at(sums, owners, encoded)
    unit: TextFeatures = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return unit


def _load(weights_path: Path) -> "tuple[WorldModel | YOLOEModel, str | None]":
    prepare_ultralytics()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ultralytics.nn.tasks import (  # noqa: PLC0415 - takes seconds
            WorldModel,
            YOLOEModel,
            YOLOESegModel,
            load_checkpoint,
        )

        try:
            model, checkpoint = load_checkpoint(weights_path)
        except Exception as error:  # noqa: BLE001 - a broken pickle may raise anything
            raise ExportError(
                f"weights {weights_path}: no Ultralytics model, or damaged: {type(error).__name__}"
            ) from None
        if not isinstance(model, WorldModel | YOLOEModel):
            raise ExportError(
                f"weights {weights_path} take no prompts: prompts need YOLO-World or YOLOE weights"
            )
        if hasattr(model.model[-1], "lrpc") or getattr(model.model[-1], "is_fused", False):
            raise ExportError(
                f"weights {weights_path} are a prompt-free YOLOE, whose words are built in: "
                "take those without '-pf' in their name"
            )
        if any(type(part).__name__ == "ImagePoolingAttn" for part in model.modules()):
            raise ExportError(
                f"weights {weights_path} are of the first YOLO-World, which cannot be exported: "
                "take those with '-worldv2' in their name"
            )
        if isinstance(model, YOLOESegModel):
            model = _without_masks(model, weights_path)
    licence = checkpoint.get("license")
    return model, None if licence is None else str(licence)


def _without_masks(model: "YOLOEModel", weights_path: Path) -> "YOLOEModel":
    from ultralytics.nn.tasks import YOLOEModel  # noqa: PLC0415 - see _load

    structure = copy.deepcopy(model.yaml)
    sources, repeats, head, arguments = structure["head"][-1]
    # YOLOESegment [classes, masks, prototypes, features, normalised] and its like.
    structure["head"][-1] = [
        sources,
        repeats,
        head.replace("Segment26", "Detect").replace("Segment", "Detect"),
        [arguments[0], *arguments[3:]],
    ]
    detector = YOLOEModel(structure, ch=structure.get("channels", 3), verbose=False)
    missing = detector.load_state_dict(model.state_dict(), strict=False).missing_keys
    if missing:
        raise ExportError(
            f"weights {weights_path}: a segmentation model of unknown structure, without "
            f"{missing[0]} and {len(missing) - 1} other parts of a detector"
        )
    detector.text_model = model.text_model
    detector.args = model.args
    detector.task = "detect"
    return detector.eval()


def _set(model: "WorldModel | YOLOEModel", names: list[str], features: "torch.Tensor") -> None:
    from ultralytics.nn.tasks import YOLOEModel  # noqa: PLC0415 - see _load

    if isinstance(model, YOLOEModel):
        model.set_classes(names, model.model[-1].get_tpe(features))
        return
    model.txt_feats = features
    model.model[-1].nc = len(names)
    model.names = dict(enumerate(names))
