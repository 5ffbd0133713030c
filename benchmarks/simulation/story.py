"""Stories: what the people of a district do with a case, step by step, from report to end."""

import math
from dataclasses import dataclass
from enum import StrEnum

from api.contract.cases import VerdictReason


class Reporter(StrEnum):
    """How a story's matter is reported."""

    CAMERA = "camera"
    """By a camera, so clearly that a rule registers it."""
    UNCLEAR_CAMERA = "unclear_camera"
    """By a camera, so unclearly that it waits for a person."""
    PERSON = "person"
    """By a person, somewhere in the district."""
    ELSEWHERE = "elsewhere"
    """By a person, at a place that lies in no cell."""
    FIXED = "fixed"
    """By a collector who fixed it on the spot."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does with a case.

    Attributes:
        action: What.
        by: Who: a login of the office, or ``handler`` for the case's own.
        reason: What they say.
        verdict_reason: Why it looked true, where it is rejected.
        brings_picture: Whether a picture after handling comes along.
        names_handler: Whether the one who shall do it is named: the one on duty.
        names_department: Whether the department is named.
        names_twin: Whether another open case is named: one reported for this.
        names_date: Whether a date some hours ahead is named.
        after_minutes: How long they take, minutes.
    """

    action: str
    by: str
    reason: str | None = None
    verdict_reason: VerdictReason | None = None
    brings_picture: bool = False
    names_handler: bool = False
    names_department: bool = False
    names_twin: bool = False
    names_date: bool = False
    after_minutes: float = 3.0


@dataclass(frozen=True, slots=True)
class Story:
    """What becomes of a matter.

    Attributes:
        name: What it is called.
        reporter: How it is reported.
        deeds: What is done, in order.
        share: How many of a thousand matters go like this; each story comes at least once.
        clears: Whether the cameras see that it is gone, once its handler says so.
        limit_hours: Its type's handling limit is no longer than this, day or night, hours.
        least_hours: Its type's handling limit is no shorter than this, hours.
    """

    name: str
    reporter: Reporter
    deeds: tuple[Deed, ...]
    share: int
    clears: bool = False
    limit_hours: float | None = None
    least_hours: float = 0.0


_REGISTER = Deed("register", "acceptor", after_minutes=4)
_ASSIGN = Deed("assign", "department", names_handler=True, after_minutes=6)
_SUBMIT = Deed("submit_result", "handler", brings_picture=True, after_minutes=35)
_CONFIRM = Deed("confirm", "department", after_minutes=5)
_CHECK = Deed("request_post_check", "acceptor")
_PASSED = Deed("check_passed", "collector", after_minutes=12)
_CLOSE = Deed("close", "shift_lead", after_minutes=4)
_HANDLED = (_ASSIGN, _SUBMIT, _CONFIRM)
_CHECKED = (_CHECK, _PASSED, _CLOSE)
_DISPATCH = Deed("dispatch", "dispatcher", names_department=True)
_REJECT = Deed("reject", "acceptor", "现场没有此问题", verdict_reason="nothing_there")


# On a busy machine people lag behind; what is asked for before a deadline needs some time until it.
_LONG_HOURS = 16.0


def _at_department(name: str, *deeds: Deed, share: int = 4, ends: bool = False) -> Story:
    """A story that goes its own way at the department, and then the usual one."""
    rest = () if ends else (*_HANDLED, *_CHECKED)
    return Story(name, Reporter.CAMERA, (*deeds, *rest), share, least_hours=_LONG_HOURS)


STORIES = (
    Story("seen, done, checked", Reporter.CAMERA, (*_HANDLED, *_CHECKED), 330),
    Story("reported, done, checked", Reporter.PERSON, (_REGISTER, *_HANDLED, *_CHECKED), 280),
    Story(
        "the cameras see it gone",
        Reporter.CAMERA,
        (*_HANDLED, Deed("accept_camera_check", "acceptor", after_minutes=8), _CLOSE),
        150,
        clears=True,
    ),
    Story("a person looks first", Reporter.UNCLEAR_CAMERA, (_REGISTER, *_HANDLED, *_CHECKED), 60),
    Story("nothing there", Reporter.UNCLEAR_CAMERA, (_REJECT,), 25),
    Story(
        "verified, present",
        Reporter.PERSON,
        (
            Deed("request_pre_verify", "acceptor"),
            Deed("verified_present", "collector", after_minutes=15),
            _REGISTER,
            *_HANDLED,
            *_CHECKED,
        ),
        20,
    ),
    Story(
        "verified, absent",
        Reporter.PERSON,
        (
            Deed("request_pre_verify", "acceptor"),
            Deed("verified_absent", "collector", "没有看到", after_minutes=15),
            _REJECT,
        ),
        8,
    ),
    Story(
        "cannot be verified",
        Reporter.PERSON,
        (
            Deed("request_pre_verify", "acceptor"),
            Deed("unable_to_verify", "collector", "围挡内无法进入", after_minutes=15),
            _REGISTER,
            *_HANDLED,
            *_CHECKED,
        ),
        6,
    ),
    Story(
        "sent by hand",
        Reporter.ELSEWHERE,
        (
            _REGISTER,
            Deed("return_to_acceptor", "dispatcher", "请补充位置"),
            _REGISTER,
            _DISPATCH,
            *_HANDLED,
            *_CHECKED,
        ),
        8,
    ),
    Story("fixed on the spot", Reporter.FIXED, (Deed("accept_self_handled", "acceptor"),), 15),
    Story(
        "two of one",
        Reporter.ELSEWHERE,
        (Deed("merge", "acceptor", "同一问题", names_twin=True),),
        4,
    ),
    _at_department(
        "not their duty",
        Deed("return_to_dispatcher", "department", "不属于我单位"),
        _DISPATCH,
        share=8,
    ),
    _at_department(
        "more time",
        Deed("request_delay", "department", "需要调配设备"),
        Deed("approve_delay", "dispatcher"),
        share=10,
    ),
    _at_department(
        "no more time",
        Deed("request_delay", "department", "人手不足"),
        Deed("refuse_delay", "dispatcher", "时间足够"),
    ),
    _at_department(
        "put off, taken up",
        Deed("request_suspension", "department", "等待材料", names_date=True),
        Deed("approve_suspension", "dispatcher"),
        Deed("resume", "dispatcher", "材料已到", after_minutes=30),
    ),
    _at_department(
        "not put off",
        Deed("request_suspension", "department", "等待材料", names_date=True),
        Deed("refuse_suspension", "dispatcher", "不需要等待"),
    ),
    _at_department(
        "supervised",
        Deed("supervise", "supervisor", "群众多次反映"),
        Deed("answer_supervision", "department", "正在处理"),
        Deed("urge", "dispatcher"),
        share=10,
    ),
    _at_department(
        "void, refused",
        Deed("request_void", "dispatcher", "疑似误报"),
        Deed("refuse_void", "shift_lead", "确有此问题"),
    ),
    _at_department(
        "void",
        Deed("request_void", "dispatcher", "误报"),
        Deed("void", "shift_lead", "确认误报"),
        share=2,
        ends=True,
    ),
    _at_department(
        "closed by order", Deed("force_close", "supervisor", "责任主体灭失"), share=2, ends=True
    ),
    Story(
        "badly done",
        Reporter.CAMERA,
        (
            _ASSIGN,
            Deed("reassign", "department", names_handler=True),
            _SUBMIT,
            Deed("rework_internal", "department", "照片不清楚"),
            _SUBMIT,
            _CONFIRM,
            Deed("rework", "acceptor", "没有处理干净"),
            *_HANDLED,
            _CHECK,
            Deed("unable_to_check", "collector", "道路封闭", after_minutes=12),
            _CHECK,
            Deed("check_failed", "collector", "仍有残留", after_minutes=12),
            *_HANDLED,
            *_CHECKED,
        ),
        12,
    ),
    Story(
        "opened again",
        Reporter.CAMERA,
        (
            *_HANDLED,
            *_CHECKED,
            Deed("reopen", "shift_lead", "群众反映又出现"),
            _DISPATCH,
            *_HANDLED,
            *_CHECKED,
        ),
        5,
    ),
    Story(
        "late, appeal granted",
        Reporter.CAMERA,
        (
            _ASSIGN,
            Deed("submit_result", "handler", brings_picture=True, after_minutes=200),
            _CONFIRM,
            *_CHECKED,
            Deed("appeal", "department", "道路管制无法进入"),
            Deed("endorse_appeal", "dispatcher"),
            Deed("grant_appeal", "acceptor"),
        ),
        5,
        limit_hours=2,
    ),
    Story(
        "late, appeal refused",
        Reporter.CAMERA,
        (
            _ASSIGN,
            Deed("submit_result", "handler", brings_picture=True, after_minutes=200),
            _CONFIRM,
            *_CHECKED,
            Deed("appeal", "department", "人手不足"),
            Deed("refuse_appeal", "dispatcher", "理由不充分"),
        ),
        5,
        limit_hours=2,
    ),
)


def stories_of_a_day(matters: int) -> list[Story]:
    """Return so many stories, each at least once and else in its share.

    The order is mixed, and the same every time.
    """
    rest = matters - len(STORIES)
    total = sum(story.share for story in STORIES)
    told = list(STORIES)
    for story in STORIES:
        told += [story] * (max(0, rest) * story.share // total)
    told += [STORIES[0]] * (matters - len(told))
    # A step that shares no factor with the number visits each once.
    step = next(step for step in range(137, 10_000) if math.gcd(step, len(told)) == 1)
    return [told[number * step % len(told)] for number in range(len(told))]
