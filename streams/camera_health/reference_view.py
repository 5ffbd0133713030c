"""Reference views: how a camera's view looks, and how the present picture compares with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, Field

from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.light_look import LightLook, StoredLook
from streams.camera_health.picture_measures import Grey
from streams.camera_health.similarity import Similarity, find_similarity
from streams.camera_health.view_change import ViewChange, doubtful_cells, view_change

_CERTAIN = 0.5
"""Agreement of edges that small turns and changes of size no longer reach; pictures of one view
in the clips that were measured stay above 0.6, relit as at night above 0.5."""

_RELATED = 0.25
"""Agreement that pictures of different places do not reach: measured 0.13 at most."""

_SIMILAR_MEDIAN = 60.0
_SIMILAR_ENERGY = 0.5
_LIGHT_BANDS = (40, 90)
"""Median luminance that parts night, dusk and day: one look is learnt in each."""

_RELEARN_SHARE = 0.34
"""Only looks that are off by less than this share of what counts as moved are learnt from."""


class ViewVerdict(Enum):
    """What a comparison of views says."""

    SAME = auto()
    """The reference view is shown."""
    MOVED = auto()
    """The place of the reference is shown from another angle, measured."""
    ELSEWHERE = auto()
    """Something else is shown, in light in which the reference would be recognised."""
    CANNOT_TELL = auto()
    """Light, weather or an obstacle hide too much."""


@dataclass(frozen=True, slots=True)
class ViewMatch:
    """The present view against a reference.

    Attributes:
        verdict: What can be said.
        name: The reference's name; None when no view is recognised.
        right: Shift of the picture as a share of its width.
        down: Shift as a share of its height.
        rotation_degrees: Turn, clockwise on the screen.
        scale: Change of size.
        confidence: 0 to 1: share of what was compared that agrees.
    """

    verdict: ViewVerdict
    name: str | None
    right: float = 0.0
    down: float = 0.0
    rotation_degrees: float = 0.0
    scale: float = 1.0
    confidence: float = 0.0

    def within(self, settings: HealthSettings, share: float = 1.0) -> bool:
        """Whether the view is off by less than ``share`` of what counts as moved."""
        return (
            max(abs(self.right), abs(self.down)) < share * settings.view_shift
            and abs(self.rotation_degrees) < share * settings.view_rotation_degrees
            and abs(self.scale - 1) < share * settings.view_scale
        )

    def described(self, settings: HealthSettings) -> str:
        """The match in words with the thresholds, for the operator."""
        if self.verdict is ViewVerdict.ELSEWHERE:
            return "none of the camera's known views is recognised"
        return (
            f"view {self.name!r} shifted by {self.right:+z.1%} right and {self.down:+z.1%} down "
            f"(from {settings.view_shift:.1%}), turned by {self.rotation_degrees:+z.1f} degrees "
            f"(from {settings.view_rotation_degrees:g}), scaled by {self.scale:.2f} "
            f"(from {settings.view_scale:.0%} off 1)"
        )


class StoredView(BaseModel, frozen=True):
    """A reference view as it is kept over restarts; its first look is the one it is held to."""

    name: str = Field(min_length=1)
    looks: tuple[StoredLook, ...] = Field(min_length=1)
    origin: str = ""


@dataclass(frozen=True)
class ReferenceView:
    """A camera's view, in the lights in which it was seen.

    All looks lie in the frame of the first. Later ones are shifted into it before they are kept,
    and the first is never replaced: however often the view is learnt anew, a camera that creeps is
    measured against where it stood at first.

    Attributes:
        name: Of the preset.
        looks: Pictures in different light; never empty.
        origin: Hash of the picture that an operator gave for it; empty where it was learnt.
    """

    name: str
    looks: tuple[LightLook, ...]
    origin: str = ""

    def nearest_in_light(self, median: float) -> LightLook:
        """The look whose brightness is nearest to ``median``."""
        return min(self.looks, key=lambda look: abs(look.median - median))

    def match(self, now: LightLook, settings: HealthSettings) -> ViewMatch:
        """Compare the picture ``now`` with this view."""
        looks = sorted(self.looks, key=lambda look: abs(look.median - now.median))
        matches = []
        for look in looks:
            matches.append(self._match_look(look, now, settings))
            if matches[-1].verdict is ViewVerdict.SAME and matches[-1].confidence >= _CERTAIN:
                return matches[-1]
        order = (
            ViewVerdict.SAME,
            ViewVerdict.MOVED,
            ViewVerdict.ELSEWHERE,
            ViewVerdict.CANNOT_TELL,
        )
        return min(matches, key=lambda match: (order.index(match.verdict), -match.confidence))

    def learn(self, now: LightLook, match: ViewMatch, settings: HealthSettings) -> Self:
        """Return the view with ``now`` learnt, where that is safe and of use.

        It is safe where corners tell exactly how the picture lies, and that is as good as
        unmoved. It is of use where no look in such light is known, or the one known has aged.
        """
        certain = match.verdict is ViewVerdict.SAME and match.confidence >= _CERTAIN
        if not certain or not self._wants(now, settings):
            return self
        nearest = self.nearest_in_light(now.median)
        exact = find_similarity(nearest.corners, resized(now, nearest.grey).corners)
        if exact is None:
            return self
        measured = _of_similarity(self.name, exact, settings)
        if not measured.within(settings, _RELEARN_SHARE):
            return self
        size = (nearest.grey.shape[1], nearest.grey.shape[0])
        straight = cv2.warpAffine(
            resized(now, nearest.grey).grey,
            exact.matrix(size),
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        grey = np.asarray(straight, np.uint8)
        learnt = LightLook(grey, now.learnt_at, doubtful_cells(self.looks, grey))
        kept = [look for look in self.looks[1:] if light_band(look) != light_band(now)]
        return replace(self, looks=(self.looks[0], *kept, learnt))

    def change(self, grey: Grey) -> ViewChange:
        """Which parts of a picture of this view, ``PictureMeasures.grey``, have changed.

        What is new is not learnt with new looks: its parts are marked as doubtful in them, so
        that it stays new until the reference is replaced.
        """
        return view_change(self.looks, grey)

    def with_doubtful(self, doubtful: npt.NDArray[np.bool_]) -> Self:
        """The view whose first look does not count in some parts, ``DETAIL_CELLS`` of bool."""
        first, *others = self.looks
        return replace(self, looks=(replace(first, doubtful=doubtful), *others))

    def _wants(self, now: LightLook, settings: HealthSettings) -> bool:
        alike = [look.learnt_at for look in self.looks if light_band(look) == light_band(now)]
        if not alike:
            return True
        return (now.learnt_at - max(alike)).total_seconds() >= settings.view_relearn_seconds

    def _match_look(self, look: LightLook, now: LightLook, settings: HealthSettings) -> ViewMatch:
        agreement = look.field.agreement(now.field)
        quick = ViewMatch(
            ViewVerdict.SAME, self.name, agreement.right, agreement.down, 0.0, 1.0, agreement.value
        )
        if agreement.value >= _CERTAIN and quick.within(settings):
            return quick
        exact = find_similarity(look.corners, resized(now, look.grey).corners)
        if exact is not None:
            return _of_similarity(self.name, exact, settings)
        if agreement.value >= _RELATED:
            return quick if quick.within(settings) else replace(quick, verdict=ViewVerdict.MOVED)
        if _light_is_alike(look, now):
            return ViewMatch(ViewVerdict.ELSEWHERE, None)
        return ViewMatch(ViewVerdict.CANNOT_TELL, None)

    def stored(self) -> StoredView:
        """What is kept of it."""
        looks = tuple(look.stored() for look in self.looks)
        return StoredView(name=self.name, looks=looks, origin=self.origin)

    @classmethod
    def restored(cls, stored: StoredView) -> Self:
        """The view that was stored.

        Raises:
            BrokenReferenceError: One of its pictures cannot be decoded.
        """
        looks = tuple(LightLook.restored(look) for look in stored.looks)
        return cls(stored.name, looks, stored.origin)


def view_of(name: str, grey: Grey, at: datetime) -> ReferenceView:
    """A view known from one picture of luminance."""
    return ReferenceView(name, (LightLook(grey, at),))


def light_band(look: LightLook) -> int:
    """Which of night, dusk and day it is, as a number from 0."""
    return int(np.searchsorted(_LIGHT_BANDS, look.median))


def resized(now: LightLook, like: Grey) -> LightLook:
    """``now`` in the size of ``like``, for a camera whose stream was set to another size."""
    if now.grey.shape == like.shape:
        return now
    size = (like.shape[1], like.shape[0])
    grey = cv2.resize(now.grey, size, interpolation=cv2.INTER_AREA)
    return LightLook(np.asarray(grey, np.uint8), now.learnt_at)


def _of_similarity(name: str, exact: Similarity, settings: HealthSettings) -> ViewMatch:
    found = ViewMatch(
        ViewVerdict.SAME,
        name,
        exact.right,
        exact.down,
        exact.rotation_degrees,
        exact.scale,
        exact.confidence,
    )
    return found if found.within(settings) else replace(found, verdict=ViewVerdict.MOVED)


def _light_is_alike(look: LightLook, now: LightLook) -> bool:
    """Whether the present picture shows so much that the view would be recognised."""
    return (
        abs(look.median - now.median) < _SIMILAR_MEDIAN
        and light_band(look) == light_band(now)
        and now.field.energy >= _SIMILAR_ENERGY * look.field.energy
    )


@dataclass(frozen=True)
class ReferenceViews:
    """A camera's reference views, by name.

    Attributes:
        views: No two with the same name.

    Raises:
        ValueError: Two views share a name.
    """

    views: tuple[ReferenceView, ...] = ()

    def __post_init__(self) -> None:
        names = [view.name for view in self.views]
        if len(set(names)) < len(names):
            raise ValueError(f"reference views share a name: {sorted(names)}")

    def __len__(self) -> int:
        return len(self.views)

    def __iter__(self) -> Iterator[ReferenceView]:
        return iter(self.views)

    def named(self, name: str | None) -> ReferenceView | None:
        """The view of that name, if there is one; None for none, as while none is recognised."""
        return next((view for view in self.views if view.name == name), None)

    def with_view(self, view: ReferenceView) -> "ReferenceViews":
        """These views, with ``view`` added or in the place of the one of its name."""
        if self.named(view.name) is None:
            return ReferenceViews((*self.views, view))
        return ReferenceViews(tuple(view if old.name == view.name else old for old in self.views))

    def match(self, now: LightLook, expected: str | None, settings: HealthSettings) -> ViewMatch:
        """Say which view the picture ``now`` shows.

        Args:
            now: The present picture.
            expected: The view that was shown last; it is tried first.
            settings: From where on a view counts as moved.

        Returns:
            The match with the view shown; else how the nearest one has moved; else that it is
            none of them, which needs every one of them to be sure; else that it cannot be told.
        """
        matches = []
        for view in sorted(self.views, key=lambda view: view.name != expected):
            match = view.match(now, settings)
            if match.verdict is ViewVerdict.SAME:
                return match
            matches.append(match)
        moved = [match for match in matches if match.verdict is ViewVerdict.MOVED]
        if moved:
            return max(moved, key=lambda match: match.confidence)
        if matches and all(match.verdict is ViewVerdict.ELSEWHERE for match in matches):
            return matches[0]
        return ViewMatch(ViewVerdict.CANNOT_TELL, None)

    def learn(self, now: LightLook, match: ViewMatch, settings: HealthSettings) -> "ReferenceViews":
        """These views after learning from ``now``, if the view it matched wants to."""
        view = self.named(match.name)
        if view is None:
            return self
        learnt = view.learn(now, match, settings)
        return self if learnt is view else self.with_view(learnt)

    def stored(self) -> tuple[StoredView, ...]:
        """What is kept of them."""
        return tuple(view.stored() for view in self.views)

    @classmethod
    def restored(cls, stored: Iterable[StoredView]) -> "ReferenceViews":
        """The views that were stored.

        Raises:
            BrokenReferenceError: A picture cannot be decoded.
            ValueError: Two share a name.
        """
        return cls(tuple(ReferenceView.restored(view) for view in stored))
