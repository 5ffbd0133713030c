"""The page of the desk: the queue, and one case beside it or alone at its own address."""

from api.console.parts.screen import Screen

DESK_WORDS = ("desk", "cases", "case", "verdict", "severity")
DESK = Screen("desk", "/desk", DESK_WORDS)
DESK_CASE = Screen("desk", "/desk/{case_id}", DESK_WORDS)
