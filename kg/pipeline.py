"""The stages in order: ingest, extract, link and assemble, export; each only where its inputs have changed.

What a stage's result depends on is kept as a hash beside it in the store, so a build that was killed goes on
with the papers not yet read, and a build that changes nothing does nothing.
"""

from __future__ import annotations

import gc
import json
import logging
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg import diff, link, publish, published
from kg.assemble import assemble
from kg.errors import ConfigError, StoreError
from kg.export import EXPORTERS, chosen
from kg.ids import digest
from kg.ingest import refuse_missing, update
from kg.output import Output
from kg.output.stores import Seal, put_in_place, refuse_stranger
from kg.reading import Reader, batched
from kg.store import FILE_NAME, Store
from kg.types import Issue, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from kg.config import Config

    Progress = Callable[[str, int, int], None]

log = logging.getLogger(__name__)
_AT_ONCE: Final = 1000  # papers whose statements are made at once


@dataclass(slots=True)
class Report:
    """What a build did: counts, whether anything had changed, the files it wrote, removed and kept as
    somebody had changed them, and the issues to look at.
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
    kept: list[str] = field(default_factory=list)
    changes: str = ""
    issues: list[Issue] = field(default_factory=list)
    coverage: dict[str, Any] = field(default_factory=dict)


def _silent(stage: str, done: int, total: int) -> None:
    """No progress to show."""


def build(
    config: Config,
    *,
    format: str | None = None,
    fresh: bool = False,
    wait: bool = False,
    progress: Progress = _silent,
) -> Report:
    """Bring the store and all exports of `config.output` up to date with the sources, vocabularies and
    curation.

    `fresh` forgets all that was known; the old store stays until the new one is whole. Where another build is
    at work in the folder, `wait` for it, or raise StoreError. `progress(stage, done, total)` is called as
    work goes on, counted in papers or files. Raises the library's errors; whatever it raises, the exports are
    those of the last whole build, and nothing that a build of ours didn't write is touched.
    """
    if not config.sources:
        raise ConfigError("no sources: name files of papers, or write a kg.toml with `kg init`")
    chosen(config.exports)  # a wrong name is told before hours of reading, and so is a wrong decision
    output = Output(config.output)
    if not output.marked:  # nothing of ours is put into a folder that may be somebody's
        _refuse_strangers(config, output)
    refuse_missing(config.sources)
    link.load_judgements(config.curation)
    report = Report(output=config.output)
    with output.held(wait=wait):
        _refuse_strangers(config, output)
        with _store(output, fresh=fresh) as (store, before):
            _run(config, store, format, progress, report)
            found = publish.publish(store, config, output, progress, before)
            report.files, report.removed, report.kept = [*found.files], [*found.removed], [*found.kept]
            report.changed, report.changes = found.changed, found.changes
    return report


def _run(config: Config, store: Store, format: str | None, progress: Progress, report: Report) -> None:
    """The stages up to the store, and what there is to report of them."""
    bound = config.max_unpacked
    done = update(store, config.sources, format=format, strict=config.strict, max_unpacked=bound)
    report.papers, report.new, report.gone = done.papers, done.new, done.gone
    report.read = Reader(config.pipeline, config.jobs).read_new(store, progress)
    _link(store, config, progress)
    report.concepts, report.statements = store.concepts_in_papers(), store.count(Statement)
    report.issues = list(store.issues())
    report.coverage = json.loads(store.get_meta("coverage"))


def _refuse_strangers(config: Config, output: Output) -> None:
    """Raise an error where a build would write over what isn't its own, or over what it reads."""
    read = [*config.sources, *config.vocabularies, *([config.curation] if config.curation else [])]
    with output.told():
        refuse_stranger(config.output / FILE_NAME, marked=output.marked)
        output.refuse_strangers(chosen(config.exports), [*EXPORTERS, FILE_NAME], read)


@contextmanager
def _store(output: Output, *, fresh: bool) -> Iterator[tuple[Store, diff.Build | None]]:
    """The output folder's store, and for a fresh one the build before it; a fresh one takes the old one's
    place when all went well.
    """
    path = output.folder / FILE_NAME
    seal = Seal(path, output.room)
    if not fresh:
        with _opened(path, seal) as store:
            published.settle(store, output.state)
            yield store, None
        return
    new = output.room / FILE_NAME
    with Store.open(new) as store:
        yield store, _last(path, output.state)
        store.fold()
    with output.told():
        seal.forget()
        put_in_place(new, path)
    seal.put()


@contextmanager
def _opened(path: Path, seal: Seal) -> Iterator[Store]:
    """The store, as the last build left it: one that was left in the middle is looked through first."""
    there = path.exists()
    sealed = seal.lift()
    store = Store.open(path)
    with closing(store):
        if there and not sealed:
            store.refuse_damage()
        yield store
        store.fold()
        changed = bool(store.changes)
    seal.put(changed=changed or not sealed)


def _last(path: Path, shown: str) -> diff.Build | None:
    """What a store that is to be replaced has published; nothing where that can't be read, or isn't what is
    shown.
    """
    with suppress(StoreError), Store.open(path, readonly=True) as store:
        return diff.of_published(store) if shown and published.state(store) == shown else None
    return None


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
