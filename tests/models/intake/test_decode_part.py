from pathlib import Path

import pytest

from models.intake.decode_part import decode_part
from models.intake.openvino_graph import read_graph
from models.intake.ultralytics_export import ultralytics_is_installed, write_onnx
from tests.colour_model import write_colour_model
from tests.models.tiny_weights import write_tiny_weights

PIXELS = 64


def test_it_ends_at_the_last_learned_convolutions(tmp_path: Path):
    if not ultralytics_is_installed():
        pytest.skip("the extra 'train' (ultralytics, onnx) is not installed")
    exported = write_onnx(write_tiny_weights(tmp_path / "tiny.pt"), PIXELS)
    graph = read_graph(exported.onnx_path)
    graph.reshape([1, 3, PIXELS, PIXELS])
    kinds = {one.get_friendly_name(): one.get_type_name() for one in graph.get_ops()}
    names = decode_part(graph)
    found = [kinds[name] for name in names]
    # One convolution, the expectation over distances; 3 scales and 2 branches stay outside.
    assert found.count("Convolution") == found.count("Softmax") == found.count("Sigmoid") == 1
    assert found[-1] == "Concat"
    assert len(names) < len(kinds) / 10


def test_a_hand_made_decoding_is_found_too(tmp_path: Path):
    graph = read_graph(write_colour_model(tmp_path))
    kinds = {one.get_friendly_name(): one.get_type_name() for one in graph.get_ops()}
    found = [kinds[name] for name in decode_part(graph)]
    assert "AvgPool" in found
    assert "Convolution" not in found
