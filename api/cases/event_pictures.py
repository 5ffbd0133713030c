"""Which pictures of an event are pictures of its case."""

from collections.abc import Sequence

from api.contract.case_pictures import CasePicture
from api.contract.case_words import PictureKind
from api.contract.events import EvidenceKind, StoredEventFeature

_KINDS = {
    EvidenceKind.ANNOTATED: PictureKind.FAR,
    EvidenceKind.CROP: PictureKind.NEAR,
    EvidenceKind.CLEARED: PictureKind.AFTER,
}


def pictures_of(event: StoredEventFeature) -> Sequence[CasePicture]:
    """Return the pictures that an event gives to its case."""
    return [
        CasePicture(sha256=one.sha256, kind=_KINDS[one.kind])
        for one in event.properties.evidence
        if one.kind in _KINDS
    ]
