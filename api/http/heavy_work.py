"""Long lists, worked through beside the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Some tens of milliseconds of work: requests with long lists take turns after each part, and what
# the interpreter cannot interrupt, such as writing JSON, stays short.
ITEMS_PER_PART = 200


class HeavyWork:
    """One thread for what would hold up the event loop; use it in ``with``.

    One only: more would not work faster, for they share the interpreter, and would leave less
    of it to the event loop.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="heavy-work")

    def __enter__(self) -> Self:
        """Go on with a thread that will be ended."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the thread when it is done with its part."""
        self._executor.shutdown(cancel_futures=True)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do one short piece of work in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def in_parts(
        self, items: Sequence[Item], work: Callable[[Sequence[Item]], Sequence[Result]]
    ) -> list[Result]:
        """Work through a list part by part; gives the results in its order."""
        results: list[Result] = []
        for start in range(0, len(items), ITEMS_PER_PART):
            part = items[start : start + ITEMS_PER_PART]
            results += await self.run(lambda part=part: work(part))  # type: ignore[misc]
        return results
