"""Sources read into a store that knows most of their lines: only new ones are read, and merged with those
that are, or could be, the same papers. The result is that of reading all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from kg import fingerprint
from kg.ingest.jsonl import read_line, written_lines
from kg.ingest.merge import kept_apart, merge_groups, title_key, without_abstract
from kg.ingest.page import read_page
from kg.ingest.readers import read_records
from kg.ingest.record import Notes, Record
from kg.types import Paper

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from kg.store import Store
    from kg.types import Issue

_BEFORE: Final = "ingested by"


class Item(NamedTuple):
    """A record by the hash of what it stands in; read when it is asked for."""

    key: str
    read: Callable[[], Record]


class Row(NamedTuple):
    """What the store keeps of a record: its paper's id in the source, whether that is the source's own, the
    key of its title, the paper that it was merged into, whether something is told of it at every build.
    """

    key: str
    id: str
    given: int
    title: str
    paper_id: str
    noted: int


@dataclass(slots=True)
class Updated:
    """How many papers there are, are new and are gone, and what was not guessed at."""

    papers: int = 0
    new: int = 0
    gone: int = 0
    issues: list[Issue] = field(default_factory=list)


def update(
    store: Store,
    paths: Iterable[Path],
    *,
    format: str | None = None,
    strict: bool = False,
    max_unpacked: int | None = None,
) -> Updated:
    """Make the papers of some sources those of the store, and their issues, in one transaction.

    Raises what `read_papers` does; then the store is as it was.
    """
    code = fingerprint.of("ingest")
    fresh = store.get_meta(_BEFORE) != code
    lines = _Lines({} if fresh else dict(store.query("SELECT key, noted FROM records")))
    issues: list[Issue] = []
    for path in paths:
        items, notes = read_records(
            path, format=format, strict=strict, max_unpacked=max_unpacked, readers=lines.readers
        )
        for item in items:  # of a line that stands twice, the first is told
            lines.here.setdefault(item.key, item.read)
        issues += notes.issues
    with store.transaction():
        if fresh:
            store.execute("DELETE FROM records")
        done = _change(store, lines, everything=fresh)
        rows = store.papers_without_abstract()
        bare = (issue for paper in rows if (issue := without_abstract(paper)))
        done.issues = [*issues, *bare, *kept_apart(_alike(store, lines))]
        store.set_issues("ingest", done.issues)
        store.set_meta(_BEFORE, code)
    return done


class _Lines:
    """Readers that read only lines that aren't known, and those of which something is to be told."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known
        self.here: dict[str, Callable[[], Record]] = {}
        self.noted: set[str] = set()
        self.readers = {"jsonl": self._jsonl, "page": self._page}

    def _jsonl(self, file: io.BufferedReader, notes: Notes) -> Iterator[Item]:
        for number, raw in written_lines(file, notes.source):
            key = _hash(notes.source, raw)
            if self.known.get(key) == 0:
                yield Item(key, partial(_read_again, raw, number, notes.source))
                continue
            before = len(notes.issues)
            if record := read_line(raw, number, notes):
                if len(notes.issues) > before:
                    self.noted.add(key)
                yield Item(key, partial(_itself, record))

    def _page(self, file: io.BufferedReader, notes: Notes) -> Iterator[Item]:
        for record in read_page(file, notes):
            yield Item(_hash(notes.source, repr(record).encode()), partial(_itself, record))


def _hash(source: str, content: bytes) -> str:
    return blake2b(source.encode() + b"\0" + content, digest_size=16).hexdigest()


def _itself(record: Record) -> Record:
    return record


def _read_again(raw: bytes, number: int, source: str) -> Record:
    record = read_line(raw, number, Notes(source))
    assert record is not None
    return record


def _change(store: Store, lines: _Lines, *, everything: bool) -> Updated:
    """Merge the records that came or went with those that they touch, and write what that changes."""
    new = {key: lines.here[key]() for key in lines.here.keys() - lines.known.keys()}
    gone = lines.known.keys() - lines.here.keys()
    old = _touched(store, new.values(), gone)
    before = {row.paper_id for row in old}
    if everything:
        before = {id_ for (id_,) in store.query("SELECT id FROM papers")}
    records = {row.key: lines.here[row.key]() for row in old if row.key not in gone} | new
    given = {
        row.id for row in _rows(store, "id", _ids(records.values())) if row.given and row.key not in gone
    }
    merged = merge_groups(records.values(), given)
    papers = [paper for paper, _ in merged]
    store.change_papers(papers, before - {paper.id for paper in papers})
    of = {id(record): paper.id for paper, group in merged for record in group}
    rows = [_row(key, record, of[id(record)], key in lines.noted) for key, record in records.items()]
    store.write("DELETE FROM records WHERE key = ?", ((key,) for key in gone))
    store.write("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?)", sorted(rows))
    ids = {paper.id for paper in papers}
    return Updated(store.count(Paper), len(ids - before), len(before - ids))


def _alike(store: Store, lines: _Lines) -> Iterator[tuple[str, Record]]:
    """The records that share an id of their own, or a title, with one of another paper; with their papers."""
    shared = "SELECT {0} FROM records{1} GROUP BY {0} HAVING count(DISTINCT paper_id) > 1"
    ids, titles = shared.format("id", " WHERE given"), shared.format("title", "")
    found = f"SELECT paper_id, key FROM records WHERE (given AND id IN ({ids})) OR title IN ({titles})"
    return ((paper_id, lines.here[key]()) for paper_id, key in store.query(found))


def _touched(store: Store, new: Collection[Record], gone: Collection[str]) -> list[Row]:
    """The known records of all papers that records which came or went belong to, or could; and of those whose
    ids these papers may take or leave, and so on.
    """
    found = {row.key: row for row in _rows(store, "key", gone)}
    ids, titles = _ids(new), {title_key(record.paper) for record in new}
    asked: tuple[set[str], set[str]] = (set(), set())
    while True:
        ids |= {each for row in found.values() for each in (row.id, row.paper_id)}
        titles |= {row.title for row in found.values()}
        if asked == (ids, titles):
            return list(found.values())
        near = [*_rows(store, "id", ids - asked[0]), *_rows(store, "paper_id", ids - asked[0])]
        near += _rows(store, "title", titles - asked[1])
        asked = {*ids}, {*titles}
        found |= {row.key: row for row in near}


def _ids(records: Iterable[Record]) -> set[str]:
    return {record.paper.id for record in records}


def _rows(store: Store, column: str, values: Collection[str]) -> list[Row]:
    statement = f"SELECT * FROM records WHERE {column} IN (SELECT value FROM json_each(?))"
    return [Row(*row) for row in store.query(statement, (json.dumps(sorted(values)),))] if values else []


def _row(key: str, record: Record, paper_id: str, noted: bool) -> Row:
    return Row(key, record.paper.id, int(record.given), title_key(record.paper), paper_id, int(noted))
