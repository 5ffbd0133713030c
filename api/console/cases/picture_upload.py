"""A picture that somebody brings to a form: checked and kept, or said to be none."""

import hashlib

from nicegui import events, ui

from api.console.parts.translations import Texts
from api.contract.case_words import PictureKind
from api.contract.cases import CasePicture
from api.events.evidence_store import EvidenceStore
from api.http.picture_check import BrokenPictureError, check_jpeg

LARGEST_PICTURE_BYTES = 16 * 1024 * 1024


async def kept_picture(
    given: events.UploadEventArguments, kind: PictureKind, evidence: EvidenceStore, texts: Texts
) -> CasePicture | None:
    """Keep an uploaded JPEG and return it as a case's picture; say so and return None otherwise."""
    jpeg = await given.file.read()
    try:
        check_jpeg(jpeg)
    except BrokenPictureError as error:
        ui.notify(texts.text("case.no_picture", reason=str(error)), type="negative")
        return None
    sha256 = hashlib.sha256(jpeg).hexdigest()
    await evidence.put(sha256, jpeg)
    return CasePicture(sha256=sha256, kind=kind)
