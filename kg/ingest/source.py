"""Bytes of a source as lines of text, whatever it is packed in; the format is told by its content."""

from __future__ import annotations

import gzip
import io
import lzma
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, cast

from kg.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_LINE: Final = 64 * 2**20  # bytes; a longer line is no paper, and would fill the memory
_HEAD: Final = 64 * 1024
_PACKED: Final = {b"\x1f\x8b": "gz", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}


@contextmanager
def open_source(path: Path) -> Iterator[io.BufferedReader]:
    """The unpacked bytes of a file, or of standard input for `-`.

    Raises SourceError where there is no file, where it is a folder, and where it can't be read or unpacked.
    """
    try:
        with _raw(path) as raw:
            yield _unpacked(raw)
    except IsADirectoryError as error:
        raise SourceError(f"{path}: a folder: name the files in it, like {path}/*.jsonl") from error
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file: mend the name, or the sources in kg.toml") from error
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise SourceError(f"{path}: can't be read ({error}): unpack or copy it anew") from error


@contextmanager
def _raw(path: Path) -> Iterator[io.BufferedReader]:
    if str(path) == "-":
        yield io.BufferedReader(cast("io.RawIOBase", sys.stdin.buffer), _HEAD)
        return
    with path.open("rb", buffering=_HEAD) as file:
        yield cast("io.BufferedReader", file)


def _unpacked(raw: io.BufferedReader) -> io.BufferedReader:
    head = raw.peek(8)[:8]
    packed = next((name for magic, name in _PACKED.items() if head.startswith(magic)), "")
    if packed == "gz":
        return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=raw)), _HEAD)
    if packed == "xz":
        return io.BufferedReader(cast("io.RawIOBase", lzma.LZMAFile(raw)), _HEAD)
    return io.BufferedReader(_zstd(raw), _HEAD) if packed else raw


def _zstd(raw: IO[bytes]) -> io.RawIOBase:
    import zstandard

    class Reader(io.RawIOBase):
        """zstandard's reader as a raw stream, its errors as the standard library's."""

        stream = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
            try:
                return int(self.stream.readinto(buffer))
            except zstandard.ZstdError as error:
                raise OSError(str(error)) from error

    return Reader()


def lines(file: io.BufferedReader, name: str) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes) of each line. Raises SourceError for a line over MAX_LINE."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise SourceError(f"{name}:{number}: a line of over {MAX_LINE >> 20} MiB: not a file of papers")
        yield number, line


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
