"""Asking a worker process, with a limit on time: the process that is over its time is ended."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError
from kg.rdf.problems import BY_NAME, QueryTimeoutError, StoppedError
from kg.rdf.worker import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.rdf.answer import Request

MEGABYTES: Final = 4096  # of address space for one worker
_PIECE: Final = 1 << 20
_STOPPED: Final = "the query was stopped: it needs too much memory; make it smaller, or add a LIMIT"


class Worker:
    """One worker process; started when first asked, and anew after it was ended."""

    def __init__(self, folder: Path, *, megabytes: int = MEGABYTES, network: bool = False) -> None:
        # -P: a json.py in the working folder is none of ours
        self._command = [sys.executable, "-P", "-m", "kg.rdf.worker", str(folder), str(megabytes)]
        self._command += ["network"] if network else []
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self.state = ""

    def start(self) -> None:
        """Start the process and wait until its store is open; raises QueryError."""
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()  # what is left of one that was ended
        self._buffer.clear()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        kind, data = self._frame(None)
        if kind != b"R":
            self.stop()
            raise _problem(data)
        self.state = str(json.loads(data)["state"])

    def ask(
        self, request: Request, seconds: float | None, receive: Callable[[bytes], object]
    ) -> dict[str, Any]:
        """The answer's description, its bytes given to `receive` as they come; `seconds` to the end.

        Raises QueryError; QueryTimeoutError when the time is over, the process is ended then.
        """
        self.start()
        until = None if seconds is None else time.monotonic() + seconds
        try:
            self._send(json.dumps(asdict(request) | {"seconds": seconds}).encode() + b"\n")
            while True:
                kind, data = self._frame(until)
                if kind != b"D":
                    break
                receive(data)
        except TimeoutError:
            self.stop()
            raise QueryTimeoutError(f"stopped after {seconds:g} s: make the query smaller") from None
        except BaseException:
            self.stop()  # whatever is left in the pipe belongs to no other query
            raise
        if kind == b"E":
            raise _problem(data)
        found: dict[str, Any] = json.loads(data)
        return found

    def stop(self) -> None:
        """End the process at once."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        self._process = None

    @property
    def running(self) -> bool:
        """Whether the process is there to answer."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the process from another thread; whoever is waiting for its answer gets a StoppedError."""
        if (process := self._process) is not None:
            process.kill()

    def be_nice(self, level: int) -> None:
        """Let other processes go first, where the system can."""
        if self._process is not None and hasattr(os, "setpriority"):
            with suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, level)

    def _send(self, line: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise StoppedError(_STOPPED) from None

    def _frame(self, until: float | None) -> tuple[bytes, bytes]:
        while len(self._buffer) < HEAD.size:
            self._more(until)
        kind, length = HEAD.unpack_from(self._buffer)
        while len(self._buffer) < HEAD.size + length:
            self._more(until)
        data = bytes(self._buffer[HEAD.size : HEAD.size + length])
        del self._buffer[: HEAD.size + length]
        return kind, data

    def _more(self, until: float | None) -> None:
        """Read what there is, waiting until there is something; TimeoutError when the time is over."""
        assert self._process is not None
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        left = None if until is None else until - time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            if (left is not None and left <= 0) or not selector.select(left):
                raise TimeoutError
        piece = os.read(pipe, _PIECE)
        if not piece:
            raise StoppedError(_STOPPED)
        self._buffer += piece


def _problem(data: bytes) -> QueryError:
    told = json.loads(data)
    return BY_NAME.get(told["kind"], QueryError)(told["message"])
