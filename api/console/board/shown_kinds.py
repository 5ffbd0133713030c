"""Which kinds of events a page shows."""

from enum import StrEnum
from types import MappingProxyType

from models.words import STREET_KINDS, IssueKind

_ALL = frozenset(IssueKind)


class ShownKinds(StrEnum):
    """A choice of the reader: those who clear a street and those who mend cameras differ."""

    STREET = "street"
    CAMERAS = "cameras"
    ALL = "all"

    @property
    def kinds(self) -> frozenset[IssueKind]:
        """The kinds that are shown."""
        return _KINDS[self]


_KINDS = MappingProxyType(
    {
        ShownKinds.STREET: STREET_KINDS,
        ShownKinds.CAMERAS: frozenset({IssueKind.CAMERA}),
        ShownKinds.ALL: _ALL,
    }
)
SEPARATE = (ShownKinds.STREET, ShownKinds.CAMERAS)
"""Together all kinds, and none twice."""
