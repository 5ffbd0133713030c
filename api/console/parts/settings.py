"""What can be set on the console."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ConsoleSettings(BaseSettings):
    """Settings of the console; each can be given as an environment variable."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_CONSOLE_", extra="ignore", frozen=True)

    district_zh: str = Field(
        "本区", min_length=1, max_length=40, description="Name of the district, Chinese."
    )
    district_en: str = Field(
        "District",
        min_length=1,
        max_length=60,
        description="Name of the district, English.",
    )
    time_zone: str = Field(
        "Asia/Shanghai", description="Time zone of the clock, of shown times and of 'today'."
    )
    base_map: Path | None = Field(
        None,
        description="GeoJSON file drawn beneath the cells: lines and polygons with the properties "
        "kind (river, park, plaza, campus, expressway, main, street or lane), name_zh and name_en.",
    )
    listed_events: int = Field(60, ge=5, le=300, description="Events kept in the live list.")
    mapped_events: int = Field(500, ge=5, le=5000, description="Most open events on the map.")
    tiles_per_page: int = Field(
        9, ge=1, le=24, description="Camera pictures shown at the same time; the rest take turns."
    )
    page_seconds: float = Field(
        20.0, ge=3, le=600, description="How long each set of camera pictures stays, seconds."
    )

    maximum_pages: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Most pages open at a time; each takes about a megabyte.",
    )

    @field_validator("time_zone")
    @classmethod
    def _time_zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(
                f"time zone {name!r} is not known; write one like Asia/Shanghai"
            ) from None
        return name

    @field_validator("base_map")
    @classmethod
    def _base_map_exists(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError(f"base map {str(path)!r} is no file; name a GeoJSON file")
        return path
