"""The queue of cases: the open ones once, then what changed."""

from typing import Any

import pytest

from api.accounts.role import Role
from api.cases import case_queue
from tests.api.cases.conftest import District


def queue(district: District, **asked: Any) -> dict[str, Any]:
    answer = district.api.http.get("/v1/case-queue", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_open_cases_come_once_and_then_what_changed(district: District):
    first = district.report()["case_id"]
    (row,) = queue(district, open=True)["cases"]
    assert (row["case_id"], row["state"], row["is_open"]) == (first, "reported", True)
    assert row["yellow_at"] < row["due_at"]
    assert queue(district, after=row["change"])["cases"] == []

    district.do(first, "reject", Role.ACCEPTOR, reason="有许可")
    assert queue(district, open=True)["cases"] == []
    (changed,) = queue(district, after=row["change"])["cases"]
    assert (changed["state"], changed["is_open"]) == ("not_accepted", False)
    assert queue(district, after=row["change"], open=True)["cases"] == []


def test_a_long_queue_is_read_page_by_page(
    district: District,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(case_queue, "LARGEST_QUEUE_PAGE", 2)
    reported = [district.report(issue_code=code)["case_id"] for code in ("06010", "06020", "06030")]
    first = queue(district, open=True)
    assert first["more"]
    second = queue(district, open=True, after=first["cases"][-1]["change"])
    assert not second["more"]
    found = [one["case_id"] for page in (first, second) for one in page["cases"]]
    assert found == reported


def test_a_department_sees_its_own(district: District):
    district.report()
    own = district.by(Role.DEPARTMENT, unit_id="sanitation").get("/v1/case-queue").json()
    assert own["cases"] == []
