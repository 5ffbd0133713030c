"""Sure tracks: what of odd boxes they say."""

import numpy as np

from detector.tracking.sure_tracks import SureTracks
from detector.tracking.tracker import TrackedBoxes, TrackStep


def test_a_box_that_the_edge_of_the_picture_cuts_to_nothing_confuses_nobody():
    boxes = np.array([[1.0, 0.5, 1.0, 0.7], [0.1, 0.5, 0.2, 0.7]], np.float32)
    step = TrackStep(np.zeros(0, np.bool_), 2, np.arange(2))
    looks = SureTracks().count(TrackedBoxes(boxes, np.zeros(2, np.int64)), step, 0.2)
    assert looks.tolist() == [1, 1]
