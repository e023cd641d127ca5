"""Bytes of a source as lines of text, whatever it is packed in; the format is told by its content."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, cast

from kg.errors import SourceError
from kg.ingest.packed import Unpacked, packing_of
from kg.text import nameable, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_LINE: Final = 64 * 2**20  # bytes; a longer line is no paper, and would fill the memory
_HEAD: Final = 64 * 1024
_BLANK: Final = b" \t\r\n"


def name_of(path: Path) -> str:
    """What a source is called in the store and in messages: its file's name, as text that can be written."""
    return "standard input" if str(path) == "-" else nameable(path.name)


@contextmanager
def open_source(path: Path, max_unpacked: int | None = None) -> Iterator[io.BufferedReader]:
    """The unpacked bytes of a file, or of standard input for `-`; a packed file may unpack to `max_unpacked`
    bytes (None: see `kg.ingest.packed`).

    Raises SourceError where there is no file, where it is a folder, and where it can't be read or unpacked.
    """
    where = name_of(path) if str(path) == "-" else shown(path)
    try:
        with _raw(path) as raw:
            packing = packing_of(raw.peek(8)[:8])
            if packing is None:
                yield raw
            else:
                unpacked = cast("io.RawIOBase", Unpacked(raw, packing, where, max_unpacked))
                yield cast("io.BufferedReader", io.BufferedReader(unpacked, _HEAD))
    except IsADirectoryError as error:
        raise SourceError(f"{where}: a folder: name the files in it, like {where}/*.jsonl") from error
    except FileNotFoundError as error:
        raise SourceError(f"{where}: {_MISSING}") from error
    except OSError as error:
        advice = "look at its disk and its rights" if error.errno else "unpack or copy it anew"
        reason = shown(error.strerror or error)
        raise SourceError(f"{where}: can't be read ({reason}): {advice}") from error


_MISSING: Final = "no such file: mend the name, or the sources in kg.toml"


def refuse_missing(paths: Iterable[Path]) -> None:
    """Raise SourceError for the first of some sources that isn't there, before anything is begun."""
    for path in paths:
        with suppress(OSError, ValueError):  # what can't even be asked for is told when it is opened
            if str(path) != "-" and not path.exists():
                raise SourceError(f"{shown(path)}: {_MISSING}")


@contextmanager
def _raw(path: Path) -> Iterator[io.BufferedReader]:
    if str(path) != "-":
        if "\0" in str(path):
            raise FileNotFoundError(str(path))
        with path.open("rb", buffering=_HEAD) as file:
            yield cast("io.BufferedReader", file)
        return
    if sys.stdin is None or sys.stdin.closed:
        raise SourceError("standard input: can't be read, it is closed: give a file, or pipe papers into it")
    standard = io.BufferedReader(cast("io.RawIOBase", sys.stdin.buffer), _HEAD)
    try:
        yield cast("io.BufferedReader", standard)
    finally:
        standard.detach()  # or standard input would be closed with it


def lines(file: io.BufferedReader, name: str) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes) of each line, of several empty ones in a row at most two.

    Raises SourceError for a line over MAX_LINE.
    """
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise SourceError(f"{name}:{number}: a line of over {MAX_LINE >> 20} MiB: not a file of papers")
        yield number, line
        if not line.strip(_BLANK):
            number += _skip_blank(file)


def _skip_blank(file: io.BufferedReader) -> int:
    """Step over empty lines, as many as there are at once; returns how many."""
    skipped = 0
    while head := file.peek():
        blank = head[: len(head) - len(head.lstrip(_BLANK))]
        end = blank.rfind(b"\n") + 1
        if not end:
            break
        skipped += blank.count(b"\n")
        file.read(end)
    return skipped


def guess_format(head: bytes, name: str) -> str:
    """The format of a source by its first bytes: `jsonl` or `page`.

    Raises SourceError where it is empty, binary, or neither.
    """
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise SourceError(f"{name}: empty: there is no paper in it")
    if b"\0" in head:
        raise SourceError(f"{name}: a binary file: give a papers page as plain text, or JSON lines")
    if text.startswith(b"{"):
        return "jsonl"
    if any(line.strip().lower() == b"read more" for line in head.splitlines()):
        return "page"
    raise SourceError(
        f"{name}: neither JSON lines nor a papers page ('Read More' ends each entry): "
        "say which with --format jsonl or --format page"
    )


def peek(file: io.BufferedReader) -> bytes:
    """The first 64 KiB of a stream, left in it; less where the stream gives less at once."""
    return file.peek(_HEAD)[:_HEAD]
