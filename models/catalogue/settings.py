"""Settings of the issue catalogue: a city's own files and its calendar."""

from pathlib import Path
from typing import Annotated

import holidays
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class CatalogueSettings(BaseSettings):
    """What a city lays over the catalogue; the API and its workers must be given the same."""

    model_config = SettingsConfigDict(
        env_prefix="CITYPATROL_CATALOGUE_", extra="ignore", frozen=True
    )

    overlays: Annotated[tuple[Path, ...], NoDecode] = Field(
        (),
        description="The city's own overlay files, with commas between them; a later one is laid "
        "over those before it.",
    )
    holidays_country: str = Field(
        "CN", description="Country whose public holidays the rules mean, two letters."
    )

    @field_validator("overlays", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("holidays_country")
    @classmethod
    def _country_is_known(cls, country: str) -> str:
        if country not in holidays.list_supported_countries():
            raise ValueError(
                f"no holidays are known of country {country!r}; write its two letters, like CN"
            )
        return country
