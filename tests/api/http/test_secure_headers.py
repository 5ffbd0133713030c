"""What every answer tells a browser."""

from api.settings import ApiSettings
from tests.api.running_api import RunningApi


def test_every_answer_is_secured(api: RunningApi):
    for answer in (
        api.nobody.get("/health"),
        api.nobody.get("/v1/events"),
        api.http.get("/nope"),
        api.http.head("/v1/events"),
        api.reader.put("/v1/grids", json={}),
    ):
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy


def test_the_map_s_tiles_are_let_in(settings: ApiSettings):
    tiles = {"tile_url": "https://tiles.example/street/{z}/{x}/{y}.png"}
    with RunningApi(settings.model_copy(update=tiles)) as api:
        policy = api.nobody.get("/health").headers["content-security-policy"]
    assert "img-src 'self' data: blob: https://tiles.example;" in policy
    assert policy.count("tiles.example") == 1
