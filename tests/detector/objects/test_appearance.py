"""Whether the thing in one place is still the same thing."""

from collections.abc import Callable
from datetime import timedelta

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.objects.appearance import Appearance, Likeness
from detector.objects.object_memory import ObjectMemory, RememberedObject
from detector.objects.object_visibility import ObjectVisibility
from detector.rules.judgement.watch_state import ObjectState
from streams.frame import Picture
from streams.look_moment import LookMoment
from tests.streams.camera_health import made_scene as made
from tests.watching import NOON, Box, Seen, detections, found_objects

STREET = made.scene(0)
PLACE: Box = (0.3, 0.3, 0.5, 0.55)
SAME, DIFFERENT, CANNOT_TELL = Likeness.SAME, Likeness.DIFFERENT, Likeness.CANNOT_TELL


def with_thing(seed: int, picture: Picture = STREET, place: Box = PLACE) -> Picture:
    """The street with a thing standing in a place; another seed is another thing."""
    changed = picture.copy()
    height, width = picture.shape[:2]
    left, top, right, bottom = (
        round(edge * side) for edge, side in zip(place, (width, height) * 2, strict=True)
    )
    thing = made.scene(100 + seed)[: bottom - top, : right - left]
    changed[top:bottom, left:right] = thing
    return changed


def at(picture: Picture, place: Box = PLACE) -> Appearance:
    appearance = Appearance.at(np.array(place, np.float32), picture)
    assert appearance is not None
    return appearance


def leaves_in_front(picture: Picture) -> Picture:
    """Something that hides the left third of the place."""
    changed = picture.copy()
    changed[100:200, 185:230] = made.scene(50)[:100, :45]
    return changed


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "a second later": lambda picture: made.noisy(picture, 3),
    "dusk": lambda picture: made.noisy(made.lit(picture, 0.4), 2),
    "sun": lambda picture: made.lit(picture, 1.4),
    "night": lambda picture: made.noisy(made.lit(picture, 0.15, 4), 1),
    "fog": made.foggy,
    "infrared": made.infrared,
    "blur": lambda picture: made.blurred(picture, 1.5),
    "sway": lambda picture: np.roll(picture, (1, -2), (0, 1)),
    "partly hidden": leaves_in_front,
    "JPEG": lambda picture: cv2.imdecode(cv2.imencode(".jpg", picture, [1, 40])[1], 1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_thing_is_never_another_in_other_light_or_partly_hidden(change):
    verdicts = [at(with_thing(seed)).likeness(at(change(with_thing(seed)))) for seed in range(12)]
    assert DIFFERENT not in verdicts
    assert verdicts.count(SAME) >= 9


def test_another_thing_in_the_place_is_told():
    verdicts = [at(with_thing(seed)).likeness(at(with_thing(seed + 1))) for seed in range(12)]
    assert verdicts.count(DIFFERENT) >= 10
    assert SAME not in verdicts


def test_the_same_shape_in_another_colour_is_another():
    dark = with_thing(3)
    dark[108:198, 192:320] = made.lit(dark[108:198, 192:320], 0.35)
    assert at(with_thing(3)).likeness(at(dark)) is DIFFERENT


@pytest.mark.parametrize(
    "picture",
    [np.zeros_like(STREET), made.scene(9), made.lit(with_thing(2), 0.01)],
    ids=["dark", "the camera looks elsewhere", "nearly dark"],
)
def test_where_the_surroundings_do_not_fit_nothing_is_told(picture):
    assert at(with_thing(1)).likeness(at(picture)) is CANNOT_TELL


def test_a_small_place_shows_too_little():
    assert Appearance.at(np.array((0.5, 0.5, 0.52, 0.6), np.float32), STREET) is None


@given(x=st.floats(0, 0.9), y=st.floats(0, 0.9), width=st.floats(0.06, 1), height=st.floats(0.1, 1))
@settings(max_examples=60)
def test_a_place_at_any_edge_has_an_appearance_like_itself(x, y, width, height):
    place = (x, y, min(x + width, 1.0), min(y + height, 1.0))
    assert at(STREET, place).likeness(at(made.noisy(STREET, 2), place)) is not DIFFERENT


class Remembering:
    """A memory that looks once in ten minutes, or as often as is said."""

    def __init__(self, *objects: RememberedObject, step_seconds: float = 600.0) -> None:
        self.memory = ObjectMemory(forget_after_looks=5)
        self.step = step_seconds
        self.now = NOON
        for one in objects:
            self.memory.restore(one)

    def show(self, picture: Picture | None, *seen: Seen) -> list[RememberedObject]:
        self.now += timedelta(seconds=self.step)
        view = ObjectVisibility(picture, detections(seen))
        found = found_objects([one for one in seen if one.class_name in FLOORS], FLOORS)
        moment = LookMoment(self.now, self.step)
        return self.memory.recall(found, moment, lambda: self.memory.objects, view)


FLOORS = {"car": 0.1, "truck": 0.1}
CAR = Seen("car", PLACE)


def test_a_car_in_the_place_of_another_is_another():
    remembering = Remembering()
    (first,) = remembering.show(with_thing(1), CAR)
    assert remembering.show(with_thing(1), CAR) == [first]
    (second,) = remembering.show(with_thing(2), CAR)
    assert second is not first
    assert second.presence.first_seen == remembering.now
    assert remembering.show(with_thing(2), CAR) == [second]
    assert remembering.show(with_thing(1), CAR) == [first]


@given(
    shakes=st.lists(st.tuples(*[st.floats(-0.1, 0.1) for _ in range(4)]), min_size=2, max_size=12)
)
@settings(max_examples=40)
def test_a_shaking_box_stays_one_thing(shakes):
    remembering = Remembering()
    sides = (PLACE[2] - PLACE[0], PLACE[3] - PLACE[1]) * 2
    seen = {
        id(remembering.show(made.noisy(with_thing(1), 2, number), Seen("car", box))[0])
        for number, shake in enumerate(shakes)
        for box in [
            tuple(edge + part * side for edge, part, side in zip(PLACE, shake, sides, strict=True))
        ]
    }
    assert len(seen) == 1


def test_who_stands_in_front_does_not_make_it_another():
    remembering = Remembering()
    (first,) = remembering.show(with_thing(1), CAR)
    person = Seen("person", (0.3, 0.2, 0.48, 0.6))
    hidden = with_thing(7, with_thing(1), (0.3, 0.25, 0.48, 0.6))
    for _ in range(4):
        assert remembering.show(hidden, CAR, person) == [first]
    assert remembering.show(with_thing(1), CAR) == [first]


def test_from_day_to_night_and_back_it_is_the_same():
    remembering = Remembering()
    (first,) = remembering.show(with_thing(1), CAR)
    for light in (1.0, 0.7, 0.4, 0.2, 0.08, 0.03, 0.01, 0.05, 0.3, 0.9):
        assert remembering.show(made.noisy(made.lit(with_thing(1), light), 2), CAR) == [first]


def test_without_a_picture_the_place_alone_decides():
    remembering = Remembering()
    (first,) = remembering.show(with_thing(1), CAR)
    assert remembering.show(None, CAR) == [first]


def test_what_a_thing_looks_like_outlasts_a_restart():
    before = Remembering()
    (first,) = before.show(with_thing(1), CAR)
    before.show(with_thing(1), CAR)
    state = ObjectState.model_validate_json(ObjectState.of(first).model_dump_json())
    after = Remembering(state.remembered())
    after.now = before.now + timedelta(hours=12)
    (kept,) = after.memory.objects
    assert after.show(with_thing(2), CAR) != [kept]
    assert after.show(with_thing(1), CAR) == [kept]


def test_a_state_from_before_appearances_is_still_read():
    remembering = Remembering()
    (first,) = remembering.show(None, CAR)
    old = ObjectState.of(first).model_dump(
        mode="json", exclude={"appearance", "seen_gone", "learnt_as"}
    )
    assert ObjectState.model_validate(old).remembered().appearance is None


def test_what_turns_into_something_else_before_our_eyes_is_the_same_thing():
    remembering = Remembering(step_seconds=1.0)
    for _ in range(10):
        (first,) = remembering.show(with_thing(1), CAR)
    turned = Seen("truck", PLACE)
    for _ in range(4):
        assert remembering.show(with_thing(2), turned) == [first]
    for _ in range(4):
        assert remembering.show(with_thing(2)) == []
    assert remembering.show(with_thing(2), turned) == [first]
    state = ObjectState.model_validate_json(ObjectState.of(first).model_dump_json())
    assert state.remembered().learnt_as == "truck"


def test_what_changes_before_our_eyes_is_the_same_thing_though_a_look_missed_it():
    remembering = Remembering(step_seconds=1.0)
    for _ in range(12):
        (first,) = remembering.show(with_thing(1), CAR)
    assert remembering.show(with_thing(2)) == []
    assert remembering.show(with_thing(2), CAR) == [first]


PERSON_IN_FRONT = Seen("person", (0.3, 0.2, 0.42, 0.7))


def test_what_is_found_in_the_place_of_a_thing_does_not_stand_before_it():
    remembering = Remembering(step_seconds=30.0)
    for _ in range(4):
        (first,) = remembering.show(with_thing(1), CAR)
    remembering.show(with_thing(2), Seen("hoarding", PLACE))
    assert (first.presence.missed, first.is_behind_others) == (1, False)


def test_what_is_not_found_behind_others_is_waited_for_but_not_for_ever():
    remembering = Remembering(step_seconds=30.0)
    for _ in range(4):
        (first,) = remembering.show(with_thing(1), CAR)
    for _ in range(15):
        assert remembering.show(with_thing(1), PERSON_IN_FRONT) == []
        assert first.is_behind_others
    assert first.presence.missed == 0
    remembering.show(with_thing(1), PERSON_IN_FRONT)
    assert (first.presence.missed, remembering.show(with_thing(1), CAR)) == (1, [first])
    remembering.show(with_thing(1))
    assert (first.presence.missed, first.is_behind_others) == (1, False)
