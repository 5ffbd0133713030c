"""The views that a camera is known to show: one, or one per preset."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.light_look import LightLook
from streams.camera_health.reference_view import ReferenceView, StoredView
from streams.camera_health.view_match import ViewMatch, ViewVerdict


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
