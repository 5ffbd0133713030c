"""The registry in a bucket, over HTTP to a server that speaks S3."""

import json
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("obstore", reason="the extra 's3' is not installed")
from obstore.store import S3Store

from models.cards.model_card import CARD_FILE_NAME, ModelFileError
from models.model_version import parse_model_version
from models.registry.bucket_registry import BucketRegistry
from models.registry.registry import (
    ModelVersionTakenError,
    RegistryError,
    UnknownModelVersionError,
)
from models.registry.registry_access import open_registry
from models.registry.result_recording import folder_that_keeps
from models.registry.settings import RegistrySettings
from models.registry.shipped_weights import RegistryWithShipped
from tests.models.registered import write_draft

pytestmark = pytest.mark.usefixtures("nothing_shipped")

ONE = parse_model_version("squares@1")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Address of a store without buckets."""
    moto = pytest.importorskip("moto.server", reason="moto is not installed")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def bucket(server: str) -> str:
    """Address of a new bucket in the store."""
    name = f"bucket-{uuid.uuid4().hex}"
    urllib.request.urlopen(urllib.request.Request(f"{server}/{name}", method="PUT")).close()
    return f"s3://{name}"


@pytest.fixture
def reach(bucket: str, server: str, tmp_path: Path) -> Callable[..., RegistryWithShipped]:
    """Open the registry in the bucket, as the machine of this name."""

    def opened(machine: str = "here", **changes: str) -> RegistryWithShipped:
        fields = {
            "registry": f"{bucket}/city/models",
            "cache": tmp_path / machine,
            "s3_endpoint": server,
            "s3_access_key": "key",
            "s3_secret_key": "very-secret",
        }
        return open_registry(RegistrySettings(**{**fields, **changes}))

    return opened


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return write_draft(tmp_path / "draft", "squares@1")


@pytest.fixture
def store(reach: Callable[..., RegistryWithShipped]) -> S3Store:
    """The registry's part of the bucket, to change it behind the registry's back."""
    own = reach().own
    assert isinstance(own, BucketRegistry)
    return own.store


def test_what_one_machine_adds_another_fetches(reach, draft: Path):
    added = reach("here").add(draft)
    other = reach("there")
    assert other.versions() == [ONE]
    assert other.card(ONE) == added.card
    fetched = other.fetch(ONE)
    assert fetched.card == added.card
    assert fetched.folder != added.folder
    artefact = fetched.card.artefacts[0]
    assert fetched.path_of(artefact).read_bytes() == added.path_of(artefact).read_bytes()


def test_results_are_not_kept_in_a_bucket(reach, draft: Path):
    registry = reach()
    registry.add(draft)
    with pytest.raises(RegistryError, match=r"--record: .* folder only, not in s3://bucket"):
        folder_that_keeps(registry, ONE)


def test_an_empty_bucket_holds_nothing(reach):
    assert reach().versions() == []
    with pytest.raises(UnknownModelVersionError, match=r"squares@1 is not in s3://bucket"):
        reach().fetch(ONE)


def test_adding_again_does_nothing_and_other_content_is_refused(reach, draft: Path, tmp_path: Path):
    first = reach().add(draft)
    assert reach().add(draft) == first
    other = write_draft(tmp_path / "other", "squares@1", licence="MIT")
    with pytest.raises(ModelVersionTakenError, match=r"squares@1 is in s3://.*--version"):
        reach("there").add(other)


def test_what_an_interrupted_add_left_is_no_version(reach, draft, store):
    store.put("squares/1/model.onnx", b"half of another model")
    assert reach().versions() == []
    with pytest.raises(RegistryError, match=r"squares/1/model\.onnx is left from another"):
        reach().add(draft)
    store.put("squares/1/model.onnx", (draft / "model.onnx").read_bytes())
    assert reach().add(draft).card.model_version == ONE


def test_a_copy_serves_while_the_store_is_away(reach, draft: Path):
    fetched = reach().add(draft)
    nowhere = "http://127.0.0.1:9"
    assert reach(s3_endpoint=nowhere).fetch(ONE) == fetched
    with pytest.raises(RegistryError, match=r"s3://.*--s3-endpoint") as caught:
        reach("there", s3_endpoint=nowhere).fetch(ONE)
    assert "\n" not in str(caught.value)
    assert "very-secret" not in str(caught.value)


def test_a_damaged_copy_is_fetched_anew(reach, draft: Path):
    path = reach().add(draft).folder / "model.onnx"
    path.write_bytes(b"torn")
    reach().fetch(ONE)
    assert path.read_bytes() == (draft / "model.onnx").read_bytes()


@pytest.mark.parametrize(
    ("content", "problem"), [(b"other", "changed or torn"), (None, "is not there, but its card")]
)
def test_an_object_that_its_card_does_not_describe_is_refused(
    reach, draft, store, content: bytes | None, problem: str
):
    reach().add(draft)
    if content is None:
        store.delete("squares/1/model.onnx")
    else:
        store.put("squares/1/model.onnx", content)
    with pytest.raises(ModelFileError, match=problem):
        reach("there").fetch(ONE)


def test_unreadable_and_misplaced_cards_are_faults(reach, draft, store):
    reach().add(draft)
    store.put(f"squares/2/{CARD_FILE_NAME}", (draft / CARD_FILE_NAME).read_bytes())
    store.put(f"bad/1/{CARD_FILE_NAME}", b"\xff name: [")
    content = reach().content()
    assert [card.model_version for card in content.cards] == [ONE]
    assert {fault.place for fault in content.faults} == {"squares/2", "bad/1"}
    assert "move its folder to squares/1" in content.faults[-1].problem


def test_a_bucket_that_is_not_there_is_named(reach, draft: Path):
    nobody = reach(registry="s3://nobodys-bucket")
    with pytest.raises(RegistryError, match=r"nobodys-bucket: NoSuchBucket"):
        nobody.versions()
    with pytest.raises(RegistryError, match=r"nobodys-bucket: NoSuchBucket"):
        nobody.add(draft)


@pytest.mark.parametrize("address", ["s3://", "s3:///models", "gs://bucket/models"])
def test_an_address_that_is_none(reach, address: str):
    with pytest.raises(RegistryError, match="s3://BUCKET/PREFIX"):
        reach(registry=address)


def test_without_the_client_the_extra_is_named(reach, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "models.registry.bucket_registry", raising=False)
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(RegistryError, match=r"citypatrol\[s3\]"):
        reach()


def test_commands_take_the_bucket_from_the_environment(
    models, bucket, server, draft, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CITYPATROL_MODEL_REGISTRY", bucket)
    monkeypatch.setenv("CITYPATROL_MODEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CITYPATROL_MODEL_S3_ENDPOINT", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert "added squares@1" in models("add", str(draft))
    (listed,) = json.loads(models("list", "--json"))["versions"]
    assert (listed["name"], listed["version"], listed["problem"]) == ("squares", "1", None)
