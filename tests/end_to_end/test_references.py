"""Reference pictures of operators, from the API to the watches of a worker."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import pytest

from demo.district_processes import DistrictApi
from detector.delivery.api_client import ApiClient
from detector.delivery.worker_settings import WorkerSettings
from detector.handover.memory_store import MemoryStore
from detector.watching.camera_watches import CameraWatches
from detector.watching.reference_follower import ReferenceFollower
from tests.detector.watching.test_camera_watches import HERE, THERE, a_turning_camera, turned_to
from tests.end_to_end.test_hand_over import STANDARDS
from tests.watching import car

CAMERA = a_turning_camera(issue_types=[{"code": "09009", "dwell_seconds": 2, "minimum_looks": 2}])


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DistrictApi]:
    with DistrictApi(tmp_path_factory.mktemp("api"), 0) as api:
        api.put_cameras([CAMERA])
        yield api


def test_a_worker_takes_up_given_replaced_and_forgotten_pictures(
    district: DistrictApi, tmp_path: Path
):
    access = district.access

    def give(preset: str, jpeg: bytes) -> None:
        url = f"{access.url}/v1/cameras/gate/references/{preset}"
        headers = {**access.headers, "Content-Type": "image/jpeg"}
        httpx.put(url, content=jpeg, headers=headers, trust_env=False).raise_for_status()

    here, there = (cv2.imencode(".jpg", one)[1].tobytes() for one in (HERE, THERE))
    settings = WorkerSettings(api=access.url, key=access.keys.worker)
    with ApiClient(settings) as client, MemoryStore(tmp_path) as memory:
        watches = CameraWatches(STANDARDS, (), memory)
        watches.follow([CAMERA])
        follower = ReferenceFollower(client, watches)

        follower.follow([CAMERA])
        assert turned_to(watches, HERE, 0, car()).camera.zones == ()
        give("here", here)
        follower.follow([CAMERA])
        assert [zone.zone_id for zone in turned_to(watches, HERE, 2).camera.zones] == ["kerb-here"]

        # What is no picture after all is refused, and the one before counts on.
        with pytest.raises(httpx.HTTPStatusError, match="422"):
            give("here", b"\xff\xd8\xff broken")
        give("there", there)
        follower.follow([CAMERA])
        for second, picture, zone in ((4, HERE, "kerb-here"), (6, THERE, "kerb-there")):
            shown = turned_to(watches, picture, second).camera.zones
            assert [one.zone_id for one in shown] == [zone]

        url = f"{access.url}/v1/cameras/gate/references/there"
        httpx.delete(url, headers=access.headers, trust_env=False).raise_for_status()
        follower.follow([CAMERA])
        assert turned_to(watches, THERE, 8).camera.zones == ()
