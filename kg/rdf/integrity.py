"""Whether a store is as it was made: its files are listed with their sizes and hashes when it is made.

The sizes are looked at whenever the store is opened, the hashes when something went wrong. Without its list a
store counts as damaged.
"""

from __future__ import annotations

import json
from hashlib import file_digest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIST: Final = "files.json"
_IGNORED: Final = frozenset({LIST, "LOG", "LOCK"})  # what the engine says of itself


def write_list(folder: Path) -> None:
    """List the files of a store that is made and closed."""
    found = {
        entry.name: [entry.stat().st_size, _hash(entry)]
        for entry in sorted(folder.iterdir())
        if entry.name not in _IGNORED
    }
    (folder / LIST).write_text(json.dumps(found), encoding="utf-8")


def listed(folder: Path) -> bool:
    """Whether a folder is a store of ours, whole or not: it has our list."""
    return folder.is_dir() and not folder.is_symlink() and (folder / LIST).is_file()


def complete(folder: Path) -> bool:
    """Whether all files are there, each of its size."""
    return _fits(folder, lambda path, size, _: path.stat().st_size == size)


def intact(folder: Path) -> bool:
    """Whether all files are, byte for byte, what they were: reads them all."""
    return _fits(folder, lambda path, size, known: path.stat().st_size == size and _hash(path) == known)


def _fits(folder: Path, same: Callable[[Path, int, str], bool]) -> bool:
    try:
        listed = json.loads((folder / LIST).read_bytes())
        return bool(listed) and all(same(folder / name, *known) for name, known in listed.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "blake2b").hexdigest()
