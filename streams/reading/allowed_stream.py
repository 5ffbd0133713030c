"""Where a camera's stream is, and whether a worker may connect there.

FFmpeg resolves names and follows redirects by itself, wherever they lead. So the name is resolved
here and FFmpeg is given the address that was found allowed, and the camera is asked first whether
it sends on to another one.
"""

import re
from urllib.parse import urljoin, urlsplit

from streams.camera import Camera
from streams.kit.allowed_networks import AddressRefusedError, AllowedNetworks, UnknownHostError
from streams.kit.stream_address import DEFAULT_PORTS, SCHEMES, with_host
from streams.reading.rtsp_question import describe_head
from streams.reading.stream_fault import StreamError, StreamFault

MOST_REDIRECTS = 3
_REDIRECT = re.compile(r"^RTSP/\d\.\d\s+3\d\d\b")
_LOCATION = re.compile(r"^location:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)


def allowed_streams(
    camera: Camera, networks: AllowedNetworks, timeout_seconds: float
) -> tuple[str, ...]:
    """Return the addresses at which a camera's stream may be opened, to be tried in turn.

    Each names its host by the address that was checked, so that nothing is resolved again.

    Args:
        camera: Whose stream.
        networks: Where it may be, and whatever it sends on to.
        timeout_seconds: Longest wait for each step of asking it.

    Raises:
        StreamError: It is, or sends on to, where it may not be; or it cannot be found.
    """
    url = camera.stream_url.get_secret_value()
    for _ in range(MOST_REDIRECTS + 1):
        found = _checked(camera, url, networks)
        target = _redirect(camera, found, timeout_seconds)
        if target is None:
            return found
        url = target
    raise StreamError(StreamFault.REFUSED, camera, f"more than {MOST_REDIRECTS} redirects")


def _checked(camera: Camera, url: str, networks: AllowedNetworks) -> tuple[str, ...]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        addresses = networks.look_up(host, parts.port or DEFAULT_PORTS[parts.scheme])
    except UnknownHostError:
        raise StreamError(
            StreamFault.UNREACHABLE, camera, f"host {host!r} cannot be found"
        ) from None
    except AddressRefusedError as error:
        raise StreamError(StreamFault.FORBIDDEN_ADDRESS, camera, str(error)) from None
    return tuple(with_host(url, address) for address in addresses)


def _redirect(camera: Camera, urls: tuple[str, ...], timeout_seconds: float) -> str | None:
    """Return where a camera sends on to, or None if it does not; FFmpeg says what else is wrong."""
    for url in urls:
        try:
            head = describe_head(url, timeout_seconds)
        except TimeoutError:
            detail = f"no answer within {timeout_seconds:g} s"
            raise StreamError(StreamFault.TIMED_OUT, camera, detail) from None
        except (OSError, ValueError):
            continue
        location = _LOCATION.search(head)
        if not _REDIRECT.match(head) or location is None:
            return None
        return _target(camera, url, location[1])
    return None


def _target(camera: Camera, url: str, location: str) -> str:
    try:
        target = urlsplit(urljoin(url, location))
        is_stream = target.scheme in SCHEMES and bool(target.hostname)
        _ = target.port
    except ValueError:
        is_stream = False
    if not is_stream:
        raise StreamError(StreamFault.REFUSED, camera, "it redirects to what is no stream address")
    if target.username is None:
        user, sign, _ = urlsplit(url).netloc.rpartition("@")
        target = target._replace(netloc=f"{user}{sign}{target.netloc}")
    return target.geturl()
