"""A small district for tests: real processes, clips and a model made on the spot."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import httpx
import pytest

from api.contract.events import EventPage, StoredEventFeature
from demo.district_processes import ApiAccess
from streams.camera import Camera, EnabledIssueType
from streams.replay.footage import prepare_clip
from streams.replay.replay_server import ReplayServer
from streams.zone import Zone, ZoneKind
from tests.colour_model import ColourSquare, colour_square_picture, write_colour_model

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True)
class Street:
    """What a test camera sees and how long a car must stand there to be an issue."""

    camera_id: str
    squares: Sequence[ColourSquare] = (ColourSquare("car", 0.5, 0.6),)
    dwell_seconds: float = 1.0


@pytest.fixture(scope="session")
def colour_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_colour_model(tmp_path_factory.mktemp("colour_model"))


@pytest.fixture
def worker_options(colour_weights: Path) -> list[str]:
    """A worker that looks at every change quickly."""
    return [
        *("--weights", str(colour_weights)),
        *("--refresh-seconds", "1", "--camera-refresh-seconds", "0.5"),
    ]


def street_camera(street: Street, url: str) -> Camera:
    """A camera whose whole picture is a no-parking zone."""
    return Camera(
        camera_id=street.camera_id,
        name=f"Street {street.camera_id}",
        stream_url=url,
        lon=106.457,
        lat=29.541,
        zones=(Zone(zone_id="kerb", kind=ZoneKind.NO_PARKING, polygon=WHOLE),),
        issue_types=(
            EnabledIssueType(code="09009", dwell_seconds=street.dwell_seconds, minimum_looks=2),
        ),
    )


def street_clip(folder: Path, street: Street) -> Path:
    """A clip of the street, ready for replay."""
    picture = folder / f"{street.camera_id}.png"
    cv2.imwrite(str(picture), colour_square_picture(street.squares))
    return prepare_clip(picture, folder)


@contextmanager
def replayed(folder: Path, streets: Sequence[Street]) -> Iterator[list[Camera]]:
    """Cameras of these streets while a server replays them."""
    clips = {street.camera_id: street_clip(folder, street) for street in streets}
    with ReplayServer(clips) as server:
        yield [street_camera(street, server.url(street.camera_id)) for street in streets]


def read(access: ApiAccess, path: str) -> httpx.Response:
    """What the API answers to the district's operator."""
    answer = httpx.get(f"{access.url}{path}", headers=access.headers, trust_env=False)
    return answer.raise_for_status()


def stored_events(access: ApiAccess) -> list[StoredEventFeature]:
    """Every event that the API holds."""
    answer = read(access, "/v1/events?limit=500")
    return EventPage.model_validate_json(answer.content).features
