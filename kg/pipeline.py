"""The stages in order: ingest, extract, link and assemble, export; each only where its inputs have changed.

What a stage's result depends on is kept as a hash beside it in the store, so a build that was killed goes on
with the papers not yet read, and a build that changes nothing does nothing.
"""

from __future__ import annotations

import gc
import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg import link, publish
from kg.assemble import assemble
from kg.errors import ConfigError, ExportError, StoreError
from kg.export import chosen
from kg.ids import digest
from kg.ingest import update
from kg.reading import Reader, batched
from kg.store import FILE_NAME, Store
from kg.types import Issue, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from kg.config import Config

    Progress = Callable[[str, int, int], None]

log = logging.getLogger(__name__)
_NEW_STORE: Final = FILE_NAME + ".new"
_AT_ONCE: Final = 1000  # papers whose statements are made at once


@dataclass(slots=True)
class Report:
    """What a build did: counts, whether anything had changed, the files it wrote and removed, and the issues
    to look at.
    """

    papers: int = 0
    new: int = 0
    gone: int = 0
    read: int = 0
    concepts: int = 0
    statements: int = 0
    output: Path | None = None
    changed: bool = False
    files: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changes: str = ""
    issues: list[Issue] = field(default_factory=list)
    coverage: dict[str, Any] = field(default_factory=dict)


def _silent(stage: str, done: int, total: int) -> None:
    """No progress to show."""


def build(
    config: Config, *, format: str | None = None, fresh: bool = False, progress: Progress = _silent
) -> Report:
    """Bring the store and all exports of `config.output` up to date with the sources, vocabularies and
    curation.

    `fresh` forgets all that was known; the old store stays until the new one is whole. `progress(stage, done,
    total)` is called as work goes on, counted in papers or files. Raises the library's errors; whatever it
    raises, the exports are those of the last whole build.
    """
    if not config.sources:
        raise ConfigError("no sources: name files of papers, or write a kg.toml with `kg init`")
    chosen(config.exports)  # a wrong name is told before hours of reading
    report = Report(output=config.output)
    with _store(config.output, fresh=fresh) as store:
        bound = config.max_unpacked
        done = update(store, config.sources, format=format, strict=config.strict, max_unpacked=bound)
        report.papers, report.new, report.gone = done.papers, done.new, done.gone
        report.read = Reader(config.pipeline).read_new(store, progress)
        _link(store, config, progress)
        published = publish.publish(store, config, progress)
        report.files, report.removed = list(published.files), list(published.removed)
        report.changed, report.changes = published.changed, published.changes
        report.concepts, report.statements = store.concepts_in_papers(), store.count(Statement)
        report.issues = list(store.issues())
        report.coverage = json.loads(store.get_meta("coverage"))
    return report


@contextmanager
def _store(output: Path, *, fresh: bool) -> Iterator[Store]:
    """The output folder's store; a fresh one takes the old one's place when all went well."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{output}: can't be made ({error.strerror}): choose another with -o") from error
    path = output / FILE_NAME
    if not fresh:
        with Store.open(path) as store:
            yield store
        return
    new = output / _NEW_STORE
    _forget(new)
    with Store.open(new) as store:
        with store.transaction():
            store.set_meta("files", _files(path))
        yield store
    _forget(path)
    new.replace(path)


def _files(path: Path) -> str:
    """Which exports the store that is to be replaced says are there; none where it can't be read."""
    try:
        with Store.open(path, readonly=True) as store:
            return store.get_meta("files")
    except StoreError:
        return ""


def _forget(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _link(store: Store, config: Config, progress: Progress) -> None:
    """Link what was read since the last linking, and all that this touches; everything where the linking
    itself, a vocabulary or a decision changed; nothing where nothing has.
    """
    fingerprint = link.fingerprint(config.vocabularies, config.curation)
    changed = store.unlinked() if store.get_meta("linked by") == fingerprint else None
    if changed == []:
        log.info("link: nothing has changed")
        return
    progress("link", 0, 1)
    vocabulary = link.load_vocabularies(config.vocabularies)
    judgements = link.load_judgements(config.curation)
    with _without_collector(), store.transaction():
        papers = link.Linker(store, vocabulary, judgements).update(changed)
        _assemble(store, papers)
        store.set_linked()
        store.set_meta("linked by", fingerprint)
        store.set_meta("linked", digest(fingerprint, store.extracted_hash()))
    progress("link", 1, 1)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the search for rings of objects, of which linking makes none among its millions: it takes a
    fifth of the time.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _assemble(store: Store, papers: Collection[str] | None) -> None:
    """Make the statements of some papers anew, or of all (None)."""
    if papers is None:
        every = [id_ for (id_,) in store.query("SELECT paper_id FROM extracted ORDER BY paper_id")]
        with store.filling(Statement):
            store.replace(Statement, _statements(store, every))
    else:
        store.set_statements(papers, _statements(store, sorted(papers)))


def _statements(store: Store, papers: Iterable[str]) -> Iterator[Statement]:
    for some in batched(papers, _AT_ONCE):
        links = {item.mention_id: item for item in store.links_of(some)}
        yield from assemble(store.claims(some), links)
