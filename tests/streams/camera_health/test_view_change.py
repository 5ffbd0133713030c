"""Which parts of a picture no longer show what the reference view shows."""

from datetime import UTC, datetime, timedelta
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.camera_health.detail_field import DETAIL_CELLS
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.light_look import BrokenReferenceError, LightLook, StoredLook
from streams.camera_health.picture_measures import PictureMeasures
from streams.camera_health.reference_view import ReferenceView, view_of
from streams.camera_health.view_change import CellVerdict, ViewChange
from streams.frame import Picture
from tests.streams.camera_health import made_scene as made

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SETTINGS = HealthSettings()
SCENE = made.scene(0, 914, 514)
HERE = made.moved(SCENE)
SHED = (0.4, 0.3, 0.6, 0.7)
# Made of the same rectangles as the street, it looks like it in places.
BUILT_SHARE = 0.45


def grey(picture: Picture) -> np.ndarray:
    return PictureMeasures.of(picture).grey


@cache
def view() -> ReferenceView:
    return view_of("gate", grey(HERE), NOON)


def with_shed(picture: Picture) -> Picture:
    """The picture with something built in it that looks like another part of town."""
    changed = picture.copy()
    height, width = picture.shape[:2]
    left, right = round(SHED[0] * width), round(SHED[2] * width)
    top, bottom = round(SHED[1] * height), round(SHED[3] * height)
    changed[top:bottom, left:right] = made.scene(7, width, height)[top:bottom, left:right]
    return changed


def share(cells: np.ndarray, verdict: CellVerdict) -> float:
    return float((cells == verdict).mean())


ONLY_OTHER_LIGHT = {
    "a second later": made.noisy(HERE, 2),
    "cloud": made.lit(HERE, 0.5),
    "low sun": made.lit(HERE, 1.4),
    "sway": made.moved(SCENE, 0.004, -0.004),
    "fog": made.foggy(HERE, far=0.3),
    "infrared": made.infrared(HERE),
    "JPEG": cv2.imdecode(cv2.imencode(".jpg", HERE, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1),
}


@pytest.mark.parametrize("picture", ONLY_OTHER_LIGHT.values(), ids=ONLY_OTHER_LIGHT)
def test_light_sway_and_noise_change_nothing(picture):
    cells = view().change(grey(picture)).cells
    assert share(cells, CellVerdict.CHANGED) < 0.01
    assert share(cells, CellVerdict.SAME) > 0.8


@pytest.mark.parametrize("picture", ONLY_OTHER_LIGHT.values(), ids=ONLY_OTHER_LIGHT)
def test_what_is_built_shows_in_any_light_and_only_there(picture):
    change = view().change(grey(with_shed(picture)))
    inside = change.of_box(np.array(SHED, np.float32))
    assert share(inside, CellVerdict.CHANGED) > BUILT_SHARE
    outside = change.cells.copy()
    rows, columns = DETAIL_CELLS
    # The window of a part reaches into its neighbours.
    outside[int(0.24 * rows) : int(0.78 * rows), int(0.34 * columns) : int(0.68 * columns)] = 0
    assert share(outside, CellVerdict.CHANGED) < 0.02


def test_what_becomes_smooth_or_stops_being_it_has_changed():
    smooth = HERE.copy()
    smooth[100:260, 200:400] = 120
    to_smooth = view().change(grey(made.noisy(smooth, 1)))
    from_smooth = view_of("gate", grey(smooth), NOON).change(grey(made.noisy(HERE, 1)))
    middle = np.array((0.36, 0.34, 0.58, 0.66), np.float32)
    for change in (to_smooth, from_smooth):
        assert share(change.of_box(middle), CellVerdict.CHANGED) > 0.8


def test_bare_ground_stays_plain():
    bare = made.noisy(np.full((360, 640, 3), 110, np.uint8), 1)
    bare[:180] = made.scene(0)[:180]
    change = view_of("gate", grey(bare), NOON).change(grey(made.noisy(made.lit(bare, 0.8), 1)))
    lower = change.of_box(np.array((0.05, 0.6, 0.95, 0.95), np.float32))
    assert share(lower, CellVerdict.PLAIN) == 1.0


@pytest.mark.parametrize("picture", [made.lit(HERE, 0.02), made.scene(3), np.zeros_like(HERE)])
def test_where_too_little_agrees_nothing_is_told(picture):
    picture = cv2.resize(picture, (HERE.shape[1], HERE.shape[0]))
    cells = view().change(grey(picture)).cells
    assert share(cells, CellVerdict.UNKNOWN) == 1.0


def learnt(known: ReferenceView, picture: Picture, later: timedelta) -> ReferenceView:
    now = LightLook(grey(picture), NOON + later)
    return known.learn(now, known.match(now, SETTINGS), SETTINGS)


def test_what_is_new_is_not_learnt_with_the_next_look():
    known = view()
    for days in range(1, 5):
        known = learnt(known, made.noisy(with_shed(HERE), 1, days), timedelta(days=days))
    assert len(known.looks) == 2
    change = known.change(grey(made.noisy(with_shed(HERE), 1, 9)))
    assert share(change.of_box(np.array(SHED, np.float32)), CellVerdict.CHANGED) > BUILT_SHARE
    back = known.change(grey(made.noisy(HERE, 1, 9)))
    assert share(back.cells, CellVerdict.CHANGED) < 0.01


def test_where_somebody_passed_while_the_view_was_learnt_the_next_look_is_believed():
    doubtful = np.zeros(DETAIL_CELLS, np.bool_)
    doubtful[5:12, 10:18] = True
    known = view().with_doubtful(doubtful)
    box = np.array((0.36, 0.35, 0.52, 0.6), np.float32)
    assert share(known.change(grey(with_shed(HERE))).of_box(box), CellVerdict.UNKNOWN) == 1.0
    known = learnt(known, made.noisy(HERE, 1), timedelta(days=1))
    assert share(known.change(grey(HERE)).of_box(box), CellVerdict.SAME) == 1.0


def test_doubtful_parts_outlast_a_restart():
    doubtful = np.random.default_rng(0).random(DETAIL_CELLS) < 0.5
    look = LightLook(grey(HERE), NOON, doubtful)
    stored = StoredLook.model_validate_json(look.stored().model_dump_json())
    back = LightLook.restored(stored)
    assert back.doubtful is not None
    assert np.array_equal(back.doubtful, doubtful)
    with pytest.raises(BrokenReferenceError, match="2 bytes, 72 are needed"):
        LightLook.restored(stored.model_copy(update={"doubtful": b"ab"}))


@given(
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    width=st.floats(0, 1),
    height=st.floats(0, 1),
)
def test_every_box_has_parts(x, y, width, height):
    cells = np.arange(DETAIL_CELLS[0] * DETAIL_CELLS[1], dtype=np.uint16).reshape(DETAIL_CELLS)
    box = np.array((x, y, min(x + width, 1.0), min(y + height, 1.0)), np.float32)
    chosen = ViewChange(cells).of_box(box)
    assert chosen.size >= 1
    middles = [(number % 32 + 0.5) / 32 for number in chosen[0].tolist()]
    if len(middles) > 1:
        assert all(box[0] - 1e-6 <= middle <= box[2] + 1e-6 for middle in middles)
