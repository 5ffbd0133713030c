"""A small picture of a case: of its event's boxes, or of what was reported."""

import io
from http import HTTPStatus

from PIL import Image

from api.accounts.role import Role
from tests.api.cases.conftest import District
from tests.api.running_api import JPEG, JPEG_SHA256


def test_a_report_shows_its_first_picture(district: District):
    put = district.api.http.put(
        f"/v1/evidence/{JPEG_SHA256}", content=JPEG, headers={"Content-Type": "image/jpeg"}
    )
    assert put.is_success
    case_id = district.report(pictures=[{"sha256": JPEG_SHA256, "kind": "near"}])["case_id"]
    first = district.by(Role.ACCEPTOR).get(f"/v1/cases/{case_id}/thumbnail")
    assert first.status_code == HTTPStatus.OK, first.text
    assert Image.open(io.BytesIO(first.content)).size == (240, 160)
    again = district.api.http.get(
        f"/v1/cases/{case_id}/thumbnail", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    seen = district.by(Role.AUDITOR).get("/v1/audit").json()["records"]
    assert [one["subject"] for one in seen if one["action"] == "view_evidence"] == [
        JPEG_SHA256,
        JPEG_SHA256,
    ]


def test_a_case_without_a_picture_has_none(district: District):
    case_id = district.report()["case_id"]
    answer = district.api.http.get(f"/v1/cases/{case_id}/thumbnail")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_case_of_others_shows_nothing(district: District):
    case_id = district.report()["case_id"]
    others = district.by(Role.DEPARTMENT, unit_id="sanitation")
    answer = others.get(f"/v1/cases/{case_id}/thumbnail")
    assert answer.status_code == HTTPStatus.NOT_FOUND
