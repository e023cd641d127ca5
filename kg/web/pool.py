"""Processes that answer queries, so that a slow one never holds up a fast one.

There are `workers` of them. A query that takes longer than `patience` counts as slow: its process goes on at
a lower priority and another takes its place, up to `spare` more. When all those are at slow queries too, the
slowest is ended for the sake of one that waits. Everything here but `Worker` runs in the event loop's thread.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kg.errors import QueryError
from kg.rdf.client import Worker
from kg.rdf.content import facts
from kg.rdf.dataset import state
from kg.rdf.problems import StoppedError
from kg.web.outgoing import Parcel

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kg.rdf.answer import Request
    from kg.rdf.content import Facts
    from kg.web.outgoing import Outgoing
    from kg.web.settings import Settings

Found = TypeVar("Found")
log = logging.getLogger(__name__)
_LOOK: Final = 2.0  # seconds between looks at whether the exports have changed
_NICE: Final = 10  # the priority of slow queries
_GOING: Final = "the server is going: ask again when it is back"


class BusyError(QueryError):
    """The query was ended, or not begun, because others wait."""


class Pool:
    """The worker processes of one server; `start` it, `ask` it, `stop` it."""

    def __init__(self, settings: Settings, outgoing: Outgoing) -> None:
        self._settings = settings
        self._outgoing = outgoing
        self._all: set[Worker] = set()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, float] = {}  # since when
        self._slow: set[Worker] = set()
        self._ended: set[Worker] = set()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._most = settings.workers + settings.spare
        self._threads = ThreadPoolExecutor(self._most + 2, "kg-query")
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._seen: Facts | None = None  # of the export, when its state was looked at
        self.state = ""

    async def start(self) -> None:
        """Start the processes; without exports there are none until there are exports."""
        await self._renew()
        self._background(self._watch())

    def end(self) -> None:
        """End what is still asked; the server is going."""
        self._stopping = True
        for worker in self._busy:
            worker.kill()
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(BusyError(_GOING))

    async def stop(self) -> None:
        """End all processes."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._all:
            worker.kill()
        await asyncio.to_thread(self._threads.shutdown)
        for worker in self._all:
            worker.stop()

    async def ask(self, request: Request) -> tuple[Parcel, dict[str, Any]]:
        """The bytes of a result and its description. Raises QueryError, BusyError among them."""
        loop = asyncio.get_running_loop()
        worker = await self._take()
        parcel = Parcel(self._outgoing)
        ask = partial(worker.ask, request, self._settings.seconds, parcel.add, parcel.drop)
        call = loop.run_in_executor(self._threads, ask)
        patience = loop.call_later(self._settings.patience, self._grew_slow, worker)
        call.add_done_callback(lambda call: self._done(worker, patience, call))
        try:
            return parcel, await asyncio.shield(call)
        except asyncio.CancelledError:
            worker.kill()  # whoever asked has gone away
            call.add_done_callback(lambda _: parcel.drop())
            raise
        except StoppedError:
            parcel.drop()
            if self._stopping:
                raise BusyError(_GOING) from None
            if worker in self._ended:
                raise BusyError("stopped, for others were waiting: make the query smaller") from None
            raise
        except QueryError:
            parcel.drop()
            raise
        finally:
            self._ended.discard(worker)

    async def _take(self) -> Worker:
        if self._stopping:
            raise BusyError(_GOING)
        if not self.state:
            raise BusyError("there is no kg.nt to ask: run `kg build` with it among its exports")
        self._waiting = deque(other for other in self._waiting if not other.done())
        if len(self._waiting) > self._settings.waiting:
            raise BusyError("too many queries are waiting: try again in a moment")
        ours: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(ours)
        self._serve()
        try:
            return await asyncio.wait_for(ours, self._settings.seconds)
        except TimeoutError:
            raise BusyError("all processes are busy: try again") from None
        except asyncio.CancelledError:
            if ours.done() and not ours.cancelled():  # given in the same moment
                self._give_back(ours.result())
            raise

    def _give_back(self, worker: Worker) -> None:
        del self._busy[worker]
        self._idle.append(worker)
        self._serve()

    def _serve(self) -> None:
        """Give those who wait a process, as far as there are any."""
        while self._waiting:
            if self._waiting[0].done():
                self._waiting.popleft()
            elif self._idle or self._room():
                worker = self._idle.pop() if self._idle else self._new()
                self._busy[worker] = time.monotonic()
                self._waiting.popleft().set_result(worker)
            else:
                self._end_the_slowest()
                return

    def _room(self) -> bool:
        """Whether one more process may be at work: slow ones don't count, as long as spare ones are left."""
        quick = len(self._busy) - len(self._slow)
        return quick < self._settings.workers and len(self._busy) < self._most

    def _end_the_slowest(self) -> None:
        slow = [worker for worker in self._slow if worker not in self._ended]
        if len(self._busy) >= self._most and slow and not self._ended:
            slowest = min(slow, key=lambda worker: self._busy[worker])
            self._ended.add(slowest)
            slowest.kill()

    def _grew_slow(self, worker: Worker) -> None:
        self._slow.add(worker)
        worker.be_nice(_NICE)
        if not self._idle and not self._waiting and self._room():
            self._background(self._add())
        self._serve()

    def _done(self, worker: Worker, patience: asyncio.TimerHandle, call: asyncio.Future[Any]) -> None:
        """A process is free again: kept, unless it was ended, is too many, or has the data of before."""
        patience.cancel()
        if not call.cancelled():
            call.exception()  # whoever asked may be gone: this says that it was looked at
        del self._busy[worker]
        ended = worker in self._ended or not worker.running
        slow = worker in self._slow
        self._slow.discard(worker)
        enough = len(self._idle) + len(self._busy) - len(self._slow) >= self._settings.workers
        if ended or slow or worker.state != self.state:
            self._background(self._drop(worker))
            if not enough:
                self._background(self._add())
        else:
            self._idle.append(worker)
        self._serve()

    async def _add(self) -> None:
        """One more process, started before it is needed."""
        worker = self._new()
        with suppress(QueryError):
            await self._in_thread(worker.start)
            self._idle.append(worker)
            self._serve()

    async def _drop(self, worker: Worker) -> None:
        await self._in_thread(worker.stop)
        self._all.discard(worker)

    async def _in_thread(self, work: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _new(self) -> Worker:
        settings = self._settings
        worker = Worker(settings.folder, megabytes=settings.megabytes, network=settings.allow_service)
        self._all.add(worker)
        return worker

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            await self._renew()

    async def _renew(self) -> None:
        """Start over with the exports as they are now, where they have changed."""
        fresh: list[Worker] = []
        folder = self._settings.folder
        try:
            seen = await self._in_thread(partial(facts, folder))
            if seen == self._seen or await self._in_thread(partial(state, folder)) == self.state:
                self._seen = seen if seen.rested else None
                return
            for _ in range(self._settings.workers):
                fresh.append(self._new())
                await self._in_thread(fresh[-1].start)
        except (QueryError, OSError) as error:
            log.warning("the exports can't be read: %s", error)
            self._all.difference_update(fresh)
            return
        old, self._idle, self.state = self._idle, fresh, fresh[0].state
        self._seen = None
        self._serve()
        for worker in old:
            await self._drop(worker)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        if self._stopping:
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
