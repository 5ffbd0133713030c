"""The examples of legal holds in the OpenAPI description."""

from api.routes.case_examples import CASE_ID
from api.routes.examples import CAPTURED_AT

HOLD_TO_SET = {"reason": "法院调证 (2026) 渝0103民初1234号"}
HOLD = {
    "hold_id": 7,
    "kind": "case",
    "subject_id": CASE_ID,
    **HOLD_TO_SET,
    "set_by": "li.na",
    "set_at": CAPTURED_AT,
    "lifted_by": None,
    "lifted_at": None,
}
HOLD_PAGE = {"holds": [HOLD], "next_cursor": None}
