"""Visual classes: the catalogue's words for what a model can see."""

import re


def visual_class_name(name: str) -> str:
    """The visual class that a class of a model or of a data set stands for by its own name.

    Example:
        >>> visual_class_name("Traffic light")
        'traffic_light'

    Returns:
        ``name`` in lower case with underscores for whatever is no letter a-z or digit; empty
        where nothing is left.
    """
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
