"""Near-duplicates: frames of one clip, and copies of one picture under other names."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from labeling.data_sets.picture_signatures import PictureSignatures

SIMILARITY = 0.75
"""From here two pictures are taken for the same one, or the same fixed camera's.

Chosen by looking at pairs of 3,448 street pictures from six sources. From 0.75 all that were
looked at are copies or frames of one clip; at 0.70 to 0.74 some facades of different houses
appear. No pair of pictures from two different sources reaches 0.68. Of copies cropped at a random
place by 5, 10 and 15 %, 95, 77 and 65 % reach 0.75; mirrored, darkened or compressed ones all do.
A moving camera on one kind of road reaches 0.93 between different stretches of it; for such a set
a higher value may be given.
"""

# Similarities held at a time: 4 bytes each, 128 MB.
_BLOCK_ELEMENTS = 32_000_000


def near_duplicate_groups(
    signatures: PictureSignatures, similarity: float = SIMILARITY
) -> NDArray[np.int64]:
    """Group pictures so that every two that resemble each other are in one group.

    A clip whose first and last frame have little in common is one group by the frames between.
    Every picture is compared with every other, in blocks: 50,000 take minutes on two cores and
    under 2 GB.

    Args:
        signatures: Of n pictures.
        similarity: Least similarity of two near-duplicates, 0 to 1.

    Returns:
        int64 (n,): each picture's group, counted from 0 in the order of first appearance.
    """
    count = len(signatures)
    groups = np.arange(count)
    for start, alike in _matches(signatures, signatures, similarity):
        rows, columns = np.nonzero(alike)
        groups = _joined(groups, rows + start, columns)
    return groups


def resembling(
    signatures: PictureSignatures, others: PictureSignatures, similarity: float = SIMILARITY
) -> NDArray[np.int64]:
    """Find for each picture one of ``others`` that it resembles.

    Returns:
        int64 (n,): place of the first of ``others`` that it resembles, or -1.
    """
    found = np.full(len(signatures), -1)
    for start, alike in _matches(signatures, others, similarity):
        first = np.where(alike.any(axis=1), alike.argmax(axis=1), -1)
        found[start : start + len(first)] = first
    # A window of the other may be what this one shows.
    for start, alike in _matches(others, signatures, similarity):
        first = np.where(alike.any(axis=0), alike.argmax(axis=0) + start, -1)
        found = np.where(found < 0, first, found)
    return found


def _matches(
    signatures: PictureSignatures, others: PictureSignatures, similarity: float
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield blocks: place of the first row, and which of ``others`` each row resembles."""
    if not len(signatures) or not len(others):
        return
    windows = signatures.windows.shape[1]
    rows = max(1, _BLOCK_ELEMENTS // (windows * len(others)))
    wholes = (others.whole.T, others.mirrored.T)
    for start in range(0, len(signatures), rows):
        block = signatures.windows[start : start + rows]
        flat = block.reshape(-1, block.shape[2])
        alike = np.zeros((len(block), len(others)), np.bool_)
        for whole in wholes:
            alike |= (flat @ whole >= similarity).reshape(len(block), windows, -1).any(axis=1)
        yield start, alike


def _joined(
    groups: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.int64]:
    count = len(groups)
    # Each picture's tie to its group so far, and the new ties.
    start = np.concatenate([np.arange(count), rows])
    end = np.concatenate([_first_of_group(groups), columns])
    ties = coo_array((np.ones(len(start), np.bool_), (start, end)), shape=(count, count))
    return _in_order(connected_components(ties, directed=False)[1])


def _first_of_group(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int64)


def _in_order(groups: NDArray[np.int32]) -> NDArray[np.int64]:
    first = _first_of_group(groups.astype(np.int64))
    return np.asarray(np.unique(first, return_inverse=True)[1], np.int64)
