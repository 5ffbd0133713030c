from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.data_sets.data_fault import DataFaultKind
from labeling.data_sets.label_file import read_label_file

CLASSES = 3


def read(folder: Path, text: str):
    path = folder / "a.txt"
    path.write_text(text)
    return read_label_file(path, CLASSES)


def test_boxes_become_corners(tmp_path: Path):
    label = read(tmp_path, "0 0.5 0.5 0.2 0.4\n\n2 0.25 0.75 0.5 0.5\n")

    np.testing.assert_allclose(label.boxes, [[0.4, 0.3, 0.6, 0.7], [0, 0.5, 0.5, 1]], atol=1e-6)
    assert label.class_ids.tolist() == [0, 2]
    assert label.boxes.dtype == np.float32
    assert label.class_ids.dtype == np.int64
    assert label.faults == ()


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_nothing_labelled(tmp_path: Path, text: str):
    label = read(tmp_path, text)

    assert label.boxes.shape == (0, 4)
    assert label.faults == ()


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("0 0.5 0.5 0.2", DataFaultKind.LABEL_MALFORMED, "has 4 columns"),
        ("0 0.5 0.5 0.2 0.2 0.9", DataFaultKind.LABEL_MALFORMED, "has 6 columns"),
        ("car 0.5 0.5 0.2 0.2", DataFaultKind.LABEL_MALFORMED, "not all numbers: car"),
        ("0,0.5,0.5,0.2,0.2", DataFaultKind.LABEL_MALFORMED, "not all numbers"),
        ("0 nan 0.5 0.2 0.2", DataFaultKind.LABEL_NOT_FINITE, "nan"),
        ("0 0.5 0.5 inf 0.2", DataFaultKind.LABEL_NOT_FINITE, "inf"),
        ("3 0.5 0.5 0.2 0.2", DataFaultKind.UNKNOWN_CLASS, "class 3; the set names 0 to 2"),
        ("-1 0.5 0.5 0.2 0.2", DataFaultKind.UNKNOWN_CLASS, "class -1"),
        ("1.5 0.5 0.5 0.2 0.2", DataFaultKind.UNKNOWN_CLASS, "class 1.5"),
        ("0 0.9 0.5 0.24 0.2", DataFaultKind.BOX_OUTSIDE, "0.02 of the picture's side"),
        ("0 320 240 64 48", DataFaultKind.BOX_OUTSIDE, "320 240"),
        ("0 0.5 0.5 0 0.2", DataFaultKind.BOX_EMPTY, "0 0.2"),
        ("0 0.5 0.5 0.2 -0.2", DataFaultKind.BOX_EMPTY, "-0.2"),
        ("0 1.004 0.5 0.006 0.2", DataFaultKind.BOX_EMPTY, "1.004"),
        ("0 0.1 0.1 0.9 0.1 2 0.9", DataFaultKind.BOX_OUTSIDE, "2 0.9"),
        ("0 0.1 0.1 0.5 0.1 0.9 0.1", DataFaultKind.BOX_EMPTY, "0.9 0.1"),
    ],
)
def test_bad_line_is_named_and_leaves_out(
    tmp_path: Path, line: str, kind: DataFaultKind, said: str
):
    label = read(tmp_path, f"1 0.5 0.5 0.2 0.2\n{line}\n")

    assert [fault.kind for fault in label.faults] == [kind]
    assert kind.leaves_out
    assert label.faults[0].detail.startswith("line 2: ")
    assert said in label.faults[0].detail
    assert len(label.boxes) == 1


@pytest.mark.parametrize(
    ("line", "kind", "box"),
    [
        ("0 0.9 0.5 0.21 0.2", DataFaultKind.BOX_CLIPPED, [0.795, 0.4, 1, 0.6]),
        ("0 0.1 0.2 0.7 0.2 0.5 0.9", DataFaultKind.POLYGON_CONVERTED, [0.1, 0.2, 0.7, 0.9]),
        ("1 0.5 0.5 0.2 0.2", DataFaultKind.BOX_REPEATED, [0.4, 0.4, 0.6, 0.6]),
    ],
)
def test_slight_fault_is_put_right_and_counted(
    tmp_path: Path, line: str, kind: DataFaultKind, box: list[float]
):
    label = read(tmp_path, f"1 0.5 0.5 0.2 0.2\n{line}\n")

    assert [fault.kind for fault in label.faults] == [kind]
    assert not kind.leaves_out
    np.testing.assert_allclose(label.boxes[-1], box, atol=1e-6)


def test_same_place_of_another_class_is_another_box(tmp_path: Path):
    label = read(tmp_path, "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n")

    assert label.class_ids.tolist() == [0, 1]
    assert label.faults == ()


def test_rounding_is_no_fault(tmp_path: Path):
    label = read(tmp_path, "0 0.500001 0.5 1.0 1.000002\n")

    assert label.faults == ()
    assert label.boxes.tolist() == [[pytest.approx(1e-6), 0, 1, 1]]


@pytest.mark.parametrize("content", [b"0 0.5 \xff\xfe", b"\x89PNG\x00\x01\x02\xff"])
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes):
    (tmp_path / "a.txt").write_bytes(content)

    label = read_label_file(tmp_path / "a.txt", CLASSES)

    assert [fault.kind for fault in label.faults] == [DataFaultKind.LABEL_UNREADABLE]


def test_folder_in_place_of_a_label_is_named(tmp_path: Path):
    label = read_label_file(tmp_path, CLASSES)

    assert [fault.kind for fault in label.faults] == [DataFaultKind.LABEL_UNREADABLE]


@given(
    st.lists(
        st.lists(st.floats(-0.2, 1.2) | st.floats() | st.integers(-1, 4), min_size=1, max_size=8),
        max_size=5,
    )
)
def test_whatever_is_read_lies_in_the_picture(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[float]]
):
    text = "\n".join(" ".join(map(str, line)) for line in lines)
    label = read(tmp_path_factory.mktemp("label"), text)

    assert ((label.boxes >= 0) & (label.boxes <= 1)).all()
    assert (label.boxes[:, :2] < label.boxes[:, 2:]).all()
    assert ((label.class_ids >= 0) & (label.class_ids < CLASSES)).all()
    counted = len(label.boxes) + sum(
        fault.kind.leaves_out or fault.kind == DataFaultKind.BOX_REPEATED for fault in label.faults
    )
    assert counted == len(lines)
