"""A model registry in a bucket of any S3-compatible store; needs the extra ``s3``."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from models.cards.model_card import (
    CARD_FILE_NAME,
    ModelCard,
    ModelCardError,
    ModelFileError,
    parse_card,
)
from models.cards.stored_model import InstalledModel, files_of, load_model
from models.model_version import ModelVersion
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import (
    RegistryContent,
    RegistryError,
    RegistryFault,
    UnknownModelVersionError,
    misplaced,
    newest_first,
    same_model,
    taken,
    unknown,
)
from models.registry.settings import RegistrySettings

if TYPE_CHECKING:
    from obstore import BytesStream, GetResult
    from obstore.store import S3Config

log = structlog.get_logger(__name__)

_Key: TypeAlias = str
_SAID_BY_STORE = re.compile(r"<Code>(.*?)</Code>.*?<Message>(.*?)</Message>", re.DOTALL)

# A worker must start from its copies soon after it finds the store gone.
_CONNECT_TIMEOUT = timedelta(seconds=5)
_REQUEST_TIMEOUT = timedelta(minutes=5)
_MOST_RETRIES = 2
_RETRY_TIMEOUT = timedelta(seconds=15)


class _MissingObjectError(Exception):
    """The bucket, if it is there, has no such object."""


@dataclass(frozen=True, slots=True)
class BucketRegistry:
    """A model registry in a bucket, with copies of what was fetched on this machine's disk.

    A version's card is written last and only where none is yet, so that readers see a version
    whole or not at all, and of two that add the same version at once one is refused.

    Attributes:
        store: The bucket, from the registry's prefix on.
        address: Its s3:// address.
        copies: Versions that were fetched before; they serve while the store is away.
    """

    store: S3Store
    address: str
    copies: FolderRegistry

    def content(self) -> RegistryContent:
        """Read every card; see ``Registry.content``."""
        cards, faults = [], []
        for key in self._card_keys():
            place = PurePosixPath(key).parent.as_posix()
            try:
                card = parse_card(self._text(key), f"{self.address}/{key}")
            except ModelCardError as error:
                faults.append(RegistryFault(place, str(error)))
                continue
            if place == _place_of(card.model_version):
                cards.append(card)
            else:
                faults.append(RegistryFault(place, misplaced(f"{self.address}/{key}", card)))
        return RegistryContent(newest_first(cards), tuple(faults))

    def versions(self) -> list[ModelVersion]:
        """The versions with a readable card; see ``Registry.versions``."""
        return [card.model_version for card in self.content().cards]

    def card(self, version: ModelVersion) -> ModelCard:
        """The card of one version; see ``Registry.card``."""
        key = f"{_place_of(version)}/{CARD_FILE_NAME}"
        try:
            card = parse_card(self._text(key), f"{self.address}/{key}")
        except _MissingObjectError:
            raise unknown(version, self.address) from None
        if card.model_version != version:
            raise ModelCardError(misplaced(f"{self.address}/{key}", card))
        return card

    def fetch(self, version: ModelVersion) -> InstalledModel:
        """One version as a copy on this disk, every file checked; see ``Registry.fetch``.

        While the store cannot be reached, a copy that was fetched before is good enough.
        """
        try:
            card = self.card(version)
        except RegistryError as error:
            try:
                copy = self.copies.fetch(version)
            except (UnknownModelVersionError, ModelFileError, ModelCardError):
                raise error from None
            log.warning("model_taken_from_copy", version=str(version), reason=str(error))
            return copy
        return self._good_copy(card) or self._download(card)

    def add(self, draft: Path) -> InstalledModel:
        """Add a version; see ``Registry.add``."""
        model = load_model(draft)
        model.check()
        version = model.card.model_version
        try:
            there = self.card(version)
        except UnknownModelVersionError:
            self._upload(model)
            there = self.card(version)
        if not same_model(there, model.card):
            raise taken(version, self.address)
        return self.fetch(version)

    def _upload(self, model: InstalledModel) -> None:
        place = _place_of(model.card.model_version)
        for file in files_of(model.card):
            self._put_new(f"{place}/{file.path}", model.checked(file))
        # Whoever comes second is told by the comparison that follows.
        self._put_new(f"{place}/{CARD_FILE_NAME}", model.folder / CARD_FILE_NAME)

    def _put_new(self, key: _Key, path: Path) -> None:
        with self._said():
            try:
                self.store.put(key, path, mode="create")
            except AlreadyExistsError:
                self._compare(key, path)

    def _compare(self, key: _Key, path: Path) -> None:
        if path.name == CARD_FILE_NAME or self.store.get(key).bytes() == path.read_bytes():
            return
        raise RegistryError(
            f"{self.address}/{key} is left from another model that was not added to its end; "
            "delete that folder of the bucket, or choose another --version"
        )

    def _good_copy(self, card: ModelCard) -> InstalledModel | None:
        version = card.model_version
        try:
            if self.copies.card(version) == card:
                return self.copies.fetch(version)
        except UnknownModelVersionError:
            return None
        except (ModelCardError, ModelFileError) as error:
            log.warning("model_copy_damaged", version=str(version), reason=str(error))
        shutil.rmtree(self.copies.folder / _place_of(version), ignore_errors=True)
        return None

    def _download(self, card: ModelCard) -> InstalledModel:
        place = _place_of(card.model_version)
        with self._new_folder() as folder:
            for path in (CARD_FILE_NAME, *(file.path for file in files_of(card))):
                try:
                    self._get_file(f"{place}/{path}", folder / path)
                except _MissingObjectError:
                    raise ModelFileError(
                        f"model file {self.address}/{place}/{path} is not there, but its card "
                        f"names it; delete {place} from the bucket and add the model again"
                    ) from None
            return self.copies.add(folder)

    def _get_file(self, key: _Key, path: Path) -> None:
        with self._said():
            chunks = self._get(key).stream()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            while chunk := self._next(chunks):
                file.write(chunk)

    def _next(self, chunks: "BytesStream") -> bytes | None:
        with self._said():
            return next(chunks, None)

    def _get(self, key: _Key) -> "GetResult":
        try:
            return self.store.get(key)
        except FileNotFoundError:
            raise _MissingObjectError(key) from None

    def _text(self, key: _Key) -> str:
        with self._said():
            content = bytes(self._get(key).bytes())
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ModelCardError(
                f"model card {self.address}/{key} cannot be read: {error}"
            ) from None

    def _card_keys(self) -> list[_Key]:
        with self._said():
            keys = [entry["path"] for page in self.store.list() for entry in page]
        return sorted(
            key for key in keys if key.count("/") == 2 and key.endswith(f"/{CARD_FILE_NAME}")
        )

    @contextmanager
    def _new_folder(self) -> Iterator[Path]:
        """A folder for a download, on the disk that takes the copy."""
        try:
            self.copies.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".fetching-", dir=self.copies.folder) as name:
                yield Path(name)
        except OSError as error:
            raise RegistryError(
                f"folder {self.copies.folder} for copies of {self.address} cannot be written: "
                f"{error.strerror or error}; make room or choose another one with --cache"
            ) from None

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what the store's client raises into one line."""
        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            raise RegistryError(
                f"model registry {self.address}: {_reason(error)}; see to the store, or check "
                "--s3-endpoint, --s3-region and the keys"
            ) from None


def open_bucket(settings: RegistrySettings) -> BucketRegistry:
    """The registry at the s3:// address of the settings; the store is not asked yet.

    Raises:
        RegistryError: The address names no bucket, or a setting for the store is wrong.
    """
    bucket, _, prefix = settings.registry.removeprefix("s3://").rstrip("/").partition("/")
    address = f"s3://{bucket}/{prefix}".rstrip("/")
    if not bucket:
        raise RegistryError(f"model registry {settings.registry!r}: write s3://BUCKET/PREFIX")
    configuration: S3Config = {"bucket": bucket}
    if settings.s3_endpoint is not None:
        configuration["endpoint"] = settings.s3_endpoint
    if settings.s3_region is not None:
        configuration["region"] = settings.s3_region
    if settings.s3_access_key is not None:
        configuration["access_key_id"] = settings.s3_access_key
    if settings.s3_secret_key is not None:
        configuration["secret_access_key"] = settings.s3_secret_key.get_secret_value()
    try:
        store = S3Store(
            prefix=prefix or None,
            config=configuration,
            client_options={
                # The user decides by the endpoint's scheme.
                "allow_http": True,
                "connect_timeout": _CONNECT_TIMEOUT,
                "timeout": _REQUEST_TIMEOUT,
            },
            retry_config={"max_retries": _MOST_RETRIES, "retry_timeout": _RETRY_TIMEOUT},
        )
    except (BaseError, ValueError) as error:
        raise RegistryError(f"model registry {address}: {_reason(error)}") from None
    # Two registries may hold different models under the same version.
    copies = settings.cache / bucket / prefix.replace("/", "_")
    return BucketRegistry(store, address, FolderRegistry(copies, option="--cache"))


def _place_of(version: ModelVersion) -> str:
    return f"{version.name}/{version.version}"


def _reason(error: Exception) -> str:
    # The client's own text ends with a dump of its types.
    if said := _SAID_BY_STORE.search(str(error)):
        return f"{said[1]}: {said[2]}"
    return " ".join(str(error).split("\n\nDebug source", maxsplit=1)[0].split())[:300]
