"""The store: one SQLite file that holds what every stage found, so that a build goes on where the last one
stopped.

Every write of a stage is one transaction: after a kill the store is as before it or after it. Everything that
a reader sees (graph, RDF, page, tables) is derived from here.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from kg import fulltext, published, records
from kg.database import ANEW, Database
from kg.database import FILE_NAME as FILE_NAME  # where a folder has its store
from kg.errors import StoreError
from kg.ids import digest
from kg.types import Claim, Concept, Issue, Mention, Paper, Statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kg.types import Extraction, Link


VERSION: Final = 4
_EXTRACTED: Final = "CREATE TABLE extracted (paper_id PRIMARY KEY, text_hash, fingerprint) WITHOUT ROWID;"
_UNLINKED: Final = "CREATE TABLE unlinked (paper_id PRIMARY KEY) WITHOUT ROWID;"
_READ: Final = ("mentions", "claims", "extracted")  # what was read in papers, gone with them
_RECORDS: Final = """CREATE TABLE records (key PRIMARY KEY, id, given, title, paper_id, noted) WITHOUT ROWID;
    CREATE INDEX records_id ON records (id); CREATE INDEX records_title ON records (title);
    CREATE INDEX records_paper_id ON records (paper_id);"""
_META: Final = "CREATE TABLE meta (key PRIMARY KEY, value) WITHOUT ROWID;"


class Store(Database):
    """The papers and all that was made of them; iterators come sorted by key.

    Open with `Store.open`; use as a context manager.
    """

    version = VERSION
    schema = (
        "".join(table.create() for table in records.TABLES)
        + _RECORDS
        + _EXTRACTED
        + _UNLINKED
        + _META
        + fulltext.SCHEMA
        + published.SCHEMA
    )

    # --- papers and what was read in them

    def papers(self) -> Iterator[Paper]:
        return self._read(records.PAPERS)

    def paper(self, paper_id: str) -> Paper | None:
        return next(self._read(records.PAPERS, "id = ?", (paper_id,)), None)

    def set_papers(self, papers: Iterable[Paper]) -> tuple[int, int]:
        """Make these the papers, in one transaction; what was read in others is forgotten. Returns (new,
        gone).
        """
        new = list(papers)
        with self.transaction():
            old = {id_ for (id_,) in self.query("SELECT id FROM papers")}
            ids = {paper.id for paper in new}
            self.change_papers(new, old - ids)
        return len(ids - old), len(old - ids)

    def change_papers(self, papers: Iterable[Paper], gone: Collection[str]) -> None:
        """Put papers in place of those with their ids, and forget others and what was read in them; inside a
        transaction of the caller's.
        """
        self._forget(gone)
        self.update(Paper, papers, gone)

    def papers_without_abstract(self) -> Iterator[Paper]:
        return self._read(records.PAPERS, "abstract = ''")

    def _forget(self, papers: Collection[str]) -> None:
        """Forget what was read in some papers."""
        for name in _READ:
            self.write(f"DELETE FROM {name} WHERE paper_id = ?", ((id_,) for id_ in papers))
        self.write("INSERT OR REPLACE INTO unlinked VALUES (?)", ((id_,) for id_ in papers))

    def unread(self, fingerprint: str) -> list[Paper]:
        """Papers whose present text this extractor hasn't read."""
        known = "SELECT 1 FROM extracted e WHERE e.paper_id = papers.id AND e.text_hash = papers.text_hash"
        return list(self._read(records.PAPERS, f"NOT EXISTS ({known} AND e.fingerprint = ?)", (fingerprint,)))

    def add_extractions(self, batch: Iterable[tuple[Paper, Extraction]], fingerprint: str) -> None:
        """Keep what was read in some papers, in one transaction, in place of what had been read in them
        before.
        """
        pairs = list(batch)
        with self.transaction():
            self._forget([paper.id for paper, _ in pairs])
            self.insert(Mention, (m for _, extraction in pairs for m in extraction.mentions))
            self.insert(Claim, (c for _, extraction in pairs for c in extraction.claims))
            rows = [(paper.id, paper.text_hash, fingerprint) for paper, _ in pairs]
            self.write("INSERT OR REPLACE INTO extracted VALUES (?, ?, ?)", rows)

    def extracted(self) -> Iterator[tuple[str, str, str]]:
        """(paper id, hash of its text, fingerprint of the extractor that read it), sorted."""
        return self.query("SELECT paper_id, text_hash, fingerprint FROM extracted ORDER BY paper_id")

    def extracted_hash(self) -> str:
        """Hash of `extracted`, made by SQLite: there may be many."""
        rows = "SELECT paper_id, text_hash, fingerprint FROM extracted ORDER BY paper_id"
        whole = f"SELECT json_group_array(json_array(paper_id, text_hash, fingerprint)) FROM ({rows})"
        return digest(next(self.query(whole))[0])

    def unlinked(self) -> list[str]:
        """The papers that were read anew, or are gone, since what was read was last linked; sorted."""
        return [id_ for (id_,) in self.query("SELECT paper_id FROM unlinked ORDER BY paper_id")]

    def set_linked(self) -> None:
        """Note that all that was read is linked; inside a transaction of the caller's."""
        self.write("DELETE FROM unlinked", [()])

    def mentions(self, papers: str | Collection[str] | None = None) -> Iterator[Mention]:
        """All mentions, or those of one paper or of some, in the order of the text."""
        return self._read(records.MENTIONS, *_where("paper_id", papers))

    def claims(self, papers: str | Collection[str] | None = None) -> Iterator[Claim]:
        return self._read(records.CLAIMS, *_where("paper_id", papers))

    # --- what linking and assembling made of it

    def concepts(self) -> Iterator[Concept]:
        return self._read(records.CONCEPTS)

    def concept(self, concept_id: str) -> Concept | None:
        return next(self._read(records.CONCEPTS, "id = ?", (concept_id,)), None)

    def links_of(self, papers: Collection[str]) -> Iterator[Link]:
        """The links of some papers' mentions."""
        condition, values = _where("paper_id", papers)
        return self._read(records.LINKS, f"mention_id IN (SELECT id FROM mentions WHERE {condition})", values)

    def links(self, concept_id: str | None = None) -> Iterator[Link]:
        return self._read(records.LINKS, *_where("concept_id", concept_id))

    def statements(self, where: str = "", values: tuple[Any, ...] = ()) -> Iterator[Statement]:
        """Statements, all or those for which an SQL condition on the columns holds (`object = ?`)."""
        return self._read(records.STATEMENTS, where, values)

    def surest(self, where: str, values: tuple[Any, ...], most: int) -> tuple[list[Statement], int]:
        """Of the statements for which a condition holds, the `most` surest (0: all), and how many there are
        besides.
        """
        if not most:
            return list(self.statements(where, values)), 0
        chosen = f"id IN (SELECT id FROM statements WHERE {where} ORDER BY score DESC, id LIMIT ?)"
        found = list(self.statements(chosen, (*values, most)))
        if len(found) < most:
            return found, 0
        return found, next(self.query(f"SELECT count(*) FROM statements WHERE {where}", values))[0] - most

    def presence(self) -> dict[tuple[str, str], float]:
        """How sure it is, 0 to 1, that a paper (id) speaks of a concept (id): the surest of its mentions."""
        statement = (
            "SELECT m.paper_id, l.concept_id, max(m.score * l.score) FROM mentions m"
            " JOIN links l ON l.mention_id = m.id GROUP BY 1, 2"
        )
        return {(paper, concept): score for paper, concept, score in self.query(statement)}

    def papers_per_concept(self) -> dict[str, int]:
        """In how many papers each concept that is in any has a role."""
        statement = "SELECT object, count(DISTINCT paper_id) FROM statements WHERE"
        return dict(self.query(f"{statement} {records.IS_ROLE} GROUP BY object"))

    def concepts_in_papers(self) -> int:
        """How many concepts have a role in any paper: `len(papers_per_concept())`, but quick."""
        found = f"SELECT 1 FROM statements s WHERE s.object = c.id AND s.{records.IS_ROLE}"
        return int(next(self.query(f"SELECT count(*) FROM concepts c WHERE EXISTS ({found})"))[0])

    def replace(self, kind: type, items: Iterable[Any]) -> None:
        """Make these the concepts, links, statements or issues; inside a transaction of the caller's."""
        table = _table(kind)
        if kind is Statement:
            published.note_statements(self)
        if kind is Concept:
            published.note_rows(self, table.name)
        self.write(f"DELETE FROM {table.name}", [()])
        if kind is Concept:
            self.write("DELETE FROM search WHERE kind = 'concept'", [()])
            self.set_meta("sum of concepts", "")
            self.update(Concept, items)
        else:
            self.insert(kind, items)

    def update(
        self, kind: type[Paper | Concept], items: Iterable[Any], gone: Iterable[str] = ()
    ) -> list[str]:
        """Put papers or concepts in place of those with their ids, and delete others; returns the ids for
        which that changed something. Inside a transaction of the caller's.
        """
        table = _table(kind)
        new = {row[0]: row for row in map(table.encode, items)}
        columns = ", ".join(f'"{column}"' for column in table.all_columns)
        statement = f"SELECT {columns} FROM {table.name} WHERE id IN (SELECT value FROM json_each(?))"
        old = {row[0]: row for row in self.query(statement, (json.dumps([*new, *gone]),))}
        changed = sorted(id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_))
        published.note_rows(self, table.name, changed)
        self.write(f"DELETE FROM {table.name} WHERE id = ?", ((id_,) for id_ in changed if id_ not in new))
        self.write(table.insert(), (new[id_] for id_ in changed if id_ in new))
        fulltext.index(self, table.name, changed)
        self._add_up(table.name, [old[i] for i in changed if i in old], [new[i] for i in changed if i in new])
        return changed

    def fingerprint(self, kind: type[Paper | Concept]) -> str:
        """Hash of all papers or concepts, kept up to date with every change."""
        return self.get_meta(f"sum of {_table(kind).name}")

    def refuse_damage(self) -> None:
        """Raise StoreError where the file isn't whole, or where its papers or concepts aren't those that were
        written; takes time in proportion to its size.
        """
        super().refuse_damage()
        for table in (records.PAPERS, records.CONCEPTS):
            columns = ", ".join(f'"{column}"' for column in table.all_columns)
            total = sum(int(digest(*row), 16) for row in self.query(f"SELECT {columns} FROM {table.name}"))
            if total % (1 << 64) != int(self.fingerprint(table.type) or "0", 16):
                raise StoreError(f"{self.path}: its {table.name} are not as they were written: {ANEW}")

    def _add_up(self, table: str, gone: Iterable[Any], new: Iterable[Any]) -> None:
        """Add the hashes of new rows to a table's sum and take those of gone ones away."""
        key = f"sum of {table}"
        total = int(self.get_meta(key) or "0", 16)
        total += sum(int(digest(*row), 16) for row in new) - sum(int(digest(*row), 16) for row in gone)
        self.set_meta(key, f"{total % (1 << 64):016x}")

    def set_statements(self, papers: Collection[str], statements: Iterable[Statement]) -> None:
        """Make these the statements of some papers; inside a transaction of the caller's."""
        published.note_statements(self, papers)
        self.write("DELETE FROM statements WHERE paper_id = ?", ((id_,) for id_ in papers))
        self.insert(Statement, statements)

    def count(self, kind: type) -> int:
        """How many papers, mentions, claims, concepts, links, statements or issues there are."""
        return int(next(self.query(f"SELECT count(*) FROM {_table(kind).name}"))[0])

    def issues(self) -> Iterator[Issue]:
        return self._read(records.ISSUES)

    def set_issues(self, stage: str, issues: Iterable[Issue]) -> None:
        """Make these the issues of one stage; inside a transaction of the caller's."""
        self.write("DELETE FROM issues WHERE stage = ?", [(stage,)])
        self.insert(Issue, issues)

    # --- full text

    def search(self, words: str, limit: int = 20) -> list[tuple[str, str, str]]:
        """(kind, id, name) of the papers and concepts that hold all words; see `kg.fulltext.search`."""
        return fulltext.search(self, words, limit)

    # --- rows

    def _read(self, table: records.Table, where: str = "", values: tuple[Any, ...] = ()) -> Iterator[Any]:
        condition = f" WHERE {where}" if where else ""
        for row in self.query(f"{table.select()}{condition} ORDER BY {table.key}", values):
            try:
                record = table.decode(row)
            except (ValueError, TypeError) as error:
                raise StoreError(f"{self.path}: a damaged row among the {table.name}: {ANEW}") from error
            yield record

    def insert(self, kind: type, items: Iterable[Any]) -> None:
        """Add records, in place of those with their keys; inside a transaction of the caller's."""
        table = _table(kind)
        self.write(table.insert(), map(table.encode, items))

    @contextmanager
    def filling(self, kind: type) -> Iterator[None]:
        """Fill an empty table: its indices are made at the end, which is quicker than with each row; inside a
        transaction of the caller's.
        """
        table = _table(kind)
        for column in table.indices:
            self.execute(f"DROP INDEX IF EXISTS {table.name}_{column}")
        yield
        for statement in table.create_indices():
            self.execute(statement)


def _table(kind: type) -> records.Table:
    return next(table for table in records.TABLES if table.type is kind)


def _where(column: str, values: str | Collection[str] | None) -> tuple[str, tuple[Any, ...]]:
    """The condition that a column has a value or one of some; none for None."""
    if values is None:
        return "", ()
    if isinstance(values, str):
        return f"{column} = ?", (values,)
    return f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(sorted(values)),)
