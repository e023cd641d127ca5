"""The stages in order: ingest, extract, link and assemble, export; each only where its inputs have changed.

What a stage's result depends on is kept as a hash beside it in the store, so a build that was killed goes on
with the papers not yet read, and a build that changes nothing does nothing.
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg import link, publish
from kg.assemble import assemble
from kg.errors import ConfigError, ExportError
from kg.ids import digest, digest_all
from kg.ingest import read_papers
from kg.reading import Reader
from kg.store import FILE_NAME, Store
from kg.types import Concept, Issue, Link, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.config import Config

    Progress = Callable[[str, int, int], None]

log = logging.getLogger(__name__)
_NEW_STORE: Final = FILE_NAME + ".new"


@dataclass(slots=True)
class Report:
    """What a build did: counts, the files it wrote (none where nothing had changed), and the issues to look
    at.
    """

    papers: int = 0
    new: int = 0
    gone: int = 0
    read: int = 0
    concepts: int = 0
    statements: int = 0
    output: Path | None = None
    files: list[str] = field(default_factory=list)
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
    reading = read_papers(config.sources, format=format, strict=config.strict)
    report = Report(output=config.output)
    with _store(config.output, fresh=fresh) as store:
        report.new, report.gone = store.set_papers(reading.papers)
        with store.transaction():
            store.set_issues("ingest", reading.issues)
        report.papers = len(reading.papers)
        report.read = Reader(config.pipeline).read_new(store, progress)
        _link(store, config, progress)
        published = publish.publish(store, config, progress)
        report.files, report.changes = list(published.files), published.changes
        report.concepts, report.statements = len(store.papers_per_concept()), store.count(Statement)
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
        yield store
    _forget(path)
    new.replace(path)


def _forget(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _link(store: Store, config: Config, progress: Progress) -> None:
    """Link all mentions and assemble the statements, unless nothing that they depend on has changed."""
    key = digest(link.fingerprint(config.vocabularies, config.curation), digest_all(store.extracted()))
    if store.get_meta("linked") == key:
        log.info("link: nothing has changed")
        return
    progress("link", 0, 1)
    vocabulary = link.load_vocabularies(config.vocabularies)
    linked = link.link(store.mentions(), vocabulary, link.load_judgements(config.curation))
    links = {item.mention_id: item for item in linked.links}
    with store.transaction():
        store.replace(Concept, linked.concepts)
        store.replace(Link, linked.links)
        store.replace(Statement, assemble(store.claims(), links))
        store.set_issues("link", linked.issues)
        store.set_meta("decisions", _json([asdict(each) for each in linked.decisions]))
        store.set_meta("coverage", _json(asdict(linked.coverage)))
        store.set_meta("linked", key)
    progress("link", 1, 1)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
