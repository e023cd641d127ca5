"""Files that change together: whoever looks at a folder sees all the old ones or all the new ones.

While files change, `switch/` in the folder's hidden room holds the old ones in `old/` (second names of the
same files), the new ones in `new/`, and `now`, a symbolic link to one of the two:

1. each name in the folder becomes a symbolic link to `switch/now/NAME`, and shows what it showed before;
2. `now` is turned from `old` to `new` by a single rename: this is the switch;
3. each name becomes the file itself again.

A process that ends anywhere in this leaves a folder that shows one build; `settle` goes back or on from
there. Where the file system has no symbolic links, the files are moved one by one, and `settle` goes on with
those not moved yet.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_OLD, _NEW, _NOW, _STEP, _GONE = "old", "new", "now", "step", "gone"
_GRACE: Final = 0.05  # seconds in which who has read a link opens what it names
_WHOLE_FOLDER: Final = getattr(os, "O_DIRECTORY", 0)


class Switch:
    """The change of some files at once, by way of a room beside them; `place` tells where the file of a name
    stands.

    Every method raises OSError.
    """

    def __init__(self, room: Path, place: Callable[[str], Path]) -> None:
        self._room = room
        self._at = room / "switch"
        self._place = place

    def change(self, new: Path, gone: Iterable[str] = ()) -> None:
        """Put all files of the folder `new` in their places and take away those called `gone`; `new` is used
        up.

        Whatever is raised, the places show all of the old files or all of the new ones.
        """
        names = sorted({file.name for file in new.iterdir()} | {*gone})
        try:
            self._prepare(new, names)
            self._turn(names)
            for name in names:  # the new files themselves, and yet still there for whoever has read a link
                self._put_second(name)
            time.sleep(_GRACE)
        finally:
            self.settle()

    def _put_second(self, name: str) -> None:
        """A new file in its place, under a second name."""
        step = self._at / _STEP
        if self._is_link(name) and (self._at / _NEW / name).is_file():
            with suppress(OSError):
                step.hardlink_to(self._at / _NEW / name)
                step.replace(self._place(name))

    def settle(self) -> None:
        """End a change that was begun: back to the old files, or on to the new ones if it had come so far."""
        now = self._at / _NOW
        if now.is_symlink() and str(now.readlink()) in (_OLD, _NEW):
            shown = self._at / now.readlink()
            for name in self._names():
                if self._is_link(name):
                    _put(shown / name, self._place(name))
        elif now.is_file():
            for name in self._names():
                if (self._at / _NEW / name).is_file():
                    (self._at / _NEW / name).replace(self._place(name))
                elif name not in now.read_text(encoding="utf-8").splitlines():
                    self._place(name).unlink(missing_ok=True)
        if self._at.is_dir():
            shutil.rmtree(self._room / _GONE, ignore_errors=True)
            self._at.rename(self._room / _GONE)  # so that no half of it is taken for a change
        shutil.rmtree(self._room / _GONE, ignore_errors=True)

    def _prepare(self, new: Path, names: Iterable[str]) -> None:
        old = self._at / _OLD
        old.mkdir(parents=True)
        for name in names:
            if self._place(name).is_file():
                _second_name(self._place(name), old / name)
        for file in new.iterdir():
            if (old / file.name).is_file():
                shutil.copymode(old / file.name, file)
        for file in (*new.iterdir(), new):
            _keep(file)
        new.rename(self._at / _NEW)

    def _turn(self, names: Iterable[str]) -> None:
        """The three steps but the last, which is `settle`."""
        try:
            self._point(_OLD)
        except OSError:  # no symbolic links here: from now on, the new files count
            step = self._at / _STEP
            step.write_text("\n".join(file.name for file in (self._at / _NEW).iterdir()), encoding="utf-8")
            step.replace(self._at / _NOW)
            return
        for name in names:
            step = self._at / _STEP
            step.symlink_to(self._link(name))
            step.replace(self._place(name))
        self._point(_NEW)
        _keep(self._at)

    def _point(self, to: str) -> None:
        step = self._at / _STEP
        step.symlink_to(to)
        step.replace(self._at / _NOW)

    def _names(self) -> list[str]:
        folders = [self._at / _OLD, self._at / _NEW]
        return sorted({file.name for folder in folders if folder.is_dir() for file in folder.iterdir()})

    def _link(self, name: str) -> Path:
        return Path(os.path.relpath(self._at / _NOW / name, self._place(name).parent))

    def _is_link(self, name: str) -> bool:
        """Whether a place shows its file by way of `now`."""
        return self._place(name).is_symlink() and self._place(name).readlink() == self._link(name)


def _put(file: Path, place: Path) -> None:
    """The file in its place; nothing there where there is no such file."""
    if file.is_file():
        file.replace(place)
    else:
        place.unlink()


def _second_name(file: Path, other: Path) -> None:
    """The same file under another name; a copy where a file can have but one."""
    try:
        other.hardlink_to(file)
    except OSError:
        shutil.copy2(file, other)


def _keep(path: Path) -> None:
    """Wait until the disk has what was written, so that after a power cut too a name has a whole file behind
    it.
    """
    if os.name == "nt":
        return  # neither folders nor files that are only read can be synchronised there
    descriptor = os.open(path, os.O_RDONLY | (_WHOLE_FOLDER if path.is_dir() else 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
