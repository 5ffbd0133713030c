"""A year of a large city in the database: cases with clocks, records, events and verdicts.

Made inside PostgreSQL, as no client could send tens of millions of rows in minutes. Nothing of it
went through the transitions: it is there for its amount and for how its values are spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
import structlog
from psycopg import sql

from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

TOWNS = 24
DEPARTMENTS = 60
PEOPLE_OF_A_DEPARTMENT = 8
CELLS = 2400
CAMERAS = 3000
QUIET_UNIT = "load_quiet"
"""A department that never had a case."""
YEAR_DAYS = 365
# As long as an index or a join of a year needs; the server is the benchmark's own.
_FOR_FILLING = (
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
    "SET work_mem = '256MB'",
    "SET max_parallel_maintenance_workers = 2",
    "SET jit = off",
)

_FILLED_BEFORE = "SELECT count(*) FROM cases WHERE case_id BETWEEN '01K0' AND '01K1'"
# A number in 0..1 of a case and a purpose, the same in every run.
_CHANCE = """
CREATE FUNCTION pg_temp.chance(item bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(item, purpose) & 1048575) / 1048576.0
"""

_MADE = """
CREATE UNLOGGED TABLE load_made AS
WITH drawn AS (
    SELECT item,
        now() - item * (interval '1 day' * {days} / {cases}) AS reported_at,
        (ARRAY['video', 'collector', 'hotline', 'wechat', 'police_110'])[
            CASE WHEN pg_temp.chance(item, 1) < 0.7 THEN 1
                 ELSE 2 + floor(pg_temp.chance(item, 2) * 4)::int END] AS source,
        ({codes}::text[])[
            1 + floor(power(pg_temp.chance(item, 3), 2) * {code_count})::int] AS issue_code,
        floor(pg_temp.chance(item, 4) * {cells})::int AS cell,
        floor(pg_temp.chance(item, 5) * {departments})::int AS department,
        floor(pg_temp.chance(item, 6) * {people})::int AS person,
        pg_temp.chance(item, 7) AS fate,
        interval '30 min' * pg_temp.chance(item, 8) AS accepting,
        interval '20 min' * pg_temp.chance(item, 9) AS dispatching,
        least(interval '1 day' * -ln(1 - pg_temp.chance(item, 10) * 0.9999) * 0.5,
              interval '9 days') AS handling,
        interval '6 hours' * pg_temp.chance(item, 11) AS checking,
        pg_temp.chance(item, 12) < 0.04 AS again
    FROM generate_series(1, {cases}) AS item
), timed AS (
    SELECT *, reported_at + accepting AS accepted_at,
        reported_at + accepting + dispatching AS dispatched_at,
        reported_at + accepting + dispatching + handling AS handled_at,
        reported_at + accepting + dispatching + handling + checking AS checked_at
    FROM drawn
)
SELECT *,
    CASE WHEN accepted_at > now() THEN 'reported'
         WHEN fate < 0.012 THEN 'not_accepted'
         WHEN fate < 0.022 THEN 'merged'
         WHEN dispatched_at > now() THEN 'pending_dispatch'
         WHEN handled_at > now() THEN 'handling'
         WHEN checked_at > now() THEN 'checking'
         WHEN fate < 0.030 THEN 'cancelled'
         WHEN fate < 0.034 THEN 'forced_close'
         ELSE 'closed' END AS state
FROM timed
"""

_CASES = """
INSERT INTO cases (case_id, number, state, version, source, issue_code, description, lon, lat,
    unit_grid, area_path, department_id, department_path, first_department_id, handler,
    reported_by, reported_at, registered_at, dispatched_at, handled_at, ended_at,
    handled_in_time, updated_at,
    clock_stage, yellow_at, due_at, lights_told, rework_count, departments_count, auto_registered,
    auto_dispatched, event_count)
SELECT {case_id}, to_char(reported_at, 'YYYYMMDD') || lpad(item::text, 8, '0'), state, 9, source,
    issue_code,
    (ARRAY['路边有垃圾无人清理', '占道经营影响通行', '人行道上停了机动车', '井盖松动有异响',
           '工地夜间施工扰民', '墙上有乱涂写'])[
        1 + floor(pg_temp.chance(item, 20) * 6)::int] || ' ' || item,
    106.3 + pg_temp.chance(item, 21) * 0.5, 29.4 + pg_temp.chance(item, 22) * 0.4,
    {cell}, {area_path}, sent.unit_id, sent.path, sent.unit_id,
    CASE WHEN sent.unit_id IS NULL THEN NULL ELSE sent.unit_id || '-' || person END,
    CASE source WHEN 'video' THEN 'system' ELSE 'collector' END,
    reported_at,
    CASE WHEN state NOT IN ('reported', 'not_accepted', 'merged') THEN accepted_at END,
    CASE WHEN sent.unit_id IS NOT NULL THEN dispatched_at END,
    CASE WHEN sent.unit_id IS NOT NULL AND handled_at <= now() THEN handled_at END,
    CASE WHEN state IN ('closed', 'forced_close', 'cancelled') THEN checked_at
         WHEN state IN ('not_accepted', 'merged') THEN accepted_at END,
    CASE WHEN state IN ('closed', 'forced_close', 'cancelled')
             THEN handling * CASE WHEN again THEN 0.4 ELSE 1 END <= interval '24 hours'
         WHEN state IN ('not_accepted', 'merged') THEN true END,
    least(checked_at, now()),
    stage.name, stage.due_at - interval '30 min', stage.due_at,
    CASE WHEN stage.due_at < now() THEN 2 ELSE 0 END,
    again::int, (sent.unit_id IS NOT NULL)::int, source = 'video', fate < 0.95,
    (source = 'video')::int
FROM load_made
CROSS JOIN LATERAL (SELECT CASE state WHEN 'reported' THEN 'accept'
        WHEN 'pending_dispatch' THEN 'dispatch' WHEN 'handling' THEN 'handle'
        WHEN 'checking' THEN 'post_check' END AS name,
    CASE state WHEN 'reported' THEN reported_at + interval '30 min'
        WHEN 'pending_dispatch' THEN accepted_at + interval '30 min'
        WHEN 'handling' THEN dispatched_at + interval '1 day'
        WHEN 'checking' THEN handled_at + interval '4 hours' END AS due_at) AS stage
LEFT JOIN LATERAL (SELECT {department} AS unit_id, {department_path} AS path
    WHERE state NOT IN ('reported', 'not_accepted', 'merged', 'pending_dispatch')) AS sent ON true
"""

_CLOCKS = """
INSERT INTO case_clocks (case_id, number, stage, department_id, limit_amount, limit_unit,
    allowed_seconds, started_at, yellow_at, due_at, finished_at, used_seconds)
SELECT {case_id}, clock.number, clock.stage,
    CASE WHEN clock.stage = 'handle' THEN {department} END,
    clock.hours, 'urgent_hour', clock.hours * 3600, clock.started_at,
    clock.started_at + clock.hours * interval '48 min',
    clock.started_at + clock.hours * interval '1 hour',
    CASE WHEN clock.finished_at <= now() THEN clock.finished_at END,
    CASE WHEN clock.finished_at <= now()
         THEN extract(epoch FROM clock.finished_at - clock.started_at) END
FROM load_made CROSS JOIN LATERAL (VALUES
    (1, 'accept', 0.5, reported_at, accepted_at, true),
    (2, 'dispatch', 0.5, accepted_at, dispatched_at, true),
    (3, 'handle', 24, dispatched_at, handled_at - handling * CASE WHEN again THEN 0.4 ELSE 0 END,
     true),
    (4, 'handle', 24, handled_at - handling * 0.4, handled_at, again),
    (5, 'post_check', 4, handled_at, checked_at, true)
) AS clock (number, stage, hours, started_at, finished_at, is_there)
WHERE clock.is_there AND clock.started_at <= now()
    AND (clock.number = 1 OR state NOT IN ('not_accepted', 'merged'))
"""

_FLOW = """
INSERT INTO case_flow (case_id, round, action, kind, from_state, to_state, actor, details, at)
SELECT {case_id}, 1, step.action, 'forward', step.before, step.after, step.actor, '{{}}', step.at
FROM load_made CROSS JOIN LATERAL (VALUES
    ('report', NULL, 'reported', 'collector', reported_at, true),
    ('register', 'reported', 'pending_dispatch', 'system', accepted_at, true),
    ('dispatch', 'pending_dispatch', 'pending_handle', 'system', dispatched_at, true),
    ('assign', 'pending_handle', 'handling', 'department', dispatched_at, true),
    ('approve_delay', 'handling', 'handling', 'shift_lead', dispatched_at, fate > 0.99),
    ('submit_result', 'handling', 'handle_finished', {department} || '-' || person, handled_at,
     true),
    ('check_passed', 'checking', 'pending_close', 'collector', checked_at, true),
    ('close', 'pending_close', 'closed', 'dispatcher', checked_at, state = 'closed')
) AS step (action, before, after, actor, at, is_there)
WHERE step.is_there AND step.at <= now()
    AND (step.action IN ('report') OR state NOT IN ('not_accepted', 'merged'))
"""

_EVENTS = """
INSERT INTO events (event_id, revision, schema_version, catalogue_version, issue_code, camera_id,
    camera_name, unit_grid, lon, lat, location_source, accuracy_m, first_seen, last_seen,
    cleared_at, observed_count, score, detections, evidence, model, received_at, updated_at)
SELECT {event_id}, 2, 1, '1', issue_code, 'load-' || item % {cameras},
    'Camera ' || item % {cameras}, {cell},
    106.3 + pg_temp.chance(item, 21) * 0.5, 29.4 + pg_temp.chance(item, 22) * 0.4,
    'homography', 3.0, reported_at - interval '5 min', reported_at,
    CASE WHEN checked_at <= now() THEN checked_at END, 6, 0.5 + pg_temp.chance(item, 23) / 2,
    '[{{"class_name": "garbage_pile", "score": 0.8, "box": [0.1, 0.2, 0.3, 0.4]}}]', '[]',
    {model}, reported_at, least(checked_at, now())
FROM load_made WHERE source = 'video' ORDER BY item DESC
"""

_CASE_EVENTS = """
INSERT INTO case_events (event_id, case_id, joined_by, joined_at, cleared_at)
SELECT {event_id}, {case_id}, 'system', reported_at,
    CASE WHEN checked_at <= now() THEN checked_at END
FROM load_made WHERE source = 'video'
"""

_VERDICTS = """
INSERT INTO verdicts (event_id, case_id, verdict, reason, issue_code, score, model, given_by,
    given_at)
SELECT {event_id}, {case_id}, CASE WHEN fate < 0.012 THEN 'false' ELSE 'true' END,
    CASE WHEN fate < 0.012 THEN 'not_there' END, issue_code, 0.7,
    {model}, 'acceptor', accepted_at
FROM load_made
WHERE source = 'video' AND accepted_at <= now() AND (fate < 0.012 OR fate > 0.96)
"""

_UNITS = """
INSERT INTO organisation_units (unit_id, parent_id, path, kind, name_zh, name_en)
SELECT * FROM (
    SELECT 'load_city', NULL, '/load_city/', 'city', '市', 'City'
    UNION ALL SELECT 'load_town_' || town, 'load_city', '/load_city/load_town_' || town || '/',
        'town', '镇' || town, 'Town ' || town FROM generate_series(0, {towns} - 1) AS town
    UNION ALL SELECT 'load_department_' || one, 'load_city',
        '/load_city/load_department_' || one || '/', 'department', '部门' || one,
        'Department ' || one FROM generate_series(0, {departments} - 1) AS one
    UNION ALL SELECT {quiet}, 'load_city', '/load_city/' || {quiet} || '/', 'department',
        '无事部门', 'Quiet department'
) AS made
"""


@dataclass(frozen=True, slots=True)
class _Filling:
    """A table and the statement that fills it."""

    table: str
    statement: str


_FILLINGS = (
    _Filling("organisation_units", _UNITS),
    _Filling("cases", _CASES),
    _Filling("case_clocks", _CLOCKS),
    _Filling("case_flow", _FLOW),
    _Filling("events", _EVENTS),
    _Filling("case_events", _CASE_EVENTS),
    _Filling("verdicts", _VERDICTS),
)


class CaseNumberError(CityPatrolError):
    """A database that has other cases already."""


def fill_with_cases(address: str, cases: int, issue_codes: Sequence[str]) -> None:
    """Put a year's cases into an empty database; one that has them is left as it is.

    Args:
        address: postgresql:// address of the database, migrated.
        cases: How many.
        issue_codes: Types that they are of; the first ones come most often.

    Raises:
        CaseNumberError: Another number of cases was put there before.
    """
    words = _words(cases, issue_codes)
    with psycopg.connect(address, autocommit=True) as connection:
        (before,) = connection.execute(_FILLED_BEFORE).fetchone() or (0,)
        if before == cases:
            return
        if before:
            raise CaseNumberError(
                f"the database has {before} made-up cases, {cases} are asked for; ask for as many "
                "or name an empty folder"
            )
        for setting in _FOR_FILLING:
            connection.execute(sql.SQL(setting))
        connection.execute(sql.SQL(_CHANCE))
        connection.execute(sql.SQL(_MADE).format(**words))
        for filling in _FILLINGS:
            _fill(connection, filling, words)
        # They are cases already.
        connection.execute(
            "INSERT INTO intake_positions SELECT 'cases', coalesce(max(change), 0) FROM events"
        )
        connection.execute("DROP TABLE load_made")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _words(cases: int, issue_codes: Sequence[str]) -> dict[str, sql.Composable]:
    return {
        "case_id": sql.SQL("'01K' || lpad(item::text, 23, '0')"),
        "event_id": sql.SQL("'01E' || lpad(item::text, 23, '0')"),
        "cell": sql.SQL("lpad(cell::text, 15, '5')"),
        "area_path": sql.SQL(f"'/load_city/load_town_' || cell % {TOWNS} || '/'"),
        "department": sql.SQL("'load_department_' || department"),
        "department_path": sql.SQL("'/load_city/load_department_' || department || '/'"),
        "cases": sql.Literal(cases),
        "days": sql.Literal(YEAR_DAYS),
        "codes": sql.Literal(list(issue_codes)),
        "code_count": sql.Literal(len(issue_codes)),
        "cells": sql.Literal(CELLS),
        "cameras": sql.Literal(CAMERAS),
        "towns": sql.Literal(TOWNS),
        "departments": sql.Literal(DEPARTMENTS),
        "model": sql.Literal(f'{{"name": "street", "version": "1", "sha256": "{"0" * 64}"}}'),
        "quiet": sql.Literal(QUIET_UNIT),
        "people": sql.Literal(PEOPLE_OF_A_DEPARTMENT),
    }


def _fill(
    connection: psycopg.Connection, filling: _Filling, words: dict[str, sql.Composable]
) -> None:
    """Fill one table; its indexes are made afterwards, which takes a fifth of the time."""
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes LEFT JOIN pg_constraint "
        "ON conname = indexname WHERE tablename = %s AND conname IS NULL",
        [filling.table],
    ).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    filled = connection.execute(sql.SQL(filling.statement).format(**words))
    log.info("load_table_filled", table=filling.table, rows=filled.rowcount)
    for _, definition in indexes:
        connection.execute(sql.SQL(definition))
