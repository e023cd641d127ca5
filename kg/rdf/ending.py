"""Why a worker process ended: what its exit code and its last words say."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kg.rdf.problems import CrashedError, QueryTimeoutError, StoppedError

if TYPE_CHECKING:
    from kg.errors import QueryError

_MEMORY: Final = ("memory allocation of", "bad_alloc", "MemoryError", "out of memory")
_SMALLER: Final = "make it smaller, or add a LIMIT"


def cause(code: int, words: str) -> QueryError:
    """The error that a worker's end is: `code` as subprocess has it, `words` its standard error."""
    last = next((line.strip() for line in reversed(words.splitlines()) if line.strip()), "it said nothing")
    if any(sign in words for sign in _MEMORY):
        return StoppedError(f"the query was stopped: it needs too much memory; {_SMALLER}")
    name = _name(code)
    if name == "SIGKILL":
        return StoppedError(f"the query was ended by the system, most often for want of memory; {_SMALLER}")
    if name == "SIGALRM":
        return QueryTimeoutError("stopped at its time: make the query smaller")
    return CrashedError(f"the query's process ended by itself ({name}): {last[:300]}")


def _name(code: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"
