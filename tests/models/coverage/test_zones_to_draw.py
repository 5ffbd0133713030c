"""What an operator must draw before a camera's types are judged."""

from models.catalogue.issue_catalogue import load_catalogue
from models.coverage.zones_to_draw import zones_to_draw
from streams.camera import Camera

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]


def camera(*kinds: str, codes=("09009", "10990", "99999")) -> Camera:
    return Camera(
        camera_id="gate",
        name="Gate",
        stream_url="rtsp://camera.invalid/1",
        lon=106.5,
        lat=29.5,
        zones=[{"zone_id": kind, "kind": kind, "polygon": SQUARE} for kind in kinds],
        issue_types=[{"code": code} for code in codes],
    )


def test_a_type_without_a_zone_to_hold_in_is_named_with_the_kinds_that_will_do():
    (missing,) = zones_to_draw(camera("water"), load_catalogue())
    assert missing.issue.code == "09009"
    assert "no_parking" in missing.kinds


def test_one_of_the_kinds_is_enough():
    assert zones_to_draw(camera("sidewalk"), load_catalogue()) == ()
