"""Threads that read for the server: so many at work, so many calls that wait, each with a deadline.

What nobody waits for any more is ended: SQLite hears of it at once, wherever it is.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from starlette.exceptions import HTTPException

from kg.database import Deadline
from kg.web.connection import while_connected

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

Found = TypeVar("Found")
AGAIN: Final = {"retry-after": "5"}


class Threads:
    """`count` threads of one purpose; `waiting` more calls may wait for them, `seconds` is a call's time."""

    def __init__(self, purpose: str, count: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(count, f"kg-{purpose}")
        self._most = count + waiting
        self._seconds = seconds
        self._deadlines: set[Deadline] = set()

    async def run(self, request: Request, work: Callable[[Deadline], Found]) -> Found:
        """What the work finds. Raises HTTPException 503 when too many wait, EndedError after its time."""
        if len(self._deadlines) >= self._most:
            raise HTTPException(503, "too many requests are waiting: try again in a moment", AGAIN)
        deadline = Deadline(self._seconds)
        self._deadlines.add(deadline)
        call = self._pool.submit(work, deadline)
        call.add_done_callback(lambda _: self._deadlines.discard(deadline))
        timer = asyncio.get_running_loop().call_later(self._seconds, deadline.end)
        try:
            return await while_connected(request, asyncio.wrap_future(call), deadline.end)
        finally:
            timer.cancel()

    def end(self) -> None:
        """End all that is being read."""
        for deadline in list(self._deadlines):
            deadline.end()

    def stop(self) -> None:
        """End everything and let the threads go; no call may follow."""
        self.end()
        self._pool.shutdown(wait=False, cancel_futures=True)
