"""Reads one camera for as long as it is wanted, whatever the camera does."""

import threading
import time
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from streams.camera import Camera
from streams.frame import Frame, Picture
from streams.kit.allowed_networks import AllowedNetworks
from streams.kit.backoff import Backoff
from streams.kit.stage_costs import Stage, StageCosts
from streams.reading.bitrate_window import BitrateWindow
from streams.reading.camera_clock import camera_clock
from streams.reading.due_pictures import DuePictures
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderState, ReaderStatus
from streams.reading.rtsp_stream import RtspStream
from streams.reading.settings import StreamSettings
from streams.reading.stream_fault import StreamError, StreamFault, describe
from streams.stream_facts import StreamFacts

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Progress:
    """What the thread changes and ``status`` reads, under the reader's lock."""

    state: ReaderState = ReaderState.CONNECTING
    fault: StreamFault | None = None
    last_error: str | None = None
    last_frame_at: datetime | None = None
    frames: int = 0
    reconnects: int = 0


class StreamReader:
    """One thread that keeps one camera open and leaves its due pictures in ``frames``.

    Whatever goes wrong with the camera ends in a status and in another attempt after a growing,
    jittered wait, never in the end of the thread. All methods may be called from any thread.

    ``stop`` returns at once and no frame comes after it. The thread itself ends with the next
    packet or, if the camera is silent, with the time-out it is in, since FFmpeg cannot be
    interrupted; it is a daemon and keeps nobody waiting.

    Args:
        camera: The camera to read.
        settings: How to read it.
        frames: Where its frames go, and where dropped ones are counted.
        costs: Where CPU time of reading and decoding is added.
        networks: Where the camera may be; None is anywhere.
    """

    def __init__(
        self,
        camera: Camera,
        settings: StreamSettings,
        frames: LatestFrames,
        costs: StageCosts,
        networks: AllowedNetworks | None = None,
    ) -> None:
        self.camera = camera
        self._settings = settings
        self._frames = frames
        self._costs = costs
        self._networks = networks
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._progress = _Progress()
        self._thread = threading.Thread(
            target=self._run, name=f"camera {camera.camera_id}", daemon=True
        )

    def start(self) -> None:
        """Begin reading; once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end. Returns at once; no frame is put after this."""
        with self._lock:
            self._stopping.set()
            self._progress.state = ReaderState.STOPPED

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the thread to end; whether it did."""
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def status(self) -> ReaderStatus:
        """How the camera is doing now."""
        drops = self._frames.drop_counts.of(self.camera.camera_id)
        with self._lock:
            now = self._progress
            return ReaderStatus(
                camera_id=self.camera.camera_id,
                state=now.state,
                fault=now.fault,
                last_error=now.last_error,
                last_frame_at=now.last_frame_at,
                frames=now.frames,
                drops=drops,
                reconnects=now.reconnects,
            )

    def _run(self) -> None:
        backoff = Backoff(
            self._settings.backoff_initial_seconds, self._settings.backoff_maximum_seconds
        )
        while not self._stopping.is_set():
            connected_at = time.monotonic()
            try:
                self._read_until_stopped()
            except StreamError as error:
                self._note_fault(error.fault, str(error))
            except Exception as error:  # noqa: BLE001 - a bug here must not silence the camera
                # Its text may hold the stream's address: only its kind and place are shown.
                place = traceback.extract_tb(error.__traceback__)[-1]
                detail = f"{type(error).__name__} in {place.name}, line {place.lineno}"
                fault = StreamFault.UNKNOWN
                self._note_fault(fault, describe(fault, self.camera, detail))
            if time.monotonic() - connected_at > backoff.longest_delay():
                backoff.reset()
            if self._stopping.wait(backoff.next_delay()):
                return
            self._note_attempt()

    def _read_until_stopped(self) -> None:
        drops = self._frames.drop_counts
        with ExitStack() as connection:
            with self._costs.measure(Stage.READ):
                stream = connection.enter_context(
                    RtspStream(self.camera, self._settings, self._networks)
                )
            pictures = DuePictures(self.camera, stream.video, self._settings, drops, self._costs)
            bitrate = BitrateWindow()
            for packet in stream.packets():
                captured_at = datetime.now(UTC)
                if self._stopping.is_set():
                    return
                if packet.is_keyframe:
                    bitrate.begin_group(time.monotonic())
                bitrate.add(packet.size)
                picture = pictures.offer(packet)
                if picture is not None:
                    keyframe_bytes = packet.size if packet.is_keyframe else None
                    facts = StreamFacts(
                        bitrate.bits_per_second, keyframe_bytes, camera_clock(packet)
                    )
                    self._deliver(picture, captured_at, facts)

    def _deliver(self, picture: Picture, captured_at: datetime, facts: StreamFacts) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            now = self._progress
            began = now.state is not ReaderState.STREAMING
            reconnected = began and now.frames > 0
            now.reconnects += reconnected
            frame = Frame(self.camera.camera_id, picture, captured_at, now.frames, facts)
            now.state, now.fault, now.last_error = ReaderState.STREAMING, None, None
            now.frames += 1
            now.last_frame_at = captured_at
            self._frames.put(frame)
        if began:
            log.info(
                "stream_recovered" if reconnected else "stream_began",
                camera_id=self.camera.camera_id,
                width=frame.width,
                height=frame.height,
            )

    def _note_fault(self, fault: StreamFault, line: str) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            now = self._progress
            changed = now.fault is not fault
            now.state, now.fault, now.last_error = ReaderState.WAITING, fault, line
        if changed:
            log.warning(
                "stream_failed", camera_id=self.camera.camera_id, fault=str(fault), reason=line
            )

    def _note_attempt(self) -> None:
        with self._lock:
            if not self._stopping.is_set():
                self._progress.state = ReaderState.CONNECTING
