"""Which kinds of events a page shows."""

from enum import StrEnum
from types import MappingProxyType

from api.contract.events import EventKind

_ALL = frozenset(EventKind)


class ShownKinds(StrEnum):
    """A choice of the reader: those who clear a street and those who mend cameras differ."""

    STREET = "street"
    CAMERAS = "cameras"
    ALL = "all"

    @property
    def kinds(self) -> frozenset[EventKind]:
        """The kinds that are shown."""
        return _KINDS[self]


_KINDS = MappingProxyType(
    {
        ShownKinds.STREET: _ALL - {EventKind.CAMERA},
        ShownKinds.CAMERAS: frozenset({EventKind.CAMERA}),
        ShownKinds.ALL: _ALL,
    }
)
SEPARATE = (ShownKinds.STREET, ShownKinds.CAMERAS)
"""Together all kinds, and none twice."""
