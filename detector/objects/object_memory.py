"""Object memory: recognises things that stand, from look to look, by their place and their looks.

Nothing is followed that moves: an object is the same as long as boxes of its class group keep
appearing where it stood, and do not surely look like another. One that left its place is a new
object wherever it stops, and its time starts anew.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from detector.geometry.boxes import overlaps
from detector.objects.appearance import Appearance, Likeness
from detector.objects.class_groups import FoundObjects, GroupNumbers, group_of
from detector.objects.object_visibility import NOTHING_VISIBLE, ObjectVisibility
from detector.objects.presence import Presence
from streams.look_moment import LookMoment

# An object's place is the mean of its first boxes, so that one shaky box does not decide it;
# afterwards it is fixed, so that what creeps away is noticed.
PLACE_SETTLES_AFTER_LOOKS = 10

# What is seen in one place at least this long, in two looks, stands: a slow car has moved on.
STANDS_AFTER_SECONDS = 5.0
STANDS_AFTER_LOOKS = 2

# Where two remembered objects claim one box, the one seen more often gets it, unless the other
# fits better by more than this much IoU.
SENIORITY_BONUS = 0.3

# One that looks the same gets the box before any of which that cannot be told.
SAME_LOOKS_BONUS = 1.0

# Within so short a time nothing takes another's place unseen: to leave and to come takes longer.
# Looks are not compared, so that what grows before our eyes and is missed once stays the same.
UNSEEN_AFTER_SECONDS = 4.0

# What a thing looks like is learnt anew this often, so that slow changes of light do not add up.
APPEARANCE_AGE_SECONDS = 60.0

# A missed look does not count while others stand in front, but not for ever: after so many times
# the looks in which it would be forgotten, nobody vouches for it any more.
MOST_PATIENCE_BEHIND_OTHERS = 3

# What turns into something else before our eyes (a bin that overflows) looks different from then
# on: soon enough after that it is learnt anew, and not at every look where the class flickers.
TURNED_AGE_SECONDS = 2.0

# A look in worse light tells less: one with less than this of the contrast is not learnt.
LEAST_CONTRAST = 0.5


@dataclass(slots=True, eq=False)
class RememberedObject:
    """Something that was seen standing in one place.

    Attributes:
        group: Its class group.
        place: float32 array of shape (4,): where it stands, picture fractions.
        presence: The looks at it since it came to this place.
        boxes_averaged: How many boxes its place is the mean of.
        appearance: What it looks like; None while that is not known.
        appearance_at: When that was learnt.
        learnt_as: What class it was taken for then.
        looks_behind: Looks in a row, up to now, in which it was not found behind others.
        is_behind_others: Whether the latest look may not have shown it for that, and so tells
            nothing of it.
        seen_gone: Whether the latest look that could tell showed something else in its place.
    """

    group: str
    place: npt.NDArray[np.float32]
    presence: Presence
    boxes_averaged: int = 1
    appearance: Appearance | None = None
    appearance_at: datetime | None = None
    learnt_as: str = ""
    looks_behind: int = 0
    is_behind_others: bool = False
    seen_gone: bool = False

    @property
    def seen_now(self) -> bool:
        """Whether the latest look showed it."""
        return self.presence.missed == 0

    @property
    def stands(self) -> bool:
        """Whether it is there now and has been standing."""
        return self.presence.has_lasted(STANDS_AFTER_SECONDS, STANDS_AFTER_LOOKS)

    def likeness(self, view: ObjectVisibility, moment: LookMoment) -> Likeness | None:
        """Whether what a look shows at its place looks like it; None where nobody need ask."""
        away = (moment.captured_at - self.presence.last_seen).total_seconds()
        if self.appearance is None or 0 <= away <= UNSEEN_AFTER_SECONDS:
            return None
        now = view.appearance(self.appearance.place, self.group)
        return Likeness.CANNOT_TELL if now is None else self.appearance.likeness(now)

    def learn(self, view: ObjectVisibility, moment: LookMoment, class_name: str) -> None:
        """Learn what it looks like from a look that shows it, where that is time."""
        at = self.appearance_at
        longest = _age(self) if class_name == self.learnt_as else TURNED_AGE_SECONDS
        if at is not None and 0 <= (moment.captured_at - at).total_seconds() < longest:
            return
        now = view.appearance(self.place, self.group)
        if now is None:
            return
        known = self.appearance
        if known is None or now.contrast >= LEAST_CONTRAST * known.contrast:
            self.appearance, self.appearance_at = now, moment.captured_at
            self.learnt_as = class_name

    def see(self, box: npt.NDArray[np.float32], moment: LookMoment) -> None:
        """Count a look that showed it in ``box``."""
        self.presence.see(moment)
        self.looks_behind, self.is_behind_others = 0, False
        if self.boxes_averaged < PLACE_SETTLES_AFTER_LOOKS:
            self.boxes_averaged += 1
            self.place = self.place + (box - self.place) / np.float32(self.boxes_averaged)


class ObjectMemory:
    """The standing things before one camera. Belongs to one thread.

    Args:
        forget_after_looks: Looks in a row without it after which an object is forgotten; one
            seen less often than that is forgotten sooner.
    """

    def __init__(self, forget_after_looks: int) -> None:
        self._forget_after_looks = forget_after_looks
        self._numbers = GroupNumbers()
        self._objects: list[RememberedObject] = []

    def __len__(self) -> int:
        return len(self._objects)

    @property
    def objects(self) -> Sequence[RememberedObject]:
        """What is remembered, the oldest first."""
        return tuple(self._objects)

    def restore(self, remembered: RememberedObject) -> None:
        """Add an object known from before a restart."""
        self._objects.append(remembered)

    def recall(
        self,
        found: FoundObjects,
        moment: LookMoment,
        kept: Callable[[], Collection[RememberedObject]],
        view: ObjectVisibility = NOTHING_VISIBLE,
    ) -> list[RememberedObject]:
        """Match what a look found with what is remembered.

        Args:
            found: Boxes of the look.
            moment: Time of the look.
            kept: Says which objects must not be forgotten yet; asked when any would be.
            view: What the look shows at their places.

        Returns:
            The object of each box of ``found``, in its order; new ones where none matched.
        """
        likenesses = self._likenesses(view, moment)
        matches = self._matches(found, likenesses)
        seen = set(matches.values())
        for index, remembered in enumerate(self._objects):
            if index not in seen:
                self._miss(remembered, view, moment)
        of_boxes = []
        for box_index, box in enumerate(found.boxes):
            class_name = found.class_names[found.class_ids[box_index]]
            if box_index in matches:
                remembered = self._objects[matches[box_index]]
                remembered.see(box, moment)
                # What may be another thing is not learnt, or one would turn into the other.
                if likenesses.get(matches[box_index]) is not Likeness.CANNOT_TELL:
                    remembered.learn(view, moment, class_name)
            else:
                group = group_of(class_name)
                remembered = RememberedObject(group, box.copy(), Presence.begun(moment))
                remembered.learn(view, moment, class_name)
            of_boxes.append(remembered)
        self._forget(kept)
        self._objects += [one for index, one in enumerate(of_boxes) if index not in matches]
        return of_boxes

    def _forget(self, kept: Callable[[], Collection[RememberedObject]]) -> None:
        """Forget what has been away for too long."""
        patience = self._forget_after_looks
        if any(one.presence.is_broken(patience) for one in self._objects):
            held = kept()
            self._objects = [
                one for one in self._objects if one in held or not one.presence.is_broken(patience)
            ]

    def _miss(
        self, remembered: RememberedObject, view: ObjectVisibility, moment: LookMoment
    ) -> None:
        """Count a look without it, unless it may be behind what stands there."""
        most = MOST_PATIENCE_BEHIND_OTHERS * self._forget_after_looks
        behind = view.is_behind_others(remembered.place, remembered.group)
        remembered.looks_behind = remembered.looks_behind + 1 if behind else 0
        remembered.is_behind_others = 0 < remembered.looks_behind <= most
        if not remembered.is_behind_others:
            remembered.presence.miss(moment)

    def _likenesses(self, view: ObjectVisibility, moment: LookMoment) -> dict[int, Likeness]:
        """How what is seen at each object's place compares with it, where that was asked."""
        if view.pixels is None:
            return {}
        likenesses = {}
        for index, remembered in enumerate(self._objects):
            likeness = remembered.likeness(view, moment)
            if likeness is not None:
                likenesses[index] = likeness
            if likeness in {Likeness.SAME, Likeness.DIFFERENT}:
                remembered.seen_gone = likeness is Likeness.DIFFERENT
        return likenesses

    def _matches(self, found: FoundObjects, likenesses: Mapping[int, Likeness]) -> dict[int, int]:
        """Index of the remembered object by index of the box, where one matches.

        What surely looks like another thing is another one: the one that stood there is missed
        from this look on, and clears if it does not come back. Whose place was seen without it
        must look the same to be it.
        """
        if not self._objects or not len(found):
            return {}
        shared = overlaps(boxes_of(self._objects), found.boxes)
        box_groups = self._numbers.of_classes(found.class_names)[found.class_ids]
        groups = np.array([self._numbers.of_group(one.group) for one in self._objects])
        possible = shared.same_place & (groups[:, None] == box_groups)
        for index, likeness in likenesses.items():
            differs = likeness is Likeness.DIFFERENT or self._objects[index].seen_gone
            if differs and likeness is not Likeness.SAME:
                possible[index] = False
        rows, columns = possible.nonzero()
        pairs = dict(zip(columns.tolist(), rows.tolist(), strict=True))
        if len(pairs) == len(rows) == len(set(pairs.values())):
            # Nobody claims what another one claims, as nearly always.
            return pairs
        worth = np.where(possible, shared.iou + self._bonus(likenesses)[:, None], 0.0)
        rows, columns = linear_sum_assignment(worth, maximize=True)
        real = possible[rows, columns]
        return dict(zip(columns[real].tolist(), rows[real].tolist(), strict=True))

    def _bonus(self, likenesses: Mapping[int, Likeness]) -> npt.NDArray[np.float64]:
        """What each object has ahead of others that claim the same box: shape (objects,)."""
        seen = [min(one.presence.looks_seen, PLACE_SETTLES_AFTER_LOOKS) for one in self._objects]
        bonus = SENIORITY_BONUS * np.array(seen) / PLACE_SETTLES_AFTER_LOOKS
        for index, likeness in likenesses.items():
            if likeness is Likeness.SAME:
                bonus[index] += SAME_LOOKS_BONUS
        return bonus


def _age(remembered: RememberedObject) -> float:
    """How old its appearance may grow before it is learnt anew, seconds.

    While its place still settles, what was learnt may show a shaken box.
    """
    settled = remembered.boxes_averaged >= PLACE_SETTLES_AFTER_LOOKS
    return APPEARANCE_AGE_SECONDS if settled else APPEARANCE_AGE_SECONDS / PLACE_SETTLES_AFTER_LOOKS


def boxes_of(objects: Collection[RememberedObject]) -> npt.NDArray[np.float32]:
    """Where objects stand: shape (n, 4), picture fractions."""
    if not objects:
        return np.zeros((0, 4), np.float32)
    return np.concatenate([remembered.place for remembered in objects]).reshape(-1, 4)
