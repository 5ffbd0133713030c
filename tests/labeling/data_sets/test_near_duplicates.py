from collections.abc import Callable

import cv2
import numpy as np
import pytest

from labeling.data_sets import near_duplicates
from labeling.data_sets.near_duplicates import near_duplicate_groups, resembling
from labeling.data_sets.picture_signatures import (
    PictureSignatureError,
    PictureSignatures,
    sign_picture,
)
from labeling.data_sets.picture_signatures import sign_pictures as sign_files
from tests.labeling.made_data_set import HEIGHT, WIDTH, jpeg, scene
from tests.shared_material import shared_path

CENTRE = (WIDTH / 2, HEIGHT / 2)


def grey(seed: int) -> np.ndarray:
    return cv2.cvtColor(scene(seed), cv2.COLOR_BGR2GRAY)


def signatures(*pictures: np.ndarray) -> PictureSignatures:
    return PictureSignatures(np.stack([sign_picture(picture) for picture in pictures]))


def compressed(picture: np.ndarray) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg(picture, 20), np.uint8), cv2.IMREAD_GRAYSCALE)


def with_passer_by(picture: np.ndarray) -> np.ndarray:
    return cv2.rectangle(picture.copy(), (150, 100), (190, 200), 30, -1)


COPIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "compressed": compressed,
    "small": lambda picture: cv2.resize(picture, (96, 72), interpolation=cv2.INTER_AREA),
    "stretched": lambda picture: cv2.resize(picture, (320, 320)),
    "dark": lambda picture: (255 * (picture / 255) ** 2).astype(np.uint8),
    "mirrored": lambda picture: np.ascontiguousarray(picture[:, ::-1]),
    "cropped": lambda picture: np.ascontiguousarray(picture[10:230, 16:310]),
    "cropped corner": lambda picture: np.ascontiguousarray(picture[:200, 60:]),
    "mirrored crop": lambda picture: np.ascontiguousarray(picture[10:230, 310:16:-1]),
    "turned": lambda picture: cv2.warpAffine(
        picture, cv2.getRotationMatrix2D(CENTRE, 2, 1), (WIDTH, HEIGHT)
    ),
    "next frame": with_passer_by,
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_copy_is_in_the_group_of_its_original(copy: Callable[[np.ndarray], np.ndarray]):
    groups = near_duplicate_groups(signatures(grey(1), copy(grey(2)), grey(3), grey(2)))

    assert groups.tolist() == [0, 1, 2, 1]


def test_different_places_are_apart():
    groups = near_duplicate_groups(signatures(*map(grey, range(60))))

    assert groups.tolist() == list(range(60))


def test_turned_pictures_with_black_corners_are_apart():
    """Filled corners, as augmentation leaves them, make no likeness."""
    matrix = cv2.getRotationMatrix2D(CENTRE, 10, 1)
    turned = [cv2.warpAffine(grey(seed), matrix, (WIDTH, HEIGHT)) for seed in range(30)]

    assert len(set(near_duplicate_groups(signatures(*turned)).tolist())) == 30


def test_clip_is_one_group_by_the_frames_between():
    street = np.concatenate([scene(1), scene(2)], axis=1)
    frames = [
        np.ascontiguousarray(cv2.cvtColor(street[:, left : left + WIDTH], cv2.COLOR_BGR2GRAY))
        for left in range(0, WIDTH + 1, 5)
    ]
    ends = signatures(frames[0], frames[-1])

    assert set(near_duplicate_groups(signatures(*frames)).tolist()) == {0}
    assert near_duplicate_groups(ends).tolist() == [0, 1]


def test_pictures_without_content_are_like_nothing():
    blank = np.full((HEIGHT, WIDTH), 128, np.uint8)

    assert near_duplicate_groups(signatures(blank, grey(1), blank)).tolist() == [0, 1, 2]


def test_groups_do_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch):
    pictures = signatures(*(grey(seed % 7) for seed in range(20)))
    at_once = near_duplicate_groups(pictures)

    monkeypatch.setattr(near_duplicates, "_BLOCK_ELEMENTS", 1)

    assert near_duplicate_groups(pictures).tolist() == at_once.tolist()
    assert at_once.tolist() == [seed % 7 for seed in range(20)]


def test_resembling_tells_which():
    crop = np.ascontiguousarray(grey(5)[10:230, 16:310])
    mirrored = np.ascontiguousarray(grey(4)[:, ::-1])

    found = resembling(signatures(grey(4), grey(5), crop, grey(6)), signatures(mirrored, grey(5)))

    assert found.tolist() == [0, 1, 1, -1]


def test_crop_among_the_others_is_seen_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(near_duplicates, "_BLOCK_ELEMENTS", 1)
    crop = np.ascontiguousarray(grey(5)[10:230, 16:310])

    assert resembling(signatures(grey(4), grey(5)), signatures(grey(6), crop)).tolist() == [-1, 1]


def test_nothing_is_like_nothing():
    none = PictureSignatures(signatures(grey(1)).windows[:0])

    assert near_duplicate_groups(none).tolist() == []
    assert resembling(none, signatures(grey(1))).tolist() == []
    assert resembling(signatures(grey(1)), none).tolist() == [-1]
    assert len(sign_files([])) == 0


def test_picture_that_went_away_is_named(tmp_path):
    with pytest.raises(PictureSignatureError, match=r"gone.jpg cannot be decoded any more"):
        sign_files([tmp_path / "gone.jpg"])


def test_real_clips_are_grouped_and_real_streets_are_not():
    clips = sorted(shared_path("data/fire_smoke_cctv/images/train").iterdir())[::5]
    streets = sorted(shared_path("data/garbage_overflow/images/train").iterdir())[::20]

    groups = near_duplicate_groups(sign_files([*clips, *streets]))

    of_clips, of_streets = set(groups[: len(clips)]), set(groups[len(clips) :])
    assert len(of_clips) < len(clips) / 2
    assert len(of_streets) > 0.9 * len(streets)
    assert not of_clips & of_streets
