"""The exports as an Oxigraph store on disk, so that a query needn't parse them.

The store lies in `kg.oxigraph/`, a folder for each state of the exports, named after their content: it is
made beside and moved into place, by one process at a time, so that a reader finds a whole one or none. One
that is damaged is made anew. The data is the default graph; the ontology and what is known of earlier states
(`kg:firstSeen`) are graphs of their own.
"""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import pyoxigraph as ox

from kg.errors import QueryError
from kg.ids import digest
from kg.rdf import content, integrity
from kg.rdf.content import ChangedError, Export
from kg.rdf.loading import load, ontology

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Found = TypeVar("Found")
FOLDER: Final = "kg.oxigraph"
_LAYOUT: Final = 2  # of this store; a change of it makes the stores of others stale
_TRIES: Final = 5  # at exports that change while they are read
_WAIT: Final = 600.0  # seconds for another process to make the store
_NEW: Final = ".paperkg-new-"
_NAME = re.compile(r"[0-9a-f]{16}")  # of a store: its state
_NO_PLACE: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})  # nothing that one needs be told


class Opened(NamedTuple):
    """A store, the state of the exports that it holds, what there is to tell of its making, and whether it
    was made on disk just now, in place of a damaged one perhaps.
    """

    store: ox.Store
    state: str
    told: str = ""
    made: bool = False
    mended: bool = False


def state(folder: Path) -> str:
    """A name for the present content of the exports. Raises QueryError."""
    return _again(lambda trust: _state_of(folder, trust=trust), folder)


def open_store(folder: Path) -> ox.Store:
    """The store of the present exports, made first where there is none; never written to."""
    return opened(folder).store


def opened(
    folder: Path, *, verify: bool = False, before_memory: Callable[[], object] = lambda: None
) -> Opened:
    """The store of the present exports with its state, made first where there is none or a damaged one.

    To `verify` is to read all its files. Where it can't be made on disk, it is in memory, and `before_memory`
    is called first. Raises QueryError for exports that can't be read.
    """
    return _again(lambda trust: _open(folder, verify, before_memory, trust=trust), folder)


def _again(work: Callable[[bool], Found], folder: Path) -> Found:
    """What the work finds while nobody writes; once that was so, hashes of before aren't trusted."""
    for number in range(_TRIES):
        try:
            return work(number == 0)
        except ChangedError:
            continue
    raise QueryError(f"{folder}: the exports are being written: try again when the build is done")


def _export(folder: Path, *, trust: bool) -> Export:
    return Export.open(folder, folder / FOLDER / content.NOTES, trust=trust)


def _name(export: Export) -> str:
    return digest(_LAYOUT, ox.__version__, export.path.name, export.content, ontology())


def _state_of(folder: Path, *, trust: bool) -> str:
    with _export(folder, trust=trust) as export:
        return _name(export)


def _open(folder: Path, verify: bool, before_memory: Callable[[], object], *, trust: bool) -> Opened:
    with _export(folder, trust=trust) as export:
        name = _name(export)
        wanted = folder / FOLDER / name
        whole = integrity.intact if verify else integrity.complete
        if store := _read(wanted, whole):
            return Opened(store, name)
        damaged = wanted.exists()
        try:
            with _alone(wanted.parent):
                store = _read(wanted, whole) or _make(export, wanted)
            return Opened(store, name, made=True, mended=damaged)
        except (OSError, NotImplementedError, RuntimeError) as error:
            told = ""
            if getattr(error, "errno", None) not in _NO_PLACE:
                told = f"{wanted.parent}: {_reason(error)}: the exports are loaded in memory instead"
            before_memory()
            store = _in_memory(export, name)
        return Opened(store, name, told, mended=damaged)


def _in_memory(export: Export, name: str) -> ox.Store:
    try:
        return load(ox.Store(), export, None, name)
    except (OSError, RuntimeError) as error:
        raise QueryError(f"{export.path}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What the system says; RocksDB says what it was doing besides, before that or after it."""
    text = " ".join(str(getattr(error, "strerror", None) or error).split()).rpartition("IO error: ")[2]
    words = text.rpartition(": ")[2] if text.startswith("While ") else text.partition(": While ")[0]
    return words[:200]


def _read(wanted: Path, whole: Callable[[Path], bool]) -> ox.Store | None:
    if not whole(wanted):
        return None
    try:
        return ox.Store.read_only(str(wanted))
    except (OSError, RuntimeError):  # of the size that it had, and yet damaged
        return None


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """No other process makes a store meanwhile: what others have left half made is nobody's. Raises OSError,
    and NotImplementedError where there are no locks.
    """
    from filelock import FileLock

    parent.mkdir(exist_ok=True)
    with FileLock(parent / ".lock", timeout=_WAIT):
        for entry in parent.glob(f"{_NEW}*"):
            shutil.rmtree(entry, ignore_errors=True)
        for entry in parent.glob(f"{content.NEW}*"):
            entry.unlink(missing_ok=True)
        yield


def _make(export: Export, wanted: Path) -> ox.Store:
    if wanted.exists():
        shutil.rmtree(wanted)
    earlier = _latest(wanted.parent)
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=wanted.parent))
    new.chmod(wanted.parent.stat().st_mode & 0o777)  # whoever may read the folder may read the store
    try:
        store = load(ox.Store(str(new)), export, earlier, wanted.name)
        store.flush()
        del store
        integrity.write_list(new)
        new.rename(wanted)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    _forget(wanted.parent, keep={wanted, earlier})
    return ox.Store.read_only(str(wanted))


def _latest(parent: Path) -> Path | None:
    """The store that was made last, if it is whole: what is new is known by it."""
    last = max(_stores(parent), key=lambda entry: (entry.stat().st_mtime_ns, entry.name), default=None)
    return last if last and integrity.intact(last) else None


def _forget(parent: Path, keep: set[Path | None]) -> None:
    """Remove what is neither the present state nor the last, which a running server may still read."""
    for entry in _stores(parent):
        if entry not in keep:
            shutil.rmtree(entry, ignore_errors=True)


def _stores(parent: Path) -> list[Path]:
    """The folders that are stores of ours, by name and content: what else is there is somebody's."""
    return [entry for entry in parent.iterdir() if _NAME.fullmatch(entry.name) and integrity.listed(entry)]
