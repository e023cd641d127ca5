"""Asking a worker process, with a limit on time: the process that is over its time is ended.

A process that fails may have met with a damaged store. Then another looks through the store, makes it anew
if it is damaged, and the question is asked again.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError
from kg.rdf.ending import cause
from kg.rdf.problems import BY_NAME, CrashedError, DamagedError, QueryTimeoutError, StoppedError
from kg.rdf.worker import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.rdf.answer import Request

log = logging.getLogger(__name__)
MEGABYTES: Final = 4096  # of address space for one worker
_PIECE: Final = 1 << 20
_MOMENT: Final = 5.0  # seconds that a process has between its last words and its end


class Worker:
    """One worker process; started when first asked, and anew after it was ended."""

    def __init__(self, folder: Path, *, megabytes: int = MEGABYTES, network: bool = False) -> None:
        # -P: a json.py in the working folder is none of ours
        self._command = [sys.executable, "-P", "-m", "kg.rdf.worker", str(folder), str(megabytes)]
        self._command += ["network"] if network else []
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._killed = False
        self.state = ""

    def start(self) -> None:
        """Start the process and wait until its store is open; raises QueryError."""
        if self._process is not None and self._process.poll() is None:
            return
        try:
            self._start()
        except (CrashedError, DamagedError):
            self._start("verify")

    def _start(self, *options: str) -> bool:
        """Whether the store had to be made anew."""
        self.stop()  # what is left of one that was ended
        self._buffer.clear()
        self._process = subprocess.Popen(
            [*self._command, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # for its last words; and the worker ends when nobody holds it
        )
        if self._killed:
            self._process.kill()
        kind, data = self._frame(None)
        if kind != b"R":
            self.stop()
            raise _problem(data)
        ready = json.loads(data)
        if ready["told"]:
            log.warning("%s", ready["told"])
        self.state = str(ready["state"])
        if ready["made"]:
            self._start()  # anew, for what it took to make the store is missing for queries
        return bool(ready["mended"])

    def ask(
        self,
        request: Request,
        seconds: float | None,
        receive: Callable[[bytes], object],
        again: Callable[[], object] | None = None,
    ) -> dict[str, Any]:
        """The answer's description, its bytes given to `receive` as they come; `seconds` to the end.

        Where the store was damaged and is made anew, the answer begins anew too, after a call of `again`.
        Raises QueryError; QueryTimeoutError when the time is over, the process is ended then.
        """
        self.start()
        given = 0

        def pass_on(piece: bytes) -> None:
            nonlocal given
            given += len(piece)
            receive(piece)

        try:
            return self._ask(request, seconds, pass_on)
        except (CrashedError, DamagedError) as error:
            mended = self._start("verify")
            if not mended and not isinstance(error, DamagedError):  # another process may have been quicker
                raise
        if given and again is None:
            raise DamagedError("the store of the exports was damaged, and has been made anew: ask again")
        if again is not None:
            again()
        return self._ask(request, seconds, receive)

    def _ask(
        self, request: Request, seconds: float | None, receive: Callable[[bytes], object]
    ) -> dict[str, Any]:
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
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        self._process = None

    @property
    def running(self) -> bool:
        """Whether the process is there to answer."""
        return not self._killed and self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the process from another thread, for good; whoever waits for its answer gets a StoppedError."""
        self._killed = True
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
            raise self._died() from None

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
            raise self._died()
        self._buffer += piece

    def _died(self) -> QueryError:
        """Why the process is there no more, from its exit code and its last words."""
        assert self._process is not None
        assert self._process.stderr is not None
        if self._killed:
            return StoppedError("the query was stopped, for nobody waits for it or others do")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_MOMENT)
        self._process.kill()
        return cause(self._process.wait(), self._process.stderr.read(_PIECE).decode("utf-8", "replace"))


def _problem(data: bytes) -> QueryError:
    told = json.loads(data)
    return BY_NAME.get(told["kind"], QueryError)(told["message"])
