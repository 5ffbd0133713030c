"""Waiting for something to become true, without guessing how long it takes."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def wait_until(probe: Callable[[], Value], timeout: float = 20.0, what: str = "") -> Value:
    """Poll ``probe`` until it returns something true and return that.

    Raises:
        TimeoutError: Nothing true came within ``timeout`` seconds.
    """
    pause = threading.Event()
    deadline = time.monotonic() + timeout
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what or probe} did not become true within {timeout} s")
        pause.wait(0.02)
