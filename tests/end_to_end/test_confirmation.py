"""A second opinion, from the street to the API, while the analysis goes on."""

import threading
from pathlib import Path

from demo.district_processes import DistrictApi, DistrictWorker
from tests.detector.confirmation.vision_server import KEY, VisionServer, verdict
from tests.end_to_end.conftest import Street, replayed, stored_events
from tests.waiting import wait_until

OVERLAY = """
overlay_version: asking-1
types:
  - code: "09009"
    rule:
      confirmation: {by: vision_endpoint, question: Does a car stand where it must not?}
"""


def test_looks_go_on_while_the_endpoint_thinks_and_its_verdict_arrives(
    tmp_path: Path, worker_options: list[str]
):
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OVERLAY)
    thought = threading.Event()
    with (
        VisionServer(verdict("no", "It is a painted square.", after=thought)) as server,
        replayed(tmp_path, [Street("gate"), Street("quay")]) as cameras,
        DistrictApi(tmp_path / "api", 0) as api,
    ):
        asking = [
            *("--overlays", str(overlay), "--vision-url", server.url, "--vision-model", "eye"),
            *("--vision-key", KEY, "--vision-concurrent", "1"),
        ]
        with DistrictWorker(api.access, tmp_path / "worker", [*worker_options, *asking]):
            api.put_cameras(cameras)
            wait_until(lambda: len(stored_events(api.access)) == 2, timeout=60)
            wait_until(
                lambda: min(one.properties.revision for one in stored_events(api.access)) >= 3,
                timeout=60,
            )
            # Revisions go on though the only question under way has no answer.
            while_thinking = [one.properties for one in stored_events(api.access)]
            questions = len(server.requests)

            thought.set()
            wait_until(
                lambda: (
                    not any(
                        one.properties.confirmation.status == "pending"
                        for one in stored_events(api.access)
                    )
                ),
                timeout=60,
            )
            judged = [one.properties.confirmation for one in stored_events(api.access)]

    assert questions == 1
    assert {one.confirmation.status for one in while_thinking} == {"pending"}
    assert {one.status for one in judged} == {"refuted"}
    assert {one.reason for one in judged} == {"It is a painted square."}
    assert all(one.prompt and one.asked_at < one.answered_at for one in judged)
    assert len(server.requests) == 2
