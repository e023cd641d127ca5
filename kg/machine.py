"""What this process may use of the machine: processors, and memory that is free."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUPS: Final = Path("/sys/fs/cgroup")
_MEMORY: Final = (  # limit, use, and the part of it that the kernel gives back: cgroup version 2 and 1
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def processors() -> int:
    """How many processors this process may run on: what taskset or a batch system leaves it."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return allowed or 1


def free_memory() -> int | None:
    """Bytes that more processes may take: of the machine's and of every control group's around this one.

    None where the system doesn't say.
    """
    known = [_available(), *map(_left, _groups())]
    return min((each for each in known if each is not None), default=None)


def _available() -> int | None:
    """What the kernel counts as available, programs' memory that it can drop included."""
    for line in _text(Path("/proc/meminfo")).splitlines():
        name, _, size = line.partition(":")
        if name == "MemAvailable":
            return int(size.split()[0]) * 1024
    return None


def _groups() -> Iterator[Path]:
    """The folders of this process' control groups that limit memory, and those around them."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = _GROUPS / "memory" if controllers else _GROUPS
        inner = root / path.strip("/")
        yield from (folder for folder in (inner, *inner.parents) if folder.is_relative_to(root))


def _left(group: Path) -> int | None:
    """How far a control group is from its limit; None where it has none."""
    for limit, use, given_back in _MEMORY:
        most, now = _text(group / limit).strip(), _text(group / use).strip()
        if most.isdigit() and now.isdigit():
            facts = dict(line.split() for line in _text(group / "memory.stat").splitlines())
            return max(0, int(most) - int(now) + int(facts.get(given_back, 0)))
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
