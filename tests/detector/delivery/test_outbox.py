"""The outbox keeps what it was given until it is told to forget it."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.contract.events import FieldError
from detector.delivery.outbox import Outbox, OutboxCounts
from streams.kit.errors import CityPatrolError
from tests.events import MODEL, NOON, make_evidence, make_feature, make_sighting

PLENTY = 1 << 30


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path, PLENTY) as opened:
        yield opened


def test_put_event_waits_with_its_pictures(outbox: Outbox):
    sighting, picture = make_sighting(), make_evidence()
    feature = make_feature(sighting, pictures=(picture,))

    outbox.put(feature, sighting, [picture])

    assert outbox.waiting(10) == [feature]
    assert [kept.jpeg for kept in outbox.pictures_of(feature.id)] == [picture.jpeg]
    assert outbox.counts() == OutboxCounts(waiting=1, refused=0)


def test_later_revision_takes_the_place_of_the_earlier(outbox: Outbox):
    sighting = make_sighting()
    for revision in (1, 3, 2):
        outbox.put(make_feature(sighting, revision), sighting, [])

    assert [feature.properties.revision for feature in outbox.waiting(10)] == [3]


def test_longest_waiting_comes_first(outbox: Outbox):
    sightings = [make_sighting() for _ in range(3)]
    for sighting in sightings:
        outbox.put(make_feature(sighting), sighting, [])
    outbox.put(make_feature(sightings[0], 2), sightings[0], [])

    ids = [feature.id for feature in outbox.waiting(2)]

    assert ids == [sighting.event_id for sighting in sightings[:2]]


def test_delivered_event_is_forgotten_with_its_pictures(outbox: Outbox):
    sighting, picture = make_sighting(), make_evidence()
    feature = make_feature(sighting, pictures=(picture,))
    outbox.put(feature, sighting, [picture])

    outbox.delivered([feature])

    assert outbox.waiting(10) == []
    assert outbox.pictures_of(feature.id) == []


def test_revision_that_came_during_delivery_stays_with_its_new_picture(outbox: Outbox):
    sighting = make_sighting()
    first, second = make_evidence(b"first"), make_evidence(b"second")
    sent = make_feature(sighting, 1, (first,))
    later = make_feature(sighting, 2, (first, second))
    outbox.put(sent, sighting, [first])
    outbox.put(later, sighting, [second])

    outbox.delivered([sent])

    assert outbox.waiting(10) == [later]
    assert [kept.sha256 for kept in outbox.pictures_of(sighting.event_id)] == [second.sha256]


def test_picture_of_two_events_stays_until_both_are_delivered(outbox: Outbox):
    picture = make_evidence()
    sightings = [make_sighting(), make_sighting()]
    features = [make_feature(sighting, pictures=(picture,)) for sighting in sightings]
    for feature, sighting in zip(features, sightings, strict=True):
        outbox.put(feature, sighting, [picture])

    outbox.delivered(features[:1])

    assert [kept.jpeg for kept in outbox.pictures_of(features[1].id)] == [picture.jpeg]


def test_refused_event_is_set_aside_and_counted(outbox: Outbox):
    sighting, picture = make_sighting(), make_evidence()
    feature = make_feature(sighting, pictures=(picture,))
    outbox.put(feature, sighting, [picture])

    outbox.refuse(feature, [FieldError(field="properties.issue_code", message="unknown")])

    assert outbox.waiting(10) == []
    assert outbox.counts() == OutboxCounts(waiting=0, refused=1)
    assert len(outbox.pictures_of(feature.id)) == 1


def test_refused_event_is_kept_once_and_can_be_tried_again(outbox: Outbox):
    sighting, picture = make_sighting(), make_evidence()
    for revision in (1, 2):
        feature = make_feature(sighting, revision, (picture,))
        outbox.put(feature, sighting, [picture])
        outbox.refuse(feature, [FieldError(field="properties.camera_id", message="unknown")])

    (refused,) = outbox.refused()
    assert outbox.retry_refused() == 1

    assert refused.feature == feature
    assert [error.message for error in refused.errors] == ["unknown"]
    assert outbox.waiting(10) == [feature]
    assert outbox.counts() == OutboxCounts(waiting=1, refused=0)
    assert len(outbox.pictures_of(feature.id)) == 1


def test_later_revision_wins_over_a_refused_one_that_is_tried_again(outbox: Outbox):
    sighting = make_sighting()
    earlier, later = make_feature(sighting, 1), make_feature(sighting, 2)
    outbox.put(earlier, sighting, [])
    outbox.refuse(earlier, [])
    outbox.put(later, sighting, [])

    outbox.retry_refused()

    assert outbox.waiting(10) == [later]


def test_event_stands_until_it_clears(tmp_path: Path):
    sighting = make_sighting()
    with Outbox(tmp_path, PLENTY) as outbox:
        outbox.put(make_feature(sighting, 2), sighting, [])

    with Outbox(tmp_path, PLENTY) as outbox:
        (standing,) = outbox.standing()
        gone = make_feature(sighting, 3, cleared_at=NOON + timedelta(seconds=60))
        outbox.put(gone, sighting, [])

        assert outbox.standing() == []
    assert (standing.camera_id, standing.revision) == ("gate", 2)
    assert standing.sighting.to_json() == sighting.to_json()


KILLED_AFTER_PUT = """
import os, signal, sys
from pathlib import Path
from detector.delivery.outbox import Outbox
from tests.events import make_evidence, make_feature, make_sighting
outbox = Outbox(Path(sys.argv[1]), 1 << 30)
sighting, picture = make_sighting(sys.argv[2]), make_evidence()
outbox.put(make_feature(sighting, pictures=(picture,)), sighting, [picture])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_put_event_survives_sigkill(tmp_path: Path):
    event_id = make_sighting().event_id
    command = [sys.executable, "-c", KILLED_AFTER_PUT, str(tmp_path), event_id]

    died = subprocess.run(command, cwd=Path(__file__).parents[3], check=False)

    assert died.returncode == -9
    with Outbox(tmp_path, PLENTY) as outbox:
        (feature,) = outbox.waiting(10)
        assert feature.id == event_id
        assert [kept.sha256 for kept in outbox.pictures_of(event_id)] == [make_evidence().sha256]


def test_full_outbox_has_no_room_until_events_were_delivered(tmp_path: Path):
    sighting, picture = make_sighting(), make_evidence(b"x" * 500_000)
    feature = make_feature(sighting, pictures=(picture,))
    with Outbox(tmp_path, 400_000) as outbox:
        assert outbox.has_room()
        outbox.put(feature, sighting, [picture])
        assert not outbox.wait_for_room(0.01)

        outbox.delivered([feature])

        assert outbox.wait_for_room(0.01)


def test_second_worker_in_the_same_folder_is_told_so(outbox: Outbox, tmp_path: Path):
    with pytest.raises(CityPatrolError, match=r"in use by process.*--data-dir"):
        Outbox(tmp_path, PLENTY)


@pytest.mark.parametrize(
    ("name", "content"),
    [("outbox.sqlite", b"this is no database" * 100)],
)
def test_damaged_outbox_is_named(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CityPatrolError, match=r"outbox\.sqlite cannot be opened"):
        Outbox(tmp_path, PLENTY)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(CityPatrolError, match="cannot be used"):
        Outbox(tmp_path / "file" / "outbox", PLENTY)


def test_standing_event_remembers_its_model_also_in_a_folder_of_an_earlier_version(
    tmp_path: Path,
):
    with Outbox(tmp_path, 1 << 30) as outbox:
        first, second = make_sighting(), make_sighting()
        for sighting in (first, second):
            outbox.put(make_feature(sighting), sighting, [])
    with sqlite3.connect(tmp_path / "outbox.sqlite") as database:
        database.execute("DROP TABLE standing_models")
    database.close()
    with Outbox(tmp_path, 1 << 30) as outbox:
        assert [event.model for event in outbox.standing()] == [None, None]
        outbox.put(make_feature(first, revision=2), first, [])
        models = {event.sighting.event_id: event.model for event in outbox.standing()}
        assert models == {first.event_id: MODEL, second.event_id: None}
        cleared = make_feature(first, 3, cleared_at=first.last_seen)
        outbox.put(cleared, first, [])
        assert [event.sighting.event_id for event in outbox.standing()] == [second.event_id]
