"""Publishing: the exports written into a room of the output folder, made sure of, and shown all at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import diff, fingerprint, published, soundness
from kg.export import Source, chosen, exporter
from kg.ids import digest
from kg.output.hashes import hash_of
from kg.types import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.config import Config
    from kg.output import Output
    from kg.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """Whether anything had changed, the names of the files written, what is new in them, in a line, the names
    of the files removed, and those of files kept as somebody had changed them.
    """

    changed: bool = False
    files: tuple[str, ...] = ()
    changes: str = ""
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def publish(
    store: Store,
    config: Config,
    output: Output,
    progress: Callable[[str, int, int], None],
    before: diff.Build | None = None,
) -> Published:
    """Write the chosen exports of the store, unless the last ones are of the same content and still whole;
    those of an earlier build that aren't chosen any more are removed, for they would tell of another one.

    What is new is told against the build that the store last published, or `before`. Raises ExportError; then
    the files of the last build are as they were.
    """
    names = chosen(config.exports)
    state = _state(store, config, names)
    if output.shows(state, names):
        log.info("export: nothing has changed")
        if published.state(store) != state:  # a store made anew, or left by a killed rebuild
            published.set_published(store, state)
        return Published()
    soundness.check(store)
    changes = _changes(store, output, before)
    with output.workplace() as folder:
        hashes = _write_all(store, config, names, folder, progress) if names else {}
        published.announce(store, state)
        removed, kept = output.publish(folder, hashes, state)
    published.set_published(store, state)
    return Published(True, tuple(sorted(hashes)), changes, tuple(removed), tuple(kept))


def _changes(store: Store, output: Output, before: diff.Build | None) -> str:
    """What the store has gained and lost against what is shown, where that is known."""
    if before is not None:
        return diff.diff(before, diff.of_store(store)).summary()
    known = published.state(store)
    return diff.since_published(store).summary() if known and known == output.state else ""


def _state(store: Store, config: Config, names: Sequence[str]) -> str:
    """Hash of all that the exports are made of."""
    papers = store.fingerprint(Paper)
    settings = (config.title, config.base_iri, config.licence, config.triple_terms)
    return digest(fingerprint.of("export"), store.get_meta("linked"), papers, *settings, names)


def _write_all(
    store: Store,
    config: Config,
    names: Sequence[str],
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> dict[str, str]:
    from kg.graph import build

    source = Source(store, build(store), config)
    hashes = {}
    for done, name in enumerate(names):
        progress("export", done, len(names))
        exporter(name)(source, folder / name)
        hashes[name] = hash_of(folder / name)
    progress("export", len(names), len(names))
    return hashes
