"""The store's file in an output folder: whose it is, whether it is as the last build left it, how a new one
takes its place.

SQLite keeps a database whole through kills and power cuts, but has no checksum of what is in it: a bit that
flips on a disk or in a copy goes unseen. So a build that ends seals the store with the hash of its file, and
the next one looks.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from kg.database import APPLICATION_ID, SIDE_FILES
from kg.errors import StoreError, advice
from kg.output.hashes import hash_of, set_aside

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC: Final = b"SQLite format 3\0"
_APPLICATION: Final = slice(68, 72)  # where the header of an SQLite file has the number of its program


def refuse_stranger(path: Path, *, marked: bool) -> None:
    """Raise StoreError where what stands in the store's place is another program's, or, in a folder without
    our mark, may be.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise StoreError(
            f"{path}: a link or a folder, no plain file: move it away or choose another folder with -o"
        )
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise StoreError(f"{path}: can't be read ({error.strerror}): {advice(error)}") from error
    ours = int.from_bytes(head[_APPLICATION], "big") == APPLICATION_ID or (marked and _is_ours(path))
    if head and not (ours if head.startswith(_MAGIC) else marked):
        raise StoreError(f"{path}: not a store of paperkg: move it away or choose another folder with -o")


def _is_database(path: Path) -> bool:
    """Whether a file begins as SQLite's do."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _is_ours(path: Path) -> bool:
    """Whether SQLite, which looks into the log too, finds a store of ours, or one that was only begun."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(_address(path), uri=True)) as found:
        ours = found.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        return ours or not found.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return False


def _address(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def listed_before(path: Path) -> dict[str, str]:
    """The exports, with their hashes, that a store lists which was written before `files.json` did; else
    none.
    """
    if not path.is_file():
        return {}
    with (
        suppress(sqlite3.Error, ValueError),
        closing(sqlite3.connect(_address(path), uri=True)) as old,
    ):
        ours = old.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        row = old.execute("SELECT value FROM meta WHERE key = 'files'").fetchone() if ours else None
        found = json.loads(row[0]) if row else {}
        return {str(name): str(hash_) for name, hash_ in found.items()} if isinstance(found, dict) else {}
    return {}


class Seal:
    """The hash of a store's file, kept in the room of its folder while no build is at work."""

    def __init__(self, store: Path, room: Path) -> None:
        self._store = store
        self._file = room / "seal.json"
        self._hash = ""

    def lift(self) -> bool:
        """Take the seal off; whether there was one. Raises StoreError for a store that isn't as it was
        sealed.
        """
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            self._hash = str(json.loads(self._file.read_text(encoding="utf-8"))["hash"])
        whole = bool(self._hash) and self._store.is_file() and not _log_of(self._store)
        if whole and hash_of(self._store) != self._hash:
            raise StoreError(
                f"{self._store}: not as the last build left it, damaged or changed by another program:"
                " run `kg rebuild` to make it anew from the sources"
            )
        self._file.unlink(missing_ok=True)
        return whole

    def forget(self) -> None:
        """Take the seal off, whatever the store is like."""
        self._file.unlink(missing_ok=True)

    def put(self, *, changed: bool = True) -> None:
        """Seal the store, after it was closed; with the hash that it had, where nothing has `changed`.

        A seal that can't be written, on a full disk say, is none: the next build looks the store through.
        """
        with suppress(OSError):
            if not _log_of(self._store):
                hash_ = hash_of(self._store) if changed or not self._hash else self._hash
                self._file.write_text(json.dumps({"hash": hash_}) + "\n", encoding="utf-8")


def put_in_place(new: Path, store: Path) -> None:
    """Have a closed store be another's successor; at every moment there is one of the two, whole."""
    if store.exists():
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(store)) as old,
        ):  # one that is damaged has no log that counts
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in SIDE_FILES:
        store.with_name(store.name + name).unlink(missing_ok=True)
    if store.exists() and not _is_database(store):
        set_aside(store, hash_of(store))  # damaged, or somebody's by now: who knows
    new.replace(store)


def _log_of(store: Path) -> int:
    """How many bytes are in the log beside a store."""
    log = store.with_name(store.name + SIDE_FILES[0])
    return log.stat().st_size if log.exists() else 0
