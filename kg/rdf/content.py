"""The export that is asked, known by its content: what is hashed is what is loaded, wherever its name leads
meanwhile.

Hashing gigabytes at each query would be slow. So the hash is remembered beside the store, with what the
system says of the file (inode, size, both times), and trusted only where all of that is as it was; a note
that is missing or broken costs a reading, nothing else.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeVar

from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

Found = TypeVar("Found")
NAMES: Final = ("kg.nt", "kg.ttl")
NOTES: Final = "hashes.json"
NEW: Final = ".paperkg-hashes-"  # what notes are called while they are written
_REST: Final = 2.0  # seconds; a file written since may be written again without its times telling
_PIECE: Final = 1 << 20


class ChangedError(Exception):
    """The export was written while it was read."""


class Facts(NamedTuple):
    """What the system says of a file; changes with every writing, if not too soon after the last."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def rested(self) -> bool:
        """Whether the next writing is sure to change them."""
        return max(self.mtime_ns, self.ctime_ns) / 1e9 + _REST < time.time()


def export_file(folder: Path) -> Path:
    """The file that is loaded: N-Triples where it is there, else Turtle. Raises QueryError without either."""
    for name in NAMES:
        if (folder / name).is_file():
            return folder / name
    raise QueryError(
        f"{folder}: no kg.nt or kg.ttl here: run `kg build` with one of them among its exports,"
        " or name its folder with -o"
    )


def facts(folder: Path) -> Facts:
    """Of the file that is loaded. Raises QueryError and OSError."""
    return _facts(export_file(folder).stat())


class Export:
    """The file, held open; reading it from begin to end shows whether it is what `content` says."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self.path = path
        self._stream = stream
        self._facts = _facts(os.fstat(stream.fileno()))
        self._read = blake2b(digest_size=16)
        self.content = ""

    @classmethod
    def open(cls, folder: Path, notes: Path, *, trust: bool = True) -> Self:
        """The export of a folder; `notes` is where hashes are remembered, used only to `trust` them."""
        path = export_file(folder)
        try:
            export = cls(path, path.open("rb"))
        except FileNotFoundError:
            raise ChangedError from None
        except OSError as error:
            raise QueryError(f"{path}: {error.strerror}") from error
        try:
            export.content = (_noted(notes, export) if trust else "") or export._hashed(notes)
        except BaseException:
            export.close()
            raise
        return export

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()

    def rewind(self) -> None:
        """To the begin, as if nothing had been read."""
        self._stream.seek(0)
        self._read = blake2b(digest_size=16)

    @property
    def size(self) -> int:
        return self._facts.size

    def read(self, size: int = -1) -> bytes:
        """As of a file. Raises QueryError where the disk fails."""
        return self._noting(self._got(lambda: self._stream.read(size)))

    def parts(self, size: int) -> Iterator[bytes]:
        """Whole lines, about so many bytes at once. Raises QueryError where the disk fails."""
        while part := self._noting(b"".join(self._got(lambda: self._stream.readlines(size)))):
            yield part

    def check(self) -> None:
        """Raise ChangedError unless what was read is what was hashed."""
        while self.read(_PIECE):
            pass  # what a parser left
        if self._read.hexdigest() != self.content:
            raise ChangedError

    def _got(self, read: Callable[[], Found]) -> Found:
        try:
            return read()
        except OSError as error:
            raise QueryError(f"{self.path}: {error.strerror}: run `kg build` again") from error

    def _noting(self, data: bytes) -> bytes:
        self._read.update(data)
        return data

    def _hashed(self, notes: Path) -> str:
        while self.read(_PIECE):
            pass
        found = self._read.hexdigest()
        if _facts(os.fstat(self._stream.fileno())) != self._facts:
            raise ChangedError
        if self._facts.rested:
            _note(notes, self.path.name, self._facts, found)
        return found


def _facts(found: os.stat_result) -> Facts:
    return Facts(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _noted(notes: Path, export: Export) -> str:
    """The remembered hash, or the empty string."""
    try:
        known = json.loads(notes.read_bytes())[export.path.name]
        fits = known["facts"] == list(export._facts)
        return str(known["hash"]) if fits else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _note(notes: Path, name: str, facts: Facts, found: str) -> None:
    """Remember a hash, where that can be done."""
    try:
        known = json.loads(notes.read_bytes())
        known = {key: known[key] for key in NAMES if key in known}
    except (OSError, ValueError, TypeError):
        known = {}
    text = json.dumps(known | {name: {"facts": facts, "hash": found}})
    with suppress(OSError):
        handle, new = tempfile.mkstemp(dir=notes.parent, prefix=NEW)
        try:
            with open(handle, "w") as file:  # noqa: PTH123 - a handle, no path
                file.write(text)
            Path(new).replace(notes)
        finally:
            Path(new).unlink(missing_ok=True)
