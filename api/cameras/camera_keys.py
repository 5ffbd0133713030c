"""With which keys the addresses of cameras are sealed."""

from api.cameras.address_cipher import AddressCipher, camera_key
from api.settings import ApiSettings

PURPOSE = "camera-addresses"


def address_cipher(settings: ApiSettings, own_key: bytes) -> AddressCipher:
    """Return the cipher for what was set.

    Args:
        settings: What was set.
        own_key: Made of the node's secret for ``PURPOSE``: the key where none was set. What it
            sealed before one was set opens still.
    """
    given = [settings.camera_key, settings.camera_key_before]
    keys = [camera_key(key.get_secret_value()) for key in given if key is not None]
    return AddressCipher([*keys, own_key] if settings.camera_key is not None else [own_key, *keys])
