"""How files are known again."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def set_aside(path: Path, hash_: str) -> Path:
    """The same file under another name beside it, made of its hash; a copy where a file can have but one
    name.
    """
    names = (path.with_name(f"{path.name}.changed-{hash_[:length]}") for length in (16, 64))
    other = next(name for name in names if not _is_there(name) or _is(name, hash_))
    if not _is_there(other):
        try:
            other.hardlink_to(path)
        except OSError:
            shutil.copy2(path, other)
    return other


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _is(path: Path, hash_: str) -> bool:
    return path.is_file() and not path.is_symlink() and hash_of(path) == hash_
