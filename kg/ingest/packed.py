"""Packed sources (gz, xz, zst) as streams that end where the packed file ends, or fail, and are bounded.

The standard library's readers and zstandard's differ in what they make of a file that is cut; here all three
are read through their decompressors, which say whether the end was reached. They are fed little at a time,
for a few bytes can unpack to much.
"""

from __future__ import annotations

import io
import lzma
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import SourceError
from kg.size import told

if TYPE_CHECKING:
    from collections.abc import Callable

FREE: Final = 64 * 2**20  # bytes that any packed file may unpack to, whatever its size
RATIO: Final = 100  # and so many times what was read of it: texts of papers shrink to a third or a tenth
_MEMORY: Final = 256 * 2**20  # bytes that xz may take for its dictionary; `xz -9` needs 65 MiB
_HEAD: Final = 8


@dataclass(frozen=True, slots=True)
class Packing:
    """A way of packing: how its parts begin, the bytes unpacked at once, what may fill up after a part, and
    what makes a decompressor, with the errors that it raises.
    """

    magic: re.Pattern[bytes]
    piece: int
    padding: bytes
    open: Callable[[], tuple[Any, type[Exception]]]


def _gz() -> tuple[Any, type[Exception]]:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS), zlib.error


def _xz() -> tuple[Any, type[Exception]]:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), lzma.LZMAError


def _zst() -> tuple[Any, type[Exception]]:
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


PACKINGS: Final = (
    Packing(re.compile(rb"\x1f\x8b"), 16 * 1024, b"\0", _gz),  # a byte can be 1032
    Packing(re.compile(rb"\xfd7zXZ\0"), 1024, b"\0", _xz),
    Packing(re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), 1024, b"", _zst),  # 4 can be 128 KiB
)


def packing_of(head: bytes) -> Packing | None:
    """How a file is packed by its first bytes; None for one that isn't."""
    return next((packing for packing in PACKINGS if packing.magic.match(head)), None)


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a packed stream, one part after another.

    Raises OSError where it is damaged, cut, or goes on after its end, and SourceError where it unpacks to
    more than `most` bytes (None: than FREE and RATIO times what was read of it).
    """

    def __init__(self, raw: io.BufferedReader, packing: Packing, name: str, most: int | None) -> None:
        self._raw, self._packing, self._name, self._most = raw, packing, name, most
        self._part, self._errors = packing.open()
        self._ready, self._rest = memoryview(b""), b""
        self._read = self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if self._part.eof and not self._begin_part():
                return 0
            self._unpack()
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _begin_part(self) -> bool:
        """Go on to what follows the end of a part; whether anything does."""
        self._rest = self._part.unused_data.lstrip(self._packing.padding)
        while len(self._rest) < _HEAD:
            more = self._raw.read(self._packing.piece)
            self._read += len(more)
            self._rest = (self._rest + more).lstrip(self._packing.padding)
            if not more:
                break
        if not self._rest:
            return False
        if not self._packing.magic.match(self._rest):
            raise OSError("something else follows its end")
        self._part, self._errors = self._packing.open()
        return True

    def _unpack(self) -> None:
        """Unpack the next piece, which may give nothing yet."""
        piece, self._rest = self._rest, b""
        if not piece:
            piece = self._raw.read(self._packing.piece)
            self._read += len(piece)
        if not piece:
            raise OSError("its end is missing")
        try:
            self._ready = memoryview(self._part.decompress(piece))
        except (self._errors, EOFError) as error:
            raise OSError(str(error)) from error
        self._given += len(self._ready)
        self._bound()

    def _bound(self) -> None:
        most = FREE + RATIO * self._read if self._most is None else self._most
        if self._given > most:
            usual = "" if self._most else f"{told(FREE)} and {RATIO} times what was read of it, "
            raise SourceError(
                f"{self._name}: unpacks to more than {usual}{told(most)}: "
                'if it should, allow it with --max-unpacked 2GB, or max_unpacked = "2GB" in kg.toml'
            )
