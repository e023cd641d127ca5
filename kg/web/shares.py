"""What the processes that answer queries may use of a machine."""

from __future__ import annotations

from typing import Final, NamedTuple

LEAST: Final = 768  # megabytes of a process; it takes half of them before it does anything
MOST: Final = 4096
ENOUGH: Final = 24_000  # megabytes taken for free where the system doesn't say
_SPARE: Final = 4


class Shares(NamedTuple):
    """How many processes there are, how many more stand in for slow ones, and the megabytes of each."""

    workers: int
    spare: int
    megabytes: int


def shares(processors: int, megabytes: int) -> Shares:
    """The processes' part of a machine, by its processors and the memory that is free: half of it, over all
    of them.

    Where that would leave one less than `LEAST`, there are fewer: first of those that stand in.
    """
    half = megabytes // 2
    workers = max(1, min(max(2, processors), half // LEAST))
    spare = max(0, min(_SPARE, half // LEAST - workers))
    return Shares(workers, spare, max(LEAST, min(MOST, half // (workers + spare))))
