"""Reading papers' texts with an extractor: only those that it hasn't read, on as many processors as the
machine can spare where there are many.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, takewhile
from math import ceil
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Final, TypeVar

from kg import extract
from kg.errors import ExtractError
from kg.machine import free_memory, processors

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Iterable, Iterator

    from kg.store import Store
    from kg.types import Extraction, Paper

T = TypeVar("T")
log = logging.getLogger(__name__)
BATCH: Final = 128  # papers a transaction: what a kill can lose, two seconds of work
MANY: Final = 500  # papers from which a second process pays for its start (spaCy takes two seconds to import)
EACH: Final = 250 * 2**20  # bytes that a reading process takes, a little more than was measured

_extractor: extract.Extractor | None = None  # a worker process's own, set by _start
_stop: ctypes.c_byte | None = None  # likewise: whether the build has been stopped


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads with one extractor, named as `extract.load` knows it, in at most `jobs` processes; 0 for as many
    as processors and memory allow, where papers are MANY.
    """

    pipeline: str
    jobs: int = 0

    def read_new(self, store: Store, progress: Callable[[str, int, int], None]) -> int:
        """Read the papers whose present text this extractor hasn't read; returns how many.

        Kept after each BATCH, so that a build that is killed goes on where it was. Raises ExtractError.
        """
        fingerprint = extract.fingerprint(self.pipeline)
        papers = store.unread(fingerprint)
        if not papers:
            log.info("extract: nothing new to read")
            return 0
        done = 0
        progress("extract", 0, len(papers))
        for batch, found in self._read(papers):
            store.add_extractions(zip(batch, found, strict=True), fingerprint)
            done += len(batch)
            progress("extract", done, len(papers))
        return done

    def _read(self, papers: list[Paper]) -> Iterator[tuple[list[Paper], list[Extraction]]]:
        workers = self.workers(len(papers))
        batches = list(batched(papers, min(BATCH, ceil(len(papers) / workers))))
        if workers < 2:
            extractor = extract.load(self.pipeline)
            yield from ((batch, list(extractor.extract(batch))) for batch in batches)
            return
        context = get_context("spawn")
        stop = context.RawValue("b", 0)
        try:
            with ProcessPoolExecutor(workers, context, _start, (self.pipeline, stop)) as pool:
                yield from zip(batches, _results(pool, batches, stop), strict=True)
        except BrokenProcessPool as error:
            raise ExtractError(
                "a reading process was ended from outside: run the build again, with fewer (--jobs 1) where "
                "memory is short"
            ) from error

    def workers(self, papers: int) -> int:
        """How many processes read so many papers: no more than processors, than memory holds, than `jobs`."""
        if papers < MANY and not self.jobs:
            return 1
        free = free_memory()
        room = processors() if free is None else min(processors(), free // EACH)
        return max(1, min(room, papers, self.jobs or ceil(papers / BATCH)))


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of a size; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _results(
    pool: ProcessPoolExecutor, batches: list[list[Paper]], stop: ctypes.c_byte
) -> Iterator[list[Extraction]]:
    """What the processes find, in order; left by an error or by Ctrl+C, it has them stop where they are."""
    try:
        with _deaf():
            found = pool.map(_read_batch, batches)
        yield from found
    except BaseException:
        stop.value = 1
        raise


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started inside never hear Ctrl+C: this one does, afterwards, and tells them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(pipeline: str, stop: ctypes.c_byte) -> None:
    global _extractor, _stop
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _extractor, _stop = extract.load(pipeline), stop


def _end_with_parent() -> None:
    """End this process when the build is killed: it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _read_batch(batch: list[Paper]) -> list[Extraction]:
    assert _extractor is not None
    assert _stop is not None
    read = _extractor.extract(batch)
    return [] if _stop.value else list(takewhile(lambda _: not _stop.value, read))
