"""What the rooms of the API take from the environment, read before the app begins."""

from dataclasses import dataclass
from typing import Self

from api.accounts.oidc.oidc_settings import OidcSettings
from api.cases.case_settings import CaseSettings
from api.clocks.clock_settings import ClockSettings
from api.dispatch.settings import DispatchSettings
from api.figures.figure_settings import FigureSettings
from api.retention.retention_settings import RetentionSettings
from api.webhooks.webhook_settings import WebhookSettings
from streams.kit.camera_networks import CameraNetworkSettings
from streams.kit.settings_options import environment_settings


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """The settings of each room that has its own."""

    oidc: OidcSettings
    camera_networks: CameraNetworkSettings
    clocks: ClockSettings
    cases: CaseSettings
    dispatch: DispatchSettings
    figures: FigureSettings
    webhooks: WebhookSettings
    retention: RetentionSettings

    @classmethod
    def from_environment(cls) -> Self:
        """Read them all, so that a wrong one is told in a line instead of failing the app's start.

        Raises:
            CityPatrolError: A value is missing or out of its bounds; names variable and value.
        """
        return cls(
            oidc=environment_settings(OidcSettings),
            camera_networks=environment_settings(CameraNetworkSettings),
            clocks=environment_settings(ClockSettings),
            cases=environment_settings(CaseSettings),
            dispatch=environment_settings(DispatchSettings),
            figures=environment_settings(FigureSettings),
            webhooks=environment_settings(WebhookSettings),
            retention=environment_settings(RetentionSettings),
        )
