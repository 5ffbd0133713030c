"""Keeps a camera's reference views, and compares pictures with them when it is time to."""

from collections.abc import Collection
from datetime import datetime

import numpy as np

from streams.camera_health.detail_field import DETAIL_CELLS
from streams.camera_health.finding import UNKNOWN, Finding, Verdict
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.light_look import LightLook
from streams.camera_health.picture_measures import Floats, PictureMeasures, cell_means
from streams.camera_health.reference_view import ReferenceViews, ViewMatch, ViewVerdict, view_of
from streams.camera_health.view_change import CellVerdict
from streams.ground_view import FIRST_VIEW

_DOUBTFUL_CHECK_SECONDS = 1.0
_JUMP_LEVELS = 15.0
_JUMP_SHARE = 0.3
"""A picture of which this share changes its brightness at once shows something else: a PTZ camera
went to another preset, and waiting for the next check would mix up their zones."""


class ViewWatch:
    """Says which reference view is shown. One thread at a time.

    A camera without a reference learns the first view that stays the same for as long, and in as
    many looks, as it takes to declare a fault.

    Args:
        settings: When views are compared, and from where on one counts as moved.
        views: The views known at first.
        presets: Of a camera that turns, the names of the views it has; it learns none by itself,
            and is compared at every look.
    """

    def __init__(
        self, settings: HealthSettings, views: ReferenceViews, presets: Collection[str] = ()
    ) -> None:
        self._settings = settings
        self._turns = bool(presets)
        self._candidate: ReferenceViews = ReferenceViews()
        self._confirmed = 0
        # Parts in which somebody passed while the first view was learnt.
        self._passing = np.zeros(DETAIL_CELLS, np.bool_)
        self._checked_at: datetime | None = None
        self._brightness: Floats | None = None
        self.views = views
        self.preset: str | None = None
        self.compared_look: LightLook | None = None
        self.finding = UNKNOWN

    def compare(self, measures: PictureMeasures, at: datetime, *, sound: bool) -> Finding:
        """Judge a picture.

        Args:
            measures: The picture's.
            at: Its time.
            sound: Whether the picture shows no fault of its own. Only sound pictures are learnt
                from; others may still be recognised.
        """
        if not self._is_due(measures, at):
            return self.finding
        self._checked_at = at
        now = LightLook(measures.grey, at)
        if len(self.views):
            self._compare(now, sound=sound)
        elif sound and not self._turns:
            self._learn_first(now)
        return self.finding

    def _is_due(self, measures: PictureMeasures, at: datetime) -> bool:
        brightness = cell_means(measures.grey.astype(np.float32))
        before, self._brightness = self._brightness, brightness
        if self._checked_at is None or before is None or self._turns:
            return True
        well = self.finding.verdict is Verdict.SOUND
        pause = self._settings.view_check_seconds if well else _DOUBTFUL_CHECK_SECONDS
        jumped = float((np.abs(brightness - before) > _JUMP_LEVELS).mean()) > _JUMP_SHARE
        seconds = (at - self._checked_at).total_seconds()
        # A clock that was set back must not stop the comparisons.
        return jumped or seconds >= pause or seconds < 0

    def _compare(self, now: LightLook, *, sound: bool) -> None:
        match = self.views.match(now, self.preset, self._settings)
        self._note_compared(match, now)
        self.finding = self._judged(match)
        if match.verdict is ViewVerdict.SAME:
            self.preset = match.name
            if sound:
                self.views = self.views.learn(now, match, self._settings)
        elif match.verdict is not ViewVerdict.CANNOT_TELL or len(self.views) > 1 or self._turns:
            # A fixed camera in bad light most likely shows what it always does.
            self.preset = None

    def _note_compared(self, match: ViewMatch, now: LightLook) -> None:
        """Keep what an operator would lay beside the picture: the view that should show."""
        view = self.views.named(match.name) or self.views.named(self.preset)
        if view is None and self.compared_look is None:
            view = next(iter(self.views))
        if view is not None:
            self.compared_look = view.nearest_in_light(now.median)

    def _judged(self, match: ViewMatch) -> Finding:
        if match.verdict is ViewVerdict.CANNOT_TELL:
            return UNKNOWN
        return Finding.of(
            match.described(self._settings), faulty=match.verdict is not ViewVerdict.SAME
        )

    def _learn_first(self, now: LightLook) -> None:
        settings = self._settings
        match = self._candidate.match(now, None, settings)
        if match.verdict is not ViewVerdict.SAME:
            self._candidate = ReferenceViews((view_of(FIRST_VIEW, now.grey, now.learnt_at),))
            self._confirmed = 1
            self._passing = np.zeros(DETAIL_CELLS, np.bool_)
            return
        self._confirmed += 1
        (view,) = self._candidate
        self._passing |= view.change(now.grey).cells == CellVerdict.CHANGED
        lasted = (now.learnt_at - view.looks[0].learnt_at).total_seconds()
        if self._confirmed >= settings.begin_looks and lasted >= settings.begin_seconds:
            self.views = ReferenceViews((view.with_doubtful(self._passing),))
            self.preset = FIRST_VIEW
            self._candidate = ReferenceViews()
            self.finding = self._judged(match)
