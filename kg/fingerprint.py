"""What the result of each stage hangs on, besides its input: the files of this package, as one hash a stage.

Where a file of a stage changes, what that stage found is found anew. The version of the package is none of
them: a new version that reads as the last one did reads nothing anew.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE: Final = Path(__file__).parent
_TERMS: Final = ("errors.py", "ids.py", "text.py", "types.py", "vocab.py")
_STORE: Final = ("database.py", "fulltext.py", "published.py", "records.py", "store.py")
# Held by a test to what the modules of a stage import; what they read at run time lies beside them
FILES: Final = {
    "ingest": ("ingest", "size.py", *_TERMS),
    "extract": ("extract", "offline.py", *_TERMS),
    "link": ("link", "assemble.py", "sandbox.py", *_STORE, *_TERMS),
    "export": (
        "export",
        "graph",
        "rdf",
        "link",
        "cells.py",
        "soundness.py",
        "version.py",
        *_STORE,
        *_TERMS,
    ),
}


def of(stage: str, package: Path = PACKAGE) -> str:
    """The hash of a stage's files, as 16 hexadecimal digits."""
    return of_files((package / name for name in FILES[stage]), package)


@cache
def of_folder(folder: Path) -> str:
    """The hash of all files below a folder; found once, however often it is asked for."""
    return of_files([folder], folder)


def of_files(paths: Iterable[Path], base: Path) -> str:
    """The hash of files and of all below folders, by name (from `base`) and content; compiled code is left
    out.
    """
    whole = hashlib.sha256()
    for file in sorted(file for path in paths for file in _below(path)):
        name = file.relative_to(base).as_posix()
        whole.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:16]


def _below(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
