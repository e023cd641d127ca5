"""Writing the exports: all of them into a folder of their own first, then into place."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import diff
from kg.errors import ExportError, SourceError
from kg.export import Source, chosen, exporter
from kg.ids import digest
from kg.types import Paper
from kg.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.config import Config
    from kg.store import Store

log = logging.getLogger(__name__)
_FOLDER: Final = ".new"  # inside the output folder: moving a file into place must not cross file systems


@dataclass(frozen=True, slots=True)
class Published:
    """Whether anything had changed, the names of the files written, what is new in them, in a line, and the
    names of the files removed.
    """

    changed: bool = False
    files: tuple[str, ...] = ()
    changes: str = ""
    removed: tuple[str, ...] = ()


def publish(store: Store, config: Config, progress: Callable[[str, int, int], None]) -> Published:
    """Write the chosen exports of the store, unless the last ones are of the same content and still whole;
    those of an earlier build that aren't chosen any more are removed, for they would tell of another one.

    Raises ExportError; then the files of the last build are as they were.
    """
    names = chosen(config.exports)
    key = _key(store, config, names)
    before = json.loads(store.get_meta("files") or "{}")
    if store.get_meta("published") == key and _whole(config.output, before):
        log.info("export: nothing has changed")
        return Published()
    folder = config.output / _FOLDER
    try:
        hashes = _write_all(store, config, names, folder, progress) if names else {}
        changes = _changes(config.output, folder)
        for name in hashes:
            (folder / name).replace(config.output / name)
        old = {name: hash_ for name, hash_ in before.items() if name not in names}
        removed = sorted(name for name in old if _whole(config.output, {name: old[name]}))
        for name in removed:
            (config.output / name).unlink()
    except OSError as error:
        where = error.filename or config.output
        raise ExportError(
            f"{where}: {error.strerror or error}: make room or choose another folder with -o"
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with store.transaction():
        store.set_meta("published", key)
        store.set_meta("files", json.dumps(hashes, sort_keys=True))
    return Published(True, tuple(sorted(hashes)), changes, tuple(removed))


def _changes(old: Path, new: Path) -> str:
    """What the new tables have gained and lost against those of the last build, where there are any."""
    if not all((folder / name).is_file() for folder in (old, new) for name in diff.TABLES):
        return ""
    try:
        before = diff.of_tables(old)
    except SourceError as error:
        log.warning("the last build's tables can't be compared: %s", error)
        return ""
    return diff.diff(before, diff.of_tables(new)).summary()


def _key(store: Store, config: Config, names: Sequence[str]) -> str:
    """Hash of all that the exports are made of."""
    papers = store.fingerprint(Paper)
    settings = (config.title, config.base_iri, config.licence, config.triple_terms)
    return digest(VERSION, store.get_meta("linked"), papers, *settings, names)


def _whole(output: Path, files: dict[str, str]) -> bool:
    """Whether files (name: hash) of the last build are there, unaltered."""
    return all((output / name).is_file() and _hash(output / name) == hash_ for name, hash_ in files.items())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_all(
    store: Store,
    config: Config,
    names: Sequence[str],
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> dict[str, str]:
    from kg.graph import build

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    source = Source(store, build(store), config)
    hashes = {}
    for done, name in enumerate(names):
        progress("export", done, len(names))
        exporter(name)(source, folder / name)
        hashes[name] = _hash(folder / name)
    progress("export", len(names), len(names))
    return hashes
