"""The output folder: which files in it a build of ours wrote, and the room that a build works in.

`.paperkg/` in it is the mark of our builds. Its `files.json` lists the exports as they were written, and
changes at once with them; only what it lists is ever replaced or removed, and what a person has changed since
is kept beside.
"""

from __future__ import annotations

import errno
import json
import shutil
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from kg.database import FILE_NAME, SIDE_FILES
from kg.errors import ExportError, advice
from kg.output.hashes import hash_of, set_aside
from kg.output.lock import locked
from kg.output.stores import listed_before
from kg.output.switch import Switch
from kg.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

ROOM: Final = ".paperkg"
_FILES: Final = "files.json"
_LOCK: Final = "lock"  # made by the first build that works here, and so the mark of ours
_NEW: Final = "new"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ANOTHER: Final = "choose another folder with -o"
_HEAD: Final = 4096  # bytes of a file in which an RDF file of ours names our ontology


class Output:
    """A folder of exports; what is written, is written while it is held. Raises ExportError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.room = folder / ROOM
        self._switch = Switch(self.room, lambda name: (self.room if name == _FILES else folder) / name)

    @contextmanager
    def held(self, *, wait: bool = False) -> Iterator[None]:
        """Keep other builds out, and clear up what one that was ended has left; the folder is made where it
        is missing. StoreError where another build is at work, unless one would `wait` for it.
        """
        with ExitStack() as stack:
            with self.told():
                self.room.mkdir(parents=True, exist_ok=True)
                stack.enter_context(locked(self.room / _LOCK, wait=wait))
                self._switch.settle()
                shutil.rmtree(self.room / _NEW, ignore_errors=True)
                for ending in ("", *SIDE_FILES):
                    (self.room / f"{FILE_NAME}{ending}").unlink(missing_ok=True)
            yield

    @contextmanager
    def told(self) -> Iterator[None]:
        """The system's errors as ours."""
        try:
            yield
        except OSError as error:
            where = error.filename or self.folder
            do = advice(error) if error.errno in _FULL else _ANOTHER
            raise ExportError(f"{where}: {error.strerror or error}: {do}") from error

    @property
    def marked(self) -> bool:
        """Whether a build of ours has been at work here."""
        with suppress(OSError):  # a name too long, a folder that can't be entered
            return not self.room.is_symlink() and (self.room / _LOCK).is_file()
        return False

    def refuse_strangers(self, names: Iterable[str], ours: Iterable[str], read: Iterable[Path]) -> None:
        """Raise ExportError where a file that no build of ours wrote stands where one of these would be
        written, or where one that this build reads has the place of any of `ours`.
        """
        if not self.marked and (self.room.is_symlink() or _holds_anything(self.room)):
            raise ExportError(f"{self.room}: in the way, and not ours: {_ANOTHER}")
        if ROOM in self.folder.resolve().parts:
            raise ExportError(f"{self.folder}: inside of what belongs to another build: {_ANOTHER}")
        places = {(self.folder / name).resolve() for name in ours}
        for path in read:
            if str(path) != "-" and (
                path.resolve() in places or self.room.resolve() in path.resolve().parents
            ):
                raise ExportError(f"{path}: read by this build, and one that it may overwrite: {_ANOTHER}")
        for name in names:
            path = self.folder / name
            if path.is_symlink() or path.exists():
                self._refuse_stranger(path)

    def _refuse_stranger(self, path: Path) -> None:
        if path.is_symlink() or not path.is_file() or not (path.name in self.files or _bears_our_mark(path)):
            raise ExportError(f"{path}: in the way, and no build of ours wrote it: move it, or {_ANOTHER}")

    @property
    def _manifest(self) -> Mapping[str, Any]:
        """What `files.json` says; nothing where it can't be read."""
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads((self.room / _FILES).read_text(encoding="utf-8"))
            if isinstance(found, dict) and isinstance(found.get("files"), dict):
                return found | {
                    "files": {name: found["files"][name] for name in filter(_is_name, found["files"])}
                }
        return {"files": listed_before(self.folder / FILE_NAME), "state": ""}

    @property
    def files(self) -> dict[str, str]:
        """The files that the last build wrote, by name, each with the hash of its bytes (SHA-256)."""
        return dict(self._manifest["files"])

    @property
    def state(self) -> str:
        """The state of which the exports are; empty where there are none."""
        return str(self._manifest.get("state", ""))

    def shows(self, state: str, names: Iterable[str]) -> bool:
        """Whether the exports are those of a state, and whole."""
        manifest, files = self._manifest, self.files
        return manifest.get("state") == state and all(
            self._unaltered(name, files.get(name)) for name in names
        )

    def _unaltered(self, name: str, hash_: str | None) -> bool:
        path = self.folder / name
        return path.is_file() and not path.is_symlink() and hash_of(path) == hash_

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """An empty folder in the room, for the new files; gone afterwards."""
        folder = self.room / _NEW
        with self.told():
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, new: Path, hashes: Mapping[str, str], state: str) -> tuple[list[str], list[str]]:
        """Have the files of the workplace, with these hashes, be the exports, at once, in place of all
        earlier ones.

        Returns the names of the earlier ones that were removed, and those under which files are kept that
        somebody had changed since they were written: beside what takes their place, or as they are where
        nothing does.
        """
        known = self.files
        left = {name: hash_ for name, hash_ in known.items() if name not in hashes}
        removed = [name for name, hash_ in left.items() if self._unaltered(name, hash_)]
        stay = {
            name: hash_
            for name, hash_ in left.items()
            if name not in removed and (self.folder / name).exists()
        }
        kept = [
            kept
            for name, hash_ in hashes.items()
            if (kept := self._keep(name, known.get(name, hash_), hash_))
        ]
        manifest = {"files": dict(sorted((stay | dict(hashes)).items())), "state": state}
        (new / _FILES).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        self._switch.change(new, removed)
        return sorted(removed), sorted([*kept, *stay])

    def _keep(self, name: str, was: str, new: str) -> str:
        """Keep a file that isn't as it was written under another name; returns that, or nothing."""
        path = self.folder / name
        if not path.is_file() or (now := hash_of(path)) in (was, new):
            return ""
        return set_aside(path, now).name


def _holds_anything(path: Path) -> bool:
    """Whether there is more at a place than an empty folder."""
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and "/" not in name and "\\" not in name


def _bears_our_mark(path: Path) -> bool:
    """Whether an RDF file is an export of ours that came here without the list, by version control say."""
    with suppress(OSError), path.open("rb") as file:
        return ONTOLOGY.encode() in file.read(_HEAD)
    return False
