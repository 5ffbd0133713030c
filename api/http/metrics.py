"""What an API node counts about itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.contract.events import EventFeature, EventProperties, EventReceipt, ReceiptStatus

INGEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Metrics:
    """The counters of one API; each app has its own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "citypatrol_http_requests",
            "Answered requests.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.limited = Counter(
            "citypatrol_http_requests_limited",
            "Requests refused because their sender had sent too many, by what it is known by.",
            ("caller",),
            registry=self.registry,
        )
        self.events = Counter(
            "citypatrol_events_received",
            "Posted events by what became of them.",
            ("status",),
            registry=self.registry,
        )
        self.rejections = Counter(
            "citypatrol_events_rejected",
            "Reasons for which posted events were rejected.",
            ("field",),
            registry=self.registry,
        )
        self.ingest_seconds = Histogram(
            "citypatrol_ingest_seconds",
            "From a batch read to its commit.",
            buckets=INGEST_BUCKETS,
            registry=self.registry,
        )
        self.worker_clock_ahead = Gauge(
            "citypatrol_worker_clock_ahead_seconds",
            "How far the clock of a worker runs before this node's, by the key it writes with.",
            ("key",),
            registry=self.registry,
        )
        self.subscribers = Gauge(
            "citypatrol_stream_subscribers",
            "Readers of the event stream.",
            registry=self.registry,
        )
        self.overflows = Counter(
            "citypatrol_stream_overflows",
            "Readers cut off because they did not keep up.",
            registry=self.registry,
        )
        self.deleted_pictures = Counter(
            "citypatrol_retention_deleted_pictures",
            "Pictures deleted because their period was over.",
            ("retention_class",),
            registry=self.registry,
        )
        self.overdue_pictures = Gauge(
            "citypatrol_retention_overdue_pictures",
            "Pictures that are later than they may be, after the latest pass.",
            registry=self.registry,
        )

    def count(self, receipt: EventReceipt) -> None:
        """Count one posted event."""
        self.events.labels(receipt.status.value).inc()
        if receipt.status is ReceiptStatus.REJECTED:
            for error in receipt.errors[:1]:
                self.rejections.labels(_field_label(error.field)).inc()


class CountedRequests:
    """ASGI middleware that counts answers by route and status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The pattern, not the path: a label per camera would never end.
                route = getattr(scope.get("route"), "path", "other")
                method = scope["method"] if scope["method"] in METHODS else "other"
                self._metrics.requests.labels(method, route, str(message["status"])).inc()
            await send(message)

        await self._app(scope, receive, send_counted)


def _field_label(field: str) -> str:
    """Return the contract's field an error is about, never a name that a client made up."""
    parts = field.split(".")
    if parts[0] == "properties" and len(parts) > 1 and parts[1] in EventProperties.model_fields:
        return f"properties.{parts[1]}"
    return parts[0] if parts[0] in EventFeature.model_fields else "other"
