"""Logging for every process: one event name and fields, no secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

import structlog
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


class LogFormat(StrEnum):
    """How a log line looks."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogSettings(BaseSettings):
    """How every process logs, to standard error."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_", extra="ignore")

    log_format: LogFormat = Field(
        LogFormat.CONSOLE, description="`console` for people, `json` for log collectors."
    )
    log_level: LogLevel = Field(
        LogLevel.INFO, description="Least important lines that are written."
    )


def start_logging(settings: LogSettings) -> None:
    """Send this process's log to standard error in the wished form."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_credentials,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.name]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def without_credentials(
    _logger: object, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blank user names and passwords inside any address in a log line.

    A last line of defence: what is logged should be redacted where it is made.
    """
    for name, value in fields.items():
        fields[name] = _blank(value)
    return fields


def _blank(value: object) -> object:
    if isinstance(value, str):
        return _CREDENTIALS.sub("***@", value)
    if isinstance(value, (list, tuple)):
        return [_blank(item) for item in value]
    return value
