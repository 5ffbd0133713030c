"""Small hand-made models that are wrong, or fail on some pictures."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.cards.stored_model import InstalledModel
from models.intake.model_file import load_model_file

PIXELS = 32
NAMES = {0: "car", 1: "boat"}


def write_model(
    path: Path, nodes: list[onnx.NodeProto], constants: dict[str, object]
) -> InstalledModel:
    """Write a model from ``images`` (n, 3, 32, 32) to ``output0``, of the classes car, boat."""
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, PIXELS, PIXELS])
    output = helper.make_tensor_value_info("output0", TensorProto.FLOAT, None)
    values = [numpy_helper.from_array(np.asarray(v), name) for name, v in constants.items()]
    model = helper.make_model(
        helper.make_graph(nodes, "odd", [images], [output], values),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    helper.set_model_props(model, {"names": str(NAMES), "imgsz": str([PIXELS, PIXELS])})
    onnx.save(model, str(path))
    return load_model_file(path)


def model_of_shape(path: Path, shape: list[int]) -> InstalledModel:
    """A model whose output has this shape."""
    return write_model(
        path,
        [
            helper.make_node("ReduceMax", ["images"], ["most"], keepdims=0),
            helper.make_node("Expand", ["most", "shape"], ["output0"]),
        ],
        {"shape": np.array(shape, np.int64)},
    )


def model_of_shapes(path: Path, *shapes: list[int]) -> None:
    """A model of several outputs."""
    model = helper.make_model(
        helper.make_graph(
            [
                helper.make_node("ReduceMax", ["images"], ["most"], keepdims=0),
                *(
                    helper.make_node("Expand", ["most", f"shape{number}"], [f"output{number}"])
                    for number in range(len(shapes))
                ),
            ],
            "odd",
            [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, PIXELS, PIXELS])],
            [
                helper.make_tensor_value_info(f"output{number}", TensorProto.FLOAT, None)
                for number in range(len(shapes))
            ],
            [
                numpy_helper.from_array(np.array(shape, np.int64), f"shape{number}")
                for number, shape in enumerate(shapes)
            ],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    helper.set_model_props(model, {"names": str(NAMES), "imgsz": str([PIXELS, PIXELS])})
    onnx.save(model, str(path))


def model_that_cannot_be_computed(path: Path) -> InstalledModel:
    """A model that OpenVINO accepts, and fails to compute for a grey picture."""
    return write_model(
        path,
        [
            helper.make_node("ReduceMax", ["images"], ["most"], keepdims=0),
            helper.make_node("Mul", ["most", "ten"], ["scaled"]),
            helper.make_node("Cast", ["scaled"], ["whole"], to=TensorProto.INT64),
            helper.make_node("Add", ["whole", "one"], ["rows"]),
            helper.make_node("Unsqueeze", ["rows", "zero"], ["first"]),
            helper.make_node("Concat", ["first", "rest"], ["shape"], axis=0),
            # 3072 values do not fit in the 5 rows that a grey of 0.45 asks for.
            helper.make_node("Reshape", ["images", "shape"], ["table"]),
            helper.make_node("Softmax", ["table"], ["even"], axis=1),
            helper.make_node("Reshape", ["even", "raw"], ["output0"]),
        ],
        {
            "ten": np.float32(10),
            "one": np.int64(1),
            "zero": np.array([0], np.int64),
            "rest": np.array([-1], np.int64),
            "raw": np.array([1, 6, 512], np.int64),
        },
    )


def model_that_knows_no_number_for_white(path: Path) -> InstalledModel:
    """A model whose output is not a number where the picture is white."""
    return write_model(
        path,
        [
            helper.make_node("Sub", ["limit", "images"], ["below"]),
            helper.make_node("Sqrt", ["below"], ["root"]),
            helper.make_node("Reshape", ["root", "raw"], ["output0"]),
        ],
        {"limit": np.float32(0.9), "raw": np.array([1, 6, 512], np.int64)},
    )
