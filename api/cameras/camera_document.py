"""A camera as it leaves the API: with its credentials for workers, without them for others."""

from typing import Any

from streams.camera import Camera

# For an address in which no one can tell what is a password.
HIDDEN_ADDRESS = "rtsp://***"


def public_document(camera: Camera) -> dict[str, Any]:
    """Return a camera whose stream address shows no credentials, and is an address still."""
    shown = camera.redacted_url
    return {
        **camera.model_dump(mode="json"),
        "stream_url": shown if "://" in shown else HIDDEN_ADDRESS,
    }


def full_document(camera: Camera) -> dict[str, Any]:
    """Return a camera as it was sent, for those who hold a key."""
    return {**camera.model_dump(mode="json"), "stream_url": camera.stream_url.get_secret_value()}
