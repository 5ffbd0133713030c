"""Splits by place: pictures of one camera, or of one scene, are never on both sides.

A split by frame puts one second of a clip into training and the next into validation; the
figures then tell how well the model remembers.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labeling.data_sets.data_set import DataSetError
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.data_sets.near_duplicates import SIMILARITY, near_duplicate_groups, resembling
from labeling.data_sets.picture_signatures import PictureSignatures, sign_pictures


@dataclass(frozen=True, slots=True, eq=False)
class Leak:
    """A picture for training that shows what is held out.

    Attributes:
        picture: The picture.
        held_out: One of those that are held out: of the same camera, or nearly the same picture.
    """

    picture: LabelledPicture
    held_out: LabelledPicture


@dataclass(frozen=True, slots=True, eq=False)
class WithoutLeaks:
    """Pictures for training, sorted by whether they show what is held out.

    Attributes:
        kept: May be trained on.
        leaks: May not.
    """

    kept: tuple[LabelledPicture, ...]
    leaks: tuple[Leak, ...]


def without_leaks(
    train: Sequence[LabelledPicture],
    held_out: Sequence[LabelledPicture],
    similarity: float = SIMILARITY,
) -> WithoutLeaks:
    """Take out of ``train`` what is of a camera of ``held_out`` or resembles a picture of it.

    Args:
        train: Pictures to train on.
        held_out: Pictures of all splits that the model is judged by.
        similarity: Least similarity of two near-duplicates, see ``near_duplicates.SIMILARITY``.

    Raises:
        PictureSignatureError: A picture cannot be decoded any more.
    """
    signatures = sign_pictures([picture.path for picture in (*train, *held_out)])
    places = np.arange(len(signatures))
    alike = resembling(
        signatures.at(places[: len(train)]), signatures.at(places[len(train) :]), similarity
    )
    cameras = {picture.camera: picture for picture in held_out if picture.camera}
    kept, leaks = [], []
    for picture, place in zip(train, alike.tolist(), strict=True):
        shown = held_out[place] if place >= 0 else cameras.get(picture.camera)
        if shown is None:
            kept.append(picture)
        else:
            leaks.append(Leak(picture, shown))
    return WithoutLeaks(tuple(kept), tuple(leaks))


def place_groups(
    pictures: Sequence[LabelledPicture],
    signatures: PictureSignatures,
    similarity: float = SIMILARITY,
) -> NDArray[np.int64]:
    """Group pictures that are of one camera, or that resemble each other, or both in a chain.

    Returns:
        int64 (n,): each picture's group.
    """
    groups = near_duplicate_groups(signatures, similarity)
    group_of_camera: dict[str, int] = {}
    merged = list(range(int(groups.max(initial=-1)) + 1))

    def root(group: int) -> int:
        while merged[group] != group:
            group = merged[group]
        return group

    for picture, group in zip(pictures, groups.tolist(), strict=True):
        if picture.camera:
            first = root(group_of_camera.setdefault(picture.camera, group))
            other = root(group)
            merged[max(first, other)] = min(first, other)
    return np.array([root(group) for group in groups.tolist()], np.int64)


def split_by_place(
    pictures: Sequence[LabelledPicture],
    shares: Mapping[str, float],
    similarity: float = SIMILARITY,
) -> dict[str, tuple[LabelledPicture, ...]]:
    """Split pictures so that no camera and no scene is in two splits.

    Which split a group goes to follows from the names of its pictures alone: the same pictures
    are split the same way everywhere, and new ones elsewhere move none of them. The shares are
    therefore met roughly, the better the more groups there are.

    Args:
        pictures: What to split.
        shares: Split to its share of the pictures, such as ``{"train": 0.8, "val": 0.2}``.
        similarity: Least similarity of two near-duplicates.

    Raises:
        DataSetError: A share is not positive, or there are too few groups to fill every split.
        PictureSignatureError: A picture cannot be decoded any more.
    """
    if not shares or min(shares.values()) <= 0:
        raise DataSetError(f"shares of splits must be positive, got {dict(shares)}")
    signatures = sign_pictures([picture.path for picture in pictures])
    groups = place_groups(pictures, signatures, similarity).tolist()
    first_names: dict[int, str] = {}
    for picture, group in zip(pictures, groups, strict=True):
        first_names[group] = min(first_names.get(group, picture.path.name), picture.path.name)
    split_of = {group: _split_of(name, shares) for group, name in first_names.items()}
    splits = {
        name: tuple(
            picture
            for picture, group in zip(pictures, groups, strict=True)
            if split_of[group] == name
        )
        for name in shares
    }
    empty = [name for name, held in splits.items() if not held]
    if empty:
        raise DataSetError(
            f"{len(pictures)} pictures of {len(first_names)} places leave the split {empty[0]} "
            "empty; bring pictures of more cameras, or give it a larger share"
        )
    return splits


def _split_of(name: str, shares: Mapping[str, float]) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    point = int.from_bytes(digest[:8]) / 2**64 * sum(shares.values())
    for split, share in shares.items():
        if point < share:
            return split
        point -= share
    return split
