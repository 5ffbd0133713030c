"""Pictures that somebody brings to a form: checked and kept, or said to be none."""

import asyncio
import hashlib
from collections.abc import Callable

from nicegui import events, ui

from api.console.parts.translations import Texts
from api.contract.case_pictures import CasePicture
from api.contract.case_words import PictureKind
from api.http.picture_check import BrokenPictureError, check_jpeg
from api.services import Services

MEBIBYTE = 1024 * 1024


class PictureUpload:
    """A field that takes pictures, and says why it does not take one.

    Args:
        services: Of the node; keeps the pictures.
        texts: The page's language.
    """

    def __init__(self, services: Services, texts: Texts) -> None:
        self._evidence = services.evidence
        self._most = services.settings.maximum_evidence_bytes
        self._texts = texts
        self._pictures: list[CasePicture] = []

    @property
    def pictures(self) -> tuple[CasePicture, ...]:
        """Those that were taken, in order."""
        return tuple(self._pictures)

    def draw(self, label: str, kind: Callable[[], PictureKind]) -> None:
        """Draw the field.

        Args:
            label: What it is called.
            kind: Says what the next picture shows.
        """

        async def keep(given: events.UploadEventArguments) -> None:
            await self._keep(given, kind())

        field = ui.upload(
            label=label,
            auto_upload=True,
            on_upload=keep,
            on_rejected=lambda: self._say("case.picture_too_large"),
            max_file_size=self._most,
        )
        field.props('accept="image/jpeg" flat')
        # The server refuses it, or the connection breaks off.
        field.on("failed", lambda: self._say("case.picture_lost"))

    async def _keep(self, given: events.UploadEventArguments, kind: PictureKind) -> None:
        jpeg = await given.file.read()
        try:
            await asyncio.to_thread(check_jpeg, jpeg)
        except BrokenPictureError as error:
            reason = self._texts.word("case.picture_fault", error.fault)
            self._say("case.no_picture", name=given.file.name[:80], reason=reason)
            return
        sha256 = hashlib.sha256(jpeg).hexdigest()
        await self._evidence.put(sha256, jpeg)
        self._pictures.append(CasePicture(sha256=sha256, kind=kind))

    def _say(self, key: str, **values: object) -> None:
        said = self._texts.text(key, most=self._most // MEBIBYTE, **values)
        ui.notify(said, type="negative", position="top", multi_line=True)
