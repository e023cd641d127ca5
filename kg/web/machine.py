"""What the machine has, and what of it the processes that answer queries may use."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

LEAST: Final = 768  # megabytes of a process; it takes half of them before it does anything
MOST: Final = 4096
_SPARE: Final = 4
_LIMITS: Final = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


class Shares(NamedTuple):
    """How many processes there are, how many more stand in for slow ones, and the megabytes of each."""

    workers: int
    spare: int
    megabytes: int


def shares(processors: int, megabytes: int) -> Shares:
    """The processes' part of a machine, by its processors and memory: half of the memory, over all of them.

    Where that would leave one less than `LEAST`, there are fewer: first of those that stand in.
    """
    half = megabytes // 2
    workers = max(1, min(max(2, processors), half // LEAST))
    spare = max(0, min(_SPARE, half // LEAST - workers))
    return Shares(workers, spare, max(LEAST, min(MOST, half // (workers + spare))))


def processors() -> int:
    """How many this process may use."""
    known = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return known or 1


def memory() -> int:
    """Megabytes of the machine, or of the container that this process is in."""
    found = []
    with suppress(AttributeError, ValueError, OSError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # no such limit, or `max`
            found.append(int(Path(path).read_text(encoding="ascii")))
    return min(found, default=MOST << 20) >> 20
