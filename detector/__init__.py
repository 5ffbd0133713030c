"""From pictures to events: inference, object memory, issue rules, geotag, evidence, outbox."""

from streams.kit import telemetry_block as telemetry_block
