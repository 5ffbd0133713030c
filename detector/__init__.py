"""From pictures to events: inference, object memory, issue rules, geotag, evidence, outbox."""
