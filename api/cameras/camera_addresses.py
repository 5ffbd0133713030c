"""Whether cameras are where cameras may be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from api.contract.events import FieldError
from streams.camera import Camera
from streams.kit.allowed_networks import AddressRefusedError, AllowedNetworks, UnknownHostError
from streams.kit.stream_address import DEFAULT_PORTS

# Each waits in a thread for the resolver; a list of cameras must not take all of them.
MOST_LOOKED_UP = 8
# A name server that does not answer must not hold up whoever sends cameras.
LONGEST_LOOK_UP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Place:
    host: str
    port: int

    @classmethod
    def of(cls, camera: Camera) -> Self:
        parts = urlsplit(camera.stream_url.get_secret_value())
        return cls(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])


class CameraAddresses:
    """Refuses cameras whose address leads to where no worker may connect.

    A name that is not known here is let pass: workers may know other names, and look again each
    time they connect.

    Args:
        networks: Where cameras may be.
    """

    def __init__(self, networks: AllowedNetworks) -> None:
        self._networks = networks
        self._turn = asyncio.Semaphore(MOST_LOOKED_UP)

    async def faults(self, cameras: Sequence[Camera]) -> list[FieldError | None]:
        """Say of each camera what is wrong with its address, or None."""
        places = [_Place.of(camera) for camera in cameras]
        # Many cameras may be behind one recorder.
        unique = list(dict.fromkeys(places))
        refusals = dict(zip(unique, await asyncio.gather(*map(self._refusal, unique)), strict=True))
        return [
            _fault(camera, refusals[place]) for camera, place in zip(cameras, places, strict=True)
        ]

    async def _refusal(self, place: _Place) -> str | None:
        try:
            async with self._turn, asyncio.timeout(LONGEST_LOOK_UP_SECONDS):
                await self._networks.resolve(place.host, place.port)
        except (UnknownHostError, TimeoutError):
            return None
        except AddressRefusedError as error:
            return str(error)
        return None


def _fault(camera: Camera, refusal: str | None) -> FieldError | None:
    if refusal is None:
        return None
    return FieldError(
        field="stream_url",
        message=f"{refusal}; correct it, or name its network in CITYPATROL_CAMERA_NETWORKS of the "
        "API and its workers",
        value=camera.redacted_url,
    )
