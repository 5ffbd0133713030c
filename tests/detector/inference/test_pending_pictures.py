from concurrent.futures import Future

import numpy as np
import pytest

from detector.detections import Detections
from detector.inference.pending_pictures import PendingPictures


def nothing() -> Detections:
    """A result without boxes."""
    return Detections(
        np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), ("car",)
    )


def test_results_are_put_in_order():
    pending, results = PendingPictures(3), [nothing(), nothing(), nothing()]
    for index in (2, 0, 1):
        assert not pending.future.done()
        pending.found(index, results[index])
    assert pending.future.result(timeout=0) == results


def test_the_first_error_is_kept():
    pending = PendingPictures(3)
    pending.failed(ValueError("first"))
    pending.failed(ValueError("second"))
    pending.found(1, nothing())
    with pytest.raises(ValueError, match="first"):
        pending.future.result(timeout=0)


def test_nobody_can_cancel():
    pending = PendingPictures(1)
    assert not pending.future.cancel()
    pending.found(0, nothing())
    assert len(pending.future.result(timeout=0)) == 1


def test_a_call_back_may_report_again():
    pending, seen = PendingPictures(1), []

    def again(future: Future) -> None:
        seen.append(future.exception())
        pending.failed(ValueError("late"))

    pending.future.add_done_callback(again)
    pending.failed(ValueError("first"))
    assert [str(error) for error in seen] == ["first"]
