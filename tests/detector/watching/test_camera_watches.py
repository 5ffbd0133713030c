"""The watches follow the list of cameras without forgetting what stands."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector.delivery.standing_events import StandingEvent
from detector.handover.memory_store import MemoryStore
from detector.sighting import ChangeKind
from detector.watching.camera_watches import CameraWatches, WatchOutcome
from detector.watching.watch_standards import WatchStandards
from streams.camera import Camera, EnabledIssueType
from streams.camera_health.given_reference import GivenReference
from streams.camera_health.health_settings import HealthSettings
from streams.frame import Frame, Picture
from tests.streams.camera_health.made_scene import noisy, scene
from tests.watching import NOON, SHANGHAI, ZONES, Seen, car, catalogue_of, detections

RULE = {
    "classes": ["car"],
    "zones": ["no_parking"],
    "dwell_seconds": 2,
    "minimum_looks": 2,
    "same_object": True,
}
FAULTS = {
    "watch_for": "camera_fault",
    "faults": ("dark", "stream_gone"),
    "dwell_seconds": 60,
    "minimum_looks": 1,
}
CATALOGUE = catalogue_of(c90001=RULE)
STREET = scene(width=160, height=90)
BLACK = np.zeros((90, 160, 3), np.uint8)


def a_camera(camera_id: str = "gate", name: str = "Gate", code: str = "90001") -> Camera:
    return Camera.model_validate(
        {
            "camera_id": camera_id,
            "name": name,
            "stream_url": "rtsp://host/x",
            "lon": 106.4,
            "lat": 29.5,
            "zones": ZONES,
            "issue_types": [EnabledIssueType(code=code)],
        }
    )


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[MemoryStore]:
    with MemoryStore(tmp_path) as store:
        yield store


@pytest.fixture
def watches(memory: MemoryStore) -> Callable[..., CameraWatches]:
    def make(standing: Sequence[StandingEvent] = ()) -> CameraWatches:
        return CameraWatches(
            WatchStandards(CATALOGUE, SHANGHAI, HealthSettings()), standing, memory
        )

    return make


def look(watched: CameraWatches, second: int, *seen: Seen) -> WatchOutcome | None:
    return look_at(watched, second, noisy(STREET, seed=second), *seen)


def look_at(
    watched: CameraWatches, second: int, picture: Picture, *seen: Seen
) -> WatchOutcome | None:
    frame = Frame("gate", picture, NOON + timedelta(seconds=second), second)
    return watched.judge(frame, detections(seen))


def opened(watched: CameraWatches) -> str:
    """Look until the parked car is an event; return its id."""
    for second in range(6):
        outcome = look(watched, second, car())
        for change in outcome.changes:
            if change.kind is ChangeKind.OPENED:
                return change.sighting.event_id
    pytest.fail("no event opened")


def test_changed_camera_keeps_its_standing_event(watches):
    watched = watches()
    watched.follow([a_camera()])
    event_id = opened(watched)

    watched.follow([a_camera(name="Gate, renamed")])
    outcome = look(watched, 10, car())

    assert outcome.camera.name == "Gate, renamed"
    assert [sighting.event_id for sighting in outcome.open_sightings] == [event_id]
    assert all(change.kind is not ChangeKind.OPENED for change in outcome.changes)


def test_camera_that_comes_back_keeps_its_standing_event(watches):
    watched = watches()
    watched.follow([a_camera()])
    event_id = opened(watched)

    watched.follow([])
    assert look(watched, 10, car()) is None
    watched.follow([a_camera()])
    outcome = look(watched, 11, car())

    assert [sighting.event_id for sighting in outcome.open_sightings] == [event_id]


def test_standing_event_of_an_earlier_run_goes_on(watches):
    first = watches()
    first.follow([a_camera()])
    event_id = opened(first)
    (sighting,) = look(first, 7, car()).open_sightings

    second = watches([StandingEvent("gate", 3, "[]", sighting)])
    second.follow([a_camera()])
    outcome = look(second, 8, car())

    assert [found.event_id for found in outcome.open_sightings] == [event_id]


def test_camera_that_asks_for_an_unknown_type_is_left_out_alone(watches):
    accepted = watches().follow([a_camera("odd", code="99999"), a_camera()])

    assert [camera.camera_id for camera in accepted] == ["gate"]


def test_a_worker_that_is_killed_in_the_middle_of_a_dwell_goes_on_where_it_was(watches):
    before = watches()
    before.follow([a_camera()])
    assert look(before, 0, car()).changes == []

    after = watches()
    after.follow([a_camera()])
    (change,) = look(after, 2, car()).changes

    assert change.kind is ChangeKind.OPENED
    assert change.sighting.first_seen == NOON
    assert change.sighting.observed_count == 2


@pytest.fixture
def watched(memory: MemoryStore) -> CameraWatches:
    """One camera that is watched for parked cars and for its own faults."""
    standards = WatchStandards(catalogue_of(c90001=RULE, c90002=FAULTS), SHANGHAI, HealthSettings())
    watches = CameraWatches(standards, (), memory)
    camera = a_camera()
    types = (*camera.issue_types, EnabledIssueType(code="90002"))
    watches.follow([camera.model_copy(update={"issue_types": types})])
    return watches


def kinds(outcomes: Sequence[WatchOutcome | None]) -> list[tuple[str, ChangeKind]]:
    return [
        (change.sighting.issue_code, change.kind)
        for outcome in outcomes
        if outcome is not None
        for change in outcome.changes
        if change.kind is not ChangeKind.CONTINUED
    ]


def test_a_camera_that_went_dark_reports_itself_and_clears_nothing(watched):
    by_day = [look(watched, second, car()) for second in range(0, 12, 2)]
    in_the_dark = [look_at(watched, second, BLACK) for second in range(12, 600, 2)]
    by_day_again = [look(watched, second, car()) for second in range(600, 900, 2)]

    assert kinds(by_day) == [("90001", ChangeKind.OPENED)]
    assert kinds(in_the_dark) == [("90002", ChangeKind.OPENED)]
    assert kinds(by_day_again) == [("90002", ChangeKind.CLEARED)]
    (fault,) = [one.sighting for one in in_the_dark[-1].changes]
    assert fault.class_names == ("dark",)
    assert fault.first_seen == NOON + timedelta(seconds=12)


def test_nothing_new_is_reported_while_a_camera_is_dark(watched):
    outcomes = [look_at(watched, second, BLACK, car()) for second in range(0, 60, 2)]
    assert kinds(outcomes) == []


def test_a_camera_that_sends_nothing_is_reported_without_a_picture(watched):
    look(watched, 0)
    silent = [
        watched.no_look("gate", NOON + timedelta(seconds=second)) for second in range(0, 900, 30)
    ]
    back = [look(watched, second) for second in range(900, 1200, 2)]
    assert kinds(silent) == [("90002", ChangeKind.OPENED)]
    assert kinds(back) == [("90002", ChangeKind.CLEARED)]
    assert watched.no_look("unknown", NOON) is None


def test_a_fault_goes_on_after_a_restart(watched, memory):
    for second in range(0, 300, 2):
        outcome = look_at(watched, second, BLACK)
    (sighting,) = outcome.open_sightings
    standing = StandingEvent("gate", 1, "[]", sighting)
    standards = WatchStandards(catalogue_of(c90001=RULE, c90002=FAULTS), SHANGHAI, HealthSettings())
    after = CameraWatches(standards, [standing], memory)
    camera = a_camera()
    types = (*camera.issue_types, EnabledIssueType(code="90002"))
    after.follow([camera.model_copy(update={"issue_types": types})])
    outcomes = [look_at(after, second, BLACK) for second in range(300, 320, 2)]
    assert kinds(outcomes) == []
    assert [one.event_id for one in outcomes[-1].open_sightings] == [sighting.event_id]


HERE, THERE, NOWHERE = scene(1), scene(2), scene(3)
ZONED = {"kind": "no_parking", "polygon": ZONES[0]["polygon"]}


def a_turning_camera(**changes) -> Camera:
    """A camera with two presets, each with a no-parking zone."""
    return Camera.model_validate(
        a_camera().model_dump(exclude={"zones", "stream_url"})
        | {
            "stream_url": "rtsp://host/x",
            "presets": [{"name": "here"}, {"name": "there"}],
            "zones": [
                {"zone_id": "kerb-here", "preset": "here", **ZONED},
                {"zone_id": "kerb-there", "preset": "there", **ZONED},
            ],
        }
        | changes
    )


def given(**pictures: Picture) -> tuple[dict[str, str], dict[str, GivenReference]]:
    """What is wanted and given when operators gave these pictures."""
    references = {
        name: GivenReference.of(name, hex(picture.sum())[2:], jpeg_of(picture), NOON)
        for name, picture in pictures.items()
    }
    return {name: one.sha256 for name, one in references.items()}, references


def jpeg_of(picture: Picture) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def turned_to(watched: CameraWatches, picture: Picture, second: int, *seen: Seen) -> WatchOutcome:
    outcome = look_at(watched, second, noisy(picture, seed=second), *seen)
    assert outcome is not None
    return outcome


def ends(outcome: WatchOutcome) -> list[tuple[ChangeKind, str | None]]:
    """What began and ended, and in which zone."""
    return [
        (change.kind, change.sighting.zone_id)
        for change in outcome.changes
        if change.kind is not ChangeKind.CONTINUED and change.sighting.issue_code == "90001"
    ]


def test_each_preset_is_watched_by_itself_and_what_is_unknown_holds_all(watches):
    watched = watches()
    watched.follow([a_turning_camera()])
    watched.hold_to("gate", *given(here=HERE, there=THERE))

    first = turned_to(watched, HERE, 0, car())
    assert (ends(first), first.camera.presets) == ([], ())
    assert [zone.zone_id for zone in first.camera.zones] == ["kerb-here"]
    assert ends(turned_to(watched, HERE, 2, car())) == [(ChangeKind.OPENED, "kerb-here")]
    # The same place in another preset is another place, and dwells anew.
    assert ends(turned_to(watched, THERE, 4, car())) == []
    assert ends(turned_to(watched, THERE, 6, car())) == [(ChangeKind.OPENED, "kerb-there")]
    # Neither an unknown view nor another preset clears anything.
    for second in range(8, 30, 2):
        unknown = turned_to(watched, NOWHERE, second)
        assert (ends(unknown), unknown.camera.zones) == ([], ())
    there = [turned_to(watched, THERE, second) for second in range(200, 240, 2)]
    assert [one for outcome in there for one in ends(outcome)] == [
        (ChangeKind.CLEARED, "kerb-there")
    ]
    assert [one.zone_id for one in there[-1].open_sightings if one.zone_id] == ["kerb-here"]


def test_presets_and_what_stands_in_them_outlast_a_restart(watches):
    before = watches()
    before.follow([a_turning_camera()])
    before.hold_to("gate", *given(here=HERE, there=THERE))
    turned_to(before, HERE, 0, car())
    turned_to(before, HERE, 2, car())
    turned_to(before, THERE, 4, car())
    (here,) = turned_to(before, NOWHERE, 6).open_sightings
    before.keep()

    after = watches([StandingEvent("gate", 1, "[]", here)])
    after.follow([a_turning_camera()])
    assert after.given_references("gate") == given(here=HERE, there=THERE)[0]
    outcome = turned_to(after, THERE, 8, car())
    (opened,) = [one for one in outcome.changes if one.kind is ChangeKind.OPENED]
    assert (opened.sighting.zone_id, opened.sighting.observed_count) == ("kerb-there", 2)
    (change,) = turned_to(after, HERE, 10, car()).changes
    assert (change.kind, change.sighting.event_id) == (ChangeKind.CONTINUED, here.event_id)


def test_a_preset_without_a_picture_is_not_watched_and_nothing_is_learnt(watches):
    watched = watches()
    watched.follow([a_turning_camera()])
    for second in range(0, 100, 5):
        outcome = turned_to(watched, HERE, second, car())
        assert (outcome.open_sightings, outcome.camera.zones) == ([], ())
    watched.hold_to("gate", *given(here=HERE))
    turned_to(watched, HERE, 100, car())
    assert ends(turned_to(watched, HERE, 102, car())) == [(ChangeKind.OPENED, "kerb-here")]


def test_a_forgotten_or_replaced_picture_is_taken_at_its_word(watches):
    watched = watches()
    watched.follow([a_camera()])
    for second in range(0, 80, 5):
        turned_to(watched, HERE, second)
    assert watched.given_references("gate") == {}
    # The view that was learnt gives way to the one that an operator says is right.
    wanted, references = given(first=THERE)
    watched.hold_to("gate", wanted, references)
    assert watched.given_references("gate") == wanted
    turned_to(watched, THERE, 100, car())
    assert ends(turned_to(watched, THERE, 102, car())) == [(ChangeKind.OPENED, "kerb")]
    watched.hold_to("gate", {}, {})
    assert watched.given_references("gate") == {}
    for second in range(110, 200, 5):
        outcome = turned_to(watched, HERE, second, car())
    assert [one.zone_id for one in outcome.open_sightings if one.zone_id] == ["kerb"]
