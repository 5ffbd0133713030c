"""A report that is sent twice: one case, and both senders are told which."""

from concurrent.futures import ThreadPoolExecutor

from tests.api.cases.conftest import District


def test_report_sent_several_times_at_once_is_one_case(district: District):
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: district.report(report_key="hotline-2"), range(6)))
    assert len({case["case_id"] for case in found}) == 1
    assert len(district.api.reader.get("/v1/cases").json()["cases"]) == 1


def test_report_without_a_key_is_merged_into_the_first(district: District):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: district.report(), range(4)))
    open_ones = district.api.reader.get("/v1/cases?open=true").json()["cases"]
    assert len(found) == 4
    assert len(open_ones) == 1
    merged = [case for case in found if case["state"] == "merged"]
    assert {case["merged_into"] for case in merged} <= {case["case_id"] for case in found}
