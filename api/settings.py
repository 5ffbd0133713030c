"""What can be set on an API node."""

import os
from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


def default_data_dir() -> Path:
    """Return where an API node keeps its data when nothing else is said.

    Root's is outside its home, for PostgreSQL refuses to run as root and the user it runs as
    may not enter there.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/citypatrol")
    return platformdirs.user_data_path("citypatrol")


class ApiSettings(BaseSettings):
    """Settings of the API; each can be given as an option or an environment variable."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_API_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    database_url: SecretStr | None = Field(
        None,
        description="postgresql:// address of the database; without it an embedded PostgreSQL "
        "runs in the data folder.",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of the evidence pictures and the embedded database.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="What tokens and links are signed with, 32 characters or more, the same on "
        "every node of a database; without it a file of the data folder holds one.",
    )
    camera_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="What the addresses of cameras' streams are sealed with in the database, 32 "
        "characters or more; without it a key made of secret_key. After a change of either, "
        "`citypatrol keys seal` with camera_key_before seals all anew.",
    )
    camera_key_before: SecretStr | None = Field(
        None, min_length=32, description="The camera_key from before a change."
    )
    guest: str | None = Field(
        None,
        description="Login of the user whom everybody is that brings neither key nor cookie; for "
        "demonstrations only.",
    )
    tile_url: str | None = Field(
        None, description="Tile address of the map, as {z}/{x}/{y}; without it no tiles are drawn."
    )
    clock_skew_seconds: float = Field(
        120.0,
        ge=0,
        le=86400,
        description="How far in the future an event's times may lie, seconds.",
    )
    maximum_body_bytes: int = Field(
        8 * MEBIBYTE, ge=1024, description="Largest request body, bytes."
    )
    maximum_evidence_bytes: int = Field(
        16 * MEBIBYTE, ge=1024, description="Largest evidence or reference picture, bytes."
    )
    maximum_preview_bytes: int = Field(
        4 * MEBIBYTE, ge=1024, description="Largest camera preview, bytes."
    )
    maximum_memory_bytes: int = Field(
        16 * MEBIBYTE,
        ge=1024,
        description="Largest memory of a camera that a worker keeps for the next one, bytes.",
    )
    maximum_grids_bytes: int = Field(
        64 * MEBIBYTE, ge=1024, description="Largest set of management cells, bytes."
    )
    database_connections: int = Field(
        10, ge=2, le=200, description="Most database connections held by this process."
    )
    maximum_connections: int = Field(
        2000,
        ge=1,
        le=100_000,
        description="Most connections at a time; fewer where the process may not open as many "
        "files. One more takes the place of the one that has waited longest without a request.",
    )
    # A worker sends one request after the other from each of a few threads: not so many.
    caller_requests_per_second: float = Field(
        500.0,
        ge=0,
        le=1_000_000,
        description="Requests a second that each key or user may send on average to this process; "
        "0 is as many as they like.",
    )
    caller_request_burst: int = Field(
        2000,
        ge=1,
        le=10_000_000,
        description="Requests that each key or user may send at once, after a rest.",
    )
    stranger_requests_per_second: float = Field(
        20.0,
        ge=0,
        le=1_000_000,
        description="Requests a second that an address may send on average to this process which "
        "show no valid key, token or cookie; 0 is as many as it likes.",
    )
    stranger_request_burst: int = Field(
        100,
        ge=1,
        le=10_000_000,
        description="Requests that such an address may send at once, after a rest.",
    )
    header_seconds: float = Field(
        10.0,
        gt=0,
        le=300,
        description="How long a client may take to send the headers of a request, seconds.",
    )
    body_pause_seconds: float = Field(
        20.0,
        gt=0,
        le=300,
        description="How long a client may pause while it sends a body, seconds.",
    )
    subscriber_queue: int = Field(
        1000,
        ge=1,
        le=100_000,
        description="Changes held for one slow reader of the stream before it is cut off.",
    )
    stream_ping_seconds: float = Field(
        15.0, gt=0, le=300, description="Pause between keep-alives on the stream, seconds."
    )
    shutdown_seconds: int = Field(
        3, ge=1, le=60, description="How long requests may go on after a stop was asked, seconds."
    )
