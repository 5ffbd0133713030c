"""Settings of confirmation: whether a vision endpoint is asked, and what that may cost."""

from typing import Annotated, Self

from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ConfirmationSettings(BaseSettings):
    """Who gives a second opinion on events whose type asks for one."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_CONFIRMATION_", frozen=True)

    vision_url: HttpUrl | None = Field(
        None,
        description="Base address of an OpenAI-compatible API, such as http://10.0.0.7:8000/v1. "
        "Without it no picture leaves the worker for a vision endpoint.",
    )
    vision_model: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Model that the endpoint is asked for; needed with --vision-url.",
    )
    vision_key: SecretStr | None = Field(
        None, min_length=1, description="API key of the endpoint, if it wants one."
    )
    vision_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        60.0, description="Longest time for one question, repeated tries included, seconds."
    )
    vision_concurrent: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="Most questions that are put to the endpoint at the same time."
    )
    vision_questions_per_hour: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        120, description="Most questions to the endpoint in any hour: what it may cost."
    )
    vision_picture_pixels: Annotated[int, Field(ge=128, le=4096)] = Field(
        1024, description="Longer side of each of the two pictures that the endpoint gets, pixels."
    )
    vision_answer_tokens: Annotated[int, Field(ge=16, le=100_000)] = Field(
        1000, description="Longest answer that the endpoint is asked for, tokens."
    )
    question_queue: Annotated[int, Field(ge=1, le=10_000)] = Field(
        64,
        description="Most questions that wait for the endpoint, and as many for second models; "
        "what comes when so many wait stays unanswered.",
    )

    @field_validator("vision_url")
    @classmethod
    def _holds_no_password(cls, url: HttpUrl | None) -> HttpUrl | None:
        if url is not None and (url.username or url.password or url.query or url.fragment):
            raise ValueError("must be the plain address; a key belongs into vision_key")
        return url

    @field_validator("vision_key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        text = "" if key is None else key.get_secret_value()
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise ValueError("has characters that no key has: blanks, line ends or the like")
        return key

    @model_validator(mode="after")
    def _endpoint_has_a_model(self) -> Self:
        if self.vision_url is not None and self.vision_model is None:
            raise ValueError(
                "--vision-url (CITYPATROL_CONFIRMATION_VISION_URL) without --vision-model "
                "(CITYPATROL_CONFIRMATION_VISION_MODEL): name the model to ask"
            )
        return self

    @property
    def completions_url(self) -> str:
        """Where questions are posted to; empty without an endpoint."""
        base = "" if self.vision_url is None else str(self.vision_url).rstrip("/")
        return f"{base}/chat/completions" if base else ""
