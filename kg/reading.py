"""Reading papers' texts with an extractor: only those that it hasn't read, on all cores where there are
many.
"""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Final, TypeVar

from kg import extract
from kg.errors import ExtractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.store import Store
    from kg.types import Extraction, Paper

T = TypeVar("T")
log = logging.getLogger(__name__)
BATCH: Final = 128  # papers a transaction: what a kill can lose, two seconds of work
MANY: Final = 500  # papers from which a second process pays for its start (spaCy takes two seconds to import)

_extractor: extract.Extractor | None = None  # a worker process's own, set by _start


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads with one extractor, named as `extract.load` knows it."""

    pipeline: str

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
        batches = list(batched(papers, BATCH))
        workers = min(os.cpu_count() or 1, len(batches))
        if len(papers) < MANY or workers < 2:
            extractor = extract.load(self.pipeline)
            yield from ((batch, list(extractor.extract(batch))) for batch in batches)
            return
        try:
            with ProcessPoolExecutor(workers, get_context("spawn"), _start, (self.pipeline,)) as pool:
                yield from zip(batches, pool.map(_read_batch, batches), strict=True)
        except BrokenProcessPool as error:
            raise ExtractError("a reading process was ended from outside: run the build again") from error


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of a size; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _start(pipeline: str) -> None:
    global _extractor
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _extractor = extract.load(pipeline)


def _end_with_parent() -> None:
    """End this process when the build is killed: it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _read_batch(batch: list[Paper]) -> list[Extraction]:
    assert _extractor is not None
    return list(_extractor.extract(batch))
