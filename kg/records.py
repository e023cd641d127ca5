"""How the types stand in the store: one table a type, one column a field; tuples and mappings as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

from kg.types import Claim, Concept, Issue, Link, Mention, Paper, Statement
from kg.vocab import ROLES, ConceptType

IS_ROLE: Final = "predicate IN ('" + "', '".join(map(str, ROLES)) + "')"
"""The SQL condition that a statement is about its paper; an id alone doesn't tell, a concept may share it."""
ABOUT_CONCEPT: Final = f"object = ? OR (subject = ? AND NOT {IS_ROLE})"
"""The SQL condition that a statement is about a concept, whose id it takes twice."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table for a type: its columns are the type's fields, then `extra` ones that its records compute."""

    name: str
    type: type
    key: str
    extra: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return _columns(self.type)

    @property
    def all_columns(self) -> tuple[str, ...]:
        return self.columns + self.extra

    def create(self) -> str:
        """The statement that makes the table; names are quoted, for `end` is a word of SQL."""
        columns = ", ".join(f'"{column}"' for column in self.all_columns)
        tables = f'CREATE TABLE "{self.name}" ({columns}, PRIMARY KEY ({self.key})) WITHOUT ROWID;'
        return tables + ";".join(self.create_indices()) + ";"

    def create_indices(self) -> list[str]:
        """The statements that make its indices."""
        return [
            f'CREATE INDEX "{self.name}_{column}" ON "{self.name}" ("{column}")' for column in self.indices
        ]

    def insert(self) -> str:
        columns = ", ".join(f'"{column}"' for column in self.all_columns)
        marks = ", ".join("?" * len(self.all_columns))
        return f'INSERT OR REPLACE INTO "{self.name}" ({columns}) VALUES ({marks})'

    def select(self) -> str:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return f'SELECT {columns} FROM "{self.name}"'

    def encode(self, record: Any) -> tuple[Any, ...]:
        """A record as a row: what SQLite knows as it is, the rest as JSON or by its name."""
        return tuple([_plain(getattr(record, column)) for column in _columns(self.type) + self.extra])

    def decode(self, row: tuple[Any, ...]) -> Any:
        """The record that a row (of `columns`) holds, checked as if newly made."""
        readers = _READERS[self.type]
        return self.type(
            *(reader(value) if reader else value for reader, value in zip(readers, row, strict=True))
        )


# Made once: json.dumps makes one at each call
encode_json: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False).encode


_AS_THEY_ARE: Final = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, tuple):
        return encode_json(value) if value else "[]"
    return encode_json(dict(value)) if isinstance(value, Mapping) else str(value)


@cache
def _columns(type_: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(type_))


def _items(value: str) -> tuple[str, ...]:
    return tuple(json.loads(value))


def _readers(type_: type) -> tuple[Any, ...]:
    known = {"tuple[str, ...]": _items, "Mapping[str, Any]": json.loads, "ConceptType": ConceptType}
    return tuple(known.get(str(field.type)) for field in fields(type_))


_READERS: Final[dict[type, tuple[Any, ...]]] = {
    type_: _readers(type_) for type_ in (Paper, Mention, Claim, Concept, Link, Statement, Issue)
}

PAPERS: Final = Table("papers", Paper, "id", extra=("text_hash",))
MENTIONS: Final = Table("mentions", Mention, 'paper_id, start, "end"', extra=("id",))
CLAIMS: Final = Table("claims", Claim, "paper_id, id", extra=("id",))
CONCEPTS: Final = Table("concepts", Concept, "id")
LINKS: Final = Table("links", Link, "mention_id", indices=("concept_id", "name"))
STATEMENTS: Final = Table("statements", Statement, "id", indices=("subject", "object", "paper_id"))
ISSUES: Final = Table("issues", Issue, 'stage, paper_id, "where", message')
TABLES: Final = (PAPERS, MENTIONS, CLAIMS, CONCEPTS, LINKS, STATEMENTS, ISSUES)
