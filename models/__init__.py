"""What can be recognised: the issue catalogue, installed models and their export."""

from streams.kit import telemetry_block as telemetry_block
