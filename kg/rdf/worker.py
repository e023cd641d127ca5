"""A process that answers queries: `python -m kg.rdf.worker FOLDER MEGABYTES [network] [verify]`.

pyoxigraph can't be interrupted, so whoever asks does it through such a process and ends it when the time is
over. It reads a request a line from standard input, and answers in frames: a letter, the length, the bytes.
D is a piece of the result, Z its end, E an error; at the start R says that the store is open. Ctrl+C is for
whoever asks to hear; should they be gone themselves, the system ends the process: on Linux at once, whatever
it is doing, elsewhere a while after its time.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import struct
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kg.errors import QueryError
from kg.rdf.answer import Request, answer
from kg.rdf.dataset import opened
from kg.rdf.problems import StoppedError, UnforeseenError
from kg.sandbox import confine

if TYPE_CHECKING:
    import pyoxigraph as ox

GRACE: Final = 5.0  # seconds
HEAD: Final = struct.Struct(">cI")


def main(folder: Path, megabytes: int, *, network: bool, verify: bool = False) -> None:
    """Answer until the input ends; `verify` looks through the store on disk before it is trusted."""
    out = sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bound = partial(confine, megabytes, network=network)
    try:
        found = opened(folder, verify=verify, before_memory=bound)
    except MemoryError:
        message = f"{folder}: the exports don't fit into {megabytes:,} MB of memory, and not on the disk"
        _send(out, b"E", _error(StoppedError(message)))
        return
    except (QueryError, OSError) as error:
        _send(out, b"E", _error(error))
        return
    bound()
    ready = found._asdict()
    del ready["store"]
    _send(out, b"R", json.dumps(ready).encode())
    for line in sys.stdin.buffer:
        serve(found.store, line, out)


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
        _send(out, b"E", _error(StoppedError("the query needs more memory than it may have: add a LIMIT")))
    except Exception as error:  # noqa: BLE001 - the outermost edge of this process
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        _send(out, b"E", _error(UnforeseenError(f"the query met with an error of ours: {text}")))
    finally:
        _limit(None)


def end_with_parent() -> None:
    """Have the system end this process as soon as nobody holds the other end of its standard error.

    A pipe whose reader goes sends SIGIO to who asked for it, which ends a process even inside the engine. To
    ask for the parent's death itself would not do: that is told when the thread ends that began the process.
    """
    if sys.platform == "linux" and stat.S_ISFIFO(os.fstat(2).st_mode):
        import fcntl

        fcntl.fcntl(2, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(2, fcntl.F_SETFL, fcntl.fcntl(2, fcntl.F_GETFL) | os.O_ASYNC)


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
    end_with_parent()
    folder, megabytes, *options = sys.argv[1:]
    main(Path(folder), int(megabytes), network="network" in options, verify="verify" in options)
