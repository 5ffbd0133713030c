"""The examples of cases in the OpenAPI description; a test feeds them to the API."""

from api.routes.examples import (
    CAPTURED_AT,
    EVENT_ID,
    EVIDENCE_SHA256,
    ISSUE_CODE,
    UNIT_GRID,
)

CASE_ID = "01JD8Z6Q3V5W7X9Y1A3C5E7G9K"
CASE_REPORT = {
    "issue_code": ISSUE_CODE,
    "lon": 113.9413,
    "lat": 22.5403,
    "source": "hotline",
    "description": "堵住了人行道",
    "report_key": "12345-20251121-0042",
}
CASE = {
    "case_id": CASE_ID,
    "number": "20251121-000017",
    "external_number": None,
    "state": "pending_handle",
    "version": 3,
    "round": 1,
    "source": "hotline",
    "issue_code": ISSUE_CODE,
    "issue_name_zh": "机动车乱停放",
    "issue_name_en": "Illegally parked motor vehicle",
    "severity": "medium",
    "description": "堵住了人行道",
    "lon": 113.9413,
    "lat": 22.5403,
    "unit_grid": UNIT_GRID,
    "component_id": None,
    "department_id": "traffic_police",
    "handler": None,
    "collector": None,
    "reported_by": "hotline",
    "reported_at": CAPTURED_AT,
    "registered_at": CAPTURED_AT,
    "dispatched_at": CAPTURED_AT,
    "handled_at": None,
    "confirmed_at": None,
    "ended_at": None,
    "updated_at": CAPTURED_AT,
    "stage": "handle",
    "due_at": "2025-11-21T10:30:10+08:00",
    "light": "green",
    "request": None,
    "suspended_until": None,
    "supervised_by": None,
    "urged_count": 0,
    "rework_count": 0,
    "delay_count": 0,
    "self_handled": False,
    "auto_registered": False,
    "auto_dispatched": True,
    "waits_because": None,
    "waits_because_zh": None,
    "unresolved": None,
    "event_count": 0,
    "merged_into": None,
    "recurrence_of": None,
    "seen_gone_at": None,
    "camera_check": None,
    "camera_check_zh": None,
    "timeout_exempt": False,
}
_QUEUED = (
    *("case_id", "number", "state", "source", "issue_code", "severity", "lon", "lat", "unit_grid"),
    *("department_id", "handler", "reported_at", "due_at", "request", "urged_count", "event_count"),
)
CASE_QUEUE = {
    "cases": [
        {
            **{name: CASE[name] for name in _QUEUED},
            "change": 4711,
            "is_open": True,
            "yellow_at": "2025-11-21T10:06:10+08:00",
            "is_supervised": False,
            "has_picture": True,
        }
    ],
    "now": CAPTURED_AT,
    "more": False,
}
CASE_PAGE = {"cases": [CASE], "next_cursor": None}
FLOW_RECORD = {
    "action": "report",
    "kind": "forward",
    "from_state": None,
    "to_state": "reported",
    "actor": "hotline",
    "unit_id": None,
    "reason": "堵住了人行道",
    "details": {"source": "hotline", "issue_code": ISSUE_CODE},
    "at": CAPTURED_AT,
    "round": 1,
}
CASE_HISTORY = {
    "flow": [FLOW_RECORD],
    "pictures": [
        {
            "sha256": EVIDENCE_SHA256,
            "kind": "far",
            "added_by": "north-gate",
            "added_at": CAPTURED_AT,
            "taken_from": {
                "lon": 113.9409,
                "lat": 22.5401,
                "taken_at": CAPTURED_AT,
                "altitude_m": 85.0,
                "heading": 41.5,
            },
        }
    ],
    "clocks": [
        {
            "stage": "accept",
            "department_id": None,
            "limit_amount": 0.25,
            "limit_unit": "urgent_hour",
            "started_at": CAPTURED_AT,
            "due_at": "2025-11-21T08:45:10+08:00",
            "paused_at": None,
            "finished_at": None,
            "used_seconds": None,
        }
    ],
    "event_ids": [EVENT_ID],
    "repair_checks": [
        {
            "event_id": EVENT_ID,
            "camera_id": "north-gate",
            "status": "absent",
            "asked_at": CAPTURED_AT,
            "ends_at": "2025-11-22T08:30:10+08:00",
            "wanted_looks": 3,
            "absent_looks": 3,
            "last_look_at": "2025-11-21T08:34:10+08:00",
            "last_seen": "absent",
            "before": EVIDENCE_SHA256,
            "after": EVIDENCE_SHA256,
            "faults": "",
        }
    ],
}
REPAIR_CHECK = {
    "check_id": "01JD8Z6Q3V5W7X9Y1A3C5E7G9M",
    "event_id": EVENT_ID,
    "camera_id": "north-gate",
    "issue_code": ISSUE_CODE,
    "zone_id": "kerb",
    "detections": [{"class_name": "car", "score": 0.81, "box": [0.25, 0.25, 0.5, 0.5]}],
    "look_after": CAPTURED_AT,
    "pause_seconds": 60.0,
    "status": "open",
}
REPAIR_LOOK = {"looked_at": CAPTURED_AT, "seen": "absent", "sha256": EVIDENCE_SHA256}
LOOK_RECEIPT = {"status": "open", "look_after": "2025-11-21T08:31:10+08:00"}
POSSIBLE_ACTIONS = {
    "state": "reported",
    "version": 1,
    "actions": [
        {
            "action": "reject",
            "name_zh": "不予立案",
            "name_en": "Reject",
            "allowed": True,
            "why_not": None,
            "why_not_zh": None,
            "needs": ["reason"],
            "takes": ["verdict_reason"],
        },
        {
            "action": "void",
            "name_zh": "作废",
            "name_en": "Void",
            "allowed": False,
            "why_not": "it is for the role shift_lead",
            "why_not_zh": "此操作属于角色 shift_lead",
            "needs": ["reason"],
            "takes": [],
        },
    ],
}
CASE_ACTION = {"reason": "垃圾桶被风吹倒，已扶起", "verdict_reason": "other_thing"}
VERDICT_TO_GIVE = {"verdict": "false", "reason": "other_thing"}
VERDICT = {
    "verdict_id": 1,
    "event_id": EVENT_ID,
    "case_id": CASE_ID,
    "verdict": "false",
    "reason": "other_thing",
    "boxes": None,
    "issue_code": ISSUE_CODE,
    "score": 0.81,
    "model_name": "street",
    "model_version": "2026.11",
    "picture": EVIDENCE_SHA256,
    "given_by": "li.na",
    "given_at": CAPTURED_AT,
}
VERDICT_PAGE = {"verdicts": [VERDICT], "next_cursor": None}
