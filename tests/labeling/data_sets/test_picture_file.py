import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from labeling.data_sets.data_fault import DataFault, DataFaultKind
from labeling.data_sets.picture_file import PictureFacts, grey_picture, inspect_picture
from tests.labeling.made_data_set import HEIGHT, WIDTH, jpeg, scene

WHOLE = jpeg(scene(1))
HALF = len(WHOLE) // 2
END_OF_JPEG = b"\xff\xd9"


def encoded(form: str, picture: Image.Image | None = None, **options) -> bytes:
    content = io.BytesIO()
    (picture or Image.fromarray(scene(1))).save(content, form, **options)
    return content.getvalue()


def turned(orientation: int, form: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(form, exif=exif)


def inspect(folder: Path, content: bytes) -> PictureFacts | DataFault:
    path = folder / "a.jpg"
    path.write_bytes(content)
    return inspect_picture(path)


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        WHOLE + b"written after the end",
        encoded("JPEG", progressive=True),
        encoded("JPEG", Image.fromarray(scene(1)).convert("L")),
        encoded("PNG"),
        encoded("PNG", Image.fromarray(scene(1)).convert("RGBA")),
        encoded("PNG", Image.fromarray(scene(1)).convert("P")),
        encoded("BMP"),
        encoded("WEBP"),
        encoded("TIFF"),
    ],
)
def test_whole_picture_has_its_size(tmp_path: Path, content: bytes):
    assert inspect(tmp_path, content) == PictureFacts(WIDTH, HEIGHT, ())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", DataFaultKind.PICTURE_EMPTY_FILE),
        (b"no picture at all", DataFaultKind.PICTURE_UNREADABLE),
        (encoded("GIF"), DataFaultKind.PICTURE_UNREADABLE),
        (WHOLE[:200], DataFaultKind.PICTURE_BROKEN),
        (WHOLE[:HALF], DataFaultKind.PICTURE_BROKEN),
        (WHOLE[:-20], DataFaultKind.PICTURE_BROKEN),
        (WHOLE[:-2], DataFaultKind.PICTURE_BROKEN),
        # Most decoders fill these with grey, or repeat what came last, and report nothing.
        (WHOLE[:HALF] + END_OF_JPEG, DataFaultKind.PICTURE_BROKEN),
        (WHOLE[:HALF] + bytes(HALF) + END_OF_JPEG, DataFaultKind.PICTURE_BROKEN),
        (encoded("PNG")[:-2000], DataFaultKind.PICTURE_BROKEN),
        (encoded("TIFF")[:-2000], DataFaultKind.PICTURE_BROKEN),
        (encoded("BMP")[:-2000], DataFaultKind.PICTURE_BROKEN),
        (jpeg(np.zeros((1, 1, 3), np.uint8)), DataFaultKind.PICTURE_SIZE),
        (jpeg(np.zeros((300, 9, 3), np.uint8)), DataFaultKind.PICTURE_SIZE),
        (encoded("PNG", Image.new("L", (9, 300))), DataFaultKind.PICTURE_SIZE),
        (encoded("PNG", Image.new("1", (10_000, 9_000))), DataFaultKind.PICTURE_SIZE),
        (encoded("PNG", Image.new("1", (20_000, 10_000))), DataFaultKind.PICTURE_SIZE),
    ],
)
def test_what_cannot_be_trained_on_is_named(tmp_path: Path, content: bytes, kind: DataFaultKind):
    fault = inspect(tmp_path, content)

    assert isinstance(fault, DataFault)
    assert fault.kind == kind
    assert kind.leaves_out
    assert fault.detail


def test_damage_that_opencv_hides_is_seen(tmp_path: Path):
    """The reason for a strict decoder."""
    torn = WHOLE[:HALF] + END_OF_JPEG

    assert cv2.imdecode(np.frombuffer(torn, np.uint8), cv2.IMREAD_COLOR) is not None
    assert isinstance(inspect(tmp_path, torn), DataFault)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (encoded("JPEG", Image.new("CMYK", (WIDTH, HEIGHT))), DataFaultKind.PICTURE_UNUSUAL),
        (encoded("PNG", Image.new("I;16", (WIDTH, HEIGHT))), DataFaultKind.PICTURE_UNUSUAL),
        (turned(3), DataFaultKind.PICTURE_ROTATED),
    ],
)
def test_odd_picture_is_used_and_counted(tmp_path: Path, content: bytes, kind: DataFaultKind):
    facts = inspect(tmp_path, content)

    assert isinstance(facts, PictureFacts)
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)
    assert [fault.kind for fault in facts.faults] == [kind]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_is_what_opencv_reads(tmp_path: Path, orientation: int):
    content = turned(orientation)
    facts = inspect(tmp_path, content)
    read = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)

    assert isinstance(facts, PictureFacts)
    assert (facts.height, facts.width) == read.shape[:2]


@pytest.mark.parametrize("kind", ["absent", "folder", "dangling link"])
def test_what_cannot_be_opened_is_named(tmp_path: Path, kind: str):
    path = tmp_path / "a.jpg"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "gone.jpg")

    fault = inspect_picture(path)

    assert isinstance(fault, DataFault)
    assert fault.kind == DataFaultKind.PICTURE_UNREADABLE
    assert grey_picture(path) is None
