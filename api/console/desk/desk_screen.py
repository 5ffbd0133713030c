"""The page of the desk: the queue, and one case beside it or alone at its own address."""

from api.console.parts.screen import Screen

DESK_WORDS = (
    *("desk", "cases", "case", "case_state", "case_source", "case_light", "case_action"),
    *("verdict", "severity", "catalogue"),
)
DESK = Screen("desk", "/desk", DESK_WORDS)
DESK_CASE = Screen("desk", "/desk/{case_id}", DESK_WORDS)
