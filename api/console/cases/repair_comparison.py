"""Before and after the handling, side by side, as the cameras saw it."""

from collections.abc import Sequence, Set

from api.console.cases.case_facts import CaseFacts
from api.console.parts.elements import block, words
from api.contract.repair_checks import ShownRepairCheck


def checked_pictures(checks: Sequence[ShownRepairCheck]) -> set[str]:
    """Return the pictures that a comparison shows."""
    return {sha256 for check in checks for sha256 in (check.before, check.after) if sha256}


def draw_repair_checks(
    facts: CaseFacts, checks: Sequence[ShownRepairCheck], deleted: Set[str]
) -> None:
    """Draw a pair of pictures for each event of the latest finishing that was looked at again."""
    latest = max((check.asked_at for check in checks), default=None)
    shown = [check for check in checks if check.asked_at == latest]
    if not shown:
        return
    text = facts.texts.text
    words(text("cases.before_after"), "case-heading", "h3")
    for check in shown:
        looked = f"{facts.time(check.last_look_at)} · {check.absent_looks}/{check.wanted_looks}"
        with block("div", "case-comparison", data_status=check.status.value):
            _draw(facts, check.before, f"{text('cases.before')} · {check.camera_id}", deleted)
            _draw(facts, check.after, f"{text('cases.after')} · {looked}", deleted)


def _draw(facts: CaseFacts, sha256: str | None, title: str, deleted: Set[str]) -> None:
    with block("figure", ""):
        if sha256 is None:
            words(facts.texts.text("cases.no_look_yet"), "case-picture-deleted", "p")
        elif sha256 in deleted:
            words(facts.texts.text("event.picture_deleted"), "case-picture-deleted", "p")
        else:
            with block("a", "", href=f"/v1/evidence/{sha256}", target="_blank"):
                block("img", "", src=f"/v1/evidence/{sha256}", alt=title)
        words(title, "", "figcaption")
