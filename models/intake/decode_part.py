"""Finding the part of a detection model that turns what was learned into boxes and scores."""

from collections.abc import Iterator

import openvino

_CONVOLUTIONS = frozenset({"Convolution", "GroupConvolution"})
# They change the shape or the order of values, and no value.
_REARRANGEMENTS = frozenset({"Transpose", "Reshape", "Squeeze", "Unsqueeze"})
# What comes before them is a constant, or only the shape of a tensor.
_ENDS = frozenset({"Constant", "Parameter", "ShapeOf"})


def decode_part(graph: openvino.Model) -> tuple[str, ...]:
    """Names of the operations between the last learned convolutions and the output, in order.

    They compute with box corners of up to the input's size beside scores of 0 to 1, which no
    common scale of 8 bits can hold. The expectation over a distribution of distances (DFL) is
    written as a convolution of a softmax; it was not learned and is part of the decoding.

    A model whose output depends on no convolution is all decode part.
    """
    found: dict[str, openvino.Node] = {}
    waiting = [node for result in graph.get_results() for node in _sources(result)]
    while waiting:
        node = waiting.pop()
        name = node.get_friendly_name()
        if name in found or node.get_type_name() in _ENDS or _is_learned(node):
            continue
        found[name] = node
        waiting.extend(_sources(node))
    order = (operation.get_friendly_name() for operation in graph.get_ordered_ops())
    return tuple(name for name in order if name in found)


def _is_learned(node: openvino.Node) -> bool:
    if node.get_type_name() not in _CONVOLUTIONS:
        return False
    source = next(_sources(node))
    while source.get_type_name() in _REARRANGEMENTS:
        source = next(_sources(source))
    return str(source.get_type_name()) != "Softmax"


def _sources(node: openvino.Node) -> Iterator[openvino.Node]:
    return (port.get_source_output().get_node() for port in node.inputs())
