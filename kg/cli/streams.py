"""Standard input, output and error made safe for whatever they are: closed, full, or of a narrow encoding."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OUTPUT: Final = "standard output"


class _Output(io.FileIO):
    """Standard output as a file whose errors say that it is they."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, OUTPUT) from error


def prepare() -> None:
    """Make this process' streams safe, before anything opens a file.

    A closed one is opened, the other way round: using it is an error still, but no file that is opened later,
    a store among them, gets its number. What an output's encoding doesn't have is written as an escape.
    """
    for number, way in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        _occupy(number, way)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "rb", closefd=False)), "utf-8")
    sys.stdout = _output(sys.stdout)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # nobody is there to tell


def _occupy(number: int, way: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        opened = os.open(os.devnull, way)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        os.set_inheritable(number, True)


def _output(stream: TextIO | None) -> TextIO:
    """Standard output by another name; a console of Windows, or what another program put there, as it is."""
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # the buffer itself where Python is told not to buffer
    if stream is not None and type(raw) is not io.FileIO:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(1, "wb", closefd=False)),
        encoding=stream.encoding if stream else "utf-8",
        errors="backslashreplace",
        line_buffering=stream is not None and (raw is buffer or stream.isatty()),
    )


def flush() -> None:
    """Hand over what is still held back: an output that is full says so now, and not at the very end."""
    sys.stdout.flush()


def silence() -> None:
    """Let what could not be written go, so that the interpreter doesn't try, and complain, once more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
