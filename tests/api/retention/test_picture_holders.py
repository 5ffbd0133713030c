"""Who names a picture is found by indexes, however many events there are."""

import hashlib

from sqlalchemy import create_engine, text

from api.database.database import database_address
from api.retention.picture_holders import CASE_PICTURES, EVENTS

# Two pictures each.
MANY_EVENTS = """
INSERT INTO events (event_id, revision, schema_version, catalogue_version, issue_code, camera_id,
    camera_name, lon, lat, location_source, accuracy_m, first_seen, last_seen, observed_count,
    score, detections, evidence, model)
SELECT lpad(n::text, 26, '0'), 1, 1, '1', '06010', 'c', 'name', 0, 0, 'pose', 5, now(), now(), 1,
    0.8, '[]', jsonb_build_array(
        jsonb_build_object('kind', 'frame', 'sha256', encode(sha256(n::text::bytea), 'hex')),
        jsonb_build_object('kind', 'crop', 'sha256', encode(sha256((-n)::text::bytea), 'hex'))),
    '{}'
FROM generate_series(1, 20000) AS n
"""


def test_holders_are_found_by_indexes(database_url: str):
    engine = create_engine(database_address(database_url), isolation_level="AUTOCOMMIT")
    wanted = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(-250, 250)]
    with engine.connect() as connection:
        connection.execute(text(MANY_EVENTS))
        connection.execute(text("VACUUM ANALYZE events"))
        plan = "\n".join(
            connection.execute(text(f"EXPLAIN {EVENTS.text}"), {"wanted": wanted}).scalars()
        )
        found = connection.execute(EVENTS, {"wanted": wanted}).all()
        connection.execute(text("SET enable_seqscan = off"))
        pictures = "\n".join(
            connection.execute(text(f"EXPLAIN {CASE_PICTURES.text}"), {"wanted": wanted}).scalars()
        )
    engine.dispose()
    # Zero is of no event, each other number of one.
    assert len(found) == 499
    assert "ix_events_pictures" in plan, plan
    assert "Seq Scan on events" not in plan, plan
    assert "ix_case_pictures_sha256" in pictures, pictures
