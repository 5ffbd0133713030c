"""Evidence: kept under its hash, only whole and only JPEG."""

import hashlib
from pathlib import Path

import pytest

from api.events.evidence_store import EvidenceFolder
from tests.api.running_api import JPEG, JPEG_SHA256, RunningApi

PAGE = b"\xff\xd8\xff<html><script>alert(1)</script></html>"
BROKEN_OFF = JPEG[:-20]
# The size stands in a header; nobody needs to make the pixels.
FRAME_HEADER = JPEG.index(b"\xff\xc0") + 5
VAST = JPEG[:FRAME_HEADER] + b"\xff\xdc\xff\xdc" + JPEG[FRAME_HEADER + 4 :]
IMAGE = {"Content-Type": "image/jpeg"}


def test_picture_goes_in_once_and_out_for_whoever_asks_alone(api: RunningApi):
    url = f"/v1/evidence/{JPEG_SHA256}"
    assert api.http.put(url, content=JPEG, headers=IMAGE).status_code == 201
    assert api.http.put(url, content=JPEG, headers=IMAGE).status_code == 200
    answer = api.reader.get(url)
    assert answer.content == JPEG
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    again = api.reader.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "body", "status", "said"),
    [
        (JPEG_SHA256, JPEG + b"x", 422, "sha256"),
        ("0" * 63, JPEG, 422, "sha256"),
        ("A" * 64, JPEG, 422, "sha256"),
        ("..%2F..%2Fetc%2Fpasswd", JPEG, 404, ""),
        (hashlib.sha256(b"GIF89a").hexdigest(), b"GIF89a", 422, "no JPEG"),
        (hashlib.sha256(b"").hexdigest(), b"", 422, "no JPEG"),
        (hashlib.sha256(PAGE).hexdigest(), PAGE, 422, "no JPEG"),
        (hashlib.sha256(BROKEN_OFF).hexdigest(), BROKEN_OFF, 422, "no JPEG"),
        (hashlib.sha256(VAST).hexdigest(), VAST, 422, "pixels"),
    ],
)
def test_bad_picture_is_refused(api: RunningApi, name, body, status, said):
    answer = api.http.put(f"/v1/evidence/{name}", content=body, headers=IMAGE)
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert api.reader.get(f"/v1/evidence/{'0' * 64}").status_code == 404


def test_lost_file_is_written_again(fresh_api: RunningApi):
    api = fresh_api
    api.add_evidence()
    (path,) = (api.settings.data_dir / "evidence").rglob("*.jpg")
    path.unlink()
    assert api.reader.get(f"/v1/evidence/{JPEG_SHA256}").status_code == 404
    api.add_evidence()
    assert api.reader.get(f"/v1/evidence/{JPEG_SHA256}").content == JPEG


@pytest.mark.anyio
async def test_torn_file_is_replaced_and_nothing_is_left_beside(tmp_path: Path):
    files = EvidenceFolder(tmp_path)
    await files.put(JPEG_SHA256, JPEG)
    (path,) = tmp_path.rglob("*.jpg")
    path.write_bytes(JPEG[:5])
    await files.put(JPEG_SHA256, JPEG)
    assert await files.get(JPEG_SHA256) == JPEG
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
    assert await files.get("0" * 64) is None


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
