"""The main job: RTSP in, one stored event with pictures out."""

from pathlib import Path

import cv2
import numpy as np
import psutil

from api.contract.events import EventStatus, EvidenceKind
from demo.district_processes import DistrictApi, DistrictWorker
from streams.camera import Camera
from tests.colour_model import ColourSquare
from tests.end_to_end.conftest import Street, read, replayed, stored_events
from tests.waiting import wait_until


def test_standing_car_becomes_one_event_with_pictures(tmp_path: Path, worker_options: list[str]):
    streets = [Street("gate"), Street("empty", squares=()), Street("people", PEOPLE)]
    with (
        replayed(tmp_path, streets) as cameras,
        DistrictApi(tmp_path / "api", 0) as api,
        DistrictWorker(api.access, tmp_path / "worker", worker_options) as worker,
    ):
        api.put_cameras(cameras)
        wait_until(lambda: stored_events(api.access), timeout=60)
        wait_until(lambda: stored_events(api.access)[0].properties.revision >= 4, timeout=60)
        events = stored_events(api.access)
        pictures = {
            item.kind: read(api.access, f"/v1/evidence/{item.sha256}")
            for item in events[0].properties.evidence
        }
        preview = read(api.access, "/v1/cameras/empty/preview")

    (event,) = events
    said = event.properties
    assert (said.camera_id, said.issue_code, said.zone_id) == ("gate", "09009", "kerb")
    assert said.status is EventStatus.OPEN
    assert said.accuracy_m > 0
    assert [found.class_name for found in said.detections] == ["car"]
    assert set(pictures) == {EvidenceKind.FRAME, EvidenceKind.ANNOTATED, EvidenceKind.CROP}
    for answer in [*pictures.values(), preview]:
        picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
        assert picture.size > 0
    report = worker.report()
    assert report.cameras == report.cameras_streaming == 3
    assert report.frames_analysed >= 6
    assert report.events_posted == 1
    assert report.events_waiting == report.events_refused == 0


PEOPLE = (ColourSquare("person", 0.3, 0.5), ColourSquare("person", 0.7, 0.5))


def test_car_that_leaves_clears_its_event_and_one_that_comes_back_repeats_it(
    tmp_path: Path, worker_options: list[str]
):
    with DistrictApi(tmp_path / "api", 0) as api:
        with (
            replayed(tmp_path, [Street("gate")]) as cameras,
            DistrictWorker(api.access, tmp_path / "worker", worker_options),
        ):
            api.put_cameras(cameras)
            wait_until(lambda: stored_events(api.access), timeout=60)
        with (
            replayed(tmp_path / "..", [Street("gate", squares=())]) as cameras,
            DistrictWorker(api.access, tmp_path / "worker", worker_options),
        ):
            api.put_cameras(cameras)
            wait_until(
                lambda: stored_events(api.access)[0].properties.status is EventStatus.CLEARED,
                timeout=60,
            )
        (first,) = stored_events(api.access)
        assert first.properties.evidence[-1].kind is EvidenceKind.CLEARED
        with (
            replayed(tmp_path, [Street("gate")]) as cameras,
            DistrictWorker(api.access, tmp_path / "worker", worker_options),
        ):
            api.put_cameras(cameras)
            wait_until(lambda: len(stored_events(api.access)) > 1, timeout=60)
        again = stored_events(api.access)[0].properties
        assert (again.recurrence_of, again.recurrence_number) == (first.id, 1)


def test_dead_cameras_do_not_hold_up_the_living(tmp_path: Path, worker_options: list[str]):
    with (
        replayed(tmp_path, [Street("alive")]) as cameras,
        DistrictApi(tmp_path / "api", 0) as api,
        DistrictWorker(api.access, tmp_path / "worker", worker_options) as worker,
    ):
        dead: list[Camera] = [
            cameras[0].model_copy(update={"camera_id": f"dead-{number}", "stream_url": url})
            for number, url in enumerate(DEAD_ADDRESSES)
        ]
        api.put_cameras([*dead, *cameras])
        wait_until(lambda: stored_events(api.access), timeout=60)

    faults = worker.report().camera_faults
    assert len(faults) == len(dead)
    assert not any("secret" in fault for fault in faults)


DEAD_ADDRESSES = [
    Camera.model_validate(
        {"camera_id": "x", "name": "x", "stream_url": address, "lon": 0, "lat": 0}
    ).stream_url
    for address in (
        "rtsp://admin:secret@127.0.0.1:9/live",
        "rtsp://admin:secret@host.invalid/live",
    )
]


def test_nothing_is_left_when_the_district_has_stopped(tmp_path: Path, worker_options: list[str]):
    before = {process.pid for process in psutil.process_iter()}
    with (
        replayed(tmp_path, [Street("gate")]) as cameras,
        DistrictApi(tmp_path / "api", 0) as api,
        DistrictWorker(api.access, tmp_path / "worker", worker_options),
    ):
        api.put_cameras(cameras)

    left = [p.info for p in psutil.process_iter(["pid", "cmdline"]) if p.pid not in before]
    assert not [info for info in left if str(tmp_path) in " ".join(info["cmdline"] or [])]
