"""A camera as it leaves the API: with its stream address for workers, without it for others."""

from typing import Any

from streams.camera import Camera

# An address still, for whoever reads cameras as such.
HIDDEN_ADDRESS = "rtsp://***"


def public_document(camera: Camera) -> dict[str, Any]:
    """Return a camera that says nothing of its stream address."""
    return {**camera.model_dump(mode="json"), "stream_url": HIDDEN_ADDRESS}


def full_document(camera: Camera) -> dict[str, Any]:
    """Return a camera with its address, for the worker that opens it."""
    return {**camera.model_dump(mode="json"), "stream_url": camera.stream_url.get_secret_value()}
