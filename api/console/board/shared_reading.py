"""A reading that many pages want and one of them makes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SharedReading(Generic[Value]):
    """Reads again when the last reading is too old, and gives all who ask the same value.

    Args:
        read: Makes a reading.
        seconds: How long it is good for.
    """

    def __init__(self, read: Callable[[], Awaitable[Value]], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._read_at = -seconds
        self._value: Value | None = None

    async def get(self) -> Value:
        """Return the value; the very same object as long as it is equal."""
        async with self._turn:
            if self._value is None or time.monotonic() - self._read_at >= self._seconds:
                found = await self._read()
                self._read_at = time.monotonic()
                if found != self._value:
                    self._value = found
            assert self._value is not None  # noqa: S101 - just read
            return self._value
