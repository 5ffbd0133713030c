"""A rule in plain words, for people who read the catalogue."""

from collections.abc import Iterable, Iterator

from models.rules.confirmation import Confirmation
from models.rules.crossing import Crossing, CrossingDirection
from models.rules.placement import ExcludedZone, PlacedBy, Placement, ZoneRelation
from models.rules.relation import Relation, RelationKind
from models.rules.rule import (
    DEFAULT_MINIMUM_SCORE,
    DEFAULT_RECURRENCE_SECONDS,
    ClassMatch,
    Motion,
    Rule,
    WatchFor,
)
from models.rules.schedule import Holidays, Schedule
from models.rules.size_limits import MEASURES, SizeLimits
from models.words import ConfirmedBy

_MOTION_WORDS = {
    Motion.STANDING: "standing still",
    Motion.MOVING: "moving",
    Motion.WORKING: "moving, or at work where they stand",
}
_UNITS = {"px": "pixels", "m": "m", "m2": "m²", "share": "of the picture"}
_HOW_PLACED = {
    PlacedBy.FOOT: "with the foot point in it",
    PlacedBy.CENTRE: "with the centre in it",
    PlacedBy.OVERLAP: "with {share:.0%} of the box in it",
}
_HOW_IT_LIES = {
    RelationKind.NEAR: "near it",
    RelationKind.ON: "under its foot point",
    RelationKind.CARRIED: "upon it",
    RelationKind.AT_TOP: "at its top",
    RelationKind.SAME_ZONE: "in the same zone",
}
_WHO_CONFIRMS = {
    ConfirmedBy.DISPATCHER: "a dispatcher looks at the picture before anything is dispatched",
    ConfirmedBy.PERMIT_REGISTER: "a dispatcher looks up whether it is permitted",
    ConfirmedBy.VISION_ENDPOINT: "a vision-language model is asked, where one is set up",
    ConfirmedBy.SECOND_MODEL: "a second model looks at the place again",
}


def rule_lines(rule: Rule) -> list[tuple[str, str]]:
    """What a rule says, each as its name and its words."""
    return [(name, text) for name, text in _lines(rule) if text]


def duration(seconds: float) -> str:
    """A length of time in its largest whole unit.

    Example:
        >>> duration(5400), duration(86400)
        ('90 min', '24 h')
    """
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


def schedule_words(schedule: Schedule) -> str:
    """When a schedule holds; "always" where nothing limits it."""
    parts = [
        ", ".join(map(str, schedule.hours)),
        ", ".join(schedule.days),
        ", ".join(f"every year {span}" for span in schedule.dates),
    ]
    if schedule.holidays is not Holidays.INCLUDED:
        only = schedule.holidays is Holidays.ONLY
        parts.append("on public holidays only" if only else "not on public holidays")
    return "; ".join(filter(None, parts)) or "always"


def _lines(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "watches for", _watched(rule)
    if rule.needs:
        yield "would need", f"{', '.join(map(_spaced, rule.needs))}: never watched by a camera"
        if not rule.classes:
            return
    yield "score", _score(rule) if rule.seen_classes else ""
    yield "size", _size(rule.size)
    if rule.crossing is None:
        yield "zones", ", ".join(map(_spaced, rule.zones)) or "whole picture"
    yield "in a zone means", _placement(rule.placement) if rule.zones else ""
    yield "silent in", "; ".join(map(_excluded, rule.excluded_zones))
    yield "when", schedule_words(rule.when)
    yield "counted", _counted(rule)
    yield "speed", _speed(rule)
    yield "crossing", "" if rule.crossing is None else _crossing(rule.crossing)
    for relation in rule.relations:
        yield "and", _relation(relation)
    yield "instead of", ", ".join(rule.instead_of)
    yield "only while", _either(rule.while_present, "or")
    yield "only what is new", _new(rule)
    if rule.crossing is None:
        yield "lasting", f"{duration(rule.dwell_seconds)} and {rule.minimum_looks} looks"
    yield "gone after", _gone(rule)
    yield "not again for", duration(rule.cool_down_seconds) if rule.cool_down_seconds else ""
    if rule.recurrence_seconds != DEFAULT_RECURRENCE_SECONDS:
        yield "there again", _again(rule)
    yield "confirmed by", _confirmation(rule.confirmation)


def _watched(rule: Rule) -> str:
    names = _either(rule.classes, "and" if rule.match is ClassMatch.ALL else "or")
    match rule.watch_for:
        case WatchFor.PRESENCE:
            return names or "nothing that a camera shows"
        case WatchFor.ABSENCE:
            return f"no {names} in a zone where there should be one"
        case WatchFor.DISAPPEARANCE:
            stood = duration(rule.established_seconds or 0)
            return f"{names} that stood for {stood} or longer and is gone"
        case WatchFor.CHANGE:
            share = f"{rule.minimum_change:.0%}" if rule.minimum_change else "a part"
            ignored = f", {names} left out" if names else ""
            return f"{share} of the zone no longer as in the reference picture{ignored}"
        case WatchFor.CAMERA_FAULT:
            return f"a camera that is {_either(rule.faults, 'or')}"


def _either(names: Iterable[str], word: str) -> str:
    spaced = [_spaced(name) for name in names]
    if len(spaced) < 2:
        return "".join(spaced)
    return f"{', '.join(spaced[:-1])} {word} {spaced[-1]}"


def _score(rule: Rule) -> str:
    usual = (
        f"from the model's own threshold, else {DEFAULT_MINIMUM_SCORE:g}"
        if rule.minimum_score is None
        else f"{rule.minimum_score:g} or more"
    )
    own = [f"{_spaced(name)} {score:g}" for name, score in rule.minimum_scores.items()]
    return "; ".join([usual, *own])


def _size(size: SizeLimits) -> str:
    parts = []
    for measure in MEASURES:
        what, _, unit = measure.rpartition("_")
        for end, word in (("minimum", "at least"), ("maximum", "at most")):
            limit = getattr(size, f"{end}_{measure}")
            if limit is not None:
                shown = f"{limit:.2%}" if unit == "share" else f"{limit:g}"
                named = "box" if unit == "share" else _spaced(what)
                parts.append(f"{named} {word} {shown} {_UNITS[unit]}")
    calibrated = " (calibrated cameras only)" if size.needs_calibration else ""
    return f"{', '.join(parts)}{calibrated}"


def _placement(placement: Placement) -> str:
    match placement.relation:
        case ZoneRelation.TOUCHING:
            return "with its box reaching into it"
        case ZoneRelation.CROSSING:
            return "with its box on both sides of the edge"
        case ZoneRelation.INSIDE:
            return _HOW_PLACED[placement.by].format(share=placement.minimum_share)


def _excluded(zone: ExcludedZone) -> str:
    return _spaced(zone.kind) + ("" if zone.when.always else f" ({schedule_words(zone.when)})")


def _counted(rule: Rule) -> str:
    if rule.watch_for not in {WatchFor.PRESENCE, WatchFor.DISAPPEARANCE}:
        return ""
    parts = ["each object alone" if rule.same_object else f"{rule.minimum_count} or more"]
    if rule.motion is not Motion.ANY:
        parts.append(_MOTION_WORDS[rule.motion])
    if rule.minimum_density is not None:
        parts.append(f"{rule.minimum_density:g} or more per 100 m² (calibrated cameras only)")
    if rule.minimum_zone_share is not None:
        parts.append(f"covering {rule.minimum_zone_share:.0%} of the zone or more")
    return ", ".join(parts)


def _speed(rule: Rule) -> str:
    limits = (("at least", rule.minimum_speed_kmh), ("at most", rule.maximum_speed_kmh))
    parts = [f"{word} {limit:g} km/h" for word, limit in limits if limit is not None]
    where = " (calibrated cameras that are looked at without pause)" if parts else ""
    return f"{', '.join(parts)}{where}"


def _crossing(crossing: Crossing) -> str:
    ways = {
        CrossingDirection.ANY: "",
        CrossingDirection.LEFT_TO_RIGHT: ", from left to right along it",
        CrossingDirection.RIGHT_TO_LEFT: ", from right to left along it",
    }
    return (
        f"the foot point passes over a {_either(crossing.lines, 'or')}{ways[crossing.direction]} "
        "(cameras that are looked at without pause)"
    )


def _relation(relation: Relation) -> str:
    names = _either(relation.classes, "or")
    if relation.at_most is None:
        count = "" if relation.at_least == 1 else f"{relation.at_least} "
        text = f"with {count}{names}"
    elif relation.at_most == 0:
        text = f"without {names}"
    else:
        text = f"with {relation.at_least} to {relation.at_most} {names}"
    reach = ""
    if relation.reach is not None:
        reach = f" (gap up to {relation.reach:g} times the larger box's height)"
    if relation.reach_m is not None:
        reach = f" (up to {relation.reach_m:g} m; calibrated cameras only)"
    return f"{text} {_HOW_IT_LIES[relation.kind]}{reach}"


def _new(rule: Rule) -> str:
    return "what the reference picture does not show" if rule.not_in_reference else ""


def _gone(rule: Rule) -> str:
    lasting = f", over {duration(rule.clear_after_seconds)}" if rule.clear_after_seconds else ""
    return f"{rule.clear_after_looks} looks in a row without it{lasting}"


def _again(rule: Rule) -> str:
    if not rule.recurrence_seconds:
        return "never a recurrence"
    return f"a recurrence within {duration(rule.recurrence_seconds)}"


def _confirmation(confirmation: Confirmation | None) -> str:
    if confirmation is None:
        return ""
    who = _WHO_CONFIRMS[confirmation.by]
    if confirmation.question is not None:
        return f"{who}: “{confirmation.question}”"
    if confirmation.model is None:
        return who
    least = confirmation.minimum_score
    score = "" if least is None else f" with score {least:g} or more"
    return f"{who}: {confirmation.model} must find {_either(confirmation.classes, 'or')}{score}"


def _spaced(name: str) -> str:
    return str(name).replace("_", " ")
