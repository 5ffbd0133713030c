"""Where cameras may be."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from streams.kit.allowed_networks import PRIVATE_NETWORKS, AllowedNetworks, NetworkList


class CameraNetworkSettings(BaseSettings):
    """Where the cameras of a district may be; the same for the API and its workers."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_CAMERA_", extra="ignore", frozen=True)

    networks: NetworkList = Field(
        PRIVATE_NETWORKS,
        description="Networks in which cameras may be, with commas between them; this machine "
        "itself and links only where they are named.",
    )

    @property
    def allowed(self) -> AllowedNetworks:
        """The networks in which cameras may be."""
        return AllowedNetworks(self.networks)

    @property
    def named(self) -> AllowedNetworks | None:
        """The same if they were set, else None: cameras of one's own file are where it says."""
        return self.allowed if "networks" in self.model_fields_set else None
