"""Links to evidence: for one picture, for a while, and no further."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.accounts.evidence_links import EvidenceLinks, LinkError
from api.accounts.role import Role
from api.accounts.secret_key import SecretKey, secret_of
from tests.api.running_api import JPEG, RunningApi
from tests.events import small_jpeg

HOUR = timedelta(hours=1)


@pytest.fixture
def links(api: RunningApi) -> EvidenceLinks:
    return EvidenceLinks(secret_of(api.settings.data_dir, None))


def test_a_link_opens_its_picture_and_the_view_is_kept(api: RunningApi, links: EvidenceLinks):
    name = api.add_evidence()
    path = links.path(name, HOUR)
    answer = api.nobody.get(path)
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert answer.headers["cache-control"].startswith("private")
    seen = api.nobody.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert seen.status_code == 304
    assert api.http.get(f"/v1/evidence/{name}").content == JPEG
    records = api.user(Role.AUDITOR).get("/v1/audit").json()["records"]
    assert [(one["actor"], one["action"], one["subject"]) for one in records] == [
        ("worker", "view_evidence", name),
        ("-", "view_evidence", name),
        ("-", "view_evidence", name),
    ]
    assert {one["address"] for one in records} == {"127.0.0.1"}


def test_a_link_that_was_changed_opens_nothing(api: RunningApi, links: EvidenceLinks):
    name = api.add_evidence()
    other = api.add_evidence(small_jpeg() + b"2")
    path = links.path(name, HOUR)
    expires = int(path.partition("expires=")[2].partition("&")[0])
    foreign = EvidenceLinks(SecretKey(b"x" * 32)).path(name, HOUR)
    for changed in (
        path.replace(name, other),
        path.replace(str(expires), str(expires + 3600)),
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        path[:-1] + "é",
        path.replace("signature=", "signature=&x="),
        foreign,
    ):
        answer = api.nobody.get(changed)
        assert answer.status_code in {403, 422}, changed
        assert answer.content != JPEG
    assert api.nobody.get(foreign).json()["detail"] == (
        "this link was not made here; ask for another one"
    )
    assert api.nobody.get(f"/v1/evidence/{name}").status_code == 401


def test_a_link_ends(api: RunningApi, links: EvidenceLinks, monkeypatch):
    name = api.add_evidence()
    signed = links._signature(name, 1_000_000_000)
    answer = api.nobody.get(f"/v1/evidence/{name}/signed?expires=1000000000&signature={signed}")
    assert answer.status_code == 403
    assert "this link has ended" in answer.json()["detail"]


def test_a_link_to_nothing(api: RunningApi, links: EvidenceLinks):
    assert api.nobody.get(links.path("0" * 64, HOUR)).status_code == 404


@pytest.mark.parametrize("seconds", [0, -1, 8 * 24 * 3600])
def test_a_link_is_good_for_a_while_only(tmp_path: Path, seconds: int):
    with pytest.raises(LinkError, match="a link is good for 1 s to 7 days"):
        EvidenceLinks(secret_of(tmp_path, None)).path("0" * 64, timedelta(seconds=seconds))
