"""One SQLite file of ours: opened, made, read and written, with errors that say what to do."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from kg.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

APPLICATION_ID: Final = 0x706B67  # "pkg": tells our files from other SQLite files
FILE_NAME: Final = "kg.sqlite"
SIDE_FILES: Final = ("-wal", "-shm")  # what SQLite keeps beside a database in use
_LEAST: Final = 1 << 20  # bytes free, below which a failing write is put down to a full disk
_STEPS: Final = 1000  # of SQLite's machine, between two looks at the clock: some twenty microseconds


class EndedError(StoreError):
    """What was being read was given up: its time was over, or nobody waited for it any more."""


class Deadline:
    """How long one may go on: until some seconds are over, or until somebody says so, in any thread."""

    def __init__(self, seconds: float = inf) -> None:
        self._until = time.monotonic() + seconds
        self._told: list[Callable[[], object]] = []

    @property
    def over(self) -> bool:
        return time.monotonic() > self._until

    def end(self) -> None:
        """Now; what is going on is told to end at once."""
        self._until = -inf
        for tell in self._told:
            tell()

    def tells(self, end: Callable[[], object]) -> None:
        """Have `end` called, by whoever ends it."""
        self._told.append(end)


class Database:
    """An SQLite file with the tables of `schema`, as `version` has them.

    Open with `open`; use as a context manager. Raises StoreError for a file that is damaged, locked by
    another build, full, or written by another version.
    """

    schema: ClassVar[str]
    version: ClassVar[int]

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._deadline = Deadline()
        self._as_it_was: object = None  # the file, where it is read without a lock

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False, deadline: Deadline | None = None) -> Self:
        """Open the store, making it where it is missing (unless readonly).

        A reader sees the state of one moment per statement and never blocks a build. Queries that are not
        done at the deadline raise EndedError.
        """
        if readonly and not path.is_file():
            raise StoreError(f"{path}: no store here: run `kg build` first")
        with _guard(path):
            try:
                return cls._opened(path, "mode=ro" if readonly else "mode=rwc", deadline)
            except sqlite3.OperationalError as error:
                if not readonly or error.sqlite_errorcode & 0xFF not in _NO_PLACE:
                    raise
            return cls._read_alone(path, deadline)

    @classmethod
    def _opened(cls, path: Path, mode: str, deadline: Deadline | None) -> Self:
        store = cls(path, connect(path, mode))
        try:
            if deadline:
                store._obey(deadline)
            store._prepare(readonly=mode != "mode=rwc")
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _read_alone(cls, path: Path, deadline: Deadline | None) -> Self:
        """A store where nothing can be written, so that readers and a build can't see each other: as it is,
        for as long as it is so.
        """
        log = path.with_name(path.name + SIDE_FILES[0])
        if log.exists() and log.stat().st_size:
            raise StoreError(
                f"{path}: a build is at work, or didn't finish, and its log can't be read here:"
                " copy the folder to where you may write, or build again"
            )
        before = _facts(path)
        store = cls._opened(path, "mode=ro&immutable=1", deadline)
        store._as_it_was = before
        return store

    @contextmanager
    def _still(self) -> Iterator[None]:
        """What is read inside is of one moment. Raises StoreError where a build has changed the file."""
        try:
            with _guard(self.path):
                yield
        except StoreError:
            self._refuse_changed()
            raise
        self._refuse_changed()

    def _refuse_changed(self) -> None:
        if self._as_it_was and _facts(self.path) != self._as_it_was:
            raise StoreError(f"{self.path}: a build is writing it: try again when it is done") from None

    @classmethod
    def temporary(cls) -> Self:
        """A store in memory, gone when it is closed."""
        connection = sqlite3.connect(":memory:")
        connection.isolation_level = None
        store = cls(Path(":memory:"), connection)
        store._create()
        return store

    def _obey(self, deadline: Deadline) -> None:
        """Look at the clock now and then; an interrupt also ends what the full-text index does meanwhile."""
        self._deadline = deadline
        self._connection.set_progress_handler(lambda: deadline.over, _STEPS)
        deadline.tells(self._interrupt)

    def _interrupt(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # closed, and so done
            self._connection.interrupt()

    def _prepare(self, readonly: bool) -> None:
        self._connection.execute("PRAGMA synchronous = NORMAL")  # whole after a kill, and a power cut
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        ours = self._connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        empty = not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not empty and not ours:
            raise StoreError(
                f"{self.path}: not a store of paperkg: move it away or choose another output folder"
            )
        if not empty and version != self.version:
            raise StoreError(
                f"{self.path}: written by store version {version}, this is {self.version}: run `kg rebuild`"
            )
        if empty and not readonly:
            self._create()

    def _create(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(
            f"BEGIN EXCLUSIVE; {self.schema} PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {self.version}; COMMIT;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def fold(self) -> None:
        """Move what the log beside the file holds into the file, as far as no reader is at it."""
        with _guard(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def changes(self) -> int:
        """How many rows were written since it was opened."""
        return self._connection.total_changes

    def refuse_damage(self) -> None:
        """Raise StoreError where SQLite finds that the file isn't whole; takes time in proportion to its
        size.
        """
        found = next(self.query("PRAGMA quick_check(1)"))[0]
        if found != "ok":
            raise StoreError(f"{self.path}: damaged ({' '.join(str(found).split())[:100]}): {ANEW}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is there afterwards, or nothing is."""
        with _guard(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back by itself, on a full disk for one
                    self._connection.execute("ROLLBACK")
                raise

    def get_meta(self, key: str) -> str:
        """A remembered value, or the empty string."""
        row = next(self.query("SELECT value FROM meta WHERE key = ?", (key,)), None)
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        self.write("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, value)])

    def query(self, statement: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
        """Rows of any SQL query, one at a time, each a tuple."""
        if self._deadline.over:  # a short query would be done before anybody looks
            raise EndedError(_ENDED)
        with self._still():
            # not `yield from`, which would close the cursor of a store that was closed meanwhile
            for row in self._connection.execute(statement, values):
                yield tuple(row)

    def write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run an SQL statement for each row of values; inside a transaction of the caller's."""
        with _guard(self.path):
            self._connection.executemany(statement, rows)

    def execute(self, statement: str) -> None:
        """Run an SQL statement that makes or drops a table or index."""
        with _guard(self.path):
            self._connection.execute(statement)


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to a file, in one of the modes of SQLite's addresses."""
    address = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.isolation_level = None
    return connection


def _facts(path: Path) -> tuple[int, ...]:
    """What changes with a file."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def _guard(path: Path) -> Iterator[None]:
    """SQLite's errors as ours: one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise EndedError(_ENDED) from None
        raise StoreError(f"{path}: {error}: {_remedy(error, path)}") from error


_ENDED: Final = "ended before it was done: it took too long, or nobody waited for it; ask for less"
ANEW: Final = "run `kg rebuild` to make it anew from the sources"
_FULL: Final = "make room on the disk and run it again: the build goes on where it stopped"
_REMEDIES: Final = {  # by SQLite's result codes
    sqlite3.SQLITE_BUSY: "another build is writing it, try again when it is done",
    sqlite3.SQLITE_LOCKED: "another build is writing it, try again when it is done",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: "choose an output folder that can be written",
    sqlite3.SQLITE_READONLY: "choose an output folder that can be written",
    sqlite3.SQLITE_PERM: "choose an output folder that can be written",
    sqlite3.SQLITE_IOERR: "the disk can't be read or written: look at it, then build again",
    sqlite3.SQLITE_NOMEM: "not enough memory: end other programs, then build again",
}
_NO_PLACE: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_OF_THE_DISK: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)


def _remedy(error: sqlite3.Error, path: Path) -> str:
    """What to do about an error of SQLite, which doesn't always say so where a disk is full."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _OF_THE_DISK and path.parent.is_dir() and shutil.disk_usage(path.parent).free < _LEAST:
        return _FULL
    return _REMEDIES.get(code, ANEW)
