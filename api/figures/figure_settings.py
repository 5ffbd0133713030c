"""What can be set on the figures of cases."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class FigureSettings(BaseSettings):
    """What each part of the composite score of cases weighs.

    As they come, they are those of a district that publishes its own and add up to 100 points.
    """

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_FIGURE_", extra="ignore", frozen=True)

    score_dispose: float = Field(
        30.0, ge=0, le=1000, description="Points for the share that was handled."
    )
    score_in_time: float = Field(
        20.0, ge=0, le=1000, description="Points for the share that was handled in time."
    )
    score_no_rework: float = Field(
        20.0, ge=0, le=1000, description="Points for the share that needed no rework."
    )
    score_no_overtime: float = Field(
        20.0, ge=0, le=1000, description="Points for the share that does not wait overdue."
    )
    score_no_delay: float = Field(
        10.0, ge=0, le=1000, description="Points for the share without a granted delay."
    )
