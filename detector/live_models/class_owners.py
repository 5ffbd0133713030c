"""Class owners: which of several models finds which visual class."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from models.catalogue.issue_catalogue import IssueCatalogue
from models.rules.rule import Rule
from streams.camera import Camera


def class_owners(known: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """Give each visual class to one model, so that no object is reported twice.

    The order of the models decides: a class belongs to the first that knows it. So a model that
    is added last brings new classes and takes none from those before it.

    Args:
        known: The classes of each model.

    Returns:
        The index of its model for each class.

    Example:
        >>> owners = class_owners([("car", "boat"), ("boat", "pothole")])
        >>> owners["boat"], owners["pothole"]
        (0, 1)
    """
    owners: dict[str, int] = {}
    for index, class_names in enumerate(known):
        for name in class_names:
            owners.setdefault(name, index)
    return MappingProxyType(owners)


def needed_classes(camera: Camera, catalogue: IssueCatalogue) -> frozenset[str]:
    """Every visual class that the rules of a camera's issue types look for."""
    return frozenset(
        name
        for enabled in camera.issue_types
        for name in catalogue.issue_type(enabled.code).rule.seen_classes
    )


def unseen_issue_types(
    cameras: Iterable[Camera], catalogue: IssueCatalogue, class_names: Iterable[str]
) -> tuple[str, ...]:
    """Codes of the cameras' issue types none of whose classes is among ``class_names``."""
    seen = frozenset(class_names)
    codes = {enabled.code for camera in cameras for enabled in camera.issue_types}
    return tuple(
        code for code in sorted(codes) if _is_unseen(catalogue.issue_type(code).rule, seen)
    )


def _is_unseen(rule: Rule, seen: frozenset[str]) -> bool:
    return bool(rule.classes) and seen.isdisjoint(rule.classes)
