"""The examples of webhooks in the OpenAPI description; a test feeds them to the API."""

from api.routes.case_examples import CASE, CASE_ID, FLOW_RECORD
from api.routes.examples import CAPTURED_AT

WEBHOOK_ID = "01JD8Z6Q3V5W7X9Y1A3C5E7G9M"
WEBHOOK_TO_MAKE = {
    "url": "http://10.20.0.7:8080/citypatrol",
    "unit_id": "sanitation",
    "kinds": ["dispatched", "closed"],
}
WEBHOOK = {
    "webhook_id": WEBHOOK_ID,
    **WEBHOOK_TO_MAKE,
    "enabled": True,
    "created_by": "li.na",
    "created_at": CAPTURED_AT,
}
NEW_WEBHOOK = {**WEBHOOK, "secret": "whsec_T8rB0x-only-shown-once"}
WEBHOOKS = {"webhooks": [WEBHOOK]}
WEBHOOK_CHANGE = {"enabled": False}
CASE_EVENT = {
    "specversion": "1.0",
    "id": "case-flow-4711",
    "source": "/citypatrol",
    "type": "org.citypatrol.case.reported.v1",
    "subject": CASE["number"],
    "time": CAPTURED_AT,
    "datacontenttype": "application/json",
    "data": {"case": CASE, "step": FLOW_RECORD},
}
DELIVERY = {
    "delivery_id": 17,
    "case_id": CASE_ID,
    "event": CASE_EVENT,
    "state": "dead",
    "attempts": 8,
    "created_at": CAPTURED_AT,
    "next_attempt_at": None,
    "delivered_at": None,
    "last_error": "the receiver answered 503 Service Unavailable",
}
REPLAYED_DELIVERY = {
    **DELIVERY,
    "state": "waiting",
    "attempts": 0,
    "next_attempt_at": CAPTURED_AT,
}
DELIVERY_PAGE = {"deliveries": [DELIVERY], "next_cursor": None}
