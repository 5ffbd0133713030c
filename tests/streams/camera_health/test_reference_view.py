"""Whether a camera still shows its reference view."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.hidden_cells import hidden_share
from streams.camera_health.light_look import BrokenReferenceError, LightLook, StoredLook
from streams.camera_health.picture_measures import PictureMeasures
from streams.camera_health.reference_view import (
    ReferenceView,
    ReferenceViews,
    ViewMatch,
    ViewVerdict,
    view_of,
)
from streams.frame import Picture
from tests.streams.camera_health import made_scene as made

SETTINGS = HealthSettings()
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCENE = made.scene(0, 914, 514)
HERE = made.moved(SCENE)


def look(picture: Picture, at: datetime = NOON) -> LightLook:
    return LightLook(PictureMeasures.of(picture).grey, at)


def view(name: str = "gate", picture: Picture = HERE) -> ReferenceView:
    return view_of(name, look(picture).grey, NOON)


def match(picture: Picture) -> ViewMatch:
    return view().match(look(picture), SETTINGS)


SAME = {
    "a second later": made.noisy(HERE, 2),
    "shake": made.moved(SCENE, 0.005, -0.005),
    "turned a little": made.moved(SCENE, turn=0.7),
    "cloud": made.lit(HERE, 0.6),
    "low sun": made.lit(HERE, 1.5),
    "night": made.by_night(HERE),
    "infrared": made.infrared(HERE),
    "fog": made.foggy(HERE),
    "rain": made.rainy(HERE),
    "half covered": made.covered(HERE, 0.5),
}


@pytest.mark.parametrize("picture", SAME.values(), ids=SAME)
def test_same_view_is_recognised(picture: Picture):
    assert match(picture).verdict is ViewVerdict.SAME


@pytest.mark.parametrize(
    ("right", "down", "turn", "scale"),
    [
        (0.05, 0.0, 0.0, 1.0),
        (-0.1, 0.06, 0.0, 1.0),
        (0.0, 0.2, 0.0, 1.0),
        (0.0, 0.0, 4.0, 1.0),
        (0.0, 0.0, -9.0, 1.0),
        (0.0, 0.0, 0.0, 1.12),
        (0.03, -0.02, 5.0, 1.1),
    ],
)
def test_move_is_measured(right: float, down: float, turn: float, scale: float):
    found = match(made.moved(SCENE, right, down, turn, scale))
    assert found.verdict is ViewVerdict.MOVED
    assert (found.right, found.down) == pytest.approx((right, down), abs=0.012)
    # getRotationMatrix2D turns the other way round.
    assert found.rotation_degrees == pytest.approx(-turn, abs=0.5)
    assert found.scale == pytest.approx(scale, abs=0.02)
    assert "'gate' shifted" in found.described(SETTINGS)


def test_another_place_is_elsewhere():
    assert match(made.moved(made.scene(8, 914, 514))).verdict is ViewVerdict.ELSEWHERE


@pytest.mark.parametrize(
    "picture",
    [
        made.by_night(made.scene(8, 640, 360), ambient=0.01),
        np.full_like(HERE, 128),
        made.covered(HERE, 1.0),
    ],
    ids=["another place by night", "nothing", "covered"],
)
def test_what_hides_too_much_cannot_be_told(picture: Picture):
    assert match(picture).verdict is ViewVerdict.CANNOT_TELL


def test_caption_does_not_hold_a_moved_view():
    gate = view(picture=made.with_caption(HERE))
    now = look(made.with_caption(made.moved(SCENE, 0.12)))
    assert gate.match(now, SETTINGS).verdict is ViewVerdict.MOVED


def test_other_picture_size_is_the_same_view():
    assert match(HERE[::2, ::2].copy()).verdict is ViewVerdict.SAME


def test_preset_that_shows_is_named():
    other = made.moved(made.scene(8, 914, 514))
    views = ReferenceViews((view("gate"), view("square", other)))
    assert views.match(look(made.noisy(other, 2)), "gate", SETTINGS).name == "square"
    assert views.match(look(made.noisy(HERE, 2)), None, SETTINGS).name == "gate"
    third = views.match(look(made.moved(made.scene(9, 914, 514))), "gate", SETTINGS)
    assert (third.verdict, third.name) == (ViewVerdict.ELSEWHERE, None)


def test_two_views_of_one_name_are_refused():
    with pytest.raises(ValueError, match="share a name: \\['gate', 'gate'\\]"):
        ReferenceViews((view(), view()))


def test_view_is_learnt_in_another_light_once():
    dusk = look(made.lit(HERE, 0.4), NOON + timedelta(hours=5))
    learnt = view().learn(dusk, view().match(dusk, SETTINGS), SETTINGS)
    assert [held.learnt_at for held in learnt.looks] == [NOON, dusk.learnt_at]
    again = LightLook(dusk.grey, dusk.learnt_at + timedelta(minutes=1))
    assert learnt.learn(again, learnt.match(again, SETTINGS), SETTINGS) is learnt


def test_creeping_camera_is_not_followed():
    """A camera that turns by half a per cent a day is reported, though it learns every day."""
    held, verdicts = view(), []
    for day in range(1, 12):
        now = look(made.moved(SCENE, 0.005 * day), NOON + timedelta(days=day))
        found = held.match(now, SETTINGS)
        verdicts.append(found.verdict)
        held = held.learn(now, found, SETTINGS)
    assert len(held.looks) == 2
    assert verdicts[:4] == [ViewVerdict.SAME] * 4
    assert verdicts[6:] == [ViewVerdict.MOVED] * 5


def test_views_survive_storing():
    views = ReferenceViews((view(), view("square", made.scene(8))))
    restored = ReferenceViews.restored(views.stored())
    found = restored.match(look(made.moved(SCENE, 0.08)), None, SETTINGS)
    assert (found.verdict, found.name) == (ViewVerdict.MOVED, "gate")
    assert found.right == pytest.approx(0.08, abs=0.01)


@pytest.mark.parametrize("picture", [b"", b"bm8gcGljdHVyZQ=="], ids=["empty", "text"])
def test_damaged_picture_says_what_to_do(picture: bytes):
    with pytest.raises(BrokenReferenceError, match=r"2026-05-01 12:00 .* learn the view again"):
        LightLook.restored(StoredLook(learnt_at=NOON, picture=picture))


@pytest.mark.parametrize(
    ("picture", "least", "most"),
    [
        (HERE, 0.0, 0.05),
        (made.rainy(HERE), 0.0, 0.1),
        (made.foggy(HERE), 0.0, 0.3),
        (made.with_bus(HERE), 0.0, 0.32),
        (made.covered(HERE, 0.5), 0.4, 0.6),
        (made.covered(HERE, 0.7, (225, 225, 225)), 0.55, 0.8),
        (made.covered(HERE, 0.6, (5, 5, 5)), 0.45, 0.7),
    ],
    ids=["same", "rain", "fog", "bus", "half a hand", "white paint", "black paint"],
)
def test_share_hidden(picture: Picture, least: float, most: float):
    hidden = hidden_share(PictureMeasures.of(picture), look(HERE))
    assert hidden is not None
    assert least <= hidden.share <= most


def test_hidden_share_by_night_cannot_be_told_from_a_day():
    assert hidden_share(PictureMeasures.of(made.lit(HERE, 0.1)), look(HERE)) is None
