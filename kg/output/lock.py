"""One writer a folder: a lock that the system gives back when its holder ends, however it ends."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from kg.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WRITER: Final = ".writer"
_LOOK: Final = 0.1  # seconds between looks at a lock that others hold


@contextmanager
def locked(file: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a file, which is made where it is missing, while the block runs.

    Others wait for it, or raise StoreError with the number of the process that holds it. Raises OSError where
    the file can't be made.
    """
    lock = FileLock(file, timeout=-1 if wait else 0, poll_interval=_LOOK)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"{file.parent.parent}: another build is at work here{_holder(file)}: try again when it is done,"
            " or give --wait"
        ) from error
    try:
        file.with_suffix(_WRITER).unlink(missing_ok=True)  # whatever it is, a link say
        file.with_suffix(_WRITER).write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            file.with_suffix(_WRITER).unlink()
        lock.release()


def _holder(file: Path) -> str:
    """Who holds a lock, as far as it has said so."""
    with suppress(OSError, ValueError):
        return f" (process {int(file.with_suffix(_WRITER).read_text(encoding='ascii'))})"
    return ""
