"""Whether one camera can be trusted now, and why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

import structlog
from pydantic import ValidationError

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.defocus import SAME_LIGHT, light_likeness
from streams.camera_health.fault_watch import FaultWatch, Patience
from streams.camera_health.finding import UNKNOWN, Finding, Verdict
from streams.camera_health.health_report import (
    ChangeKind,
    HealthChange,
    HealthReport,
    StandingFault,
)
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.health_state import HealthState, StoredFault
from streams.camera_health.hidden_cells import hidden_share
from streams.camera_health.light_look import BrokenReferenceError, LightLook
from streams.camera_health.look_faults import StillPicture, picture_findings, stream_findings
from streams.camera_health.picture_measures import PictureMeasures
from streams.camera_health.reference_view import ReferenceViews
from streams.camera_health.view_watch import ViewWatch
from streams.frame import Picture
from streams.look_moment import LookMoment, LookOrder
from streams.stream_facts import NO_FACTS, StreamFacts

log = structlog.get_logger(__name__)

_BLINDING = (CameraFault.DARK, CameraFault.OVEREXPOSED)
"""Nothing shows in such pictures that could change or be recognised."""


class CameraHealth:
    """Follows the health of one camera, look by look. One thread at a time may use it.

    Args:
        camera_id: Whose health it is, for the log.
        look_interval_seconds: Time that is meant to pass between two looks.
        settings: What counts as faulty, and for how long it must.
        views: Reference views: one for a fixed camera, one per preset for a PTZ camera. Without
            any, the first steady view is learnt.
        presets: Names of the views of a camera that turns. It learns none by itself, and is
            trusted only while it shows one of them.

    Example:
        >>> import numpy as np
        >>> from datetime import UTC
        >>> health = CameraHealth("north-gate", 30.0, HealthSettings())
        >>> black, noon = np.zeros((180, 320, 3), np.uint8), datetime(2026, 5, 1, 12, tzinfo=UTC)
        >>> report = health.judge(black, noon)
        >>> report.trusted, [str(suspicion.fault) for suspicion in report.suspected]
        (False, ['dark'])
        >>> report.suspected[0].measured
        'median brightness 0 of 255, below 20, and 0.0% brighter than 40, below 5.0%'
    """

    def __init__(
        self,
        camera_id: str,
        look_interval_seconds: float,
        settings: HealthSettings,
        views: ReferenceViews | None = None,
        presets: tuple[str, ...] = (),
    ) -> None:
        self._camera_id = camera_id
        self._settings = settings
        self._presets = presets
        self._order = LookOrder(camera_id, look_interval_seconds)
        self._quiet_since: datetime | None = None
        self._still = StillPicture(settings)
        self._view = ViewWatch(settings, views or ReferenceViews(), presets)
        self._watches = {
            fault: FaultWatch(self._patience(fault))
            for fault in CameraFault
            if fault not in settings.unwatched_faults
        }

    def judge(
        self, picture: Picture, captured_at: datetime, stream: StreamFacts = NO_FACTS
    ) -> HealthReport:
        """Judge a picture; one that is not later than those before changes nothing.

        Args:
            picture: (height, width, 3) of uint8, BGR.
            captured_at: When it arrived, by the worker's clock, with time zone.
            stream: What the stream says about itself.
        """
        moment = self._order.advance(captured_at)
        self._quiet_since = captured_at
        if moment is None:
            return self._report(captured_at, ())
        measures = PictureMeasures.of(picture)
        pixels = picture.shape[0] * picture.shape[1]
        findings = {
            **self._of_picture(measures, moment),
            **stream_findings(stream, pixels, captured_at, self._settings),
            CameraFault.STREAM_GONE: Finding(Verdict.SOUND),
        }
        return self._report(captured_at, self._note(findings, moment))

    def no_look(self, now: datetime) -> HealthReport:
        """Say that no picture has come up to ``now``; call it from time to time until one does."""
        since = self._quiet_since
        if since is None or now < since:
            since = self._quiet_since = now
        seconds = (now - since).total_seconds()
        limit = self._settings.seconds_to_begin(CameraFault.STREAM_GONE)
        if seconds < limit:
            return self._report(now, ())
        measured = f"no picture for {seconds:.0f} s, at least {limit:g} s"
        finding = Finding(Verdict.FAULTY, measured, since, seconds)
        return self._report(
            now, self._note({CameraFault.STREAM_GONE: finding}, LookMoment(now, 0.0))
        )

    @property
    def views(self) -> ReferenceViews:
        """The reference views, given or learnt so far."""
        return self._view.views

    @property
    def compared_look(self) -> LightLook | None:
        """The picture of the view that should show, as of the last comparison; None before it.

        In the light that is nearest to what it was compared with.
        """
        return self._view.compared_look

    def accept_views(self, views: ReferenceViews) -> None:
        """Replace the reference views, as after a camera was turned on purpose.

        Without any, the next steady view is learnt. A standing fault of the view is lifted by
        looks, as any other.
        """
        self._view = ViewWatch(self._settings, views, self._presets)

    def to_json(self) -> str:
        """What must survive a restart: declared faults and reference views."""
        return HealthState(
            standing=tuple(
                StoredFault(fault=fault.fault, since=fault.since, measured=fault.measured)
                for fault in self._standing()
            ),
            preset=self._view.preset,
            views=self._view.views.stored(),
        ).model_dump_json()

    @classmethod
    def from_json(
        cls,
        text: str,
        camera_id: str,
        look_interval_seconds: float,
        settings: HealthSettings,
        presets: tuple[str, ...] = (),
    ) -> Self:
        """The camera's health as ``to_json`` gave it.

        Raises:
            BrokenReferenceError: The text is no such state, or a picture in it is damaged.
        """
        try:
            state = HealthState.model_validate_json(text)
            views = ReferenceViews.restored(
                view for view in state.views if not presets or view.name in presets
            )
        except (ValidationError, ValueError) as error:
            lines = str(error).splitlines()
            raise BrokenReferenceError(
                f"stored health of camera {camera_id!r} cannot be read ({lines[0]}); delete it, "
                "and the camera learns its view again"
            ) from error
        health = cls(camera_id, look_interval_seconds, settings, views, presets)
        health._view.preset = state.preset
        for stored in state.standing:
            if stored.fault in health._watches:
                health._watches[stored.fault] = FaultWatch(
                    health._patience(stored.fault), stored.since, stored.measured
                )
        return health

    def _patience(self, fault: CameraFault) -> Patience:
        settings = self._settings
        if fault is CameraFault.STREAM_GONE:
            # no_look counts the time itself; nothing looks while there is no stream.
            return Patience(0.0, 1, settings.end_seconds, settings.end_looks)
        return Patience(
            settings.seconds_to_begin(fault),
            settings.begin_looks,
            settings.end_seconds,
            settings.end_looks,
        )

    def _of_picture(
        self, measures: PictureMeasures, moment: LookMoment
    ) -> Mapping[CameraFault, Finding]:
        findings = dict(picture_findings(measures, self._settings))
        blind = any(findings[fault].verdict is Verdict.FAULTY for fault in _BLINDING)
        sound = all(finding.verdict is not Verdict.FAULTY for finding in findings.values())
        still = self._still.compare(measures.grey, moment)
        view = UNKNOWN if blind else self._view.compare(measures, moment.captured_at, sound=sound)
        findings[CameraFault.FROZEN] = UNKNOWN if blind else still
        findings[CameraFault.VIEW_MOVED] = view
        if findings[CameraFault.COVERED].verdict is Verdict.SOUND:
            findings[CameraFault.COVERED] = self._hidden(measures, findings[CameraFault.COVERED])
        if findings[CameraFault.COVERED].verdict is Verdict.FAULTY:
            findings |= self._out_of_focus(measures)
        return findings

    def _out_of_focus(self, measures: PictureMeasures) -> Mapping[CameraFault, Finding]:
        """What is left without detail but with all its light in place is blurred, not covered."""
        known = self._view.views
        shown = known.named(self._view.preset)
        for view in known if shown is None else (shown,):
            likeness = light_likeness(measures, view.nearest_in_light(measures.median))
            if likeness is not None and likeness >= SAME_LIGHT:
                measured = (
                    f"no detail, but light and dark where view {view.name!r} has them: likeness "
                    f"{likeness:.2f}, at least {SAME_LIGHT}"
                )
                return {
                    CameraFault.BLURRED: Finding(Verdict.FAULTY, measured),
                    CameraFault.COVERED: Finding(Verdict.SOUND),
                }
        return {}

    def _hidden(self, measures: PictureMeasures, alone: Finding) -> Finding:
        """Judge cover by the reference, where the view that should show is known."""
        view = self._view.views.named(self._view.preset)
        if view is None:
            return alone
        hidden = hidden_share(measures, view.nearest_in_light(measures.median))
        if hidden is None:
            return alone
        limit = self._settings.covered_lost_share
        return Finding.of(
            f"{hidden.share:.0%} of what view {view.name!r} shows is hidden, at least {limit:.0%}",
            faulty=hidden.share >= limit,
        )

    def _note(
        self, findings: Mapping[CameraFault, Finding], moment: LookMoment
    ) -> tuple[HealthChange, ...]:
        changes = []
        for fault, watch in self._watches.items():
            before = watch.standing_since
            if fault not in findings or not watch.note(findings[fault], moment):
                continue
            since = watch.standing_since or before or moment.captured_at
            kind = ChangeKind.ENDED if watch.standing_since is None else ChangeKind.BEGAN
            changes.append(
                HealthChange(kind, StandingFault(fault, since, watch.measured), moment.captured_at)
            )
            log.info(
                "camera_health_changed",
                camera_id=self._camera_id,
                change=str(kind),
                fault=str(fault),
                since=str(since),
                measured=watch.measured,
            )
        return tuple(changes)

    def _standing(self) -> tuple[StandingFault, ...]:
        return tuple(
            StandingFault(fault, watch.standing_since, watch.measured)
            for fault, watch in self._watches.items()
            if watch.standing_since is not None
        )

    def _report(self, at: datetime, changes: tuple[HealthChange, ...]) -> HealthReport:
        standing = self._standing()
        suspected = tuple(
            StandingFault(fault, watch.suspected_since, watch.measured)
            for fault, watch in self._watches.items()
            if watch.suspected_since is not None
        )
        harmless = self._settings.harmless_faults
        shows = any(fault.fault not in harmless for fault in (*standing, *suspected))
        preset = self._view.preset
        several = len(self._view.views) > 1
        lost = preset not in self._presets if self._presets else several and preset is None
        return HealthReport(at, standing, suspected, changes, not (shows or lost), preset)
