"""A process that answers queries: `python -m kg.rdf.worker FOLDER MEGABYTES`.

pyoxigraph can't be interrupted, so whoever asks does it through such a process and ends it when the time is
over. It reads a request a line from standard input, and answers in frames: a letter, the length, the bytes.
D is a piece of the result, Z its end, E an error; at the start R says that the store is open. Ctrl+C is for
whoever asks to hear; should they be gone themselves, the system ends the process a while after its time.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kg.errors import QueryError
from kg.rdf.answer import Request, answer
from kg.rdf.dataset import open_store, state
from kg.sandbox import confine

if TYPE_CHECKING:
    import pyoxigraph as ox

GRACE: Final = 5.0  # seconds
HEAD: Final = struct.Struct(">cI")


def main(folder: Path, megabytes: int, *, network: bool) -> None:
    """Answer until the input ends."""
    out = sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        store = open_store(folder)
        ready = json.dumps({"state": state(folder)})
    except (QueryError, OSError) as error:
        _send(out, b"E", _error(error))
        return
    confine(megabytes, network=network)
    _send(out, b"R", ready.encode())
    for line in sys.stdin.buffer:
        serve(store, line, out)


def serve(store: ox.Store, line: bytes, out: BinaryIO) -> None:
    """Answer one request."""
    try:
        fields: dict[str, Any] = json.loads(line)
        _limit(fields.pop("seconds"))
        fields |= {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
        request = Request(**fields)
        found = answer(store, request, lambda piece: _send(out, b"D", piece))
        _send(out, b"Z", json.dumps(asdict(found)).encode())
    except QueryError as error:
        _send(out, b"E", _error(error))
    except MemoryError:
        _send(out, b"E", _error(QueryError("the query needs more memory than it may have: add a LIMIT")))
    finally:
        _limit(None)


def _limit(seconds: float | None) -> None:
    """Have the system end this process some time after the limit, whatever it is doing then."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE if seconds else 0)


def _send(out: BinaryIO, kind: bytes, data: bytes) -> None:
    out.write(HEAD.pack(kind, len(data)) + data)
    out.flush()


def _error(error: Exception) -> bytes:
    return json.dumps({"kind": type(error).__name__, "message": str(error)}).encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), network="network" in sys.argv[3:])
