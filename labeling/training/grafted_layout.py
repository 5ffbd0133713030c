"""How Ultralytics' description of a model changes when a second branch is grafted onto it.

A description is Ultralytics' own: a mapping with the lists ``backbone`` and ``head``, whose
entries begin with the numbers of the layers that they take their input from. The last entry is
the detection head, which takes several: its levels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Layout = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OriginalLayout:
    """What a grafted model was made of.

    Attributes:
        layout: Description of each of its two parts; they are of one architecture.
        shared_layers: How many first layers both share.
    """

    layout: Layout
    shared_layers: int


def grafted_layout(layout: Layout, shared_layers: int, class_count: int) -> dict[str, Any]:
    """The description of two models of ``layout`` that share their first layers.

    The first part's layers come first, then those of the second that are not shared, then one
    head with the levels of both.
    """
    body, head = _body_and_head(layout)
    top = len(body)
    branch = []
    for index, (sources, *rest) in enumerate(body):
        if index < shared_layers:
            continue
        remapped = _remapped(sources, shared_layers, top)
        if index == shared_layers:
            # Its neighbour before is now the last layer of the first part.
            remapped = shared_layers - 1 if remapped == -1 else remapped
        branch.append([remapped, *rest])
    levels = head[0]
    joined = [[*levels, *_remapped(levels, shared_layers, top)], *head[1:]]
    first_of_head = len(layout["backbone"])
    return {
        **layout,
        "nc": class_count,
        "head": [*body[first_of_head:], *branch, joined],
    }


def original_layout(layout: Layout) -> OriginalLayout | None:
    """What a model of this description was grafted from, or None if it was not grafted."""
    body, head = _body_and_head(layout)
    levels = head[0]
    half = len(levels) // 2
    if not half or len(levels) % 2:
        return None
    # The branch repeats the layers above the shared ones, so much further down.
    distance = levels[half] - levels[0]
    top = len(body) - distance
    shared_layers = top - distance
    if not 0 < shared_layers < top:
        return None
    first_of_head = len(layout["backbone"])
    joined = [levels[:half], *head[1:]]
    original = {**layout, "head": [*body[first_of_head:top], joined]}
    again = grafted_layout(original, shared_layers, layout["nc"])
    return OriginalLayout(original, shared_layers) if again == dict(layout) else None


def _body_and_head(layout: Layout) -> tuple[list[Any], list[Any]]:
    layers = [*layout["backbone"], *layout["head"]]
    return layers[:-1], layers[-1]


def _remapped(sources: Any, shared: int, top: int) -> Any:  # noqa: ANN401 - a number or several
    if isinstance(sources, Sequence):
        return [_remapped(source, shared, top) for source in sources]
    return sources if sources < shared else top + sources - shared
