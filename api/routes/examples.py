"""The examples in the OpenAPI description; a test feeds them to the API."""

EVENT_ID = "01JD8Z6Q3V5W7X9Y1A3C5E7G9J"
EARLIER_EVENT_ID = "01JD2M0Q8RA6F3T9C1V5X7Z2B4"
EVIDENCE_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MODEL_SHA256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
ISSUE_CODE = "09009"
CAPTURED_AT = "2025-11-21T08:30:10+08:00"
UNIT_GRID = "440305001001001"

CAMERA = {
    "camera_id": "north-gate",
    "name": "North gate, Shennan Road",
    "stream_url": "rtsp://viewer:secret@10.20.0.31:554/stream1",
    "lon": 113.9412,
    "lat": 22.5405,
    "position_accuracy_m": 3.0,
    "pose": {
        "height_m": 6.5,
        "azimuth_deg": 120.0,
        "tilt_deg": 25.0,
        "horizontal_fov_deg": 70.0,
    },
    "zones": [
        {
            "zone_id": "kerb",
            "kind": "no_parking",
            "polygon": [[0.1, 0.6], [0.9, 0.6], [0.9, 0.95], [0.1, 0.95]],
        }
    ],
    "lines": [{"line_id": "exit", "kind": "exit", "points": [[0.1, 0.5], [0.4, 0.5]]}],
    "issue_types": [{"code": ISSUE_CODE, "dwell_seconds": 180}],
    "look_interval_seconds": 1.0,
}
_FAULT = {
    "fault": "dark",
    "state": "suspected",
    "since": CAPTURED_AT,
    "measured": "median brightness 7 of 255, below 20, and 0.4% brighter than 40, below 5.0%",
    "blinds": True,
}
CAMERA_CONDITION = {"faults": [_FAULT], "next_report_seconds": 30.0}
KNOWN_CONDITION = {"camera_id": "north-gate", "faults": [_FAULT], "reported_at": CAPTURED_AT}
CAMERA_MEMORY = {
    "holder": "01JD8Z6Q3V5W7X9Y1A3C5E7G9J",
    "latest_look": CAPTURED_AT,
    "state": "eJyrVspOrcxJTVGyUjJQqgUAHtsEeA==",
    "health": None,
}
CAMERA_REFERENCE = {
    "camera_id": "north-gate",
    "preset": "towards-the-market",
    "sha256": EVIDENCE_SHA256,
    "given_by": "operators",
    "given_at": CAPTURED_AT,
}
CAMERA_RECEIPTS = {
    "receipts": [
        {"camera_id": "north-gate", "status": "created", "errors": []},
        {
            "camera_id": "south-gate",
            "status": "rejected",
            "errors": [
                {
                    "field": "lon",
                    "message": "Input should be less than or equal to 180",
                    "value": 1139.4,
                }
            ],
        },
    ]
}

EVENT = {
    "type": "Feature",
    "id": EVENT_ID,
    "geometry": {"type": "Point", "coordinates": [113.94135, 22.54032]},
    "properties": {
        "schema_version": 1,
        "catalogue_version": "2026.3",
        "revision": 1,
        "issue_code": ISSUE_CODE,
        "camera_id": "north-gate",
        "zone_id": "kerb",
        "first_seen": "2025-11-21T08:27:05+08:00",
        "last_seen": CAPTURED_AT,
        "observed_count": 42,
        "unwatched_seconds": 0.0,
        "score": 0.87,
        "location_source": "pose",
        "accuracy_m": 4.2,
        "detections": [{"class_name": "car", "score": 0.87, "box": [0.31, 0.62, 0.48, 0.81]}],
        "evidence": [{"kind": "annotated", "sha256": EVIDENCE_SHA256, "captured_at": CAPTURED_AT}],
        "model": {"name": "yolo26n", "version": "coco-1", "sha256": MODEL_SHA256},
        "measured": None,
        "recurrence_of": EARLIER_EVENT_ID,
        "recurrence_number": 1,
        "confirmation": {
            "by": "vision_endpoint",
            "status": "confirmed",
            "question": "Does a car stand where parking is forbidden?",
            "prompt": "You check what a street camera has reported. ...",
            "model": "qwen2.5-vl-7b-instruct",
            "reason": "A grey car stands on the kerb beside a no-parking sign.",
            "answer": None,
            "asked_at": CAPTURED_AT,
            "answered_at": "2025-11-21T08:30:14+08:00",
        },
    },
}
EVENT_BATCH = {"type": "FeatureCollection", "features": [EVENT]}
BATCH_RECEIPT = {
    "receipts": [
        {
            "id": EVENT_ID,
            "status": "stored",
            "errors": [],
            "received_at": "2025-11-21T00:30:11.204512Z",
        }
    ]
}
STORED_EVENT = {
    **EVENT,
    "properties": {
        **EVENT["properties"],  # type: ignore[dict-item]
        "cleared_at": None,
        "status": "open",
        "kind": "event",
        "issue_name_zh": "机动车乱停放",
        "issue_name_en": "Illegal motor-vehicle parking",
        "severity": "medium",
        "department_zh": "公安交管",
        "department_en": "Traffic police",
        "camera_name": "North gate, Shennan Road",
        "unit_grid": UNIT_GRID,
        "merged_into": None,
        "merge_proposals": 1,
        "received_at": "2025-11-21T00:30:11.204512Z",
        "updated_at": "2025-11-21T00:30:11.204512Z",
        "change": 1,
    },
}
EVENT_PAGE = {"type": "FeatureCollection", "features": [STORED_EVENT], "next_cursor": None}
STREAM = f'id: 1\nevent: event\ndata: {{"type":"Feature","id":"{EVENT_ID}", ...}}\n\n'

GRIDS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [113.94, 22.54],
                        [113.943, 22.54],
                        [113.943, 22.543],
                        [113.94, 22.543],
                        [113.94, 22.54],
                    ]
                ],
            },
            "properties": {"unit_grid": UNIT_GRID},
        }
    ],
}
CAMERA_MAP = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [113.9412, 22.5405]},
            "properties": {
                "feature": "camera",
                "camera_id": "north-gate",
                "name": "North gate, Shennan Road",
                "enabled": True,
                "last_preview_at": "2025-11-21T00:30:11+00:00",
            },
        },
        {
            "type": "Feature",
            "geometry": GRIDS["features"][0]["geometry"],  # type: ignore[index]
            "properties": {
                "feature": "zone",
                "camera_id": "north-gate",
                "zone_id": "kerb",
                "kind": "no_parking",
            },
        },
    ],
}

PROMOTION = {
    "version": "2026.11",
    "files": [{"path": "model-int8.xml", "sha256": MODEL_SHA256}],
    "note": "sees overflowing bins at night",
}
ROLLBACK = {"note": "false alarms on wet roads"}
LIVE_MODEL = {
    "name": "street",
    **PROMOTION,
    "promoted_at": "2026-11-21T00:30:11.204512Z",
    "promoted_by": "ml-engineers",
    "in_service_since": "2026-09-01T02:11:40.311200Z",
}
LIVE_MODELS = {"models": [LIVE_MODEL]}
WORKER_MODELS = {
    "models": [
        {
            "name": "street",
            "version": "2026.11",
            "classes": [
                {
                    "visual_class": "garbage_pile",
                    "precision": 0.9022,
                    "recall": 0.5155,
                    "boxes": 161,
                }
            ],
        }
    ],
    "next_report_seconds": 30.0,
}
MODELS_AT_WORK = {
    "workers": [
        {
            **WORKER_MODELS,
            "worker": "01JD8Z6Q3V5W7X9Y1A3C5E7G9J",
            "reported_at": "2026-11-21T00:30:11.204512Z",
        }
    ]
}
MODEL_HISTORY = {
    "changes": [
        {
            "name": "street",
            "kind": "promotion",
            "version": "2026.11",
            "changed_at": "2026-11-21T00:30:11.204512Z",
            "changed_by": "ml-engineers",
            "is_current": True,
            "note": "sees overflowing bins at night",
        }
    ]
}

CATALOGUE = {
    "catalogue_version": "2026.3+shapingba-1",
    "overlays": ["shapingba-1"],
    "types": [
        {
            "issue_type": {
                "code": ISSUE_CODE,
                "slug": "illegal_parking",
                "name_zh": "机动车乱停放",
                "name_en": "Illegal motor-vehicle parking",
                "department": "traffic_police",
                "severity": "medium",
                "time_limit_hours": 2.0,
                "time_limit_clock": "work",
                "source": "standard",
                "rule": {
                    "classes": ["car", "bus", "truck"],
                    "zones": ["no_parking"],
                    "same_object": True,
                    "dwell_seconds": 600.0,
                },
            },
            "major_class": {"zh": "街面秩序", "en": "Street order"},
            "department": {"zh": "公安交管", "en": "Traffic police"},
            "watched": True,
            "unwatched": None,
        }
    ],
}
COVERAGE = {
    "catalogue_version": "2026.3+shapingba-1",
    "counted": "reported",
    "workers": 1,
    "models": ["street@2026.11"],
    "models_without_card": [],
    "totals": {
        "recognisable": 40,
        "partly": 30,
        "needs_camera_setup": 4,
        "needs_classes": 134,
        "switched_off": 19,
        "needs_knowledge": 19,
    },
    "types": [
        {
            "code": "09001",
            "name": {"zh": "无照经营游商", "en": "Unlicensed mobile vendor"},
            "major_class": {"zh": "街面秩序", "en": "Street order"},
            "status": "needs_classes",
            "known_classes": ["umbrella"],
            "missing_classes": ["vendor_cart"],
            "weak_classes": [
                {
                    "visual_class": "umbrella",
                    "precision": 0.91,
                    "recall": 0.41,
                    "boxes": 34,
                    "source": "trained",
                    "viewpoint": "hand",
                }
            ],
            "not_from_poles": [],
            "knowledge": [],
            "camera_setup": [],
            "unwatched": None,
            "confirmed_by": "permit_register",
            "missing_model": None,
        }
    ],
    "missing_classes": [
        {
            "name": "vendor_cart",
            "meaning": {"zh": "流动摊车", "en": "a push cart from which goods are sold"},
            "unlocks": ["09001"],
            "asked_by": ["09001"],
        }
    ],
}

MERGE_PROPOSAL = {
    "proposal_id": 17,
    "older_event_id": EVENT_ID,
    "younger_event_id": "01JD8Z9H2M4N6P8R0T2V4X6Z8B",
    "distance_m": 3.8,
    "limit_m": 11.6,
    "status": "proposed",
    "made_at": "2025-11-21T00:32:40.518204Z",
    "decided_at": None,
    "decided_by": None,
    "reason": None,
}
MERGE_PROPOSAL_PAGE = {"proposals": [MERGE_PROPOSAL], "next_cursor": "17"}
MERGE_VERDICT = {
    "verdict": "accepted",
    "reason": "The same grey car from the other side.",
}
DECIDED_MERGE_PROPOSAL = {
    **MERGE_PROPOSAL,
    "status": "accepted",
    "decided_at": "2025-11-21T00:41:02.077310Z",
    "decided_by": "li.na",
    "reason": "The same grey car from the other side.",
}

TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsaS5uYSJ9.cnM",
    "token_type": "bearer",
    "expires_in": 600,
    "refresh_token": "uA2hQm0bJ9yT6kX1",
}
ME = {
    "name": "li.na",
    "kind": "user",
    "roles": ["dispatcher"],
    "scopes": [],
    "unit_id": None,
}
USER = {
    "login": "li.na",
    "name": "李娜",
    "roles": ["dispatcher"],
    "unit_id": None,
    "enabled": True,
    "created_at": CAPTURED_AT,
    "last_login_at": None,
}
USERS = {"users": [USER]}
USER_TO_MAKE = {
    "login": "li.na",
    "name": "李娜",
    "password": "rivers run down to the sea",
    "roles": ["dispatcher"],
}
AUDIT_PAGE = {
    "records": [
        {
            "number": 1,
            "at": CAPTURED_AT,
            "actor": "li.na",
            "address": "10.20.0.7",
            "action": "log_in",
            "subject": "li.na",
            "details": {},
            "hash": EVIDENCE_SHA256,
        }
    ],
    "next_cursor": None,
}
