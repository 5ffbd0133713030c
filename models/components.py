"""Components: the registered things of a city that an issue can be about."""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

COMPONENTS = Path(__file__).with_name("catalogue") / "components.csv"


@dataclass(frozen=True, slots=True)
class Component:
    """A kind of registered thing, such as street lights; an issue about one has its code.

    Attributes:
        code: Five digits: two for the major class, three for the minor one.
        major_zh: Chinese name of the major class.
        major_en: English name of the major class.
        name_zh: Chinese name.
        name_en: English name.
    """

    code: str
    major_zh: str
    major_en: str
    name_zh: str
    name_en: str


@functools.cache
def load_components() -> Mapping[str, Component]:
    """The kinds of components by code, sorted by it; read once per process."""
    with COMPONENTS.open(encoding="utf-8", newline="") as file:
        components = [Component(**row) for row in csv.DictReader(file)]
    return MappingProxyType({one.code: one for one in sorted(components, key=lambda c: c.code)})
